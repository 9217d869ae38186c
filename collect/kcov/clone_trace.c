// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/kcov/clone_trace.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/search.h"
#include "collect/kcov/clone_trials.h"

#define TRIES 3

static struct error *count_pcs(const uint64_t *pcs, size_t nr, struct pc_map *map)
{
	for (size_t i = 0; i < nr; i++)
		if (!pc_map_add(map, pcs[i], 1))
			return &error_no_memory;
	return NULL;
}

/* What happens to be in the trials of one kind by chance must happen so in the others. */
static bool is_of_clone(const struct pc_map maps[CLONE_TRIALS], uint64_t pc)
{
	if (pc_map_get(&maps[TRIAL_FAILURE], pc) || pc_map_get(&maps[TRIAL_SLEEP], pc))
		return false;
	for (int i = TRIAL_HIDDEN_VFORK; i < CLONE_TRIALS; i++)
		if (pc_map_get(&maps[i], pc) != 1)
			return false;
	return true;
}

/* pcs: of the last trial, in the order of recording. */
static void choose(const struct pc_map maps[CLONE_TRIALS], const uint64_t *pcs, size_t nr,
		   struct clone_trace *ret)
{
	uint64_t last[CLONE_TRACE_LAST];
	size_t nr_last = 0;

	for (size_t i = nr; i-- > 0;) {
		if (!is_of_clone(maps, pcs[i]))
			continue;
		if (ret->nr == CLONE_TRACE_PCS) {
			ret->nr = 0;
			return;
		}
		if (nr_last < CLONE_TRACE_LAST)
			last[nr_last++] = pcs[i];
		ret->pcs[ret->nr++] = pcs[i];
	}
	qsort(ret->pcs, ret->nr, sizeof(*ret->pcs), compare_u64);
	qsort(last, nr_last, sizeof(*last), compare_u64);
	for (size_t i = 0; i < ret->nr; i++)
		ret->last[i] = bsearch(&ret->pcs[i], last, nr_last, sizeof(*last), compare_u64);
}

static struct error *trace_once(struct clone_trace *ret)
{
	_cleanup_clone_trials_ struct clone_trials *trials = NULL;
	struct pc_map maps[CLONE_TRIALS] = { PC_MAP_INIT };
	bool full = false;

	*ret = (struct clone_trace){ 0 };
	struct error *err = clone_trials_run(&trials);
	if (err)
		return err;
	for (size_t i = 0; !err && i < CLONE_TRIALS; i++) {
		full = full || trials->nr[i] >= CLONE_TRIAL_WORDS - 1;
		err = count_pcs(trials->pcs[i], trials->nr[i], &maps[i]);
	}
	if (!err && !full)
		choose(maps, trials->pcs[CLONE_TRIALS - 1], trials->nr[CLONE_TRIALS - 1], ret);
	for (size_t i = 0; i < CLONE_TRIALS; i++)
		pc_map_deinit(&maps[i]);
	return err;
}

/* On a loaded machine a trial may be preempted so often that it tells nothing: try again. */
struct error *clone_trace_run(struct clone_trace *ret)
{
	struct error *err = NULL;

	*ret = (struct clone_trace){ 0 };
	for (int i = 0; !err && !ret->nr && i < TRIES; i++)
		err = trace_once(ret);
	return err;
}

void clone_trace_count(const struct clone_trace *trace, uint64_t counts[],
		       const struct pc_count *pcs, size_t nr_pcs)
{
	for (size_t i = 0; i < trace->nr; i++) {
		size_t at = search_first(nr_pcs, n, pcs[n].pc >= trace->pcs[i]);

		if (at < nr_pcs && pcs[at].pc == trace->pcs[i])
			counts[i] += pcs[at].count;
	}
}

uint64_t clone_trace_clones(const struct clone_trace *trace, const uint64_t counts[])
{
	uint64_t sorted[CLONE_TRACE_PCS], clones = UINT64_MAX;

	if (!trace->nr)
		return 0;
	for (size_t i = 0; i < trace->nr; i++)
		if (trace->last[i] && counts[i] < clones)
			clones = counts[i];
	/* Most tasks make none. */
	if (!clones)
		return 0;
	memcpy(sorted, counts, trace->nr * sizeof(*sorted));
	qsort(sorted, trace->nr, sizeof(*sorted), compare_u64);
	return clones < sorted[trace->nr / 2] ? clones : sorted[trace->nr / 2];
}
