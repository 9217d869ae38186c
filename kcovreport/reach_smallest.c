// SPDX-License-Identifier: GPL-2.0-or-later
/* Chooses a few runs that together reach all that any reaches. */
#include <string.h>

#include "base/cleanup.h"
#include "kcovreport/reach.h"

static size_t count_new(const uint64_t *hits, const uint64_t *done, size_t nr_words)
{
	size_t nr = 0;

	for (size_t i = 0; i < nr_words; i++)
		nr += (size_t)__builtin_popcountll(hits[i] & ~done[i]);
	return nr;
}

/*
 * How many new elements a run hits never grows, so a run that had few in an earlier step need not
 * be looked at again.
 */
static size_t find_best(const struct reach_run *runs, size_t nr_runs, const uint64_t *done,
			size_t nr_words, size_t *nr_new)
{
	size_t best = nr_runs, best_new = 0;

	for (size_t i = 0; i < nr_runs; i++) {
		if (nr_new[i] <= best_new)
			continue;
		nr_new[i] = count_new(runs[i].hits, done, nr_words);
		if (nr_new[i] > best_new) {
			best_new = nr_new[i];
			best = i;
		}
	}
	return best;
}

struct error *reach_choose(const struct reach_run *runs, size_t nr_runs, size_t nr_elements,
			   size_t **ret, size_t *ret_nr)
{
	size_t nr_words = nr_elements / 64 + 1, nr = 0, best;
	_cleanup_free_ uint64_t *done = calloc(nr_words, sizeof(*done));
	_cleanup_free_ size_t *nr_new = calloc(nr_runs + 1, sizeof(*nr_new));
	_cleanup_free_ size_t *chosen = calloc(nr_runs + 1, sizeof(*chosen));

	if (!done || !nr_new || !chosen)
		return &error_no_memory;
	for (size_t i = 0; i < nr_runs; i++)
		nr_new[i] = runs[i].hits ? nr_elements : 0;
	while ((best = find_best(runs, nr_runs, done, nr_words, nr_new)) < nr_runs) {
		chosen[nr++] = best;
		for (size_t i = 0; i < nr_words; i++)
			done[i] |= runs[best].hits[i];
		nr_new[best] = 0;
	}
	*ret = steal_ptr(&chosen);
	*ret_nr = nr;
	return NULL;
}
