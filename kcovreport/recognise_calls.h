/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Imported text does not say whether its PCs are return addresses, as the kernel records them, or
 * the addresses of the calls before, as syzkaller writes them. The images tell: of points, only
 * one of the two is what the text has.
 */
#ifndef KCOVREPORT_RECOGNISE_CALLS_H
#define KCOVREPORT_RECOGNISE_CALLS_H

#include "kcovreport/report_runs.h"
#include "symbolize/index/index.h"

/* How many PCs are those of points, if they are return addresses, or addresses of calls. */
struct pc_votes {
	uint64_t returns, calls;
};

/* offset: of the PC from the base of the index. */
void pc_votes_add(struct pc_votes *votes, const struct index *index, uint64_t offset);

/* The same of all PCs of a source. indexes: by number of the image, NULL = none. */
void pc_votes_add_source(struct pc_votes *votes, const struct coverage_source *source,
			 struct index *const *indexes);

/*
 * For each imported source of runs that is said to have return addresses: if more of its PCs are
 * the addresses of points than their return addresses, take it as one of calls, and say so.
 * indexes: by number of the image, NULL = none.
 */
void recognise_calls(struct report_runs *runs, struct index *const *indexes);

#endif
