/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The renderer "text", the report for a terminal:
 *
 *	what was run, on which kernel
 *	a table: per directory lines, functions, branches and points, hit/found; totals
 *	what is missing or could not be explained, each with what to do
 *
 * Directories are relative to the source root; those in which nothing was hit
 * are one row. When nothing went wrong the last part is empty but for PCs that
 * are no points; nothing that did is left out, only tasks that share a name
 * and a reason are counted together. Control bytes in names and paths are masked.
 */
#ifndef RENDER_SUMMARY_H
#define RENDER_SUMMARY_H

#include <stdio.h>

#include "base/error.h"
#include "render/view.h"

/* Its parts. */
struct error *summary_table_render(const struct view *view, FILE *out);
struct error *summary_tasks_render(const struct coverage *coverage, FILE *out);
void summary_pcs_render(const struct coverage *coverage, FILE *out);
void summary_sources_render(const struct view *view, FILE *out);

/* Write s with control bytes masked. */
void summary_print_text(const char *s, FILE *out);

#endif
