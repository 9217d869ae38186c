/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A source file with its coverage in the margin, for terminals. */
#ifndef RENDER_SOURCE_VIEW_H
#define RENDER_SOURCE_VIEW_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"
#include "symbolize/coverage/coverage.h"

/* The files of a coverage whose path ends in whole components of name: how many, and the first. */
size_t source_view_find(const struct coverage *coverage, const char *name,
			const struct coverage_file **ret);

/*
 * Write all lines, or those of a function: from its declaration to the brace
 * that ends it, the first in column one. ERROR_NOT_FOUND: there is no such
 * function; else as reading the source fails.
 */
struct error *source_view_render(const struct coverage_file *file, const char *function, bool color,
				 FILE *out);

#endif
