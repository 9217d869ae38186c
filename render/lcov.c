// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writes coverage.info. Everything that only readers of tracefiles need is in this
 * file: names that are unique in a file and contain no commas, counts for outcomes
 * that are not known (BRDA has no sign for these), and no section without a line.
 *
 * Without end lines, lcov 2.x takes the lines up to the next function as those of
 * a function. It stops if the function was hit and none of its lines was, or the
 * other way round. Neither can occur in a view (render/joined_file.h).
 */
#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/intern.h"
#include "base/strbuf.h"
#include "base/utf8.h"
#include "base/vector.h"
#include "render/formats.h"

/*
 * A branch may be written in one tracefile and not in another, and `lcov -a` has to find out which
 * of those of a line are the same. 1.16 compares the numbers of block and branch. 2.x looks for the
 * same block, then for any block with the same branch numbers; so these differ between the jumps of
 * a line. If it finds none, it gives the block the number of those that the line has so far, and
 * stops if that is taken. So blocks have larger numbers than any line of a kernel has branches
 * (2400).
 */
#define LCOV_FIRST_BLOCK 100000

/* genhtml shows the name in a table; this is long enough to tell runs apart. */
#define TEST_NAME_MAX 80

DEFINE_VECTOR(number_vector, uint32_t);

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

/*
 * Replace each run of other characters by one '_', and remove it at both ends. The
 * test name is the only text of a tracefile that all readers accept, so it says
 * whether files are missing.
 */
static void write_test_name(const char *name, bool touched, struct writer *out)
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
	writer_str(out, "TN:");
	writer_bytes(out, text, len);
	if (touched)
		writer_str(out, len ? "_touched_files_only" : "touched_files_only");
	writer_byte(out, '\n');
}

/*
 * A substitute for each character that is not plain, so that a record stays one line, and for those
 * that make markup: genhtml 1.16 writes paths as they are into titles and links.
 */
static void write_path(const char *path, struct writer *out)
{
	size_t len = strlen(path);
	bool is_plain;

	writer_str(out, "SF:");
	for (size_t i = 0, n; i < len; i += n) {
		n = text_next(path + i, len - i, &is_plain);
		if (is_plain && !strchr("<>\"", path[i]))
			writer_bytes(out, path + i, n);
		else
			writer_byte(out, '?');
	}
	writer_byte(out, '\n');
}

static void add_name(struct strbuf *sb, const char *name)
{
	size_t len = strlen(name);
	bool is_plain;

	if (!len)
		strbuf_addstr(sb, "unnamed");
	for (size_t i = 0, n; i < len; i += n) {
		n = text_next(name + i, len - i, &is_plain);
		if (is_plain && name[i] != ' ' && name[i] != ',')
			strbuf_add(sb, name + i, n);
		else
			strbuf_addch(sb, '_');
	}
}

/* The names of a section. Time and memory are linear in the number and size of the names. */
struct lcov_names {
	struct intern *taken;	    /* in the order of the functions */
	struct intern *stems;	    /* names that collided, with the line appended */
	struct number_vector tried; /* for each stem, the last number that was appended to it */
};

static void lcov_names_deinit(struct lcov_names *names)
{
	intern_destroy(names->taken);
	intern_destroy(names->stems);
	number_vector_deinit(&names->tried);
}

static struct error *lcov_names_init(struct lcov_names *names)
{
	struct error *err = intern_create(&names->taken);

	return err ? err : intern_create(&names->stems);
}

static bool is_taken(const struct lcov_names *names, const struct strbuf *name)
{
	return !name->failed && intern_find(names->taken, strbuf_str(name)) != INTERN_NONE;
}

/*
 * Append "_2", "_3" and so on until the name is free. Functions that have all of name and line in
 * common once they are written (a,b and "a b") continue where the one before stopped.
 */
static struct error *number_name(struct lcov_names *names, struct strbuf *name)
{
	size_t len = name->len;
	uint32_t id;
	struct error *err = intern_id(names->stems, strbuf_str(name), &id);

	if (!err && id == names->tried.len &&
	    !number_vector_append(&names->tried, &(uint32_t){ 1 }))
		err = &error_no_memory;
	while (!err && is_taken(names, name)) {
		name->len = len;
		strbuf_addf(name, "_%" PRIu32, ++names->tried.data[id]);
	}
	return err;
}

/* Give the function a name that no earlier function of this section has, and add it to names. */
static struct error *unique_name(struct lcov_names *names, const struct coverage_function *f,
				 struct strbuf *name)
{
	struct error *err = NULL;

	strbuf_reset(name);
	add_name(name, f->name);
	if (is_taken(names, name))
		strbuf_addf(name, "_%" PRIu32, f->line);
	if (is_taken(names, name))
		err = number_name(names, name);
	if (!err)
		err = strbuf_check(name);
	return err ? err : intern_id(names->taken, strbuf_str(name), &(uint32_t){ 0 });
}

/* A tag or a comma, and a number. */
static void write_number(const char *tag, uint64_t number, struct writer *out)
{
	writer_str(out, tag);
	writer_u64(out, number);
}

/* A line with a tag, a number and a name. */
static void write_named(const char *tag, uint64_t number, const char *name, struct writer *out)
{
	write_number(tag, number, out);
	writer_byte(out, ',');
	writer_str(out, name);
	writer_byte(out, '\n');
}

/* Two lines. The second tag begins with the end of the first line. */
static void write_totals(const char *found, const char *hit, struct coverage_ratio ratio,
			 struct writer *out)
{
	write_number(found, ratio.found, out);
	write_number(hit, ratio.hit, out);
	writer_byte(out, '\n');
}

static struct error *write_functions(const struct coverage_file *file, struct writer *out)
{
	_cleanup_(lcov_names_deinit) struct lcov_names names = { 0 };
	_cleanup_strbuf_ struct strbuf name = STRBUF_INIT;
	struct error *err;

	err = lcov_names_init(&names);
	for (size_t i = 0; !err && i < file->nr_functions; i++) {
		const struct coverage_function *f = &file->functions[i];

		err = unique_name(&names, f, &name);
		if (!err)
			write_named("FN:", f->line, strbuf_str(&name), out);
	}
	if (err)
		return err;
	/* unique_name() added exactly one new name per function, so ids are function indexes. */
	for (size_t i = 0; i < file->nr_functions; i++)
		write_named("FNDA:", file->functions[i].count, intern_string(names.taken, i), out);
	write_totals("FNF:", "\nFNH:", file->function_ratio, out);
	return NULL;
}

static void write_lines(const struct coverage_file *file, struct writer *out)
{
	for (size_t i = 0; i < file->nr_lines; i++) {
		write_number("DA:", file->lines[i].line, out);
		write_number(",", file->lines[i].count, out);
		writer_byte(out, '\n');
	}
	write_totals("LF:", "\nLH:", file->line_ratio, out);
}

/* Of a branch that counts. */
static void write_branch(const struct coverage_line *line, const struct coverage_branch *branch,
			 struct writer *out)
{
	for (uint32_t i = 0; i < 2; i++) {
		write_number("BRDA:", line->line, out);
		write_number(",", LCOV_FIRST_BLOCK + (uint64_t)branch->number, out);
		write_number(",", 2 * (uint64_t)branch->number + i, out);
		if (line->count && branch->is_reached)
			write_number(",", branch->outcomes[i].count, out);
		else
			writer_str(out, ",-");
		writer_byte(out, '\n');
	}
}

/*
 * In BRDA, '-' means that the jump was not reached. Readers count '-' and 0 in the
 * same way, as found and not hit. BRDA has no sign for an outcome that is not
 * known, so such a branch is not written.
 *
 * lcov 2.x stops at a hit line with branches none of which was taken, and at a missed
 * line with any outcome but '-'. coverage_line_outcomes() finds no branches on the former.
 */
static void write_line_branches(const struct coverage_line *line, struct writer *out)
{
	if (!coverage_line_outcomes(line).found)
		return;
	for (size_t i = 0; i < line->nr_branches; i++)
		if (coverage_branch_counts(line, &line->branches[i]))
			write_branch(line, &line->branches[i], out);
}

static void write_branches(const struct coverage_file *file, struct writer *out)
{
	for (size_t i = 0; i < file->nr_lines; i++)
		write_line_branches(&file->lines[i], out);
	if (file->branch_ratio.found)
		write_totals("BRF:", "\nBRH:", file->branch_ratio, out);
}

static struct error *render_lcov(const struct view *view, const struct render_options *options,
				 struct sink *sink)
{
	struct writer *out;
	struct error *err = sink_open(sink, "coverage.info", &out);

	for (size_t i = 0; !err && i < view->coverage.nr_files; i++) {
		const struct coverage_file *file = &view->coverage.files[i];

		/* genhtml 2.x stops at a section without a line. */
		if (!file->nr_lines || !view_writes(view, file))
			continue;
		write_test_name(options->test_name, view->touched, out);
		write_path(view_path(view, file), out);
		err = write_functions(file, out);
		write_branches(file, out);
		write_lines(file, out);
		writer_str(out, "end_of_record\n");
	}
	return err;
}

const struct renderer renderer_lcov = {
	.name = "lcov",
	.summary = "coverage.info, a tracefile for genhtml and other readers of lcov's format",
	.kind = RENDER_FILE,
	.render = render_lcov,
};
