/* SPDX-License-Identifier: GPL-2.0 */
/* Allocations that fail on request: failslab and fail_page_alloc of the kernel's fault injection.
 */
#ifndef KCOV_CHECKED_FAULT_H
#define KCOV_CHECKED_FAULT_H

#include <stdbool.h>
#include <sys/types.h>

/* Once. Any allocation of the tasks that ask for it may fail then, and the kernel says nothing of
 * it. */
void faults_prepare(void);
/* False: the kernel has no fault injection. */
bool faults_are_there(void);

/* Of tasks marked by fault_random(), one allocation in about so many fails. */
void faults_rate(unsigned int one_in);
/* The task and whom it makes from then on; 0: the calling one. Nothing happens without fault
 * injection. */
void fault_random(pid_t pid, bool on);

/* A task whose allocations fail one by one; 0: the calling one. -1: no fault injection. */
int fault_nth_open(pid_t pid);
/* The n-th allocation of the task from now on fails. */
void fault_nth(int fd, unsigned int n);
/* No more. Has one failed? */
bool fault_nth_end(int fd);

#endif
