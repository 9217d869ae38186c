// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writes coverage.md: totals, the directories that were reached, and losses, as Markdown for a
 * comment on a pull request. It stays below the 64 KiB that GitHub takes.
 */
#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "render/directories.h"
#include "render/escape.h"
#include "render/formats.h"
#include "render/losses.h"

/* Directories with a row, and bytes of their names: paths of others can be long. */
#define ROWS_MAX      100
#define NAME_SIZE_MAX 200
/* Of names that make long entities, fewer have a row. */
#define TEXT_SIZE_MAX (48 << 10)

struct markdown {
	const struct view *view;
	struct strbuf text;
	struct coverage_ratio lines, functions, branches; /* of directories without a row */
	size_t nr_left;
};

static void markdown_deinit(struct markdown *m)
{
	strbuf_deinit(&m->text);
}

static void add_cell(struct markdown *m, struct coverage_ratio ratio)
{
	char percent[16];

	strbuf_addf(&m->text, " %" PRIu64 " / %" PRIu64 " | %s%s |", ratio.hit, ratio.found,
		    render_percent(ratio, percent), ratio.found ? " %" : "");
}

static void add_cells(struct markdown *m, struct coverage_ratio lines,
		      struct coverage_ratio functions, struct coverage_ratio branches)
{
	strbuf_addstr(&m->text, " |");
	add_cell(m, lines);
	add_cell(m, functions);
	add_cell(m, branches);
	strbuf_addch(&m->text, '\n');
}

static void add_directory(struct markdown *m, const struct directory *d)
{
	size_t length = d->length < NAME_SIZE_MAX ? d->length : NAME_SIZE_MAX;
	_cleanup_free_ char *name = strndup(d->name, length);

	strbuf_addstr(&m->text, "| ");
	escape_markdown(name ? name : "", &m->text);
	strbuf_addstr(&m->text, length < d->length ? "..." : "");
	add_cells(m, d->lines, d->functions, d->branches);
}

static void add_directories(struct markdown *m, const struct directory_vector *directories)
{
	size_t nr = 0;

	vector_for_each(directories, d) {
		bool is_reached = d->lines.hit || d->functions.hit || d->branches.hit;

		if (is_reached && nr++ < ROWS_MAX && m->text.len < TEXT_SIZE_MAX) {
			add_directory(m, d);
			continue;
		}
		coverage_ratio_add(&m->lines, d->lines);
		coverage_ratio_add(&m->functions, d->functions);
		coverage_ratio_add(&m->branches, d->branches);
		m->nr_left++;
	}
	if (!m->nr_left)
		return;
	strbuf_addf(&m->text, "| *%zu other director%s*", m->nr_left,
		    m->nr_left == 1 ? "y" : "ies");
	add_cells(m, m->lines, m->functions, m->branches);
}

static void add_command(struct markdown *m)
{
	const struct coverage *c = &m->view->coverage;
	const struct coverage_run *run = c->runs;

	strbuf_addstr(&m->text, "### Kernel coverage");
	if (c->nr_runs == 1 && run->command) {
		_cleanup_free_ char *command = strndup(run->command, NAME_SIZE_MAX);

		strbuf_addstr(&m->text, " of ");
		escape_markdown(command ? command : "", &m->text);
		strbuf_addstr(&m->text, strlen(run->command) > NAME_SIZE_MAX ? "..." : "");
	} else if (c->nr_runs > 1) {
		strbuf_addf(&m->text, " of %zu runs", c->nr_runs);
	}
	if (c->nr_runs && run->release) {
		strbuf_addstr(&m->text, " on Linux ");
		escape_markdown(run->release, &m->text);
	}
	strbuf_addstr(&m->text, "\n\n");
}

static void add_losses(struct markdown *m)
{
	struct loss losses[LOSSES_MAX];
	size_t nr = losses_count(m->view, losses);
	bool has_any = false;

	for (size_t i = 0; i < nr; i++) {
		if (!losses[i].nr)
			continue;
		strbuf_addstr(&m->text, has_any ? "- " : "\n- ");
		has_any = true;
		loss_write(&losses[i], &m->text);
		strbuf_addch(&m->text, '\n');
	}
}

static struct error *render_markdown(const struct view *view, const struct render_options *options,
				     struct sink *sink)
{
	_cleanup_(markdown_deinit) struct markdown m = { .view = view };
	_cleanup_(directories_deinit) struct directories directories = { 0 };
	const struct view_written *w = &view->written;
	struct error *err = directories_init(&directories, view);
	struct writer *out;

	(void)options;
	if (!err)
		err = sink_open(sink, "coverage.md", &out);
	if (err)
		return err;
	add_command(&m);
	strbuf_addstr(&m.text, "| directory | lines | % | functions | % | branches | % |\n"
			       "|---|---:|---:|---:|---:|---:|---:|\n| **total**");
	add_cells(&m, w->lines, w->functions, w->branches);
	add_directories(&m, &directories.all);
	if (view->touched)
		strbuf_addstr(&m.text, "\nOnly source files in which something was executed count "
				       "(--touched).\n");
	add_losses(&m);
	writer_str(out, strbuf_str(&m.text));
	return strbuf_check(&m.text);
}

const struct renderer renderer_markdown = {
	.name = "markdown",
	.summary = "coverage.md, tables for a comment on a pull request",
	.kind = RENDER_FILE,
	.render = render_markdown,
};
