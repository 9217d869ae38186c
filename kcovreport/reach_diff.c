// SPDX-License-Identifier: GPL-2.0-or-later
/* Takes the lines that a diff on standard input adds as the place. */
#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/search.h"
#include "kcovreport/kcovreport.h"
#include "kcovreport/patch.h"
#include "kcovreport/reach.h"

/* A view of which only what patch_read_sources() looks at is known. */
static struct error *make_view(const struct reach *reach, struct view *view)
{
	const struct reach_name_vector *names = &reach->names.names;
	struct coverage *c = &view->coverage;

	view->root = (char *)reach->names.root;
	view->trees = reach->names.texts.trees;
	c->files = calloc(names->len + 1, sizeof(*c->files));
	if (!c->files)
		return &error_no_memory;
	vector_for_each(names, name) {
		size_t nr;
		const struct index_file *file =
			&index_files(reach->images.indexes[name->image], &nr)[name->file];

		if (!c->nr_files || strcmp(c->files[c->nr_files - 1].path, name->path))
			c->files[c->nr_files++].path = name->path;
		source_md5_join(&c->files[c->nr_files - 1].md5, &file->md5);
	}
	return NULL;
}

static struct error *add_lines(struct reach *reach, const struct diff_file *file, const char *path,
			       uint64_t *nr_elsewhere)
{
	const struct reach_name_vector *names = &reach->names.names;
	size_t first = search_first(names->len, i, strcmp(names->data[i].path, path) >= 0);
	size_t last = search_first(names->len, i, strcmp(names->data[i].path, path) > 0);
	struct error *err = NULL;

	for (size_t i = 0, end; !err && i < file->nr_lines; i = end) {
		const struct diff_line *line = &file->lines[i];

		end = i + 1;
		if (line->kind != DIFF_ADDED)
			continue;
		while (end < file->nr_lines && file->lines[end].kind == DIFF_ADDED &&
		       file->lines[end].number == line->number + (end - i))
			end++;
		if (first == last)
			*nr_elsewhere += end - i;
		else
			err = reach_where_add(reach, first, last, line->number,
					      line->number + (uint32_t)(end - i) - 1);
	}
	return err;
}

static struct error *add_files(struct reach *reach, const struct patch_job *job)
{
	uint64_t nr_elsewhere = 0;
	struct error *err = NULL;

	for (size_t i = 0; !err && i < job->diff->nr_files; i++)
		if (job->sources[i].is_source && job->sources[i].path)
			err = add_lines(reach, &job->diff->files[i], job->sources[i].path,
					&nr_elsewhere);
	if (!err && nr_elsewhere)
		say("%" PRIu64 " line%s of the diff %s in no image", nr_elsewhere,
		    nr_elsewhere == 1 ? "" : "s", nr_elsewhere == 1 ? "is" : "are");
	return err;
}

static void job_deinit(struct patch_job *job)
{
	for (size_t i = 0; job->sources && i < job->diff->nr_files; i++) {
		free(job->sources[i].path);
		free(job->sources[i].text);
		free(job->sources[i].starts);
		free(job->sources[i].lines);
	}
	free(job->sources);
	free(job->view->coverage.files);
}

struct error *reach_where_find_diff(struct reach *reach)
{
	_cleanup_(cleanup_diff) struct diff *diff = NULL;
	struct view view = { 0 };
	size_t size;
	struct error *err = file_read("/dev/stdin", DIFF_SIZE_MAX, &reach->where.diff_text, &size);

	if (err)
		return error_context(err, "diff");
	const struct diff_text text = { reach->where.diff_text, size, "standard input" };
	err = diff_parse_texts(&text, 1, &diff);
	if (!err)
		err = patch_check_text(&text, diff);
	if (err)
		return err;
	_cleanup_(job_deinit) struct patch_job job = { .options = reach->options,
						       .diff = diff,
						       .view = &view };
	err = make_view(reach, &view);
	if (!err)
		err = patch_read_sources(&job);
	return err ? err : add_files(reach, &job);
}
