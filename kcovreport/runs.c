// SPDX-License-Identifier: GPL-2.0-or-later
/* Loads and merges the run files of a command. */
#include "kcovreport/runs.h"

#include <errno.h>

#include "base/cleanup.h"
#include "kcovreport/kcovreport.h"

struct error *run_file_open(const char *path, struct run_stream **ret)
{
	struct error *err = run_stream_open(path, RUN_STREAM_HELD, ret);

	if (err && err->errnum == ENOENT)
		return error_hint(err, "'kcovreport collect COMMAND' writes run files");
	if (!err && run_stream_run(*ret)->damage)
		say_warning("'%s': %s", path, run_stream_run(*ret)->damage);
	return err;
}

static struct error *load_one(const char *path, struct run **ret)
{
	_cleanup_run_stream_ struct run_stream *stream = NULL;

	struct error *err = run_file_open(path, &stream);
	if (!err)
		err = run_stream_each(stream, NULL, NULL);
	if (err)
		return err;
	*ret = run_stream_steal(stream);
	return NULL;
}

static struct error *load_merged(const char *const *paths, size_t nr_paths, struct run **ret)
{
	_cleanup_run_ struct run *all = NULL;

	struct error *err = run_create(&all);
	for (size_t i = 0; !err && i < nr_paths; i++) {
		_cleanup_run_ struct run *run = NULL;

		err = load_one(paths[i], &run);
		if (!err)
			err = run_merge(all, run);
	}
	if (err)
		return err;
	*ret = steal_ptr(&all);
	return NULL;
}

struct error *runs_load(const char *const *paths, size_t nr_paths, struct run **ret)
{
	if (nr_paths > 1)
		return load_merged(paths, nr_paths, ret);
	return load_one(nr_paths ? paths[0] : DEFAULT_RUN_FILE, ret);
}
