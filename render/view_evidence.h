/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Evidence and corrections of a coverage name files as the compiler saw them; those of a view do
 * not. */
#ifndef RENDER_VIEW_EVIDENCE_H
#define RENDER_VIEW_EVIDENCE_H

#include "base/error.h"
#include "symbolize/coverage/coverage.h"

struct view_evidence;

struct error *view_evidence_create(struct view_evidence **ret);
/* Accepts NULL. */
void view_evidence_destroy(struct view_evidence *evidence);
/* A file of the coverage is at this path in the view. Both are borrowed. */
struct error *view_evidence_add_path(struct view_evidence *evidence, const char *compiled,
				     const char *path);
/*
 * Replace the evidence and the corrections of coverage, which are borrowed, by those of files that
 * were added, with their paths there, and sorted by path and line. Owned by evidence; or, if no
 * path differs and no file is left out, still borrowed.
 */
struct error *view_evidence_map(struct view_evidence *evidence, struct coverage *coverage);

#endif
