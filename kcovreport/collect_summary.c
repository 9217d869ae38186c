// SPDX-License-Identifier: GPL-2.0-or-later
#include "kcovreport/collect_summary.h"

#include <inttypes.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "collect/run.h"
#include "kcovreport/kcovreport.h"

/* More tasks with the same trouble than this are counted, not listed: dump lists them. */
#define MAX_LISTED 10

struct totals {
	uint64_t covered, remote;
	uint64_t recorded;
	struct pc_map pcs;
};

static void add_task(struct totals *t, const struct run_task *task)
{
	const struct pc_count *pc;

	t->covered += !task->handle && task->state != RUN_TASK_NOT_FOLLOWED;
	for (size_t pos = 0; (pc = pc_map_next(&task->pcs, &pos));) {
		t->recorded += pc->count;
		if (task->handle)
			t->remote += pc->count;
		(void)pc_map_add(&t->pcs, pc->pc, 1);
	}
}

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static void warn_of_remote(const struct run_task *task)
{
	const char *name = task->comm ? task->comm : "?";

	if (task->state == RUN_TASK_NOT_FOLLOWED)
		say_warning("%s was not recorded: %s", name,
			    task->reason ? task->reason : "unknown reason");
	if (task->saturations)
		say_warning("remote coverage of %s filled its buffer %" PRIu64
			    " time%s: PCs may be lost (a larger --buffer may help)",
			    name, task->saturations, plural(task->saturations));
}

static void warn_of_task(const struct run_task *task)
{
	const char *comm = task->comm ? task->comm : "?";

	if (task->handle) {
		warn_of_remote(task);
		return;
	}
	if (task->state == RUN_TASK_NOT_FOLLOWED && !task->pid)
		say_warning("a task was not followed: %s",
			    task->reason ? task->reason : "unknown reason");
	else if (task->state == RUN_TASK_NOT_FOLLOWED)
		say_warning("task %d (%s) was not followed: %s", task->pid, comm,
			    task->reason ? task->reason : "unknown reason");
	else if (task->state == RUN_TASK_CUT)
		say_warning("task %d (%s) is covered only in part: %s", task->pid, comm,
			    task->reason ? task->reason : "unknown reason");
	if (task->saturations)
		say_warning("task %d (%s) filled its buffer %" PRIu64 " time%s: PCs may be lost "
			    "(a larger --buffer may help)",
			    task->pid, comm, task->saturations, plural(task->saturations));
}

static void warn_of_tasks(const struct run *run)
{
	size_t listed = 0, more = 0;

	vector_for_each(&run->tasks, task) {
		if (task->state == RUN_TASK_COVERED && !task->saturations)
			continue;
		if (listed++ < MAX_LISTED)
			warn_of_task(task);
		else
			more++;
	}
	if (more)
		say_warning("%zu more such task%s: 'kcovreport dump' lists them", more,
			    plural(more));
}

void say_collect_summary(const char *path)
{
	_cleanup_run_ struct run *run = NULL;
	struct totals t = { 0 };
	char remote[64] = "";
	struct stat st;

	if (stat(path, &st) || !S_ISREG(st.st_mode))
		return;
	struct error *err = run_load(path, &run);
	if (err) {
		say_error(err);
		return;
	}
	vector_for_each(&run->tasks, task)
		add_task(&t, task);
	if (t.remote)
		snprintf(remote, sizeof(remote), ", %" PRIu64 " of them in the background",
			 t.remote);
	say("%" PRIu64 " task%s covered, %zu distinct PCs of %" PRIu64 " recorded%s, in '%s'",
	    t.covered, plural(t.covered), t.pcs.len, t.recorded, remote, path);
	warn_of_tasks(run);
	vector_for_each(&run->notes, note)
		say_warning("%s", *note);
	if (run->damage)
		say_warning("'%s': %s", path, run->damage);
	pc_map_deinit(&t.pcs);
}
