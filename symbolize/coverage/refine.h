/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Correct the lines of a coverage by the statements of the sources. coverage_build() says what
 * follows from the machine code alone. The compiler merged and removed code, and the flow of the
 * statements (symbolize/source/flow.h) says what it merged and removed: lines get another count,
 * and executed lines without machine code are added.
 */
#ifndef SYMBOLIZE_COVERAGE_REFINE_H
#define SYMBOLIZE_COVERAGE_REFINE_H

#include "base/error.h"
#include "symbolize/coverage/coverage.h"

struct source_config_file;

struct coverage_texts {
	/*
	 * Read the source of a file. *ret = NULL: it is not to be had, or is not what was compiled.
	 * The caller frees it. Called by several threads.
	 */
	struct error *(*read)(void *data, const struct coverage_file *file, char **ret,
			      size_t *ret_size);
	void *data;
	/* Of the kernel: tells which #if groups were compiled. NULL = not known. */
	const struct source_config_file *config;
	unsigned int jobs; /* threads; 0 counts as 1 */
};

/* What was done, of files with an executed line. */
struct coverage_refined {
	uint64_t files, files_without_source;
	uint64_t functions, functions_not_understood; /* that were executed */
	uint64_t changed, added;		      /* lines */
};

/*
 * The totals of the coverage are counted anew. If it has counts that are lower bounds
 * (coverage.counts_are_least), lines only become hit or missed: the count of a line that was hit
 * stays, and a line that becomes hit has the count 1.
 */
struct error *coverage_refine(struct coverage *coverage, const struct coverage_texts *texts,
			      struct coverage_refined *ret);

#endif
