// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes the chunks of the HTML report that have all files, all functions, and the runs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "render/html_private.h"
#include "render/json_parts.h"
#include "render/summary.h"

static void write_file(const struct view *view, const struct coverage_file *file, uint32_t chunk,
		       struct writer *out)
{
	writer_byte(out, '[');
	html_write_path(view, file->path, out);
	html_write_number(",", chunk, out);
	html_write_ratio(",", file->line_ratio, out);
	html_write_ratio(",", file->function_ratio, out);
	html_write_ratio(",", file->branch_ratio, out);
	html_write_ratio(",", file->point_ratio, out);
	writer_byte(out, ']');
}

/* What was run, for the head of every page. */
static void write_commands(const struct coverage *coverage, struct writer *out)
{
	writer_str(out, ",\"commands\":[");
	for (size_t i = 0; i < coverage->nr_runs; i++) {
		const struct coverage_run *run = &coverage->runs[i];

		writer_str(out, i ? ",[" : "[");
		html_write_str(run->command, out);
		writer_byte(out, ',');
		html_write_str(run->release, out);
		writer_byte(out, ']');
	}
	writer_byte(out, ']');
}

struct error *html_index_write(const struct view *view, const struct render_options *options,
			       const struct html_index *index, struct sink *sink)
{
	struct writer *out;
	size_t next = 0;
	struct error *err = html_chunk_begin(sink, "index", &out);

	if (err)
		return err;
	writer_str(out, ",\"generator\":");
	html_write_str(options->generator, out);
	writer_str(out, ",\"root\":");
	html_write_str(view->root, out);
	writer_str(out, view->touched ? ",\"touched\":true" : ",\"touched\":false");
	writer_str(out, options->compare ? ",\"compared\":true" : ",\"compared\":false");
	writer_str(out, index->has_subsystems ? ",\"subsystems\":true" : ",\"subsystems\":false");
	writer_str(out, ",\"totals\":");
	err = json_print_totals(view, JSON_SCRIPT, out);
	if (err)
		return err;
	write_commands(&view->coverage, out);
	writer_str(out, ",\"files\":[");
	for (size_t i = 0; i < view->coverage.nr_files; i++) {
		if (!view_writes(view, &view->coverage.files[i]))
			continue;
		writer_str(out, next ? ",\n" : "\n");
		write_file(view, &view->coverage.files[i], index->chunks->data[next++], out);
	}
	writer_byte(out, ']');
	return html_chunk_end(sink, out);
}

struct error *html_functions_write(const struct view *view, struct sink *sink)
{
	struct writer *out;
	size_t number = 0;
	const char *comma = "";
	struct error *err = html_chunk_begin(sink, "functions", &out);

	if (err)
		return err;
	writer_str(out, ",\"functions\":[");
	for (size_t i = 0; i < view->coverage.nr_files; i++) {
		const struct coverage_file *file = &view->coverage.files[i];

		if (!view_writes(view, file))
			continue;
		for (size_t f = 0; f < file->nr_functions; f++) {
			const struct coverage_function *function = &file->functions[f];

			writer_str(out, comma);
			comma = ",";
			writer_str(out, "\n[");
			html_write_str(function->name, out);
			html_write_number(",", number, out);
			html_write_number(",", function->line, out);
			html_write_number(",", function->count, out);
			html_write_ratio(",", function->blocks, out);
			writer_byte(out, ']');
		}
		number++;
	}
	writer_byte(out, ']');
	return html_chunk_end(sink, out);
}

static struct error *write_list(const struct coverage *coverage, const char *key, size_t nr,
				json_print_element *print, struct writer *out)
{
	struct error *err = NULL;

	writer_str(out, key);
	for (size_t i = 0; !err && i < nr; i++) {
		writer_str(out, i ? ",\n" : "\n");
		err = print(coverage, i, JSON_SCRIPT, out);
	}
	writer_byte(out, ']');
	return err;
}

/* Sets of run sources: [how many, [run, number among its sources], ...]. */
static void write_recorders(const struct coverage *coverage, struct writer *out)
{
	writer_str(out, ",\"recorders\":[");
	for (size_t i = 0; i < coverage->nr_recorders; i++) {
		const struct coverage_recorder_set *set = &coverage->recorders[i];

		html_write_number(i ? ",[" : "[", set->nr, out);
		for (uint32_t n = 0; n < set->nr_named; n++) {
			html_write_number(",[", set->named[n].run, out);
			html_write_number(",", set->named[n].source, out);
			writer_byte(out, ']');
		}
		writer_byte(out, ']');
	}
	writer_byte(out, ']');
}

/* What the summary says of losses, unmatched PCs and sources, word by word. */
static struct error *write_summary(const struct view *view, struct writer *out)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		return &error_no_memory;
	struct error *err = summary_tasks_render(&view->coverage, stream);
	summary_pcs_render(&view->coverage, stream);
	summary_handoffs_render(&view->coverage, stream);
	summary_refined_render(&view->coverage, stream);
	summary_sources_render(view, stream);
	bool failed = ferror(stream);
	if (fclose(stream) || failed)
		return err ? err : &error_no_memory;
	writer_str(out, ",\"summary\":");
	html_write_text(text, size, out);
	return err;
}

struct error *html_runs_write(const struct view *view, struct sink *sink)
{
	const struct coverage *c = &view->coverage;
	struct writer *out;
	struct error *err = html_chunk_begin(sink, "runs", &out);

	if (!err)
		err = write_list(c, ",\"runs\":[", c->nr_runs, json_print_run, out);
	if (!err)
		err = write_list(c, ",\"images\":[", c->nr_images, json_print_image, out);
	if (!err)
		err = write_list(c, ",\"unmatched\":[", c->nr_unmatched, json_print_unmatched, out);
	if (!err)
		err = write_list(c, ",\"handoffs\":[", c->nr_handoffs, json_print_handoff, out);
	if (err)
		return err;
	write_recorders(c, out);
	writer_str(out, ",\"unmatched_classes\":");
	err = json_print_classes(c, JSON_SCRIPT, out);
	if (!err)
		err = write_summary(view, out);
	return err ? err : html_chunk_end(sink, out);
}
