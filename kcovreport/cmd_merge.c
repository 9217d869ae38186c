// SPDX-License-Identifier: GPL-2.0-or-later
/* kcovreport merge: merges run files into one; counts are added up. */
#include <inttypes.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "run/merger.h"
#include "kcovreport/kcovreport.h"
#include "kcovreport/runs.h"

static const char doc[] =
	"Merge run files of one kernel into one.\v"
	"Tasks stay separate and get new ids. If a module was loaded at different addresses, its "
	"PCs are moved to one address. If a run file is damaged, a note in the new one says so.";

struct merge_options {
	const char *output;
	bool fold;
	char **files;
	size_t nr_files;
};

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0, "run file to write (required)" },
	{ "fold", 'f', NULL, 0,
	  "make one task of all tasks, with the sums of their counts. Which task executed what "
	  "is lost, and so are parents, exit statuses and the reasons why tasks were not "
	  "followed" },
	{ 0 },
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct merge_options *o = state->input;

	switch (key) {
	case 'o':
		o->output = arg;
		return 0;
	case 'f':
		o->fold = true;
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

static struct error *merge_file(struct run_merger *merger, const char *path)
{
	_cleanup_run_stream_ struct run_stream *stream = NULL;

	struct error *err = run_file_open(path, &stream);
	return err ? err : run_merger_add(merger, stream);
}

static void say_rate(size_t nr_files, uint64_t nr_sources, uint64_t ns)
{
	double seconds = ns / 1e9;

	if (isatty(STDERR_FILENO))
		say("%zu run files, %" PRIu64 " tasks in %.1f s: %.0f files/s", nr_files,
		    nr_sources, seconds, seconds > 0 ? nr_files / seconds : 0);
}

static struct error *merge(const struct merge_options *o)
{
	_cleanup_run_merger_ struct run_merger *merger = NULL;
	uint64_t start = now_ns();

	struct error *err = run_merger_create(o->output, o->fold, &merger);
	for (size_t i = 0; !err && i < o->nr_files; i++) {
		err = merge_file(merger, o->files[i]);
		log_progress(&console_log, "merging", i + 1, o->nr_files);
	}
	/* The merged file is complete; its notes say which of its parts were cut off. */
	if (!err)
		err = run_merger_finish(merger);
	if (!err && o->nr_files > 1)
		say_rate(o->nr_files, run_merger_sources(merger), now_ns() - start);
	return err;
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
