// SPDX-License-Identifier: GPL-2.0-or-later
#include "kcovreport/collect_summary.h"

#include <inttypes.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "run/run.h"
#include "kcovreport/kcovreport.h"

/* More tasks with the same trouble than this are counted, not listed: dump lists them. */
#define MAX_LISTED 10

struct totals {
	uint64_t covered, remote;
	uint64_t recorded;
	bool sets; /* how often is not known of all of them */
	struct pc_map pcs;
};

static void add_task(struct totals *t, const struct run_task *task)
{
	const struct pc_count *pc;

	if (task->set_tasks)
		t->covered += task->set_tasks;
	else
		t->covered += !task->handle && task->state != RUN_TASK_NOT_FOLLOWED;
	t->sets |= task->set_tasks != 0;
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

static void warn_of_set(const struct run_task *task)
{
	if (task->dropped_pcs)
		say_warning("the kernel's set had no room %" PRIu64
			    " time%s: PCs of modules are missing (a larger --buffer may help)",
			    task->dropped_pcs, plural(task->dropped_pcs));
	if (task->dropped_tasks)
		say_warning("%" PRIu64
			    " task%s not recorded, nor what %s: the kernel had no memory "
			    "to",
			    task->dropped_tasks, task->dropped_tasks == 1 ? " was" : "s were",
			    task->dropped_tasks == 1 ? "it made" : "they made");
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
	warn_of_set(task);
}

static bool is_whole(const struct run_task *task)
{
	return task->state == RUN_TASK_COVERED && !task->saturations && !task->dropped_pcs &&
	       !task->dropped_tasks;
}

static void warn_of_tasks(const struct run *run)
{
	size_t listed = 0, more = 0;

	vector_for_each(&run->tasks, task) {
		if (is_whole(task))
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

static void say_totals(const struct totals *t, const char *path)
{
	char recorded[128] = "", remote[64] = "";

	if (t->sets)
		snprintf(recorded, sizeof(recorded), ", in a set of the kernel");
	else
		snprintf(recorded, sizeof(recorded), " of %" PRIu64 " recorded", t->recorded);
	if (t->remote)
		snprintf(remote, sizeof(remote), ", %" PRIu64 "%s in the background", t->remote,
			 t->sets ? "" : " of them");
	say("%" PRIu64 " task%s covered, %zu distinct PCs%s%s, in '%s'", t->covered,
	    plural(t->covered), t->pcs.len, recorded, remote, path);
}

void say_collect_summary(const char *path)
{
	_cleanup_run_ struct run *run = NULL;
	struct totals t = { 0 };
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
	say_totals(&t, path);
	warn_of_tasks(run);
	vector_for_each(&run->notes, note)
		say_warning("%s", *note);
	if (run->damage)
		say_warning("'%s': %s", path, run->damage);
	pc_map_deinit(&t.pcs);
}
