// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The front when nothing traces the command: a signal to the process group
 * must reach the command once, and so must a signal that is meant for the
 * front.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "collect/collect.h"
#include "collect/follow/front.h"

/* Much longer than the front takes to decide. */
#define SETTLE_SECONDS 1
#define STOP_US	       300000

/* A real-time signal: two of them are never merged into one. */
#define COUNTED (SIGRTMIN + 1)

static bool hides_command; /* /proc does, from the front and its waker */

/* In place of libc's. */
int open(const char *path, int flags, ...)
{
	va_list ap;
	int pid;

	va_start(ap, flags);
	mode_t mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	if (hides_command && sscanf(path, "/proc/%d/", &pid) == 1 && pid != getppid()) {
		errno = ENOENT;
		return -1;
	}
	return openat(AT_FDCWD, path, flags, mode);
}

/* The command, in a program of its own: "r", then "u" for each signal; ends on SIGTERM. */
static int count_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, COUNTED);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	for (char c = 'r';; c = 'u') {
		if (write(STDOUT_FILENO, &c, 1) != 1)
			return 1;
		if (sigwaitinfo(&set, NULL) == SIGTERM)
			return 7;
	}
}

/* The command stops itself, and a child of it continues it alone: not its group. */
static int stop_and_be_continued(void)
{
	pid_t self = getpid();

	if (fork() == 0) {
		usleep(STOP_US);
		kill(self, SIGCONT);
		_exit(0);
	}
	raise(SIGSTOP);
	wait(NULL);
	return 7;
}

static int stop_and_be_killed(void)
{
	pid_t self = getpid();

	if (fork() == 0) {
		usleep(STOP_US);
		kill(self, SIGKILL);
		_exit(0);
	}
	raise(SIGSTOP);
	return 1;
}

static char program[] = "/proc/self/exe", count_argument[] = "count", stop_argument[] = "stop",
	    kill_argument[] = "kill";

struct stage {
	pid_t front;
	int output;
};

static void start_program(struct stage *stage, char *argument)
{
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	stage->front = fork();
	assert_true(stage->front >= 0);
	if (stage->front == 0) {
		char *const argv[] = { program, argument, NULL };
		int status;

		setpgid(0, 0);
		dup2(fds[1], STDOUT_FILENO);
		close(fds[0]);
		close(fds[1]);
		struct error *err = collect_run_plain(argv, &status);
		error_destroy(err);
		_exit(err || !WIFEXITED(status) ? 99 : WEXITSTATUS(status));
	}
	close(fds[1]);
	stage->output = fds[0];
}

static void start(struct stage *stage)
{
	char c;

	start_program(stage, count_argument);
	assert_int_equal(read(stage->output, &c, 1), 1);
	assert_int_equal(c, 'r');
}

/* How often the command got the signal. */
static size_t finish(struct stage *stage)
{
	size_t n = 0;
	int status;
	char c;

	sleep(SETTLE_SECONDS);
	kill(stage->front, SIGTERM);
	while (read(stage->output, &c, 1) == 1) {
		assert_int_equal(c, 'u');
		n++;
	}
	close(stage->output);
	assert_int_equal(waitpid(stage->front, &status, 0), stage->front);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 7);
	return n;
}

static void test_signal_to_group(void **state)
{
	struct stage stage;

	(void)state;
	start(&stage);
	kill(-stage.front, COUNTED);
	assert_int_equal(finish(&stage), 1);
}

static void test_signal_to_front(void **state)
{
	struct stage stage;

	(void)state;
	start(&stage);
	kill(stage.front, COUNTED);
	assert_int_equal(finish(&stage), 1);
}

static void test_no_process_left(void **state)
{
	struct stage stage;

	(void)state;
	start(&stage);
	assert_int_equal(finish(&stage), 0);
	/* The group is empty. */
	assert_int_equal(kill(-stage.front, 0), -1);
}

/* A front that waits for a supervisor only. Does a hangup make it end the supervisor? */
static bool hangup_ends(void (*action)(int))
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		struct front front = { .status_fd = -1 };
		pid_t self = getpid();

		signal(SIGHUP, action);
		front_block_signals(&front);
		front.supervisor = fork();
		if (front.supervisor == 0) {
			front_restore_signals(&front);
			kill(self, SIGHUP);
			sleep(SETTLE_SECONDS);
			_exit(0);
		}
		front_wait(&front);
		_exit(WIFSIGNALED(front.supervisor_status));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void test_signal_without_command(void **state)
{
	(void)state;
	assert_true(hangup_ends(SIG_DFL));
	/* As below nohup. */
	assert_false(hangup_ends(SIG_IGN));
}

static pid_t wait_some_seconds(pid_t front, int *ret_status)
{
	pid_t pid;

	for (int i = 0; (pid = waitpid(front, ret_status, WNOHANG)) == 0 && i < 500; i++)
		usleep(10000);
	return pid;
}

static void test_continued_alone(void **state)
{
	struct stage stage;
	int status;
	pid_t pid;

	(void)state;
	start_program(&stage, stop_argument);
	close(stage.output);
	/* We see it stop and continue, as we would see the command. */
	assert_int_equal(waitpid(stage.front, &status, WUNTRACED), stage.front);
	assert_true(WIFSTOPPED(status));
	pid = wait_some_seconds(stage.front, &status);
	kill(-stage.front, SIGKILL);
	assert_int_equal(pid, stage.front);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 7);
}

static void start_hidden(struct stage *stage, char *argument)
{
	int status;

	hides_command = true;
	start_program(stage, argument);
	hides_command = false;
	close(stage->output);
	assert_int_equal(waitpid(stage->front, &status, WUNTRACED), stage->front);
	assert_true(WIFSTOPPED(status));
}

/* It stays stopped: the shell would take a job for running that is not. */
static void test_stopped_and_hidden(void **state)
{
	struct stage stage;
	int status;

	(void)state;
	start_hidden(&stage, stop_argument);
	usleep(STOP_US / 3);
	pid_t continued = waitpid(stage.front, &status, WCONTINUED | WNOHANG);
	kill(-stage.front, SIGCONT);
	assert_int_equal(continued, 0);
	assert_int_equal(wait_some_seconds(stage.front, &status), stage.front);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 7);
}

static void test_killed_and_hidden(void **state)
{
	struct stage stage;
	int status;

	(void)state;
	start_hidden(&stage, kill_argument);
	pid_t pid = wait_some_seconds(stage.front, &status);
	kill(-stage.front, SIGKILL);
	assert_int_equal(pid, stage.front);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 99);
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], stop_argument))
		return stop_and_be_continued();
	if (argc > 1)
		return strcmp(argv[1], kill_argument) ? count_signals() : stop_and_be_killed();

	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signal_to_group),
		cmocka_unit_test(test_signal_to_front),
		cmocka_unit_test(test_no_process_left),
		cmocka_unit_test(test_signal_without_command),
		cmocka_unit_test(test_continued_alone),
		cmocka_unit_test(test_stopped_and_hidden),
		cmocka_unit_test(test_killed_and_hidden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
