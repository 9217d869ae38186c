// SPDX-License-Identifier: GPL-2.0-or-later
/* The test that pidfd-o-path.patch lacks: pidfd_getfd() of a descriptor opened with O_PATH must fail with EBADF. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	int fd = open("/", O_PATH);
	int pidfd = syscall(SYS_pidfd_open, getpid(), 0);

	if (fd < 0 || pidfd < 0) {
		perror("o_path");
		return 1;
	}
	errno = 0;
	if (syscall(SYS_pidfd_getfd, pidfd, fd, 0) >= 0 || errno != EBADF) {
		printf("not ok 1 - pidfd_getfd gives a descriptor opened with O_PATH: %d\n", errno);
		return 1;
	}
	printf("ok 1 - pidfd_getfd refuses a descriptor opened with O_PATH\n");
	return 0;
}
