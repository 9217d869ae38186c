// SPDX-License-Identifier: GPL-2.0-or-later
/* Counts the lines of a source file, and tells when it was changed. */
#include "render/source_file.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"

/*
 * The file is read, not mapped: if an editor truncated it meanwhile, a mapping
 * would raise SIGBUS.
 */
#define CHUNK 65536

/* Bytes at a time: as many as one byte can count, so that compilers add many of them at once. */
#define COUNTED 128

static uint64_t count_newlines(const char *data, size_t size)
{
	uint64_t nr = 0;

	for (; size >= COUNTED; data += COUNTED, size -= COUNTED) {
		uint8_t some = 0;

		for (size_t i = 0; i < COUNTED; i++)
			some += data[i] == '\n';
		nr += some;
	}
	for (; size; data++, size--)
		nr += *data == '\n';
	return nr;
}

/* Not more than the file had when it was opened, as file_read_regular(). */
static ssize_t count_lines(int fd, uint64_t size, uint64_t *ret)
{
	char chunk[CHUNK];
	uint64_t lines = 0;
	char last = '\n';
	ssize_t n = 0;

	for (; size; size -= n) {
		n = read_full(fd, chunk, size < sizeof(chunk) ? size : sizeof(chunk));
		if (n <= 0)
			break;
		lines += count_newlines(chunk, n);
		last = chunk[n - 1];
	}
	*ret = lines + (last != '\n');
	return n;
}

struct error *source_file_read(const char *path, struct source_file *ret)
{
	_cleanup_close_ int fd = -1;
	uint64_t lines;
	struct stat st;
	struct error *err = file_open_regular(path, &fd, &st);

	if (err)
		return error_context(err, "source file");
	if (count_lines(fd, st.st_size, &lines) < 0)
		return error_errno(errno, "cannot read source file '%s'", path);
	*ret = (struct source_file){ lines, st.st_mtim };
	return NULL;
}

bool source_file_image_time(const char *path, struct timespec *ret)
{
	struct stat st;

	if (stat(path, &st))
		return false;
	*ret = st.st_mtim;
	return true;
}
