// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads /proc/self/maps without stdio and without memory of the heap. */
#include "base/mapping.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

struct reader {
	int fd;
	size_t at, len;
	char bytes[1024];
};

/* -1: the end. */
static int next(struct reader *r)
{
	if (r->at == r->len) {
		ssize_t n = read(r->fd, r->bytes, sizeof(r->bytes));

		r->at = 0;
		r->len = n > 0 ? n : 0;
		if (!r->len)
			return -1;
	}
	return (unsigned char)r->bytes[r->at++];
}

static uintptr_t next_number(struct reader *r)
{
	uintptr_t number = 0;

	for (int c; (c = next(r)) >= 0;) {
		if (c >= '0' && c <= '9')
			number = number << 4 | (c - '0');
		else if (c >= 'a' && c <= 'f')
			number = number << 4 | (c - 'a' + 10);
		else
			break;
	}
	return number;
}

/* The permissions have letters that are digits, too, and a '-'. */
static void skip_field(struct reader *r)
{
	int c;

	do
		c = next(r);
	while (c >= 0 && c != ' ' && c != '\n');
}

/* Skip the fields before the path. Returns its first character, or what ends a line without one. */
static int skip_to_path(struct reader *r)
{
	int before = ' ', c;

	for (; (c = next(r)) >= 0 && c != '\n'; before = c)
		if (c == '/' && before == ' ')
			break;
	return c;
}

/*
 * The signal is the same if the file was truncated, and if the disk failed. The size does not tell
 * them apart if a linker has written the file again since.
 */
static int read_error(const char *path, uint64_t offset)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC), errnum = 0;
	struct stat st;
	char byte;

	if (fd < 0)
		return 0;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode) && pread(fd, &byte, 1, offset) < 0)
		errnum = errno;
	close(fd);
	return errnum;
}

/* A line is "7f6ea000-7f6eb000 r--p 00000000 fe:01 5678      /path". */
bool mapping_path(const void *address, char *ret, size_t size, int *ret_errno)
{
	struct reader r = { .fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC) };
	bool found = false;
	uint64_t offset = 0;
	size_t len = 0;

	for (int c = 0; c >= 0 && !found;) {
		uintptr_t start = next_number(&r), end = next_number(&r);

		found = (uintptr_t)address >= start && (uintptr_t)address < end;
		if (found) {
			skip_field(&r);
			offset = next_number(&r) + ((uintptr_t)address - start);
		}
		for (c = skip_to_path(&r); c >= 0 && c != '\n'; c = next(&r))
			if (found && len + 1 < size)
				ret[len++] = c;
	}
	ret[len] = '\0';
	close(r.fd);
	if (ret_errno)
		*ret_errno = len ? read_error(ret, offset) : 0;
	return len;
}
