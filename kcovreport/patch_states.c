// SPDX-License-Identifier: GPL-2.0-or-later
/* Gives each added line of a diff its state. */
#include <string.h>

#include "base/cleanup.h"
#include "base/search.h"
#include "kcovreport/jobs.h"
#include "kcovreport/patch.h"
#include "symbolize/source/config.h"

void patch_job_deinit(struct patch_job *job)
{
	for (size_t i = 0; job->sources && i < job->diff->nr_files; i++) {
		free(job->sources[i].path);
		free(job->sources[i].text);
		free(job->sources[i].starts);
		free(job->sources[i].lines);
	}
	free(job->sources);
	patch_deinit(&job->patch);
	config_deinit(&job->config);
	path_map_destroy(job->map);
	view_destroy(job->view);
	coverage_destroy(job->coverage);
	report_images_deinit(&job->images);
}

/* A source with what the parser says of it. */
struct judged {
	struct patch_job *job;
	struct patch_source *source;
	struct source_file *compiled; /* without what was not compiled */
	struct source_file *all;      /* with the first arm of each #if group */
	struct source_file *none;     /* as with no option set */
};

static const struct coverage_line *covered_line(const struct patch_source *source, uint32_t first,
						uint32_t last)
{
	const struct coverage_file *file = source->file;

	if (!file)
		return NULL;
	size_t at = search_first(file->nr_lines, i, file->lines[i].line >= first);
	return at < file->nr_lines && file->lines[at].line <= last ? &file->lines[at] : NULL;
}

static bool has_flag(const struct patch_source *source, uint32_t first, uint32_t last, uint8_t flag)
{
	for (uint32_t line = first; line <= last && line <= source->nr_lines; line++)
		if (source->lines[line] & flag)
			return true;
	return false;
}

static bool has_code(void *data, uint32_t first, uint32_t last)
{
	const struct patch_source *source = ((const struct judged *)data)->source;

	return covered_line(source, first, last) ||
	       has_flag(source, first, last, PATCH_LINE_MACHINE);
}

static enum source_config get_config(void *data, const char *name, size_t length, int64_t *value)
{
	const struct judged *j = data;

	return source_config_file_get(j->job->config.options, name, length, value);
}

static enum source_config get_none(void *data, const char *name, size_t length, int64_t *value)
{
	(void)data;
	(void)name;
	(void)length;
	(void)value;
	return SOURCE_CONFIG_NO;
}

static void judged_deinit(struct judged *j)
{
	source_file_destroy(j->compiled);
	source_file_destroy(j->all);
	source_file_destroy(j->none);
}

static struct error *parse(struct judged *j)
{
	const struct source_options options = {
		.data = j,
		.has_code = has_code,
		.config = j->job->config.options ? get_config : NULL,
	};
	static const struct source_options all = { .take_first_arm = true };
	static const struct source_options none = { .config = get_none };
	struct patch_source *s = j->source;
	struct error *err = source_parse(s->text, s->size, &options, &j->compiled);

	if (!err)
		err = source_parse(s->text, s->size, &all, &j->all);
	if (!err)
		err = source_parse(s->text, s->size, &none, &j->none);
	if (!err)
		patch_find_code(s, j->all, j->none);
	return err;
}

static const struct source_left_out *find_left_out(const struct source_file *file, uint32_t line)
{
	size_t at = search_first(file->nr_left_out, i, file->left_out[i].lines.last >= line);

	return at < file->nr_left_out && file->left_out[at].lines.first <= line
		       ? &file->left_out[at]
		       : NULL;
}

static const struct source_function *function_at(const struct judged *j, uint32_t line)
{
	uint32_t f = source_function_at(j->all, line);

	if (f != SOURCE_NONE)
		return &j->all->functions[f];
	f = source_function_at(j->none, line);
	return f == SOURCE_NONE ? NULL : &j->none->functions[f];
}

static struct error *judge_not_instrumented(struct judged *j, uint32_t number,
					    struct patch_line *line)
{
	line->state = PATCH_NOT_INSTRUMENTED;
	return patch_why_not_instrumented(j->job, j->source, function_at(j, number), line);
}

/*
 * The arm that an option would build, where no configuration says so: the parser keeps arms outside
 * of functions if it does not know. NULL = none.
 */
static const struct source_left_out *find_option_arm(struct judged *j, uint32_t number)
{
	const struct source_left_out *arm =
		j->job->config.options ? NULL : find_left_out(j->none, number);

	return arm && !has_code(j, arm->lines.first, arm->lines.last) ? arm : NULL;
}

/* The value of a condition; false if it is not known. */
static bool is_constant(const struct source_file *file, uint32_t condition, bool value)
{
	const struct source_condition *c = &file->conditions[condition];

	if (c->negated)
		value = !value;
	if (c->kind == SOURCE_LEAF)
		return c->flags & (value ? SOURCE_TRUE : SOURCE_FALSE);
	/* One operand is enough for false, or for true. Negated or not, it is not looked deeper. */
	if (c->kind != (value ? SOURCE_OR : SOURCE_AND))
		return false;
	for (int i = 0; i < 2; i++) {
		const struct source_condition *o = &file->conditions[i ? c->right : c->left];
		bool wanted = o->negated ? !value : value;

		if (o->kind == SOURCE_LEAF && (o->flags & (wanted ? SOURCE_TRUE : SOURCE_FALSE)))
			return true;
	}
	return false;
}

/* The `if` with a constant condition that makes the line dead code, or none. */
static uint32_t find_constant(const struct source_file *file, uint32_t number, bool *ret_is_else)
{
	uint32_t child = source_statement_at(file, number);
	uint32_t at = child == SOURCE_NONE ? SOURCE_NONE : file->statements[child].parent;

	for (; at != SOURCE_NONE; child = at, at = file->statements[at].parent) {
		const struct source_statement *s = &file->statements[at];

		if (s->kind != SOURCE_IF || s->condition == SOURCE_NONE ||
		    (child != s->first_child && child != s->else_child))
			continue;
		*ret_is_else = child == s->else_child;
		if (is_constant(file, s->condition, *ret_is_else))
			return at;
	}
	return SOURCE_NONE;
}

static bool is_executed(const struct patch_source *source, const struct source_function *f)
{
	const struct coverage_file *file = source->file;
	size_t i = search_first(file->nr_lines, k, file->lines[k].line >= f->first_line);

	for (; i < file->nr_lines && file->lines[i].line <= f->close_line; i++)
		if (file->lines[i].state != COVERAGE_LINE_MISSED)
			return true;
	return false;
}

/*
 * A line of a function that has points, and nothing of the line is in the machine code. It is dead,
 * or it does nothing (an assertion that is not configured), or the compiler merged it with other
 * code. Then only a function that was not executed tells what happened to it.
 */
static struct error *judge_without_code(struct judged *j, uint32_t number,
					const struct source_function *f, struct patch_line *line)
{
	bool is_else;
	uint32_t at = find_constant(j->compiled, number, &is_else);

	if (at == SOURCE_NONE && !is_executed(j->source, f)) {
		line->state = PATCH_MISSED;
		return NULL;
	}
	if (at == SOURCE_NONE) {
		line->is_unknown = true;
		return patch_string(j->job, &line->why,
				    "the compiler left none of its own, so whether it was executed "
				    "is not known");
	}
	line->state = PATCH_NOT_BUILT;
	return patch_why_constant(j->job, j->source, &j->compiled->statements[at], is_else, line);
}

/* A line of a function of which no image has code. */
static struct error *judge_lost(struct judged *j, uint32_t number, const struct source_function *f,
				struct patch_line *line)
{
	const struct source_left_out *arm = find_option_arm(j, number);

	line->state = PATCH_NOT_BUILT;
	if (arm)
		return patch_why_left_out(j->job, j->source, arm, line);
	return patch_string(j->job, &line->why, "no image has code of its function '%.*s'",
			    (int)f->name_length, j->source->text + f->name);
}

/* A line with code in the text, of a file that is in an image, that no point says anything of. */
static struct error *judge_in_image(struct judged *j, uint32_t number, struct patch_line *line)
{
	const struct source_left_out *arm = find_left_out(j->compiled, number);
	const struct source_function *f = function_at(j, number);

	if (arm && !has_code(j, arm->lines.first, arm->lines.last)) {
		line->state = PATCH_NOT_BUILT;
		return patch_why_left_out(j->job, j->source, arm, line);
	}
	if (j->source->lines[number] & PATCH_LINE_BARE)
		return judge_not_instrumented(j, number, line);
	if (!f)
		return NULL;
	/* What is left of it in the machine code is another line, or nothing. */
	if (covered_line(j->source, f->first_line, f->close_line))
		return judge_without_code(j, number, f, line);
	if (has_flag(j->source, f->first_line, f->close_line, PATCH_LINE_BARE))
		return judge_not_instrumented(j, number, line);
	return judge_lost(j, number, f, line);
}

static struct error *judge(struct judged *j, uint32_t number, struct patch_line *line)
{
	static const enum patch_state states[] = {
		[COVERAGE_LINE_HIT] = PATCH_HIT,
		[COVERAGE_LINE_PARTIAL] = PATCH_PARTIAL,
		[COVERAGE_LINE_MISSED] = PATCH_MISSED,
	};
	const struct coverage_line *c = covered_line(j->source, number, number);

	line->state = PATCH_NO_CODE;
	if (c) {
		line->coverage = c;
		line->state = states[c->state];
		return NULL;
	}
	/* Machine code makes a line one with code, whatever the parser says. */
	if (!(j->source->lines[number] & (PATCH_LINE_CODE | PATCH_LINE_BARE)))
		return NULL;
	if (j->source->is_in_image || j->source->file)
		return judge_in_image(j, number, line);
	line->state = PATCH_NOT_BUILT;
	return patch_why_not_built(j->job, j->source, line);
}

static struct error *judge_file(struct patch_job *job, size_t i)
{
	struct patch_file *file = &job->patch.files[i];
	_cleanup_(judged_deinit) struct judged j = { .job = job, .source = &job->sources[i] };
	struct error *err = NULL;

	file->diff = &job->diff->files[i];
	file->path = j.source->part ?: file->diff->path;
	file->is_source = j.source->is_source;
	file->lines = calloc(file->diff->nr_lines + 1, sizeof(*file->lines));
	if (!file->lines)
		return &error_no_memory;
	if (file->is_source && j.source->text)
		err = parse(&j);
	for (size_t k = 0; !err && k < file->diff->nr_lines; k++) {
		const struct diff_line *line = &file->diff->lines[k];

		if (line->kind != DIFF_ADDED)
			continue;
		file->lines[k].state = PATCH_NO_CODE;
		if (j.all)
			err = judge(&j, line->number, &file->lines[k]);
		patch_count(&file->counts, &file->lines[k]);
		patch_count(&job->patch.counts, &file->lines[k]);
	}
	return err;
}

static struct error *prepare(struct patch_job *job)
{
	struct error *err = path_map_create(
		job->coverage,
		&(struct path_map_options){ job->options->source_dir, job->options->strip },
		&job->map);

	if (!err)
		err = patch_read_sources(job);
	if (!err)
		err = patch_find_machine_code(job);
	if (!err)
		config_read(job->coverage, job->view->trees, &job->config);
	return err;
}

struct error *patch_find_states(struct patch_job *job)
{
	size_t nr = job->diff->nr_files;
	struct error *err = intern_create(&job->patch.strings);

	if (!err && job->view)
		err = prepare(job);
	if (err)
		return err;
	if (!job->sources)
		job->sources = calloc(nr + 1, sizeof(*job->sources));
	job->patch.files = calloc(nr + 1, sizeof(*job->patch.files));
	if (!job->sources || !job->patch.files)
		return &error_no_memory;
	for (; !err && job->patch.nr_files < nr; job->patch.nr_files++)
		err = judge_file(job, job->patch.nr_files);
	return err;
}
