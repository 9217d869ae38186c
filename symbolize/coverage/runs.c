// SPDX-License-Identifier: GPL-2.0-or-later
/* Copy the descriptions of the runs into the coverage, strings included. */
#include <string.h>

#include "symbolize/coverage/private.h"

/* Replace a string by its copy. NULL stays NULL. Returns false if memory runs out. */
static bool copy_string(struct arena *arena, const char **s)
{
	if (!*s)
		return true;
	*s = arena_strdup(arena, *s);
	return *s;
}

static void *copy_array(struct arena *arena, const void *array, size_t nr, size_t size)
{
	void *copy = arena_alloc(arena, nr, size);

	return copy && nr ? memcpy(copy, array, nr * size) : copy;
}

/* Copy all but the PCs: they are in the input already. */
static struct run_source *copy_sources(struct arena *arena, const struct run_source *sources,
				       size_t nr)
{
	struct run_source *copy = arena_alloc(arena, nr, sizeof(*copy));

	for (size_t i = 0; copy && i < nr; i++) {
		copy[i] = sources[i];
		copy[i].pcs = NULL;
		if (!copy_string(arena, (const char **)&copy[i].name) ||
		    !copy_string(arena, (const char **)&copy[i].reason))
			return NULL;
	}
	return copy;
}

static bool copy_run(struct arena *arena, struct coverage_run *run)
{
	bool ok = copy_string(arena, &run->path) && copy_string(arena, &run->command) &&
		  copy_string(arena, &run->release) && copy_string(arena, &run->build_id) &&
		  copy_string(arena, &run->damage);

	run->sources = copy_sources(arena, run->sources, run->nr_sources);
	run->notes = copy_array(arena, run->notes, run->nr_notes, sizeof(*run->notes));
	ok = ok && run->sources && run->notes;
	for (size_t i = 0; ok && i < run->nr_notes; i++)
		ok = copy_string(arena, &run->notes[i]);
	return ok;
}

struct error *coverage_copy_runs(struct coverage_draft *draft)
{
	const struct coverage_input *input = draft->input;
	struct coverage *c = draft->coverage;

	c->nr_runs = input->nr_runs;
	c->runs = copy_array(draft->arena, input->runs, input->nr_runs, sizeof(*input->runs));
	if (!c->runs)
		return &error_no_memory;
	for (size_t i = 0; i < c->nr_runs; i++)
		if (!copy_run(draft->arena, &c->runs[i]))
			return &error_no_memory;
	return NULL;
}
