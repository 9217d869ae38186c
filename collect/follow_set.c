// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/follow_set.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "collect/collector.h"
#include "collect/kcov_set.h"

/* The kernel tells how many tasks record, but not when that changes. */
#define LOOK_INTERVAL_NS 10000000
/* Tasks that are on their way out when the root has ended get so many looks. */
#define LAST_LOOKS 5
/* TASK_COMM_LEN without its end: Linux include/linux/sched.h. */
#define COMM_MAX 15

static bool is_cancelled(const struct follow_set_options *o)
{
	return o->cancel && *o->cancel;
}

/* What poll(2) says of fd when there is something to say; 0 = cancelled. */
static int wait_for(const struct follow_set_options *o, int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	while (!is_cancelled(o))
		if (poll(&p, 1, -1) > 0)
			return p.revents;
	return 0;
}

/* Who is killed with the front was killed by us. */
static int32_t root_status(const struct follow_set_options *o)
{
	int status;

	if (wait_for(o, o->status_fd) & POLLIN &&
	    read_full(o->status_fd, &status, sizeof(status)) == sizeof(status))
		return status;
	return SIGKILL;
}

static struct error *count_tasks(const struct follow_set_options *o, uint64_t *ret)
{
	struct kcov_stats stats;

	struct error *err = kcov_set_stats(o->set, &stats);
	if (!err)
		*ret = stats.tasks;
	return err;
}

/* Until none records any more, or it is time to go. *left: how many do. */
static struct error *wait_for_tasks(const struct follow_set_options *o, uint64_t *left)
{
	const struct timespec interval = { .tv_nsec = LOOK_INTERVAL_NS };
	struct error *err = count_tasks(o, left);

	for (int i = 0; !err && *left && !is_cancelled(o) && (o->wait || i < LAST_LOOKS); i++) {
		nanosleep(&interval, NULL);
		err = count_tasks(o, left);
	}
	return err;
}

static void end(const struct follow_set_options *o, struct source *source, int32_t status,
		uint64_t left)
{
	char reason[96];

	if (!left) {
		collector_end_task(o->collector, source, status);
		return;
	}
	snprintf(reason, sizeof(reason),
		 "%" PRIu64 " of its tasks %s still running when the command ended", left,
		 left == 1 ? "was" : "were");
	collector_cut_task(o->collector, source, &status, reason);
}

struct error *follow_set_run(const struct follow_set_options *o, bool *started)
{
	/* Taken now: afterwards the pid may belong to somebody else. */
	_cleanup_close_ int pidfd = syscall(SYS_pidfd_open, o->root, 0);
	struct run_task task = { .pid = o->root, .tgid = o->root, .parent = -1 };
	const char *slash = strrchr(o->program, '/');
	struct source *source;
	char comm[COMM_MAX + 1];
	uint64_t left = 0;

	*started = false;
	if (pidfd < 0)
		return error_errno(errno, "cannot watch the command");
	if (wait_for(o, o->exec_fd) & POLLIN)
		return NULL;
	*started = true;
	/* As the kernel names it; asked now, it may not have done so yet. */
	snprintf(comm, sizeof(comm), "%s", slash ? slash + 1 : o->program);
	task.comm = comm;
	struct error *err = collector_start_set(o->collector, o->set, &task, &source);
	if (err)
		return err;
	wait_for(o, pidfd);
	int32_t status = root_status(o);
	err = wait_for_tasks(o, &left);
	end(o, source, status, left);
	return err;
}
