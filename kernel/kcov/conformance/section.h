/* SPDX-License-Identifier: GPL-2.0 */
/* Remote sections, run by the module of kernel/kmod. */
#ifndef KCOV_CONFORMANCE_SECTION_H
#define KCOV_CONFORMANCE_SECTION_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "kcovreport_remote.h"

/* NULL: there is no module. Returns false if it cannot be loaded. */
bool module_load(const char *path);

/* The module's kernel thread, or 0. */
pid_t section_thread(void);

/* Runs sections with this many calls in each; handle 0: that of the calling task. Skips the
 * case if there is no module. */
void sections_run(unsigned int context, uint64_t handle, unsigned int sections, unsigned int calls);
/* The same, but returns an errno. */
int sections_try(unsigned int context, uint64_t handle, unsigned int sections, unsigned int calls);
/* Runs one section with one call of this many steps. */
void section_steps(unsigned int context, uint64_t handle, unsigned int steps);

/*
 * Starts a section of LONG_CALLS calls in the kernel thread and waits until it runs. Returns the
 * task that waits for its end.
 */
#define LONG_CALLS (1 << 18)
pid_t long_section_start(uint64_t handle);
/* The function that sections_run() calls in this context. */
const char *section_function(unsigned int context);

#endif
