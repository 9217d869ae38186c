// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writes coverage.json. The outermost object is written by hand. Each of its
 * members, and each file, is a tree that is printed on one line. So memory use is
 * bounded by the largest file, and line-based tools such as diff can read the
 * result.
 */
#include "base/cleanup.h"
#include "render/formats.h"
#include "render/json_value.h"
#include "run/fields.h"

/* As in docs/coverage.schema.json. Raise it if the meaning of existing members changes. */
#define SCHEMA_VERSION "1"

static const char *const line_states[] = {
	[COVERAGE_LINE_MISSED] = "missed",
	[COVERAGE_LINE_PARTIAL] = "partial",
	[COVERAGE_LINE_HIT] = "hit",
};

static void add_field(struct json_builder *b, cJSON *o, const struct run_field *field,
		      const struct run_source *s)
{
	uint64_t v;

	if (field->kind == RUN_FIELD_STRING) {
		json_add_text(b, o, field->name, run_field_string(field, s));
		return;
	}
	v = run_field_is_of(field, s->kind) ? run_field_integer(field, s) : 0;
	switch (field->unit) {
	case RUN_UNIT_COUNT:
	case RUN_UNIT_ID:
		json_add_count(b, o, field->name, v);
		return;
	case RUN_UNIT_PID:
		json_add_integer(b, o, field->name, (int32_t)v);
		return;
	case RUN_UNIT_STATE:
		json_add_text(b, o, field->name, run_source_state_words(s)->name);
		return;
	case RUN_UNIT_ADDRESS:
		json_add_address(b, o, field->name, v);
		return;
	}
}

/* A task has the members of all kinds of sources, except those of handles only. */
static void add_task(struct json_builder *b, cJSON *o, const struct run_source *s)
{
	for (const struct run_field *field = run_source_fields; field->number; field++)
		if (field->name && field->kinds != 1U << RUN_SOURCE_REMOTE)
			add_field(b, o, field, s);
	json_add_count(b, o, "pcs", s->nr_pcs);
}

static void add_remote(struct json_builder *b, cJSON *o, const struct run_source *s)
{
	json_add_count(b, o, "id", s->id);
	json_add_address(b, o, "handle", s->handle);
	json_add_text(b, o, "name", s->name);
	json_add_bool(b, o, "recorded", s->state != RUN_STATE_NOT_FOLLOWED);
	json_add_text(b, o, "reason", s->reason);
	run_for_each_loss(field) if (run_field_is_of(field, s->kind)) add_field(b, o, field, s);
	json_add_count(b, o, "pcs", s->nr_pcs);
}

/* Two arrays, since handles have a schema of their own. */
static void add_sources(struct json_builder *b, cJSON *root, const struct coverage_run *run)
{
	cJSON *tasks = json_add_array(b, root, "tasks");
	cJSON *remotes = json_add_array(b, root, "remotes");

	for (size_t i = 0; i < run->nr_sources; i++) {
		const struct run_source *s = &run->sources[i];

		if (s->kind == RUN_SOURCE_REMOTE)
			add_remote(b, json_append_object(b, remotes), s);
		else
			add_task(b, json_append_object(b, tasks), s);
	}
}

static struct error *print_run(const struct coverage *coverage, size_t i, FILE *out)
{
	_cleanup_(json_builder_deinit) struct json_builder b = JSON_BUILDER_INIT;
	_cleanup_(cleanup_json) cJSON *o = json_root(&b);
	const struct coverage_run *run = &coverage->runs[i];

	json_add_text(&b, o, "path", run->path);
	json_add_text(&b, o, "command", run->command);
	json_add_text(&b, o, "release", run->release);
	json_add_text(&b, o, "build_id", run->build_id);
	json_add_bool(&b, o, "finished", run->finished);
	json_add_count(&b, o, "damaged_bytes", run->damaged_bytes);
	json_add_text(&b, o, "damage", run->damage);
	cJSON *notes = json_add_array(&b, o, "notes");
	for (size_t n = 0; n < run->nr_notes; n++)
		json_append_text(&b, notes, run->notes[n]);
	add_sources(&b, o, run);
	return json_print(&b, o, out);
}

static struct error *print_image(const struct coverage *coverage, size_t i, FILE *out)
{
	_cleanup_(json_builder_deinit) struct json_builder b = JSON_BUILDER_INIT;
	_cleanup_(cleanup_json) cJSON *o = json_root(&b);
	const struct coverage_image *image = &coverage->images[i];

	json_add_text(&b, o, "name", image->name);
	json_add_text(&b, o, "path", image->path);
	json_add_text(&b, o, "build_id", image->build_id);
	json_add_address(&b, o, "base", image->base);
	json_add_text(&b, o, "problem", image->problem);
	json_add_ratio(&b, o, "points", image->points);
	json_add_count(&b, o, "pcs", image->pcs);
	return json_print(&b, o, out);
}

static struct error *print_unmatched(const struct coverage *coverage, size_t i, FILE *out)
{
	_cleanup_(json_builder_deinit) struct json_builder b = JSON_BUILDER_INIT;
	_cleanup_(cleanup_json) cJSON *o = json_root(&b);
	const struct coverage_unmatched *u = &coverage->unmatched[i];

	json_add_address(&b, o, "pc", u->pc);
	json_add_count(&b, o, "count", u->count);
	json_add_text(&b, o, "class", coverage_unmatched_name(u->class));
	json_add_text(&b, o, "image", u->image);
	return json_print(&b, o, out);
}

static void add_branches(struct json_builder *b, cJSON *branches, const struct coverage_line *line)
{
	for (size_t i = 0; i < 2 * line->nr_branches; i++) {
		const struct coverage_branch *branch = &line->branches[i / 2];
		const struct coverage_outcome *outcome = &branch->outcomes[i % 2];
		cJSON *o = json_append_object(b, branches);

		json_add_count(b, o, "block", i / 2);
		json_add_count(b, o, "branch", i % 2);
		json_add_bool(b, o, "reached", branch->is_reached);
		if (outcome->state == COVERAGE_OUTCOME_UNKNOWN)
			json_add_text(b, o, "taken", NULL);
		else
			json_add_count(b, o, "taken", outcome->count);
	}
}

static void add_lines(struct json_builder *b, cJSON *lines, const struct coverage_file *file)
{
	for (size_t i = 0; i < file->nr_lines; i++) {
		const struct coverage_line *line = &file->lines[i];
		cJSON *o = json_append_object(b, lines);

		json_add_count(b, o, "line", line->line);
		json_add_count(b, o, "count", line->count);
		json_add_text(b, o, "state", line_states[line->state]);
		json_add_ratio(b, o, "blocks", line->blocks);
		if (line->nr_branches)
			add_branches(b, json_add_array(b, o, "branches"), line);
	}
}

static void add_functions(struct json_builder *b, cJSON *functions,
			  const struct coverage_file *file)
{
	for (size_t i = 0; i < file->nr_functions; i++) {
		const struct coverage_function *f = &file->functions[i];
		cJSON *o = json_append_object(b, functions);

		json_add_text(b, o, "name", f->name);
		json_add_count(b, o, "line", f->line);
		json_add_count(b, o, "count", f->count);
		json_add_bool(b, o, "has_body", f->has_body);
		json_add_ratio(b, o, "blocks", f->blocks);
	}
}

static struct error *print_file(const struct coverage *coverage, size_t i, FILE *out)
{
	_cleanup_(json_builder_deinit) struct json_builder b = JSON_BUILDER_INIT;
	_cleanup_(cleanup_json) cJSON *o = json_root(&b);
	const struct coverage_file *file = &coverage->files[i];

	json_add_text(&b, o, "path", file->path);
	cJSON *totals = json_add_object(&b, o, "totals");
	json_add_ratio(&b, totals, "lines", file->line_ratio);
	json_add_ratio(&b, totals, "functions", file->function_ratio);
	json_add_ratio(&b, totals, "branches", file->branch_ratio);
	json_add_ratio(&b, totals, "points", file->point_ratio);
	add_functions(&b, json_add_array(&b, o, "functions"), file);
	add_lines(&b, json_add_array(&b, o, "lines"), file);
	return json_print(&b, o, out);
}

static struct error *print_totals(const struct coverage *coverage, FILE *out)
{
	_cleanup_(json_builder_deinit) struct json_builder b = JSON_BUILDER_INIT;
	_cleanup_(cleanup_json) cJSON *o = json_root(&b);

	json_add_count(&b, o, "files", coverage->nr_files);
	json_add_ratio(&b, o, "lines", coverage->lines);
	json_add_ratio(&b, o, "functions", coverage->functions);
	json_add_ratio(&b, o, "branches", coverage->branches);
	json_add_ratio(&b, o, "points", coverage->points);
	json_add_count(&b, o, "pcs", coverage->pcs);
	json_add_count(&b, o, "unmatched_pcs", coverage->nr_unmatched);
	return json_print(&b, o, out);
}

static struct error *print_classes(const struct coverage *coverage, FILE *out)
{
	_cleanup_(json_builder_deinit) struct json_builder b = JSON_BUILDER_INIT;
	_cleanup_(cleanup_json) cJSON *o = json_root(&b);

	for (int c = 0; c < COVERAGE_UNMATCHED_CLASSES; c++) {
		cJSON *class = json_add_object(&b, o, coverage_unmatched_name(c));

		json_add_count(&b, class, "pcs", coverage->unmatched_classes[c]);
		json_add_text(&b, class, "explanation", coverage_unmatched_text(c));
	}
	return json_print(&b, o, out);
}

typedef struct error *print_element(const struct coverage *coverage, size_t i, FILE *out);

/* Write "KEY": [ one element per line ] and the text after it. */
static struct error *print_list(const struct coverage *coverage, const char *key, size_t nr,
				print_element *print, const char *end, FILE *out)
{
	fprintf(out, "\"%s\": [", key);
	for (size_t i = 0; i < nr; i++) {
		fputs(i ? ",\n" : "\n", out);
		struct error *err = print(coverage, i, out);
		if (err)
			return err;
	}
	fprintf(out, "%s]%s\n", nr ? "\n" : "", end);
	return NULL;
}

static struct error *print_head(const struct coverage *coverage,
				const struct render_options *options, FILE *out)
{
	struct error *err;

	fputs("{\n\"format\": \"kcovreport-coverage\",\n\"version\": " SCHEMA_VERSION
	      ",\n\"generator\": ",
	      out);
	err = json_print_text(options->generator, out);
	if (err)
		return err;
	fputs(",\n\"totals\": ", out);
	err = print_totals(coverage, out);
	if (err)
		return err;
	fputs(",\n\"unmatched_classes\": ", out);
	err = print_classes(coverage, out);
	if (err)
		return err;
	fputs(",\n", out);
	return NULL;
}

static struct error *print_document(const struct coverage *coverage,
				    const struct render_options *options, FILE *out)
{
	struct error *err = print_head(coverage, options, out);

	if (!err)
		err = print_list(coverage, "runs", coverage->nr_runs, print_run, ",", out);
	if (!err)
		err = print_list(coverage, "images", coverage->nr_images, print_image, ",", out);
	if (!err)
		err = print_list(coverage, "unmatched", coverage->nr_unmatched, print_unmatched,
				 ",", out);
	if (!err)
		err = print_list(coverage, "files", coverage->nr_files, print_file, "", out);
	if (!err)
		fputs("}\n", out);
	return err;
}

static struct error *render_json(const struct view *view, const struct render_options *options,
				 struct sink *sink)
{
	struct writer *out;
	struct error *err = sink_open(sink, "coverage.json", &out);

	return err ? err : print_document(&view->coverage, options, writer_stream(out));
}

const struct renderer renderer_json = {
	.name = "json",
	.summary = "coverage.json, all of the report, for programs",
	.kind = RENDER_FILE,
	.render = render_json,
};
