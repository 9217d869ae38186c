// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz entry: parse any bytes as a C file. Whatever they are, the trees must be trees, with lines
 * inside of those of their parents. The first byte says what decides #if groups.
 */
#include "base/tests/fuzz_main.h"

#include "symbolize/source/statements.h"

static void require(bool condition)
{
	if (!condition)
		abort();
}

static bool has_code(void *data, uint32_t first_line, uint32_t last_line)
{
	require(first_line && first_line <= last_line);
	return *(const uint8_t *)data & 4 ? first_line % 2 : first_line % 5 == last_line % 3;
}

static enum source_config config(void *data, const char *name, size_t length, int64_t *value)
{
	require(length > 7);
	*value = name[length - 1];
	return (enum source_config)(((uint8_t)name[length - 1] + *(const uint8_t *)data) % 6);
}

static void check_lines(struct source_lines lines, struct source_lines outer)
{
	require(!lines.first == !lines.last);
	require(!lines.first || (lines.first >= outer.first && lines.last <= outer.last));
	require(lines.first <= lines.last);
}

static void check_condition(const struct source_file *file, uint32_t c, int depth)
{
	for (; c != SOURCE_NONE; c = file->conditions[c].next) {
		const struct source_condition *now = &file->conditions[c];

		require(c < file->nr_conditions && depth < 2 * SOURCE_DEPTH_MAX);
		require(now->lines.first && now->lines.first <= now->lines.last);
		require((now->kind != SOURCE_AND && now->kind != SOURCE_OR) ||
			(now->left != SOURCE_NONE && now->right != SOURCE_NONE));
		check_condition(file, now->left, depth + 1);
		check_condition(file, now->right, depth + 1);
		check_condition(file, now->third, depth + 1);
	}
}

static void check_links(const struct source_file *file, const struct source_function *f, uint32_t s)
{
	const struct source_statement *now = &file->statements[s];
	uint32_t end = f->first_statement + f->nr_statements;

	require(now->first_child == SOURCE_NONE || now->first_child == s + 1);
	require(now->next == SOURCE_NONE || (now->next > s && now->next < end));
	require(now->else_child == SOURCE_NONE || (now->else_child > s && now->else_child < end));
	require(now->target == SOURCE_NONE || now->target < s);
	require((now->label != SOURCE_NONE) ==
		(now->kind == SOURCE_LABEL || now->kind == SOURCE_GOTO));
	require(now->label == SOURCE_NONE || file->labels[now->label].statement < end);
	require(now->kind != SOURCE_IF || now->first_child != SOURCE_NONE);
	require(now->kind != SOURCE_BREAK || now->target != SOURCE_NONE);
	for (uint32_t i = 0; i < now->nr_targets; i++)
		require(file->targets[now->first_target + i] < file->nr_labels);
}

static void check_statement(const struct source_file *file, const struct source_function *f,
			    uint32_t s)
{
	const struct source_statement *now = &file->statements[s];

	check_links(file, f, s);
	require(now->kind <= SOURCE_ASM && source_kind_name(now->kind));
	check_lines(now->head, now->lines);
	check_lines(now->tail, now->lines);
	check_lines(now->init, now->head);
	check_lines(now->test, now->head);
	check_lines(now->step, now->head);
	if (s == f->first_statement) {
		require(now->parent == SOURCE_NONE && now->kind == SOURCE_COMPOUND);
	} else {
		require(now->parent >= f->first_statement && now->parent < s);
		check_lines(now->lines, file->statements[now->parent].lines);
		require(now->lines.first >= now[-1].lines.first);
	}
	check_condition(file, now->condition, 0);
}

/* Each statement has one parent that leads to it. */
static void check_tree(const struct source_file *file, const struct source_function *f)
{
	uint32_t nr = 1;

	for (uint32_t i = 0; i < f->nr_statements; i++) {
		const struct source_statement *now = &file->statements[f->first_statement + i];

		check_statement(file, f, f->first_statement + i);
		nr += (now->first_child != SOURCE_NONE) + (now->else_child != SOURCE_NONE) +
		      (now->next != SOURCE_NONE);
	}
	require(nr == f->nr_statements);
}

static void check_function(const struct source_file *file, uint32_t function)
{
	const struct source_function *f = &file->functions[function];

	require(f->first_line && f->first_line <= f->name_line && f->name_line <= f->open_line &&
		f->open_line <= f->close_line);
	require(!function || f->first_line >= f[-1].close_line);
	require(source_reason_name(f->reason));
	require(!f->reason == (f->nr_statements > 0) && !f->reason == !f->reason_line);
	if (!f->reason)
		check_tree(file, f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct source_options options = { .data = (void *)data };
	struct source_file *file;

	if (!size)
		return 0;
	if (data[0] & 1)
		options.has_code = has_code;
	if (data[0] & 2)
		options.config = config;
	options.take_first_arm = data[0] & 8;
	require(!source_parse((const char *)data + 1, size - 1, &options, &file));
	for (uint32_t i = 0; i < file->nr_functions; i++)
		check_function(file, i);
	for (uint32_t line = 0; line < 40; line++) {
		uint32_t s = source_statement_at(file, line);

		require(s == SOURCE_NONE || (file->statements[s].lines.first <= line &&
					     file->statements[s].lines.last >= line));
	}
	source_file_destroy(file);
	return 0;
}
