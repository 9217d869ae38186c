// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes chunks with sources, lines, branches and functions of files. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "render/html_private.h"
#include "render/unmeasured.h"

/* A chunk ends after the file that makes it this large: what one look at a file loads. */
#define CHUNK_SIZE (256 << 10)

/* Zeros at the end are omitted, but for the count. Most lines are missed. */
static void write_line(const char *before, const struct coverage_line *line, struct writer *out)
{
	const uint64_t values[] = { line->line, line->count, line->blocks.found, line->blocks.hit,
				    line->state == COVERAGE_LINE_PARTIAL };
	size_t nr = sizeof(values) / sizeof(*values);

	writer_str(out, before);
	while (nr > 2 && !values[nr - 1])
		nr--;
	for (size_t i = 0; i < nr; i++)
		html_write_number(i ? "," : "[", values[i], out);
	writer_byte(out, ']');
}

static void write_branch(const char *before, uint32_t line, const struct coverage_branch *branch,
			 struct writer *out)
{
	writer_str(out, before);
	html_write_number("[", line, out);
	for (int i = 0; branch->is_reached && i < 2; i++) {
		if (branch->outcomes[i].state == COVERAGE_OUTCOME_UNKNOWN)
			writer_str(out, ",null");
		else
			html_write_number(",", branch->outcomes[i].count, out);
	}
	writer_byte(out, ']');
}

static void write_condition(const char *before, uint32_t line,
			    const struct coverage_condition *condition, struct writer *out)
{
	writer_str(out, before);
	html_write_number("[", line, out);
	html_write_number(",", condition->if_true, out);
	html_write_number(",", condition->if_false, out);
	writer_str(out, condition->has_operands ? ",1]" : "]");
}

static void write_lines(const struct coverage_file *file, struct writer *out)
{
	const char *comma = "";

	writer_str(out, ",\"lines\":[");
	for (size_t i = 0; i < file->nr_lines; i++)
		write_line(i ? "," : "", &file->lines[i], out);
	writer_str(out, "],\"branches\":[");
	for (size_t i = 0; i < file->nr_lines; i++)
		for (size_t b = 0; b < file->lines[i].nr_branches; b++) {
			write_branch(comma, file->lines[i].line, &file->lines[i].branches[b], out);
			comma = ",";
		}
	writer_str(out, "],\"conditions\":[");
	comma = "";
	for (size_t i = 0; i < file->nr_lines; i++)
		if (file->lines[i].condition) {
			write_condition(comma, file->lines[i].line, file->lines[i].condition, out);
			comma = ",";
		}
	writer_byte(out, ']');
}

static void write_functions(const struct coverage_file *file, struct writer *out)
{
	writer_str(out, ",\"functions\":[");
	for (size_t i = 0; i < file->nr_functions; i++) {
		const struct coverage_function *f = &file->functions[i];

		writer_str(out, i ? ",[" : "[");
		html_write_str(f->name, out);
		html_write_number(",", f->line, out);
		html_write_number(",", f->count, out);
		html_write_ratio(",", f->blocks, out);
		writer_str(out, f->has_body ? ",1]" : "]");
	}
	writer_byte(out, ']');
}

/* Why lines have no coverage: [[enum unmeasured_kind,first,last,at,group],...]. */
static void write_unmeasured(const struct unmeasured_vector *unmeasured, struct writer *out)
{
	const char *before = ",\"unmeasured\":[[";

	vector_for_each(unmeasured, u) {
		html_write_number(before, u->kind, out);
		html_write_number(",", u->first, out);
		html_write_number(",", u->last, out);
		html_write_number(",", u->at, out);
		html_write_number(",", u->group, out);
		writer_byte(out, ']');
		before = ",[";
	}
	if (unmeasured->len)
		writer_byte(out, ']');
}

/* That a source cannot be read is a result, not an error. */
static struct error *write_source(const struct view *view, const struct coverage_file *file,
				  struct writer *out)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	_cleanup_error_ struct error *err = view_read_source(view, file, &text, &size);

	if (!err) {
		writer_str(out, ",\"source\":");
		html_write_text(text, size, out);
		return NULL;
	}
	if (error_is_shortage(err))
		return steal_ptr(&err);
	_cleanup_free_ char *why = error_format(err);
	if (!why)
		return &error_no_memory;
	writer_str(out, ",\"no_source\":");
	html_write_str(why, out);
	return NULL;
}

void html_plan_deinit(struct html_plan *plan)
{
	html_file_vector_deinit(&plan->files);
	html_first_vector_deinit(&plan->chunks);
}

static struct error *write_file(const struct html_plan *plan, const struct html_file *written,
				struct writer *out)
{
	static const char *const states[] = {
		[VIEW_SOURCE_READ] = "read",
		[VIEW_SOURCE_MISSING] = "missing",
		[VIEW_SOURCE_UNREADABLE] = "unreadable",
		[VIEW_SOURCE_OUTSIDE] = "outside",
		[VIEW_SOURCE_CHANGED] = "changed",
		[VIEW_SOURCE_NEWER] = "newer",
		[VIEW_SOURCE_TOO_SHORT] = "too-short",
	};
	const struct unmeasured *unmeasured = plan->options->unmeasured;
	const struct view *view = plan->view;
	const struct coverage_file *file = &view->coverage.files[written->file];

	writer_str(out, "{\"state\":\"");
	writer_str(out, states[view->source_states[written->file]]);
	writer_byte(out, '"');
	write_lines(file, out);
	write_functions(file, out);
	if (unmeasured && written->file < unmeasured->nr_files)
		write_unmeasured(&unmeasured->files[written->file], out);
	struct error *err = html_evidence_write(&view->coverage, &written->evidence, out);
	if (!err)
		err = write_source(view, file, out);
	writer_byte(out, '}');
	return err;
}

/* Files have the numbers of the index. */
struct error *html_plan_write(const struct html_plan *plan, size_t number)
{
	size_t end = plan->chunks.data[number + 1];
	char name[24];
	struct writer *out;

	snprintf(name, sizeof(name), "%zu", number);
	struct error *err = html_chunk_begin(plan->sink, name, &out);
	if (err)
		return err;
	writer_str(out, ",\"files\":{");
	for (size_t i = plan->chunks.data[number]; !err && i < end; i++) {
		html_write_number(i > plan->chunks.data[number] ? ",\n\"" : "\n\"", i, out);
		writer_str(out, "\":");
		err = write_file(plan, &plan->files.data[i], out);
	}
	writer_byte(out, '}');
	return err ? err : html_chunk_end(plan->sink, out);
}

struct error *html_plan_remove_older(const struct html_plan *plan)
{
	struct error *err = NULL;
	bool more = true;
	char name[24];

	for (size_t number = plan->chunks.len - 1; !err && more; number++) {
		snprintf(name, sizeof(name), "%zu", number);
		err = html_chunk_remove(plan->sink, name, &more);
	}
	return err;
}

struct error *html_plan_make(struct html_plan *plan, struct html_chunk_vector *chunks)
{
	const struct coverage *coverage = &plan->view->coverage;
	struct html_file written = { 0 };
	bool is_full = true;
	uint64_t size = 0;

	for (size_t i = 0; i < coverage->nr_files; i++) {
		const struct coverage_file *file = &coverage->files[i];

		if (!view_writes(plan->view, file))
			continue;
		written.file = i;
		written.evidence = html_evidence_find(coverage, file->path, &written.evidence);
		if (is_full && !html_first_vector_append(&plan->chunks, &plan->files.len))
			return &error_no_memory;
		size = is_full ? 0 : size;
		uint32_t number = plan->chunks.len - 1;
		if (!html_file_vector_append(&plan->files, &written) ||
		    !html_chunk_vector_append(chunks, &number))
			return &error_no_memory;
		/* Numbers make about a third of the text. */
		size += plan->view->source_sizes[i] + file->nr_lines * 12;
		is_full = size >= CHUNK_SIZE;
	}
	return html_first_vector_append(&plan->chunks, &plan->files.len) ? NULL : &error_no_memory;
}
