// SPDX-License-Identifier: GPL-2.0-or-later
/* The front's signals: which to pass on to the command, and when to stop, continue and end. */
#include "collect/follow/front.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

/*
 * The tracer learns of a signal to the group at about the same time as we do, or only when the
 * command is ready to take it. Until then we check the log again and again.
 */
#define DELIVERY_GRACE_NS 30000000
#define DELIVERY_TRIES	  30
/* How long the command runs at most before we go on with it. */
#define WAKER_INTERVAL_NS 20000000

struct error *delivery_log_create(struct delivery_log **ret)
{
	void *p = mmap(NULL, sizeof(**ret), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		       0);

	if (p == MAP_FAILED)
		return error_errno(errno, "cannot map shared memory");
	*ret = p;
	return NULL;
}

void delivery_log_add(struct delivery_log *log, const siginfo_t *info)
{
	uint32_t i = log->next % DELIVERY_LOG_SIZE;

	log->entries[i].signal = info->si_signo;
	log->entries[i].sender = info->si_pid;
	__atomic_store_n(&log->next, log->next + 1, __ATOMIC_RELEASE);
}

/* Did the command get this signal from the same sender? Each delivery counts once. */
static bool delivery_log_take(struct delivery_log *log, const siginfo_t *info)
{
	uint32_t next = __atomic_load_n(&log->next, __ATOMIC_ACQUIRE);
	uint32_t first = next > DELIVERY_LOG_SIZE ? next - DELIVERY_LOG_SIZE : 0;

	for (uint32_t n = first; n < next; n++) {
		uint32_t i = n % DELIVERY_LOG_SIZE;

		if (log->entries[i].signal != info->si_signo ||
		    log->entries[i].sender != info->si_pid || log->taken[i] == n + 1)
			continue;
		log->taken[i] = n + 1;
		return true;
	}
	return false;
}

void front_block_signals(struct front *front)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &front->mask_before);
	sigaction(SIGCHLD, &(struct sigaction){ .sa_handler = SIG_DFL }, &front->child_before);
}

void front_restore_signals(const struct front *front)
{
	sigaction(SIGCHLD, &front->child_before, NULL);
	sigprocmask(SIG_SETMASK, &front->mask_before, NULL);
}

/* Signals from the terminal are noted too, but not asked for. */
__attribute__((noreturn)) static void bear_witness(struct delivery_log *log)
{
	siginfo_t info;
	sigset_t all;

	sigfillset(&all);
	for (;;)
		if (sigwaitinfo(&all, &info) >= 0)
			delivery_log_add(log, &info);
}

struct error *front_start_witness(struct front *front)
{
	pid_t self = getpid();

	front->witness = fork();
	if (front->witness < 0) {
		front->witness = 0;
		return error_errno(errno, "cannot fork");
	}
	if (front->witness)
		return NULL;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != self)
		_exit(EXIT_FAILURE);
	/* So that a user who signals processes by our name does not hit this one. */
	prctl(PR_SET_NAME, "kcov-witness");
	/* Close all: a pipe must not stay open after the command has closed it. */
	close_range(0, ~0U, 0);
	bear_witness(front->log);
}

static void front_end_witness(struct front *front)
{
	if (!front->witness)
		return;
	kill(front->witness, SIGKILL);
	waitpid(front->witness, NULL, 0);
	front->witness = 0;
}

void front_release_stdio(void)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return;
	dup2(fd, STDIN_FILENO);
	dup2(fd, STDOUT_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

static bool is_from_process(const siginfo_t *info)
{
	return info->si_code == SI_USER || info->si_code == SI_QUEUE || info->si_code == SI_TKILL;
}

/* A timer that was set before we were executed: without us it would be the command's. */
static bool is_own_timer(const siginfo_t *info)
{
	int s = info->si_signo;

	return s == SIGALRM || s == SIGVTALRM || s == SIGPROF;
}

/*
 * A terminal that hangs up sends this to the leader of its session alone, not to a group as it
 * does for keys (tty_signal_session_leader() in Linux drivers/tty/tty_jobctrl.c). With us in
 * between, the leader is not the command.
 */
static bool is_hangup(const siginfo_t *info)
{
	return info->si_signo == SIGHUP || info->si_signo == SIGCONT;
}

/* Is the signal possibly still on its way: pending, or the task is stopped for its tracer? */
static bool may_be_delivered(pid_t pid, int signal)
{
	_cleanup_free_ char *status = NULL;
	unsigned long long pending = 0;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	struct error *err = file_read(path, 1 << 20, &status, NULL);
	if (err) {
		error_destroy(err);
		return false;
	}
	const char *line = strstr(status, "\nShdPnd:\t");
	if (line)
		pending = strtoull(line + strlen("\nShdPnd:\t"), NULL, 16);
	return (pending >> (signal - 1) & 1) || strstr(status, "\nState:\tt");
}

/* Did the command get this signal itself, or is it about to get it? */
static bool front_was_passed_by(struct front *front, const siginfo_t *info)
{
	struct timespec grace = { .tv_nsec = DELIVERY_GRACE_NS };
	bool again = true;

	if (!front->log)
		return false;
	for (int i = 0; again && i < DELIVERY_TRIES; i++) {
		/*
		 * Ask before reading the log: a signal that is no longer on its way is in the
		 * log.
		 */
		again = i == 0 || may_be_delivered(front->command, info->si_signo) ||
			(front->witness && may_be_delivered(front->witness, info->si_signo));
		nanosleep(&grace, NULL);
		if (delivery_log_take(front->log, info))
			return true;
	}
	return false;
}

/* A signal that is blocked arrives here also if our caller ignores it, as nohup does. */
static bool is_ignored(int signal)
{
	struct sigaction action;

	return !sigaction(signal, NULL, &action) && action.sa_handler == SIG_IGN;
}

static void front_forward(struct front *front, const siginfo_t *info)
{
	int s = info->si_signo;

	if (!front->command) {
		/*
		 * Only background tasks are left to wait for. We are asked to end, so stop
		 * waiting.
		 */
		if (front->supervisor && !is_ignored(s) &&
		    (s == SIGINT || s == SIGTERM || s == SIGHUP || s == SIGQUIT))
			kill(front->supervisor, SIGTERM);
		return;
	}
	if (is_own_timer(info) && !is_from_process(info)) {
		kill(front->command, s);
		return;
	}
	if (!is_from_process(info) && !is_hangup(info))
		return;
	if (s == SIGCONT && front->waker && info->si_pid == front->waker)
		return;
	/* A child of the workload that signals its grandparent means us, so pass it on too. */
	if (!front_was_passed_by(front, info))
		kill(front->command, s);
}

/* The state letter of a task: fs/proc/array.c, task_state_array[]. 0: it is gone, or hidden. */
static char task_state(const char *path)
{
	_cleanup_free_ char *stat = NULL;

	_cleanup_error_ struct error *err = file_read(path, 1 << 16, &stat, NULL);
	if (err)
		return 0;
	const char *after = strrchr(stat, ')');
	return after && after[1] ? after[2] : 0;
}

static bool is_stopped(char state)
{
	return state == 'T' || state == 't';
}

/* If the leader has ended, its process stops and continues without it. */
static bool has_stopped_thread(pid_t pid)
{
	char path[300];
	bool found = false;
	struct dirent *entry;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	DIR *dir = opendir(path);
	while (dir && !found && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/%d/task/%s/stat", pid, entry->d_name);
		found = is_stopped(task_state(path));
	}
	if (dir)
		closedir(dir);
	return found;
}

/*
 * While the front is stopped, it does not reap the command, so that is not gone. But /proc may hide
 * it if it has other credentials than we (a setuid program, and hidepid= of proc(5)): then it may
 * be stopped.
 */
static bool may_be_stopped(pid_t pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	char state = task_state(path);
	return !state || is_stopped(state) || (state == 'Z' && has_stopped_thread(pid));
}

/* A SIGCONT before the front has stopped would be lost. The front ends us when it goes on. */
__attribute__((noreturn)) static void wake(pid_t front, pid_t command)
{
	const struct timespec interval = { .tv_nsec = WAKER_INTERVAL_NS };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != front)
		_exit(EXIT_FAILURE);
	setpgid(0, 0);
	prctl(PR_SET_NAME, "kcov-waker");
	close_range(0, ~0U, 0);
	struct pollfd ended = { .fd = syscall(SYS_pidfd_open, command, 0), .events = POLLIN };
	for (;;) {
		nanosleep(&interval, NULL);
		if ((poll(&ended, 1, 0) > 0 || !may_be_stopped(command)) && may_be_stopped(front))
			kill(front, SIGCONT);
	}
}

/* Returns when we are continued. */
static void front_stop(struct front *front)
{
	pid_t self = getpid(), waker = fork();

	if (waker == 0)
		wake(self, front->command);
	front->waker = waker > 0 ? waker : 0;
	kill(self, SIGSTOP);
	if (waker < 0)
		return;
	kill(waker, SIGKILL);
	waitpid(waker, NULL, 0);
}

static void front_tell_status(struct front *front)
{
	if (front->status_fd < 0)
		return;
	(void)write_all(front->status_fd, &front->command_status, sizeof(front->command_status));
	close(front->status_fd);
	front->status_fd = -1;
}

static void front_reap(struct front *front)
{
	int status;

	for (;;) {
		pid_t pid = waitpid(-1, &status, WNOHANG | WUNTRACED | WCONTINUED);

		if (pid < 0 && errno == EINTR)
			continue;
		if (pid <= 0)
			return;
		if (WIFSTOPPED(status)) {
			if (pid == front->command)
				front_stop(front);
			continue;
		}
		if (WIFCONTINUED(status))
			continue;
		if (pid == front->command) {
			front->command_status = status;
			front->command = 0;
			front_tell_status(front);
		} else if (pid == front->supervisor) {
			front->supervisor_status = status;
			front->supervisor = 0;
		} else if (pid == front->witness) {
			front->witness = 0;
		}
	}
}

void front_wait(struct front *front)
{
	siginfo_t info;
	sigset_t all;

	sigfillset(&all);
	front_reap(front);
	while (front->command || front->supervisor) {
		if (sigwaitinfo(&all, &info) < 0)
			continue;
		if (info.si_signo == SIGCHLD)
			front_reap(front);
		else
			front_forward(front, &info);
	}
	front_end_witness(front);
}
