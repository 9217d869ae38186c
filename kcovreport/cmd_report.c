// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "kcovreport/kcovreport.h"
#include "kcovreport/report.h"
#include "kcovreport/report_args.h"

enum { OPT_INCLUDE = 256, OPT_EXCLUDE, OPT_EXPLAIN };

static const struct argp_option options[] = {
	{ "output", 'o', "DIR", 0, "Directory of the report (./coverage)", 0 },
	{ "include", OPT_INCLUDE, "GLOB", 0,
	  "Only source files that match GLOB, as in 'fs/ext4/*'; '*' matches '/' too (repeatable)",
	  1 },
	{ "exclude", OPT_EXCLUDE, "GLOB", 0, "No source files that match GLOB (repeatable)", 1 },
	{ "explain", OPT_EXPLAIN, "FILE[:LINE]", 0,
	  "Write no report, but print why this line (or each line of FILE) is hit, partial or "
	  "missed: each block of machine code that owns it, and what its state follows from",
	  2 },
	{ 0 },
};

static const char doc[] =
	"Write coverage.info (lcov) and coverage.json of run files (./kcov.data), and print a "
	"summary. The counts of several run files add up.\v"
	"Examples:\n"
	"  kcovreport report && genhtml -o html coverage/coverage.info\n"
	"  kcovreport report --vmlinux ~/linux/vmlinux --include 'fs/*' -o fs-coverage\n"
	"  kcovreport report --explain fs/namei.c:4593";

struct arguments {
	struct report_arguments common;
	struct filter filter;
	struct coverage_question question;
};

static void arguments_deinit(struct arguments *a)
{
	report_arguments_deinit(&a->common);
	filter_deinit(&a->filter);
}

static void add_pattern(struct arguments *a, const char *glob, bool exclude)
{
	if (!a->common.err)
		a->common.err = filter_add(&a->filter, glob, exclude);
}

static void set_question(struct arguments *a, char *arg, const struct argp_state *state)
{
	char *colon = strrchr(arg, ':');
	uint64_t line = 0;

	if (colon && (colon == arg || !parse_u64(colon + 1, 10, UINT32_MAX, &line) || !line)) {
		argp_error(state, "--explain takes FILE:LINE or FILE, not '%s'", arg);
		return;
	}
	if (colon)
		*colon = '\0';
	a->question = (struct coverage_question){ arg, line };
	a->common.report.question = &a->question;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->common;
		break;
	case 'o':
		a->common.report.output = arg;
		break;
	case OPT_INCLUDE:
	case OPT_EXCLUDE:
		add_pattern(a, arg, key == OPT_EXCLUDE);
		break;
	case OPT_EXPLAIN:
		set_question(a, arg, state);
		break;
	case ARGP_KEY_ARG:
		report_arguments_add_file(&a->common, arg);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_child children[] = { { &report_argp, 0, NULL, 0 }, { 0 } };
static const struct argp argp = { options, parse_option, "[FILE...]", doc, children, NULL, NULL };

int cmd_report(int argc, char **argv)
{
	_cleanup_(arguments_deinit) struct arguments a = { 0 };

	parse_options(&argp, argc, argv, 0, &a);
	a.common.report.filter = &a.filter;
	struct error *err = report_arguments_finish(&a.common);
	if (!err)
		err = a.common.report.question ? report_explain(&a.common.report)
					       : report_write(&a.common.report);
	if (err) {
		say_error(err);
		return EXIT_FAILED;
	}
	return finish_stdout();
}
