// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * gather: writes the counters of the running kernel's gcov to standard output.
 *
 * For each object it writes "PATH SIZE\n" and SIZE bytes of its .gcda file; SIZE is 0 if nothing
 * was counted. The files in debugfs report size 0, so tar and cp do not read them, and there are
 * many. With one process that copies only what was executed, an emulated machine needs seconds
 * instead of minutes.
 */
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	HEADER_WORDS = 4,	    /* magic, version, stamp, checksum: gcc 12 and later */
	CLANG_HEADER_WORDS = 3,	    /* no checksum */
	CLANG_VERSION = 0x3430382a, /* "*804": the version of gcc 4.8, bytes reversed */
	TAG_FUNCTION = 0x01000000,
};

static unsigned char *data;
static size_t room;

static size_t read_all(const char *path)
{
	size_t size = 0;
	ssize_t got;
	int fd = open(path, O_RDONLY);

	if (fd < 0)
		err(1, "cannot open '%s'", path);
	for (;;) {
		if (room - size < 65536 && !(data = realloc(data, room = 2 * room + 131072)))
			err(1, "cannot read '%s'", path);
		got = read(fd, data + size, room - size);
		if (got < 0)
			err(1, "cannot read '%s'", path);
		if (got == 0)
			break;
		size += got;
	}
	close(fd);
	return size;
}

/*
 * A record is tag, length, data. All but those that name a function are counters. gcc gives the
 * length in bytes, clang in words.
 */
static bool counted(size_t size)
{
	const uint32_t *word = (const uint32_t *)data;
	bool is_clang = size >= 8 && word[1] == CLANG_VERSION;
	size_t words = size / 4, at = is_clang ? CLANG_HEADER_WORDS : HEADER_WORDS;

	while (at + 2 <= words) {
		uint32_t tag = word[at], length = word[at + 1] / (is_clang ? 1 : 4);

		at += 2;
		if (length > words - at)
			errx(1, "cannot read gcov data: is the kernel built with gcc 12 or later, "
				"or clang?");
		for (uint32_t i = 0; tag != TAG_FUNCTION && i < length; i++)
			if (word[at + i])
				return true;
		at += length;
	}
	return false;
}

static void gather(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	char *path;

	if (!dir)
		err(1, "cannot open '%s'", folder);
	while ((entry = readdir(dir))) {
		size_t length = strlen(entry->d_name), size;

		if (entry->d_name[0] == '.' && entry->d_type == DT_DIR && length < 3)
			continue;
		if (asprintf(&path, "%s/%s", folder, entry->d_name) < 0)
			err(1, "cannot read '%s'", folder);
		if (entry->d_type == DT_DIR) {
			gather(path);
		} else if (length > 5 && strcmp(entry->d_name + length - 5, ".gcda") == 0) {
			size = read_all(path);
			if (!counted(size))
				size = 0;
			printf("%s %zu\n", path, size);
			fwrite(data, 1, size, stdout);
		}
		free(path);
	}
	closedir(dir);
}

int main(int argc, char **argv)
{
	if (argc != 2)
		errx(2, "usage: gather /sys/kernel/debug/gcov");
	gather(argv[1]);
	if (fflush(stdout) || ferror(stdout))
		err(1, "cannot write");
	return 0;
}
