/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes pread() fail as on a disk that does, in a suite that is linked with -Wl,--wrap=pread64 (see
 * the Makefile).
 */
#ifndef BASE_TESTS_FAILING_READ_H
#define BASE_TESTS_FAILING_READ_H

#include <errno.h>
#include <sys/types.h>

static int read_fails_with; /* errno; 0 = it does not */
static off_t last_read_at;

ssize_t __real_pread64(int fd, void *buffer, size_t size, off_t offset);
ssize_t __wrap_pread64(int fd, void *buffer, size_t size, off_t offset);

ssize_t __wrap_pread64(int fd, void *buffer, size_t size, off_t offset)
{
	last_read_at = offset;
	if (!read_fails_with)
		return __real_pread64(fd, buffer, size, offset);
	errno = read_fails_with;
	return -1;
}

#endif
