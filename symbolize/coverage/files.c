// SPDX-License-Identifier: GPL-2.0-or-later
/* Judge the sorted claims: make files with their lines and functions. */
#include <string.h>

#include "base/cleanup.h"
#include "symbolize/coverage/private.h"

size_t claims_same_function(const struct draft_claim *claims, size_t nr)
{
	size_t n = 1;

	while (n < nr && claims[n].file == claims[0].file && claims[n].id == claims[0].id &&
	       claims[n].image == claims[0].image && claims[n].function == claims[0].function)
		n++;
	return n;
}

bool claims_missed_statement(const struct draft_claim *claims, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (claim_state(&claims[i]) == BLOCK_MISSED && claims[i].kinds & CLAIM_STMT)
			return true;
	return false;
}

/*
 * Code may be moved into another block; the mark of its statement is not. So if
 * the statement was missed, code of the line in a hit block does not prove that
 * the line was executed.
 */
bool claim_counts(const struct draft_claim *claim, bool missed_statement)
{
	return claim->state != BLOCK_UNKNOWN && (claim->kinds & CLAIM_STMT || !missed_statement);
}

/* The sum of the claims on a line or a function. */
struct verdict {
	struct coverage_ratio blocks;
	uint64_t count;
	uint64_t missed_parts; /* found and missed, but not as a statement by a row */
};

/* Add the claims that one function has on a line. */
static void judge_function(struct verdict *v, const struct draft_claim *claims, size_t nr)
{
	bool stmt_missed = claims_missed_statement(claims, nr);

	for (size_t i = 0; i < nr; i++) {
		const struct draft_claim *c = &claims[i];

		if (!claim_counts(c, stmt_missed))
			continue;
		v->blocks.found++;
		if (claim_state(c) != BLOCK_HIT) {
			v->missed_parts += (c->kinds & ~CLAIM_TAIL) != (CLAIM_ROW | CLAIM_STMT);
			continue;
		}
		v->blocks.hit++;
		if (c->count > v->count)
			v->count = c->count;
	}
}

/* Make a line from its claims. False if the state of none of its blocks is known. */
static bool make_line(const struct draft_claim *claims, size_t nr, struct coverage_line *ret)
{
	struct coverage_line line = { .line = claims[0].id };
	struct verdict v = { 0 };

	for (size_t i = 0; i < nr;) {
		size_t n = claims_same_function(claims + i, nr - i);

		judge_function(&v, claims + i, n);
		i += n;
	}
	/*
	 * Missed parts do not make a hit line partial. The lines of an inlined function tell which
	 * way it went, and the compiler may put code of a line anywhere.
	 */
	if (v.blocks.hit)
		v.blocks.found -= v.missed_parts;
	line.blocks = v.blocks;
	line.count = v.count;
	line.state = line.blocks.hit == line.blocks.found ? COVERAGE_LINE_HIT
		     : line.blocks.hit			  ? COVERAGE_LINE_PARTIAL
							  : COVERAGE_LINE_MISSED;
	*ret = line;
	return line.blocks.found;
}

static size_t same_line(const struct draft_claim *claims, size_t nr)
{
	size_t n = 1;

	while (n < nr && claims[n].file == claims[0].file && claims[n].id == claims[0].id)
		n++;
	return n;
}

/* Make the lines of one file from its nr claims. */
static struct error *make_lines(struct coverage_draft *draft, struct coverage_file *file,
				const struct draft_claim *claims, size_t nr)
{
	for (size_t i = 0; i < nr; i += same_line(claims + i, nr - i))
		file->nr_lines++;
	file->lines = arena_alloc(draft->arena, file->nr_lines, sizeof(*file->lines));
	if (!file->lines)
		return &error_no_memory;
	size_t nr_lines = 0;
	for (size_t i = 0; i < nr;) {
		size_t n = same_line(claims + i, nr - i);
		struct coverage_line *line = &file->lines[nr_lines];

		i += n;
		if (!make_line(claims + i - n, n, line))
			continue;
		nr_lines++;
		file->line_ratio.hit += line->count > 0;
	}
	file->nr_lines = nr_lines;
	file->line_ratio.found = file->nr_lines;
	return NULL;
}

static void count_functions(struct coverage_draft *draft)
{
	const struct draft_claim *claims = draft->calls.data;

	for (size_t i = 0; i < draft->calls.len;) {
		size_t n = claims_same_function(claims + i, draft->calls.len - i);
		struct draft_function *f = &draft->functions.data[claims[i].id];
		struct verdict v = { .count = f->count, .blocks = f->blocks };

		judge_function(&v, claims + i, n);
		f->count = v.count;
		f->blocks = v.blocks;
		i += n;
	}
}

static int compare_functions(const void *va, const void *vb)
{
	const struct draft_function *a = va, *b = vb;

	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	return a->line < b->line ? -1 : a->line > b->line;
}

static int compare_coverage_functions(const void *va, const void *vb)
{
	const struct coverage_function *a = va, *b = vb;

	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return strcmp(a->name, b->name);
}

/* Only functions with blocks are found: inlining may have left no code of a function. */
static struct error *make_functions(struct coverage_draft *draft, struct coverage_file *file,
				    const struct draft_function *functions, size_t nr)
{
	file->functions = arena_alloc(draft->arena, nr, sizeof(*file->functions));
	if (!file->functions)
		return &error_no_memory;
	for (size_t i = 0; i < nr; i++) {
		const struct draft_function *f = &functions[i];
		struct coverage_function *out = &file->functions[file->nr_functions];

		if (!f->blocks.found)
			continue;
		out->name = arena_strdup(draft->arena, intern_string(draft->names, f->name));
		if (!out->name)
			return &error_no_memory;
		out->line = f->line;
		out->count = f->count;
		out->blocks = f->blocks;
		out->has_body = f->has_body;
		file->nr_functions++;
		file->function_ratio.hit += f->count > 0;
	}
	file->function_ratio.found = file->nr_functions;
	qsort(file->functions, file->nr_functions, sizeof(*file->functions),
	      compare_coverage_functions);
	return NULL;
}

/*
 * Make one file by its id. *line, *function and *branch are the first claim, function and branch
 * that may be in the file. They move on to those of later files.
 */
static struct error *make_file(struct coverage_draft *draft, uint32_t id, size_t *line,
			       size_t *function, size_t *branch)
{
	struct coverage *c = draft->coverage;
	struct coverage_file *file = &c->files[c->nr_files];
	size_t first_line = *line, first_function = *function;

	while (*line < draft->lines.len && draft->lines.data[*line].file == id)
		++*line;
	while (*function < draft->functions.len && draft->functions.data[*function].file == id)
		++*function;
	if (*line == first_line && *function == first_function)
		return NULL;
	file->path = arena_strdup(draft->arena, intern_string(draft->paths, id));
	if (!file->path)
		return &error_no_memory;
	file->point_ratio = draft->file_points[id];
	struct error *err =
		make_lines(draft, file, draft->lines.data + first_line, *line - first_line);
	if (!err)
		err = coverage_add_branches(draft, id, file, branch);
	if (!err)
		err = make_functions(draft, file, draft->functions.data + first_function,
				     *function - first_function);
	if (!err && (file->nr_lines || file->nr_functions))
		c->nr_files++;
	return err;
}

static int compare_files(const void *va, const void *vb)
{
	const struct coverage_file *a = va, *b = vb;

	return strcmp(a->path, b->path);
}

struct error *coverage_make_files(struct coverage_draft *draft)
{
	struct coverage *c = draft->coverage;
	uint32_t nr = intern_count(draft->paths);
	size_t line = 0, function = 0, branch = 0;

	count_functions(draft);
	if (draft->functions.len)
		qsort(draft->functions.data, draft->functions.len, sizeof(*draft->functions.data),
		      compare_functions);
	c->files = arena_alloc(draft->arena, nr, sizeof(*c->files));
	if (!c->files)
		return &error_no_memory;
	for (uint32_t id = 0; id < nr; id++) {
		struct error *err = make_file(draft, id, &line, &function, &branch);

		if (err)
			return err;
	}
	qsort(c->files, c->nr_files, sizeof(*c->files), compare_files);
	for (size_t i = 0; i < c->nr_files; i++) {
		coverage_ratio_add(&c->lines, c->files[i].line_ratio);
		coverage_ratio_add(&c->functions, c->files[i].function_ratio);
		coverage_ratio_add(&c->branches, c->files[i].branch_ratio);
	}
	return NULL;
}
