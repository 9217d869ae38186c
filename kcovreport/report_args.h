/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of all commands that compute coverage from run files: which images, and where
 * sources are. */
#ifndef KCOVREPORT_REPORT_ARGS_H
#define KCOVREPORT_REPORT_ARGS_H

#include <argp.h>

#include "base/vector.h"
#include "kcovreport/report.h"

/* Starts as zeroed memory. Strings are borrowed from the command line. */
struct report_arguments {
	struct report_options report;
	struct string_vector files; /* run files, which the command adds */
	struct string_vector debug_dirs;
	struct error *err; /* the first error */
};

/* A child for the command's parser; its input is a struct report_arguments. */
extern const struct argp report_argp;

void report_arguments_add_file(struct report_arguments *arguments, const char *file);
/* Fill in the rest of report, after parsing. Returns the first error, and hands it over. */
struct error *report_arguments_finish(struct report_arguments *arguments);
void report_arguments_deinit(struct report_arguments *arguments);

#endif
