/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Says in words what the statements of a source corrected: for --explain and the HTML report. */
#ifndef RENDER_CORRECTION_H
#define RENDER_CORRECTION_H

#include <stdio.h>

#include "symbolize/coverage/coverage.h"

/* Write "if, executed 3 times; the machine code alone says ...", without a newline. */
void correction_write(const struct coverage_correction *correction, FILE *out);

#endif
