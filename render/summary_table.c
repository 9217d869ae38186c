// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes the table of the summary: coverage per directory. */
#include <inttypes.h>

#include "base/cleanup.h"
#include "base/intern.h"
#include "base/strbuf.h"
#include "base/vector.h"
#include "render/path_map.h"
#include "render/render.h"
#include "render/summary.h"

enum { COLUMN_LINES, COLUMN_FUNCTIONS, COLUMN_BRANCHES, COLUMN_POINTS, COLUMNS };

static const char *const column_titles[COLUMNS] = { "lines", "functions", "branches", "points" };

struct row {
	const char *name;
	struct coverage_ratio cells[COLUMNS];
};

DEFINE_VECTOR(row_vector, struct row);
static void row_add(struct row *row, const struct coverage_ratio cells[COLUMNS])
{
	for (int c = 0; c < COLUMNS; c++)
		coverage_ratio_add(&row->cells[c], cells[c]);
}

static bool row_reached(const struct row *row)
{
	for (int c = 0; c < COLUMNS; c++)
		if (row->cells[c].hit)
			return true;
	return false;
}

/* The name that the table gives to the directory of path. */
static struct error *directory_name(const struct view *view, const char *path, struct strbuf *name)
{
	const char *inside = view->root ? path_inside(path, view->root) : NULL;

	strbuf_reset(name);
	strbuf_addstr(name, inside ? inside : path);
	if (name->failed)
		return &error_no_memory;
	char *slash = strrchr(name->data, '/');
	if (slash == name->data)
		slash++;
	if (slash)
		*slash = '\0';
	else
		memcpy(name->data, ".", 2);
	string_mask_controls(name->data);
	return NULL;
}

/* Make one row per directory, in the order in which they first occur. names owns their names. */
static struct error *collect_rows(const struct view *view, struct intern *names,
				  struct row_vector *rows)
{
	_cleanup_strbuf_ struct strbuf name = STRBUF_INIT;

	for (size_t i = 0; i < view->coverage.nr_files; i++) {
		const struct coverage_file *file = &view->coverage.files[i];
		const struct coverage_ratio cells[COLUMNS] = {
			[COLUMN_LINES] = file->line_ratio,
			[COLUMN_FUNCTIONS] = file->function_ratio,
			[COLUMN_BRANCHES] = file->branch_ratio,
			[COLUMN_POINTS] = file->point_ratio,
		};
		uint32_t id;
		struct error *err = directory_name(view, file->path, &name);

		if (!err)
			err = intern_id(names, strbuf_str(&name), &id);
		if (err)
			return err;
		if (id == rows->len && !row_vector_append(rows, NULL))
			return &error_no_memory;
		row_add(&rows->data[id], cells);
	}
	for (size_t i = 0; i < rows->len; i++)
		rows->data[i].name = intern_string(names, i);
	return NULL;
}

static int compare_rows(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* Points on no line of any file: assembler, and code without debug info. */
static struct coverage_ratio points_without_file(const struct view *view)
{
	struct coverage_ratio rest = view->coverage.points;

	for (size_t i = 0; i < view->coverage.nr_files; i++) {
		const struct coverage_ratio *r = &view->coverage.files[i].point_ratio;

		rest.hit -= r->hit < rest.hit ? r->hit : rest.hit;
		rest.found -= r->found < rest.found ? r->found : rest.found;
	}
	return rest;
}

/* Sort the rows, combine those of unreached directories, and add the rest and the total. */
static struct error *finish_rows(const struct view *view, struct row_vector *rows,
				 char **not_reached)
{
	struct row hidden = { 0 }, rest = { .name = "(no source line)" };
	struct row total = { .name = "total",
			     .cells = { view->coverage.lines, view->coverage.functions,
					view->coverage.branches, view->coverage.points } };
	size_t kept = 0, nr_hidden = 0;

	if (rows->len)
		qsort(rows->data, rows->len, sizeof(*rows->data), compare_rows);
	vector_for_each(rows, row) {
		if (row_reached(row)) {
			rows->data[kept++] = *row;
		} else {
			row_add(&hidden, row->cells);
			nr_hidden++;
		}
	}
	rows->len = kept;
	if (asprintf(not_reached, "%zu director%s not reached", nr_hidden,
		     nr_hidden == 1 ? "y" : "ies") < 0) {
		*not_reached = NULL;
		return &error_no_memory;
	}
	hidden.name = *not_reached;
	if (nr_hidden && !row_vector_append(rows, &hidden))
		return &error_no_memory;
	rest.cells[COLUMN_POINTS] = points_without_file(view);
	if (rest.cells[COLUMN_POINTS].found && !row_vector_append(rows, &rest))
		return &error_no_memory;
	return row_vector_append(rows, &total) ? NULL : &error_no_memory;
}

static int digits(uint64_t value)
{
	return snprintf(NULL, 0, "%" PRIu64, value);
}

static void print_rows(const struct row_vector *rows, FILE *out)
{
	int name_width = strlen("directory"), hit[COLUMNS] = { 0 }, found[COLUMNS] = { 0 };
	char percent[16];

	vector_for_each(rows, row) {
		int len = strlen(row->name);

		name_width = len > name_width ? len : name_width;
		for (int c = 0; c < COLUMNS; c++) {
			int h = digits(row->cells[c].hit), f = digits(row->cells[c].found);

			hit[c] = h > hit[c] ? h : hit[c];
			found[c] = f > found[c] ? f : found[c];
		}
	}
	fprintf(out, "%-*s", name_width, "directory");
	for (int c = 0; c < COLUMNS; c++)
		fprintf(out, "   %*s", 9 + hit[c] + found[c], column_titles[c]);
	fputc('\n', out);
	vector_for_each(rows, row) {
		fprintf(out, "%-*s", name_width, row->name);
		for (int c = 0; c < COLUMNS; c++) {
			const struct coverage_ratio *r = &row->cells[c];

			fprintf(out, "   %*" PRIu64 "/%*" PRIu64 "  ", hit[c], r->hit, found[c],
				r->found);
			fprintf(out, r->found ? "%5s%%" : "%6s", render_percent(*r, percent));
		}
		fputc('\n', out);
	}
}

struct error *summary_table_render(const struct view *view, FILE *out)
{
	_cleanup_intern_ struct intern *names = NULL;
	_cleanup_(row_vector_deinit) struct row_vector rows = VECTOR_INIT;
	_cleanup_free_ char *not_reached = NULL;
	struct error *err;

	err = intern_create(&names);
	if (!err)
		err = collect_rows(view, names, &rows);
	if (!err)
		err = finish_rows(view, &rows, &not_reached);
	if (!err)
		print_rows(&rows, out);
	return err;
}
