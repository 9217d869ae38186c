/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the files of a report, in the formats that were asked for. */
#ifndef KCOVREPORT_REPORT_FILES_H
#define KCOVREPORT_REPORT_FILES_H

#include "kcovreport/report.h"

/* Whether one of the formats is a file. */
bool report_has_files(const struct report_options *options);
/* Whether one of the formats needs coverage_input.list_points. */
bool report_needs_points(const struct report_options *options);
bool report_has_format(const struct report_options *options, const struct renderer *renderer);
/*
 * Write and commit the files. Warns of one that is too large for its readers. directory: of the
 * sink. unmeasured: for html; empty for other formats.
 */
struct error *report_files_write(const struct report_options *options, const struct view *view,
				 const struct unmeasured *unmeasured, struct sink *sink,
				 const char *directory);
/* Print the summary to stdout. */
struct error *report_summary_print(const struct report_options *options, const struct view *view);

#endif
