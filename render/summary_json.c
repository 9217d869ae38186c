// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writes summary.json, a few kB for dashboards and gates: totals, directories and subsystems that
 * were reached, losses. docs/summary.schema.json describes it.
 */
#include <string.h>

#include "base/cleanup.h"
#include "render/directories.h"
#include "render/formats.h"
#include "render/json_value.h"
#include "render/losses.h"
#include "render/subsystems.h"

/* As in docs/summary.schema.json. Raise it if the meaning of existing members changes. */
#define SUMMARY_VERSION 1

struct counted {
	uint64_t nr_files;
	struct coverage_ratio lines, functions, branches;
};

static void add_counted(struct json_builder *b, cJSON *o, const struct counted *counted)
{
	json_add_count(b, o, "files", counted->nr_files);
	json_add_ratio(b, o, "lines", counted->lines);
	json_add_ratio(b, o, "functions", counted->functions);
	json_add_ratio(b, o, "branches", counted->branches);
}

/* Directories in which nothing was executed are one. */
static void add_directories(struct json_builder *b, cJSON *root, const struct directories *all)
{
	cJSON *array = json_add_array(b, root, "directories");
	struct counted rest = { 0 };
	uint64_t nr_rest = 0;

	vector_for_each(&all->all, d) {
		const struct counted counted = { d->nr_files, d->lines, d->functions, d->branches };

		if (!d->lines.hit && !d->functions.hit) {
			nr_rest++;
			rest.nr_files += d->nr_files;
			coverage_ratio_add(&rest.lines, d->lines);
			coverage_ratio_add(&rest.functions, d->functions);
			coverage_ratio_add(&rest.branches, d->branches);
			continue;
		}
		_cleanup_free_ char *name = strndup(d->name, d->length);
		cJSON *o = json_append_object(b, array);

		b->failed |= !name;
		json_add_text(b, o, "name", name);
		add_counted(b, o, &counted);
	}
	cJSON *o = json_add_object(b, root, "not_reached");
	json_add_count(b, o, "directories", nr_rest);
	add_counted(b, o, &rest);
}

/* Those that were reached, if they were asked for: a kernel has hundreds of others. */
static void add_subsystems(struct json_builder *b, cJSON *root, const struct subsystems *all)
{
	if (!all)
		return;
	json_add_count(b, root, "files_in_several_subsystems", all->nr_shared);
	cJSON *array = json_add_array(b, root, "subsystems");
	for (size_t i = 0; i < all->nr; i++) {
		const struct subsystem *s = &all->list[i];

		if (!s->lines.hit && !s->functions.hit)
			continue;
		cJSON *o = json_append_object(b, array);

		json_add_text(b, o, "name", s->title);
		add_counted(b, o,
			    &(struct counted){ s->nr_files, s->lines, s->functions, s->branches });
	}
}

static void add_losses(struct json_builder *b, cJSON *root, const struct view *view)
{
	struct loss losses[LOSSES_MAX];
	size_t nr = losses_count(view, losses);
	cJSON *o = json_add_object(b, root, "losses");

	for (size_t i = 0; i < nr; i++)
		json_add_count(b, o, losses[i].name, losses[i].nr);
}

static void add_runs(struct json_builder *b, cJSON *root, const struct coverage *c)
{
	const struct coverage_run *first = c->nr_runs ? c->runs : NULL;

	json_add_count(b, root, "runs", c->nr_runs);
	json_add_text(b, root, "command", c->nr_runs == 1 ? first->command : NULL);
	json_add_text(b, root, "release", first ? first->release : NULL);
	json_add_text(b, root, "build_id", first ? first->build_id : NULL);
}

static struct error *render_summary(const struct view *view, const struct render_options *options,
				    struct sink *sink)
{
	_cleanup_(json_builder_deinit) struct json_builder b = JSON_BUILDER_INIT;
	_cleanup_(directories_deinit) struct directories directories = { 0 };
	const struct coverage *c = &view->coverage;
	const struct view_written *w = &view->written;
	struct writer *out;
	struct error *err = directories_init(&directories, view);

	if (!err)
		err = sink_open(sink, "summary.json", &out);
	if (err)
		return err;
	_cleanup_(cleanup_json) cJSON *root = json_root(&b);
	json_add_text(&b, root, "format", "kcovreport-summary");
	json_add_count(&b, root, "version", SUMMARY_VERSION);
	json_add_text(&b, root, "generator", options->generator);
	add_runs(&b, root, c);
	cJSON *totals = json_add_object(&b, root, "totals");
	add_counted(&b, totals,
		    &(struct counted){ c->nr_files, c->lines, c->functions, c->branches });
	json_add_ratio(&b, totals, "points", c->points);
	json_add_count(&b, totals, "pcs", c->pcs);
	json_add_bool(&b, root, "touched", view->touched);
	if (view->touched)
		add_counted(&b, json_add_object(&b, root, "touched_totals"),
			    &(struct counted){ w->nr_files, w->lines, w->functions, w->branches });
	add_directories(&b, root, &directories);
	add_subsystems(&b, root, view->subsystems);
	add_losses(&b, root, view);
	err = json_print(&b, root, writer_stream(out));
	if (!err)
		writer_byte(out, '\n');
	return err;
}

const struct renderer renderer_summary = {
	.name = "summary",
	.summary = "summary.json, totals, directories and losses in a few kB, for dashboards",
	.kind = RENDER_FILE,
	.render = render_summary,
};
