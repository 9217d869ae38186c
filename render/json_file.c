// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes source files for coverage.json: arrays of numbers for lines and branches. */
#include "render/json_file.h"

#include "render/json_value.h"

/* A separator or a key, and a number. */
static void write_number(const char *before, uint64_t number, struct writer *out)
{
	writer_str(out, before);
	writer_u64(out, number);
}

/* Text that JSON writes as it is. */
static bool is_plain(const char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~' || *text == '"' || *text == '\\')
			return false;
	return true;
}

struct error *json_write_text(const char *text, struct writer *out)
{
	if (!is_plain(text))
		return json_print_text(text, writer_stream(out));
	writer_byte(out, '"');
	writer_str(out, text);
	writer_byte(out, '"');
	return NULL;
}

static void write_ratio(const char *before, struct coverage_ratio ratio, struct writer *out)
{
	writer_str(out, before);
	write_number("{\"hit\":", ratio.hit, out);
	write_number(",\"found\":", ratio.found, out);
	writer_byte(out, '}');
}

static struct error *write_functions(const struct coverage_file *file, struct writer *out)
{
	for (size_t i = 0; i < file->nr_functions; i++) {
		const struct coverage_function *f = &file->functions[i];

		writer_str(out, i ? ",{\"name\":" : "{\"name\":");
		struct error *err = json_write_text(f->name, out);
		if (err)
			return err;
		write_number(",\"line\":", f->line, out);
		write_number(",\"count\":", f->count, out);
		writer_str(out, f->has_body ? ",\"has_body\":true" : ",\"has_body\":false");
		write_ratio(",\"blocks\":", f->blocks, out);
		writer_byte(out, '}');
	}
	return NULL;
}

/* Zeros at the end are omitted, but for the count. Most lines are missed. */
static void write_line(const struct coverage_line *line, struct writer *out)
{
	const uint64_t values[] = { line->line, line->count, line->blocks.found, line->blocks.hit,
				    line->state == COVERAGE_LINE_PARTIAL };
	size_t nr = sizeof(values) / sizeof(*values);

	while (nr > 2 && !values[nr - 1])
		nr--;
	for (size_t i = 0; i < nr; i++)
		write_number(i ? "," : "[", values[i], out);
	writer_byte(out, ']');
}

static void write_outcome(const struct coverage_outcome *outcome, struct writer *out)
{
	if (outcome->state == COVERAGE_OUTCOME_UNKNOWN)
		writer_str(out, ",null");
	else
		write_number(",", outcome->count, out);
}

/* A branch that was not reached has no outcomes: neither had a chance. */
static void write_branch(uint32_t line, const struct coverage_branch *branch, struct writer *out)
{
	write_number("[", line, out);
	for (int i = 0; branch->is_reached && i < 2; i++)
		write_outcome(&branch->outcomes[i], out);
	writer_byte(out, ']');
}

static void write_lines(const struct coverage_file *file, struct writer *out)
{
	for (size_t i = 0; i < file->nr_lines; i++) {
		if (i)
			writer_byte(out, ',');
		write_line(&file->lines[i], out);
	}
}

static void write_branches(const struct coverage_file *file, struct writer *out)
{
	bool any = false;

	for (size_t i = 0; i < file->nr_lines; i++) {
		const struct coverage_line *line = &file->lines[i];

		for (size_t b = 0; b < line->nr_branches; b++) {
			if (any)
				writer_byte(out, ',');
			any = true;
			write_branch(line->line, &line->branches[b], out);
		}
	}
}

static void write_condition(uint32_t line, const struct coverage_condition *condition,
			    struct writer *out)
{
	write_number("[", line, out);
	write_number(",", condition->if_true, out);
	write_number(",", condition->if_false, out);
	writer_str(out, condition->has_operands ? ",1]" : "]");
}

static void write_conditions(const struct coverage_file *file, struct writer *out)
{
	const char *comma = "";

	for (size_t i = 0; i < file->nr_lines; i++) {
		if (!file->lines[i].condition)
			continue;
		writer_str(out, comma);
		comma = ",";
		write_condition(file->lines[i].line, file->lines[i].condition, out);
	}
}

struct error *json_file_write(const struct coverage_file *file, const char *path,
			      struct writer *out)
{
	writer_str(out, "{\"path\":");
	struct error *err = json_write_text(path, out);
	if (err)
		return err;
	write_ratio(",\"totals\":{\"lines\":", file->line_ratio, out);
	write_ratio(",\"functions\":", file->function_ratio, out);
	write_ratio(",\"branches\":", file->branch_ratio, out);
	write_ratio(",\"points\":", file->point_ratio, out);
	writer_str(out, "},\"functions\":[");
	err = write_functions(file, out);
	if (err)
		return err;
	writer_str(out, "],\"lines\":[");
	write_lines(file, out);
	writer_str(out, "],\"branches\":[");
	write_branches(file, out);
	writer_str(out, "],\"conditions\":[");
	write_conditions(file, out);
	writer_str(out, "]}");
	return NULL;
}
