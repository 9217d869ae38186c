/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints the blocks that own a line, and what the statements corrected, as text for people. */
#ifndef KCOVREPORT_EXPLAIN_H
#define KCOVREPORT_EXPLAIN_H

#include "render/view.h"

/*
 * Print to stdout why the lines that a question asks for have their states: what view shows of
 * them, with its evidence and corrections. coverage: what the view was made of, with the answer to
 * a question that has all that this one asks for. *ret: for each file of the view, whether it has
 * such a line; the caller frees it.
 */
struct error *print_evidence(const struct view *view, const struct coverage *coverage,
			     const struct coverage_question *question, bool **ret);

#endif
