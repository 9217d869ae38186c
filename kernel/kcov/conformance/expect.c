// SPDX-License-Identifier: GPL-2.0
/* What cases may say, and the tasks that they are made of. */
#include "suite.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define EXIT_SKIP    77
#define WAIT_SECONDS 10

static bool has_failed;

unsigned int slowness(void)
{
	const char *text = getenv("KCOV_SLOWNESS");
	unsigned int times = text ? strtoul(text, NULL, 10) : 1;

	return times ? times : 1;
}

/* One write per message: threads and processes of a case write to the same file. */
static void say(const char *format, va_list arguments)
{
	char line[512];
	int length = vsnprintf(line, sizeof(line) - 1, format, arguments);

	if (length > (int)sizeof(line) - 2)
		length = sizeof(line) - 2;
	line[length++] = '\n';
	if (write(STDOUT_FILENO, line, length) != length)
		_exit(EXIT_FAILURE);
}

void fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(format, arguments);
	va_end(arguments);
	has_failed = true;
}

void quit(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(format, arguments);
	va_end(arguments);
	_exit(EXIT_FAILURE);
}

void skip(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(format, arguments);
	va_end(arguments);
	_exit(EXIT_SKIP);
}

const char *errno_name(int error)
{
	static _Thread_local char number[16];
	const char *name = error ? strerrorname_np(error) : "0";

	if (name)
		return name;
	snprintf(number, sizeof(number), "%d", error);
	return number;
}

bool expect_errno(int actual, int expected, const char *what)
{
	if (actual == expected)
		return true;
	fail("%s: expected %s", what, errno_name(expected));
	fail("%s: actual %s", what, errno_name(actual));
	return false;
}

bool expect_equal(uint64_t actual, uint64_t expected, const char *what)
{
	return expect_between(actual, expected, expected, what);
}

bool expect_between(uint64_t actual, uint64_t low, uint64_t high, const char *what)
{
	if (actual >= low && actual <= high)
		return true;
	if (low == high)
		fail("%s: expected %" PRIu64 ", actual %" PRIu64, what, low, actual);
	else
		fail("%s: expected %" PRIu64 " to %" PRIu64 ", actual %" PRIu64, what, low, high,
		     actual);
	return false;
}

bool expect_true(bool condition, const char *what)
{
	if (!condition)
		fail("not so: %s", what);
	return condition;
}

pid_t task_start(void (*run)(void *), void *argument)
{
	pid_t pid = fork();

	if (pid < 0)
		quit("cannot fork: %s", errno_name(errno));
	if (pid == 0) {
		has_failed = false;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		run(argument);
		_exit(has_failed ? EXIT_FAILURE : EXIT_SUCCESS);
	}
	return pid;
}

void task_wait(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		quit("cannot wait for a task: %s", errno_name(errno));
	if (WIFSIGNALED(status))
		quit("a task was ended by signal %d", WTERMSIG(status));
	if (WEXITSTATUS(status))
		_exit(WEXITSTATUS(status));
}

void task_run(void (*run)(void *), void *argument)
{
	task_wait(task_start(run, argument));
}

bool wait_until(bool (*condition)(void *), void *argument)
{
	struct timespec pause = { 0, 1000000 };

	double end = seconds() + WAIT_SECONDS * slowness();

	while (seconds() < end) {
		if (condition(argument))
			return true;
		nanosleep(&pause, NULL);
	}
	return false;
}

void gate_init(struct gate *gate)
{
	if (pipe(gate->fds))
		quit("cannot make a pipe: %s", errno_name(errno));
}

void gate_open(struct gate *gate)
{
	if (write(gate->fds[1], "", 1) != 1)
		quit("cannot write to a pipe: %s", errno_name(errno));
}

void gate_wait(struct gate *gate)
{
	char byte;

	if (read(gate->fds[0], &byte, 1) != 1)
		quit("the task that was waited for has ended");
}
