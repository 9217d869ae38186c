// SPDX-License-Identifier: GPL-2.0-or-later
/* Opens the run files of a command. */
#include "kcovreport/runs.h"

#include <errno.h>

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
