// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The tracer's event loop: seizes tasks, enables coverage in them, and follows them to their
 * ends.
 */
#include "collect/follow/follow.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/io.h"
#include "collect/follow/attach.h"
#include "collect/follow/hidden.h"
#include "collect/follow/openers.h"
#include "collect/follow/tracee.h"
#include "collect/kcov/kcov.h"

/* A task that runs stops at once when it is asked to. */
#define LET_GO_QUIET_NS	   2000000000ULL
#define LET_GO_INTERVAL_NS 1000000ULL

struct follow {
	struct follow_options options;
	unsigned long ptrace_options;
	struct tracee_table tracees;
	bool started; /* the root has executed its program */
	bool root_exited;
	bool detached;	     /* root_only, and the root runs untraced */
	uint64_t nr_openers; /* processes that opened the KCOV device */
	struct error *err;   /* a task could not be controlled; owned */
};

static bool is_cancelled(const struct follow *f)
{
	return f->options.cancel && *f->options.cancel;
}

struct error *follow_create(const struct follow_options *options, struct follow **ret)
{
	struct follow *f = calloc(1, sizeof(*f));

	if (!f)
		return &error_no_memory;
	f->options = *options;
	f->ptrace_options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC;
	if (!options->root_only)
		f->ptrace_options |= PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE;
	struct tracee *root = tracee_get(&f->tracees, options->root);
	if (!root) {
		free(f);
		return &error_no_memory;
	}
	root->born = root->announced = true;
	if (ptrace(PTRACE_SEIZE, options->root, 0, f->ptrace_options)) {
		struct error *err = error_errno(errno, "cannot trace the command");

		follow_destroy(f);
		return error_hint(err, "is ptrace allowed here (kernel.yama.ptrace_scope)?");
	}
	*ret = f;
	return NULL;
}

void follow_destroy(struct follow *f)
{
	if (!f)
		return;
	tracee_table_deinit(&f->tracees);
	error_destroy(f->err);
	free(f);
}

/*
 * Let a stopped task run, or stop one that runs. If the task died meanwhile, its death is reported
 * next. After any other failure it may never have an event again: do not wait for one.
 */
static void control(struct follow *f, enum __ptrace_request request, pid_t pid, int signal)
{
	if (ptrace(request, pid, 0, signal) && errno != ESRCH && !f->err)
		f->err = error_errno(errno, "cannot control task %d with ptrace", pid);
}

static void resume(struct follow *f, const struct tracee *t, int signal)
{
	control(f, PTRACE_CONT, t->pid, signal);
}

static void skip_task(struct follow *f, struct tracee *t, const struct task_status *status,
		      const char *reason)
{
	const struct task_identity task = {
		.pid = t->pid, .tgid = t->tgid, .parent = t->parent, .comm = status->comm
	};

	t->id = collector_skip_task(f->options.collector, &task, reason);
}

static const char still_running[] = "still running when the command ended";
static const char killed_at_birth[] = "it was killed before its first instruction";

/*
 * A new task may stop before its parent's event, and if the parent dies, there is no event. Find
 * its parent in /proc.
 */
static void find_parent(struct follow *f, struct tracee *t, const struct task_status *status)
{
	pid_t parent = status->tgid != t->pid ? status->tgid : status->ppid;
	struct tracee *p = tracee_find(&f->tracees, parent);

	if (t->parent < 0)
		t->parent = p ? p->id : -1;
}

/* Enable coverage in a stopped task, or record why that failed. */
static void cover_task(struct follow *f, struct tracee *t, bool after_exec)
{
	struct task_status status = { .tgid = t->pid };
	struct capture *capture = NULL;
	int kcov_fd;

	/* If the task is dying, /proc may say nothing of it. */
	if (task_status_read(t->pid, &status) && !after_exec)
		find_parent(f, t, &status);
	t->tgid = status.tgid;
	struct error *err = collector_prepare(f->options.collector, &capture, &kcov_fd);
	if (!err) {
		err = attach_kcov(t->pid, t->tgid, f->ptrace_options, after_exec, kcov_fd);
		if (err)
			collector_cancel(f->options.collector, capture);
	}
	if (err) {
		_cleanup_free_ char *text = error_format(err);
		const char *reason = text ? text : "out of memory";

		skip_task(f, t, &status, err->code == ERROR_NOT_FOUND ? killed_at_birth : reason);
		error_destroy(err);
		return;
	}
	const struct task_identity task = {
		.pid = t->pid, .tgid = t->tgid, .parent = t->parent, .comm = status.comm
	};
	t->capture = capture;
	t->id = collector_start_task(f->options.collector, capture, &task);
}

/* The first stop of a new task. It may be that of its process, too: then it has to stop again. */
static void handle_birth(struct follow *f, struct tracee *t, int signal)
{
	t->born = true;
	cover_task(f, t, false);
	if (signal != SIGTRAP)
		control(f, PTRACE_INTERRUPT, t->pid, 0);
	resume(f, t, 0);
}

static void announce_child(struct follow *f, struct tracee *t)
{
	unsigned long pid;

	if (ptrace(PTRACE_GETEVENTMSG, t->pid, 0, &pid))
		return;
	t->children++;
	if (tracee_take_stray(&f->tracees, pid))
		return;
	struct tracee *child = tracee_get(&f->tracees, pid);
	if (!child)
		return;
	child->announced = true;
	child->parent = t->id;
	if (child->capture)
		collector_set_parent(f->options.collector, child->capture, t->id);
}

static void handle_new_child(struct follow *f, struct tracee *t)
{
	announce_child(f, t);
	resume(f, t, 0);
}

/* Number of tasks that t created, as far as we were told. */
static uint64_t count_announced(const struct follow *f, const struct tracee *t)
{
	return f->options.root_only ? UINT64_MAX : t->children;
}

/* Call this before a task is forgotten: its events are older than its end. */
static void see_openers(struct follow *f)
{
	pid_t pid;

	while (kcov_openers_next(f->options.openers, &pid)) {
		struct tracee *t = tracee_find(&f->tracees, pid);

		if (t && !t->opened_kcov) {
			t->opened_kcov = true;
			f->nr_openers++;
		}
	}
}

static void forget_tracee(struct follow *f, struct tracee *t)
{
	see_openers(f);
	tracee_remove_ended(&f->tracees, t);
}

static void end_tracee(struct follow *f, struct tracee *t, int status)
{
	if (t->capture)
		collector_end_task(f->options.collector, t->capture, status, count_announced(f, t));
	forget_tracee(f, t);
}

/* execve() by a thread that was not the leader: it takes the leader's id, and the old leader
 * has ended. */
static struct tracee *adopt_leader_id(struct follow *f, struct tracee *leader, pid_t former)
{
	struct tracee *t = tracee_find(&f->tracees, former);
	pid_t pid = leader->pid;

	if (!t)
		return leader;
	end_tracee(f, leader, 0);
	tracee_rename(&f->tracees, t, pid);
	return t;
}

/* The task that reports its execve(). */
static struct tracee *find_executing(struct follow *f, struct tracee *t)
{
	unsigned long former;

	if (ptrace(PTRACE_GETEVENTMSG, t->pid, 0, &former) || (pid_t)former == t->pid)
		return t;
	return adopt_leader_id(f, t, former);
}

/* Run from inside execve to its exit, where registers can be set. Returns false if the task
 * died, or cannot be controlled. */
static bool run_to_exec_exit(struct follow *f, const struct tracee *t)
{
	siginfo_t info = { 0 };
	int status;

	control(f, PTRACE_SYSCALL, t->pid, 0);
	if (f->err)
		return false;
	while (waitid(P_PID, t->pid, &info, WEXITED | WSTOPPED | WNOWAIT | __WALL))
		if (errno != EINTR)
			return false;
	if (info.si_code != CLD_TRAPPED)
		return false;
	return waitpid(t->pid, &status, __WALL) == t->pid && WSTOPSIG(status) == (SIGTRAP | 0x80);
}

static void start_root(struct follow *f, struct tracee *t)
{
	f->started = true;
	if (!run_to_exec_exit(f, t))
		return;
	cover_task(f, t, true);
	if (!f->options.root_only)
		return;
	control(f, PTRACE_DETACH, t->pid, 0);
	f->detached = true;
}

static void handle_exec(struct follow *f, struct tracee *t)
{
	struct task_status status;

	t = find_executing(f, t);
	if (t->pid == f->options.root && !f->started)
		start_root(f, t);
	else if (t->capture && task_comm_read(t->pid, &status))
		collector_rename_task(f->options.collector, t->capture, status.comm);
	if (!f->detached)
		resume(f, t, 0);
}

static void handle_signal(struct follow *f, struct tracee *t, int signal)
{
	siginfo_t info;

	if (t->tgid == f->options.root && f->options.delivered &&
	    ptrace(PTRACE_GETSIGINFO, t->pid, 0, &info) == 0)
		f->options.delivered(f->options.arg, &info);
	resume(f, t, signal);
}

static void handle_event_stop(struct follow *f, struct tracee *t, int signal)
{
	if (!t->born)
		handle_birth(f, t, signal);
	else if (signal == SIGTRAP)
		resume(f, t, 0);
	else
		control(f, PTRACE_LISTEN, t->pid, 0);
}

static void handle_stop(struct follow *f, struct tracee *t, int status)
{
	int signal = WSTOPSIG(status);

	switch (status >> 16) {
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		handle_new_child(f, t);
		break;
	case PTRACE_EVENT_EXEC:
		handle_exec(f, t);
		break;
	case PTRACE_EVENT_STOP:
		handle_event_stop(f, t, signal);
		break;
	default:
		if (signal == (SIGTRAP | 0x80))
			resume(f, t, 0);
		else
			handle_signal(f, t, signal);
	}
}

static void handle_death(struct follow *f, struct tracee *t, int status)
{
	struct task_status gone = { 0 };

	if (t->pid == f->options.root)
		f->root_exited = true;
	if (!t->born)
		skip_task(f, t, &gone, killed_at_birth);
	end_tracee(f, t, status);
}

static void handle_event(struct follow *f, pid_t pid, int status,
			 void (*stopped)(struct follow *, struct tracee *, int))
{
	struct tracee *t = tracee_get(&f->tracees, pid);

	if (!t)
		return;
	if (WIFSTOPPED(status))
		stopped(f, t, status);
	else if (WIFEXITED(status) || WIFSIGNALED(status))
		handle_death(f, t, status);
}

/* Handle one event. Returns false if no tracee is left, or a signal arrived. */
static bool wait_event(struct follow *f)
{
	int status;
	pid_t pid = waitpid(-1, &status, __WALL);

	if (pid < 0)
		return errno == EINTR && !is_cancelled(f);
	handle_event(f, pid, status, handle_stop);
	return true;
}

static bool is_new_child(int event)
{
	return event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK ||
	       event == PTRACE_EVENT_CLONE;
}

/*
 * A task that is not born yet may have been made before or after the command ended. Nothing of it
 * was executed in either case.
 */
static void let_go(struct follow *f, struct tracee *t, int status)
{
	int event = status >> 16, signal = WSTOPSIG(status);
	bool delivery = !event && signal != (SIGTRAP | 0x80);
	struct task_status gone = { .tgid = t->pid };

	if (is_new_child(event))
		announce_child(f, t);
	if (event == PTRACE_EVENT_EXEC)
		t = find_executing(f, t);
	if (!t->born && task_status_read(t->pid, &gone))
		find_parent(f, t, &gone);
	control(f, PTRACE_DETACH, t->pid, delivery ? signal : 0);
	if (t->capture) {
		collector_cut_task(f->options.collector, t->capture, NULL, still_running,
				   count_announced(f, t));
	} else if (!t->born) {
		skip_task(f, t, &gone, "the command ended before its first instruction");
	}
	forget_tracee(f, t);
}

/* The kernel lets the tasks of a tracer go when it ends, which is soon. */
static void give_up(struct follow *f, const char *reason)
{
	for (size_t i = 0; i < TRACEE_BUCKETS; i++) {
		for (struct tracee *t = f->tracees.buckets[i]; t; t = t->next) {
			if (t->capture)
				collector_cut_task(f->options.collector, t->capture, NULL, reason,
						   count_announced(f, t));
			t->capture = NULL;
		}
	}
}

/*
 * A task that sleeps uninterruptibly does not stop: one that waits for its child of vfork(2) may
 * sleep for hours. Nor does the leader of a process of which another thread that we have let go
 * executes a program: it ends, and nothing reports that.
 */
static void let_all_go(struct follow *f)
{
	uint64_t last = now_ns();
	int status;

	for (size_t i = 0; i < TRACEE_BUCKETS; i++)
		for (struct tracee *t = f->tracees.buckets[i]; t; t = t->next)
			control(f, PTRACE_INTERRUPT, t->pid, 0);
	while (!f->err && f->tracees.len && now_ns() - last < LET_GO_QUIET_NS) {
		pid_t pid = waitpid(-1, &status, __WALL | WNOHANG);

		if (pid < 0)
			break;
		if (pid) {
			handle_event(f, pid, status, let_go);
			last = now_ns();
		} else {
			sleep_ns(LET_GO_INTERVAL_NS);
		}
	}
	if (!f->err)
		give_up(f, still_running);
}

/* The root runs untraced and is not our child: its parent tells how it ended, unless it is killed.
 */
static void wait_for_detached_root(struct follow *f)
{
	struct pollfd poll_fd = { .fd = f->options.status_fd, .events = POLLIN };
	struct tracee *root = tracee_find(&f->tracees, f->options.root);
	int32_t status;

	while (poll(&poll_fd, 1, -1) < 0 && errno == EINTR && !is_cancelled(f))
		;
	if (!poll_fd.revents) {
		give_up(f, "still running when kcovreport was ended");
		return;
	}
	if (read_full(f->options.status_fd, &status, sizeof(status)) != sizeof(status))
		status = W_EXITCODE(0, SIGKILL);
	f->root_exited = true;
	if (root)
		end_tracee(f, root, status);
}

struct error *follow_run(struct follow *f, bool *started)
{
	while (!f->err && !f->detached && !is_cancelled(f) && (f->options.wait || !f->root_exited))
		if (!wait_event(f))
			break;
	if (!f->err && f->detached)
		wait_for_detached_root(f);
	else if (!f->err)
		let_all_go(f);
	if (f->err)
		give_up(f, "ptrace failed");
	name_hidden_clones(f->options.collector, f->tracees.nr_strays);
	note_openers(f->options.collector, f->nr_openers);
	*started = f->started;
	return steal_ptr(&f->err);
}
