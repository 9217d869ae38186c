/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Correct the lines of a coverage by the statements of the sources. coverage_build() says what
 * follows from the machine code alone. The compiler merged and removed code, and the flow of the
 * statements (symbolize/source/flow.h) says what it merged and removed: lines get another count,
 * and lines without machine code are added, hit or missed. It also says how often conditions were
 * true and false.
 */
#ifndef SYMBOLIZE_COVERAGE_REFINE_H
#define SYMBOLIZE_COVERAGE_REFINE_H

#include "base/error.h"
#include "symbolize/coverage/coverage.h"

struct coverage_parses;
struct source_config_file;

struct coverage_texts {
	/*
	 * Read the source of a file. *ret_state says whether it can be used; only if it is
	 * COVERAGE_SOURCE_USED, *ret is set, and the caller frees it. Called by several threads.
	 */
	struct error *(*read)(void *data, const struct coverage_file *file,
			      enum coverage_source_state *ret_state, char **ret, size_t *ret_size);
	void *data;
	/* Of the kernel: tells which #if groups were compiled. NULL = not known. */
	const struct source_config_file *config;
	unsigned int jobs; /* threads; 0 counts as 1 */
	struct coverage_parses
		*parses; /* kept for the next call (parses.h), with one thread; or NULL */
	const struct coverage_question *question; /* NULL = none; else fill corrections */
};

/*
 * Sets coverage->refined, and that of each file. The totals of the coverage are counted again. If
 * it has counts that are lower bounds (coverage.counts_are_least), lines only become hit or missed:
 * the count of a line that was hit stays, and a line that becomes hit has the count 1.
 */
struct error *coverage_refine(struct coverage *coverage, const struct coverage_texts *texts);

#endif
