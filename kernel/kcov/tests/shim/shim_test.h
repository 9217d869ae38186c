/* SPDX-License-Identifier: GPL-2.0 */
/* What a test has of the shim beside what the core sees. */
#ifndef KCOV_SHIM_TEST_H
#define KCOV_SHIM_TEST_H

#include "shim.h"

#define SHIM_FILES 64

extern const struct file_operations *shim_fops; /* of the file in debugfs */
extern struct file shim_files[SHIM_FILES];	/* open where f_op is set */
extern pthread_mutex_t shim_files_lock; /* from fdget() to fdput(), where a file was found */
extern long shim_live;			/* allocations that were not freed */
/* The how manieth allocation of this thread from now on fails, from 0; -1: none. */
extern _Thread_local long shim_fail_at;

bool shim_allocation_fails(void); /* and counts it; ends the program where one must not sleep */

#endif /* KCOV_SHIM_TEST_H */
