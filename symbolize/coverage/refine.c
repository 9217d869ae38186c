// SPDX-License-Identifier: GPL-2.0-or-later
/* Balance the functions of each file that has an executed line, and change its lines accordingly.
 */
#include "symbolize/coverage/refine.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/search.h"
#include "base/vector.h"
#include "base/workers.h"
#include "symbolize/coverage/basis.h"
#include "symbolize/coverage/parses.h"
#include "symbolize/source/config.h"
#include "symbolize/source/flow.h"

DEFINE_VECTOR(line_vector, struct coverage_line);
DEFINE_VECTOR(jump_vector, struct flow_jump);
DEFINE_VECTOR(correction_vector, struct coverage_correction);

struct line_condition {
	uint32_t line;
	struct coverage_condition condition;
};

DEFINE_VECTOR(condition_vector, struct line_condition);

/* A file in the making. */
struct refining {
	struct coverage_file *file;
	const struct source_config_file *config;
	const struct coverage_question *question; /* NULL = nothing of this file was asked for */
	bool counts_are_least;			  /* coverage.counts_are_least */
	uint64_t steps;			    /* that are left for the file, see flow_balance() */
	struct line_vector lines;	    /* the result; empty = the file stays as it is */
	struct condition_vector conditions; /* of these lines, in the same order */
	struct correction_vector corrections;
};

struct refiner {
	const struct coverage_texts *texts;
	struct refining *files;
};

static size_t first_line_at(const struct coverage_file *file, uint32_t line)
{
	return search_first(file->nr_lines, i, file->lines[i].line >= line);
}

static bool has_code(void *data, uint32_t first, uint32_t last)
{
	const struct coverage_file *file = ((const struct refining *)data)->file;
	size_t i = first_line_at(file, first);

	return i < file->nr_lines && file->lines[i].line <= last;
}

static enum source_config get_config(void *data, const char *name, size_t length, int64_t *value)
{
	const struct refining *r = data;

	return source_config_file_get(r->config, name, length, value);
}

static bool is_hit(const struct coverage_file *file, uint32_t first, uint32_t last)
{
	for (size_t i = first_line_at(file, first);
	     i < file->nr_lines && file->lines[i].line <= last; i++)
		if (file->lines[i].count)
			return true;
	return false;
}

static const struct coverage_function *find_function(const struct coverage_file *file,
						     const struct source_function *function)
{
	size_t i = search_first(file->nr_functions, i,
				file->functions[i].line >= function->first_line);

	return i < file->nr_functions && file->functions[i].line <= function->open_line
		       ? &file->functions[i]
		       : NULL;
}

static void observe(const struct coverage_file *file, const struct source_function *function,
		    struct flow_observation *ret)
{
	for (size_t i = first_line_at(file, function->first_line);
	     i < file->nr_lines && file->lines[i].line <= function->close_line; i++)
		ret[file->lines[i].line - function->first_line] = (struct flow_observation){
			.count = file->lines[i].count,
			.most = file->lines[i].most,
			.is_known = true,
			.is_statement = file->lines[i].is_statement,
		};
}

static struct flow_outcome make_outcome(const struct coverage_outcome *outcome)
{
	return (struct flow_outcome){
		.to = outcome->line,
		.is_known = outcome->state != COVERAGE_OUTCOME_UNKNOWN,
		.count = outcome->count,
	};
}

static struct error *find_jumps(const struct coverage_file *file,
				const struct source_function *function, struct jump_vector *ret)
{
	for (size_t i = first_line_at(file, function->first_line);
	     i < file->nr_lines && file->lines[i].line <= function->close_line; i++) {
		const struct coverage_line *line = &file->lines[i];

		for (size_t j = 0; j < line->nr_branches; j++) {
			const struct coverage_branch *branch = &line->branches[j];
			const struct flow_jump jump = {
				line->line,
				{ make_outcome(&branch->outcomes[0]),
				  make_outcome(&branch->outcomes[1]) },
			};

			if (branch->is_reached && !jump_vector_append(ret, &jump))
				return &error_no_memory;
		}
	}
	return NULL;
}

static bool is_changed(const struct refining *r, const struct flow_result *result, uint64_t count)
{
	if (!result->is_found || result->may_be_less || result->may_be_more)
		return false;
	return result->count != count && !(r->counts_are_least && result->count && count);
}

/* Of a line that no machine code says anything of: it is executed, or it is not, for certain. */
static bool is_added(const struct flow_result *result)
{
	return result->is_found && result->has_code &&
	       (result->count ? !result->may_be_less : !result->may_be_more);
}

static void change_line(struct refining *r, struct coverage_line *line,
			const struct flow_result *result)
{
	if (!is_changed(r, result, line->count))
		return;
	r->file->refined.changed++;
	if (!result->count)
		line->state = COVERAGE_LINE_MISSED;
	else if (!line->count)
		line->state = COVERAGE_LINE_HIT;
	line->count = result->count;
}

static struct error *add_condition(struct refining *r, const struct coverage_line *line,
				   const struct flow_test *test)
{
	const struct line_condition condition = {
		.line = line->line,
		.condition = {
			.if_true = test->if_true.count,
			.if_false = test->if_false.count,
			.has_operands = test->has_operands,
		},
	};

	if (!line->count || !test->is_found || !test->if_true.is_known || !test->if_false.is_known)
		return NULL;
	/* Control may have left in a call, each time. */
	if (!test->if_true.count && !test->if_false.count)
		return NULL;
	r->file->refined.conditions++;
	return condition_vector_append(&r->conditions, &condition) ? NULL : &error_no_memory;
}

static struct error *append_line(struct refining *r, const struct coverage_line *line)
{
	return line_vector_append(&r->lines, line) ? NULL : &error_no_memory;
}

static struct error *add_line(struct refining *r, uint32_t number, const struct flow_result *result)
{
	const struct coverage_line line = {
		.line = number,
		.state = result->count ? COVERAGE_LINE_HIT : COVERAGE_LINE_MISSED,
		.count = result->count,
	};

	/* A function may begin in the line that the one before it ends in. */
	bool is_there = r->lines.len && r->lines.data[r->lines.len - 1].line >= number;

	if (is_there || !is_added(result))
		return NULL;
	if (result->count)
		r->file->refined.added++;
	else
		r->file->refined.added_missed++;
	struct error *err = append_line(r, &line);
	return err ? err : add_condition(r, &line, &result->test);
}

/* Copy the lines before `end` that were not copied yet. */
static struct error *copy_lines(struct refining *r, size_t *next, uint64_t end)
{
	struct error *err = NULL;

	for (; !err && *next < r->file->nr_lines && r->file->lines[*next].line < end; ++*next)
		err = append_line(r, &r->file->lines[*next]);
	return err;
}

static struct error *merge_lines(struct refining *r, size_t *next,
				 const struct source_function *function,
				 const struct flow_result *results)
{
	struct error *err = copy_lines(r, next, function->first_line);

	for (uint32_t line = function->first_line; !err && line <= function->close_line; line++) {
		const struct flow_result *result = &results[line - function->first_line];

		if (*next < r->file->nr_lines && r->file->lines[*next].line == line) {
			struct coverage_line changed = r->file->lines[(*next)++];

			change_line(r, &changed, result);
			err = append_line(r, &changed);
			if (!err)
				err = add_condition(r, &changed, &result->test);
		} else {
			err = add_line(r, line, result);
		}
	}
	return err;
}

static struct error *note_corrections(struct refining *r, const struct balanced_function *balanced)
{
	const struct source_function *function = balanced->function;

	for (uint32_t line = function->first_line; line <= function->close_line; line++) {
		uint32_t i = line - function->first_line;
		const struct flow_observation *o = &balanced->machine->observations[i];
		const struct flow_result *result = &balanced->results[i];
		struct coverage_correction correction = {
			.file = r->file->path,
			.line = line,
			.has_code = o->is_known,
			.count_alone = o->count,
			.count = result->count,
		};

		if ((r->question->line && r->question->line != line) ||
		    !(o->is_known ? is_changed(r, result, o->count) : is_added(result)))
			continue;
		coverage_find_basis(balanced, &correction);
		if (!correction_vector_append(&r->corrections, &correction))
			return &error_no_memory;
	}
	return NULL;
}

static struct error *refine_function(struct refining *r, const struct source_file *source,
				     const struct source_function *function, size_t *next)
{
	size_t nr = function->close_line - function->first_line + 1;
	_cleanup_free_ struct flow_observation *observations = calloc(nr, sizeof(*observations));
	_cleanup_free_ struct flow_result *results = calloc(nr, sizeof(*results));
	_cleanup_(jump_vector_deinit) struct jump_vector jumps = VECTOR_INIT;
	const struct coverage_function *called = find_function(r->file, function);
	bool done;

	if (!observations || !results)
		return &error_no_memory;
	r->file->refined.functions++;
	observe(r->file, function, observations);
	struct error *err = find_jumps(r->file, function, &jumps);
	const struct flow_machine machine = {
		.observations = observations,
		.jumps = jumps.data,
		.nr_jumps = jumps.len,
		.calls = called && called->has_body ? &called->count : NULL,
		.counts_are_least = r->counts_are_least,
	};
	if (!err)
		err = flow_balance(source, function, &machine, &r->steps, results, &done);
	if (err)
		return err;
	if (!done) {
		r->file->refined.functions_not_understood++;
		return NULL;
	}
	if (r->question)
		err = note_corrections(
			r, &(struct balanced_function){ source, function, &machine, results });
	return err ? err : merge_lines(r, next, function, results);
}

static struct error *refine_file(struct refining *r, const struct source_file *source)
{
	struct error *err = NULL;
	size_t next = 0;

	for (uint32_t i = 0; !err && i < source->nr_functions; i++) {
		const struct source_function *f = &source->functions[i];

		if (is_hit(r->file, f->first_line, f->close_line))
			err = refine_function(r, source, f, &next);
	}
	return err ? err : copy_lines(r, &next, UINT64_MAX);
}

static struct error *refine(void *arg, unsigned int worker, size_t number)
{
	struct refiner *refiner = arg;
	struct refining *r = &refiner->files[number];
	const struct source_options options = {
		.data = r,
		.has_code = has_code,
		.config = r->config ? get_config : NULL,
	};
	_cleanup_(cleanup_coverage_parses) struct coverage_parses *own = NULL;
	struct coverage_parses *parses = refiner->texts->parses;
	const struct source_file *source;
	enum coverage_source_state state;
	struct error *err = NULL;

	(void)worker;
	if (!r->file->line_ratio.hit)
		return NULL;
	if (!parses) {
		err = coverage_parses_create(&own);
		parses = own;
	}
	if (!err)
		err = coverage_parses_get(parses, refiner->texts, r->file, &options, &state,
					  &source);
	if (err)
		return err;
	r->file->refined.files[state]++;
	return state == COVERAGE_SOURCE_USED ? refine_file(r, source) : NULL;
}

static void count_file(struct coverage *c, struct coverage_file *file)
{
	file->line_ratio = (struct coverage_ratio){ .found = file->nr_lines };
	file->branch_ratio = (struct coverage_ratio){ 0 };
	for (size_t i = 0; i < file->nr_lines; i++) {
		file->line_ratio.hit += file->lines[i].count > 0;
		coverage_ratio_add(&file->branch_ratio, coverage_line_outcomes(&file->lines[i]));
	}
	coverage_ratio_add(&c->lines, file->line_ratio);
	coverage_ratio_add(&c->branches, file->branch_ratio);
}

/* Give the lines of the file their conditions. */
static struct error *take_conditions(struct coverage *c, struct refining *r)
{
	struct coverage_condition *conditions =
		arena_alloc(c->arena, r->conditions.len, sizeof(*conditions));
	struct coverage_line *line = r->file->lines;

	if (!conditions)
		return &error_no_memory;
	vector_for_each(&r->conditions, of_line) {
		while (line->line != of_line->line)
			line++;
		*conditions = of_line->condition;
		line->condition = conditions++;
	}
	return NULL;
}

static struct error *take_lines(struct coverage *c, struct refining *r)
{
	struct coverage_file *file = r->file;

	if (r->lines.len) {
		file->lines = arena_alloc(c->arena, r->lines.len, sizeof(*file->lines));
		if (!file->lines)
			return &error_no_memory;
		memcpy(file->lines, r->lines.data, r->lines.len * sizeof(*file->lines));
		file->nr_lines = r->lines.len;
	}
	struct error *err = take_conditions(c, r);
	count_file(c, file);
	return err;
}

static struct error *take_corrections(struct coverage *c, struct refining *files)
{
	size_t nr = 0;

	for (size_t i = 0; i < c->nr_files; i++)
		nr += files[i].corrections.len;
	c->corrections = arena_alloc(c->arena, nr, sizeof(*c->corrections));
	if (!c->corrections)
		return &error_no_memory;
	for (size_t i = 0; i < c->nr_files; i++)
		vector_for_each(&files[i].corrections, correction)
			c->corrections[c->nr_corrections++] = *correction;
	return NULL;
}

static void refining_deinit(struct refining *files, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		line_vector_deinit(&files[i].lines);
		condition_vector_deinit(&files[i].conditions);
		correction_vector_deinit(&files[i].corrections);
	}
	free(files);
}

struct error *coverage_refine(struct coverage *c, const struct coverage_texts *texts)
{
	struct refiner refiner = { .texts = texts };
	struct error *err;

	refiner.files = calloc(c->nr_files + 1, sizeof(*refiner.files));
	if (!refiner.files)
		return &error_no_memory;
	for (size_t i = 0; i < c->nr_files; i++) {
		refiner.files[i] = (struct refining){
			.file = &c->files[i],
			.config = texts->config,
			.counts_are_least = c->counts_are_least,
			.steps = FLOW_STEPS_MAX,
		};
		if (texts->question && coverage_question_has(texts->question, c->files[i].path))
			refiner.files[i].question = texts->question;
	}
	err = workers_run(texts->jobs, c->nr_files, refine, &refiner);
	c->is_refined = true;
	c->lines = c->branches = (struct coverage_ratio){ 0 };
	for (size_t i = 0; i < c->nr_files; i++) {
		if (!err)
			err = take_lines(c, &refiner.files[i]);
		coverage_refined_add(&c->refined, &c->files[i].refined);
	}
	if (!err)
		err = take_corrections(c, refiner.files);
	refining_deinit(refiner.files, c->nr_files);
	return err;
}
