/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The renderer "text", a summary for terminals:
 *
 *	what was run, on which kernel
 *	a table with a row per directory: lines, functions, branches and points
 *		as hit/found; totals. Or, if the view has them, a row per subsystem
 *	what the statements of the sources corrected
 *	what is missing or could not be explained, each with advice
 *
 * Directories are relative to the source root. All directories (subsystems) in
 * which nothing was hit share one row. If nothing went wrong, the last part contains only PCs
 * that are not points. Every problem is listed; only tasks that share a name and a
 * reason are counted together. Control bytes in names and paths are masked.
 */
#ifndef RENDER_SUMMARY_H
#define RENDER_SUMMARY_H

#include <stdio.h>

#include "base/error.h"
#include "render/view.h"

/* The parts of the summary. */
struct error *summary_table_render(const struct view *view, FILE *out);
struct error *summary_tasks_render(const struct coverage *coverage, FILE *out);
void summary_handoffs_render(const struct coverage *coverage, FILE *out);
void summary_pcs_render(const struct coverage *coverage, FILE *out);
void summary_refined_render(const struct coverage *coverage, FILE *out);
void summary_sources_render(const struct view *view, FILE *out);

/* Write s with control bytes masked. */
void summary_print_text(const char *s, FILE *out);

#endif
