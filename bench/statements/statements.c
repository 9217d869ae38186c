// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Parses C files as symbolize/source/ does for a report:
 *
 *	statements <NAMES	how many functions are understood, why others are not, time
 *	statements -v <NAMES	also each function that is not understood
 *	statements -d FILE [FUNCTION]	the trees of a file
 *
 * NAMES are the names of files, one a line. In both cases, of #if groups that nothing decides the
 * first arm is taken.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "symbolize/source/statements.h"

struct totals {
	uint64_t nr_files, nr_functions, nr_statements, nr_bytes, ns;
	uint64_t by_reason[SOURCE_NR_REASONS];
};

static const struct source_options options = { .take_first_arm = true };

static void check(struct error *err, const char *name)
{
	if (!err)
		return;
	fprintf(stderr, "statements: %s: %s\n", name, err->message);
	exit(1);
}

/* Processor time, so that other load does not matter. */
static uint64_t cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void measure(const char *name, bool verbose, struct totals *totals)
{
	struct source_file *file = NULL;
	struct file_map map;

	check(file_map_init(&map, name), name);
	/* A copy, so that the file is read before. */
	_cleanup_free_ char *text = malloc(map.size + 1);
	if (!text)
		exit(1);
	memcpy(text, map.data, map.size);
	uint64_t start = cpu_ns();
	check(source_parse(text, map.size, &options, &file), name);
	totals->ns += cpu_ns() - start;
	totals->nr_files++;
	totals->nr_bytes += map.size;
	totals->nr_functions += file->nr_functions;
	totals->nr_statements += file->nr_statements;
	for (uint32_t i = 0; i < file->nr_functions; i++) {
		const struct source_function *f = &file->functions[i];

		totals->by_reason[f->reason]++;
		if (verbose && f->reason)
			printf("%s:%u: %.*s: %s\n", name, f->reason_line, (int)f->name_length,
			       (const char *)map.data + f->name, source_reason_name(f->reason));
	}
	source_file_destroy(file);
	file_map_deinit(&map);
}

static void print_totals(const struct totals *totals)
{
	double seconds = (double)totals->ns / 1e9;

	printf("%lu files, %lu functions, %lu statements\n", totals->nr_files, totals->nr_functions,
	       totals->nr_statements);
	for (int i = 0; i < SOURCE_NR_REASONS; i++)
		printf("%8.3f %% %8lu %s\n",
		       100.0 * (double)totals->by_reason[i] /
			       (double)(totals->nr_functions ? totals->nr_functions : 1),
		       totals->by_reason[i], source_reason_name(i));
	printf("%.1f MB in %.2f s: %.0f MB/s\n", (double)totals->nr_bytes / 1e6, seconds,
	       (double)totals->nr_bytes / 1e6 / (seconds > 0 ? seconds : 1));
}

static void print_condition(const struct source_file *file, uint32_t c, int indent)
{
	static const char *const names[] = { "leaf", "and", "or", "ternary" };

	for (; c != SOURCE_NONE; c = file->conditions[c].next) {
		const struct source_condition *now = &file->conditions[c];

		printf("%*s? %s%s %u-%u flags %x\n", indent, "", now->negated ? "not " : "",
		       names[now->kind], now->lines.first, now->lines.last, now->flags);
		print_condition(file, now->left, indent + 2);
		print_condition(file, now->right, indent + 2);
		print_condition(file, now->third, indent + 2);
	}
}

static void print_flags(uint32_t flags)
{
	static const char *const names[] = {
		"calls",     "stores",	  "value",	  "nested",	   "nested-jump",
		"condition", "no-return", "constant",	  "initialised",   "asm-goto",
		"default",   "once",	  "at-most-once", "unknown-macro", "labels-inside",
		"undecided", "first",	  "implicit",	  "true",	   "false",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (flags >> i & 1)
			printf(" %s", names[i]);
}

static void print_lines(const char *what, struct source_lines lines)
{
	if (lines.first)
		printf(" %s %u-%u", what, lines.first, lines.last);
}

static void print_statement(const struct source_file *file, uint32_t s, int indent)
{
	for (; s != SOURCE_NONE; s = file->statements[s].next) {
		const struct source_statement *now = &file->statements[s];

		printf("%*s%s", indent, "", source_kind_name(now->kind));
		print_lines("", now->lines);
		print_lines("head", now->head);
		print_lines("tail", now->tail);
		print_lines("init", now->init);
		print_lines("test", now->test);
		print_lines("step", now->step);
		if (now->target != SOURCE_NONE)
			printf(" of %u", file->statements[now->target].lines.first);
		if (now->label != SOURCE_NONE)
			printf(" to %u",
			       file->statements[file->labels[now->label].statement].lines.first);
		print_flags(now->flags);
		putchar('\n');
		print_condition(file, now->condition, indent + 4);
		print_statement(file, now->first_child, indent + 2);
		if (now->else_child != SOURCE_NONE)
			printf("%*selse\n", indent, "");
		print_statement(file, now->else_child, indent + 2);
	}
}

static void dump(const char *name, const char *function)
{
	struct source_file *file = NULL;
	struct file_map map;

	check(file_map_init(&map, name), name);
	check(source_parse((const char *)map.data, map.size, &options, &file), name);
	for (uint32_t i = 0; i < file->nr_functions; i++) {
		const struct source_function *f = &file->functions[i];
		const char *text = (const char *)map.data + f->name;

		if (function &&
		    (strlen(function) != f->name_length || memcmp(function, text, f->name_length)))
			continue;
		printf("%.*s %u, %u, %u-%u: %s\n", (int)f->name_length, text, f->first_line,
		       f->name_line, f->open_line, f->close_line, source_reason_name(f->reason));
		if (!f->reason)
			print_statement(file, f->first_statement, 2);
	}
	source_file_destroy(file);
	file_map_deinit(&map);
}

int main(int argc, char **argv)
{
	struct totals totals = { 0 };
	bool verbose = argc == 2 && !strcmp(argv[1], "-v");
	char name[4096];

	if (argc > 2 && !strcmp(argv[1], "-d")) {
		dump(argv[2], argv[3]);
		return 0;
	}
	if (argc > 1 && !verbose) {
		fprintf(stderr,
			"usage: statements [-v] <NAMES, or statements -d FILE [FUNCTION]\n");
		return 2;
	}
	while (fgets(name, sizeof(name), stdin)) {
		name[strcspn(name, "\n")] = '\0';
		measure(name, verbose, &totals);
	}
	print_totals(&totals);
	return 0;
}
