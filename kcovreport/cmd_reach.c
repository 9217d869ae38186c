// SPDX-License-Identifier: GPL-2.0-or-later
/* kcovreport reach: says which of many runs execute a place in the source. */
#include <inttypes.h>
#include <malloc.h>
#include <string.h>

#include "base/cleanup.h"
#include "kcovreport/kcovreport.h"
#include "kcovreport/reach.h"
#include "kcovreport/report_args.h"
#include "kcovreport/runs.h"

enum { OPT_SMALLEST = 256, OPT_JSON };

static const struct argp_option options[] = {
	{ "smallest", OPT_SMALLEST, NULL, 0,
	  "Print only a few runs that together reach all that any of the runs reaches, in the "
	  "order "
	  "to run them: each reaches most of what those before it do not (there may be fewer that "
	  "do)",
	  0 },
	{ "json", OPT_JSON, NULL, 0, "Print JSON", 0 },
	{ 0 },
};

static const char doc[] =
	"Print which run files (./kcov.data), and which tasks in them, execute WHERE, and how "
	"often.\v"
	"WHERE is one of\n"
	"  FILE:LINE, FILE:A-B      lines; FILE is the last components of a path\n"
	"  FILE:FUNCTION, FUNCTION  a function\n"
	"  FILE                     all lines of a source\n"
	"  module:NAME, NAME.ko     a module\n"
	"  -                        the lines that a diff on standard input adds\n\n"
	"What is said of each run is what `report` says of it.\n\n"
	"Examples:\n"
	"  kcovreport reach kernel/fork.c:3105 runs/*.kcov\n"
	"  git diff master | kcovreport reach --smallest - runs/*.kcov";

struct arguments {
	struct report_arguments common;
	struct reach_question question;
	bool smallest, json;
};

static void set_where(struct arguments *a, const char *text, const struct argp_state *state)
{
	_cleanup_error_ struct error *err = reach_question_parse(text, &a->question);

	if (err && err->code == ERROR_NO_MEMORY)
		a->common.err = &error_no_memory;
	else if (err)
		argp_error(state, "'%s' names no place: %s", text, err->message);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->common;
		break;
	case OPT_SMALLEST:
		a->smallest = true;
		break;
	case OPT_JSON:
		a->json = true;
		break;
	case ARGP_KEY_ARG:
		if (a->question.text)
			report_arguments_add_file(&a->common, arg);
		else
			set_where(a, arg, state);
		break;
	case ARGP_KEY_END:
		if (!a->question.text)
			argp_error(state, "no place is given");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_child children[] = { { &report_argp, 0, NULL, 0 }, { 0 } };
static const struct argp argp = {
	options, parse_option, "WHERE [RUN...]", doc, children, NULL, NULL,
};

/* Nothing goes by in silence: what may be missing, and what was assumed. */
static void say_problems(const struct reach *reach)
{
	const struct run *first = NULL;
	uint64_t nr_losses = 0, nr_calls = 0;

	for (size_t i = 0; i < reach->runs.nr; i++) {
		const struct run *run = reach->runs.runs[i].run;

		if (reach->results[i].damage)
			say_warning("'%s': %s", run->path, reach->results[i].damage);
		nr_calls += reach->results[i].is_calls;
		nr_losses += reach->results[i].has_losses;
		if (reach->results[i].has_losses && !first)
			first = run;
	}
	if (nr_calls)
		say_warning("the imported PCs of %" PRIu64
			    " run%s are taken for addresses of calls (import --pc-kind call)",
			    nr_calls, nr_calls == 1 ? "" : "s");
	if (nr_losses)
		say_warning("%" PRIu64 " run%s not complete ('%s'): may reach more than is known "
			    "('kcovreport report' says what is missing)",
			    nr_losses, nr_losses == 1 ? " is" : "s are", first->path);
}

static bool has_code(const struct reach *reach)
{
	for (size_t i = 0; i < reach->where.nr_elements; i++)
		if (reach->where.has_code[i])
			return true;
	return false;
}

static struct error *no_code(const struct reach_question *q)
{
	if (!strcmp(q->text, "-")) {
		say("the diff adds no line with code");
		return NULL;
	}
	return error_hint(error_create(ERROR_NOT_FOUND, "'%s' has no instrumented code", q->text),
			  q->file ? "'kcovreport show %s' prints which lines have" : "%s",
			  q->file ? q->file : "it was not compiled, or not instrumented");
}

static struct error *find(struct reach *reach, const struct reach_question *question)
{
	struct error *err =
		report_runs_scan(&reach->runs, reach->options->files, reach->options->nr_files);

	if (!err)
		err = report_images_find(reach->options, &reach->runs, &reach->images);
	if (!err)
		err = reach_names_init(&reach->names, &reach->images, reach->options);
	if (!err)
		err = reach_where_find(reach, question);
	return err ? err : reach_where_finish(reach);
}

static struct error *print(const struct reach *reach, const struct arguments *a)
{
	_cleanup_free_ size_t *chosen = NULL;
	struct reach_output output = { .where = a->question.text, .smallest = a->smallest };
	struct error *err = reach_choose(reach->results, reach->runs.nr, reach->where.nr_elements,
					 &chosen, &output.nr_chosen);

	if (err)
		return err;
	output.chosen = chosen;
	say_problems(reach);
	return a->json ? reach_print_json(reach, &output) : reach_print_text(reach, &output);
}

/*
 * Each question allocates arrays as large as the image, and touches little of them: they are to be
 * mapped, since calloc() has to clear memory of the heap. What a run needs is to stay in the heap
 * for the next run. glibc does neither by itself, and page faults then take most of the time.
 */
static void tune_malloc(void)
{
	mallopt(M_MMAP_THRESHOLD, 1 << 20);
	mallopt(M_TRIM_THRESHOLD, 64 << 20);
	mallopt(M_TOP_PAD, 1 << 20);
}

static struct error *reach_command(struct arguments *a)
{
	static const char *const default_file[] = { DEFAULT_RUN_FILE };
	_cleanup_(reach_deinit) struct reach reach = { .options = &a->common.report };

	if (!a->common.report.nr_files) {
		a->common.report.files = default_file;
		a->common.report.nr_files = 1;
	}
	tune_malloc();
	struct error *err = find(&reach, &a->question);
	if (!err)
		err = reach_read_runs(&reach);
	if (!err && !has_code(&reach) && (!a->json || strcmp(a->question.text, "-")))
		return no_code(&a->question);
	return err ? err : print(&reach, a);
}

int cmd_reach(int argc, char **argv)
{
	struct arguments a = { 0 };

	parse_options(&argp, argc, argv, 0, &a);
	struct error *err = report_arguments_finish(&a.common);
	if (!err)
		err = reach_command(&a);
	report_arguments_deinit(&a.common);
	free(a.question.file);
	if (err) {
		finish_stdout();
		say_error(err);
		return EXIT_FAILED;
	}
	return finish_stdout();
}
