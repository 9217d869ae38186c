// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writes coverage.info. Everything that only readers of tracefiles need is in this
 * file: names that are unique in a file and contain no commas, counts for outcomes
 * that are not known (BRDA has no sign for these), and no section without a line.
 *
 * Without end lines, lcov 2.x takes the lines up to the next function as those of
 * a function. It stops if the function was hit and none of its lines was, or the
 * other way round. Neither can occur in a view (render/draft.h).
 */
#include <inttypes.h>

#include "base/cleanup.h"
#include "base/intern.h"
#include "base/strbuf.h"
#include "render/formats.h"

/* genhtml shows the name in a table; this is long enough to tell runs apart. */
#define TEST_NAME_MAX 80

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

/* Replace each run of other characters by one '_', and remove it at both ends. */
static void write_test_name(const char *name, FILE *out)
{
	char text[TEST_NAME_MAX];
	int len = 0;

	for (; name && *name && len < TEST_NAME_MAX; name++) {
		if (is_word(*name))
			text[len++] = *name;
		else if (len && text[len - 1] != '_')
			text[len++] = '_';
	}
	while (len && text[len - 1] == '_')
		len--;
	fprintf(out, "TN:%.*s\n", len, text);
}

static void write_path(const char *path, FILE *out)
{
	fputs("SF:", out);
	write_masked(path, strlen(path), "", out);
	fputc('\n', out);
}

static void add_name(struct strbuf *sb, const char *name)
{
	if (!*name)
		strbuf_addstr(sb, "unnamed");
	for (; *name; name++) {
		bool bad = is_control(*name) || *name == ' ' || *name == ',';

		strbuf_addch(sb, bad ? '_' : *name);
	}
}

/* Add text to names; *ret = whether it was new. */
static struct error *claim_name(struct intern *names, const char *text, bool *ret)
{
	uint32_t before = intern_count(names), id;
	struct error *err = intern_id(names, text, &id);

	if (!err)
		*ret = intern_count(names) > before;
	return err;
}

/* Give the function a name that no earlier function of this section has. */
static struct error *unique_name(struct intern *names, const struct coverage_function *f,
				 struct strbuf *name)
{
	struct error *err;
	bool is_new;

	strbuf_reset(name);
	add_name(name, f->name);
	err = strbuf_check(name);
	if (!err)
		err = claim_name(names, strbuf_str(name), &is_new);
	while (!err && !is_new) {
		strbuf_addf(name, "_%" PRIu32, f->line);
		err = strbuf_check(name);
		if (!err)
			err = claim_name(names, strbuf_str(name), &is_new);
	}
	return err;
}

static void write_totals(const char *found, const char *hit, struct coverage_ratio ratio, FILE *out)
{
	fprintf(out, "%s:%" PRIu64 "\n%s:%" PRIu64 "\n", found, ratio.found, hit, ratio.hit);
}

static struct error *write_functions(const struct coverage_file *file, FILE *out)
{
	_cleanup_intern_ struct intern *names = NULL;
	_cleanup_strbuf_ struct strbuf name = STRBUF_INIT;
	struct error *err;

	err = intern_create(&names);
	for (size_t i = 0; !err && i < file->nr_functions; i++) {
		const struct coverage_function *f = &file->functions[i];

		err = unique_name(names, f, &name);
		if (!err)
			fprintf(out, "FN:%" PRIu32 ",%s\n", f->line, strbuf_str(&name));
	}
	if (err)
		return err;
	/* unique_name() added exactly one new name per function, so ids are function indexes. */
	for (size_t i = 0; i < file->nr_functions; i++)
		fprintf(out, "FNDA:%" PRIu64 ",%s\n", file->functions[i].count,
			intern_string(names, i));
	write_totals("FNF", "FNH", file->function_ratio, out);
	return NULL;
}

static void write_lines(const struct coverage_file *file, FILE *out)
{
	for (size_t i = 0; i < file->nr_lines; i++)
		fprintf(out, "DA:%" PRIu32 ",%" PRIu64 "\n", file->lines[i].line,
			file->lines[i].count);
	write_totals("LF", "LH", file->line_ratio, out);
}

static bool is_evaluated(const struct coverage_line *line, size_t outcome)
{
	const struct coverage_branch *b = &line->branches[outcome / 2];

	return line->count && b->is_reached &&
	       b->outcomes[outcome % 2].state != COVERAGE_OUTCOME_UNKNOWN;
}

/*
 * In BRDA, '-' means that the jump was not reached. Readers count '-' and 0 in the
 * same way, as found and not hit. BRDA has no sign for an outcome that is not
 * known, so '-' is written for it too.
 *
 * lcov 2.x stops at a hit line with branches none of which was taken, and at a missed
 * line with any outcome but '-'. coverage_line_outcomes() finds no branches on the former.
 */
static void write_line_branches(const struct coverage_line *line, FILE *out)
{
	size_t found = coverage_line_outcomes(line).found;

	for (size_t i = 0; i < found; i++) {
		fprintf(out, "BRDA:%" PRIu32 ",%zu,%zu,", line->line, i / 2, i % 2);
		if (is_evaluated(line, i))
			fprintf(out, "%" PRIu64 "\n", line->branches[i / 2].outcomes[i % 2].count);
		else
			fputs("-\n", out);
	}
}

static void write_branches(const struct coverage_file *file, FILE *out)
{
	for (size_t i = 0; i < file->nr_lines; i++)
		write_line_branches(&file->lines[i], out);
	if (file->branch_ratio.found)
		write_totals("BRF", "BRH", file->branch_ratio, out);
}

static struct error *render_lcov(const struct view *view, const struct render_options *options,
				 struct sink *sink)
{
	FILE *out;
	struct error *err = sink_open(sink, "coverage.info", &out);

	for (size_t i = 0; !err && i < view->coverage.nr_files; i++) {
		const struct coverage_file *file = &view->coverage.files[i];

		/* genhtml 2.x stops at a section without a line. */
		if (!file->nr_lines)
			continue;
		write_test_name(options->test_name, out);
		write_path(file->path, out);
		err = write_functions(file, out);
		write_branches(file, out);
		write_lines(file, out);
		fputs("end_of_record\n", out);
	}
	return err;
}

const struct renderer renderer_lcov = {
	.name = "lcov",
	.summary = "coverage.info, a tracefile for genhtml and other readers of lcov's format",
	.kind = RENDER_FILE,
	.render = render_lcov,
};
