/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of a source that coverage says nothing of, where it is certain why. Blank lines, comments
 * and declarations between them are not told apart here.
 */
#ifndef RENDER_UNMEASURED_H
#define RENDER_UNMEASURED_H

#include <stddef.h>
#include <stdint.h>

#include "base/vector.h"

enum unmeasured_kind {
	UNMEASURED_FUNCTION, /* a function of which no image has code; at: the line of its name */
	/* Of an #if group, not compiled; at: the line of its #if, #elif or #else; group: of the #if
	 */
	UNMEASURED_ARM,
	UNMEASURED_BARE, /* machine code in no function with a coverage point */
};

struct unmeasured_lines {
	enum unmeasured_kind kind;
	uint32_t first, last;
	uint32_t at, group; /* 0 = none */
};

/* Functions, then arms, then bare lines; each ascending. A later one overrides an earlier one. */
DEFINE_VECTOR(unmeasured_vector, struct unmeasured_lines);

/* Of a view: one element for each of its files. */
struct unmeasured {
	struct unmeasured_vector *files;
	size_t nr_files;
};

#endif
