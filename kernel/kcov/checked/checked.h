/* SPDX-License-Identifier: GPL-2.0 */
/* The cases of kcov_checked: they are as those of the conformance suite (suite.h). */
#ifndef KCOV_CHECKED_CHECKED_H
#define KCOV_CHECKED_CHECKED_H

#include <stdbool.h>

#include "suite.h"

/* Each ends with a case without name. The first is only for kernels with fault injection, the last
 * for those that keep track of their slabs. */
extern const struct test_case nth_cases[], storm_cases[], leak_cases[], slab_cases[];

/* How long each storm lasts. */
extern unsigned int storm_seconds;

/* The functions of the kernel side, a name a line, for who looks for their memory. False, and said
 * why: there are none. */
bool leaks_load(const char *path);

#endif
