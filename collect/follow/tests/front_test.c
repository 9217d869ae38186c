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
#include <signal.h>
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

static char program[] = "/proc/self/exe", count_argument[] = "count", stop_argument[] = "stop";

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
	for (int i = 0; (pid = waitpid(stage.front, &status, WNOHANG)) == 0 && i < 500; i++)
		usleep(10000);
	kill(-stage.front, SIGKILL);
	assert_int_equal(pid, stage.front);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 7);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return strcmp(argv[1], stop_argument) ? count_signals() : stop_and_be_continued();

	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signal_to_group),
		cmocka_unit_test(test_signal_to_front),
		cmocka_unit_test(test_no_process_left),
		cmocka_unit_test(test_signal_without_command),
		cmocka_unit_test(test_continued_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
