/* SPDX-License-Identifier: GPL-2.0 */
/* Allocations that fail on request: the kernel's fault injection (failslab and fail_page_alloc). */
#ifndef KCOV_CHECKED_FAULT_H
#define KCOV_CHECKED_FAULT_H

#include <stdbool.h>
#include <sys/types.h>

/* Call once. After that any allocation of a task that asks for it may fail, and the kernel
 * logs nothing about it. */
void faults_prepare(void);
/* False: the kernel has no fault injection. */
bool faults_are_there(void);

/* About one in this many allocations fails, in tasks marked by fault_random(). */
void faults_rate(unsigned int one_in);
/* Marks the task, and children that it makes from then on; 0: the calling task. Does nothing
 * without fault injection. */
void fault_random(pid_t pid, bool on);
/* Takes the mark from all tasks, also from those that inherited it from a marked kthreadd. */
void fault_random_end(void);
/* Between the two each allocation of the calling task fails. -1: no fault injection. */
int fault_all_begin(void);
void fault_all_end(int fd);

/* Opens the control file of a task (0: the calling one) whose allocations are to fail one by
 * one. -1: no fault injection. */
int fault_nth_open(pid_t pid);
/* The n-th allocation of the task from now on fails. */
void fault_nth(int fd, unsigned int n);
/* Ends it. Returns whether an allocation has failed. */
bool fault_nth_end(int fd);

#endif
