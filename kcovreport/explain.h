/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints the blocks that own a line, and what the statements corrected, as text for people. */
#ifndef KCOVREPORT_EXPLAIN_H
#define KCOVREPORT_EXPLAIN_H

#include "symbolize/coverage/coverage.h"

/* Print the evidence and the corrections of a coverage to stdout. */
void print_evidence(const struct coverage *coverage);

#endif
