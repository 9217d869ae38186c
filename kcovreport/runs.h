/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Run files as commands take them: any number on the command line; several are merged. */
#ifndef KCOVREPORT_RUNS_H
#define KCOVREPORT_RUNS_H

#include <stddef.h>

#include "base/error.h"
#include "run/stream.h"

#define DEFAULT_RUN_FILE "kcov.data"

/*
 * Load the files (none: DEFAULT_RUN_FILE) into one run. If something is missing
 * from a file, prints a warning. A single file is returned as it is, with its
 * path and its damage; several are merged, with damage in the notes
 * (run_merge()).
 */
struct error *runs_load(const char *const *paths, size_t nr_paths, struct run **ret);
/* Open one file. If something is missing from it, prints a warning. */
struct error *run_file_open(const char *path, struct run_stream **ret);

#endif
