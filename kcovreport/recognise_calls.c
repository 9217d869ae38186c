// SPDX-License-Identifier: GPL-2.0-or-later
/* Recognises sources whose PCs are the addresses of calls. */
#include "kcovreport/recognise_calls.h"

#include <inttypes.h>

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

static void vote(const struct coverage_source *source, struct index *const *indexes,
		 struct pc_votes *votes)
{
	for (size_t m = 0; m < source->nr_mappings; m++) {
		const struct coverage_mapping *mapping = &source->mappings[m];
		const struct index *index = indexes[mapping->image];

		for (size_t i = 0; index && i < source->nr_pcs; i++)
			pc_votes_add(votes, index,
				     source->pcs[i].pc - mapping->base - index_base(index));
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
			vote(&sources[i], indexes, &votes);
		if (votes.calls <= votes.returns)
			continue;
		sources[0].pcs_are_calls = sources[1].pcs_are_calls = true;
		say_warning("imported PCs are taken for addresses of calls: %" PRIu64
			    " of them are such of coverage points, %" PRIu64
			    " are return addresses (import --pc-kind call)",
			    votes.calls, votes.returns);
	}
}
