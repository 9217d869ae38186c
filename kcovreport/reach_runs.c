// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads run after run, keeps the PCs that matter to a place, and asks what they say of it. */
#include <string.h>

#include "base/cleanup.h"
#include "base/workers.h"
#include "kcovreport/jobs.h"
#include "kcovreport/kcovreport.h"
#include "kcovreport/reach.h"
#include "kcovreport/recognise_calls.h"
#include "run/fields.h"
#include "run/stream.h"

static void run_result_deinit(struct reach_run *run)
{
	vector_for_each(&run->tasks, task)
		free(task->name);
	reach_task_vector_deinit(&run->tasks);
	free(run->hits);
	free(run->damage);
}

void reach_deinit(struct reach *reach)
{
	struct reach_where *where = &reach->where;

	for (size_t i = 0; reach->results && i < reach->runs.nr; i++)
		run_result_deinit(&reach->results[i]);
	free(reach->results);
	for (size_t i = 0; reach->workers && i < reach->nr_workers; i++) {
		coverage_parses_destroy(reach->workers[i].parses);
		joined_file_deinit(&reach->workers[i].joined);
		free(reach->workers[i].states);
		free(reach->workers[i].has_code);
	}
	free(reach->workers);
	coverage_scope_destroy(reach->scope);
	reach_file_vector_deinit(&where->files);
	reach_range_vector_deinit(&where->ranges);
	free(where->function);
	free(where->has_code);
	free(where->diff_text);
	reach_names_deinit(&reach->names);
	report_images_deinit(&reach->images);
	report_runs_deinit(&reach->runs);
}

/* A source of a run while it is read, with the PCs that matter. */
struct kept_source {
	struct reach_task task;
	struct pc_count_vector pcs[2]; /* if they are return addresses, and if they are calls */
	bool is_least;
};
DEFINE_VECTOR(kept_vector, struct kept_source);

/* A run while it is read. */
struct reading {
	struct reach *reach;
	struct reach_worker *worker;
	const struct report_group *group;
	struct reach_run *result;
	struct kept_vector kept;
	/* It is an import, which does not say what its PCs are: all of them tell. */
	bool is_open;
	struct pc_votes votes;
	struct pc_parts all; /* for the votes, if there are several sources */
	size_t nr_sources;
};

static void kept_deinit(struct kept_source *kept)
{
	free(kept->task.name);
	pc_count_vector_deinit(&kept->pcs[0]);
	pc_count_vector_deinit(&kept->pcs[1]);
}

static void reading_deinit(struct reading *r)
{
	vector_for_each(&r->kept, kept)
		kept_deinit(kept);
	kept_vector_deinit(&r->kept);
	pc_parts_deinit(&r->all);
}

static struct coverage_source make_source(const struct reading *r, const struct pc_count *pcs,
					  size_t nr_pcs, bool is_calls, bool is_least)
{
	return (struct coverage_source){
		.pcs = pcs,
		.nr_pcs = nr_pcs,
		.pcs_are_calls = is_calls,
		.mappings = r->group->mappings,
		.nr_mappings = r->group->nr_mappings,
		.counts_are_least = is_least,
	};
}

static struct error *vote(struct reading *r, const struct run_source *source)
{
	const struct coverage_source all =
		make_source(r, source->pcs, source->nr_pcs, false, false);

	if (r->nr_sources > 1)
		return pc_parts_add(&r->all, source->pcs, source->nr_pcs);
	pc_votes_add_source(&r->votes, &all, r->reach->images.indexes);
	return NULL;
}

static struct error *select_pcs(const struct reading *r, const struct run_source *source,
				bool is_calls, struct kept_source *kept)
{
	const struct coverage_source all =
		make_source(r, source->pcs, source->nr_pcs, is_calls, false);

	return coverage_scope_select(r->reach->scope, r->reach->images.inputs, &all,
				     &kept->pcs[is_calls]);
}

static struct error *keep(struct reading *r, const struct run_source *source)
{
	struct kept_source new = {
		.task = { .id = source->id,
			  .pid = source->pid,
			  .kind = source->kind,
			  .nr_tasks = source->nr_tasks },
		.is_least = run_source_counts(source) != RUN_COUNTS_EXACT,
	};
	struct error *err = NULL;

	for (int is_calls = 0; !err && is_calls < 2; is_calls++)
		if (r->is_open || is_calls == r->group->pcs_are_calls)
			err = select_pcs(r, source, is_calls, &new);
	if (!err && !new.pcs[0].len && !new.pcs[1].len) {
		kept_deinit(&new);
		return NULL;
	}
	new.task.name = source->name && !err ? strdup(source->name) : NULL;
	if (!err && source->name && !new.task.name)
		err = &error_no_memory;
	if (!err && !kept_vector_append(&r->kept, &new))
		err = &error_no_memory;
	if (err)
		kept_deinit(&new);
	return err;
}

static struct error *visit(void *arg, struct run_source *source)
{
	struct reading *r = arg;
	struct error *err = NULL;

	r->result->has_losses |=
		run_source_has_losses(source) || source->state != RUN_STATE_COVERED;
	if (!report_source_counts(source, r->reach->options->pcs) || !source->nr_pcs)
		return NULL;
	if (r->is_open)
		err = vote(r, source);
	return err ? err : keep(r, source);
}

/* Whether the PCs of the run are addresses of calls, after all of it was read. */
static struct error *are_calls(struct reading *r, bool *ret)
{
	struct pc_count *pcs;
	size_t nr_pcs;

	*ret = r->group->pcs_are_calls;
	if (!r->is_open)
		return NULL;
	struct error *err = pc_parts_take(&r->all, &pcs, &nr_pcs);
	if (err)
		return err;
	const struct coverage_source all = make_source(r, pcs, nr_pcs, false, false);
	pc_votes_add_source(&r->votes, &all, r->reach->images.indexes);
	free(pcs);
	*ret = r->result->is_calls = r->votes.calls > r->votes.returns;
	return NULL;
}

static struct error *note_hits(struct reading *r)
{
	const struct reach_where *where = &r->reach->where;
	struct reach_run *result = r->result;

	if (!result->answer.nr_hit)
		return NULL;
	result->hits = calloc(where->nr_elements / 64 + 1, sizeof(*result->hits));
	if (!result->hits)
		return &error_no_memory;
	for (size_t i = 0; i < where->nr_elements; i++)
		if (r->worker->states[i] == REACH_HIT)
			result->hits[i / 64] |= UINT64_C(1) << i % 64;
	return NULL;
}

static struct error *ask_tasks(struct reading *r, bool is_calls)
{
	struct reach_run *result = r->result;
	struct error *err = NULL;

	vector_for_each(&r->kept, kept) {
		const struct pc_count_vector *pcs = &kept->pcs[is_calls];
		const struct coverage_source source =
			make_source(r, pcs->data, pcs->len, is_calls, kept->is_least);

		if (!pcs->len)
			continue;
		/* What the only source says was asked for already. */
		kept->task.answer = result->answer;
		if (r->kept.len > 1)
			err = reach_ask(r->reach, r->worker, &source, 1, &kept->task.answer);
		if (err)
			return err;
		if (!kept->task.answer.is_reached)
			continue;
		if (!reach_task_vector_append(&result->tasks, &kept->task))
			return &error_no_memory;
		kept->task.name = NULL;
	}
	return err;
}

/* The PCs of all sources with exact counts, or of those with lower bounds. *ret is to be freed. */
static struct error *merge(const struct reading *r, bool is_calls, bool is_least,
			   struct pc_count **ret, size_t *ret_nr)
{
	_cleanup_(pc_span_vector_deinit) struct pc_span_vector spans = VECTOR_INIT;

	vector_for_each(&r->kept, kept) {
		const struct pc_count_vector *pcs = &kept->pcs[is_calls];

		if (kept->is_least == is_least && pcs->len &&
		    !pc_span_vector_append(&spans, &(struct pc_span){ pcs->data, pcs->len }))
			return &error_no_memory;
	}
	return pc_merge(spans.data, spans.len, ret, ret_nr);
}

static struct error *ask_run(struct reading *r)
{
	_cleanup_free_ struct pc_count *exact = NULL, *least = NULL;
	size_t nr_exact = 0, nr_least = 0;
	struct reach_answer *answer = &r->result->answer;
	bool is_calls;
	struct error *err = are_calls(r, &is_calls);

	if (!err)
		err = merge(r, is_calls, false, &exact, &nr_exact);
	if (!err)
		err = merge(r, is_calls, true, &least, &nr_least);
	*answer = r->reach->nothing;
	if (err || (!nr_exact && !nr_least))
		return err;
	const struct coverage_source sources[] = {
		make_source(r, exact, nr_exact, is_calls, false),
		make_source(r, least, nr_least, is_calls, true),
	};
	err = reach_ask(r->reach, r->worker, sources, 2, answer);
	/* Nothing of it was executed; settle() knows whether all of it is known to be missed. */
	answer->is_unknown = !answer->is_reached;
	if (!err)
		err = note_hits(r);
	return err || !answer->is_reached ? err : ask_tasks(r, is_calls);
}

/* A run that was loaded as a whole has its sources. */
static struct error *visit_sources(struct reading *r, struct report_run *run)
{
	_cleanup_run_stream_ struct run_stream *stream = NULL;
	struct error *err = NULL;

	r->nr_sources = run->run->sources.len;
	vector_for_each(&run->run->sources, source)
		if (!err)
			err = visit(r, source);
	if (r->nr_sources)
		return err;
	err = run_stream_open(run->run->path, RUN_STREAM_HELD, &stream);
	if (err)
		return err;
	const struct run *read = run_stream_run(stream);
	r->nr_sources = read->sources.len;
	r->result->damage = read->damage ? strdup(read->damage) : NULL;
	if (read->damage && !r->result->damage)
		return &error_no_memory;
	return run_stream_each(stream, visit, r);
}

static struct error *read_run(void *arg, unsigned int worker, size_t number)
{
	struct reach *reach = arg;
	struct report_run *run = &reach->runs.runs[number];
	_cleanup_(reading_deinit) struct reading reading = {
		.reach = reach,
		.worker = &reach->workers[worker],
		.group = &reach->runs.groups.data[run->group],
		.result = &reach->results[number],
	};

	reading.is_open = reading.group->is_import && !reading.group->pcs_are_calls;
	struct error *err = visit_sources(&reading, run);
	return err ? err : ask_run(&reading);
}

static struct error *make_workers(struct reach *reach)
{
	size_t nr = reach->where.nr_elements + 1;

	reach->nr_workers = jobs_or_default(reach->options->jobs);
	reach->results = calloc(reach->runs.nr + 1, sizeof(*reach->results));
	reach->workers = calloc(reach->nr_workers, sizeof(*reach->workers));
	if (!reach->results || !reach->workers)
		return &error_no_memory;
	for (size_t i = 0; i < reach->nr_workers; i++) {
		struct reach_worker *worker = &reach->workers[i];
		struct error *err = coverage_parses_create(&worker->parses);

		worker->states = calloc(nr, sizeof(*worker->states));
		worker->has_code = calloc(nr, sizeof(*worker->has_code));
		if (err || !worker->states || !worker->has_code)
			return &error_no_memory;
	}
	return NULL;
}

/* What has code is known now; so is what of it a run says nothing of. */
static void settle(struct reach *reach)
{
	struct reach_where *where = &reach->where;
	size_t nr_code = 0;

	for (size_t i = 0; i < where->nr_elements; i++) {
		for (size_t w = 0; w < reach->nr_workers; w++)
			where->has_code[i] |= reach->workers[w].has_code[i];
		nr_code += where->has_code[i];
	}
	for (size_t i = 0; i < reach->runs.nr; i++) {
		struct reach_answer *answer = &reach->results[i].answer;

		answer->is_unknown &= answer->nr_known < nr_code;
	}
}

struct error *reach_read_runs(struct reach *reach)
{
	struct error *err = make_workers(reach);

	if (!err)
		err = reach_ask(reach, &reach->workers[0], NULL, 0, &reach->nothing);
	if (!err)
		err = workers_run(reach->nr_workers, reach->runs.nr, read_run, reach);
	if (!err)
		settle(reach);
	return err;
}

const char *reach_run_name(const struct run *run)
{
	const char *slash = strrchr(run->path, '/');

	if (run->meta.name && *run->meta.name)
		return run->meta.name;
	if (run->meta.command && *run->meta.command)
		return run->meta.command;
	return slash ? slash + 1 : run->path;
}
