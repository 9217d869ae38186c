// SPDX-License-Identifier: GPL-2.0-or-later
/* kcovreport merge: merges run files into one; counts are added up. */
#include "base/cleanup.h"
#include "kcovreport/kcovreport.h"
#include "kcovreport/runs.h"

static const char doc[] =
	"Merge run files of one kernel into one.\v"
	"Tasks stay separate and get new ids. If a module was loaded at different addresses, its "
	"PCs are moved to one address. If a run file is damaged, a note in the new one says so.";

struct merge_options {
	const char *output;
	char **files;
	size_t nr_files;
};

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0, "run file to write (required)" },
	{ 0 },
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct merge_options *o = state->input;

	switch (key) {
	case 'o':
		o->output = arg;
		return 0;
	case ARGP_KEY_ARGS:
		o->files = state->argv + state->next;
		o->nr_files = state->argc - state->next;
		return 0;
	case ARGP_KEY_END:
		if (!o->output)
			argp_error(state, "no output file: name it with -o FILE");
		if (!o->nr_files)
			argp_error(state, "no run files to merge");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static struct error *merge(const struct merge_options *o)
{
	_cleanup_run_ struct run *run = NULL;

	struct error *err = runs_load_merged((const char *const *)o->files, o->nr_files, &run);
	if (err)
		return err;
	/* The merged file is complete; its notes say which of its parts were cut off. */
	run->finished = true;
	return run_save(run, o->output);
}

int cmd_merge(int argc, char **argv)
{
	static const struct argp argp = { options, parse_option, "RUNFILE...", doc };
	struct merge_options o = { 0 };

	parse_options(&argp, argc, argv, 0, &o);
	struct error *err = merge(&o);
	if (err) {
		say_error(err);
		return EXIT_FAILED;
	}
	return EXIT_DONE;
}
