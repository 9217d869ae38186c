// SPDX-License-Identifier: GPL-2.0
/*
 * What a task does with KCOV, from its fork to its end.
 *
 * With KCOV_INHERIT every task that is made by copying a recorded one starts recorded: threads,
 * children, and also the kernel threads that a system call creates in the name of its caller
 * (workers of io_uring and vhost), since they are part of the workload. Kernel threads that
 * kthreadd creates are not copies of the task that asked for them: these are a context (context.h).
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include "kcov.h"
#include "task.h"

/*
 * Update the fields that the callbacks read to match t->kcov. A softirq may come at any point, and
 * does the same when it ends. So the values written here depend on t->kcov only, whatever a softirq
 * wrote meanwhile.
 */
static void refresh(struct task_struct *t)
{
	struct kcov *kcov = t->kcov;

	WRITE_ONCE(t->kcov_mode, KCOV_MODE_DISABLED);
	barrier();
	WRITE_ONCE(t->kcov_softirq, kcov && kcov->softirq);
	t->kcov_size = kcov ? kcov->size : 0;
	t->kcov_area = kcov ? kcov->area : NULL;
	barrier();
	WRITE_ONCE(t->kcov_mode, kcov ? kcov->mode : KCOV_MODE_DISABLED);
}

static unsigned int rank(const struct kcov *kcov)
{
	return min(kcov->kind, KCOV_SECTION);
}

void kcov_task_attach(struct task_struct *t, struct kcov *kcov)
{
	struct kcov **link = &t->kcov;

	while (*link && rank(*link) > rank(kcov))
		link = &(*link)->outer;
	kcov->outer = *link;
	barrier();
	WRITE_ONCE(*link, kcov);
	refresh(t);
}

void kcov_task_detach(struct task_struct *t, struct kcov *kcov)
{
	struct kcov **link = &t->kcov;

	while (*link != kcov)
		link = &(*link)->outer;
	WRITE_ONCE(*link, kcov->outer);
	refresh(t);
}

static struct kcov *find(struct task_struct *t, enum kcov_kind kind)
{
	struct kcov *kcov = t->kcov;

	while (kcov && kcov->kind != kind)
		kcov = kcov->outer;
	return kcov;
}

int kcov_task_check(struct kcov_desc *desc, enum kcov_kind kind)
{
	if (atomic_read(&desc->busy))
		return -EINVAL;
	return find(current, kind) ? -EBUSY : 0;
}

/* One task at a time may use a trace, any number of tasks a set. */
static bool claim(struct kcov_desc *desc)
{
	return desc->store->is_set || atomic_cmpxchg(&desc->busy, 0, 1) == 0;
}

static void unclaim(struct kcov_desc *desc)
{
	if (!desc->store->is_set)
		atomic_set_release(&desc->busy, 0);
}

static struct kcov *local_create(struct kcov_desc *desc, unsigned int mode, bool inherit,
				 struct kcov_store *owner)
{
	struct kcov_store *store = desc->store;
	struct kcov *kcov = kzalloc(sizeof(*kcov), GFP_KERNEL);

	if (!kcov)
		return NULL;
	kcov->kind = KCOV_LOCAL;
	kcov->inherit = inherit;
	kcov->mode = mode;
	kcov->area = store->is_set ? store->bits : store->memory;
	kcov->size = store->is_set ? store->nr_bits : kcov_trace_capacity(mode, store->words);
	kcov->desc = kcov_desc_get(desc);
	kcov->dropped = &store->dropped_pcs;
	kcov->owner = kcov_store_get(owner);
	atomic_long_inc(&store->tasks);
	return kcov;
}

int kcov_task_enable(struct kcov_desc *desc, unsigned int mode, bool inherit)
{
	struct kcov *kcov;
	int err = kcov_task_check(desc, KCOV_LOCAL);

	if (err)
		return err;
	if (!claim(desc))
		return -EINVAL;
	kcov = local_create(desc, mode, inherit, desc->store);
	if (!kcov) {
		unclaim(desc);
		return -ENOMEM;
	}
	kcov_fault_in(desc->store->memory, desc->store->map_size);
	kcov_task_attach(current, kcov);
	return 0;
}

int kcov_task_enable_remote(struct kcov_remote *remote, u64 common_handle)
{
	struct kcov_desc *desc = remote->desc;
	struct kcov *kcov;
	int err = kcov_task_check(desc, KCOV_OWNER);

	if (err)
		return err;
	if (!claim(desc))
		return -EINVAL;
	kcov = kzalloc(sizeof(*kcov), GFP_KERNEL);
	err = kcov ? kcov_handles_add(remote) : -ENOMEM;
	if (err) {
		kfree(kcov);
		unclaim(desc);
		return err;
	}
	kcov->kind = KCOV_OWNER;
	kcov->desc = kcov_desc_get(desc);
	kcov->remote = remote;
	kcov->dropped = &desc->store->dropped_pcs;
	kcov_task_attach(current, kcov);
	current->kcov_handle = common_handle;
	return 0;
}

/* kcov is a local one or an owner. */
static void end(struct task_struct *t, struct kcov *kcov)
{
	struct kcov_desc *desc = kcov->desc;

	kcov_task_detach(t, kcov);
	if (kcov->kind == KCOV_OWNER) {
		t->kcov_handle = 0;
		kcov_handles_remove(kcov->remote);
		kcov_remote_put(kcov->remote);
	} else {
		atomic_long_dec(&desc->store->tasks);
		/* The handle was inherited; stock KCOV clears it here too. */
		if (!find(t, KCOV_OWNER))
			t->kcov_handle = 0;
	}
	unclaim(desc);
	kcov_desc_put(desc);
	kcov_store_put(kcov->owner);
	kfree(kcov);
}

/* A descriptor of a set may be local and owner at once: one call ends both. */
int kcov_task_disable(struct kcov_desc *desc)
{
	struct task_struct *t = current;
	struct kcov *kcov, *outer;
	int err = -EINVAL;

	for (kcov = t->kcov; kcov; kcov = outer) {
		outer = kcov->outer;
		if (kcov->desc != desc || kcov->kind >= KCOV_SECTION)
			continue;
		end(t, kcov);
		err = 0;
	}
	return err;
}

static void join(struct task_struct *t, struct kcov_desc *desc, struct kcov_store *owner)
{
	struct kcov *kcov = local_create(desc, KCOV_MODE_SET, true, owner);

	if (!kcov) {
		atomic_long_inc(&desc->store->dropped_tasks);
		return;
	}
	atomic_long_inc(&desc->store->inherited_tasks);
	kcov_task_attach(t, kcov);
}

static struct kcov_desc *kthread_context(struct kcov_store *owner)
{
	return owner ? smp_load_acquire(&owner->contexts[KCOV_CONTEXT_KTHREAD]) : NULL;
}

void kcov_task_join(struct kcov_store *owner)
{
	struct kcov_desc *desc = kthread_context(owner);

	if (desc && !find(current, KCOV_LOCAL))
		join(current, desc, owner);
}

/*
 * The child is a byte copy of the current task. Of KCOV's fields it keeps only the common handle.
 * What work creates is not the task that runs the work: it starts a program in the name of the
 * owner.
 */
void kcov_task_init(struct task_struct *t)
{
	struct kcov *kcov = current->kcov;
	struct kcov_desc *desc = NULL;

	kcov_system_boot();
	t->kcov = NULL;
	refresh(t);
	while (kcov && kcov->kind != KCOV_LOCAL && kcov->kind != KCOV_CONTEXT)
		kcov = kcov->outer;
	if (kcov && kcov->kind == KCOV_CONTEXT)
		desc = kthread_context(kcov->owner);
	else if (kcov && kcov->inherit)
		desc = kcov->desc;
	if (desc)
		join(t, desc, kcov->owner);
}

/* Sections and contexts are found here only if a task dies of an oops inside one. */
static void end_any(struct task_struct *t, struct kcov *kcov)
{
	if (kcov->kind == KCOV_SECTION)
		kcov_section_end(t, (struct kcov_section *)kcov);
	else if (kcov->kind == KCOV_CONTEXT)
		kcov_context_drop(t, kcov);
	else
		end(t, kcov);
}

/* A task that inherits goes on recording until kcov_task_dead(). */
void kcov_task_exit(struct task_struct *t)
{
	struct kcov *kcov, *outer;

	for (kcov = t->kcov; kcov; kcov = outer) {
		outer = kcov->outer;
		if (kcov->kind != KCOV_LOCAL || !kcov->inherit)
			end_any(t, kcov);
	}
	t->kcov_handle = 0;
}

void kcov_task_dead(struct task_struct *t)
{
	while (t->kcov)
		end_any(t, t->kcov);
}

/*
 * Nothing here sleeps, as a task that never ran, or that has ended, is not a remote owner.
 * Something is left only if the task never ran because its fork failed.
 */
void kcov_task_free(struct task_struct *t)
{
	if (t->kcov)
		atomic_long_dec(&t->kcov->desc->store->inherited_tasks);
	kcov_task_dead(t);
}
