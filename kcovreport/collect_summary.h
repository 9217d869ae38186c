/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a collection prints at its end, on stderr: where the run file is, and everything that
 * is missing from it. */
#ifndef KCOVREPORT_COLLECT_SUMMARY_H
#define KCOVREPORT_COLLECT_SUMMARY_H

/* path: a run file. If it is not a regular file (a pipe), nothing is printed. */
void say_collect_summary(const char *path);

#endif
