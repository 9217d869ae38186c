// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes the lines of a diff as JSON, a file at a time: memory does not grow with the diff. */
#include "render/json_value.h"
#include "render/patch.h"

static const char *kind_of(const struct diff_file *file)
{
	return file->is_deleted	 ? "deleted"
	       : file->is_new	 ? "new"
	       : file->is_copied ? "copied"
	       : file->old_path	 ? "renamed"
				 : "changed";
}

static void add_line(struct json_builder *b, cJSON *array, const struct diff_line *diff,
		     const struct patch_line *line)
{
	cJSON *o = json_append_object(b, array);
	const struct coverage_line *c = line->coverage;

	json_add_count(b, o, "line", diff->number);
	json_add_text(b, o, "state", patch_state_name(line->state));
	if (c || line->state == PATCH_MISSED)
		json_add_count(b, o, "count", c ? c->count : 0);
	if (c && c->condition) {
		cJSON *condition = json_add_object(b, o, "condition");

		json_add_count(b, condition, "true", c->condition->if_true);
		json_add_count(b, condition, "false", c->condition->if_false);
	}
	if (line->why)
		json_add_text(b, o, "why", line->why);
	if (line->option)
		json_add_text(b, o, "option", line->option);
}

static void add_totals(struct json_builder *b, cJSON *o, const struct patch_counts *counts)
{
	static const char *const keys[] = {
		[PATCH_HIT] = "hit",
		[PATCH_PARTIAL] = "partial",
		[PATCH_MISSED] = "missed",
		[PATCH_NO_CODE] = "no-code",
		[PATCH_NOT_INSTRUMENTED] = "not-instrumented",
		[PATCH_NOT_BUILT] = "not-built",
	};
	cJSON *totals = json_add_object(b, o, "totals");

	json_add_count(b, totals, "changed", patch_changed(counts));
	json_add_count(b, totals, "with-code", patch_ratio(counts).found);
	for (int i = 0; i < PATCH_STATES; i++)
		json_add_count(b, totals, keys[i], counts->states[i]);
	json_add_count(b, totals, "unknown", counts->unknown);
}

static struct error *print_file(struct json_builder *b, const struct patch_file *file, FILE *out)
{
	_cleanup_(cleanup_json) cJSON *root = json_root(b);

	json_add_text(b, root, "path", file->path);
	json_add_text(b, root, "kind", kind_of(file->diff));
	if (file->diff->old_path)
		json_add_text(b, root, "old_path", file->diff->old_path);
	json_add_bool(b, root, "binary", file->diff->is_binary);
	cJSON *lines = json_add_array(b, root, "lines");
	for (size_t i = 0; i < file->diff->nr_lines; i++)
		if (file->diff->lines[i].kind == DIFF_ADDED)
			add_line(b, lines, &file->diff->lines[i], &file->lines[i]);
	add_totals(b, root, &file->counts);
	return json_print(b, root, out);
}

struct error *patch_render_json(const struct patch *patch, FILE *out)
{
	_cleanup_(json_builder_deinit) struct json_builder b = JSON_BUILDER_INIT;
	_cleanup_(cleanup_json) cJSON *root = json_root(&b);
	struct error *err = NULL;

	fputs("{\"files\": [", out);
	for (size_t i = 0; !err && i < patch->nr_files; i++) {
		fputs(i ? ",\n" : "\n", out);
		err = print_file(&b, &patch->files[i], out);
	}
	if (err)
		return err;
	fputs("\n],\n\"totals\": ", out);
	add_totals(&b, root, &patch->counts);
	/* The object of the totals alone. */
	cJSON *totals = cJSON_GetObjectItemCaseSensitive(root, "totals");
	err = totals ? json_print(&b, totals, out) : &error_no_memory;
	fputs("}\n", out);
	return err;
}
