/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Modules whose addresses cannot be right. */
#ifndef KCOVREPORT_OVERLAPS_H
#define KCOVREPORT_OVERLAPS_H

#include "kcovreport/report_runs.h"
#include "symbolize/index/index.h"

/*
 * Print a warning of modules that lie in the code of vmlinux, and one of imported modules that lie
 * in each other. While a kernel runs, a module may get the memory of one that was unloaded. But
 * text that is imported has one address for each, which the user gave. indexes: see struct
 * report_images.
 */
void warn_of_overlaps(const struct report_runs *runs, struct index *const *indexes);

#endif
