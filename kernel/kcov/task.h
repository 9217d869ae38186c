/* SPDX-License-Identifier: GPL-2.0 */
/* The hooks of KCOV in the life of a task that <linux/kcov.h> does not declare. */
#ifndef _KERNEL_KCOV_TASK_H
#define _KERNEL_KCOV_TASK_H

struct task_struct;

#ifdef CONFIG_KCOV
/*
 * Called by do_exit() right before the parent can learn of the exit. kcov_task_exit() is called near
 * its beginning, before the task closes its files and drops its memory. A task that inherits records
 * until here, since all of that is part of the workload.
 */
void kcov_task_dead(struct task_struct *t);
/*
 * Called by free_task(). A child that inherits coverage holds references from kcov_task_init() on,
 * but a fork that fails after dup_task_struct() never reaches do_exit(). Drops what is left; after
 * kcov_task_dead() nothing is. It may run in a softirq.
 */
void kcov_task_free(struct task_struct *t);
#else
static inline void kcov_task_dead(struct task_struct *t)
{
}
static inline void kcov_task_free(struct task_struct *t)
{
}
#endif

#endif /* _KERNEL_KCOV_TASK_H */
