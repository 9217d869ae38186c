// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writes what only one of two sides executed:
 *
 *	"files":[[path,[name or null,line,executed by A (1) and B (2),line where they part or 0,
 *		 [side,first,last,lines with code],...],...],...],
 *	"unknown":[[path,line,...],...]		that one executed, and that the other does not have
 */
#include "render/compare.h"
#include "render/html_private.h"

static void write_function(const struct compare_file *file, const struct compare_function *f,
			   struct writer *out)
{
	uint64_t sides = (f->is_executed[COMPARE_A] ? 1 : 0) | (f->is_executed[COMPARE_B] ? 2 : 0);

	writer_byte(out, '[');
	html_write_str(f->name, out);
	html_write_number(",", f->line, out);
	html_write_number(",", sides, out);
	html_write_number(",", f->divergence.line, out);
	for (size_t i = f->first_lines; i < f->first_lines + f->nr_lines; i++) {
		const struct compare_lines *lines = &file->lines.data[i];

		html_write_number(",[", lines->side, out);
		html_write_number(",", lines->first, out);
		html_write_number(",", lines->last, out);
		html_write_number(",", lines->nr, out);
		writer_byte(out, ']');
	}
	writer_byte(out, ']');
}

static void write_pair(const char *before, const uint64_t *values, struct writer *out)
{
	html_write_number(before, values[COMPARE_A], out);
	html_write_number(",", values[COMPARE_B], out);
	writer_byte(out, ']');
}

static void write_names(const struct compare_names *names, struct writer *out)
{
	writer_str(out, ",\"names\":[");
	for (int side = 0; side < COMPARE_SIDES; side++) {
		writer_str(out, side ? ",[" : "[");
		for (size_t i = 0; names->names[side][i]; i++) {
			writer_str(out, i ? "," : "");
			html_write_str(names->names[side][i], out);
		}
		writer_byte(out, ']');
	}
	writer_byte(out, ']');
}

/* [[path,line,...],...] */
static void write_unknown(const struct view *view, const struct compare *compare,
			  struct writer *out)
{
	const char *path = NULL;

	writer_str(out, ",\"unknown\":[");
	vector_for_each(&compare->unknown, u) {
		if (u->path != path) {
			writer_str(out, path ? "],[" : "[");
			html_write_path(view, u->path, out);
			path = u->path;
		}
		html_write_number(",", u->line, out);
	}
	writer_str(out, path ? "]]" : "]");
}

struct error *html_compare_write(const struct view *view, const struct render_options *options,
				 struct sink *sink)
{
	const struct compare *compare = options->compare;
	struct writer *out;
	bool had_one;

	if (!compare)
		return html_chunk_remove(sink, "compare", &had_one);
	struct error *err = html_chunk_begin(sink, "compare", &out);
	if (err)
		return err;
	write_names(options->compare_names, out);
	write_pair(",\"lines\":[", compare->lines, out);
	write_pair(",\"functions\":[", compare->functions, out);
	write_unknown(view, compare, out);
	writer_str(out, ",\"files\":[");
	for (size_t i = 0; i < compare->files.len; i++) {
		const struct compare_file *file = &compare->files.data[i];

		writer_str(out, i ? ",\n[" : "\n[");
		html_write_path(view, file->path, out);
		vector_for_each(&file->functions, f) {
			writer_byte(out, ',');
			write_function(file, f, out);
		}
		writer_byte(out, ']');
	}
	writer_byte(out, ']');
	return html_chunk_end(sink, out);
}
