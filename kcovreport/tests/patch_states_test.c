// SPDX-License-Identifier: GPL-2.0-or-later
/* The states of changed lines, and why something was not built or not instrumented. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The code of kcovreport/ is not in the library that suites are linked with. */
#include "kcovreport/patch_code.c"
#include "kcovreport/patch_states.c"
#include "kcovreport/patch_why.c"

void report_images_deinit(struct report_images *images)
{
	(void)images;
}

void config_read(const struct coverage *coverage, const struct view_trees *trees,
		 struct kernel_config *ret)
{
	(void)coverage;
	(void)trees;
	(void)ret;
}

void config_deinit(struct kernel_config *config)
{
	source_config_file_destroy(config->options);
	free(config->text);
}

struct error *patch_read_sources(struct patch_job *job)
{
	(void)job;
	return NULL;
}

struct error *patch_find_machine_code(struct patch_job *job)
{
	(void)job;
	return NULL;
}

/* A tree with Makefiles. */
static char root[] = "/tmp/patch_states.XXXXXX";

static void tree_add(const char *name, const char *text)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/%s", root, name);
	if (!text) {
		assert_int_equal(mkdir(path, 0700), 0);
		return;
	}
	FILE *out = fopen(path, "w");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

static void tree_remove(const char *name)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/%s", root, name);
	assert_int_equal(remove(path), 0);
}

#define LINES_MAX 40

/* A job about one source, with all that refers to it. */
struct fixture {
	struct patch_job job;
	struct coverage_line covered[LINES_MAX];
	struct coverage_file file;
	struct diff_line diff_lines[LINES_MAX];
	struct diff_file diff_file;
	struct diff diff;
	char expected[LINES_MAX + 1];
};

/*
 * A source, of which each line begins with two characters more. The first says what is known:
 *	h p m	coverage: hit, partial, missed
 *	o	machine code, and no coverage
 *	b	machine code in no function with a point
 *	' '	nothing
 * The second is the expected state: + ~ - as in the margin of the output, ? not instrumented, x not
 * built, u unknown, . no code.
 */
static void add_line(struct fixture *f, struct patch_source *source, const char *line,
		     size_t length)
{
	uint32_t number = ++source->nr_lines;
	struct coverage_line *covered = &f->covered[f->file.nr_lines];
	char known = line[0];

	assert_true(length > 2 && number < LINES_MAX);
	f->expected[number - 1] = line[1];
	source->lines[number] =
		(known == ' ' ? 0 : PATCH_LINE_MACHINE) | (known == 'b' ? PATCH_LINE_BARE : 0);
	source->starts[number - 1] = source->size;
	memcpy(source->text + source->size, line + 2, length - 2);
	source->size += length - 2;
	source->starts[number] = source->size;
	f->diff_lines[number - 1] = (struct diff_line){ .kind = DIFF_ADDED, .number = number };
	source->is_in_image |= known != ' ';
	if (!strchr("hpm", known))
		return;
	f->file.nr_lines++;
	covered->line = number;
	covered->count = known != 'm';
	covered->state = known == 'm' ? COVERAGE_LINE_MISSED : COVERAGE_LINE_PARTIAL;
	if (known == 'h')
		covered->state = COVERAGE_LINE_HIT;
}

static void set_config(struct patch_job *job, const char *config)
{
	if (!config)
		return;
	job->config.text = strdup(config);
	assert_null(
		source_config_file_create(job->config.text, strlen(config), &job->config.options));
}

static void check_states(const struct fixture *f)
{
	static const char signs[PATCH_STATES + 1] = "+~-.?x"; /* as enum patch_state */
	const struct patch_file *file = &f->job.patch.files[0];
	struct patch_counts counts = { .unknown = 0 };
	char got[LINES_MAX + 1] = "";

	for (size_t i = 0; i < f->diff_file.nr_lines; i++) {
		got[i] = file->lines[i].is_unknown ? 'u' : signs[file->lines[i].state];
		patch_count(&counts, &file->lines[i]);
	}
	assert_string_equal(got, f->expected);
	assert_memory_equal(&counts, &file->counts, sizeof(counts));
	assert_memory_equal(&counts, &f->job.patch.counts, sizeof(counts));
}

/* config: NULL = none is known. name: below the root. */
static struct fixture *judge_text(const char *name, const char *config, const char *text)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct patch_source *source = calloc(1, sizeof(*source));
	size_t size = strlen(text);

	assert_true(f && source);
	f->file.lines = f->covered;
	f->diff_file = (struct diff_file){ .path = (char *)name, .lines = f->diff_lines };
	f->diff = (struct diff){ &f->diff_file, 1 };
	f->job.diff = &f->diff;
	f->job.sources = source;
	f->job.view = calloc(1, sizeof(*f->job.view));
	f->job.view->root = strdup(root);
	f->job.patch.files = calloc(2, sizeof(*f->job.patch.files));
	f->job.patch.nr_files = 1;
	assert_null(intern_create(&f->job.patch.strings));
	assert_true(asprintf(&source->path, "%s/%s", root, name) > 0);
	source->relative = source->path + strlen(root) + 1;
	source->is_source = true;
	source->text = calloc(size + 1, 1);
	source->starts = calloc(LINES_MAX + 1, sizeof(*source->starts));
	source->lines = calloc(LINES_MAX + 1, 1);
	for (const char *line = text, *next; *line; line = next) {
		next = strchr(line, '\n') + 1;
		add_line(f, source, line, next - line);
	}
	source->file = f->file.nr_lines ? &f->file : NULL;
	f->diff_file.nr_lines = source->nr_lines;
	set_config(&f->job, config);
	assert_null(judge_file(&f->job, 0));
	check_states(f);
	return f;
}

static void done(struct fixture *f)
{
	patch_job_deinit(&f->job);
	free(f);
}

/* "why | option" */
static void check_why(const struct fixture *f, uint32_t number, const char *expected)
{
	const struct patch_line *line = &f->job.patch.files[0].lines[number - 1];
	char got[300];

	snprintf(got, sizeof(got), "%s | %s", line->why ? line->why : "-",
		 line->option ? line->option : "-");
	assert_string_equal(got, expected);
}

static void test_coverage(void **state)
{
	(void)state;
	done(judge_text("fs/a.c", NULL,
			" ./* comment */\n"
			"h+int f(int x)\n"
			" .{\n"
			" .\tint y;\n"
			" .\n"
			"p~\tif (x)\n"
			"m-\t\ty = g(x);\n"
			"h+\treturn y;\n"
			"h+}\n"));
}

/* Whatever the parser says, a line with coverage or bare code has code. */
static void test_machine_code_decides(void **state)
{
	(void)state;
	done(judge_text("fs/a.c", NULL,
			"h+#define F(x) x\n"
			"b? comment */\n"
			"o.int y;\n"));
}

static void test_not_instrumented(void **state)
{
	struct fixture *f;

	(void)state;
	f = judge_text("fs/a.c", NULL,
		       "b?noinstr int f(int x)\n"
		       " .{\n"
		       "b?\treturn x;\n"
		       "b?}\n"
		       "h+int g(int x)\n"
		       " .{\n"
		       "h+\treturn x;\n"
		       "h+}\n");
	check_why(f, 3, "its function is noinstr | -");
	check_why(f, 7, "- | -");
	done(f);
	/* A statement without code of its own, in such a function. */
	f = judge_text("fs/a.c", NULL,
		       "b?static __no_kcov int f(int x)\n"
		       " .{\n"
		       " ?\tx = x + 1;\n"
		       "b?\treturn x;\n"
		       "b?}\n");
	check_why(f, 3, "its function is __no_kcov | -");
	done(f);
	f = judge_text("fs/a.S", NULL, "b?\tret\n");
	check_why(f, 1, "it is in assembly | -");
	done(f);
	f = judge_text("fs/quiet.c", NULL, "b?int f(int x) { return x; }\n");
	check_why(f, 1, "KCOV_INSTRUMENT in fs/Makefile:4 | -");
	done(f);
	f = judge_text("fs/a.c", NULL, "b?int f(int x) { return x; }\n");
	check_why(f, 1, "- | -");
	done(f);
	f = judge_text("mm/sub/a.c", NULL, "b?int f(int x) { return x; }\n");
	check_why(f, 1, "KCOV_INSTRUMENT in mm/sub/Kbuild:1 | -");
	done(f);
}

/* An arm of an #if that was left out, and the option that would build it. */
static void test_left_out(void **state)
{
	static const char config[] = "CONFIG_YES=y\nCONFIG_MOD=m\n# CONFIG_NO is not set\n";
	struct fixture *f;

	(void)state;
	f = judge_text("fs/a.c", config,
		       "h+int f(int x)\n"
		       " .{\n"
		       " .#ifdef CONFIG_YES\n"
		       "h+\tx = g(x);\n"
		       " .#else\n"
		       " x\tx = x + 1;\n"
		       " x\tx = h(x);\n"
		       " .#endif\n"
		       " .#ifdef CONFIG_NO\n"
		       " x\tx = x + 2;\n"
		       " .#else\n"
		       "h+\tx = x + 3;\n"
		       " .#endif\n"
		       "h+\treturn x;\n"
		       "h+}\n");
	check_why(f, 6, "CONFIG_YES=n: #else of '#ifdef CONFIG_YES' (line 3) | CONFIG_YES=n");
	check_why(f, 7, "CONFIG_YES=n: #else of '#ifdef CONFIG_YES' (line 3) | CONFIG_YES=n");
	check_why(f, 10, "CONFIG_NO: '#ifdef CONFIG_NO' (line 9) | CONFIG_NO");
	done(f);
	f = judge_text("fs/a.c", config,
		       "h+int f(int x)\n"
		       " .{\n"
		       " .#ifndef CONFIG_YES\n"
		       " x\tx = x + 1;\n"
		       " .#endif\n"
		       " .#if defined(CONFIG_YES) && defined(CONFIG_NO)\n"
		       " x\tx = x + 2;\n"
		       " .#elif defined(CONFIG_ABSENT)\n"
		       " x\tx = x + 3;\n"
		       " .#endif\n"
		       " .#if 0\n"
		       " x\tx = x + 4;\n"
		       " .#endif\n"
		       "h+\treturn x;\n"
		       "h+}\n");
	check_why(f, 4, "CONFIG_YES=n: '#ifndef CONFIG_YES' (line 3) | CONFIG_YES=n");
	check_why(f, 7,
		  "CONFIG_NO: '#if defined(CONFIG_YES) && defined(CONFIG_NO)' (line 6) | "
		  "CONFIG_NO");
	check_why(f, 9, "CONFIG_ABSENT: '#elif defined(CONFIG_ABSENT)' (line 8) | CONFIG_ABSENT");
	check_why(f, 12, "left out: '#if 0' (line 11) | -");
	done(f);
}

/* Code of an arm that the configuration leaves out says more than the configuration. */
static void test_left_out_and_built(void **state)
{
	(void)state;
	done(judge_text("fs/a.c", "CONFIG_YES=y\n",
			"h+int f(int x)\n"
			" .{\n"
			" .#ifdef CONFIG_NO\n"
			"h+\tx = g(x);\n"
			" .#endif\n"
			"h+\treturn x;\n"
			"h+}\n"));
}

static void test_functions_left_out(void **state)
{
	static const char text[] = "h+int f(int x) { return x; }\n"
				   " .#ifdef CONFIG_GONE\n"
				   " xint g(int x)\n"
				   " .{\n"
				   " x\treturn x;\n"
				   " .}\n"
				   " .#endif\n";
	struct fixture *f;

	(void)state;
	f = judge_text("fs/a.c", "CONFIG_YES=y\n", text);
	check_why(f, 5, "CONFIG_GONE: '#ifdef CONFIG_GONE' (line 2) | CONFIG_GONE");
	done(f);
	f = judge_text("fs/a.c", NULL, text);
	check_why(f, 5, "CONFIG_GONE: '#ifdef CONFIG_GONE' (line 2) | CONFIG_GONE");
	done(f);
	/* Nothing leaves it out, but the compiler or the linker. */
	f = judge_text("fs/a.c", "CONFIG_YES=y\n",
		       "h+int f(int x) { return x; }\n"
		       " xstatic int lost(int x)\n"
		       " .{\n"
		       " x\treturn x;\n"
		       " .}\n");
	check_why(f, 4, "no image has code of its function 'lost' | -");
	done(f);
}

/* Dead code after a constant condition. */
static void test_constant(void **state)
{
	struct fixture *f;

	(void)state;
	f = judge_text("fs/a.c", "CONFIG_YES=y\n",
		       "h+int f(int x)\n"
		       " .{\n"
		       " u\tif (IS_ENABLED(CONFIG_NO))\n"
		       " x\t\tx = g(x);\n"
		       " u\tif (IS_ENABLED(CONFIG_YES))\n"
		       "h+\t\tx = g(x);\n"
		       " .\telse\n"
		       " x\t\tx = h(x);\n"
		       "h+\tif (x && !IS_ENABLED(CONFIG_YES))\n"
		       " x\t\tx = h(x);\n"
		       "h+\treturn x;\n"
		       "h+}\n");
	check_why(f, 4, "CONFIG_NO: 'if (IS_ENABLED(CONFIG_NO))' (line 3) | CONFIG_NO");
	check_why(f, 8,
		  "CONFIG_YES=n: else of 'if (IS_ENABLED(CONFIG_YES))' (line 5) | "
		  "CONFIG_YES=n");
	check_why(f, 10,
		  "CONFIG_YES=n: 'if (x && !IS_ENABLED(CONFIG_YES))' (line 9) | "
		  "CONFIG_YES=n");
	done(f);
}

/* A statement that the compiler merged: missed if its function was, else unknown. */
static void test_merged(void **state)
{
	struct fixture *f;

	(void)state;
	f = judge_text("fs/a.c", NULL,
		       "h+int f(int x)\n"
		       " .{\n"
		       "h+\tif (x)\n"
		       " u\t\tx = 1;\n"
		       "h+\treturn x;\n"
		       "h+}\n"
		       "m-int g(int x)\n"
		       " .{\n"
		       "m-\tif (x)\n"
		       " -\t\tx = 1;\n"
		       "m-\treturn x;\n"
		       "m-}\n");
	check_why(f, 4,
		  "the compiler left none of its own, so whether it was executed is not known | -");
	check_why(f, 10, "- | -");
	done(f);
}

/* A file of which no image has code: what Makefiles say. */
static void test_no_image(void **state)
{
	static const struct {
		const char *name, *config, *why;
	} rows[] = {
		{ "fs/open.c", NULL, "no image has code of this file | -" },
		{ "fs/opt.c", NULL, "CONFIG_OPT builds it (fs/Makefile) | CONFIG_OPT" },
		{ "fs/opt.c", "CONFIG_X=y\n", "CONFIG_OPT is not set (fs/Makefile) | CONFIG_OPT" },
		{ "fs/opt.c", "CONFIG_OPT=y\n", "no image has code of this file | -" },
		{ "fs/opt.c", "CONFIG_OPT=m\n",
		  "CONFIG_OPT=m: it is in a module that no run had loaded | CONFIG_OPT" },
		{ "fs/part.c", "CONFIG_X=y\n",
		  "CONFIG_WHOLE is not set (fs/Makefile) | CONFIG_WHOLE" },
		{ "mm/sub/a.c", "CONFIG_X=y\n",
		  "CONFIG_SUB is not set (mm/Makefile) | CONFIG_SUB" },
		{ "mm/sub/a.c", "CONFIG_SUB=y\n", "no image has code of this file | -" },
		{ "fs/lost.c", NULL, "no Makefile names its object | -" },
		{ "nowhere/lost.c", NULL, "no Makefile names its object | -" },
		{ "fs/open.h", NULL, "no image has code of this file | -" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fixture *f = judge_text(rows[i].name, rows[i].config,
					       " ./* comment */\n"
					       " xint f(int x)\n"
					       " .{\n"
					       " x\treturn x;\n"
					       " .}\n");

		check_why(f, 1, "- | -");
		check_why(f, 4, rows[i].why);
		done(f);
	}
}

static const char *const files[][2] = {
	{ "fs", NULL },
	{ "fs/Makefile", "obj-y += open.o\nobj-$(CONFIG_OPT) += opt.o\n"
			 "obj-$(CONFIG_WHOLE) += whole.o\nKCOV_INSTRUMENT_quiet.o := n\n"
			 "whole-y := part.o\n" },
	{ "mm", NULL },
	{ "mm/Makefile", "obj-$(CONFIG_SUB) += sub/\n" },
	{ "mm/sub", NULL },
	{ "mm/sub/Kbuild", "KCOV_INSTRUMENT := n\nobj-y += a.o\n" },
};
#define NR_FILES (sizeof(files) / sizeof(*files))

static int make_tree(void **state)
{
	(void)state;
	if (!mkdtemp(root))
		return -1;
	for (size_t i = 0; i < NR_FILES; i++)
		tree_add(files[i][0], files[i][1]);
	return 0;
}

static int remove_tree(void **state)
{
	(void)state;
	for (size_t i = NR_FILES; i-- > 0;)
		tree_remove(files[i][0]);
	return rmdir(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_coverage),
		cmocka_unit_test(test_machine_code_decides),
		cmocka_unit_test(test_not_instrumented),
		cmocka_unit_test(test_left_out),
		cmocka_unit_test(test_left_out_and_built),
		cmocka_unit_test(test_functions_left_out),
		cmocka_unit_test(test_constant),
		cmocka_unit_test(test_merged),
		cmocka_unit_test(test_no_image),
	};

	return cmocka_run_group_tests_name("patch_states", tests, make_tree, remove_tree);
}
