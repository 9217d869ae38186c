// SPDX-License-Identifier: GPL-2.0
/* 32-bit callers. Each case runs compat32.c, which is installed as a program beside this one. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "suite.h"

static void compat_execute(void *argument)
{
	char path[PATH_MAX] = "";

	if (readlink("/proc/self/exe", path, sizeof(path) - 16) < 0)
		quit("cannot find the program");
	strcpy(strrchr(path, '/'), "/kcov_compat32");
	execl(path, path, argument, NULL);
	if (errno == ENOENT)
		skip("no 32-bit program was built");
	quit("cannot execute '%s': %s", path, errno_name(errno));
}

static void numbers(void)
{
	task_run(compat_execute, "numbers");
}

static void record(void)
{
	task_run(compat_execute, "record");
}

static void remote(void)
{
	task_run(compat_execute, "remote");
}

static void set(void)
{
	task_run(compat_execute, "set");
}

/* A line is a case. */
/* clang-format off */
const struct test_case compat_cases[] = { { "32 bits: INIT_TRACE has the number of 64 bits", BOTH, .run = numbers },
					  { "32 bits: a trace", BOTH, .run = record },
					  { "32 bits: REMOTE_ENABLE", BOTH, .run = remote },
					  { "32 bits: a set", OURS, .run = set },
					  {} };
/* clang-format on */
