// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writes coverage.csv (RFC 4180): a record for each source file, followed by those of its
 * functions. Cells that a record does not have are empty.
 */
#include "base/cleanup.h"
#include "render/escape.h"
#include "render/formats.h"

static const char header[] =
	"kind,path,function,line,count,lines_hit,lines_found,functions_hit,functions_found,"
	"branches_hit,branches_found,points_hit,points_found,blocks_hit,blocks_found\r\n";

static void write_text(const char *text, struct strbuf *scratch, struct writer *out)
{
	strbuf_reset(scratch);
	escape_csv(text, scratch);
	writer_str(out, strbuf_str(scratch));
}

static void write_ratio(struct coverage_ratio ratio, struct writer *out)
{
	writer_byte(out, ',');
	writer_u64(out, ratio.hit);
	writer_byte(out, ',');
	writer_u64(out, ratio.found);
}

static void write_file(const char *path, const struct coverage_file *file, struct strbuf *scratch,
		       struct writer *out)
{
	writer_str(out, "file,");
	write_text(path, scratch, out);
	writer_str(out, ",,,");
	write_ratio(file->line_ratio, out);
	write_ratio(file->function_ratio, out);
	write_ratio(file->branch_ratio, out);
	write_ratio(file->point_ratio, out);
	writer_str(out, ",,\r\n");
}

static void write_function(const char *path, const struct coverage_function *f,
			   struct strbuf *scratch, struct writer *out)
{
	writer_str(out, "function,");
	write_text(path, scratch, out);
	writer_byte(out, ',');
	write_text(f->name, scratch, out);
	writer_byte(out, ',');
	writer_u64(out, f->line);
	writer_byte(out, ',');
	writer_u64(out, f->count);
	writer_str(out, ",,,,,,,,");
	write_ratio(f->blocks, out);
	writer_str(out, "\r\n");
}

static struct error *render_csv(const struct view *view, const struct render_options *options,
				struct sink *sink)
{
	_cleanup_strbuf_ struct strbuf scratch = STRBUF_INIT;
	struct writer *out;
	struct error *err = sink_open(sink, "coverage.csv", &out);

	(void)options;
	if (err)
		return err;
	writer_str(out, header);
	for (size_t i = 0; i < view->coverage.nr_files; i++) {
		const struct coverage_file *file = &view->coverage.files[i];
		const char *path = view_path(view, file);

		if (!view_writes(view, file))
			continue;
		write_file(path, file, &scratch, out);
		for (size_t f = 0; f < file->nr_functions; f++)
			write_function(path, &file->functions[f], &scratch, out);
	}
	return scratch.failed ? &error_no_memory : NULL;
}

const struct renderer renderer_csv = {
	.name = "csv",
	.summary = "coverage.csv, a record for each file and function",
	.kind = RENDER_FILE,
	.render = render_csv,
};
