/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What collect prints on stderr when it ends: the path of the run file, and
 * everything that is missing from it.
 */
#ifndef KCOVREPORT_COLLECT_SUMMARY_H
#define KCOVREPORT_COLLECT_SUMMARY_H

/* path: a run file. If it is not a regular file (a pipe), nothing is printed. */
void say_collect_summary(const char *path);

#endif
