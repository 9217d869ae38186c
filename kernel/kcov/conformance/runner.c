// SPDX-License-Identifier: GPL-2.0
/* Runs a case in a process of its own, with a time limit, and prints its result as TAP. */
#include "suite.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "script.h"

#define CASE_SECONDS 20
#define EXIT_SKIP    77

struct totals totals;

/* Prints what the case said, after its line. */
static void print_output(int fd, const char *prefix)
{
	char *line = NULL;
	size_t size = 0;
	FILE *file = fdopen(fd, "r");

	rewind(file);
	while (getline(&line, &size, file) > 0)
		printf("%s%s", prefix, line);
	free(line);
	fclose(file);
}

/* Returns the wait status; -1: the case did not end in time; -2: nor did it end when
 * it was killed. */
static int case_wait(pid_t pid)
{
	int status, pidfd = syscall(SYS_pidfd_open, pid, 0);
	struct pollfd event = { pidfd, POLLIN, 0 };
	bool late = poll(&event, 1, CASE_SECONDS * slowness() * 1000) != 1;

	kill(-pid, SIGKILL);
	if (late && poll(&event, 1, 5000) != 1) {
		close(pidfd);
		return -2;
	}
	waitpid(pid, &status, 0);
	close(pidfd);
	return late ? -1 : status;
}

double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static void case_verdict(const struct test_case *test, int status, int output)
{
	unsigned int number = totals.passed + totals.failed + totals.skipped + 1;

	if (status >= 0 && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SKIP) {
		totals.skipped++;
		printf("ok %u - %s", number, test->name);
		print_output(output, " # SKIP ");
		return;
	}
	bool good = status == 0;
	*(good ? &totals.passed : &totals.failed) += 1;
	printf("%s %u - %s\n", good ? "ok" : "not ok", number, test->name);
	print_output(output, "# ");
	if (status < 0)
		printf("# not ended after %u s%s\n", CASE_SECONDS * slowness(),
		       status == -2 ? ", and cannot be killed" : "");
	else if (WIFSIGNALED(status))
		printf("# ended by signal %d\n", WTERMSIG(status));
}

static void case_do(void *argument)
{
	const struct test_case *test = argument;

	if (test->run)
		test->run();
	else
		script_run(test->script);
}

void case_run(const struct test_case *test)
{
	int output = memfd_create("output", MFD_CLOEXEC);

	fflush(stdout);
	double start = seconds();
	pid_t pid = fork();
	if (pid == 0) {
		setpgid(0, 0);
		dup2(output, STDOUT_FILENO);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		task_run(case_do, (void *)test);
		_exit(0);
	}
	setpgid(pid, pid);
	case_verdict(test, case_wait(pid), output);
	/* Shows how long slow cases take, as these are the first to look at. */
	if (seconds() - start > 0.5)
		printf("# took %.1f s\n", seconds() - start);
	fflush(stdout);
}

int totals_print(void)
{
	printf("1..%u\n%u passed, %u failed, %u skipped\n",
	       totals.passed + totals.failed + totals.skipped, totals.passed, totals.failed,
	       totals.skipped);
	return totals.failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
