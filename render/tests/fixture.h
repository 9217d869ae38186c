/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small coverage made by hand, with an example of each thing that tracefiles and
 * JSON easily get wrong. All data is static except the paths, which are below a
 * root that the test chooses.
 */
#ifndef RENDER_TESTS_FIXTURE_H
#define RENDER_TESTS_FIXTURE_H

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "render/render.h"
#include "symbolize/coverage/coverage.h"

#define FIXTURE_FILES  8
#define FIXTURE_POINTS 30

struct fixture {
	struct coverage coverage;
	struct coverage_file files[FIXTURE_FILES];
	struct coverage_point points[FIXTURE_POINTS];
	struct coverage_frame frames[FIXTURE_POINTS][2];
};

/* Number of lines of each source of the fixture. */
#define FIXTURE_SOURCE_LINES 60

#define LINE(n, c, hits, founds)                                                                   \
	{                                                                                          \
		.line = (n), .count = (c), .blocks = { (hits), (founds) },                         \
		.state = (c) ? (hits) < (founds) ? COVERAGE_LINE_PARTIAL : COVERAGE_LINE_HIT       \
			     : COVERAGE_LINE_MISSED                                                \
	}
#define BRANCH(place, reached, jumped, jump_count, went_on, count)                                 \
	{                                                                                          \
		.number = (place), .is_reached = (reached),                                        \
		.outcomes = {                                                                      \
			{ COVERAGE_OUTCOME_##jumped, (jump_count) },                               \
			{ COVERAGE_OUTCOME_##went_on, (count) },                                   \
		},                                                                                 \
	}
#define BRANCHES(array) .branches = (array), .nr_branches = sizeof(array) / sizeof(*(array))
#define FUNCTION(n, l, c, hits, founds, body)                                                      \
	{                                                                                          \
		.name = (n), .line = (l), .count = (c), .blocks = { (hits), (founds) },            \
		.has_body = (body)                                                                 \
	}
#define ARRAY(a) (a), sizeof(a) / sizeof(*(a))

/* Three functions; the middle one was not called. */
/* One with an unknown outcome, one that was not reached. */
static struct coverage_branch fixture_branches[] = {
	BRANCH(0, true, TAKEN, 2, NOT_TAKEN, 0),
	BRANCH(1, true, TAKEN, 1, UNKNOWN, 0),
	BRANCH(2, false, NOT_TAKEN, 0, NOT_TAKEN, 0),
};

/* Conditions: one of two operands, and one without a jump. */
static struct coverage_condition fixture_two_operands = { 2, 0, true };
static struct coverage_condition fixture_condition = { 3, 4, false };

static struct coverage_line fixture_fork_lines[] = {
	LINE(10, 3, 1, 1),
	{ .line = 12,
	  .count = 2,
	  .blocks = { 1, 2 },
	  .state = COVERAGE_LINE_PARTIAL,
	  BRANCHES(fixture_branches),
	  .condition = &fixture_two_operands },
	LINE(14, 0, 0, 1),
	LINE(20, 0, 0, 1),
	LINE(22, 0, 0, 1),
	LINE(30, 9, 1, 1),
	{ .line = 31,
	  .count = 7,
	  .blocks = { 1, 1 },
	  .state = COVERAGE_LINE_HIT,
	  .condition = &fixture_condition },
};
static struct coverage_function fixture_fork_functions[] = {
	FUNCTION("copy_process", 10, 3, 2, 4, true),
	FUNCTION("never_called", 20, 0, 0, 2, true),
	FUNCTION("kernel_clone", 30, 9, 2, 2, true),
};

/* SYSCALL_DEFINE: three names on one line, one of them called; the entry's own line has no row. */
static struct coverage_line fixture_sys_lines[] = { LINE(11, 4, 1, 1), LINE(41, 0, 0, 1) };
static struct coverage_function fixture_sys_functions[] = {
	FUNCTION("__do_sys_getpid", 10, 4, 1, 1, false),
	FUNCTION("__ia32_sys_getpid", 10, 0, 0, 1, true),
	FUNCTION("__x64_sys_getpid", 10, 4, 1, 1, true),
	FUNCTION("do_nothing", 40, 0, 0, 1, true),
};

/* A name on two lines of a file, names that lcov cannot write, and the largest counts. */
static struct coverage_line fixture_odd_lines[] = {
	LINE(5, UINT64_MAX, 1, 1),
	LINE(15, 9007199254740993, 1, 1),
	LINE(25, 1, 1, 1),
};
static struct coverage_function fixture_odd_functions[] = {
	FUNCTION("twice", 5, UINT64_MAX, 1, 1, true),
	FUNCTION("twice", 15, 9007199254740993, 1, 1, true),
	FUNCTION("operator,\xff\"\\\x01", 25, 1, 1, 1, true),
	FUNCTION("twice_15", 35, 0, 0, 1, true),
};

/* Code between other functions: before the first one, and in the range of a missed one. */
static struct coverage_line fixture_macro_lines[] = {
	LINE(2, 6, 1, 1),
	LINE(10, 0, 0, 1),
	LINE(12, 8, 1, 1),
	LINE(50, 0, 0, 1),
};
static struct coverage_function fixture_macro_functions[] = {
	FUNCTION("missed_but_in_between", 10, 0, 0, 1, true),
	FUNCTION("body_elsewhere", 30, 5, 1, 1, true),
	FUNCTION("own_line_missed", 50, 2, 1, 2, true),
};

/* A header whose code is only inlined. */
static struct coverage_line fixture_header_lines[] = { LINE(20, 1, 1, 3), LINE(21, 0, 0, 2) };
static struct coverage_function fixture_header_functions[] = {
	FUNCTION("get_task_struct", 19, 1, 1, 5, false),
};

/* A file of another build directory; its path has a blank and a letter that is not ASCII. */
static struct coverage_line fixture_generated_lines[] = { LINE(3, 0, 0, 1) };
static struct coverage_function fixture_generated_functions[] = {
	FUNCTION("generated", 2, 0, 0, 1, true),
};

static struct coverage_image fixture_images[] = {
	{ .name = "vmlinux",
	  .path = "/boot/vmlinux",
	  .build_id = "0123456789abcdef",
	  .points = { 14, 30 },
	  .pcs = 15 },
	{ .name = "nf_tables",
	  .build_id = "aa55",
	  .base = 0xffffffffa0000000,
	  .problem = "no file nf_tables.ko with build id aa55 found",
	  .pcs = 2 },
	{ .name = "fat", .build_id = "", .base = 0xffffffffa0100000, .problem = "no file found" },
};

#define TASK(n, comm, ...)                                                                         \
	{                                                                                          \
		.id = (n), .pid = 100 + (n), .tgid = 100 + (n), .nr_tasks = 1,                     \
		.name = (char *)(comm), __VA_ARGS__                                                \
	}
#define REMOTE(n, number, called, ...)                                                             \
	{                                                                                          \
		.kind = RUN_SOURCE_REMOTE, .id = (n), .handle = (number), .parent = -1,            \
		.name = (char *)(called), __VA_ARGS__                                              \
	}
#define STATE(s, why) .state = RUN_STATE_##s, .reason = (char *)(why)

static const struct run_source fixture_sources[] = {
	TASK(0, "sh", .parent = -1, .nr_pcs = 12),
	TASK(1, "cc1", .losses.saturations = 2, .nr_pcs = 5),
	TASK(2, "su", STATE(NOT_FOLLOWED, "it is traced by another task")),
	TASK(3, "su", STATE(NOT_FOLLOWED, "it is traced by another task")),
	TASK(4, "init\x1b", STATE(CUT, "it outlived the command")),
	REMOTE(5, 0x12345678, "common", .losses.saturations = 1, .nr_pcs = 1),
	REMOTE(6, 0x99, "common"),
	REMOTE(7, 0x0100000000000002, "usb:2", STATE(NOT_FOLLOWED, "another user of KCOV has it")),
};

static const char *fixture_notes[] = { "a task used ptrace: --follow none covers it instead" };

static struct coverage_run fixture_runs[] = {
	{ .path = "kcov.data",
	  .command = "./test --all 'a b'",
	  .release = "6.12.0",
	  .build_id = "0123456789abcdef",
	  .damaged_bytes = 24,
	  .damage = "checksum of a record is wrong",
	  .sources = fixture_sources,
	  .nr_sources = sizeof(fixture_sources) / sizeof(*fixture_sources),
	  .notes = fixture_notes,
	  .nr_notes = 1 },
	{ .path = "second.data", .finished = true, .build_id = "" },
};

static struct coverage_unmatched fixture_unmatched[] = {
	{ .pc = 0xffffffff81000005, .count = 7, .class = COVERAGE_TAIL_CALL, .image = "vmlinux" },
	{ .pc = 0xffffffffa0000010,
	  .count = UINT64_MAX,
	  .class = COVERAGE_NO_IMAGE,
	  .image = "nf_tables" },
	{ .pc = 0xffffffffa0000020, .count = 1, .class = COVERAGE_NO_IMAGE, .image = "nf_tables" },
};

static struct coverage_handoff fixture_handoffs[] = {
	{ COVERAGE_HANDOFF_SOFTIRQ, "raise_softirq", 3, false },
	{ COVERAGE_HANDOFF_TIMER, "add_timer", 1, false },
	{ COVERAGE_HANDOFF_TIMER, "add_timer_on", 2, true },
	{ COVERAGE_HANDOFF_TIMER, "hrtimer_start_range_ns", 30, false },
	{ COVERAGE_HANDOFF_TIMER, "mod_timer", 400, false },
};

static inline void fixture_add(struct fixture *f, const char *path, struct coverage_line *lines,
			       size_t nr_lines, struct coverage_function *functions,
			       size_t nr_functions, struct coverage_ratio points)
{
	size_t i = f->coverage.nr_files++;
	struct coverage_file *file = &f->files[i];

	assert(i < FIXTURE_FILES);
	*file = (struct coverage_file){
		.path = path,
		.lines = lines,
		.nr_lines = nr_lines,
		.functions = functions,
		.nr_functions = nr_functions,
		.point_ratio = points,
	};
}

/* Returns root followed by tail; fixture_deinit() frees it. */
static inline char *fixture_path(const char *root, const char *tail)
{
	char *path;

	if (asprintf(&path, "%s%s", root, tail) < 0)
		abort();
	return path;
}

/* As many points in each file as it says, in a function of the file that is inlined into another.
 */
static inline void fixture_add_points(struct fixture *f)
{
	size_t n = 0;

	for (uint32_t i = 0; i < f->coverage.nr_files; i++)
		for (uint64_t p = 0; p < f->files[i].point_ratio.found; p++, n++) {
			assert(n < FIXTURE_POINTS);
			f->frames[n][0] = (struct coverage_frame){ f->files[i].functions[0].name, i,
								   f->files[i].functions[0].line };
			f->frames[n][1] =
				(struct coverage_frame){ NULL, n % 2 ? COVERAGE_NO_FILE : i, 7 };
			f->points[n] = (struct coverage_point){
				.pc = 0xffffffff81000000 + 16 * n,
				.count = p < f->files[i].point_ratio.hit ? p + 1 : 0,
				.frames = f->frames[n],
				.nr_frames = 2,
			};
		}
	f->coverage.each_point = f->points;
	f->coverage.nr_each_point = n;
}

static inline void fixture_init(struct fixture *f, const char *root)
{
	*f = (struct fixture){ 0 };
	fixture_add(f, fixture_path(root, "-build/include/gen r\xc3\xa9.h"),
		    ARRAY(fixture_generated_lines), ARRAY(fixture_generated_functions),
		    (struct coverage_ratio){ 0, 1 });
	fixture_add(f, fixture_path(root, "/include/linux/sched/task.h"),
		    ARRAY(fixture_header_lines), ARRAY(fixture_header_functions),
		    (struct coverage_ratio){ 1, 5 });
	fixture_add(f, fixture_path(root, "/kernel/exit.c"), ARRAY(fixture_odd_lines),
		    ARRAY(fixture_odd_functions), (struct coverage_ratio){ 3, 4 });
	fixture_add(f, fixture_path(root, "/kernel/fork.c"), ARRAY(fixture_fork_lines),
		    ARRAY(fixture_fork_functions), (struct coverage_ratio){ 4, 8 });
	fixture_add(f, fixture_path(root, "/kernel/sys.c"), ARRAY(fixture_sys_lines),
		    ARRAY(fixture_sys_functions), (struct coverage_ratio){ 2, 4 });
	fixture_add(f, fixture_path(root, "/mm/memory.c"), ARRAY(fixture_macro_lines),
		    ARRAY(fixture_macro_functions), (struct coverage_ratio){ 3, 4 });
	struct coverage *c = &f->coverage;
	c->files = f->files;
	c->images = fixture_images;
	c->nr_images = sizeof(fixture_images) / sizeof(*fixture_images);
	c->runs = fixture_runs;
	c->nr_runs = sizeof(fixture_runs) / sizeof(*fixture_runs);
	c->unmatched = fixture_unmatched;
	c->nr_unmatched = sizeof(fixture_unmatched) / sizeof(*fixture_unmatched);
	c->unmatched_classes[COVERAGE_TAIL_CALL] = 1;
	c->unmatched_classes[COVERAGE_NO_IMAGE] = 2;
	c->handoffs = fixture_handoffs;
	c->nr_handoffs = sizeof(fixture_handoffs) / sizeof(*fixture_handoffs);
	c->points = (struct coverage_ratio){ 14, 30 };
	c->pcs = 17;
	fixture_add_points(f);
}

/* Returns what the renderer, of kind RENDER_FILE, writes for the view. The caller frees it. */
static inline char *fixture_render(const struct renderer *renderer, const struct view *view,
				   const struct render_options *options)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct sink *sink;

	if (sink_create_stream(out, &sink) || renderer->render(view, options, sink) ||
	    sink_commit(sink))
		abort();
	sink_destroy(sink);
	fclose(out);
	return text;
}

static inline void fixture_deinit(struct fixture *f)
{
	for (size_t i = 0; i < f->coverage.nr_files; i++)
		free((char *)f->files[i].path);
}

#endif
