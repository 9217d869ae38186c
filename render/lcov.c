// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>

#include "base/cleanup.h"
#include "base/intern.h"
#include "base/strbuf.h"
#include "render/formats.h"

/* genhtml shows it in a table: long enough to tell runs apart. */
#define TEST_NAME_MAX 80

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

/* Runs of other characters become one '_', none at the ends. */
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

/* Add text to names; *ret says whether it was new. */
static struct error *claim_name(struct intern *names, const char *text, bool *ret)
{
	uint32_t before = intern_count(names), id;
	struct error *err = intern_id(names, text, &id);

	if (!err)
		*ret = intern_count(names) > before;
	return err;
}

/* Name the function as no function before it in this section is named. */
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

static struct error *write_functions(const struct coverage_file *file, FILE *out)
{
	_cleanup_intern_ struct intern *names = NULL;
	_cleanup_strbuf_ struct strbuf name = STRBUF_INIT;
	uint64_t hit = 0;
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
	/* unique_name() claimed one name for each function: ids are indexes. */
	for (size_t i = 0; i < file->nr_functions; i++) {
		const struct coverage_function *f = &file->functions[i];

		fprintf(out, "FNDA:%" PRIu64 ",%s\n", f->count, intern_string(names, i));
		hit += f->count > 0;
	}
	fprintf(out, "FNF:%zu\nFNH:%" PRIu64 "\n", file->nr_functions, hit);
	return NULL;
}

static void write_lines(const struct coverage_file *file, FILE *out)
{
	uint64_t hit = 0;

	for (size_t i = 0; i < file->nr_lines; i++) {
		const struct coverage_line *line = &file->lines[i];

		fprintf(out, "DA:%" PRIu32 ",%" PRIu64 "\n", line->line, line->count);
		hit += line->count > 0;
	}
	fprintf(out, "LF:%zu\nLH:%" PRIu64 "\n", file->nr_lines, hit);
}

/* A line that was hit needs an outcome that is known (lcov 2.x), one that was not has none. */
static bool has_known_outcome(const struct coverage_line *line)
{
	for (size_t i = 0; i < line->nr_branches; i++)
		for (int k = 0; k < 2; k++)
			if (line->branches[i].is_reached &&
			    line->branches[i].outcomes[k].state != COVERAGE_OUTCOME_UNKNOWN)
				return true;
	return false;
}

static void write_outcome(const struct coverage_line *line, size_t i, int outcome, FILE *out)
{
	const struct coverage_branch *b = &line->branches[i];
	const struct coverage_outcome *o = &b->outcomes[outcome];

	fprintf(out, "BRDA:%" PRIu32 ",%zu,%d,", line->line, i, outcome);
	if (!line->count || !b->is_reached || o->state == COVERAGE_OUTCOME_UNKNOWN)
		fputs("-\n", out);
	else
		fprintf(out, "%" PRIu64 "\n", o->count);
}

static void write_branches(const struct coverage_file *file, FILE *out)
{
	uint64_t found = 0, hit = 0;

	for (size_t i = 0; i < file->nr_lines; i++) {
		const struct coverage_line *line = &file->lines[i];

		if (line->count && !has_known_outcome(line))
			continue;
		for (size_t b = 0; b < line->nr_branches; b++)
			for (int k = 0; k < 2; k++) {
				write_outcome(line, b, k, out);
				found++;
				hit += line->count && line->branches[b].is_reached &&
				       line->branches[b].outcomes[k].count > 0;
			}
	}
	if (found)
		fprintf(out, "BRF:%" PRIu64 "\nBRH:%" PRIu64 "\n", found, hit);
}

static struct error *render_lcov(const struct coverage *coverage,
				 const struct render_options *options, FILE *out)
{
	for (size_t i = 0; i < coverage->nr_files; i++) {
		const struct coverage_file *file = &coverage->files[i];

		/* genhtml 2.x stops at a section without a line. */
		if (!file->nr_lines)
			continue;
		write_test_name(options->test_name, out);
		write_path(file->path, out);
		struct error *err = write_functions(file, out);
		if (err)
			return err;
		write_branches(file, out);
		write_lines(file, out);
		fputs("end_of_record\n", out);
	}
	return NULL;
}

const struct renderer renderer_lcov = {
	.name = "lcov",
	.file_name = "coverage.info",
	.render = render_lcov,
};
