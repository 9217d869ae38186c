// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes what two recordings executed differently, as text and as JSON. */
#include <inttypes.h>
#include <string.h>

#include "base/strbuf.h"
#include "render/compare.h"
#include "render/json_value.h"
#include "render/path_map.h"

static const char side_names[COMPARE_SIDES] = { 'A', 'B' };

static void put(const char *text, FILE *out)
{
	write_masked(text, strlen(text), "", out);
}

static void print_names(const struct compare_names *names, FILE *out)
{
	for (int side = 0; side < COMPARE_SIDES; side++) {
		fprintf(out, "%c: ", side_names[side]);
		for (size_t i = 0; names->names[side][i]; i++) {
			fputs(i ? ", " : "", out);
			put(names->names[side][i], out);
		}
		fputc('\n', out);
	}
}

/* "true 3 times", "never true" */
static void print_way(uint64_t count, const char *way, FILE *out)
{
	if (count)
		fprintf(out, "%s %" PRIu64 " time%s", way, count, count == 1 ? "" : "s");
	else
		fprintf(out, "never %s", way);
}

static void print_divergence(const struct compare_divergence *d, FILE *out)
{
	if (!d->line)
		return;
	fprintf(out, "; they part at line %" PRIu32, d->line);
	if (!d->has_condition)
		return;
	for (int side = 0; side < COMPARE_SIDES; side++) {
		const struct coverage_condition *c = &d->conditions[side];

		fprintf(out, "%s ", side ? ", in B" : ": its condition was in A");
		print_way(c->if_true, "true", out);
		fputs(" and ", out);
		print_way(c->if_false, "false", out);
	}
}

static void print_lines(const struct compare_file *file, const struct compare_function *f,
			enum compare_side side, FILE *out)
{
	bool has_any = false;

	for (size_t i = f->first_lines; i < f->first_lines + f->nr_lines; i++) {
		const struct compare_lines *l = &file->lines.data[i];

		if (l->side != side)
			continue;
		if (has_any)
			fputs(", ", out);
		else
			fprintf(out, "    only %c: ", side_names[side]);
		has_any = true;
		fprintf(out, "%" PRIu32, l->first);
		if (l->last != l->first)
			fprintf(out, "-%" PRIu32, l->last);
	}
	if (has_any)
		fputc('\n', out);
}

static void print_function(const struct compare_file *file, const struct compare_function *f,
			   FILE *out)
{
	bool both = f->is_executed[COMPARE_A] == f->is_executed[COMPARE_B];

	fputs("  ", out);
	if (f->name)
		put(f->name, out);
	else
		fputs("outside of functions", out);
	if (f->name)
		fprintf(out, ", line %" PRIu32, f->line);
	if (!both)
		fprintf(out, ": only %c executed it", side_names[f->is_executed[COMPARE_B]]);
	else
		print_divergence(&f->divergence, out);
	fputc('\n', out);
	for (int side = 0; side < COMPARE_SIDES; side++)
		print_lines(file, f, side, out);
}

static void print_totals(const struct compare *c, FILE *out)
{
	if (!c->files.len)
		fputs("\nA and B executed the same functions and lines\n", out);
	for (int side = 0; c->files.len && side < COMPARE_SIDES; side++)
		fprintf(out, "%sonly %c: %" PRIu64 " function%s, %" PRIu64 " line%s\n",
			side ? "" : "\n", side_names[side], c->functions[side],
			c->functions[side] == 1 ? "" : "s", c->lines[side],
			c->lines[side] == 1 ? "" : "s");
	if (c->unknown.len)
		fprintf(out, "%zu more line%s executed by one, and of the other it is not known\n",
			c->unknown.len, c->unknown.len == 1 ? " was" : "s were");
}

struct error *compare_render_text(const struct compare *c, const struct compare_names *names,
				  FILE *out)
{
	print_names(names, out);
	vector_for_each(&c->files, file) {
		const char *inside = c->root ? path_inside(file->path, c->root) : NULL;

		fputc('\n', out);
		put(inside ? inside : file->path, out);
		fputc('\n', out);
		vector_for_each(&file->functions, f)
			print_function(file, f, out);
	}
	print_totals(c, out);
	return NULL;
}

static void add_side_lines(struct json_builder *b, cJSON *object, const struct compare_file *file,
			   const struct compare_function *f, enum compare_side side)
{
	cJSON *array = json_add_array(b, object, side ? "only_b" : "only_a");

	for (size_t i = f->first_lines; i < f->first_lines + f->nr_lines; i++) {
		const struct compare_lines *l = &file->lines.data[i];

		if (l->side != side)
			continue;
		cJSON *o = json_append_object(b, array);

		json_add_count(b, o, "first", l->first);
		json_add_count(b, o, "last", l->last);
		json_add_count(b, o, "lines", l->nr);
	}
}

static void add_divergence(struct json_builder *b, cJSON *object,
			   const struct compare_divergence *d)
{
	cJSON *o = d->line ? json_add_object(b, object, "divergence") : NULL;

	if (!o)
		return;
	json_add_count(b, o, "line", d->line);
	for (int side = 0; d->has_condition && side < COMPARE_SIDES; side++) {
		cJSON *way = json_add_object(b, o, side ? "condition_b" : "condition_a");

		json_add_count(b, way, "true", d->conditions[side].if_true);
		json_add_count(b, way, "false", d->conditions[side].if_false);
	}
}

static void add_file(struct json_builder *b, cJSON *files, const struct compare_file *file)
{
	cJSON *o = json_append_object(b, files), *functions;

	json_add_text(b, o, "path", file->path);
	functions = json_add_array(b, o, "functions");
	vector_for_each(&file->functions, f) {
		cJSON *of = json_append_object(b, functions);

		json_add_text(b, of, "name", f->name);
		json_add_count(b, of, "line", f->line);
		json_add_bool(b, of, "executed_a", f->is_executed[COMPARE_A]);
		json_add_bool(b, of, "executed_b", f->is_executed[COMPARE_B]);
		if (f->is_executed[COMPARE_A] == f->is_executed[COMPARE_B])
			add_divergence(b, of, &f->divergence);
		add_side_lines(b, of, file, f, COMPARE_A);
		add_side_lines(b, of, file, f, COMPARE_B);
	}
}

struct error *compare_render_json(const struct compare *c, const struct compare_names *names,
				  FILE *out)
{
	static const char *const keys[COMPARE_SIDES] = { "a", "b" };
	struct json_builder b = JSON_BUILDER_INIT;
	cJSON *root = json_root(&b), *files, *totals;

	for (int side = 0; side < COMPARE_SIDES; side++) {
		cJSON *runs = json_add_array(&b, root, keys[side]);

		for (size_t i = 0; names->names[side][i]; i++)
			json_append_text(&b, runs, names->names[side][i]);
	}
	files = json_add_array(&b, root, "files");
	vector_for_each(&c->files, file)
		add_file(&b, files, file);
	totals = json_add_object(&b, root, "totals");
	json_add_count(&b, totals, "functions_only_a", c->functions[COMPARE_A]);
	json_add_count(&b, totals, "functions_only_b", c->functions[COMPARE_B]);
	json_add_count(&b, totals, "lines_only_a", c->lines[COMPARE_A]);
	json_add_count(&b, totals, "lines_only_b", c->lines[COMPARE_B]);
	json_add_count(&b, totals, "lines_unknown", c->unknown.len);
	struct error *err = json_print(&b, root, out);
	fputc('\n', out);
	cJSON_Delete(root);
	json_builder_deinit(&b);
	return err;
}
