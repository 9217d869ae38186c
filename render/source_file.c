// SPDX-License-Identifier: GPL-2.0-or-later
/* Counts the lines of a source file, and tells whether and when it was changed. */
#include "render/source_file.h"

#include <errno.h>
#include <md5.h>
#include <string.h>
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

/*
 * Read not more than the file had when it was opened, as file_read_regular(). md5 gets all bytes;
 * NULL = none is needed.
 */
static ssize_t count_lines(int fd, uint64_t size, MD5_CTX *md5, uint64_t *ret)
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
		if (md5)
			MD5Update(md5, (const uint8_t *)chunk, n);
		last = chunk[n - 1];
	}
	*ret = lines + (last != '\n');
	return n;
}

static bool is_other(MD5_CTX *ctx, const struct source_md5 *md5)
{
	uint8_t digest[SOURCE_MD5_SIZE];

	_Static_assert(sizeof(digest) == MD5_DIGEST_LENGTH, "one size of MD5");
	MD5Final(digest, ctx);
	return memcmp(digest, md5->bytes, sizeof(digest));
}

struct error *source_file_read(const char *path, const struct source_md5 *md5,
			       struct source_facts *ret)
{
	bool is_one = md5->state == SOURCE_MD5_ONE, is_several = md5->state == SOURCE_MD5_SEVERAL;
	MD5_CTX ctx;
	_cleanup_close_ int fd = -1;
	uint64_t lines;
	struct stat st;
	struct error *err = file_open_regular(path, &fd, &st);

	if (err)
		return error_context(err, "source file");
	MD5Init(&ctx);
	if (count_lines(fd, st.st_size, is_one ? &ctx : NULL, &lines) < 0)
		return error_errno(errno, "cannot read source file '%s'", path);
	*ret = (struct source_facts){ lines, st.st_size, st.st_mtim, is_one || is_several,
				      is_several || (is_one && is_other(&ctx, md5)) };
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
