/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines of a diff with their coverage, and how it is written: for `kcovreport patch`. */
#ifndef RENDER_PATCH_H
#define RENDER_PATCH_H

#include <stdio.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/intern.h"
#include "render/diff.h"
#include "symbolize/coverage/coverage.h"

enum patch_state {
	PATCH_HIT,
	PATCH_PARTIAL,
	PATCH_MISSED,
	PATCH_NO_CODE,		/* comment, declaration, brace, or is_unknown */
	PATCH_NOT_INSTRUMENTED, /* its function has no point */
	PATCH_NOT_BUILT,	/* its file is in no image, or it was not compiled */
	PATCH_STATES,
};

/* Of added lines; in context and removed lines all is 0. */
struct patch_line {
	enum patch_state state;
	/* Of hit, partial, and missed lines with machine code; borrowed. */
	const struct coverage_line *coverage;
	const char *why;    /* it is not instrumented, not built, or unknown; NULL = not known */
	const char *option; /* that would build it, as "CONFIG_X"; NULL = none is known */
	/* No code: a statement that the compiler merged with others, or that does nothing. */
	bool is_unknown;
};

struct patch_counts {
	uint64_t states[PATCH_STATES];
	uint64_t unknown; /* of those without code */
};

struct patch_file {
	const struct diff_file *diff; /* borrowed */
	const char *path;	  /* of the diff, without the name of a tree in front; borrowed */
	struct patch_line *lines; /* one for each line of it; owned */
	bool is_source;		  /* C, or something else that is compiled */
	struct patch_counts counts;
};

/* Everything but coverage and diff belongs to the patch. */
struct patch {
	struct patch_file *files;
	size_t nr_files;
	struct patch_counts counts;
	struct intern *strings; /* why and option: equal texts are one pointer */
};

/* Zeroed memory is an empty patch. */
void patch_deinit(struct patch *patch);

void patch_count(struct patch_counts *counts, const struct patch_line *line);
uint64_t patch_changed(const struct patch_counts *counts);
/* Found: lines with code. Hit: those that were executed, partial ones too. */
struct coverage_ratio patch_ratio(const struct patch_counts *counts);
/* "missed", "no-code" for programs, and "no code" for people. */
const char *patch_state_name(enum patch_state state);
const char *patch_state_text(enum patch_state state);

/* What only one of its ways was taken of: "was never true", "was never false"; else NULL. */
const char *patch_one_way(const struct patch_line *line);

/* Write the hunks with their states in the margin, then the summary. */
struct error *patch_render_text(const struct patch *patch, bool color, FILE *out);
/* A reply to a mail: at most 72 columns; the summary, and the lines that were not executed. */
struct error *patch_render_mail(const struct patch *patch, FILE *out);
struct error *patch_render_markdown(const struct patch *patch, FILE *out);
struct error *patch_render_json(const struct patch *patch, FILE *out);

/*
 * The parts of the summary, also for other renderers: "37 changed lines: 21 with code, 15 hit, 1
 * partial, 5 missed; 2 not instrumented; 8 not built: CONFIG_FOO". The caller frees *ret.
 */
struct error *patch_summary(const struct patch *patch, char **ret);

#endif
