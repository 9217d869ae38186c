// SPDX-License-Identifier: GPL-2.0-or-later
/* Several programs, one after the other, in one task: coverage must continue across execve(). */
#define _GNU_SOURCE
#include "mark.h"

#include <pthread.h>

/* The program to execute next, a file beside ours, so that a chain can mix kinds of programs. */
static char next_path[512];

static void run_next(const char *kind, const char *way, pid_t tid)
{
	char *slash, tid_text[16];

	must(readlink("/proc/self/exe", next_path, sizeof(next_path) - 32) > 0);
	slash = strrchr(next_path, '/');
	must(slash);
	strcpy(slash + 1, kind);
	snprintf(tid_text, sizeof(tid_text), "%d", tid);
	execl(next_path, kind, way, tid_text, NULL);
	must(!"exec");
}

static const char *next_kind(void)
{
	return getenv("NEXT") ?: "exec";
}

static void chain(void)
{
	mark(M_EVENTFD);
	run_next(next_kind(), "middle", self());
}

static void middle(void)
{
	mark(M_INOTIFY);
	run_next("exec", "last", self());
}

static void last(void)
{
	mark(M_EPOLL);
	expect(self(), BIT(M_EVENTFD) | BIT(M_INOTIFY) | BIT(M_EPOLL) | BIT(M_EXIT));
	expect_line("hit %d begin_new_exec", self());
	expect_line("tasks 1");
}

/* A thread calls execve(): it continues under the leader's id, and all other threads end. */
static pid_t thread_id;

static _Atomic int idling;

static void *idle(void *arg)
{
	mark_and_expect(M_SHMGET);
	idling++;
	pause();
	return arg;
}

static void *executing(void *arg)
{
	thread_id = self();
	mark(M_EVENTFD);
	while (idling < 3)
		usleep(1000);
	run_next(next_kind(), "from-thread", thread_id);
	return arg;
}

static void in_thread(void)
{
	pthread_t id;

	mark(M_TIMES);
	expect_line("hit %d %s", self(), marks[M_TIMES].function);
	for (int i = 0; i < 3; i++)
		must(pthread_create(&id, NULL, idle, NULL) == 0);
	must(pthread_create(&id, NULL, executing, NULL) == 0);
	pthread_join(id, NULL);
}

/* The thread before and after execve() is one task, which was created under the other id. */
static pid_t born_as;

static void from_thread(void)
{
	mark(M_EPOLL);
	expect(born_as, BIT(M_EVENTFD) | BIT(M_EPOLL) | BIT(M_EXIT));
	expect_line("tasks 6");
	pid_t pid = fork();
	if (pid == 0) {
		mark(M_PIPE);
		_exit(0);
	}
	expect_line("hit %d %s", pid, marks[M_PIPE].function);
	expect_line("parent %d %d", pid, born_as);
	reap(pid);
}

/* Many times in a row. */
static void again(void)
{
	char left[16];
	int n = atoi(getenv("LEFT") ?: "30");

	if (n) {
		snprintf(left, sizeof(left), "%d", n - 1);
		setenv("LEFT", left, 1);
		run_next("exec", "again", 0);
	}
	mark_and_expect(M_TIMES);
	expect_line("tasks 1");
}

/* All threads of a process call execve() at once, and those of its next program again. */
#define RACERS 4

static pthread_barrier_t at_the_line;

static void *racing(void *arg)
{
	pthread_barrier_wait(&at_the_line);
	run_next("exec", "race", self());
	return arg;
}

static void race(void)
{
	pthread_t id;
	char left[16];
	int n = atoi(getenv("LEFT") ?: "20");

	if (!n) {
		mark(M_EPOLL);
		expect_line("hit %d %s", born_as, marks[M_EPOLL].function);
		expect_line("hit %d do_exit", born_as);
		expect_line("tasks %d", 20 * RACERS + 1);
		return;
	}
	snprintf(left, sizeof(left), "%d", n - 1);
	setenv("LEFT", left, 1);
	must(pthread_barrier_init(&at_the_line, NULL, RACERS) == 0);
	for (int i = 0; i < RACERS; i++)
		must(pthread_create(&id, NULL, racing, NULL) == 0);
	pause();
}

/* A failed execve() changes nothing. */
static void failing(void)
{
	char *argv[] = { "x", NULL };

	must(execv("/nonexistent", argv) < 0);
	must(execv("/etc/passwd", argv) < 0);
	must(execv("/", argv) < 0);
	mark_and_expect(M_TIMES);
}

static void end(void)
{
	mark_and_expect(M_SEMGET);
}

static const struct way ways[] = {
	{ "chain", chain },
	{ "middle", middle },
	{ "last", last },
	{ "in-thread", in_thread },
	{ "from-thread", from_thread },
	{ "again", again },
	{ "race", race },
	{ "failing", failing },
	{ "end", end },
	{ NULL, NULL },
};

int main(int argc, char **argv)
{
	born_as = argc > 2 ? atoi(argv[2]) : 0;
	return run_way(ways, argc, argv);
}
