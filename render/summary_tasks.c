// SPDX-License-Identifier: GPL-2.0-or-later
/* What the collection lost: full buffers, tasks that were not followed; and its remote sources. */
#include <inttypes.h>

#include "base/cleanup.h"
#include "base/intern.h"
#include "base/strbuf.h"
#include "base/vector.h"
#include "render/summary.h"

/* Tasks that have name and reason in common. */
struct task_group {
	const struct run_source *first;
	uint64_t nr;
	uint64_t saturations;
};

DEFINE_VECTOR(task_group_vector, struct task_group);
typedef bool source_predicate(const struct run_source *source);

static bool is_saturated(const struct run_source *source)
{
	return source->kind != RUN_SOURCE_REMOTE && source->losses.saturations;
}

static bool is_not_followed(const struct run_source *source)
{
	return source->kind != RUN_SOURCE_REMOTE && source->state == RUN_STATE_NOT_FOLLOWED;
}

static bool is_cut(const struct run_source *source)
{
	return source->kind != RUN_SOURCE_REMOTE && source->state == RUN_STATE_CUT;
}

static struct error *add_task(const struct run_source *task, struct intern *keys,
			      struct task_group_vector *groups)
{
	_cleanup_strbuf_ struct strbuf key = STRBUF_INIT;
	uint32_t id;

	strbuf_addf(&key, "%s\n%s", task->name ? task->name : "", task->reason ? task->reason : "");
	struct error *err = strbuf_check(&key);
	if (!err)
		err = intern_id(keys, strbuf_str(&key), &id);
	if (err)
		return err;
	if (id == groups->len &&
	    !task_group_vector_append(groups, &(struct task_group){ .first = task }))
		return &error_no_memory;
	groups->data[id].nr++;
	groups->data[id].saturations += task->losses.saturations;
	return NULL;
}

static void print_group(const struct task_group *group, bool saturation, FILE *out)
{
	const struct run_source *first = group->first;

	fputs("  '", out);
	summary_print_text(first->name ? first->name : "?", out);
	fputs("'", out);
	if (group->nr > 1)
		fprintf(out, " (%" PRIu64 " tasks", group->nr);
	if (first->pid)
		fprintf(out, "%spid %" PRId32, group->nr > 1 ? ", first " : " (", first->pid);
	fputs(group->nr > 1 || first->pid ? ")" : "", out);
	if (saturation)
		fprintf(out, ": %" PRIu64 " time%s full", group->saturations,
			group->saturations == 1 ? "" : "s");
	else if (first->reason) {
		fputs(": ", out);
		summary_print_text(first->reason, out);
	}
	fputc('\n', out);
}

/* "N tasks TITLE:" and who they were; nothing when there are none. */
static struct error *print_tasks(const struct coverage *coverage, source_predicate *predicate,
				 const char *title, FILE *out)
{
	_cleanup_intern_ struct intern *keys = NULL;
	_cleanup_(task_group_vector_deinit) struct task_group_vector groups = VECTOR_INIT;
	uint64_t nr = 0;
	struct error *err = intern_create(&keys);

	for (size_t r = 0; !err && r < coverage->nr_runs; r++) {
		const struct coverage_run *run = &coverage->runs[r];

		for (size_t i = 0; !err && i < run->nr_sources; i++) {
			if (!predicate(&run->sources[i]))
				continue;
			nr++;
			err = add_task(&run->sources[i], keys, &groups);
		}
	}
	if (err || !nr)
		return err;
	fprintf(out, "\n%" PRIu64 " task%s %s:\n", nr, nr == 1 ? "" : "s", title);
	vector_for_each(&groups, group)
		print_group(group, predicate == is_saturated, out);
	return NULL;
}

/* Of commands whose tasks the kernel recorded into a set. */
static void print_drops(const struct coverage *coverage, FILE *out)
{
	uint64_t pcs = 0, tasks = 0;

	for (size_t r = 0; r < coverage->nr_runs; r++)
		for (size_t i = 0; i < coverage->runs[r].nr_sources; i++) {
			pcs += coverage->runs[r].sources[i].losses.dropped_pcs;
			tasks += coverage->runs[r].sources[i].losses.dropped_tasks;
		}
	if (pcs)
		fprintf(out,
			"\nthe kernel had no room for PCs of modules %" PRIu64
			" time%s: some are missing (collect with a larger --buffer)\n",
			pcs, pcs == 1 ? "" : "s");
	if (tasks)
		fprintf(out,
			"\n%" PRIu64 " task%s not recorded, nor what %s made: the kernel had no "
			"memory to\n",
			tasks, tasks == 1 ? " was" : "s were", tasks == 1 ? "it" : "they");
}

/* Every run has a common handle: it is said when something came of it. */
static bool is_worth_a_line(const struct run_source *source)
{
	return source->kind == RUN_SOURCE_REMOTE &&
	       (source->pcs.len || source->state == RUN_STATE_NOT_FOLLOWED || source->handle >> 56);
}

static void print_remote(const struct run_source *source, FILE *out)
{
	const struct run_state_words *words = run_source_state_words(source);
	uint64_t saturations = source->losses.saturations;

	fputs("  ", out);
	summary_print_text(source->name ? source->name : "?", out);
	if (words->listed) {
		fprintf(out, ": %s: ", words->listed);
		summary_print_text(source->reason ? source->reason : "unknown reason", out);
	} else {
		fprintf(out, ": %zu PC%s", source->pcs.len, source->pcs.len == 1 ? "" : "s");
	}
	if (saturations)
		fprintf(out,
			", %" PRIu64
			" time%s full: some may be lost (collect with a larger --buffer)",
			saturations, saturations == 1 ? "" : "s");
	fputc('\n', out);
}

static void print_remotes(const struct coverage *coverage, FILE *out)
{
	bool any = false;

	for (size_t r = 0; r < coverage->nr_runs; r++) {
		const struct coverage_run *run = &coverage->runs[r];

		for (size_t i = 0; i < run->nr_sources; i++) {
			if (!is_worth_a_line(&run->sources[i]))
				continue;
			if (!any)
				fputs("\nbackground work, by remote handle:\n", out);
			any = true;
			print_remote(&run->sources[i], out);
		}
	}
}

struct error *summary_tasks_render(const struct coverage *coverage, FILE *out)
{
	struct error *err;

	print_remotes(coverage, out);
	print_drops(coverage, out);
	err = print_tasks(
		coverage, is_saturated,
		"filled the buffer and may have lost PCs (collect with a larger --buffer)", out);
	if (!err)
		err = print_tasks(coverage, is_not_followed,
				  "not followed, nothing of them was recorded", out);
	if (!err)
		err = print_tasks(coverage, is_cut, "recorded only in part", out);
	return err;
}
