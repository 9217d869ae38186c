/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of all commands that make coverage out of run files: which images, where sources are.
 */
#ifndef KCOVREPORT_REPORT_ARGS_H
#define KCOVREPORT_REPORT_ARGS_H

#include <argp.h>

#include "base/vector.h"
#include "kcovreport/report.h"

/* Zeroed memory is the start. Strings are those of the command line. */
struct report_arguments {
	struct report_options report;
	struct string_vector files; /* run files: the command adds them */
	struct string_vector debug_dirs;
	struct error *err; /* the first */
};

/* A child for the command's parser; its input is a struct report_arguments. */
extern const struct argp report_argp;

void report_arguments_add_file(struct report_arguments *arguments, const char *file);
/* Fill report with the rest, at the end. Returns the first error, and gives it up. */
struct error *report_arguments_finish(struct report_arguments *arguments);
void report_arguments_deinit(struct report_arguments *arguments);

#endif
