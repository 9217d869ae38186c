// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes coverage.jsonl: a record for each frame of each coverage point, as syzkaller does. */
#include "base/cleanup.h"
#include "render/formats.h"
#include "render/json_file.h"

static void write_number(const char *before, uint64_t number, struct writer *out)
{
	writer_str(out, before);
	writer_u64(out, number);
}

static struct error *write_frame(const struct view *view, const struct coverage_point *point,
				 size_t i, struct writer *out)
{
	const struct coverage_frame *frame = &point->frames[i];
	const struct coverage_file *file =
		frame->file == COVERAGE_NO_FILE ? NULL : view->file_of[frame->file];

	if (!file || !view_writes(view, file))
		return NULL;
	writer_str(out, "{\"file_path\":");
	struct error *err = json_write_text(view_short_path(view, file), out);
	if (err)
		return err;
	writer_str(out, ",\"func_name\":");
	err = json_write_text(frame->function ? frame->function : "", out);
	if (err)
		return err;
	write_number(",\"sl\":", frame->line, out);
	write_number(",\"sc\":0,\"el\":", frame->line, out);
	write_number(",\"ec\":-1,\"hit_count\":", point->count, out);
	writer_str(out, i + 1 < point->nr_frames ? ",\"inline\":true" : ",\"inline\":false");
	write_number(",\"pc\":", point->pc, out);
	writer_str(out, "}\n");
	return NULL;
}

static struct error *render_jsonl(const struct view *view, const struct render_options *options,
				  struct sink *sink)
{
	const struct coverage *c = &view->coverage;
	struct writer *out;
	struct error *err = sink_open(sink, "coverage.jsonl", &out);

	(void)options;
	for (size_t i = 0; !err && i < c->nr_each_point; i++)
		for (size_t f = 0; !err && f < c->each_point[i].nr_frames; f++)
			err = write_frame(view, &c->each_point[i], f, out);
	return err;
}

const struct renderer renderer_jsonl = {
	.name = "jsonl",
	.summary = "coverage.jsonl, a record for each coverage point, as of syzkaller",
	.kind = RENDER_FILE,
	.needs_points = true,
	.render = render_jsonl,
};
