// SPDX-License-Identifier: GPL-2.0-or-later
/* Waits for the end of a workload whose tasks the kernel follows, and records how it ended. */
#include "collect/follow/follow_set.h"

#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "base/io.h"
#include "collect/follow/openers.h"
#include "collect/kcov/collector.h"
#include "collect/kcov/contexts.h"
#include "collect/kcov/kcov_openers.h"
#include "collect/kcov/kcov_set.h"

/* The kernel tells how many tasks record, but does not notify us of a change. */
#define LOOK_INTERVAL_NS 10000000
/* How often to look for tasks that are still exiting when the root has ended. */
#define LAST_LOOKS	   5
#define CANCEL_INTERVAL_MS 500
/* TASK_COMM_LEN without its NUL: Linux include/linux/sched.h. */
#define COMM_MAX 15

/* Processes of the workload that opened the KCOV device. */
struct openers {
	size_t nr;
	pid_t pids[64]; /* no more are counted */
};

static bool is_cancelled(const struct follow_set_options *o)
{
	return o->cancel && *o->cancel;
}

static bool was_seen(const struct openers *seen, pid_t pid)
{
	for (size_t i = 0; i < seen->nr; i++)
		if (seen->pids[i] == pid)
			return true;
	return seen->nr == sizeof(seen->pids) / sizeof(*seen->pids);
}

/* The kernel does not say which tasks it records. At once, since a process is gone when it ends. */
static void see_openers(const struct follow_set_options *o, struct openers *seen)
{
	pid_t pid;

	while (kcov_openers_next(o->openers, &pid)) {
		if (!was_seen(seen, pid) && is_descendant(pid, o->root))
			seen->pids[seen->nr++] = pid;
	}
}

/* Wait until poll(2) has events for fd and return them; 0 = cancelled, and no events. */
static int wait_for(const struct follow_set_options *o, struct openers *seen, int fd)
{
	struct pollfd p[] = { { .fd = fd, .events = POLLIN },
			      { .fd = o->openers->fd, .events = POLLIN } };

	for (;;) {
		bool last = is_cancelled(o);

		/* A signal may arrive right before poll(). Then it is noticed a little later. */
		int n = poll(p, 2, last ? 0 : CANCEL_INTERVAL_MS);
		see_openers(o, seen);
		if (n > 0 && p[0].revents)
			return p[0].revents;
		if (last)
			return 0;
	}
}

/* False: we were told to end before the root did. A root that was killed together with
 * the front counts as killed by us. */
static bool wait_for_root(const struct follow_set_options *o, struct openers *seen, int32_t *status)
{
	int events = wait_for(o, seen, o->status_fd), from_wait;

	if (!events)
		return false;
	if (events & POLLIN &&
	    read_full(o->status_fd, &from_wait, sizeof(from_wait)) == sizeof(from_wait))
		*status = from_wait;
	else
		*status = W_EXITCODE(0, SIGKILL);
	return true;
}

static struct error *count_tasks(const struct follow_set_options *o, uint64_t *ret)
{
	struct kcov_stats stats = { 0 };

	if (!o->set)
		return NULL;
	struct error *err = kcov_set_stats(o->set, &stats);
	if (!err)
		*ret = stats.tasks;
	return err;
}

/* Wait until no task records any more, or until it is time to stop. *left: number that
 * still record. */
static struct error *wait_for_tasks(const struct follow_set_options *o, struct openers *seen,
				    uint64_t *left)
{
	const struct timespec interval = { .tv_nsec = LOOK_INTERVAL_NS };
	struct error *err = count_tasks(o, left);

	for (int i = 0; !err && *left && !is_cancelled(o) && (o->wait || i < LAST_LOOKS); i++) {
		nanosleep(&interval, NULL);
		see_openers(o, seen);
		err = count_tasks(o, left);
	}
	return err;
}

static void end(const struct follow_set_options *o, struct capture *capture, int32_t status,
		uint64_t left)
{
	char reason[96];

	if (!o->set)
		return;
	if (!left) {
		collector_end_task(o->collector, capture, status, 0);
		return;
	}
	snprintf(reason, sizeof(reason),
		 "%" PRIu64 " of its tasks %s still running when the command ended", left,
		 left == 1 ? "was" : "were");
	collector_cut_task(o->collector, capture, &status, reason, 0);
}

struct error *follow_set_run(const struct follow_set_options *o, bool *started)
{
	struct task_identity task = { .pid = o->root, .tgid = o->root, .parent = -1 };
	const char *slash = strrchr(o->program, '/');
	struct openers seen = { 0 };
	struct capture *capture = NULL;
	char comm[COMM_MAX + 1];
	uint64_t left = 0;
	int32_t status;

	*started = false;
	if (wait_for(o, &seen, o->exec_fd) & POLLIN)
		return NULL;
	*started = true;
	/* The name that the kernel gives the task. Reading it now could be too early. */
	snprintf(comm, sizeof(comm), "%s", slash ? slash + 1 : o->program);
	task.comm = comm;
	struct error *err =
		o->set ? collector_start_set(o->collector, o->set, &task, &capture) : NULL;
	if (!err)
		err = contexts_collect(o->contexts, o->collector);
	if (err)
		return err;
	bool ended = wait_for_root(o, &seen, &status);
	if (!ended && o->set) {
		collector_cut_task(o->collector, capture, NULL,
				   "still running when kcovreport was ended", 0);
	} else if (ended) {
		err = wait_for_tasks(o, &seen, &left);
		end(o, capture, status, left);
	}
	note_openers(o->collector, seen.nr);
	return err;
}
