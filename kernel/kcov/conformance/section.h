/* SPDX-License-Identifier: GPL-2.0 */
/* Remote sections, by the module of kernel/kmod. */
#ifndef KCOV_CONFORMANCE_SECTION_H
#define KCOV_CONFORMANCE_SECTION_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "kcovreport_remote.h"

/* NULL: there is none. False: it cannot be loaded. */
bool module_load(const char *path);

/* The module's kernel thread, or 0. */
pid_t section_thread(void);

/* Sections with so many calls in each; handle 0: that of the calling task. Skips the case if there
 * is no module. */
void sections_run(unsigned int context, uint64_t handle, unsigned int sections, unsigned int calls);
/* One section with one call of so many steps. */
void section_steps(unsigned int context, uint64_t handle, unsigned int steps);

/*
 * A section of LONG_CALLS calls in the kernel thread; it has begun to run. Returns the task that
 * waits for its end.
 */
#define LONG_CALLS (1 << 18)
pid_t long_section_start(uint64_t handle);
/* What sections_run() calls in this context. */
const char *section_function(unsigned int context);

#endif
