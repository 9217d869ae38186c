/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads unified diffs: those of git, of `diff -u`, and mails of git format-patch, several of them
 * in one text. What is not part of a diff (mail headers, commentary, signatures, a cover letter) is
 * skipped.
 *
 * Parts of a text that follow each other without other text between them are one patch: they
 * start from the same state, so that files may exchange their names. A part that changes a file
 * again, or starts from the object that a part before it has made, begins another patch. Patches of
 * one file follow each other: the result has the lines of the last state, with their numbers in it,
 * and the lines that were removed from the first state. A copy has those of the file that it is of.
 *
 *	struct error *err = diff_parse(text, size, &diff);
 *	for (size_t i = 0; i < diff->nr_files; i++)
 *		for (size_t j = 0; j < diff->files[i].nr_lines; j++) ...
 *	diff_destroy(diff);
 *
 * The text may be any bytes. Time and memory are linear in its size, except that each patch of a
 * file passes over the lines that earlier ones left: DIFF_STEPS_MAX bounds that.
 */
#ifndef RENDER_DIFF_H
#define RENDER_DIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"

/* Larger texts, and texts with more lines in hunks, are ERROR_UNSUPPORTED. */
#define DIFF_SIZE_MAX  (256 << 20)
#define DIFF_LINES_MAX (8 << 20)
#define DIFF_STEPS_MAX (1 << 26)
/* The highest number of a line. */
#define DIFF_NUMBER_MAX INT32_MAX

enum diff_kind {
	DIFF_CONTEXT,
	DIFF_ADDED,
	DIFF_REMOVED,
};

struct diff_line {
	enum diff_kind kind;
	uint32_t number;  /* in the last state; of a removed line: of the line that it was before */
	uint32_t at;	  /* number of this line in the text of the diff */
	uint32_t length;  /* of the text */
	const char *text; /* without newline and carriage return; part of the text of the diff */
};

struct diff_file {
	char *path;	/* of the last state, or of the first one if the file was deleted */
	char *given;	/* the same as it stands in the diff, with a prefix such as "b/" */
	char *old_path; /* if the file was renamed or copied; else NULL */
	bool is_new, is_deleted, is_copied, is_binary;
	bool is_mode_changed;
	struct diff_line *lines; /* in the order of the last state */
	size_t nr_lines;
};

struct diff {
	struct diff_file *files; /* in the order in which the text first names them */
	size_t nr_files;
};

/*
 * The text is borrowed until diff_destroy(). A text without a diff gives a diff without files.
 * ERROR_FORMAT: a hunk is cut or has wrong counts, or does not fit to the patches before it; the
 * message names the line of the text. ERROR_UNSUPPORTED: a combined diff (of a merge), a context
 * diff, or a mail whose transfer encoding hides the diff.
 */
struct error *diff_parse(const char *text, size_t size, struct diff **ret);

struct diff_text {
	const char *text;
	size_t size;
	const char *name; /* for messages; NULL = none */
};

/* The same of several texts, which follow each other. */
struct error *diff_parse_texts(const struct diff_text *texts, size_t nr, struct diff **ret);
/* Accepts NULL. */
void diff_destroy(struct diff *diff);
DEFINE_CLEANUP(diff, struct diff, diff_destroy);

/* Whether this line begins a hunk: it does not follow the one before it. */
bool diff_begins_hunk(const struct diff_file *file, size_t line);

#endif
