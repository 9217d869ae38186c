// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints a source file with its coverage in the margin. */
#include "render/source_view.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/strbuf.h"

/* Far larger than any source file. */
#define SOURCE_MAX     (64 << 20)
#define BRANCHES_SHOWN 8
#define BRANCHES_WIDTH (2 * BRANCHES_SHOWN + 1)
#define SGR(code)      "\033[" code "m"

static const char state_marks[] = {
	[COVERAGE_LINE_MISSED] = '-',
	[COVERAGE_LINE_PARTIAL] = '~',
	[COVERAGE_LINE_HIT] = '+',
};

static const char *const state_colors[] = {
	[COVERAGE_LINE_MISSED] = SGR("31"),
	[COVERAGE_LINE_PARTIAL] = SGR("33"),
	[COVERAGE_LINE_HIT] = SGR("32"),
};

size_t source_view_find(const struct coverage *coverage, const char *name,
			const struct coverage_file **ret)
{
	size_t len = strlen(name), nr = 0;

	for (size_t i = 0; i < coverage->nr_files; i++) {
		const char *path = coverage->files[i].path;
		size_t path_len = strlen(path);

		if (!len || path_len < len || strcmp(path + path_len - len, name) ||
		    (path_len > len && *name != '/' && path[path_len - len - 1] != '/'))
			continue;
		if (!nr++)
			*ret = &coverage->files[i];
	}
	return nr;
}

/*
 * Write "TF" for a condition, with '-' for what it never was; "+-" for each jump that was reached,
 * if there is no condition, or it has several operands. If these are too many, the text is cut and
 * ends with '>'.
 */
static void format_branches(const struct coverage_line *line, char *buf)
{
	static const char marks[] = {
		[COVERAGE_OUTCOME_UNKNOWN] = '?',
		[COVERAGE_OUTCOME_NOT_TAKEN] = '-',
		[COVERAGE_OUTCOME_TAKEN] = '+',
	};
	size_t n = 0, nr = line->nr_branches;

	if (line->condition) {
		buf[n++] = line->condition->if_true ? 'T' : '-';
		buf[n++] = line->condition->if_false ? 'F' : '-';
	}
	if (line->condition && !line->condition->has_operands)
		nr = 0;
	for (size_t i = 0; i < nr; i++) {
		const struct coverage_branch *b = &line->branches[i];

		if (!b->is_reached)
			continue;
		if (n + 3 > BRANCHES_WIDTH) {
			buf[n - 1] = '>';
			break;
		}
		buf[n++] = marks[b->outcomes[0].state];
		buf[n++] = marks[b->outcomes[1].state];
	}
	buf[n] = '\0';
}

/* Mask control bytes of the source, which a terminal would execute. */
static void write_text(const char *text, size_t len, FILE *out)
{
	write_masked(text, len, "\t", out);
	fputc('\n', out);
}

static void write_line(const struct coverage_line *line, uint32_t number, bool color,
		       const char *text, size_t len, FILE *out)
{
	char branches[BRANCHES_WIDTH + 1] = "";

	if (!line) {
		fprintf(out, "%10s   %6" PRIu32 "         | ", "", number);
	} else {
		format_branches(line, branches);
		fprintf(out, "%s%10" PRIu64 " %c%s %6" PRIu32 " %-8s| ",
			color ? state_colors[line->state] : "", line->count,
			state_marks[line->state], color ? SGR("0") : "", number, branches);
	}
	write_text(text, len, out);
}

struct range {
	uint32_t first, last; /* last 0 = up to the first closing brace in column one */
};

static struct error *function_range(const struct coverage_file *file, const char *name,
				    struct range *ret)
{
	if (!name) {
		*ret = (struct range){ 1, UINT32_MAX };
		return NULL;
	}
	for (size_t i = 0; i < file->nr_functions; i++)
		if (!strcmp(file->functions[i].name, name)) {
			*ret = (struct range){ file->functions[i].line, 0 };
			return NULL;
		}
	struct error *none = error_create(ERROR_NOT_FOUND, "'%s' has no instrumented function '%s'",
					  file->path, name);

	if (name[strspn(name, "0123456789")])
		return none;
	return error_hint(none, "'kcovreport report --explain FILE:LINE' explains a line");
}

struct error *source_view_render(const struct coverage_file *file, const char *function, bool color,
				 FILE *out)
{
	_cleanup_free_ char *text = NULL;
	struct range range = { 0 };
	size_t size, next = 0;

	struct error *err = function_range(file, function, &range);
	if (!err)
		err = file_read_regular(file->path, SOURCE_MAX, &text, &size);
	if (err)
		return err;
	const char *end = text + size;
	const char *at = text;
	for (uint32_t number = 1; at < end; number++) {
		const char *stop = memchr(at, '\n', end - at);
		size_t len = (stop ? stop : end) - at;

		while (next < file->nr_lines && file->lines[next].line < number)
			next++;
		if (number >= range.first)
			write_line(next < file->nr_lines && file->lines[next].line == number
					   ? &file->lines[next]
					   : NULL,
				   number, color, at, len, out);
		if (number >= range.first && (range.last ? number >= range.last : *at == '}'))
			break;
		at += len + 1;
	}
	return NULL;
}
