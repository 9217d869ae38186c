// SPDX-License-Identifier: GPL-2.0-or-later
/* Programs that report what they see of the world: it must be the same under collect as without
 * it. */
#define _GNU_SOURCE
#include "mark.h"

#include <errno.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

static _Atomic int counts[65];

static void on_signal(int signal)
{
	char line[] = { 's', 'i', 'g', 'n', 'a', 'l', ' ', '0' + signal / 10, '0' + signal % 10,
			'\n' };

	counts[signal]++;
	if (write(STDOUT_FILENO, line, sizeof(line)) < 0)
		_exit(98);
}

/* Count signals until SIGTERM or for 60 s. Print "ready PID" first, and "signal NN" for each. */
static void count(void)
{
	const int signals[] = { SIGHUP,	 SIGINT,  SIGQUIT, SIGUSR1,  SIGUSR2,
				SIGALRM, SIGTERM, SIGCONT, SIGWINCH, SIGRTMIN + 1 };

	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		signal(signals[i], on_signal);
	printf("ready %d\n", getpid());
	fflush(stdout);
	for (int i = 0; i < 6000 && !counts[SIGTERM]; i++)
		usleep(10000);
	/* Leave time for a second one to arrive. */
	usleep(300000);
	printf("counted");
	for (int s = 1; s <= 64; s++)
		if (counts[s])
			printf(" %d:%d", s, counts[s]);
	printf("\n");
}

static void fds(void)
{
	/* Not with readdir(), which would use an fd itself. */
	for (int fd = 0; fd < 256; fd++) {
		int flags = fcntl(fd, F_GETFD);

		if (flags >= 0)
			fprintf(stderr, "fd %d flags %d mode %d\n", fd, flags,
				fcntl(fd, F_GETFL) & O_ACCMODE);
	}
}

static void print_status_line(const char *key)
{
	FILE *file = fopen("/proc/self/status", "re");
	char line[4096];

	while (fgets(line, sizeof(line), file))
		if (!strncmp(line, key, strlen(key)))
			fputs(line, stdout);
	fclose(file);
}

/* Everything that is inherited through execve(). */
static void inherited(void)
{
	static const char *const keys[] = {
		"Umask",   "Uid",	    "Gid",	     "Groups", "SigBlk", "SigIgn",
		"SigCgt",  "CapInh",	    "CapEff",	     "CapBnd", "CapAmb", "NoNewPrivs",
		"Seccomp", "Cpus_allowed:", "Mems_allowed:", "ShdPnd", "SigPnd"
	};
	struct rlimit limit;
	int number = -1;

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		print_status_line(keys[i]);
	for (int i = 0; i < RLIM_NLIMITS; i++)
		if (getrlimit(i, &limit) == 0)
			printf("limit %d: %ju %ju\n", i, (uintmax_t)limit.rlim_cur,
			       (uintmax_t)limit.rlim_max);
	printf("cwd %s\n", getcwd(NULL, 0));
	printf("nice %d\n", getpriority(PRIO_PROCESS, 0));
	printf("policy %d\n", sched_getscheduler(0));
	prctl(PR_GET_PDEATHSIG, &number);
	printf("pdeathsig %d\n", number);
	prctl(PR_GET_CHILD_SUBREAPER, &number);
	printf("subreaper %d\n", number);
	printf("dumpable %d\n", prctl(PR_GET_DUMPABLE));
	printf("timerslack %d\n", prctl(PR_GET_TIMERSLACK));
	printf("personality %ld\n", syscall(SYS_personality, 0xffffffff));
	for (char **p = environ; *p; p++)
		if (strncmp(*p, "RUN=", 4))
			printf("env %s\n", *p);
}

/* How it relates to PGID and SID from the environment, and to the terminal. */
static void groups(void)
{
	int tty = open("/dev/tty", O_RDWR);

	printf("group %s\n", getpgrp() == atoi(getenv("PGID")) ? "the caller's" : "another");
	printf("session %s\n", getsid(0) == atoi(getenv("SID")) ? "the caller's" : "another");
	printf("terminal %s\n", tty < 0 ? "none" : "there");
	if (tty >= 0)
		printf("foreground %s\n", tcgetpgrp(tty) == getpgrp() ? "yes" : "no");
}

/* Closes its streams and goes on running. */
static void quiet(void)
{
	printf("last words\n");
	fflush(stdout);
	close(STDOUT_FILENO);
	close(STDIN_FILENO);
	sleep(8);
}

static void slept(void)
{
	struct timespec before, after;

	clock_gettime(CLOCK_MONOTONIC, &before);
	sleep(2);
	clock_gettime(CLOCK_MONOTONIC, &after);
	double s = (after.tv_sec - before.tv_sec) + (after.tv_nsec - before.tv_nsec) / 1e9;
	printf("%s\n", s >= 2 && s < 3 ? "two seconds" : "not two seconds");
}

/* An orphan must become a child of init, not of one of our processes. */
static void orphan(void)
{
	if (fork() == 0) {
		pid_t parent = getpid();

		if (fork() == 0) {
			while (getppid() == parent)
				usleep(1000);
			printf("adopted by %s\n", getppid() == 1 ? "init" : "somebody else");
			fflush(stdout);
			_exit(0);
		}
		usleep(20000);
		_exit(0);
	}
	wait(NULL);
	sleep(1);
}

/* What a parent learns about a child that is stopped, continued and killed. */
static void waits(void)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			pause();
	kill(pid, SIGSTOP);
	must(waitpid(pid, &status, WUNTRACED) == pid);
	printf("stopped %d %d\n", WIFSTOPPED(status), WSTOPSIG(status));
	must(waitpid(pid, &status, WUNTRACED | WNOHANG) == 0);
	kill(pid, SIGCONT);
	must(waitpid(pid, &status, WCONTINUED) == pid);
	printf("continued %d\n", WIFCONTINUED(status));
	kill(pid, SIGTSTP);
	must(waitpid(pid, &status, WUNTRACED) == pid);
	printf("stopped %d %d\n", WIFSTOPPED(status), WSTOPSIG(status));
	kill(pid, SIGKILL);
	must(waitpid(pid, &status, 0) == pid);
	printf("killed %d %d\n", WIFSIGNALED(status), WTERMSIG(status));
	must(waitpid(-1, &status, 0) == -1 && errno == ECHILD);
}

static const struct way ways[] = {
	{ "count", count },   { "fds", fds },	  { "inherited", inherited },
	{ "groups", groups }, { "quiet", quiet }, { "slept", slept },
	{ "orphan", orphan }, { "waits", waits }, { NULL, NULL },
};

int main(int argc, char **argv)
{
	return run_way(ways, argc, argv);
}
