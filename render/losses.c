// SPDX-License-Identifier: GPL-2.0-or-later
/* Counts what a report cannot show. */
#include "render/losses.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "run/fields.h"

/* Tasks, handles or contexts. */
enum who { TASKS, HANDLES, CONTEXTS };

static enum who who_is(const struct run_source *source)
{
	return source->kind == RUN_SOURCE_REMOTE   ? HANDLES
	       : run_kind_is_context(source->kind) ? CONTEXTS
						   : TASKS;
}

static uint64_t of_sources(const struct coverage *c, enum who who, enum run_state state)
{
	uint64_t nr = 0;

	for (size_t i = 0; i < c->nr_runs; i++)
		for (size_t s = 0; s < c->runs[i].nr_sources; s++) {
			const struct run_source *source = &c->runs[i].sources[s];

			nr += who_is(source) == who && source->state == state;
		}
	return nr;
}

static uint64_t of_counter(const struct coverage *c, const struct run_field *counter)
{
	uint64_t nr = 0;

	for (size_t i = 0; i < c->nr_runs; i++)
		for (size_t s = 0; s < c->runs[i].nr_sources; s++) {
			const struct run_source *source = &c->runs[i].sources[s];

			if (run_field_is_of(counter, source->kind))
				nr += run_field_integer(counter, source);
		}
	return nr;
}

static uint64_t of_runs(const struct coverage *c, bool is_damaged)
{
	uint64_t nr = 0;

	for (size_t i = 0; i < c->nr_runs; i++) {
		const struct coverage_run *run = &c->runs[i];

		nr += is_damaged ? run->damaged_bytes || (run->finished && run->damage)
				 : !run->finished;
	}
	return nr;
}

static uint64_t of_images(const struct coverage *c)
{
	uint64_t nr = 0;

	for (size_t i = 0; i < c->nr_images; i++)
		nr += c->images[i].problem && c->images[i].pcs;
	return nr;
}

size_t losses_count(const struct view *view, struct loss *ret)
{
	const struct coverage *c = &view->coverage;
	const struct loss rows[] = {
		{ "tasks_not_followed", "", "", " task was not followed",
		  " tasks were not followed", of_sources(c, TASKS, RUN_STATE_NOT_FOLLOWED) },
		{ "tasks_cut", "", "", " task was recorded only in part",
		  " tasks were recorded only in part", of_sources(c, TASKS, RUN_STATE_CUT) },
		{ "handles_not_recorded", "", "", " remote handle was not recorded",
		  " remote handles were not recorded",
		  of_sources(c, HANDLES, RUN_STATE_NOT_FOLLOWED) },
		{ "contexts_not_recorded", "", "", " context was not recorded",
		  " contexts were not recorded", of_sources(c, CONTEXTS, RUN_STATE_NOT_FOLLOWED) },
		{ "runs_unfinished", "", "", " run file is unfinished", " run files are unfinished",
		  of_runs(c, false) },
		{ "runs_damaged", "", "", " run file is damaged", " run files are damaged",
		  of_runs(c, true) },
		{ "images_not_used", "", "", " image could not be used",
		  " images could not be used", of_images(c) },
		{ "unmatched_pcs", "", "", " recorded PC is not a coverage point",
		  " recorded PCs are not coverage points", c->nr_unmatched },
		{ "branches_unknown", "", "", " branch is not counted", " branches are not counted",
		  view->nr_branches_unknown },
		{ "sources_missing", "", "", " source file is missing", " source files are missing",
		  view->missing.nr },
		{ "sources_unreadable", "", "", " source file is not readable",
		  " source files are not readable", view->unreadable.nr },
		{ "sources_outside", "", "",
		  " source file is outside the source tree or not named like a source",
		  " source files are outside the source tree or not named like sources",
		  view->outside.nr },
		{ "sources_changed", "", "", " source file changed since the build",
		  " source files changed since the build", view->changed.nr },
		{ "sources_newer", "", "", " source file is newer than the image",
		  " source files are newer than the image", view->newer.nr },
		{ "sources_too_short", "", "", " source file is too short",
		  " source files are too short", view->too_short.nr },
		{ "files_filtered_out", "", "", " source file was filtered out",
		  " source files were filtered out", view->nr_files_left },
	};
	size_t nr = 0;

	run_for_each_loss(field)
	{
		const struct run_loss *words = field->loss;

		ret[nr++] = (struct loss){ field->name,	  words->title ? "a run source " : "",
					   words->before, words->one,
					   words->many,	  of_counter(c, field) };
		assert(nr + sizeof(rows) / sizeof(*rows) <= LOSSES_MAX);
	}
	memcpy(ret + nr, rows, sizeof(rows));
	return nr + sizeof(rows) / sizeof(*rows);
}

void loss_write(const struct loss *loss, struct strbuf *out)
{
	strbuf_addf(out, "%s%s%" PRIu64 "%s", loss->subject, loss->before, loss->nr,
		    loss->nr == 1 ? loss->one : loss->many);
}
