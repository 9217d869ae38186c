/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What shows, to people, that the statements are right about a line: the nearest line that must be
 * executed as often, and of which the machine code says so. The balance of a function
 * (symbolize/source/flow.h) takes all of them at once and gives no reason.
 */
#ifndef SYMBOLIZE_COVERAGE_BASIS_H
#define SYMBOLIZE_COVERAGE_BASIS_H

#include "symbolize/coverage/coverage.h"
#include "symbolize/source/flow.h"

/* A function, after flow_balance(). All borrowed. */
struct balanced_function {
	const struct source_file *file;
	const struct source_function *function;
	const struct flow_machine *machine;
	const struct flow_result *results;
};

/* Fill statement, nr_equal and the basis of a correction, by its line and its count. */
void coverage_find_basis(const struct balanced_function *balanced, struct coverage_correction *c);

#endif
