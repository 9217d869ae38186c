// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints the evidence for a line: the blocks that own it and what they say. */
#include "kcovreport/explain.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/search.h"
#include "kcovreport/kcovreport.h"

static const char *const states[] = {
	[COVERAGE_BLOCK_UNKNOWN] = "not known",
	[COVERAGE_BLOCK_MISSED] = "missed",
	[COVERAGE_BLOCK_HIT] = "hit",
};

/* Returns NULL if the line is not in the report. */
static const struct coverage_line *find_line(const struct coverage *c, const char *path,
					     uint32_t number)
{
	size_t at = search_first(c->nr_files, i, strcmp(c->files[i].path, path) >= 0);

	if (at == c->nr_files || strcmp(c->files[at].path, path))
		return NULL;
	const struct coverage_file *f = &c->files[at];
	at = search_first(f->nr_lines, i, f->lines[i].line >= number);
	return at < f->nr_lines && f->lines[at].line == number ? &f->lines[at] : NULL;
}

/* Print the line as the report shows it. */
static void print_verdict(const struct coverage *c, const struct coverage_evidence *e)
{
	static const char *const verdicts[] = {
		[COVERAGE_LINE_MISSED] = "missed",
		[COVERAGE_LINE_PARTIAL] = "partial",
		[COVERAGE_LINE_HIT] = "hit",
	};

	const struct coverage_line *l = find_line(c, e->file, e->line);

	put_text(e->file);
	printf(":%" PRIu32 ": ", e->line);
	if (l)
		printf("%s, count %" PRIu64 ", %" PRIu64 " of %" PRIu64 " blocks hit\n",
		       verdicts[l->state], l->count, l->blocks.hit, l->blocks.found);
	else
		printf("not in the report, the state of all its blocks is not known\n");
}

static void print_block(const struct coverage_evidence *e)
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
	putchar('\n');
}

/* A missed point says nothing of other contexts, and work was handed on to some. */
static void print_handed_on(const struct coverage *c)
{
	bool any = false;

	for (size_t i = 0; i < c->nr_evidence; i++)
		any |= c->evidence[i].state == COVERAGE_BLOCK_MISSED;
	if (any && c->nr_handoffs)
		printf("  missed in what was recorded: the summary names work that was handed "
		       "on\n");
}

void print_evidence(const struct coverage *c)
{
	const struct coverage_evidence *last = NULL;

	for (size_t i = 0; i < c->nr_evidence; last = &c->evidence[i++]) {
		const struct coverage_evidence *e = &c->evidence[i];

		if (!last || last->line != e->line || strcmp(last->file, e->file))
			print_verdict(c, e);
		print_block(e);
	}
	print_handed_on(c);
}
