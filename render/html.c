// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes the HTML report: the files of the page, and its data. */
#include <stdio.h>

#include "base/cleanup.h"
#include "render/formats.h"
#include "render/html_private.h"

static struct error *write_page_file(const struct html_page_file *file, struct sink *sink)
{
	_cleanup_free_ char *path = NULL;
	struct writer *out;

	if (asprintf(&path, "html/%s", file->name) < 0) {
		path = NULL;
		return &error_no_memory;
	}
	struct error *err = sink_open(sink, path, &out);
	if (err)
		return err;
	writer_bytes(out, file->start, file->end - file->start);
	return sink_finish(sink, out);
}

static struct error *render_html(const struct view *view, const struct render_options *options,
				 struct sink *sink)
{
	_cleanup_(html_chunk_vector_deinit) struct html_chunk_vector chunks = VECTOR_INIT;
	struct html_index index = { .chunks = &chunks };
	struct error *err = NULL;

	for (const struct html_page_file *file = html_page_files; !err && file->name; file++)
		err = write_page_file(file, sink);
	if (!err)
		err = html_files_write(view, options, sink, &chunks);
	if (!err)
		err = html_subsystems_write(view, sink, &index.has_subsystems);
	if (!err)
		err = html_compare_write(view, options, sink);
	if (!err)
		err = html_index_write(view, options, &index, sink);
	if (!err)
		err = html_functions_write(view, sink);
	return err ? err : html_runs_write(view, sink);
}

const struct renderer renderer_html = {
	.name = "html",
	.summary = "html/index.html, pages with sources, for people",
	.kind = RENDER_DIRECTORY,
	.render = render_html,
};
