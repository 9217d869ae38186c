// SPDX-License-Identifier: GPL-2.0-or-later
/* Attaching to a task that lives, and to one that is killed in between. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/tests/assert.h"
#include "collect/follow/attach.h"
#include "collect/follow/inject.h"

#ifndef PTRACE_O_SUSPEND_SECCOMP
#define PTRACE_O_SUSPEND_SECCOMP (1 << 21)
#endif
#define OPTIONS (PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL)

static pid_t victim; /* killed when a message is sent to it; 0 = nobody is */

static bool keeps_ours; /* PTRACE_SETREGS cannot restore the first registers that were read */

static bool keeps_filters; /* an ordinary user cannot suspend seccomp filters */

static bool is_old;  /* pidfd_open() is that of a kernel before 6.9 */
static bool no_proc; /* /proc is that of another PID namespace */

/* In place of libc's. */
int stat(const char *path, struct stat *st)
{
	if (no_proc && !strncmp(path, "/proc/", strlen("/proc/"))) {
		errno = ENOENT;
		return -1;
	}
	return fstatat(AT_FDCWD, path, st, 0);
}

/* In place of libc's. */
long syscall(long number, ...)
{
	long args[6], result;
	va_list ap;

	va_start(ap, number);
	for (int i = 0; i < 6; i++)
		args[i] = va_arg(ap, long);
	va_end(ap);
	if (is_old && number == SYS_pidfd_open && args[1] & O_EXCL) {
		errno = EINVAL;
		return -1;
	}
	register long r10 __asm__("r10") = args[3];
	register long r8 __asm__("r8") = args[4];
	register long r9 __asm__("r9") = args[5];
	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(args[0]), "S"(args[1]), "d"(args[2]), "r"(r10), "r"(r8),
			   "r"(r9)
			 : "rcx", "r11", "memory");
	if (result >= 0 || result < -4095)
		return result;
	errno = -result;
	return -1;
}

/* In place of libc's. */
int open(const char *path, int flags, ...)
{
	va_list ap;

	va_start(ap, flags);
	mode_t mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	if (no_proc && !strncmp(path, "/proc/", strlen("/proc/"))) {
		errno = ENOENT;
		return -1;
	}
	return openat(AT_FDCWD, path, flags, mode);
}

/* In place of libc's. */
long ptrace(enum __ptrace_request request, ...)
{
	static struct user_regs_struct first;
	static bool is_read;
	va_list ap;

	va_start(ap, request);
	pid_t pid = va_arg(ap, pid_t);
	void *address = va_arg(ap, void *), *data = va_arg(ap, void *);
	va_end(ap);
	if (keeps_ours && is_read && request == PTRACE_SETREGS &&
	    !memcmp(data, &first, sizeof(first))) {
		errno = EIO;
		return -1;
	}
	if (keeps_filters && request == PTRACE_SETOPTIONS &&
	    (uintptr_t)data & PTRACE_O_SUSPEND_SECCOMP) {
		errno = EPERM;
		return -1;
	}
	/* libc returns the word, the kernel stores it. */
	long word, result = syscall(SYS_ptrace, request, pid, address,
				    request == PTRACE_PEEKDATA ? &word : data);
	if (keeps_ours && !is_read && request == PTRACE_GETREGS) {
		memcpy(&first, data, sizeof(first));
		is_read = true;
	}
	if (request == PTRACE_PEEKDATA && !result) {
		errno = 0;
		return word;
	}
	return result;
}

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

/* Before Linux 6.9 too, and if /proc does not tell the files of the task. */
static void test_alive_before_6_9(void **state)
{
	is_old = no_proc = true;
	test_alive(state);
	is_old = no_proc = false;
}

/* Nor if it hides whether the task has a filter: then the task goes on without coverage. */
static void test_hidden(void **state)
{
	_cleanup_close_ int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	pid_t pid = start();

	(void)state;
	keeps_filters = no_proc = true;
	assert_error(attach_kcov(pid, pid, OPTIONS, true, fd), ERROR_UNSUPPORTED,
		     "it may have a seccomp filter, but /proc hides it");
	no_proc = false;
	finish(pid);
	pid = start();
	assert_error(attach_kcov(pid, pid, OPTIONS, true, fd), ERROR_SYSTEM, "ioctl");
	keeps_filters = false;
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

/* It cannot go on with our registers, and is not left to do so. */
static void test_not_restored(void **state)
{
	_cleanup_close_ int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	pid_t pid = start(), ended;
	int status;

	(void)state;
	keeps_ours = true;
	assert_error(attach_kcov(pid, pid, OPTIONS, true, fd), ERROR_SYSTEM,
		     "kcovreport had to kill it: cannot restore registers of task");
	keeps_ours = false;
	for (int i = 0; !(ended = waitpid(pid, &status, WNOHANG)) && i < 500; i++)
		usleep(10000);
	assert_int_equal(ended, pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static _Noreturn void stop_with_null_selector(void)
{
	sigset_t blocked;
	long result;

	ptrace(PTRACE_TRACEME, 0, 0, 0);
	/* A return from an interrupt makes 0 of it. */
	__asm__ volatile("mov %k3, %%ds\n\tsyscall"
			 : "=a"(result)
			 : "a"(SYS_kill), "D"(getpid()), "r"(1), "S"(SIGSTOP)
			 : "rcx", "r11", "memory");
	sigprocmask(SIG_BLOCK, NULL, &blocked);
	_exit(result || sigismember(&blocked, SIGTERM));
}

static pid_t start_with_null_selector(void)
{
	struct user_regs_struct regs;
	int status;

	for (int i = 0; i < 100; i++) {
		pid_t pid = fork();

		if (pid == 0)
			stop_with_null_selector();
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSTOPPED(status));
		assert_int_equal(ptrace(PTRACE_SETOPTIONS, pid, 0, OPTIONS), 0);
		assert_int_equal(ptrace(PTRACE_GETREGS, pid, 0, &regs), 0);
		if (regs.ds == 1)
			return pid;
		finish(pid);
	}
	return 0;
}

/* A register that cannot be set keeps its value. Everything else is restored. */
static void test_null_selector(void **state)
{
	_cleanup_close_ int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	pid_t pid = start_with_null_selector();
	int status;

	(void)state;
	if (!pid)
		skip();
	struct error *err = attach_kcov(pid, pid, OPTIONS, false, fd);
	ptrace(PTRACE_CONT, pid, 0, 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_error(err, ERROR_SYSTEM, "cannot set registers of task");
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static int wait_here(void *arg)
{
	while (!arg)
		pause();
	return 0;
}

/* Makes a thread with files of its own, then sockets. Its status says whether they got a message.
 */
static void __attribute__((noreturn)) make_thread(int ready, int go)
{
	char *stack = malloc(65536), byte = 0;
	int sockets[2];

	ptrace(PTRACE_TRACEME, 0, 0, 0);
	raise(SIGSTOP);
	if (!stack ||
	    clone(wait_here, stack + 65536,
		  CLONE_VM | CLONE_FS | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM, NULL) < 0)
		_exit(3);
	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, sockets) || write(ready, &byte, 1) != 1 ||
	    read(go, &byte, 1) != 1)
		_exit(2);
	for (int i = 0; i < 2; i++)
		if (recv(sockets[i], &byte, 1, MSG_DONTWAIT) >= 0)
			_exit(1);
	_exit(0);
}

/* Before Linux 6.9 our copy of an fd may be that of another file of its process. */
static void test_files_of_its_own(void **state)
{
	_cleanup_close_ int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	unsigned long thread;
	int status, ready[2], go[2];
	char byte = 0;

	(void)state;
	assert_int_equal(pipe(ready) | pipe(go), 0);
	pid_t pid = fork();
	if (pid == 0)
		make_thread(ready[1], go[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(ptrace(PTRACE_SETOPTIONS, pid, 0, OPTIONS | PTRACE_O_TRACECLONE), 0);
	assert_int_equal(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status >> 8, SIGTRAP | PTRACE_EVENT_CLONE << 8);
	assert_int_equal(ptrace(PTRACE_GETEVENTMSG, pid, 0, &thread), 0);
	assert_int_equal(waitpid(thread, &status, __WALL), thread);
	assert_int_equal(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	assert_int_equal(read(ready[0], &byte, 1), 1);

	is_old = true;
	_cleanup_error_ struct error *err = attach_kcov(thread, pid, OPTIONS, false, fd);
	is_old = false;
	assert_int_equal(write(go[1], &byte, 1), 1);
	ptrace(PTRACE_CONT, thread, 0, 0);
	do
		assert_true(waitpid(-1, &status, __WALL) > 0);
	while (!WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_non_null(err);
	assert_int_equal(err->code, ERROR_UNSUPPORTED);
	while (waitpid(-1, NULL, __WALL) > 0)
		;
	for (int i = 0; i < 2; i++) {
		close(ready[i]);
		close(go[i]);
	}
}

static void __attribute__((noreturn)) leave_thread(void)
{
	char *stack = malloc(65536);

	ptrace(PTRACE_TRACEME, 0, 0, 0);
	raise(SIGSTOP);
	if (stack)
		clone(wait_here, stack + 65536,
		      CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
			      CLONE_SYSVSEM,
		      NULL);
	syscall(SYS_exit, 0);
	__builtin_unreachable();
}

static bool is_zombie(pid_t pid)
{
	_cleanup_free_ char *status = NULL;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	_cleanup_error_ struct error *err = file_read(path, 1 << 20, &status, NULL);
	return !err && strstr(status, "State:\tZ");
}

/* Before Linux 6.9 its thread, which lives on, has no pidfd. That is not a thread that was killed.
 */
static void test_leader_ended(void **state)
{
	_cleanup_close_ int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	unsigned long thread;
	int status;

	(void)state;
	pid_t pid = fork();
	if (pid == 0)
		leave_thread();
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(ptrace(PTRACE_SETOPTIONS, pid, 0, OPTIONS | PTRACE_O_TRACECLONE), 0);
	assert_int_equal(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(ptrace(PTRACE_GETEVENTMSG, pid, 0, &thread), 0);
	assert_int_equal(waitpid(thread, &status, __WALL), thread);
	assert_int_equal(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	while (!is_zombie(pid))
		usleep(1000);

	is_old = true;
	struct error *err = attach_kcov(thread, pid, OPTIONS, false, fd);
	is_old = false;
	kill(pid, SIGKILL);
	while (waitpid(-1, NULL, __WALL) > 0)
		;
	assert_error(err, ERROR_UNSUPPORTED, "the first thread of its process has ended");
}

/* --- a tracer that is killed --- */

static _Noreturn void begin_and_die(pid_t task)
{
	struct inject inject;

	if (ptrace(PTRACE_SEIZE, task, 0, PTRACE_O_TRACESYSGOOD) ||
	    ptrace(PTRACE_INTERRUPT, task, 0, 0) || waitpid(task, NULL, 0) != task ||
	    inject_begin(&inject, task, PTRACE_O_TRACESYSGOOD, true))
		_exit(1);
	raise(SIGKILL);
	_exit(1);
}

/* The task must not go on with what was injected. */
static void test_tracer_killed(void **state)
{
	pid_t task = fork(), ended;
	int status;

	(void)state;
	if (task == 0)
		for (;;)
			pause();
	pid_t tracer = fork();
	if (tracer == 0)
		begin_and_die(task);
	assert_int_equal(waitpid(tracer, &status, 0), tracer);
	assert_true(WIFSIGNALED(status));
	for (int i = 0; !(ended = waitpid(task, &status, WNOHANG)) && i < 500; i++)
		usleep(10000);
	kill(task, SIGKILL);
	assert_int_equal(ended, task);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGKILL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tracer_killed),	 cmocka_unit_test(test_alive),
		cmocka_unit_test(test_alive_before_6_9), cmocka_unit_test(test_killed),
		cmocka_unit_test(test_hidden),		 cmocka_unit_test(test_not_restored),
		cmocka_unit_test(test_null_selector),	 cmocka_unit_test(test_files_of_its_own),
		cmocka_unit_test(test_leader_ended),
	};

	return cmocka_run_group_tests_name("attach", tests, NULL, NULL);
}
