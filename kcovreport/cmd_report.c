// SPDX-License-Identifier: GPL-2.0-or-later
/* kcovreport report and html: write the report of run files. */
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "base/strbuf.h"
#include "base/vector.h"
#include "kcovreport/kcovreport.h"
#include "kcovreport/report.h"
#include "kcovreport/report_args.h"

enum {
	OPT_INCLUDE = 256,
	OPT_EXCLUDE,
	OPT_TOUCHED,
	OPT_EXPLAIN,
	OPT_FORMAT,
	OPT_BY,
	OPT_MAINTAINER,
	OPT_LEAST,
	OPT_SUBTRACT,
	OPT_INTERSECT,
	OPT_RELATIVE,
	OPT_FAIL_UNDER
};

DEFINE_VECTOR(renderer_vector, const struct renderer *);

/* Of report and html. */
static const struct argp_option shared_options[] = {
	{ "output", 'o', "DIR", 0, "Directory of the report (./coverage)", 0 },
	{ "quiet", 'q', NULL, 0, "Print neither the summary nor notes, only warnings and errors",
	  0 },
	{ "include", OPT_INCLUDE, "GLOB", 0,
	  "Report only source files that match GLOB, as in 'fs/ext4/*'; '*' also matches '/' "
	  "(repeatable)",
	  1 },
	{ "exclude", OPT_EXCLUDE, "GLOB", 0,
	  "Do not report source files that match GLOB (repeatable)", 1 },
	{ "maintainer", OPT_MAINTAINER, "NAME|LIST", 0,
	  "Report only source files of entries of MAINTAINERS that have this text, in upper or "
	  "lower case, in their title, or in the name or address of a maintainer, reviewer or "
	  "list (repeatable)",
	  1 },
	{ "touched", OPT_TOUCHED, NULL, 0,
	  "Write only source files in which a line or function was executed; the summary still "
	  "counts all",
	  1 },
	{ "subtract", OPT_SUBTRACT, "RUN", 0,
	  "Leave out what this run file executed too, point by point (repeatable)", 1 },
	{ "intersect", OPT_INTERSECT, "RUN", 0,
	  "Leave out what this run file did not execute, point by point (repeatable)", 1 },
	{ 0 },
};

static const struct argp_option options[] = {
	{ "format", OPT_FORMAT, "LIST", 0,
	  "Formats to write, separated by commas (lcov,json,summary).", 0 },
	{ "fail-under", OPT_FAIL_UNDER, "LIST", 0,
	  "Exit with 1 if less was executed, in per cent, as in lines=60,functions=70,branches=40",
	  0 },
	{ "relative", OPT_RELATIVE, "ROOT", OPTION_ARG_OPTIONAL,
	  "Write paths relative to ROOT (to the source root), as Coveralls, Codecov and GitLab "
	  "want",
	  0 },
	{ "by", OPT_BY, "WHAT", 0,
	  "Rows of the summary: directory, or subsystem: the entries of MAINTAINERS in the source "
	  "tree (directory)",
	  1 },
	{ "explain", OPT_EXPLAIN, "FILE[:LINE]", 0,
	  "Write no report; print why this line, or each line of FILE, is hit, partial or missed: "
	  "the blocks of machine code that own it, and what their state follows from",
	  2 },
	{ "least", OPT_LEAST, "N", OPTION_ARG_OPTIONAL,
	  "Write no report; print functions that were never reached, those first whose callers "
	  "were, and functions that were barely reached: N of each kind (20)",
	  2 },
	{ 0 },
};

static const char doc[] =
	"Write coverage.info (lcov), coverage.json and summary.json of run files (./kcov.data), "
	"and "
	"print a summary. The counts of several run files are added up.\v"
	"Examples:\n"
	"  kcovreport report && genhtml -o html coverage/coverage.info\n"
	"  kcovreport report --vmlinux ~/linux/vmlinux --include 'fs/*' -o fs-coverage\n"
	"  kcovreport report --explain fs/namei.c:4593";

static const char html_doc[] =
	"Write a report of run files (./kcov.data) to look at in a browser, and print a summary: "
	"the same as report --format html.\v"
	"Examples:\n"
	"  kcovreport html && xdg-open coverage/html/index.html\n"
	"  kcovreport html --touched -o tests tests/*.kcov";

struct arguments {
	struct report_arguments common;
	struct renderer_vector formats;
	struct report_operand_vector operands;
	struct filter filter;
	struct coverage_question question;
	uint64_t least; /* rows of --least; 0 = not given */
};

static void arguments_deinit(struct arguments *a)
{
	report_arguments_deinit(&a->common);
	renderer_vector_deinit(&a->formats);
	report_operand_vector_deinit(&a->operands);
	filter_deinit(&a->filter);
}

static void add_operand(struct arguments *a, const char *file, bool is_subtracted)
{
	const struct report_operand operand = { file, is_subtracted };

	if (!report_operand_vector_append(&a->operands, &operand) && !a->common.err)
		a->common.err = &error_no_memory;
}

static void add_pattern(struct arguments *a, const char *glob, bool exclude)
{
	if (!a->common.err)
		a->common.err = filter_add(&a->filter, glob, exclude);
}

static void add_name(struct arguments *a, const char *name, const struct argp_state *state)
{
	if (!*name)
		argp_error(state, "--maintainer takes a part of a name, not ''");
	if (!a->common.err)
		a->common.err = filter_add_name(&a->filter, name);
}

static void set_by(struct arguments *a, const char *arg, const struct argp_state *state)
{
	a->common.report.by_subsystem = !strcmp(arg, "subsystem");
	if (!a->common.report.by_subsystem && strcmp(arg, "directory"))
		argp_error(state, "--by takes directory or subsystem, not '%s'", arg);
}

static void set_question(struct arguments *a, char *arg, const struct argp_state *state)
{
	char *colon = strrchr(arg, ':');
	uint64_t line = 0;

	/* The empty name is that of all files. */
	if (colon && (colon == arg || !parse_u64(colon + 1, 10, UINT32_MAX, &line) || !line)) {
		argp_error(state, "--explain takes FILE:LINE or FILE, not '%s'", arg);
		return;
	}
	if (colon)
		*colon = '\0';
	a->question = (struct coverage_question){ arg, line };
	a->common.report.question = &a->question;
}

static void set_least(struct arguments *a, const char *arg, const struct argp_state *state)
{
	a->least = 20;
	if (arg && (!parse_u64(arg, 10, UINT32_MAX, &a->least) || !a->least))
		argp_error(state, "--least takes a number of functions, not '%s'", arg);
}

/* "lcov, json, text"; *text is for the caller to free. */
static char *known_formats(void)
{
	_cleanup_strbuf_ struct strbuf sb = STRBUF_INIT;
	char *text = NULL;

	for (const struct renderer *const *r = renderers; *r; r++)
		strbuf_addf(&sb, "%s%s", r == renderers ? "" : ", ", (*r)->name);
	error_destroy(strbuf_steal(&sb, &text));
	return text;
}

static void add_format(struct arguments *a, const struct renderer *renderer)
{
	vector_for_each(&a->formats, format)
		if (*format == renderer)
			return;
	if (!renderer_vector_append(&a->formats, &renderer) && !a->common.err)
		a->common.err = &error_no_memory;
}

/* A list replaces the one of an earlier option. */
static void set_formats(struct arguments *a, char *list, const struct argp_state *state)
{
	char *name;

	a->formats.len = 0;
	while ((name = strsep(&list, ","))) {
		const struct renderer *renderer = renderer_find(name);

		if (!renderer) {
			_cleanup_free_ char *known = known_formats();

			argp_error(state, "unknown format '%s', known formats: %s", name,
				   known ? known : "");
			return;
		}
		add_format(a, renderer);
	}
}

/* Called by argp. Appends the rows of the format table to the help text of --format. */
static char *filter_help(int key, const char *text, void *input)
{
	_cleanup_strbuf_ struct strbuf sb = STRBUF_INIT;
	char *help = (char *)text;

	(void)input;
	if (key != OPT_FORMAT)
		return help;
	strbuf_addstr(&sb, text);
	for (const struct renderer *const *r = renderers; *r; r++)
		strbuf_addf(&sb, "%s %s: %s", r == renderers ? "" : ";", (*r)->name, (*r)->summary);
	error_destroy(strbuf_steal(&sb, &help));
	return help;
}

static error_t parse_shared(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case 'o':
		a->common.report.output = arg;
		break;
	case OPT_INCLUDE:
	case OPT_EXCLUDE:
		add_pattern(a, arg, key == OPT_EXCLUDE);
		break;
	case OPT_MAINTAINER:
		add_name(a, arg, state);
		break;
	case OPT_TOUCHED:
		a->common.report.touched = true;
		break;
	case 'q':
		a->common.report.quiet = true;
		say_only_warnings();
		break;
	case OPT_SUBTRACT:
	case OPT_INTERSECT:
		add_operand(a, arg, key == OPT_SUBTRACT);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* Without a report there is nothing that a gate could stop. */
static void check_options(const struct arguments *a, const struct argp_state *state)
{
	const char *instead = a->least ? "--least" : a->common.report.question ? "--explain" : NULL;

	if (!instead)
		return;
	if (a->least && a->common.report.question)
		argp_error(state, "only one of --explain and --least can be given");
	for (int i = 0; i < GATES; i++)
		if (a->common.report.gates.is_set[i])
			argp_error(state, "%s writes no report: --fail-under is for one", instead);
	if (a->formats.len)
		argp_error(state, "%s writes no report: --format is for one", instead);
	if (a->common.report.output)
		argp_error(state, "%s writes no report: --output is for one", instead);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = a;
		state->child_inputs[1] = &a->common;
		break;
	case OPT_FORMAT:
		set_formats(a, arg, state);
		break;
	case OPT_BY:
		set_by(a, arg, state);
		break;
	case OPT_FAIL_UNDER:
		if (!report_gates_parse(&a->common.report.gates, arg))
			argp_error(state,
				   "--fail-under takes a list as in lines=60,functions=70,"
				   "branches=40, not '%s'",
				   arg);
		break;
	case OPT_RELATIVE:
		a->common.report.relative = arg ? arg : "";
		break;
	case OPT_EXPLAIN:
		set_question(a, arg, state);
		break;
	case OPT_LEAST:
		set_least(a, arg, state);
		break;
	case ARGP_KEY_END:
		check_options(a, state);
		break;
	case ARGP_KEY_ARG:
		report_arguments_add_file(&a->common, arg);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp shared_argp = {
	shared_options, parse_shared, NULL, NULL, NULL, NULL, NULL
};
static const struct argp_child children[] = { { &shared_argp, 0, NULL, 0 },
					      { &report_argp, 0, NULL, 0 },
					      { 0 } };
static const struct argp argp = { options,  parse_option, "[FILE...]", doc,
				  children, filter_help,  NULL };

static const struct argp html_argp = { NULL,	 parse_option, "[FILE...]", html_doc,
				       children, NULL,	       NULL };

static struct error *run(const struct arguments *a)
{
	const struct report_options *options = &a->common.report;

	if (a->least)
		return report_least(options, a->least);
	return options->question ? report_explain(options) : report_write(options);
}

static int run_command(struct arguments *a)
{
	a->common.report.filter = &a->filter;
	a->common.report.operands = a->operands.data;
	a->common.report.nr_operands = a->operands.len;
	a->common.report.formats = a->formats.data;
	a->common.report.nr_formats = a->formats.len;
	struct error *err = report_arguments_finish(&a->common);
	if (!err)
		err = run(a);
	if (err) {
		finish_stdout();
		say_error(err);
		return EXIT_FAILED;
	}
	return finish_stdout();
}

int cmd_report(int argc, char **argv)
{
	_cleanup_(arguments_deinit) struct arguments a = { 0 };

	parse_options(&argp, argc, argv, 0, &a);
	return run_command(&a);
}

int cmd_html(int argc, char **argv)
{
	_cleanup_(arguments_deinit) struct arguments a = { 0 };

	parse_options(&html_argp, argc, argv, 0, &a);
	add_format(&a, renderer_find("html"));
	return run_command(&a);
}
