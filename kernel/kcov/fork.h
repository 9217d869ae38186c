/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hook of KCOV that <linux/kcov.h> does not declare: for free_task().
 *
 * A child that inherits coverage holds references from kcov_task_init() on. kcov_task_exit() drops
 * them, but a fork that fails after dup_task_struct() never reaches it. kcov_task_free() drops what
 * is left; after kcov_task_exit() nothing is. It may run in a softirq.
 */
#ifndef _KERNEL_KCOV_FORK_H
#define _KERNEL_KCOV_FORK_H

struct task_struct;

#ifdef CONFIG_KCOV
void kcov_task_free(struct task_struct *t);
#else
static inline void kcov_task_free(struct task_struct *t)
{
}
#endif

#endif /* _KERNEL_KCOV_FORK_H */
