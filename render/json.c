// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writes coverage.json. The outermost object is written by hand. Each of its
 * members is a tree that is printed on one line, and each file is written on one
 * line without a tree (render/json_file.h). So memory use does not depend on the
 * number of files or lines, and line-based tools such as diff can read the result.
 */
#include "render/json_parts.h"

#include "base/cleanup.h"
#include "render/formats.h"
#include "render/json_file.h"
#include "render/json_value.h"
#include "run/fields.h"

/* As in docs/coverage.schema.json. Raise it if the meaning of existing members changes. */
#define SCHEMA_VERSION "2"

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

#define TASK_KINDS (1U << RUN_SOURCE_TASK | 1U << RUN_SOURCE_SET | 1U << RUN_SOURCE_IMPORT)

/* A task has the members of all kinds of sources, except those of handles or contexts only. */
static void add_task(struct json_builder *b, cJSON *o, const struct run_source *s)
{
	for (const struct run_field *field = run_source_fields; field->number; field++)
		if (field->name && (!field->kinds || field->kinds & TASK_KINDS))
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

static void add_context(struct json_builder *b, cJSON *o, const struct run_source *s)
{
	json_add_count(b, o, "id", s->id);
	json_add_text(b, o, "name", run_kind_words(s->kind)->name);
	json_add_bool(b, o, "recorded", s->state != RUN_STATE_NOT_FOLLOWED);
	json_add_text(b, o, "reason", s->reason);
	for (const struct run_field *field = run_source_fields; field->number; field++)
		if (field->name && field->kinds && field->unit == RUN_UNIT_COUNT &&
		    run_field_is_of(field, s->kind))
			add_field(b, o, field, s);
	json_add_count(b, o, "pcs", s->nr_pcs);
}

static bool is_remote(const struct run_source *s)
{
	return s->kind == RUN_SOURCE_REMOTE;
}

static bool is_context(const struct run_source *s)
{
	return run_kind_is_context(s->kind);
}

static bool is_task(const struct run_source *s)
{
	return !is_remote(s) && !is_context(s);
}

/* Three arrays, since handles and contexts have schemas of their own. */
static const struct source_list {
	const char *key;
	bool (*has)(const struct run_source *s);
	void (*add)(struct json_builder *b, cJSON *o, const struct run_source *s);
} source_lists[] = {
	{ "tasks", is_task, add_task },
	{ "remotes", is_remote, add_remote },
	{ "contexts", is_context, add_context },
};

/* Write ,"KEY":[ ... ] with a tree for each source: a run may have 100,000 tasks. */
static struct error *print_sources(const struct coverage_run *run, const struct source_list *list,
				   enum json_dialect dialect, struct writer *out)
{
	bool any = false;

	writer_str(out, ",\"");
	writer_str(out, list->key);
	writer_str(out, "\":[");
	for (size_t i = 0; i < run->nr_sources; i++) {
		_cleanup_(json_builder_deinit) struct json_builder b = { .dialect = dialect };

		if (!list->has(&run->sources[i]))
			continue;
		_cleanup_(cleanup_json) cJSON *o = json_root(&b);
		list->add(&b, o, &run->sources[i]);
		if (any)
			writer_byte(out, ',');
		any = true;
		struct error *err = json_print(&b, o, writer_stream(out));
		if (err)
			return err;
	}
	writer_byte(out, ']');
	return NULL;
}

struct error *json_print_run(const struct coverage *coverage, size_t i, enum json_dialect dialect,
			     struct writer *out)
{
	_cleanup_(json_builder_deinit) struct json_builder b = { .dialect = dialect };
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
	struct error *err = json_print_open(&b, o, writer_stream(out));
	for (size_t n = 0; !err && n < sizeof(source_lists) / sizeof(*source_lists); n++)
		err = print_sources(run, &source_lists[n], dialect, out);
	writer_byte(out, '}');
	return err;
}

struct error *json_print_image(const struct coverage *coverage, size_t i, enum json_dialect dialect,
			       struct writer *out)
{
	_cleanup_(json_builder_deinit) struct json_builder b = { .dialect = dialect };
	_cleanup_(cleanup_json) cJSON *o = json_root(&b);
	const struct coverage_image *image = &coverage->images[i];

	json_add_text(&b, o, "name", image->name);
	json_add_text(&b, o, "path", image->path);
	json_add_text(&b, o, "build_id", image->build_id);
	json_add_address(&b, o, "base", image->base);
	json_add_text(&b, o, "problem", image->problem);
	json_add_ratio(&b, o, "points", image->points);
	json_add_count(&b, o, "pcs", image->pcs);
	return json_print(&b, o, writer_stream(out));
}

struct error *json_print_unmatched(const struct coverage *coverage, size_t i,
				   enum json_dialect dialect, struct writer *out)
{
	_cleanup_(json_builder_deinit) struct json_builder b = { .dialect = dialect };
	_cleanup_(cleanup_json) cJSON *o = json_root(&b);
	const struct coverage_unmatched *u = &coverage->unmatched[i];

	json_add_address(&b, o, "pc", u->pc);
	json_add_count(&b, o, "count", u->count);
	json_add_text(&b, o, "class", coverage_unmatched_name(u->class));
	json_add_text(&b, o, "image", u->image);
	return json_print(&b, o, writer_stream(out));
}

struct error *json_print_handoff(const struct coverage *coverage, size_t i,
				 enum json_dialect dialect, struct writer *out)
{
	_cleanup_(json_builder_deinit) struct json_builder b = { .dialect = dialect };
	_cleanup_(cleanup_json) cJSON *o = json_root(&b);
	const struct coverage_handoff *h = &coverage->handoffs[i];

	json_add_text(&b, o, "to", coverage_handoff_name(h->kind));
	json_add_text(&b, o, "function", h->function);
	json_add_count(&b, o, "count", h->count);
	json_add_bool(&b, o, "is_least", h->is_least);
	json_add_bool(&b, o, "is_recorded", coverage_handoff_is_recorded(coverage, h));
	return json_print(&b, o, writer_stream(out));
}

static void add_refined(struct json_builder *b, cJSON *totals, const struct coverage *coverage)
{
	const struct coverage_refined *r = &coverage->refined;
	cJSON *o = json_add_object(b, totals, "statements");
	cJSON *files;

	json_add_bool(b, o, "used", coverage->is_refined);
	json_add_count(b, o, "functions", r->functions);
	json_add_count(b, o, "functions_not_understood", r->functions_not_understood);
	json_add_count(b, o, "lines_changed", r->changed);
	json_add_count(b, o, "lines_added", r->added);
	json_add_count(b, o, "lines_added_missed", r->added_missed);
	json_add_count(b, o, "conditions", r->conditions);
	files = json_add_object(b, o, "files");
	for (int i = 0; i < COVERAGE_SOURCE_STATES; i++)
		json_add_count(b, files, coverage_source_name(i), r->files[i]);
}

struct error *json_print_totals(const struct view *view, enum json_dialect dialect,
				struct writer *out)
{
	const struct coverage *coverage = &view->coverage;
	_cleanup_(json_builder_deinit) struct json_builder b = { .dialect = dialect };
	_cleanup_(cleanup_json) cJSON *o = json_root(&b);

	json_add_count(&b, o, "files", coverage->nr_files);
	json_add_ratio(&b, o, "lines", coverage->lines);
	json_add_ratio(&b, o, "functions", coverage->functions);
	json_add_ratio(&b, o, "branches", coverage->branches);
	json_add_count(&b, o, "branches_unknown", view->nr_branches_unknown);
	json_add_ratio(&b, o, "points", coverage->points);
	json_add_count(&b, o, "pcs", coverage->pcs);
	json_add_count(&b, o, "unmatched_pcs", coverage->nr_unmatched);
	add_refined(&b, o, coverage);
	return json_print(&b, o, writer_stream(out));
}

/* Sums over the files of the document. */
static struct error *print_touched_totals(const struct view_written *written, struct writer *out)
{
	_cleanup_(json_builder_deinit) struct json_builder b = JSON_BUILDER_INIT;
	_cleanup_(cleanup_json) cJSON *o = json_root(&b);

	json_add_count(&b, o, "files", written->nr_files);
	json_add_ratio(&b, o, "lines", written->lines);
	json_add_ratio(&b, o, "functions", written->functions);
	json_add_ratio(&b, o, "branches", written->branches);
	return json_print(&b, o, writer_stream(out));
}

struct error *json_print_subsystem(const struct subsystem *s, enum json_dialect dialect,
				   struct writer *out)
{
	_cleanup_(json_builder_deinit) struct json_builder b = { .dialect = dialect };
	_cleanup_(cleanup_json) cJSON *o = json_root(&b);

	json_add_text(&b, o, "name", s->title);
	json_add_count(&b, o, "files", s->nr_files);
	json_add_ratio(&b, o, "lines", s->lines);
	json_add_ratio(&b, o, "functions", s->functions);
	json_add_ratio(&b, o, "branches", s->branches);
	json_add_ratio(&b, o, "points", s->points);
	return json_print(&b, o, writer_stream(out));
}

static struct error *print_subsystems(const struct subsystems *subsystems, struct writer *out)
{
	writer_str(out, "\"files_in_several_subsystems\": ");
	writer_u64(out, subsystems->nr_shared);
	writer_str(out, ",\n\"subsystems\": [");
	for (size_t i = 0; i < subsystems->nr; i++) {
		writer_str(out, i ? ",\n" : "\n");
		struct error *err = json_print_subsystem(&subsystems->list[i], JSON_PLAIN, out);
		if (err)
			return err;
	}
	writer_str(out, subsystems->nr ? "\n],\n" : "],\n");
	return NULL;
}

struct error *json_print_classes(const struct coverage *coverage, enum json_dialect dialect,
				 struct writer *out)
{
	_cleanup_(json_builder_deinit) struct json_builder b = { .dialect = dialect };
	_cleanup_(cleanup_json) cJSON *o = json_root(&b);

	for (int c = 0; c < COVERAGE_UNMATCHED_CLASSES; c++) {
		cJSON *class = json_add_object(&b, o, coverage_unmatched_name(c));

		json_add_count(&b, class, "pcs", coverage->unmatched_classes[c]);
		json_add_text(&b, class, "explanation", coverage_unmatched_text(c));
	}
	return json_print(&b, o, writer_stream(out));
}

/* Write "KEY": [ one element per line ], */
static struct error *print_list(const struct coverage *coverage, const char *key, size_t nr,
				json_print_element *print, struct writer *out)
{
	writer_byte(out, '"');
	writer_str(out, key);
	writer_str(out, "\": [");
	for (size_t i = 0; i < nr; i++) {
		writer_str(out, i ? ",\n" : "\n");
		struct error *err = print(coverage, i, JSON_PLAIN, out);
		if (err)
			return err;
	}
	writer_str(out, nr ? "\n],\n" : "],\n");
	return NULL;
}

static struct error *print_files(const struct view *view, struct writer *out)
{
	bool any = false;

	writer_str(out, "\"files\": [");
	for (size_t i = 0; i < view->coverage.nr_files; i++) {
		const struct coverage_file *file = &view->coverage.files[i];

		if (!view_writes(view, file))
			continue;
		writer_str(out, any ? ",\n" : "\n");
		any = true;
		struct error *err = json_file_write(file, view_path(view, file), out);
		if (err)
			return err;
	}
	writer_str(out, any ? "\n]\n" : "]\n");
	return NULL;
}

static struct error *print_head(const struct view *view, const struct render_options *options,
				struct writer *out)
{
	struct error *err;

	writer_str(out, "{\n\"format\": \"kcovreport-coverage\",\n\"version\": " SCHEMA_VERSION
			",\n\"generator\": ");
	err = json_print_text(options->generator, writer_stream(out));
	if (err)
		return err;
	writer_str(out, view->touched ? ",\n\"touched\": true" : ",\n\"touched\": false");
	writer_str(out, ",\n\"totals\": ");
	err = json_print_totals(view, JSON_PLAIN, out);
	if (!err && view->touched) {
		writer_str(out, ",\n\"touched_totals\": ");
		err = print_touched_totals(&view->written, out);
	}
	if (err)
		return err;
	writer_str(out, ",\n\"unmatched_classes\": ");
	err = json_print_classes(&view->coverage, JSON_PLAIN, out);
	if (err)
		return err;
	writer_str(out, ",\n");
	return view->subsystems ? print_subsystems(view->subsystems, out) : NULL;
}

static struct error *print_document(const struct view *view, const struct render_options *options,
				    struct writer *out)
{
	const struct coverage *coverage = &view->coverage;
	struct error *err = print_head(view, options, out);

	if (!err)
		err = print_list(coverage, "runs", coverage->nr_runs, json_print_run, out);
	if (!err)
		err = print_list(coverage, "images", coverage->nr_images, json_print_image, out);
	if (!err)
		err = print_list(coverage, "unmatched", coverage->nr_unmatched,
				 json_print_unmatched, out);
	if (!err)
		err = print_list(coverage, "handoffs", coverage->nr_handoffs, json_print_handoff,
				 out);
	if (!err)
		err = print_files(view, out);
	if (!err)
		writer_str(out, "}\n");
	return err;
}

static struct error *render_json(const struct view *view, const struct render_options *options,
				 struct sink *sink)
{
	struct writer *out;
	struct error *err = sink_open(sink, "coverage.json", &out);

	return err ? err : print_document(view, options, out);
}

const struct renderer renderer_json = {
	.name = "json",
	.summary = "coverage.json, all of the report, for programs",
	.kind = RENDER_FILE,
	.render = render_json,
};
