// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints the evidence for a line: the blocks that own it, what they say, and the statements. */
#include "kcovreport/explain.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/search.h"
#include "kcovreport/kcovreport.h"
#include "render/correction.h"

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

static void print_times(uint64_t count)
{
	printf("%" PRIu64 " time%s", count, count == 1 ? "" : "s");
}

/* Print the line as the report shows it. */
static void print_verdict(const struct coverage *c, const char *file, uint32_t line)
{
	static const char *const verdicts[] = {
		[COVERAGE_LINE_MISSED] = "missed",
		[COVERAGE_LINE_PARTIAL] = "partial",
		[COVERAGE_LINE_HIT] = "hit",
	};

	const struct coverage_line *l = find_line(c, file, line);

	put_text(file);
	printf(":%" PRIu32 ": ", line);
	if (l)
		printf("%s, count %" PRIu64 ", %" PRIu64 " of %" PRIu64 " blocks hit\n",
		       verdicts[l->state], l->count, l->blocks.hit, l->blocks.found);
	else
		printf("not in the report, the state of all its blocks is not known\n");
}

static void print_condition(const struct coverage *c, const char *file, uint32_t line)
{
	const struct coverage_line *l = find_line(c, file, line);

	if (!l || !l->condition)
		return;
	fputs("  condition: true ", stdout);
	print_times(l->condition->if_true);
	fputs(", false ", stdout);
	print_times(l->condition->if_false);
	putchar('\n');
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

/* A missed point says nothing of other contexts, and work was handed on to some. */
static void print_handed_on(const struct coverage *c)
{
	bool any = false, is_missing = false;
	size_t next = 0;

	for (size_t i = 0; i < c->nr_evidence; i++)
		any |= c->evidence[i].state == COVERAGE_BLOCK_MISSED &&
		       !statements_say_hit(c, &c->evidence[i], &next);
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

/* The next line that has evidence or a correction. False at the end. */
static bool next_line(const struct coverage *c, size_t evidence, size_t correction,
		      const char **ret_file, uint32_t *ret_line)
{
	const struct coverage_evidence *e = &c->evidence[evidence];
	const struct coverage_correction *s = &c->corrections[correction];
	bool has_evidence = evidence < c->nr_evidence;
	int order;

	if (!has_evidence && correction == c->nr_corrections)
		return false;
	if (has_evidence && correction < c->nr_corrections) {
		order = strcmp(e->file, s->file);
		has_evidence = order < 0 || (!order && e->line <= s->line);
	}
	*ret_file = has_evidence ? e->file : s->file;
	*ret_line = has_evidence ? e->line : s->line;
	return true;
}

void print_evidence(const struct coverage *c)
{
	size_t e = 0, s = 0;
	const char *file;
	uint32_t line;

	while (next_line(c, e, s, &file, &line)) {
		print_verdict(c, file, line);
		for (; e < c->nr_evidence && c->evidence[e].line == line &&
		       !strcmp(c->evidence[e].file, file);
		     e++)
			print_block(c, &c->evidence[e]);
		for (; s < c->nr_corrections && c->corrections[s].line == line &&
		       !strcmp(c->corrections[s].file, file);
		     s++)
			print_correction(&c->corrections[s]);
		print_condition(c, file, line);
	}
	print_handed_on(c);
}
