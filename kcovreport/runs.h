/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Run files as commands take them. */
#ifndef KCOVREPORT_RUNS_H
#define KCOVREPORT_RUNS_H

#include "base/error.h"
#include "run/stream.h"

#define DEFAULT_RUN_FILE "kcov.data"

/* Open a run file. If something is missing from it, prints a warning. */
struct error *run_file_open(const char *path, struct run_stream **ret);
/*
 * Refuse an output that is one of the files (none: DEFAULT_RUN_FILE), by any name: it would replace
 * what the user has by another format of it.
 */
struct error *runs_refuse_output(const char *output, const char *const *files, size_t nr);

#endif
