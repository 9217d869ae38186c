// SPDX-License-Identifier: GPL-2.0-or-later
/* Records clones of our own with KCOV: by this task, and by a task that is traced. */
#include "collect/kcov/clone_trials.h"

#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "collect/kcov/kcov.h"

#define SLEEP_MAX_NS 100000000
#define STACK_SIZE   16384

/*
 * One trial with and one without each flag that kernel_clone() itself branches on
 * (kernel/fork.c, 6.12): compilers give such paths tails of their own. The thread
 * has the flags of pthread_create(3).
 */
#define PROCESS_FLAGS SIGCHLD
#define VFORK_FLAGS   (CLONE_VM | CLONE_VFORK | SIGCHLD)
#define THREAD_FLAGS                                                                               \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |        \
	 CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID)
#define INVALID_FLAGS (CLONE_THREAD | SIGCHLD) /* without CLONE_SIGHAND: EINVAL */

/* TRIAL_SLEEP has no flags. */
static const int trial_flags[CLONE_TRIALS] = {
	[TRIAL_FAILURE] = INVALID_FLAGS,
	[TRIAL_HIDDEN_VFORK] = CLONE_UNTRACED | VFORK_FLAGS,
	[TRIAL_HIDDEN_THREAD] = CLONE_UNTRACED | THREAD_FLAGS,
	[TRIAL_HIDDEN_PROCESS] = CLONE_UNTRACED | PROCESS_FLAGS,
	[TRIAL_SEEN_VFORK] = VFORK_FLAGS,
	[TRIAL_SEEN_THREAD] = THREAD_FLAGS,
	[TRIAL_SEEN_PROCESS] = PROCESS_FLAGS,
};

struct trial {
	int flags;
	char *stack_end;
	pid_t pid, parent_tid;
	pid_t alive; /* not 0 while the thread lives */
};

static int do_nothing(void *arg)
{
	(void)arg;
	return 0;
}

static void make_task(void *arg)
{
	struct trial *t = arg;

	t->pid = clone(do_nothing, t->stack_end, t->flags, NULL, &t->parent_tid, NULL, &t->alive);
}

/* Wait until the new task no longer uses its stack. */
static void wait_for_task(struct trial *t)
{
	if (t->pid < 0)
		return;
	while (t->flags & CLONE_THREAD) {
		pid_t alive = __atomic_load_n(&t->alive, __ATOMIC_SEQ_CST);

		if (!alive)
			return;
		syscall(SYS_futex, &t->alive, FUTEX_WAIT, alive, NULL, NULL, 0);
	}
	while (waitpid(t->pid, NULL, __WALL) < 0 && errno == EINTR)
		;
}

/* Fails if the clone succeeds where it must not, or the other way round. */
static struct error *try_clone(struct kcov *kcov, char *stack_end, enum clone_trial number,
			       struct clone_trials *trials)
{
	/* If tracing cannot begin, no task is made. */
	struct trial t = {
		.flags = trial_flags[number], .stack_end = stack_end, .alive = 1, .pid = -1
	};

	struct error *err = kcov_trace(kcov, make_task, &t, trials->pcs[number], CLONE_TRIAL_WORDS,
				       &trials->nr[number]);
	wait_for_task(&t);
	if (!err && (t.pid < 0) != (t.flags == INVALID_FLAGS))
		return error_create(ERROR_SYSTEM, "cannot make a task");
	return err;
}

static void sleep_shortly(void *arg)
{
	nanosleep(arg, NULL);
}

/* If a sleep is over before the task was switched away, it shows nothing: try a longer one. */
static struct error *try_sleep(struct kcov *kcov, struct clone_trials *trials)
{
	struct rusage before, after;
	struct error *err = NULL;

	for (long ns = 500000; !err && ns < SLEEP_MAX_NS; ns *= 2) {
		getrusage(RUSAGE_THREAD, &before);
		err = kcov_trace(kcov, sleep_shortly, &(struct timespec){ .tv_nsec = ns },
				 trials->pcs[TRIAL_SLEEP], CLONE_TRIAL_WORDS,
				 &trials->nr[TRIAL_SLEEP]);
		getrusage(RUSAGE_THREAD, &after);
		if (after.ru_nvcsw > before.ru_nvcsw)
			break;
	}
	return err;
}

/* Run the trials from first up to but not including end in the calling task. */
static struct error *try_all(enum clone_trial first, enum clone_trial end,
			     struct clone_trials *trials)
{
	_cleanup_kcov_ struct kcov kcov = KCOV_CLOSED;
	_cleanup_free_ char *stack = aligned_alloc(16, STACK_SIZE);

	if (!stack)
		return &error_no_memory;
	struct error *err = kcov_open(&kcov, CLONE_TRIAL_WORDS);
	if (err)
		return err;
	/*
	 * Otherwise page faults would be in some traces only, and copying the area for the
	 * child would be traced.
	 */
	memset(stack, 0, STACK_SIZE);
	madvise(kcov.area, kcov.words * sizeof(*kcov.area), MADV_DONTFORK);
	for (enum clone_trial i = first; !err && i < end; i++)
		err = i == TRIAL_SLEEP ? try_sleep(&kcov, trials)
				       : try_clone(&kcov, stack + STACK_SIZE, i, trials);
	return err;
}

/* Wait until the tracer, which writes a byte, is attached, then run the trials. */
static void be_traced(int go_fd, struct clone_trials *trials)
{
	struct error *err = NULL;
	char byte;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (read(go_fd, &byte, 1) != 1)
		_exit(1);
	err = try_all(TRIAL_SEEN_VFORK, CLONE_TRIALS, trials);
	trials->is_traced_done = !err;
	_exit(0);
}

/*
 * Continue a task after a stop that does not concern us; a signal is delivered to it as usual. A
 * task that cannot be continued would be waited for without end: our end is its end.
 */
static void resume(pid_t pid, int status)
{
	if (ptrace(PTRACE_CONT, pid, NULL, status >> 16 ? 0l : (long)WSTOPSIG(status)) &&
	    errno != ESRCH)
		_exit(1);
}

/* The tracer is a process of its own, so its waitpid() reports only these tasks. */
static void be_tracer(struct clone_trials *trials)
{
	int go[2], status;
	pid_t pid;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGCHLD, SIG_DFL);
	if (pipe(go))
		_exit(1);
	pid = fork();
	if (pid == 0) {
		close(go[1]); /* if the tracer ends, the pipe does */
		be_traced(go[0], trials);
	}
	if (pid < 0 || ptrace(PTRACE_SEIZE, pid, NULL,
			      (long)(PTRACE_O_EXITKILL | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
				     PTRACE_O_TRACECLONE)))
		_exit(1);
	if (write(go[1], "", 1) != 1)
		_exit(1);
	while ((pid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR)
		if (pid > 0 && WIFSTOPPED(status))
			resume(pid, status);
	_exit(0);
}

static struct error *try_traced(struct clone_trials *trials)
{
	pid_t pid = fork();

	if (pid == 0)
		be_tracer(trials);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	if (!trials->is_traced_done)
		return error_create(ERROR_SYSTEM, "cannot trace a task that makes tasks");
	return NULL;
}

struct error *clone_trials_run(struct clone_trials **ret)
{
	void *map = mmap(NULL, sizeof(struct clone_trials), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (map == MAP_FAILED)
		return &error_no_memory;
	_cleanup_clone_trials_ struct clone_trials *trials = map;
	struct error *err = try_all(TRIAL_FAILURE, TRIAL_SEEN_VFORK, trials);
	if (!err)
		err = try_traced(trials);
	if (err)
		return err;
	*ret = steal_ptr(&trials);
	return NULL;
}

void clone_trials_destroy(struct clone_trials *trials)
{
	if (trials)
		munmap(trials, sizeof(*trials));
}
