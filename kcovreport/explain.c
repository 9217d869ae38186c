// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints the evidence for a line: the blocks that own it, what they say, and the statements. */
#include "kcovreport/explain.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/search.h"
#include "kcovreport/kcovreport.h"
#include "render/correction.h"

static const char *const states[] = {
	[COVERAGE_BLOCK_UNKNOWN] = "not known",
	[COVERAGE_BLOCK_MISSED] = "missed",
	[COVERAGE_BLOCK_HIT] = "hit",
};

/* A line that has evidence or a correction, or that the report has. */
struct explained {
	const struct coverage *c; /* of the view */
	const struct coverage_file *file;
	uint32_t number;
	const struct coverage_line *line; /* NULL: it is not in the report */
	/* Its first ones in those of the coverage. */
	size_t evidence, nr_evidence, correction, nr_corrections;
};

static void print_times(uint64_t count)
{
	printf("%" PRIu64 " time%s", count, count == 1 ? "" : "s");
}

/* Lines beyond the end of a source were removed, whatever their blocks say. */
static bool has_known_block(const struct explained *x)
{
	for (size_t i = 0; i < x->nr_evidence; i++)
		if (x->c->evidence[x->evidence + i].state != COVERAGE_BLOCK_UNKNOWN)
			return true;
	return x->nr_corrections;
}

/* Print the line as the report shows it. */
static void print_verdict(const struct explained *x)
{
	static const char *const verdicts[] = {
		[COVERAGE_LINE_MISSED] = "missed",
		[COVERAGE_LINE_PARTIAL] = "partial",
		[COVERAGE_LINE_HIT] = "hit",
	};
	const struct coverage_line *l = x->line;

	put_text(x->file->path);
	printf(":%" PRIu32 ": ", x->number);
	if (l)
		printf("%s, count %" PRIu64 ", %" PRIu64 " of %" PRIu64 " blocks hit\n",
		       verdicts[l->state], l->count, l->blocks.hit, l->blocks.found);
	else if (has_known_block(x))
		printf("not in the report, its source has no such line\n");
	else
		printf("not in the report, the state of all its blocks is not known\n");
}

static void print_condition(const struct explained *x)
{
	const struct coverage_line *l = x->line;

	if (!l || !l->condition)
		return;
	fputs("  condition: true ", stdout);
	print_times(l->condition->if_true);
	fputs(", false ", stdout);
	print_times(l->condition->if_false);
	putchar('\n');
}

/*
 * The line that a function is declared on has the function's count if no block of it says more
 * (render/joined_file.h).
 */
static void print_functions(const struct explained *x)
{
	const struct coverage_line *l = x->line;
	const struct coverage_file *f = x->file;

	if (!l || x->nr_corrections || (l->blocks.found && (l->blocks.hit || !l->count)))
		return;
	for (size_t i = search_first(f->nr_functions, k, f->functions[k].line >= x->number);
	     i < f->nr_functions && f->functions[i].line == x->number; i++) {
		fputs("  function: ", stdout);
		put_text(f->functions[i].name);
		fputs(" is declared here, and was called ", stdout);
		print_times(f->functions[i].count);
		putchar('\n');
	}
}

/* By which kinds of sources a block was executed; nothing if no run recorded contexts. */
static void print_recorders(const struct coverage *c, const struct coverage_evidence *e)
{
	const struct coverage_recorder_set *set = &c->recorders[e->recorders];
	bool any = false, kinds[RUN_SOURCE_KINDS] = { false };

	if (!e->recorders)
		return;
	for (uint32_t i = 0; i < set->nr_named; i++) {
		const struct coverage_recorder *r = &set->named[i];

		kinds[c->runs[r->run].sources[r->source].kind] = true;
	}
	fputs("; executed ", stdout);
	for (int kind = 0; kind < RUN_SOURCE_KINDS; kind++) {
		if (!kinds[kind])
			continue;
		printf("%s%s", any ? "; " : "", run_kind_words(kind)->by);
		any = true;
	}
}

static void print_block(const struct coverage *c, const struct coverage_evidence *e)
{
	printf("  %#" PRIx64 "-%#" PRIx64 " ", e->start, e->start + e->size);
	put_text(e->image);
	putchar(' ');
	put_text(e->symbol);
	printf(": %s", states[e->state]);
	if (e->state == COVERAGE_BLOCK_HIT)
		printf(" %" PRIu64 " time%s", e->count, e->count == 1 ? "" : "s");
	if (e->state == COVERAGE_BLOCK_UNKNOWN)
		printf(", no point and no other block decides it");
	else if (e->source == e->start)
		printf(", by %s", e->points == 1 ? "its point" : "its points");
	else
		printf(", follows from the block at %#" PRIx64, e->source);
	printf("; %s",
	       e->is_statement ? "the statement begins here" : "only code of the line is here");
	if (e->is_of_missed)
		printf(", but does not count: it belongs to the missed block that falls through "
		       "into this one");
	else if (e->state != COVERAGE_BLOCK_UNKNOWN && !e->counts)
		printf(", but does not count: the statement itself was missed in this function");
	print_recorders(c, e);
	putchar('\n');
}

/* Both are sorted by file and line. *next: the first correction that was not passed yet. */
static bool statements_say_hit(const struct coverage *c, const struct coverage_evidence *e,
			       size_t *next)
{
	for (; *next < c->nr_corrections; ++*next) {
		const struct coverage_correction *s = &c->corrections[*next];
		int order = strcmp(s->file, e->file);

		if (order > 0 || (!order && s->line >= e->line))
			return !order && s->line == e->line && s->count;
	}
	return false;
}

/*
 * A missed point says nothing of other contexts, and work was handed on to some. There may be
 * evidence of files that were not printed, whose names end in the same way.
 */
static void print_handed_on(const struct coverage *c, const bool *is_printed)
{
	bool any = false, is_missing = false;
	size_t next = 0, file = 0;

	for (size_t i = 0; i < c->nr_evidence; i++) {
		const struct coverage_evidence *e = &c->evidence[i];

		while (file + 1 < c->nr_files && strcmp(c->files[file].path, e->file) < 0)
			file++;
		any |= is_printed[file] && e->state == COVERAGE_BLOCK_MISSED &&
		       !statements_say_hit(c, e, &next);
	}
	for (size_t i = 0; i < c->nr_handoffs; i++)
		is_missing |= !coverage_handoff_is_recorded(c, &c->handoffs[i]);
	if (any && is_missing)
		printf("  missed in what was recorded: the summary names work that was handed "
		       "on\n");
}

static void print_correction(const struct coverage_correction *c)
{
	fputs("  statements: ", stdout);
	correction_write(c, stdout);
	putchar('\n');
}

static void print_line(const struct explained *x)
{
	print_verdict(x);
	for (size_t i = 0; i < x->nr_evidence; i++)
		print_block(x->c, &x->c->evidence[x->evidence + i]);
	for (size_t i = 0; i < x->nr_corrections; i++)
		print_correction(&x->c->corrections[x->correction + i]);
	print_functions(x);
	print_condition(x);
}

/* Of a file, the next line from x->number on. False: there is none. */
static bool next_line(struct explained *x, size_t *next)
{
	const struct coverage *c = x->c;
	const struct coverage_evidence *e = c->evidence;
	const struct coverage_correction *s = c->corrections;
	const char *path = x->file->path;
	uint32_t number = UINT32_MAX;

	x->evidence += x->nr_evidence;
	x->correction += x->nr_corrections;
	if (x->evidence < c->nr_evidence && !strcmp(e[x->evidence].file, path))
		number = e[x->evidence].line;
	if (x->correction < c->nr_corrections && !strcmp(s[x->correction].file, path) &&
	    s[x->correction].line < number)
		number = s[x->correction].line;
	if (*next < x->file->nr_lines && x->file->lines[*next].line < number)
		number = x->file->lines[*next].line;
	x->line = *next < x->file->nr_lines && x->file->lines[*next].line == number
			  ? &x->file->lines[(*next)++]
			  : NULL;
	x->nr_evidence = x->nr_corrections = 0;
	for (size_t i = x->evidence;
	     i < c->nr_evidence && e[i].line == number && !strcmp(e[i].file, path); i++)
		x->nr_evidence++;
	for (size_t i = x->correction;
	     i < c->nr_corrections && s[i].line == number && !strcmp(s[i].file, path); i++)
		x->nr_corrections++;
	x->number = number;
	return x->line || x->nr_evidence || x->nr_corrections;
}

/* Evidence and corrections are sorted by file and line. */
static bool print_file(struct explained *x, const struct coverage_question *q)
{
	const struct coverage *c = x->c;
	bool has_any = false;
	size_t next = 0;

	x->nr_evidence = x->nr_corrections = 0;
	while (x->evidence < c->nr_evidence &&
	       strcmp(c->evidence[x->evidence].file, x->file->path) < 0)
		x->evidence++;
	while (x->correction < c->nr_corrections &&
	       strcmp(c->corrections[x->correction].file, x->file->path) < 0)
		x->correction++;
	while (next_line(x, &next)) {
		if (q->line && x->number != q->line)
			continue;
		print_line(x);
		has_any = true;
	}
	return has_any;
}

/* The files that a question names by their paths in the debug info, or by those that are printed.
 */
static bool *find_asked(const struct view *view, const struct coverage *coverage,
			const struct coverage_question *q)
{
	const struct coverage *c = &view->coverage;
	bool *is_asked = calloc(c->nr_files + 1, sizeof(*is_asked));

	for (size_t i = 0; is_asked && i < coverage->nr_files; i++)
		if (view->file_of[i] && coverage_question_has(q, coverage->files[i].path))
			is_asked[view->file_of[i] - c->files] = true;
	for (size_t i = 0; is_asked && *q->file == '/' && i < c->nr_files; i++)
		is_asked[i] |= !strcmp(c->files[i].path, q->file);
	return is_asked;
}

struct error *print_evidence(const struct view *view, const struct coverage *coverage,
			     const struct coverage_question *q, bool **ret)
{
	const struct coverage *c = &view->coverage;
	struct explained x = { .c = c };
	bool *is_printed = find_asked(view, coverage, q), has_any = false;

	if (!is_printed)
		return &error_no_memory;
	for (size_t i = 0; i < c->nr_files; i++) {
		x.file = &c->files[i];
		is_printed[i] = is_printed[i] && print_file(&x, q);
		has_any |= is_printed[i];
	}
	if (has_any)
		print_handed_on(c, is_printed);
	*ret = is_printed;
	return NULL;
}
