// SPDX-License-Identifier: GPL-2.0-or-later
/* Parses the options of all commands that compute coverage from run files. */
#include "kcovreport/report_args.h"

#include <string.h>

#include "base/cleanup.h"
#include "kcovreport/jobs.h"

enum {
	OPT_MODULES = 512,
	OPT_DEBUG_DIR,
	OPT_ONLY,
	OPT_SOURCE_DIR,
	OPT_SOURCE,
	OPT_STRIP,
	OPT_FORCE,
	OPT_NO_CACHE,
	OPT_NO_SOURCES
};

static const struct argp_option options[] = {
	{ "vmlinux", 'k', "PATH", 0,
	  "The vmlinux of the kernel that ran, with debug info (default: search by build id)", 0 },
	{ "modules", OPT_MODULES, "DIR", 0,
	  "Search DIR and its subdirectories for modules before the usual places", 0 },
	{ "debug-dir", OPT_DEBUG_DIR, "DIR", 0,
	  "Also look for separate debug files below DIR (repeatable)", 0 },
	{ "force", OPT_FORCE, NULL, 0,
	  "Use a vmlinux or module even if its build id differs from the one that ran, or cannot "
	  "be checked",
	  0 },
	{ "no-cache", OPT_NO_CACHE, NULL, 0, "Read images again, even if their indexes are cached",
	  0 },
	{ "jobs", 'j', "N", 0, "Threads (all processors)", 0 },
	{ "only", OPT_ONLY, "WHICH", 0,
	  "Count only what the tasks executed themselves (local), what the kernel executed for "
	  "them "
	  "where it is annotated for it (remote), or what was recorded in a context (softirq, "
	  "interrupt, kthread, work, system); without this option, all",
	  1 },
	{ "source-dir", OPT_SOURCE_DIR, "DIR", 0,
	  "The kernel's source tree on this machine, if it is not where the kernel was compiled",
	  1 },
	{ "source-tree", 0, NULL, OPTION_ALIAS, NULL, 1 },
	{ "source", OPT_SOURCE, "WHAT", OPTION_HIDDEN, NULL, 1 },
	{ "no-sources", OPT_NO_SOURCES, NULL, 0,
	  "Judge lines by the machine code alone, not by the statements of the sources too", 1 },
	{ "strip", OPT_STRIP, "PREFIX", 0,
	  "Remove PREFIX from source paths, or replace it with the DIR of --source-dir", 1 },
	{ 0 },
};

static void add_string(struct report_arguments *a, struct string_vector *strings, const char *s)
{
	if (!a->err && !string_vector_append(strings, &s))
		a->err = &error_no_memory;
}

static bool set_context(struct report_arguments *a, const char *arg)
{
	for (int i = 0; i < REPORT_CONTEXTS; i++)
		if (!strcmp(arg, report_context_name(REPORT_CONTEXT + i))) {
			a->report.pcs = REPORT_CONTEXT + i;
			return true;
		}
	return false;
}

static void set_only(struct report_arguments *a, const char *arg, const struct argp_state *state)
{
	if (!strcmp(arg, "local"))
		a->report.pcs = REPORT_LOCAL;
	else if (!strcmp(arg, "remote"))
		a->report.pcs = REPORT_REMOTE;
	else if (!set_context(a, arg))
		argp_error(state,
			   "--only takes local, remote, softirq, interrupt, kthread, work "
			   "or system, not '%s'",
			   arg);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct report_arguments *a = state->input;

	switch (key) {
	case 'k':
		a->report.vmlinux = arg;
		break;
	case OPT_MODULES:
		a->report.modules = arg;
		break;
	case OPT_DEBUG_DIR:
		add_string(a, &a->debug_dirs, arg);
		break;
	case 'j':
		a->report.jobs = jobs_parse(arg, state);
		break;
	case OPT_FORCE:
		a->report.force = true;
		break;
	case OPT_NO_CACHE:
		a->report.no_cache = true;
		break;
	case OPT_NO_SOURCES:
		a->report.no_sources = true;
		break;
	case OPT_ONLY:
		set_only(a, arg, state);
		break;
	case OPT_SOURCE_DIR:
		a->report.source_dir = arg;
		break;
	case OPT_SOURCE:
		argp_error(state, "unknown option --source: use --only=local|remote or "
				  "--source-dir=DIR");
		break;
	case OPT_STRIP:
		a->report.strip = arg;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

const struct argp report_argp = { options, parse_option, NULL, NULL, NULL, NULL, NULL };

void report_arguments_add_file(struct report_arguments *a, const char *file)
{
	add_string(a, &a->files, file);
}

struct error *report_arguments_finish(struct report_arguments *a)
{
	/* Terminate the list. */
	add_string(a, &a->debug_dirs, NULL);
	a->report.files = a->files.data;
	a->report.nr_files = a->files.len;
	a->report.debug_dirs = a->debug_dirs.data;
	return steal_ptr(&a->err);
}

void report_arguments_deinit(struct report_arguments *a)
{
	string_vector_deinit(&a->files);
	string_vector_deinit(&a->debug_dirs);
	error_destroy(a->err);
}
