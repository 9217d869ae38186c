/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a collection says at its end, on stderr: where the run file is, and all that is missing in
 * it. */
#ifndef KCOVREPORT_COLLECT_SUMMARY_H
#define KCOVREPORT_COLLECT_SUMMARY_H

/* path: a run file. Nothing is said of a path that is no regular file (a pipe). */
void say_collect_summary(const char *path);

#endif
