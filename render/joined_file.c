// SPDX-License-Identifier: GPL-2.0-or-later
/* Joins the lines and functions of one source file, and brings them into agreement. */
#include "render/joined_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/sort.h"

void joined_file_deinit(struct joined_file *joined)
{
	line_vector_deinit(&joined->lines);
	function_vector_deinit(&joined->functions);
	line_vector_deinit(&joined->scratch);
	start_vector_deinit(&joined->starts);
	branch_vector_deinit(&joined->branches);
	condition_vector_deinit(&joined->conditions);
	*joined = (struct joined_file){ 0 };
}

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* a + b, or UINT64_MAX if that overflows. */
static uint64_t sum(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

void joined_file_reset(struct joined_file *joined)
{
	joined->lines.len = joined->functions.len = joined->starts.len = 0;
	joined->branches.len = joined->conditions.len = 0;
	joined->points = (struct coverage_ratio){ 0 };
}

struct error *joined_file_add(struct joined_file *joined, const struct coverage_file *file)
{
	const struct line_vector lines = { file->lines, file->nr_lines, 0 };
	const struct function_vector functions = { file->functions, file->nr_functions, 0 };

	if (!start_vector_append(&joined->starts, &joined->lines.len) ||
	    !line_vector_extend(&joined->lines, &lines) ||
	    !function_vector_extend(&joined->functions, &functions))
		return &error_no_memory;
	coverage_ratio_add(&joined->points, file->point_ratio);
	return NULL;
}

uint64_t joined_file_cut(struct joined_file *joined, uint64_t length)
{
	size_t lines = 0, functions = 0;

	vector_for_each(&joined->lines, line)
		if (line->line && line->line <= length)
			joined->lines.data[lines++] = *line;
	vector_for_each(&joined->functions, f)
		if (f->line && f->line <= length)
			joined->functions.data[functions++] = *f;
	uint64_t cut = joined->lines.len - lines;
	joined->lines.len = lines;
	joined->functions.len = functions;
	return cut;
}

/* A line of one of the files that are joined. */
struct part_line {
	const struct coverage_line *line;
	uint32_t part; /* number of that file */
};

DEFINE_VECTOR(part_line_vector, struct part_line);
DEFINE_SORT(sort_part_lines, struct part_line,
	    a->line->line != b->line->line ? a->line->line < b->line->line : a->part < b->part);

static int compare_functions(const void *a, const void *b)
{
	const struct coverage_function *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* Of a line that both parts executed, both have to know the counts of its condition. */
static void join_conditions(struct joined_file *joined, struct coverage_line *line,
			    const struct coverage_line *other)
{
	const struct coverage_condition *a = line->condition, *b = other->condition;

	if (a && b) {
		const struct coverage_condition both = {
			.if_true = sum(a->if_true, b->if_true),
			.if_false = sum(a->if_false, b->if_false),
			.has_operands = a->has_operands || b->has_operands,
		};
		/* Memory is reserved. */
		line->condition = condition_vector_append(&joined->conditions, &both);
	} else if (!a && !line->count) {
		line->condition = b;
	} else if (!b && other->count) {
		line->condition = NULL;
	}
}

static void join_line(struct joined_file *joined, struct coverage_line *line,
		      const struct coverage_line *other)
{
	join_conditions(joined, line, other);
	line->count = sum(line->count, other->count);
	line->most = sum(line->most, other->most);
	line->is_statement |= other->is_statement;
	if (line->state != other->state)
		line->state = COVERAGE_LINE_PARTIAL;
	coverage_ratio_add(&line->blocks, other->blocks);
}

/* Numbers have to be the same whatever was executed, and those of the parts differ. */
static void add_branches(struct joined_file *joined, struct coverage_line *line,
			 const struct part_line *part)
{
	struct branch_vector *branches = &joined->branches;

	if (!line->nr_branches)
		line->branches = part->line->nr_branches ? branches->data + branches->len : NULL;
	line->nr_branches += part->line->nr_branches;
	for (size_t i = 0; i < part->line->nr_branches; i++) {
		struct coverage_branch branch = part->line->branches[i];

		branch.number = branch.number * (uint32_t)joined->starts.len + part->part;
		branch_vector_append(branches, &branch);
	}
}

/* The lines of all parts in their order, with memory for what is joined of them. */
static bool sort_lines(struct joined_file *joined, struct part_line_vector *ret)
{
	size_t nr_branches = 0, nr_conditions = 0, nr = joined->lines.len;

	if (!part_line_vector_reserve(ret, nr))
		return false;
	for (size_t i = 0, part = 0; i < nr; i++) {
		const struct coverage_line *line = &joined->lines.data[i];

		while (part + 1 < joined->starts.len && i >= joined->starts.data[part + 1])
			part++;
		part_line_vector_append(ret, &(struct part_line){ line, (uint32_t)part });
		nr_branches += line->nr_branches;
		nr_conditions += line->condition != NULL;
	}
	return sort_part_lines(ret->data, nr) && line_vector_reserve(&joined->scratch, nr) &&
	       branch_vector_reserve(&joined->branches, nr_branches) &&
	       condition_vector_reserve(&joined->conditions, nr_conditions);
}

static struct error *join_lines(struct joined_file *joined)
{
	_cleanup_(part_line_vector_deinit) struct part_line_vector parts = VECTOR_INIT;

	if (!sort_lines(joined, &parts))
		return &error_no_memory;
	struct line_vector lines = joined->scratch;
	lines.len = 0;
	vector_for_each(&parts, part) {
		struct coverage_line *last = lines.len ? &lines.data[lines.len - 1] : NULL;

		if (last && last->line == part->line->line) {
			join_line(joined, last, part->line);
		} else {
			last = line_vector_append(&lines, part->line);
			last->nr_branches = 0;
		}
		add_branches(joined, last, part);
	}
	joined->scratch = joined->lines;
	joined->lines = lines;
	return NULL;
}

static void join_functions(struct function_vector *functions)
{
	size_t n = 0;

	vector_for_each(functions, f) {
		struct coverage_function *last = n ? &functions->data[n - 1] : NULL;

		if (!last || compare_functions(last, f)) {
			functions->data[n++] = *f;
			continue;
		}
		last->count = sum(last->count, f->count);
		last->has_body |= f->has_body;
		coverage_ratio_add(&last->blocks, f->blocks);
	}
	functions->len = n;
}

struct error *joined_file_join(struct joined_file *joined)
{
	/* Those of one file of the coverage are sorted, and each is there once. */
	if (joined->starts.len < 2)
		return NULL;
	if (joined->functions.len)
		qsort(joined->functions.data, joined->functions.len,
		      sizeof(*joined->functions.data), compare_functions);
	join_functions(&joined->functions);
	return join_lines(joined);
}

/*
 * Call for each function on a line that add_function_lines() added. The line gets
 * the largest of their counts.
 */
static void count_function_line(struct coverage_line *line, uint64_t count)
{
	line->count = larger(line->count, count);
	line->state = line->count ? COVERAGE_LINE_HIT : COVERAGE_LINE_MISSED;
}

/* Add a line for each function whose own line has no code. */
static struct error *add_function_lines(struct joined_file *joined)
{
	const struct line_vector *lines = &joined->lines;
	struct coverage_line *added = NULL;
	size_t next = 0;

	if (!line_vector_reserve(&joined->scratch, lines->len + joined->functions.len))
		return &error_no_memory;
	struct line_vector merged = joined->scratch;
	merged.len = 0;
	/* Memory is reserved, so appending cannot fail or move elements from here on. */
	vector_for_each(&joined->functions, f) {
		while (next < lines->len && lines->data[next].line <= f->line)
			line_vector_append(&merged, &lines->data[next++]);
		if (!merged.len || merged.data[merged.len - 1].line != f->line)
			added = line_vector_append(&merged,
						   &(struct coverage_line){ .line = f->line });
		if (added && added->line == f->line)
			count_function_line(added, f->count);
	}
	while (next < lines->len)
		line_vector_append(&merged, &lines->data[next++]);
	joined->scratch = joined->lines;
	joined->lines = merged;
	return NULL;
}

/* The functions that are declared on one line, and the lines of their range. */
struct function_group {
	struct coverage_function *functions;
	size_t nr_functions;
	struct coverage_line *lines; /* the first is the line of the functions */
	size_t nr_lines;
};

static void mark_entered(struct coverage_line *line, uint64_t count)
{
	line->count = count;
	/* If the line has blocks, they were missed: the executed code is in inlined instances. */
	line->state = line->blocks.found ? COVERAGE_LINE_PARTIAL : COVERAGE_LINE_HIT;
}

static void reconcile_group(const struct function_group *group)
{
	struct coverage_line *own = group->lines;
	uint64_t called = 0, executed = 0;

	for (size_t i = 0; i < group->nr_functions; i++)
		called = larger(called, group->functions[i].count);
	for (size_t i = 0; i < group->nr_lines; i++)
		executed = larger(executed, group->lines[i].count);
	if (called && !executed)
		mark_entered(own, called);
	if (!called && executed)
		group->functions[0].count = executed;
}

struct error *joined_file_reconcile(struct joined_file *joined)
{
	struct error *err = add_function_lines(joined);
	if (err)
		return err;

	const struct function_vector *functions = &joined->functions;
	const struct line_vector *lines = &joined->lines;
	for (size_t f = 0, l = 0; f < functions->len;) {
		struct function_group group = { .functions = &functions->data[f] };
		uint32_t start = group.functions->line;

		while (f < functions->len && functions->data[f].line == start)
			f++;
		group.nr_functions = &functions->data[f] - group.functions;
		while (lines->data[l].line < start)
			l++;
		group.lines = &lines->data[l];
		while (l < lines->len &&
		       (f == functions->len || lines->data[l].line < functions->data[f].line))
			l++;
		group.nr_lines = &lines->data[l] - group.lines;
		reconcile_group(&group);
	}
	return NULL;
}

void joined_file_count(const struct joined_file *joined, struct coverage_file *file)
{
	file->point_ratio = joined->points;
	file->line_ratio = (struct coverage_ratio){ .found = joined->lines.len };
	file->branch_ratio = (struct coverage_ratio){ 0 };
	vector_for_each(&joined->lines, line) {
		file->line_ratio.hit += line->count > 0;
		coverage_ratio_add(&file->branch_ratio, coverage_line_outcomes(line));
	}
	file->function_ratio = (struct coverage_ratio){ .found = joined->functions.len };
	vector_for_each(&joined->functions, f)
		file->function_ratio.hit += f->count > 0;
}

/* A copy, or `original` if that is the same. */
static void *keep_array(struct arena *arena, const void *array, size_t nr, const void *original,
			size_t nr_original, size_t size)
{
	if (nr == nr_original && original && (!nr || !memcmp(array, original, nr * size)))
		return (void *)original;
	void *copy = arena_alloc(arena, nr, size);
	return copy && nr ? memcpy(copy, array, nr * size) : copy;
}

/* Give lines what join_lines() made for them. */
static bool keep_joined(const struct joined_file *joined, struct arena *arena,
			struct coverage_line *lines, size_t nr)
{
	const struct condition_vector *conditions = &joined->conditions;

	for (size_t i = 0; i < nr && joined->starts.len > 1; i++) {
		struct coverage_line *line = &lines[i];
		const struct coverage_condition *c = line->condition;

		line->branches = keep_array(arena, line->branches, line->nr_branches, NULL, 0,
					    sizeof(*line->branches));
		if (c && c >= conditions->data && c < conditions->data + conditions->len)
			line->condition = keep_array(arena, c, 1, NULL, 0, sizeof(*c));
		if (!line->branches || (c && !line->condition))
			return false;
	}
	return true;
}

struct error *joined_file_keep(const struct joined_file *joined,
			       const struct coverage_file *original, struct arena *arena,
			       struct coverage_file *file)
{
	const struct line_vector *lines = &joined->lines;
	const struct function_vector *functions = &joined->functions;

	file->nr_lines = lines->len;
	file->lines = keep_array(arena, lines->data, lines->len, original->lines,
				 original->nr_lines, sizeof(*lines->data));
	if (file->lines && file->lines != original->lines &&
	    !keep_joined(joined, arena, file->lines, lines->len))
		return &error_no_memory;
	file->nr_functions = functions->len;
	file->functions = keep_array(arena, functions->data, functions->len, original->functions,
				     original->nr_functions, sizeof(*functions->data));
	return file->lines && file->functions ? NULL : &error_no_memory;
}
