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

/*
 * coverage.xml, Cobertura's format as coverage-04.dtd has it, for GitLab and Jenkins. Names of
 * files are relative to the source root, or to the directory of view.relative.
 */
extern const struct renderer renderer_cobertura;

/*
 * coverage.jsonl, a JSON object in each line, as syzkaller has them at /cover?jsonl=1: one for each
 * frame of each coverage point,
 *
 *	{"file_path":"fs/open.c","func_name":"do_sys_open","sl":1414,"sc":0,"el":1414,"ec":-1,
 *	 "hit_count":3,"inline":false,"pc":18446744071580845073}
 *
 * Lines and columns of a point are not known but for the line. pc is the address of the call.
 */
extern const struct renderer renderer_jsonl;

/* coverage.csv: a record for each file and each function, for spreadsheets. */
extern const struct renderer renderer_csv;

/* coverage.md: totals, directories and losses, short enough for a comment on a pull request. */
extern const struct renderer renderer_markdown;

/* summary.json: the same for programs; docs/summary.schema.json describes it. */
extern const struct renderer renderer_summary;

/* The summary for a terminal (render/summary.h). */
extern const struct renderer renderer_text;

#endif
