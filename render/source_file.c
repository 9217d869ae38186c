// SPDX-License-Identifier: GPL-2.0-or-later
/* Counts the lines of a source file. */
#include "render/source_file.h"

#include <errno.h>
#include <fcntl.h>
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

static uint64_t count_newlines(const char *data, size_t size)
{
	const char *end = data + size;
	uint64_t nr = 0;

	while ((data = memchr(data, '\n', end - data))) {
		nr++;
		data++;
	}
	return nr;
}

struct error *source_file_length(const char *path, uint64_t *ret)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	char chunk[CHUNK];
	uint64_t lines = 0;
	char last = '\n';
	struct stat st;
	ssize_t n;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return error_create(ERROR_NOT_FOUND, "no source file '%s'", path);
	if (fd < 0 || fstat(fd, &st))
		return error_errno(errno, "cannot open source file '%s'", path);
	if (!S_ISREG(st.st_mode))
		return error_create(ERROR_FORMAT, "source '%s' is not a regular file", path);
	while ((n = read_full(fd, chunk, sizeof(chunk))) > 0) {
		lines += count_newlines(chunk, n);
		last = chunk[n - 1];
	}
	if (n < 0)
		return error_errno(errno, "cannot read source file '%s'", path);
	*ret = lines + (last != '\n');
	return NULL;
}
