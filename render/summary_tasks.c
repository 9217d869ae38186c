// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The part of the summary about losses (full buffers, tasks that were not
 * followed), about remote sources and contexts.
 */
#include <inttypes.h>

#include "base/cleanup.h"
#include "base/intern.h"
#include "base/strbuf.h"
#include "base/vector.h"
#include "run/fields.h"
#include "render/summary.h"

/* Tasks with the same name and reason. */
struct task_group {
	const struct run_source *first;
	uint64_t nr;
	uint64_t lost; /* sum of subject->counter over these tasks */
};

DEFINE_VECTOR(task_group_vector, struct task_group);
/* What a list is about: a counter of lost things, or a state. */
struct subject {
	const struct run_field *counter; /* NULL: the list is about the state */
	enum run_state state;
};

static bool is_about(const struct subject *subject, const struct run_source *source)
{
	if (source->kind == RUN_SOURCE_REMOTE || run_kind_is_context(source->kind))
		return false;
	return subject->counter ? run_field_integer(subject->counter, source)
				: source->state == subject->state;
}

static struct error *add_task(const struct run_source *task, const struct subject *subject,
			      struct intern *keys, struct task_group_vector *groups)
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
	if (subject->counter)
		groups->data[id].lost += run_field_integer(subject->counter, task);
	return NULL;
}

static void print_lost(const struct run_loss *loss, uint64_t n, FILE *out)
{
	fprintf(out, "%" PRIu64 "%s", n, n == 1 ? loss->entry_one : loss->entry_many);
}

static void print_group(const struct task_group *group, const struct subject *subject, FILE *out)
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
	if (subject->counter) {
		fputs(": ", out);
		print_lost(subject->counter->loss, group->lost, out);
	} else if (first->reason) {
		fputs(": ", out);
		summary_print_text(first->reason, out);
	}
	fputc('\n', out);
}

/* Print "N tasks TITLE:" and the tasks, in groups. Print nothing if there are none. */
static struct error *print_tasks(const struct coverage *coverage, const struct subject *subject,
				 const char *title, FILE *out)
{
	_cleanup_intern_ struct intern *keys = NULL;
	_cleanup_(task_group_vector_deinit) struct task_group_vector groups = VECTOR_INIT;
	uint64_t nr = 0;
	struct error *err = intern_create(&keys);

	for (size_t r = 0; !err && r < coverage->nr_runs; r++) {
		const struct coverage_run *run = &coverage->runs[r];

		for (size_t i = 0; !err && i < run->nr_sources; i++) {
			if (!is_about(subject, &run->sources[i]))
				continue;
			nr++;
			err = add_task(&run->sources[i], subject, keys, &groups);
		}
	}
	if (err || !nr)
		return err;
	fprintf(out, "\n%" PRIu64 " task%s %s:\n", nr, nr == 1 ? "" : "s", title);
	vector_for_each(&groups, group)
		print_group(group, subject, out);
	return NULL;
}

/* For a counter without a list: print its sum over all sources. */
static struct error *print_totals(const struct coverage *coverage, const struct run_field *counter,
				  FILE *out)
{
	_cleanup_strbuf_ struct strbuf text = STRBUF_INIT;
	uint64_t n = 0;

	for (size_t r = 0; r < coverage->nr_runs; r++)
		for (size_t i = 0; i < coverage->runs[r].nr_sources; i++)
			n += run_field_integer(counter, &coverage->runs[r].sources[i]);
	if (!n)
		return NULL;
	run_loss_write(counter->loss, n, &text);
	fprintf(out, "\n%s\n", strbuf_str(&text));
	return strbuf_check(&text);
}

/* Every run has a common handle. Print it only if it recorded something or failed. */
static bool is_worth_a_line(const struct run_source *source)
{
	return source->kind == RUN_SOURCE_REMOTE &&
	       (source->nr_pcs || source->state == RUN_STATE_NOT_FOLLOWED || source->handle >> 56);
}

static void print_remote(const struct run_source *source, FILE *out)
{
	const struct run_state_words *words = run_source_state_words(source);

	fputs("  ", out);
	summary_print_text(source->name ? source->name : "?", out);
	if (words->listed) {
		fprintf(out, ": %s: ", words->listed);
		summary_print_text(source->reason ? source->reason : "unknown reason", out);
	} else {
		fprintf(out, ": %zu PC%s", source->nr_pcs, source->nr_pcs == 1 ? "" : "s");
	}
	run_for_each_loss(field)
	{
		uint64_t n = field->loss->title ? run_field_integer(field, source) : 0;

		if (!n)
			continue;
		fputs(", ", out);
		print_lost(field->loss, n, out);
		fputs(field->loss->advice, out);
	}
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

/* Losses of contexts are in the totals. */
static void print_context(const struct run_source *source, FILE *out)
{
	fprintf(out, "  %s: ", run_kind_words(source->kind)->title);
	if (source->state == RUN_STATE_NOT_FOLLOWED) {
		fputs("not recorded: ", out);
		summary_print_text(source->reason ? source->reason : "unknown reason", out);
	} else {
		fprintf(out, "%zu PC%s", source->nr_pcs, source->nr_pcs == 1 ? "" : "s");
	}
	if (source->pending)
		fprintf(out, ", %" PRIu64 " piece%s had not run at the end, or %s cancelled",
			source->pending, source->pending == 1 ? "" : "s",
			source->pending == 1 ? "was" : "were");
	fputc('\n', out);
}

static void print_contexts(const struct coverage *coverage, FILE *out)
{
	bool any = false;

	for (size_t r = 0; r < coverage->nr_runs; r++) {
		const struct coverage_run *run = &coverage->runs[r];

		for (size_t i = 0; i < run->nr_sources; i++) {
			if (!run_kind_is_context(run->sources[i].kind))
				continue;
			if (!any)
				fputs("\nrecorded in other contexts:\n", out);
			any = true;
			print_context(&run->sources[i], out);
		}
	}
}

static struct error *print_losses(const struct coverage *coverage, FILE *out)
{
	struct error *err = NULL;

	run_for_each_loss(field) if (!err && !field->loss->title) err =
		print_totals(coverage, field, out);
	run_for_each_loss(field) if (!err && field->loss->title) err = print_tasks(
		coverage, &(struct subject){ .counter = field }, field->loss->title, out);
	return err;
}

/* Print a list for each state that has a title. */
static struct error *print_states(const struct coverage *coverage, FILE *out)
{
	struct error *err = NULL;

	for (enum run_state s = 0; !err && s <= RUN_STATE_CUT; s++) {
		const struct run_source task = { .kind = RUN_SOURCE_TASK, .state = s };
		const char *title = run_source_state_words(&task)->listed;

		if (title)
			err = print_tasks(coverage, &(struct subject){ .state = s }, title, out);
	}
	return err;
}

struct error *summary_tasks_render(const struct coverage *coverage, FILE *out)
{
	print_remotes(coverage, out);
	print_contexts(coverage, out);
	struct error *err = print_losses(coverage, out);
	return err ? err : print_states(coverage, out);
}
