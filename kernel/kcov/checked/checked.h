/* SPDX-License-Identifier: GPL-2.0 */
/* The cases of kcov_checked. They are written like those of the conformance suite (suite.h). */
#ifndef KCOV_CHECKED_CHECKED_H
#define KCOV_CHECKED_CHECKED_H

#include <stdbool.h>

#include "suite.h"

/*
 * Each list ends with a case without a name. nth_cases and nth_context_cases need a kernel with
 * fault injection, slab_cases one that tracks its slab allocations.
 */
extern const struct test_case nth_cases[], nth_context_cases[], storm_cases[],
	context_storm_cases[], leak_cases[], slab_cases[];

/* How long each storm lasts. */
extern unsigned int storm_seconds;

/* Reads the names of the kernel side's functions, one per line: leak_cases look for memory that
 * these allocated. If there are none, prints why and returns false. */
bool leaks_load(const char *path);

#endif
