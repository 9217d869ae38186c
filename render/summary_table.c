// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes the table of the summary: coverage per directory, or per subsystem. */
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
	bool shown; /* even if nothing was reached */
	struct coverage_ratio cells[COLUMNS];
};

DEFINE_VECTOR(row_vector, struct row);

/* What the rows are of. */
struct table {
	const char *one, *many;
	struct row_vector rows;
	struct intern *names; /* owns those of rows */
};

static void table_deinit(struct table *table)
{
	row_vector_deinit(&table->rows);
	intern_destroy(table->names);
}

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

/* Make one row per directory, in the order in which they first occur. */
static struct error *add_directories(const struct view *view, struct table *table)
{
	_cleanup_strbuf_ struct strbuf name = STRBUF_INIT;
	struct row_vector *rows = &table->rows;

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
			err = intern_id(table->names, strbuf_str(&name), &id);
		if (err)
			return err;
		if (id == rows->len && !row_vector_append(rows, NULL))
			return &error_no_memory;
		row_add(&rows->data[id], cells);
	}
	for (size_t i = 0; i < rows->len; i++)
		rows->data[i].name = intern_string(table->names, i);
	return NULL;
}

static int compare_rows(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static struct error *make_directories(const struct view *view, struct table *table)
{
	struct error *err = add_directories(view, table);

	table->one = "directory";
	table->many = "directories";
	if (!err && table->rows.len)
		qsort(table->rows.data, table->rows.len, sizeof(*table->rows.data), compare_rows);
	return err;
}

/* Longer titles are cut, as get_maintainer.pl does. */
#define TITLE_SHOWN 50

static void subsystem_name(const struct subsystem *s, struct strbuf *name)
{
	strbuf_reset(name);
	if (!s->title)
		strbuf_addstr(name, "(no entry)");
	else if (s->is_rest)
		strbuf_addf(name, "%s (no other entry)", s->title);
	else if (strlen(s->title) > TITLE_SHOWN)
		strbuf_addf(name, "%.*s...", TITLE_SHOWN - 3, s->title);
	else
		strbuf_addstr(name, s->title);
	if (!name->failed)
		string_mask_controls(name->data);
}

/* In the order that they have. */
static struct error *make_subsystems(const struct view *view, struct table *table)
{
	_cleanup_strbuf_ struct strbuf name = STRBUF_INIT;

	table->one = "subsystem";
	table->many = "subsystems";
	for (size_t i = 0; i < view->subsystems->nr; i++) {
		const struct subsystem *s = &view->subsystems->list[i];
		struct row row = {
			.shown = !s->title || s->is_rest,
			.cells = { s->lines, s->functions, s->branches, s->points },
		};
		uint32_t id;

		subsystem_name(s, &name);
		struct error *err = strbuf_check(&name);
		if (!err)
			err = intern_id(table->names, strbuf_str(&name), &id);
		if (err)
			return err;
		row.name = intern_string(table->names, id);
		if (!row_vector_append(&table->rows, &row))
			return &error_no_memory;
	}
	return NULL;
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

/* Combine the rows in which nothing was reached, and add the rest and the total. */
static struct error *finish_rows(const struct view *view, struct table *table, char **not_reached)
{
	struct row hidden = { 0 }, rest = { .name = "(no source line)" };
	struct row total = { .name = "total",
			     .cells = { view->coverage.lines, view->coverage.functions,
					view->coverage.branches, view->coverage.points } };
	struct row_vector *rows = &table->rows;
	size_t kept = 0, nr_hidden = 0;

	vector_for_each(rows, row) {
		if (row->shown || row_reached(row)) {
			rows->data[kept++] = *row;
		} else {
			row_add(&hidden, row->cells);
			nr_hidden++;
		}
	}
	rows->len = kept;
	if (asprintf(not_reached, "%zu %s not reached", nr_hidden,
		     nr_hidden == 1 ? table->one : table->many) < 0) {
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

static void print_rows(const struct table *table, FILE *out)
{
	const struct row_vector *rows = &table->rows;
	int name_width = strlen(table->one), hit[COLUMNS] = { 0 }, found[COLUMNS] = { 0 };
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
	fprintf(out, "%-*s", name_width, table->one);
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

static void print_shared(const struct view *view, FILE *out)
{
	fprintf(out,
		"  %" PRIu64 " of %zu source files are in several subsystems and count in each; "
		"the total counts them once\n",
		view->subsystems->nr_shared, view->coverage.nr_files);
}

struct error *summary_table_render(const struct view *view, FILE *out)
{
	_cleanup_(table_deinit) struct table table = { 0 };
	_cleanup_free_ char *not_reached = NULL;
	struct error *err;

	err = intern_create(&table.names);
	if (!err)
		err = view->subsystems ? make_subsystems(view, &table)
				       : make_directories(view, &table);
	if (!err)
		err = finish_rows(view, &table, &not_reached);
	if (err)
		return err;
	print_rows(&table, out);
	if (view->subsystems)
		print_shared(view, out);
	return NULL;
}
