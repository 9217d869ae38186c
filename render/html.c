// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes the HTML report: the files of the page, and its data, in several threads. */
#include <stdio.h>
#include <sys/resource.h>

#include "base/cleanup.h"
#include "base/workers.h"
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

/*
 * These parts do not depend on each other. The longest come first, since a thread takes one after
 * the other.
 */
enum { PART_SUBSYSTEMS, PART_FUNCTIONS, PART_COMPARE, PART_RUNS, PART_CHUNKS };

struct html_job {
	struct html_plan plan;
	bool has_subsystems;
};

static struct error *write_part(void *arg, unsigned int worker, size_t part)
{
	struct html_job *job = arg;
	const struct html_plan *plan = &job->plan;

	(void)worker;
	switch (part) {
	case PART_SUBSYSTEMS:
		return html_subsystems_write(plan->view, plan->sink, &job->has_subsystems);
	case PART_FUNCTIONS:
		return html_functions_write(plan->view, plan->sink);
	case PART_COMPARE:
		return html_compare_write(plan->view, plan->options, plan->sink);
	case PART_RUNS:
		return html_runs_write(plan->view, plan->sink);
	}
	return html_plan_write(plan, part - PART_CHUNKS);
}

/* Each thread has an output and a source open. Other files are open, too. */
static unsigned int threads(unsigned int jobs)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur / 4 >= jobs)
		return jobs;
	return limit.rlim_cur / 4;
}

static struct error *write_parts(struct html_job *job, struct html_chunk_vector *chunks)
{
	struct error *err = html_plan_make(&job->plan, chunks);

	if (!err)
		err = workers_run(threads(job->plan.options->jobs),
				  PART_CHUNKS + job->plan.chunks.len - 1, write_part, job);
	if (!err)
		err = html_plan_remove_older(&job->plan);
	html_plan_deinit(&job->plan);
	return err;
}

static struct error *render_html(const struct view *view, const struct render_options *options,
				 struct sink *sink)
{
	_cleanup_(html_chunk_vector_deinit) struct html_chunk_vector chunks = VECTOR_INIT;
	struct html_index index = { .chunks = &chunks };
	struct html_job job = { { view, options, sink } };
	struct error *err = NULL;

	for (const struct html_page_file *file = html_page_files; !err && file->name; file++)
		err = write_page_file(file, sink);
	if (!err)
		err = write_parts(&job, &chunks);
	index.has_subsystems = job.has_subsystems;
	return err ? err : html_index_write(view, options, &index, sink);
}

const struct renderer renderer_html = {
	.name = "html",
	.summary = "html/index.html, pages with sources, for people",
	.kind = RENDER_DIRECTORY,
	.render = render_html,
};
