// SPDX-License-Identifier: GPL-2.0
/* Starts the command as the caller on the host would: streams, terminal, signals, limits and
 * identity. */
#include "kernel/vm/guest/guest.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* The same as in env(1) and timeout(1). */
#define EXIT_CANNOT_START 125
#define EXIT_CANNOT_RUN	  126
#define EXIT_NOT_FOUND	  127

/* The command's ends; -1: closed. */
struct stdio {
	int fd[3];
	int slave; /* of the command's terminal, or -1 */
};

static void make_pipe(int *ret_ours, int *ret_theirs, bool we_read)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC))
		guest_fail("cannot make a pipe: %s", strerror(errno));
	*ret_ours = fds[we_read ? 0 : 1];
	*ret_theirs = fds[we_read ? 1 : 0];
	fcntl(*ret_ours, F_SETFL, O_NONBLOCK);
}

static void make_terminal(const struct job *job, struct launch *l, struct stdio *theirs)
{
	char path[32];
	int number;

	l->master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	if (l->master < 0 || unlockpt(l->master) || ioctl(l->master, TIOCGPTN, &number))
		guest_fail("cannot make a terminal: %s", strerror(errno));
	snprintf(path, sizeof(path), "/dev/pts/%d", number);
	theirs->slave = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (theirs->slave < 0)
		guest_fail("cannot open '%s': %s", path, strerror(errno));
	tcsetattr(theirs->slave, TCSANOW, &job->termios);
	ioctl(theirs->slave, TIOCSWINSZ, &job->winsize);
	fchown(theirs->slave, job->caller.uid, 5);
	fchmod(theirs->slave, 0620);
}

static void make_stdio(const struct job *job, struct launch *l, struct stdio *theirs)
{
	unsigned int flags = job->caller.flags;

	*l = (struct launch){ .in = -1, .out = -1, .err = -1, .master = -1 };
	*theirs = (struct stdio){ .fd = { -1, -1, -1 }, .slave = -1 };
	if (flags & REQUEST_TERMINAL) {
		make_terminal(job, l, theirs);
		theirs->fd[0] = theirs->fd[1] = theirs->fd[2] = theirs->slave;
		l->in = fcntl(l->master, F_DUPFD_CLOEXEC, 3);
		l->out = fcntl(l->master, F_DUPFD_CLOEXEC, 3);
		if (flags & REQUEST_TERMINAL_NO_ERR)
			make_pipe(&l->err, &theirs->fd[2], true);
	} else {
		make_pipe(&l->in, &theirs->fd[0], false);
		make_pipe(&l->out, &theirs->fd[1], true);
		if (flags & REQUEST_MERGED)
			theirs->fd[2] = theirs->fd[1];
		else
			make_pipe(&l->err, &theirs->fd[2], true);
	}
	if (flags & REQUEST_NO_IN)
		theirs->fd[0] = -1;
	if (flags & REQUEST_NO_OUT)
		theirs->fd[1] = -1;
	if (flags & REQUEST_NO_ERR)
		theirs->fd[2] = -1;
}

/* Runs in the command's process. */
static void use_stdio(const struct stdio *theirs)
{
	int high[3];

	/* First move all three to numbers above 2, so that no dup2() below overwrites one. */
	for (int i = 0; i < 3; i++)
		high[i] = theirs->fd[i] < 0 ? -1 : fcntl(theirs->fd[i], F_DUPFD_CLOEXEC, 3);
	for (int i = 0; i < 3; i++) {
		if (high[i] < 0)
			close(i);
		else
			dup2(high[i], i);
	}
}

static void use_signals(const struct request_caller *caller)
{
	sigset_t blocked;

	sigemptyset(&blocked);
	for (int number = 1; number <= 64; number++) {
		uint64_t bit = 1ULL << (number - 1);

		signal(number, caller->ignored & bit ? SIG_IGN : SIG_DFL);
		if (caller->blocked & bit)
			sigaddset(&blocked, number);
	}
	sigprocmask(SIG_SETMASK, &blocked, NULL);
}

static _Noreturn void refuse(int status, const char *what, const char *subject)
{
	dprintf(STDERR_FILENO, "kcovreport: cannot %s '%s': %s\n", what, subject, strerror(errno));
	_exit(status);
}

static void add_to_environment(const char *name, const char *value)
{
	if (setenv(name, value, 1))
		refuse(EXIT_CANNOT_START, "set", name);
}

/* Names the caller, for a program that runs as root and runs its own children as the caller. */
static void tell_caller(const struct job *job)
{
	size_t size = job->n_groups * 11 + 1;
	char *list = calloc(1, size);
	size_t used = 0;
	char number[16];

	if (!list)
		refuse(EXIT_CANNOT_START, "set", "KCOVREPORT_GROUPS");
	for (size_t i = 0; i < job->n_groups; i++)
		used += snprintf(list + used, size - used, "%s%u", i ? "," : "", job->groups[i]);
	snprintf(number, sizeof(number), "%u", job->caller.uid);
	add_to_environment("KCOVREPORT_UID", number);
	snprintf(number, sizeof(number), "%u", job->caller.gid);
	add_to_environment("KCOVREPORT_GID", number);
	add_to_environment("KCOVREPORT_GROUPS", list);
	free(list);
}

static void use_identity(const struct job *job)
{
	const struct request_caller *caller = &job->caller;

	if (caller->flags & REQUEST_AS_ROOT) {
		tell_caller(job);
		return;
	}
	if (setgroups(job->n_groups, job->groups) ||
	    setresgid(caller->gid, caller->gid, caller->gid) ||
	    setresuid(caller->uid, caller->uid, caller->uid))
		refuse(EXIT_CANNOT_START, "become", "the calling user");
}

static void use_limits(const struct job *job)
{
	for (int i = 0; i < RLIM_NLIMITS; i++) {
		struct rlimit limit = job->limits[i];
		struct rlimit now;

		/* The host may allow more open files than fs.nr_open does here. */
		if (!setrlimit(i, &limit) || getrlimit(i, &now))
			continue;
		limit.rlim_max = now.rlim_max;
		if (limit.rlim_cur > limit.rlim_max)
			limit.rlim_cur = limit.rlim_max;
		setrlimit(i, &limit);
	}
}

static _Noreturn void run_command(const struct job *job, const struct stdio *theirs)
{
	setpgid(0, 0);
	if (theirs->slave >= 0)
		tcsetpgrp(theirs->slave, getpid());
	setpriority(PRIO_PROCESS, 0, 0);
	use_stdio(theirs);
	environ = job->envp;
	umask(job->caller.umask);
	use_limits(job);
	use_identity(job);
	if (chdir(job->cwd))
		refuse(EXIT_CANNOT_START, "enter directory", job->cwd);
	use_signals(&job->caller);
	execvp(job->argv[0], job->argv);
	refuse(errno == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_RUN, "run", job->argv[0]);
}

static void report(int events, enum launch_kind kind, int value)
{
	struct launch_event event = { .kind = kind, .value = value };
	ssize_t ignored = write(events, &event, sizeof(event));

	(void)ignored;
}

static _Noreturn void follow_command(pid_t pid, int events)
{
	int status;

	report(events, LAUNCH_STARTED, pid);
	for (;;) {
		if (waitpid(pid, &status, WUNTRACED) < 0)
			continue;
		if (WIFSTOPPED(status)) {
			report(events, LAUNCH_STOPPED, WSTOPSIG(status));
			continue;
		}
		report(events, LAUNCH_EXITED,
		       WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
		_exit(0);
	}
}

/* While the launcher holds our end of a pipe too, the other end does not see the end of file. */
static void close_ours(const struct launch *l)
{
	const int ours[] = { l->in, l->out, l->err, l->master, guest_wire.fd };

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
		if (ours[i] >= 0)
			close(ours[i]);
	}
}

static _Noreturn void run_launcher(const struct job *job, const struct launch *ours,
				   const struct stdio *theirs, int events)
{
	sigset_t all;
	pid_t pid;

	close_ours(ours);
	/* As its last step the command's process restores the caller's signal mask. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	setsid();
	if (theirs->slave >= 0)
		ioctl(theirs->slave, TIOCSCTTY, 0);
	pid = fork();
	if (pid == 0)
		run_command(job, theirs);
	setpgid(pid, pid);
	if (pid < 0) {
		report(events, LAUNCH_EXITED, EXIT_CANNOT_START);
		_exit(0);
	}
	/* Only the command and its children may hold the pipes. The slave stays open, or the
	 * master would report a hangup whenever no process has the terminal open. */
	for (int i = 0; i < 3; i++) {
		if (theirs->fd[i] >= 0 && theirs->fd[i] != theirs->slave)
			close(theirs->fd[i]);
	}
	follow_command(pid, events);
}

void launch(const struct job *job, struct launch *ret)
{
	struct stdio theirs;
	int events[2];
	pid_t pid;

	make_stdio(job, ret, &theirs);
	if (pipe2(events, O_CLOEXEC))
		guest_fail("cannot make a pipe: %s", strerror(errno));
	pid = fork();
	if (pid < 0)
		guest_fail("cannot fork: %s", strerror(errno));
	if (pid == 0)
		run_launcher(job, ret, &theirs, events[1]);
	close(events[1]);
	ret->events = events[0];
	fcntl(ret->events, F_SETFL, O_NONBLOCK);
	for (int i = 0; i < 3; i++) {
		if (theirs.fd[i] >= 0 && theirs.fd[i] != theirs.slave &&
		    !(i == 2 && theirs.fd[2] == theirs.fd[1]))
			close(theirs.fd[i]);
	}
	if (theirs.slave >= 0)
		close(theirs.slave);
}
