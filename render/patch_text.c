// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes the hunks of a diff with the states of its lines in the margin. */
#include <inttypes.h>
#include <string.h>

#include "base/strbuf.h"
#include "render/patch.h"

#define SGR(code) "\033[" code "m"

static const struct {
	char mark;
	const char *color; /* "" = none */
} marks[] = {
	[PATCH_HIT] = { '+', SGR("32") },
	[PATCH_PARTIAL] = { '~', SGR("33") },
	[PATCH_MISSED] = { '-', SGR("31") },
	[PATCH_NO_CODE] = { ' ', "" },
	[PATCH_NOT_INSTRUMENTED] = { '?', SGR("35") },
	[PATCH_NOT_BUILT] = { 'x', SGR("36") },
};

static const char signs[] = { [DIFF_CONTEXT] = ' ', [DIFF_ADDED] = '+', [DIFF_REMOVED] = '-' };

static void write_path(const char *path, FILE *out)
{
	write_masked(path, strlen(path), "", out);
}

/* The margin is that of `show`: count, state, number, and T and F of a condition. */
static void write_margin(const struct diff_line *diff, const struct patch_line *line, bool color,
			 FILE *out)
{
	const struct coverage_condition *c = line->coverage ? line->coverage->condition : NULL;
	char count[24] = "", ways[3] = "";
	const char *begin = color ? marks[line->state].color : "";

	if (line->coverage || line->state == PATCH_MISSED)
		snprintf(count, sizeof(count), "%" PRIu64,
			 line->coverage ? line->coverage->count : 0);
	if (c) {
		ways[0] = c->if_true ? 'T' : '-';
		ways[1] = c->if_false ? 'F' : '-';
	}
	fprintf(out, "%s%10s %c%s %6" PRIu32 " %-2s | ", begin, count, marks[line->state].mark,
		*begin ? SGR("0") : "", diff->number, ways);
}

static void write_line(const struct diff_line *diff, const struct patch_line *line, bool color,
		       FILE *out)
{
	if (diff->kind == DIFF_ADDED)
		write_margin(diff, line, color, out);
	else if (diff->kind == DIFF_CONTEXT)
		fprintf(out, "%12s %6" PRIu32 "    | ", "", diff->number);
	else
		fprintf(out, "%12s %6s    | ", "", "");
	fputc(signs[diff->kind], out);
	write_masked(diff->text, diff->length, "\t", out);
	fputc('\n', out);
}

static bool same_reason(const struct patch_file *file, size_t a, size_t b)
{
	return file->diff->lines[a].kind == DIFF_ADDED && file->diff->lines[b].kind == DIFF_ADDED &&
	       file->lines[a].state == file->lines[b].state &&
	       file->lines[a].why == file->lines[b].why &&
	       file->lines[a].option == file->lines[b].option;
}

/* "12-15: not built: CONFIG_FOO is not set". Lines side by side with one reason are named once. */
static void write_reasons(const struct patch_file *file, FILE *out)
{
	const struct diff_line *diff = file->diff->lines;

	for (size_t i = 0, n; i < file->diff->nr_lines; i += n) {
		const struct patch_line *line = &file->lines[i];

		for (n = 1; i + n < file->diff->nr_lines && same_reason(file, i, i + n); n++)
			;
		if (diff[i].kind != DIFF_ADDED ||
		    (line->state != PATCH_NOT_INSTRUMENTED && line->state != PATCH_NOT_BUILT &&
		     !line->is_unknown))
			continue;
		fprintf(out, "  %" PRIu32, diff[i].number);
		if (n > 1)
			fprintf(out, "-%" PRIu32, diff[i + n - 1].number);
		fprintf(out, ": %s", patch_state_text(line->state));
		if (line->why) {
			fputs(": ", out);
			write_masked(line->why, strlen(line->why), "", out);
		}
		fputc('\n', out);
	}
}

static void write_one_ways(const struct patch_file *file, FILE *out)
{
	for (size_t i = 0; i < file->diff->nr_lines; i++) {
		const char *way = patch_one_way(&file->lines[i]);

		if (way)
			fprintf(out, "  %" PRIu32 ": the condition %s\n",
				file->diff->lines[i].number, way);
	}
}

static void write_kind(const struct diff_file *file, FILE *out)
{
	if (file->old_path) {
		fprintf(out, " (%s ", file->is_copied ? "copied from" : "renamed from");
		write_path(file->old_path, out);
		fputc(')', out);
	}
	fprintf(out, "%s%s%s\n", file->is_new ? " (new)" : "", file->is_deleted ? " (deleted)" : "",
		file->is_binary ? ": binary, not looked at" : "");
}

static void write_file(const struct patch_file *file, bool color, FILE *out)
{
	write_path(file->path, out);
	write_kind(file->diff, out);
	for (size_t i = 0; i < file->diff->nr_lines; i++) {
		if (diff_begins_hunk(file->diff, i))
			fprintf(out, "@@ %" PRIu32 " @@\n", file->diff->lines[i].number);
		write_line(&file->diff->lines[i], &file->lines[i], color, out);
	}
	write_reasons(file, out);
	write_one_ways(file, out);
	fputc('\n', out);
}

struct error *patch_render_text(const struct patch *patch, bool color, FILE *out)
{
	_cleanup_free_ char *summary = NULL;
	struct error *err = patch_summary(patch, &summary);

	if (err)
		return err;
	for (size_t i = 0; i < patch->nr_files; i++)
		write_file(&patch->files[i], color, out);
	write_masked(summary, strlen(summary), "", out);
	fputc('\n', out);
	return NULL;
}
