// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "base/vector.h"
#include "kcovreport/kcovreport.h"
#include "kcovreport/report.h"

enum {
	OPT_MODULES = 256,
	OPT_DEBUG_DIR,
	OPT_SOURCE,
	OPT_STRIP,
	OPT_INCLUDE,
	OPT_EXCLUDE,
	OPT_FORCE,
	OPT_EXPLAIN,
};

static const struct argp_option options[] = {
	{ "output", 'o', "DIR", 0, "Directory of the report (./coverage)", 0 },
	{ "vmlinux", 'k', "PATH", 0, "The kernel that ran, with debug info (found by its build id)",
	  0 },
	{ "modules", OPT_MODULES, "DIR", 0, "Search DIR and all below it for modules first", 0 },
	{ "debug-dir", OPT_DEBUG_DIR, "DIR", 0,
	  "Look for separate debug files below DIR too (repeatable)", 0 },
	{ "force", OPT_FORCE, NULL, 0, "Use images whose build id is another than that which ran",
	  0 },
	{ "source", OPT_SOURCE, "DIR", 0, "The kernel's source tree on this machine", 1 },
	{ "strip", OPT_STRIP, "PREFIX", 0,
	  "Remove PREFIX from source paths; with --source, put that in its place", 1 },
	{ "include", OPT_INCLUDE, "GLOB", 0,
	  "Only source files that match GLOB, as in 'fs/ext4/*'; '*' matches '/' too (repeatable)",
	  1 },
	{ "exclude", OPT_EXCLUDE, "GLOB", 0, "No source files that match GLOB (repeatable)", 1 },
	{ "explain", OPT_EXPLAIN, "FILE:LINE", 0,
	  "Write no report, but print why this line is hit, partial or missed: each block of "
	  "machine "
	  "code that owns it, and what its state follows from",
	  2 },
	{ 0 },
};

static const char doc[] =
	"Write coverage.info (lcov) and coverage.json of run files (./kcov.data), and print a "
	"summary. The counts of several run files add up.\v"
	"Examples:\n"
	"  kcovreport report && genhtml -o html coverage/coverage.info\n"
	"  kcovreport report --vmlinux ~/linux/vmlinux --include 'fs/*' -o fs-coverage";

DEFINE_VECTOR(string_vector, const char *);

struct report_arguments {
	struct report_options report;
	struct string_vector files;
	struct string_vector debug_dirs;
	struct filter filter;
	struct coverage_question question;
	struct error *err; /* of an option; the first */
};

static void arguments_deinit(struct report_arguments *a)
{
	string_vector_deinit(&a->files);
	string_vector_deinit(&a->debug_dirs);
	filter_deinit(&a->filter);
}

static void add_string(struct report_arguments *a, struct string_vector *strings, const char *s)
{
	if (!a->err && !string_vector_append(strings, &s))
		a->err = &error_no_memory;
}

static void add_pattern(struct report_arguments *a, const char *glob, bool exclude)
{
	if (!a->err)
		a->err = filter_add(&a->filter, glob, exclude);
}

static void set_question(struct report_arguments *a, char *arg, const struct argp_state *state)
{
	char *colon = strrchr(arg, ':');
	uint64_t line;

	if (!colon || !parse_u64(colon + 1, 10, UINT32_MAX, &line))
		argp_error(state, "--explain takes FILE:LINE, not '%s'", arg);
	*colon = '\0';
	a->question = (struct coverage_question){ arg, line };
	a->report.question = &a->question;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct report_arguments *a = state->input;

	switch (key) {
	case 'o':
		a->report.output = arg;
		break;
	case 'k':
		a->report.vmlinux = arg;
		break;
	case OPT_MODULES:
		a->report.modules = arg;
		break;
	case OPT_DEBUG_DIR:
		add_string(a, &a->debug_dirs, arg);
		break;
	case OPT_FORCE:
		a->report.force = true;
		break;
	case OPT_SOURCE:
		a->report.source = arg;
		break;
	case OPT_STRIP:
		a->report.strip = arg;
		break;
	case OPT_INCLUDE:
	case OPT_EXCLUDE:
		add_pattern(a, arg, key == OPT_EXCLUDE);
		break;
	case OPT_EXPLAIN:
		set_question(a, arg, state);
		break;
	case ARGP_KEY_ARG:
		add_string(a, &a->files, arg);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = { options, parse_option, "[FILE...]", doc, NULL, NULL, NULL };

int cmd_report(int argc, char **argv)
{
	_cleanup_(arguments_deinit) struct report_arguments a = { 0 };

	parse_options(&argp, argc, argv, 0, &a);
	/* The end of the list. */
	add_string(&a, &a.debug_dirs, NULL);
	a.report.files = a.files.data;
	a.report.nr_files = a.files.len;
	a.report.debug_dirs = a.debug_dirs.data;
	a.report.filter = &a.filter;
	struct error *err = a.err;
	if (!err)
		err = a.report.question ? report_explain(&a.report) : report_write(&a.report);
	if (err) {
		say_error(err);
		return EXIT_FAILED;
	}
	return finish_stdout();
}
