/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For guest programs: they make system calls whose kernel functions nothing else
 * executes, and print what coverage must show of them.
 *
 * The expectation goes to the file named in $KCOVREPORT_EXPECT, through a shared mapping.
 * So any task can write it with no file descriptor left, in a chroot and with a seccomp
 * filter, and it is complete even if the task is killed. The caller of the program
 * creates the file, all zero. Its first LINE_BYTES hold the number of lines; the others
 * are lines padded with spaces:
 *
 *	hit PID FUNCTION    the task recorded a PC of the function; A|B: of one of them
 *	not PID FUNCTION    it did not; A|B: of none of them
 *	tasks N             that many tasks were created, including the first
 *	parent PID PID      the second created the first
 *	state PID STATE     covered, not-followed or cut
 *	remote SOURCE hit FUNCTION      a remote section of the source recorded a PC of
 *	                                the function; A|B: of one of them
 *	remote SOURCE not FUNCTION      none did, or the run has no such source
 *	remote SOURCE calls FUNCTION N  they recorded its first point exactly N times
 *
 *	context KIND hit FUNCTION       what runs in this context for the tasks recorded a PC
 *	                                of the function; A|B: of one of them
 *	context KIND not FUNCTION       it did not, or the run has no such context
 *
 * PID is a thread id in the first pid namespace, or * for every task. SOURCE is `common`,
 * the common handle that the command inherits, `usb:N`, the handle of USB bus N, or
 * `handle:0xHEX`, any handle. Without the variable nothing is printed. expect() also says
 * what must not be hit: all other marks.
 *
 * With REMOTE=none in the environment no handle is recorded: all `remote` lines are
 * `not`. With CONTEXTS=none no context but that of tasks is: all `context` lines are `not`.
 */
#ifndef MARK_H
#define MARK_H

#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define LINE_BYTES  96
#define EXPECT_SIZE (768 << 10)
#define BIT(n)	    (1u << (n))

enum mark {
	M_EVENTFD,
	M_INOTIFY,
	M_EPOLL,
	M_PIPE,
	M_SIGNALFD,
	M_SYSINFO,
	M_TIMES,
	M_SHMGET,
	M_SEMGET,
	M_MSGGET,
	M_GETITIMER,
	M_SYNC_RANGE,
	MARKS,
	M_EXIT = MARKS, /* the task reaches its exit; not a system call */
};

/*
 * sys_NAME stands for the entry functions of a system call: __x64_sys_NAME,
 * __ia32_compat_sys_NAME ...
 */
static const struct {
	long nr;
	long arg;
	const char *function;
} marks[] = {
	[M_EVENTFD] = { SYS_eventfd2, 0, "do_eventfd" },
	[M_INOTIFY] = { SYS_inotify_init1, 0, "do_inotify_init" },
	[M_EPOLL] = { SYS_epoll_create1, 0, "do_epoll_create" },
	[M_PIPE] = { SYS_pipe2, 0, "do_pipe2" },
	[M_SIGNALFD] = { SYS_signalfd4, -1, "do_signalfd4|sys_signalfd4" },
	[M_SYSINFO] = { SYS_sysinfo, 0, "do_sysinfo|sys_sysinfo" },
	[M_TIMES] = { SYS_times, 0, "do_sys_times|sys_times" },
	[M_SHMGET] = { SYS_shmget, 0x6b63, "ksys_shmget|sys_shmget" },
	[M_SEMGET] = { SYS_semget, 0x6b63, "ksys_semget|sys_semget" },
	[M_MSGGET] = { SYS_msgget, 0x6b63, "ksys_msgget|sys_msgget" },
	[M_GETITIMER] = { SYS_getitimer, 0, "do_getitimer|sys_getitimer" },
	[M_SYNC_RANGE] = { SYS_sync_file_range, -1, "sys_sync_file_range" },
	[M_EXIT] = { 0, 0, "do_exit" },
};

static char *expect_file;

/* Also called directly, after execve() into a place where the file has another name. */
static void expect_open(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0) {
		perror(path);
		exit(99);
	}
	expect_file = mmap(NULL, EXPECT_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (expect_file == MAP_FAILED) {
		perror("mmap");
		exit(99);
	}
}

__attribute__((constructor)) static void expect_init(void)
{
	const char *path = getenv("KCOVREPORT_EXPECT");

	if (path)
		expect_open(path);
}

__attribute__((format(printf, 1, 2))) static void expect_line(const char *format, ...)
{
	char line[LINE_BYTES + 1];
	va_list args;

	if (!expect_file)
		return;
	va_start(args, format);
	int n = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	uint32_t i = atomic_fetch_add((_Atomic uint32_t *)expect_file, 1) + 1;
	if (n >= LINE_BYTES || (i + 1) * LINE_BYTES > EXPECT_SIZE)
		abort();
	memset(line + n, ' ', LINE_BYTES - n);
	line[LINE_BYTES - 1] = '\n';
	memcpy(expect_file + i * LINE_BYTES, line, LINE_BYTES);
}

/* Expect that the task leaves the marks in the set, and no others. */
__attribute__((unused)) static void expect(pid_t tid, unsigned int set)
{
	for (int k = 0; k <= M_EXIT; k++)
		if (set & BIT(k))
			expect_line("hit %d %s", tid, marks[k].function);
		else if (k < MARKS)
			expect_line("not %d %s", tid, marks[k].function);
}

/* Expect that the function runs for the source, `calls` times if not 0, and in no task. */
__attribute__((unused)) static void expect_remote(const char *source, const char *function,
						  unsigned long calls)
{
	const char *remote = getenv("REMOTE");

	expect_line("not * %s", function);
	if (remote && !strcmp(remote, "none"))
		expect_line("remote %s not %s", source, function);
	else if (calls)
		expect_line("remote %s calls %s %lu", source, function, calls);
	else
		expect_line("remote %s hit %s", source, function);
}

/* Expect that the function runs in the context, and in no task. */
__attribute__((unused)) static void expect_context(const char *kind, const char *function)
{
	const char *contexts = getenv("CONTEXTS");

	expect_line("not * %s", function);
	expect_line("context %s %s %s", kind, contexts && !strcmp(contexts, "none") ? "not" : "hit",
		    function);
}

/* Make one system call that fails or creates something small. */
__attribute__((unused)) static void mark(enum mark k)
{
	syscall(marks[k].nr, marks[k].arg, 0L, 0L, 0L);
}

__attribute__((unused)) static pid_t self(void)
{
	return syscall(SYS_gettid);
}

/* What a simple task does: it leaves this mark and ends. */
__attribute__((unused)) static void mark_and_expect(enum mark k)
{
	expect(self(), BIT(k) | BIT(M_EXIT));
	mark(k);
}

/* Exit if the condition is false: the case fails because of the exit status. */
#define must(condition)                                                                            \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: %s: %m\n", __FILE__, __LINE__, #condition);        \
			exit(99);                                                                  \
		}                                                                                  \
	} while (0)

/* Wait for this child, which must exit with 0. */
__attribute__((unused)) static void reap(pid_t pid)
{
	int status;

	must(pid > 0);
	must(waitpid(pid, &status, __WALL) == pid);
	must(status == 0);
}

/* One variant of what a program does. */
struct way {
	const char *name;
	void (*run)(void);
};

__attribute__((unused)) static int run_way(const struct way *ways, int argc, char **argv)
{
	for (; argc > 1 && ways->name; ways++)
		if (!strcmp(ways->name, argv[1])) {
			ways->run();
			return 0;
		}
	fprintf(stderr, "%s: no such way\n", argv[0]);
	return 99;
}

#endif
