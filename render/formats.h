/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The renderers in the table of renderers.c. Each format has a file that defines its renderer. */
#ifndef RENDER_FORMATS_H
#define RENDER_FORMATS_H

#include "render/render.h"

/*
 * coverage.info, an lcov tracefile in a form that genhtml 1.16 and 2.0 to 2.5 all accept:
 *
 *	TN:<letters, digits, _>
 *	SF:<absolute path>
 *	FN:<line>,<name>		no end line: 1.16 would take it for the name
 *	FNDA:<count>,<name>
 *	FNF:, FNH:
 *	BRDA:<line>,<100000 + jump>,<2 * jump, or one more>,<count, or ->
 *	BRF:, BRH:			if there is any
 *	DA:<line>,<count>
 *	LF:, LH:
 *	end_of_record
 *
 * If the view has only touched files, the test name ends with "touched_files_only".
 *
 * Names are unique in a section: if a name occurs again, `_<line>` is appended, and
 * `_<number>` if that is taken too (2.3 and later stop otherwise). Commas and blanks in
 * names cannot be written, and become '_'. Characters that are not plain (base/utf8.h) become
 * '_' in names and '?' in paths; so do '<', '>' and '"' in paths. Counts are written exactly,
 * up to 2^64-1.
 */
extern const struct renderer renderer_lcov;

/* coverage.json; docs/coverage.schema.json describes it. */
extern const struct renderer renderer_json;

/* html/index.html, a page that shows all of the report in a browser (docs/html.md). */
extern const struct renderer renderer_html;

/* The summary for a terminal (render/summary.h). */
extern const struct renderer renderer_text;

#endif
