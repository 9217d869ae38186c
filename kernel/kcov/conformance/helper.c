// SPDX-License-Identifier: GPL-2.0
/* What the program does when a case executes it. The case made the descriptor and the coverage
 * before. */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "device.h"
#include "suite.h"

/* Calls getpid this many times. */
static int helper_getpid(const char *times)
{
	call_getpid(atoi(times));
	return 0;
}

/* Coverage is still enabled through descriptor FD. */
static int helper_disable(const char *fd)
{
	return kcov_call(atoi(fd), KCOV_DISABLE, 0);
}

int helper_main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[0], "getpid"))
		return helper_getpid(argv[1]);
	if (argc == 2 && !strcmp(argv[0], "disable"))
		return helper_disable(argv[1]);
	return EXIT_FAILURE;
}

void helper_exec(const char *what, const char *argument)
{
	execl("/proc/self/exe", "kcov_conformance", "--helper", what, argument, NULL);
	quit("cannot execute the helper");
}
