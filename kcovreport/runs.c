// SPDX-License-Identifier: GPL-2.0-or-later
/* Opens the run files of a command. */
#include "kcovreport/runs.h"

#include <errno.h>
#include <sys/stat.h>

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

struct error *runs_refuse_output(const char *output, const char *const *files, size_t nr)
{
	struct stat out, in;

	if (stat(output, &out) || !S_ISREG(out.st_mode))
		return NULL;
	for (size_t i = 0; i < (nr ? nr : 1); i++) {
		const char *file = nr ? files[i] : DEFAULT_RUN_FILE;

		if (!stat(file, &in) && in.st_dev == out.st_dev && in.st_ino == out.st_ino)
			return error_hint(
				error_create(
					ERROR_INVALID,
					"the output '%s' is the input '%s', and would replace it",
					output, file),
				"name another file with -o");
	}
	return NULL;
}
