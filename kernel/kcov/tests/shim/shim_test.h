/* SPDX-License-Identifier: GPL-2.0 */
/* What a test may use of the shim, in addition to what the core sees. */
#ifndef KCOV_SHIM_TEST_H
#define KCOV_SHIM_TEST_H

#include "shim.h"

#define SHIM_FILES 320

extern const struct file_operations *shim_fops; /* of the file in debugfs */
extern struct file shim_files[SHIM_FILES];	/* a file is open if its f_op is set */
extern pthread_mutex_t shim_files_lock; /* held from fdget() to fdput() if a file was found */
extern long shim_live;			/* allocations that were not freed */
/* Which allocation of this thread fails, counted from now and from 0; -1: none. */
extern _Thread_local long shim_fail_at;
extern unsigned long shim_ram_pages; /* of the machine: vmap() refuses more */

extern _Thread_local bool shim_copy_fails; /* copy_to_user(): as if the page is read-only */
/* Called where the outermost rcu_read_unlock() ends a section that was preempted. */
extern _Thread_local void (*shim_unlock_special)(void);
/* What queues work calls this, as the kernel does. */
extern void (*shim_work_queued)(const void *work);
unsigned int shim_run_work(void); /* runs all that is queued; returns how much it was */

bool shim_allocation_fails(void); /* counts the allocation; ends the program in a context that
				   * must not sleep */

#endif /* KCOV_SHIM_TEST_H */
