/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints a source file with its coverage in the margin, for terminals. */
#ifndef RENDER_SOURCE_VIEW_H
#define RENDER_SOURCE_VIEW_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"
#include "symbolize/coverage/coverage.h"

/*
 * Find the files of a coverage whose path ends with the components of name.
 * Returns how many there are, and the first one in *ret.
 */
size_t source_view_find(const struct coverage *coverage, const char *name,
			const struct coverage_file **ret);

/*
 * Write all lines, or those of one function: from its declaration to the first
 * closing brace in column one. Fails with ERROR_NOT_FOUND if there is no such
 * function, or with the error of reading the source.
 */
struct error *source_view_render(const struct coverage_file *file, const char *function, bool color,
				 FILE *out);

#endif
