/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hostile names, sources and numbers, for the HTML report. */
#ifndef RENDER_TESTS_HTML_FIXTURE_H
#define RENDER_TESTS_HTML_FIXTURE_H

#include "render/compare.h"
#include "render/render.h"
#include "render/tests/fixture.h"
#include "render/unmeasured.h"

#define MARKUP "</script><img src=x onerror=alert(1)>"

static struct coverage_function hostile_functions[] = {
	FUNCTION("<img src=x onerror=alert(2)>", 2, 3, 1, 2, true),
	FUNCTION("__proto__", 6, 0, 0, 2, true),
	FUNCTION("\xff\"';\\\x01\xe2\x80\xa8\xe2\x80\xae", 9, UINT64_MAX, 1, 1, true),
};

static struct coverage_branch both_ways[] = { BRANCH(1, true, TAKEN, 2, UNKNOWN, 0) };
static struct coverage_condition always = { 3, 0, true };

static struct coverage_line hostile_lines[] = {
	LINE(2, 3, 1, 1),
	{ .line = 3,
	  .count = 3,
	  .blocks = { 1, 2 },
	  .state = COVERAGE_LINE_PARTIAL,
	  BRANCHES(both_ways),
	  .condition = &always },
	LINE(6, 0, 0, 1),
	LINE(7, 0, 0, 1),
	LINE(9, UINT64_MAX, 1, 1),
};

static const struct run_source hostile_sources[] = {
	TASK(0, MARKUP, .parent = -1, .nr_pcs = 12),
	TASK(1, "\x1b[31m\xff", .losses.saturations = 2, .nr_pcs = 5),
};
#define EVIDENCE(n, begin, bytes, what, times, by, from, who)                                      \
	{                                                                                          \
		.file = hostile_evidence_path, .line = (n), .image = "vmlinux", .symbol = MARKUP,  \
		.start = (begin), .size = (bytes), .state = COVERAGE_BLOCK_##what,                 \
		.count = (times), .points = (by), .source = (from), .is_statement = true,          \
		.counts = true, .recorders = (who)                                                 \
	}

static char hostile_evidence_path[4096]; /* kernel/exit.c */
static struct coverage_evidence hostile_evidence[] = {
	EVIDENCE(3, 0xffffffff81000010, 16, HIT, 3, 1, 0xffffffff81000010, 1),
	EVIDENCE(3, 0xffffffff81000020, 8, MISSED, 0, 1, 0xffffffff81000020, 0),
	EVIDENCE(6, 0xffffffff81000030, 4, MISSED, 0, 0, 0xffffffff81000020, 0),
};
static struct coverage_correction hostile_corrections[] = {
	{ .file = hostile_evidence_path,
	  .line = 3,
	  .has_code = true,
	  .count_alone = 2,
	  .count = 3,
	  .statement = "if",
	  .nr_equal = 1,
	  .basis = COVERAGE_BASIS_CONDITION,
	  .basis_line = 2,
	  .basis_count = 3 },
};
static const struct coverage_recorder both_tasks[] = { { 0, 0 }, { 0, 1 } };
static struct coverage_recorder_set hostile_recorders[] = { { 0 }, { both_tasks, 2, 2 } };

static struct compare_function compared_functions[] = {
	{ .name = MARKUP,
	  .line = 2,
	  .is_executed = { true, true },
	  .divergence.line = 3,
	  .nr_lines = 2 },
	{ .name = "only_b",
	  .line = 6,
	  .is_executed = { false, true },
	  .first_lines = 2,
	  .nr_lines = 1 },
};
static struct compare_lines compared_lines[] = {
	{ COMPARE_A, 2, 2, 1 },
	{ COMPARE_B, 3, 5, 2 },
	{ COMPARE_B, 6, 9, 3 },
};
static struct compare_file compared_files[] = {
	{ .path = hostile_evidence_path,
	  .functions = { compared_functions, 2, 2 },
	  .lines = { compared_lines, 3, 3 } },
};
static char unknown_path[4096]; /* mm/memory.c */
static struct compare_unknown compared_unknown[] = { { unknown_path, 3 }, { unknown_path, 9 } };
static const struct compare hostile_compare = {
	.files = { compared_files, 1, 1 },
	.lines = { 1, 5 },
	.functions = { 0, 1 },
	.unknown = { compared_unknown, 2, 2 },
};
static const char *const side_a[] = { MARKUP, NULL }, *const side_b[] = { "b1", "b2", NULL };
static const struct compare_names hostile_sides = { { side_a, side_b } };
static const struct render_options options = {
	.generator = "test 1",
	.compare = &hostile_compare,
	.compare_names = &hostile_sides,
};

/* Of kernel/exit.c: its last arm has no end. Line 6 is measured, whatever a range says. */
static struct unmeasured_lines hostile_ranges[] = {
	{ UNMEASURED_FUNCTION, 4, 6, 4, 0 },
	{ UNMEASURED_ARM, 8, UINT32_MAX - 1, 8, 7 },
	{ UNMEASURED_BARE, 1, 1, 0, 0 },
};

static const char *hostile_notes[] = { "<b>" MARKUP "\xe2\x80\xa8" };
static struct coverage_run hostile_runs[] = {
	{ .path = "kcov.data",
	  .command = "./test '" MARKUP "'",
	  .release = "</title>",
	  .build_id = "",
	  .finished = true,
	  .sources = hostile_sources,
	  .nr_sources = 2,
	  .notes = hostile_notes,
	  .nr_notes = 1 },
};
static struct coverage_image hostile_images[] = {
	{ .name = "vmlinux",
	  .path = "/boot/" MARKUP,
	  .build_id = "",
	  .points = { 14, 30 },
	  .pcs = 17 },
};

/* Below ROOT. The tree has the files that show where its root is. */
static const char *const hostile_paths[] = {
	"/init/main.c",	     "/kernel/" MARKUP ".c", "/kernel/__proto__/constructor.c",
	"/kernel/fork.c",    "/kernel/exit.c",	     "/kernel/long.c",
	"/mm/memory.c",	     "/mm/link.c",	     "/mm/\x1b\xff\xe2\x80\xae\".c",
	"-outside/secret.c",
};
#define NR_PATHS (sizeof(hostile_paths) / sizeof(*hostile_paths))

static const char hostile_source[] =
	"// SPDX: \"" MARKUP "\"\n"
	"int f(void) { /* <!-- <script>alert(3)</script>\n"
	"\tif (a && b) \xe2\x80\xa8 \xe2\x80\xae\xe2\x80\x8b\xf3\xa0\x81\x81 \xff \x1b[31m ${x} `\n"
	"*/ return '\\\\';\n"
	"}\n\n#define A \\\n\t1\nlast";

/* Each field of an entry after its title, which is hostile too. */
static const char hostile_maintainers[] =
	"FORK\nM:\tA <a@b>\nF:\tkernel/fork.c\nF:\tkernel/exit.c\n\n" MARKUP
	"\nF:\tkernel/exit.c\nF:\tmm/\n\n"
	"THE REST\nF:\t*\nF:\t*/\n";

#endif
