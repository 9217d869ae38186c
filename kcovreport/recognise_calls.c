// SPDX-License-Identifier: GPL-2.0-or-later
/* Recognises sources whose PCs are the addresses of calls. */
#include "kcovreport/recognise_calls.h"

#include <inttypes.h>

#include "base/search.h"
#include "kcovreport/kcovreport.h"
#include "symbolize/coverage/build.h"

static bool is_point(const struct index *index, uint64_t offset, bool pc_is_call)
{
	return offset <= UINT32_MAX &&
	       coverage_match(index, offset, pc_is_call, NULL).point != INDEX_NONE;
}

void pc_votes_add(struct pc_votes *votes, const struct index *index, uint64_t offset)
{
	votes->returns += is_point(index, offset, false);
	votes->calls += is_point(index, offset, true);
}

static bool leaves_return_address(const struct index_point *point)
{
	return point->kind != INDEX_JUMP;
}

/* As pc_votes_add() for each PC, but PCs and points ascend: each is passed over once. */
static void add_votes(struct pc_votes *votes, const struct coverage_source *source,
		      const struct index *index, uint64_t bias)
{
	size_t nr, at = 0;
	const struct index_point *points = index_points(index, &nr);

	for (size_t i = 0; nr && i < source->nr_pcs; i++) {
		uint64_t offset = source->pcs[i].pc - bias;

		if (source->pcs[i].pc < bias || offset > UINT32_MAX)
			continue;
		at = search_next(at, nr, p, points[p].offset >= offset);
		votes->calls += at < nr && points[at].offset == offset &&
				leaves_return_address(&points[at]);
		if (!at)
			continue;
		at--;
		votes->returns += (uint64_t)points[at].offset + points[at].size == offset &&
				  leaves_return_address(&points[at]);
	}
}

void pc_votes_add_source(struct pc_votes *votes, const struct coverage_source *source,
			 struct index *const *indexes)
{
	for (size_t m = 0; m < source->nr_mappings; m++) {
		const struct coverage_mapping *mapping = &source->mappings[m];
		const struct index *index = indexes[mapping->image];

		if (index)
			add_votes(votes, source, index, mapping->base + index_base(index));
	}
}

void recognise_calls(struct report_runs *runs, struct index *const *indexes)
{
	for (size_t g = 0; g < runs->groups.len; g++) {
		struct coverage_source *sources = &runs->sources[2 * g];
		struct pc_votes votes = { 0 };

		if (!runs->groups.data[g].is_import || sources[0].pcs_are_calls)
			continue;
		for (int i = 0; i < 2; i++)
			pc_votes_add_source(&votes, &sources[i], indexes);
		if (votes.calls <= votes.returns)
			continue;
		sources[0].pcs_are_calls = sources[1].pcs_are_calls = true;
		say_warning("imported PCs are taken for addresses of calls: %" PRIu64
			    " of them are of calls at coverage points, %" PRIu64
			    " are return addresses (import --pc-kind call)",
			    votes.calls, votes.returns);
	}
}
