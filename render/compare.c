// SPDX-License-Identifier: GPL-2.0-or-later
/* Compares the lines and functions of two views. */
#include "render/compare.h"

#include <string.h>

void compare_deinit(struct compare *compare)
{
	vector_for_each(&compare->files, file) {
		compare_function_vector_deinit(&file->functions);
		compare_lines_vector_deinit(&file->lines);
	}
	compare_file_vector_deinit(&compare->files);
	compare_unknown_vector_deinit(&compare->unknown);
}

/* One file in both views, and how far it was read. */
struct pair {
	const struct coverage_file *files[COMPARE_SIDES];
	size_t lines[COMPARE_SIDES], functions[COMPARE_SIDES];
	struct compare *compare;
	struct compare_file result;
};

static const struct coverage_line *line_of(const struct pair *p, int side)
{
	const struct coverage_file *f = p->files[side];

	return f && p->lines[side] < f->nr_lines ? &f->lines[p->lines[side]] : NULL;
}

static const struct coverage_function *function_of(const struct pair *p, int side)
{
	const struct coverage_file *f = p->files[side];

	return f && p->functions[side] < f->nr_functions ? &f->functions[p->functions[side]] : NULL;
}

static int compare_functions(const struct coverage_function *a, const struct coverage_function *b)
{
	if (!a || !b)
		return a ? -1 : b ? 1 : 0;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return strcmp(a->name, b->name);
}

/* The next function of either file. False: there is none. */
static bool next_function(struct pair *p, struct compare_function *ret)
{
	const struct coverage_function *f[] = { function_of(p, COMPARE_A),
						function_of(p, COMPARE_B) };
	int order = compare_functions(f[COMPARE_A], f[COMPARE_B]);

	if (!f[COMPARE_A] && !f[COMPARE_B])
		return false;
	const struct coverage_function *first = order <= 0 ? f[COMPARE_A] : f[COMPARE_B];
	*ret = (struct compare_function){ .name = first->name, .line = first->line };
	for (int side = 0; side < COMPARE_SIDES; side++) {
		if (compare_functions(f[side], first))
			continue;
		ret->is_executed[side] = first == f[side] ? first->count : f[side]->count;
		p->functions[side]++;
	}
	return true;
}

/* The lines of the function that come next are before this one. */
static uint32_t next_start(const struct pair *p)
{
	uint32_t start = UINT32_MAX;

	for (int side = 0; side < COMPARE_SIDES; side++) {
		const struct coverage_function *f = function_of(p, side);

		if (f && f->line < start)
			start = f->line;
	}
	return start;
}

static bool went_other_ways(const struct coverage_condition *a, const struct coverage_condition *b)
{
	return !a->if_true != !b->if_true || !a->if_false != !b->if_false;
}

static void note_divergence(struct compare_divergence *d, const struct coverage_line *a,
			    const struct coverage_line *b)
{
	bool is_other = !a->count != !b->count;

	if (d->line)
		return;
	if (is_other) {
		d->line = a->line;
		return;
	}
	if (!a->condition || !b->condition || !went_other_ways(a->condition, b->condition))
		return;
	*d = (struct compare_divergence){
		.line = a->line,
		.has_condition = true,
		.conditions = { *a->condition, *b->condition },
	};
}

static bool add_line(struct pair *p, enum compare_side side, uint32_t line, bool follows)
{
	struct compare_lines_vector *v = &p->result.lines;

	p->compare->lines[side]++;
	if (follows && v->data[v->len - 1].side == side) {
		v->data[v->len - 1].last = line;
		v->data[v->len - 1].nr++;
		return true;
	}
	return compare_lines_vector_append(v, &(struct compare_lines){ side, line, line, 1 });
}

/* The other side does not have the line: its state is not known there. */
static bool add_unknown(struct pair *p, const struct coverage_line *line)
{
	return !line->count || compare_unknown_vector_append(
				       &p->compare->unknown,
				       &(struct compare_unknown){ p->result.path, line->line });
}

/* Compare the lines up to `end`. */
static bool add_lines(struct pair *p, uint32_t end, struct compare_function *function)
{
	bool follows = false;

	function->first_lines = p->result.lines.len;
	for (;;) {
		const struct coverage_line *a = line_of(p, COMPARE_A), *b = line_of(p, COMPARE_B);
		uint32_t at = a && (!b || a->line <= b->line) ? a->line : b ? b->line : end;

		if (at >= end)
			break;
		a = a && a->line == at ? a : NULL;
		b = b && b->line == at ? b : NULL;
		p->lines[COMPARE_A] += a != NULL;
		p->lines[COMPARE_B] += b != NULL;
		if (!a || !b) {
			if (!add_unknown(p, a ? a : b))
				return false;
			follows = false;
			continue;
		}
		note_divergence(&function->divergence, a, b);
		bool is_other = !a->count != !b->count;
		if (is_other && !add_line(p, a->count ? COMPARE_A : COMPARE_B, at, follows))
			return false;
		follows = is_other;
	}
	function->nr_lines = p->result.lines.len - function->first_lines;
	return true;
}

/* Functions and lines that only one has are not compared: debug info is that of one kernel. */
static bool is_different(const struct compare_function *f)
{
	return f->nr_lines || f->is_executed[COMPARE_A] != f->is_executed[COMPARE_B];
}

static bool add_function(struct pair *p, struct compare_function *f)
{
	for (int side = 0; side < COMPARE_SIDES; side++)
		p->compare->functions[side] += f->is_executed[side] && !f->is_executed[!side];
	return !is_different(f) || compare_function_vector_append(&p->result.functions, f);
}

static bool compare_file(struct pair *p)
{
	struct compare_function f = { 0 };
	bool ok = add_lines(p, next_start(p), &f) && add_function(p, &f);

	/* Functions of one line share their lines, which are with the last of them. */
	while (ok && next_function(p, &f))
		ok = add_lines(p, next_start(p), &f) && add_function(p, &f);
	return ok;
}

static struct error *add_file(struct compare *compare, const struct coverage_file *a,
			      const struct coverage_file *b)
{
	struct pair p = {
		.files = { a, b },
		.compare = compare,
		.result = { .path = a ? a->path : b->path },
	};
	bool ok = compare_file(&p);

	if (ok &&
	    (!p.result.functions.len || compare_file_vector_append(&compare->files, &p.result))) {
		if (!p.result.functions.len)
			compare_lines_vector_deinit(&p.result.lines);
		return NULL;
	}
	compare_function_vector_deinit(&p.result.functions);
	compare_lines_vector_deinit(&p.result.lines);
	return &error_no_memory;
}

struct error *compare_views(const struct view *a, const struct view *b, struct compare *ret)
{
	const struct coverage *c = &a->coverage, *d = &b->coverage;
	struct error *err = NULL;

	ret->root = a->root;
	for (size_t i = 0, k = 0; !err && (i < c->nr_files || k < d->nr_files);) {
		int order = i == c->nr_files   ? 1
			    : k == d->nr_files ? -1
					       : strcmp(c->files[i].path, d->files[k].path);
		const struct coverage_file *of_a = order <= 0 ? &c->files[i++] : NULL;
		const struct coverage_file *of_b = order >= 0 ? &d->files[k++] : NULL;

		err = add_file(ret, of_a, of_b);
	}
	return err;
}
