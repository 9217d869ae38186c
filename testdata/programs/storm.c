// SPDX-License-Identifier: GPL-2.0-or-later
/* Many tasks, short lives, and signals at bad moments. Environment: N = how many. */
#define _GNU_SOURCE
#include "mark.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <time.h>

static int number(int otherwise)
{
	const char *n = getenv("N");

	return n ? atoi(n) : otherwise;
}

/* Killed while it is being created: it may or may not have run, but the run must know of it. */
static void kill_at_birth(void)
{
	int n = number(200), status;

	for (int i = 0; i < n; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			for (;;)
				mark(M_TIMES);
		}
		kill(pid, SIGKILL);
		must(waitpid(pid, &status, 0) == pid);
		must(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	}
	mark_and_expect(M_PIPE);
	expect_line("tasks %d", n + 1);
}

/* The same with a signal that can be handled: none may be lost, and none arrive twice. */
static _Atomic int handled;

static void on_signal(int signal)
{
	(void)signal;
	handled++;
}

static void signal_at_birth(void)
{
	int n = number(100), status;

	must(signal(SIGUSR1, on_signal) != SIG_ERR);
	for (int i = 0; i < n; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			do
				mark(M_TIMES);
			while (!handled);
			usleep(1000);
			_exit(handled);
		}
		kill(pid, SIGUSR1);
		must(waitpid(pid, &status, 0) == pid);
		must(WIFEXITED(status) && WEXITSTATUS(status) == 1);
		if (i % 10 == 0)
			expect(pid, BIT(M_TIMES) | BIT(M_EXIT));
	}
	expect(self(), BIT(M_EXIT));
	expect_line("tasks %d", n + 1);
}

/* Stopped and continued at once: the stop may take effect before its first instruction. */
static void stop_at_birth(void)
{
	int n = number(60), status;

	for (int i = 0; i < n; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			mark(M_TIMES);
			_exit(3);
		}
		kill(pid, SIGSTOP);
		if (waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status)) {
			must(WSTOPSIG(status) == SIGSTOP);
			kill(pid, SIGCONT);
			must(waitpid(pid, &status, 0) == pid);
		}
		must(WIFEXITED(status) && WEXITSTATUS(status) == 3);
		expect(pid, BIT(M_TIMES) | BIT(M_EXIT));
	}
	expect(self(), BIT(M_EXIT));
	expect_line("tasks %d", n + 1);
}

static void *nothing(void *arg)
{
	return arg;
}

/* A process is stopped and continued while it creates threads and children. */
static void stop_storm(void)
{
	int n = number(40), status, stops = 0;
	pid_t pid = fork();

	if (pid == 0) {
		for (int i = 0; i < n; i++) {
			pthread_t thread;
			pid_t child = fork();

			if (child == 0)
				_exit(0);
			must(pthread_create(&thread, NULL, nothing, NULL) == 0);
			pthread_join(thread, NULL);
			reap(child);
		}
		mark_and_expect(M_TIMES);
		_exit(0);
	}
	for (;;) {
		kill(pid, SIGSTOP);
		must(waitpid(pid, &status, WUNTRACED) == pid);
		if (!WIFSTOPPED(status))
			break;
		stops++;
		kill(pid, SIGCONT);
		usleep(3000);
	}
	must(status == 0 && stops > 2);
	expect_line("tasks %d", 2 * n + 2);
}

/* While it is stopped it does nothing; when continued it gets the pending signals. */
static void stop_is_a_stop(void)
{
	_Atomic int *count =
		mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		signal(SIGUSR1, on_signal);
		while (!handled)
			++*count;
		_exit(handled);
	}
	while (!*count)
		usleep(1000);
	kill(pid, SIGSTOP);
	must(waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status));
	int before = *count;
	kill(pid, SIGUSR1);
	usleep(200000);
	must(*count == before);
	kill(pid, SIGCONT);
	must(waitpid(pid, &status, WCONTINUED) == pid && WIFCONTINUED(status));
	must(waitpid(pid, &status, 0) == pid);
	must(WIFEXITED(status) && WEXITSTATUS(status) == 1);
	expect_line("tasks 2");
}

static void *endless_births(void *arg)
{
	for (;;) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, nothing, NULL) == 0)
			pthread_detach(thread);
	}
	return arg;
}

/* The process ends while its threads create threads. */
static void exit_race(void)
{
	int n = number(20), status;

	for (int i = 0; i < n; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			pthread_t thread;

			mark(M_TIMES);
			for (int t = 0; t < 3; t++)
				pthread_create(&thread, NULL, endless_births, NULL);
			usleep(i * 1000);
			syscall(SYS_exit_group, 5);
		}
		expect(pid, BIT(M_TIMES) | BIT(M_EXIT));
		must(waitpid(pid, &status, 0) == pid);
		must(WIFEXITED(status) && WEXITSTATUS(status) == 5);
	}
}

static void *short_life(void *arg)
{
	if ((intptr_t)arg % 50 == 0)
		mark_and_expect(M_TIMES);
	return NULL;
}

static void many_threads(void)
{
	int n = number(1000);
	pthread_t threads[10];

	for (intptr_t i = 0; i < n; i += 10) {
		for (int t = 0; t < 10; t++)
			must(pthread_create(&threads[t], NULL, short_life, (void *)(i + t)) == 0);
		for (int t = 0; t < 10; t++)
			pthread_join(threads[t], NULL);
	}
	expect(self(), BIT(M_EXIT));
	expect_line("tasks %d", n + 1);
}

/* Half of them processes, half of them threads, ten of each at a time. FULL in the environment:
 * all. */
static void short_tasks(void)
{
	int n = getenv("FULL") ? 20000 : number(2000);
	pthread_t threads[10];
	pid_t children[10];

	must(n % 20 == 0);
	for (intptr_t i = 0; i < n; i += 20) {
		for (int t = 0; t < 10; t++) {
			children[t] = fork();
			if (children[t] == 0) {
				if (i % 500 == 0 && t == 0)
					mark_and_expect(M_PIPE);
				_exit(0);
			}
			intptr_t number = i % 500 == 0 && t == 0 ? 0 : 1;
			must(pthread_create(&threads[t], NULL, short_life, (void *)number) == 0);
		}
		for (int t = 0; t < 10; t++) {
			pthread_join(threads[t], NULL);
			reap(children[t]);
		}
	}
	expect(self(), BIT(M_EXIT));
	expect_line("tasks %d", n + 1);
}

static void *nothing_to_do(void *arg)
{
	pause();
	return arg;
}

/* Processes that create processes and threads until they are killed, and one that only waits. */
static void endless(void)
{
	pthread_t thread;

	for (int i = 0; i < 3; i++)
		if (fork() == 0) {
			if (i == 0)
				nothing_to_do(NULL);
			break;
		}
	pthread_create(&thread, NULL, nothing_to_do, NULL);
	for (;;) {
		pid_t child = fork();

		if (child == 0) {
			mark(M_TIMES);
			_exit(0);
		}
		if (pthread_create(&thread, NULL, nothing, NULL) == 0)
			pthread_join(thread, NULL);
		if (child > 0)
			waitpid(child, NULL, 0);
	}
}

static time_t busy_until;

static void *busy(void *arg)
{
	long n = 0;

	expect(self(), BIT((intptr_t)arg % MARKS) | BIT(M_EXIT));
	while (time(NULL) < busy_until) {
		syscall(SYS_getppid);
		if (n++ % 16 == 0)
			sched_yield();
	}
	mark((intptr_t)arg % MARKS);
	return NULL;
}

static void busy_threads(void)
{
	int n = number(16);
	pthread_t threads[n];

	busy_until = time(NULL) + 3;
	for (intptr_t i = 0; i < n; i++)
		must(pthread_create(&threads[i], NULL, busy, (void *)i) == 0);
	for (int i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	expect_line("tasks %d", n + 1);
}

/* The leader ends first: its process continues in its other threads. */
static void *outlive(void *arg)
{
	(void)arg;
	usleep(100000);
	mark_and_expect(M_TIMES);
	exit(7);
}

static void leader_exits(void)
{
	pthread_t thread;

	mark_and_expect(M_PIPE);
	must(pthread_create(&thread, NULL, outlive, NULL) == 0);
	expect_line("tasks 2");
	syscall(SYS_exit, 0);
}

static const struct way ways[] = {
	{ "kill-at-birth", kill_at_birth },
	{ "signal-at-birth", signal_at_birth },
	{ "stop-at-birth", stop_at_birth },
	{ "stop-storm", stop_storm },
	{ "stop-is-a-stop", stop_is_a_stop },
	{ "exit-race", exit_race },
	{ "many-threads", many_threads },
	{ "busy-threads", busy_threads },
	{ "leader-exits", leader_exits },
	{ "short-tasks", short_tasks },
	{ "endless", endless },
	{ NULL, NULL },
};

int main(int argc, char **argv)
{
	return run_way(ways, argc, argv);
}
