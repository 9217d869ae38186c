// SPDX-License-Identifier: GPL-2.0-or-later
/* Sorted claims to files with their lines and functions. */
#include <string.h>

#include "base/cleanup.h"
#include "symbolize/coverage_private.h"

/* Claims of one line. */
static struct coverage_line make_line(const struct draft_claim *claims, size_t nr)
{
	struct coverage_line line = { .line = claims[0].id, .points.found = nr };

	for (size_t i = 0; i < nr; i++) {
		line.points.hit += claims[i].count > 0;
		if (claims[i].count > line.count)
			line.count = claims[i].count;
	}
	line.state = line.points.hit == nr ? COVERAGE_LINE_HIT
		     : line.points.hit	   ? COVERAGE_LINE_PARTIAL
					   : COVERAGE_LINE_MISSED;
	return line;
}

static size_t same_line(const struct draft_claim *claims, size_t nr)
{
	size_t n = 1;

	while (n < nr && claims[n].file == claims[0].file && claims[n].id == claims[0].id)
		n++;
	return n;
}

/* Lines of one file out of its nr claims. */
static struct error *make_lines(struct coverage_draft *draft, struct coverage_file *file,
				const struct draft_claim *claims, size_t nr)
{
	for (size_t i = 0; i < nr; i += same_line(claims + i, nr - i))
		file->nr_lines++;
	file->lines = arena_alloc(draft->arena, file->nr_lines, sizeof(*file->lines));
	if (!file->lines)
		return &error_no_memory;
	struct coverage_line *line = file->lines;
	for (size_t i = 0; i < nr; line++) {
		size_t n = same_line(claims + i, nr - i);

		*line = make_line(claims + i, n);
		file->line_ratio.hit += line->count > 0;
		i += n;
	}
	file->line_ratio.found = file->nr_lines;
	return NULL;
}

static void count_functions(struct coverage_draft *draft)
{
	vector_for_each(&draft->calls, claim) {
		struct draft_function *f = &draft->functions.data[claim->id];

		f->points.found++;
		f->points.hit += claim->count > 0;
		if (claim->count > f->count)
			f->count = claim->count;
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

/* Only functions with points are found: an inlined one may have none of its own left. */
static struct error *make_functions(struct coverage_draft *draft, struct coverage_file *file,
				    const struct draft_function *functions, size_t nr)
{
	file->functions = arena_alloc(draft->arena, nr, sizeof(*file->functions));
	if (!file->functions)
		return &error_no_memory;
	for (size_t i = 0; i < nr; i++) {
		const struct draft_function *f = &functions[i];
		struct coverage_function *out = &file->functions[file->nr_functions];

		if (!f->points.found)
			continue;
		out->name = arena_strdup(draft->arena, intern_string(draft->names, f->name));
		if (!out->name)
			return &error_no_memory;
		out->line = f->line;
		out->count = f->count;
		out->points = f->points;
		out->has_body = f->has_body;
		file->nr_functions++;
		file->function_ratio.hit += f->count > 0;
	}
	file->function_ratio.found = file->nr_functions;
	qsort(file->functions, file->nr_functions, sizeof(*file->functions),
	      compare_coverage_functions);
	return NULL;
}

/* One file by its id; lines and functions point at the first that may be its own, and move on. */
static struct error *make_file(struct coverage_draft *draft, uint32_t id, size_t *line,
			       size_t *function)
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

static void add_ratio(struct coverage_ratio *sum, const struct coverage_ratio *ratio)
{
	sum->hit += ratio->hit;
	sum->found += ratio->found;
}

struct error *coverage_make_files(struct coverage_draft *draft)
{
	struct coverage *c = draft->coverage;
	uint32_t nr = intern_count(draft->paths);
	size_t line = 0, function = 0;

	count_functions(draft);
	if (draft->functions.len)
		qsort(draft->functions.data, draft->functions.len, sizeof(*draft->functions.data),
		      compare_functions);
	c->files = arena_alloc(draft->arena, nr, sizeof(*c->files));
	if (!c->files)
		return &error_no_memory;
	for (uint32_t id = 0; id < nr; id++) {
		struct error *err = make_file(draft, id, &line, &function);

		if (err)
			return err;
	}
	qsort(c->files, c->nr_files, sizeof(*c->files), compare_files);
	for (size_t i = 0; i < c->nr_files; i++) {
		add_ratio(&c->lines, &c->files[i].line_ratio);
		add_ratio(&c->functions, &c->files[i].function_ratio);
	}
	return NULL;
}
