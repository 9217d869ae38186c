// SPDX-License-Identifier: GPL-2.0-or-later
/* Attaching to a task that lives, and to one that is killed in between. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "collect/follow/attach.h"

#define OPTIONS (PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL)

static pid_t victim; /* killed when a message is sent to it; 0 = nobody is */

/* In place of libc's: attach_kcov() has taken the task's socket, and sends our fd through it. */
ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	siginfo_t info;

	if (victim) {
		assert_int_equal(kill(victim, SIGKILL), 0);
		assert_int_equal(waitid(P_PID, victim, &info, WEXITED | WNOWAIT), 0);
	}
	return syscall(SYS_sendmsg, fd, message, flags);
}

/* A task that is stopped right after execve(). */
static pid_t start(void)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		execl("/bin/true", "true", NULL);
		_exit(1);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSTOPPED(status));
	assert_int_equal(ptrace(PTRACE_SETOPTIONS, pid, 0, OPTIONS), 0);
	return pid;
}

static void finish(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
}

/* The fd arrives in the task: the kernel says of /dev/null that it is no kcov. */
static void test_alive(void **state)
{
	_cleanup_close_ int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	pid_t pid = start();

	(void)state;
	_cleanup_error_ struct error *err = attach_kcov(pid, pid, OPTIONS, true, fd);
	assert_non_null(err);
	assert_int_equal(err->code, ERROR_SYSTEM);
	assert_int_equal(err->errnum, ENOTTY);
	finish(pid);
}

/* Its death is what went wrong, whatever the call says that failed because of it. */
static void test_killed(void **state)
{
	_cleanup_close_ int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	pid_t pid = start();

	(void)state;
	victim = pid;
	_cleanup_error_ struct error *err = attach_kcov(pid, pid, OPTIONS, true, fd);
	victim = 0;
	assert_non_null(err);
	if (err->code != ERROR_NOT_FOUND)
		fail_msg("%s", err->message);
	finish(pid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alive),
		cmocka_unit_test(test_killed),
	};

	return cmocka_run_group_tests_name("attach", tests, NULL, NULL);
}
