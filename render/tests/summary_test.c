// SPDX-License-Identifier: GPL-2.0-or-later
/* The summary for terminals, as text. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "render/formats.h"
#include "render/summary.h"
#include "render/tests/fixture.h"

static char *summary_of(const struct coverage *coverage, struct filter *filter)
{
	struct view *view;

	assert_null(view_create(coverage, &(struct view_options){ .filter = filter }, &view));
	char *text = fixture_render(&renderer_text, view, &(struct render_options){ 0 });
	view_destroy(view);
	return text;
}

/* Everything that can be wrong at once. The names of classes come from symbolize/. */
static void test_fixture(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture, "/nonexistent/linux");
	_cleanup_free_ char *text = summary_of(&fixture.coverage, NULL);
	char *classes = strstr(text, "         1  tail-call: ");
	assert_non_null(classes);
	char *handoffs = strstr(classes, "\n\nWork handed on");
	assert_non_null(handoffs);
	char *sources = strstr(handoffs, "\n\n6 source files");
	assert_non_null(sources);
	*classes = '\0';
	assert_string_equal(
		text,
		"kcov.data: ./test --all 'a b'\n"
		"  Linux 6.12.0, build id 0123456789abcdef, 5 tasks\n"
		"second.data: command not known\n"
		"  Linux (release not known), 0 tasks\n"
		"\n"
		"directory                         lines       functions      branches          "
		"points\n"
		"include/linux/sched        2/ 3   66.6%    1/ 1  100.0%   0/0       -    1/ 5   "
		"20.0%\n"
		"kernel                     9/15   60.0%    7/11   63.6%   1/4   25.0%    9/16   "
		"56.2%\n"
		"mm                         4/ 5   80.0%    3/ 3  100.0%   0/0       -    3/ 4   "
		"75.0%\n"
		"1 directory not reached    0/ 2    0.0%    0/ 1    0.0%   0/0       -    0/ 1    "
		"0.0%\n"
		"(no source line)           0/ 0       -    0/ 0       -   0/0       -    1/ 4   "
		"25.0%\n"
		"total                     15/25   60.0%   11/16   68.7%   1/4   25.0%   14/30   "
		"46.6%\n"
		"\n"
		"kcov.data: unfinished and damaged, 24 bytes skipped: checksum of a record is "
		"wrong\n"
		"kcov.data: a task used ptrace: --follow none covers it instead\n"
		"\n"
		"background work, by remote handle:\n"
		"  common: 1 PC, 1 time full: some may be lost (collect with a larger --buffer)\n"
		"  usb:2: not recorded: another user of KCOV has it\n"
		"\n"
		"1 task filled the buffer and may have lost PCs (collect with a larger --buffer):\n"
		"  'cc1' (pid 101): 2 times full\n"
		"\n"
		"2 tasks not followed and not recorded:\n"
		"  'su' (2 tasks, first pid 102): it is traced by another task\n"
		"\n"
		"1 task recorded only in part:\n"
		"  'init?' (pid 104): it outlived the command\n"
		"\n"
		"Images that could not be used:\n"
		"  nf_tables (2 PCs): no file nf_tables.ko with build id aa55 found\n"
		"  not in the report: 1 other image without a usable file and without recorded "
		"PCs\n"
		"\n"
		"3 of 17 distinct PCs (17.6%) are not coverage points:\n");
	assert_string_equal(sources, "\n\n6 source files missing "
				     "(/nonexistent/linux-build/include/gen r\xc3\xa9.h, ...): "
				     "name the kernel's source tree with --source-dir DIR\n"
				     "  without them genhtml 1.x needs --ignore-errors source,\n"
				     "  and 2.x --ignore-errors source --synthesize-missing\n");
	*sources = '\0';
	assert_string_equal(handoffs,
			    "\n\nWork handed on, which is not recorded, except in remote sections; "
			    "what it executed shows as missed:\n"
			    "         3  to softirqs and tasklets: raise_softirq\n"
			    "       433 or more  to timers: add_timer, add_timer_on, "
			    "hrtimer_start_range_ns, ...\n"
			    "\n"
			    "1 branch not counted: the flow of control does not tell how its jump "
			    "went");
	fixture_deinit(&fixture);
}

/* Nothing is wrong: only the table is printed. The source must exist, hence this file. */
static void test_all_is_well(void **state)
{
	_cleanup_free_ char *path = realpath(__FILE__, NULL);
	struct coverage_line lines[] = { LINE(1, 1, 1, 1) };
	struct coverage_file file = {
		.path = path, .lines = lines, .nr_lines = 1, .point_ratio = { 1, 1 }
	};
	const struct run_source task = {
		.pid = 7, .nr_tasks = 1, .name = (char *)"true", .nr_pcs = 1
	};
	struct coverage_run run = { .path = "kcov.data",
				    .command = "true",
				    .release = "6.12.0",
				    .build_id = "",
				    .finished = true,
				    .sources = &task,
				    .nr_sources = 1 };
	struct coverage coverage = { .files = &file,
				     .nr_files = 1,
				     .runs = &run,
				     .nr_runs = 1,
				     .points = { 1, 1 },
				     .pcs = 1 };
	_cleanup_free_ char *text = summary_of(&coverage, NULL);

	(void)state;
	assert_string_equal(text,
			    "kcov.data: true\n"
			    "  Linux 6.12.0, 1 task\n"
			    "\n"
			    "directory         lines     functions      branches        points\n"
			    ".           1/1  100.0%   0/0       -   0/0       -   1/1  100.0%\n"
			    "total       1/1  100.0%   0/0       -   0/0       -   1/1  100.0%\n");
}

/* All code of "tests" is init code: no PC is known to be in it, and its file is missing even so. */
static void test_init_code_without_file(void **state)
{
	struct coverage_image images[] = {
		{ .name = "tests", .problem = "no file", .ran_init = true },
		{ .name = "ext4", .problem = "no file", .ran_init = true, .pcs = 1 },
		{ .name = "old", .problem = "no file" },
	};
	struct coverage coverage = { .images = images, .nr_images = 3 };
	_cleanup_free_ char *text = summary_of(&coverage, NULL);

	(void)state;
	assert_non_null(strstr(text, "\nImages that could not be used:\n"
				     "  tests (0 PCs, without those of its init code): no file\n"
				     "  ext4 (1 PC, without those of its init code): no file\n"
				     "  not in the report: 1 other image without a usable file and "
				     "without recorded PCs\n"));
}

/* Losses of sets are added up over all runs; the text names no task. */
static void test_losses_of_sets(void **state)
{
	const struct run_source sets[] = {
		{ .kind = RUN_SOURCE_SET, .pid = 7, .nr_tasks = 3, .losses.dropped_pcs = 2 },
		{ .kind = RUN_SOURCE_SET,
		  .id = 1,
		  .pid = 8,
		  .nr_tasks = 1,
		  .losses = { .dropped_pcs = 3, .dropped_tasks = 1 } },
	};
	struct coverage_run run = { .path = "kcov.data",
				    .command = "true",
				    .release = "6.12.0",
				    .build_id = "",
				    .finished = true,
				    .sources = sets,
				    .nr_sources = 2 };
	struct coverage coverage = { .runs = &run, .nr_runs = 1 };
	_cleanup_free_ char *text = summary_of(&coverage, NULL);

	(void)state;
	assert_non_null(strstr(text, "6.12.0, 4 tasks\n"));
	assert_non_null(strstr(text,
			       "\n\nthe kernel had no room for PCs of modules 5 times: some are "
			       "missing (collect with a larger --buffer)\n"
			       "\n1 task and its descendants were not recorded: the kernel was out "
			       "of memory\n"));
}

/* What other contexts executed is recorded: no more is named as missing than is. */
static void test_contexts(void **state)
{
	const struct run_source sources[] = {
		{ .kind = RUN_SOURCE_SET, .pid = 7, .nr_tasks = 1, .nr_pcs = 9 },
		{ .kind = RUN_SOURCE_SOFTIRQ, .id = 1, .nr_pcs = 1 },
		{ .kind = RUN_SOURCE_WORK,
		  .id = 2,
		  .nr_pcs = 20,
		  .pending = 1,
		  .losses.dropped_sections = 3 },
		{ .kind = RUN_SOURCE_KTHREAD, .id = 3, STATE(NOT_FOLLOWED, "no memory") },
	};
	struct coverage_handoff handoffs[] = {
		{ COVERAGE_HANDOFF_THREAD, "kthread_create_on_node", 2, false },
		{ COVERAGE_HANDOFF_WORK, "queue_work_on", 5, false },
		{ COVERAGE_HANDOFF_SOFTIRQ, "raise_softirq", 3, false },
		{ COVERAGE_HANDOFF_TIMER, "hrtimer_start_range_ns", 30, false },
		{ COVERAGE_HANDOFF_TIMER, "mod_timer", 400, false },
	};
	struct coverage_run runs[] = {
		{ .command = "true",
		  .build_id = "",
		  .sources = sources,
		  .nr_sources = 4,
		  .finished = true },
		{ .command = "true",
		  .build_id = "",
		  .sources = sources,
		  .nr_sources = 1,
		  .finished = true },
	};
	struct coverage coverage = {
		.runs = runs, .nr_runs = 1, .handoffs = handoffs, .nr_handoffs = 5
	};
	_cleanup_free_ char *text = summary_of(&coverage, NULL);

	(void)state;
	assert_non_null(strstr(text, ", 1 task\n"));
	assert_non_null(
		strstr(text, "\nrecorded in other contexts:\n"
			     "  softirqs that tasks raised: 1 PC\n"
			     "  work that tasks queued: 20 PCs, 1 piece had not run at the end, or "
			     "was cancelled\n"
			     "  kernel threads for tasks: not recorded: no memory\n"
			     "\nwork in other contexts was not recorded 3 times: the kernel could "
			     "not attribute it to the tasks\n"));
	assert_non_null(strstr(text, "shows as missed:\n"
				     "         2  to new kernel threads: kthread_create_on_node\n"
				     "        30  to timers: hrtimer_start_range_ns\n"));
	assert_null(strstr(text, "queue_work_on"));
	assert_null(strstr(text, "raise_softirq"));
	assert_null(strstr(text, "task not followed"));

	/* One of the runs recorded only tasks. */
	coverage.nr_runs = 2;
	_cleanup_free_ char *of_both = summary_of(&coverage, NULL);
	assert_non_null(strstr(of_both, "queue_work_on"));
	assert_non_null(
		strstr(of_both, "       430  to timers: hrtimer_start_range_ns, mod_timer"));

	/* The whole system has everything. */
	const struct run_source system = { .kind = RUN_SOURCE_SYSTEM, .nr_pcs = 1 };
	runs[0].sources = &system;
	runs[0].nr_sources = coverage.nr_runs = 1;
	_cleanup_free_ char *of_system = summary_of(&coverage, NULL);
	assert_null(strstr(of_system, "Work handed on"));
	assert_non_null(strstr(of_system, "  the whole system: 1 PC\n"));
}

static void test_filtered(void **state)
{
	struct fixture fixture;
	struct filter filter = { VECTOR_INIT };

	(void)state;
	fixture_init(&fixture, "/nonexistent/linux");
	fixture.coverage.nr_runs = fixture.coverage.nr_unmatched = fixture.coverage.nr_images = 0;
	fixture.coverage.nr_handoffs = 0;
	assert_null(filter_add(&filter, "mm/", false));
	_cleanup_free_ char *text = summary_of(&fixture.coverage, &filter);
	assert_string_equal(text,
			    "\n"
			    "directory         lines     functions      branches        points\n"
			    "mm          4/5   80.0%   3/3  100.0%   0/0       -   3/4   75.0%\n"
			    "total       4/5   80.0%   3/3  100.0%   0/0       -   3/4   75.0%\n"
			    "\n"
			    "5 source files filtered out by --include and --exclude\n"
			    "\n"
			    "1 source file missing (/nonexistent/linux/mm/memory.c): name the "
			    "kernel's source tree with --source-dir DIR\n"
			    "  without them genhtml 1.x needs --ignore-errors source,\n"
			    "  and 2.x --ignore-errors source --synthesize-missing\n");
	filter_deinit(&filter);
	fixture_deinit(&fixture);
}

static char *refined_text(const struct coverage_refined *refined)
{
	const struct coverage coverage = { .is_refined = true, .refined = *refined };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	summary_refined_render(&coverage, out);
	fclose(out);
	return text;
}

/* What the statements corrected, and which sources and functions were not used. */
static void test_refined(void **state)
{
	static const struct {
		struct coverage_refined refined;
		const char *text;
	} cases[] = {
		{ { .functions = 0 }, "" },
		{ { .files = { 3 }, .functions = 9, .changed = 1, .added = 2, .added_missed = 3 },
		  "\nLines corrected by the statements of 9 of 9 executed functions: 1 line "
		  "changed, 2 hit and 3 missed ones without machine code added\n" },
		{ { .files = { 3, 1, 0, 2, 0, 4 },
		    .functions = 9,
		    .functions_not_understood = 2,
		    .changed = 5 },
		  "\nLines corrected by the statements of 7 of 9 executed functions (2 not "
		  "understood): 5 lines changed, 0 hit and 0 missed ones without machine code "
		  "added\n"
		  "  not in 7 of 10 source files with an executed line: 1 missing, 2 outside the "
		  "source tree or not named like a source, 4 newer than the image\n" },
		{ { .files = { 0, 0, 1, 0, 1 } },
		  "\nLines not corrected by the statements of 2 of 2 source files with an "
		  "executed line: 1 not readable, 1 changed since the build\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		_cleanup_free_ char *text = refined_text(&cases[i].refined);

		assert_string_equal(text, cases[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fixture),
		cmocka_unit_test(test_all_is_well),
		cmocka_unit_test(test_losses_of_sets),
		cmocka_unit_test(test_init_code_without_file),
		cmocka_unit_test(test_filtered),
		cmocka_unit_test(test_contexts),
		cmocka_unit_test(test_refined),
	};

	return cmocka_run_group_tests_name("summary", tests, NULL, NULL);
}
