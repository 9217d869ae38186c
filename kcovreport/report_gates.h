/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The gates of `report --fail-under`: what share of lines, functions and branches must be executed.
 */
#ifndef KCOVREPORT_REPORT_GATES_H
#define KCOVREPORT_REPORT_GATES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "symbolize/coverage/coverage.h"

enum { GATE_LINES, GATE_FUNCTIONS, GATE_BRANCHES, GATES };

/* Zeroed memory has no gates. */
struct report_gates {
	bool is_set[GATES];
	uint64_t limits[GATES]; /* in tenths of a per cent */
};

/* "lines=60,functions=70.5". A gate replaces the one before. False: the list is something else. */
bool report_gates_parse(struct report_gates *gates, const char *list);
/* "80" or "79.5": in tenths of a per cent, at most 1000. */
bool percent_parse(const char *text, uint64_t *ret);
/*
 * Check the totals, which are those of the summary. Prints a line for each gate that fails but the
 * last, which is the error. Warns of a gate for something that the coverage has none of.
 */
struct error *report_gates_check(const struct report_gates *gates, const struct coverage *coverage);

#endif
