/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Contexts: what the kernel does for a recorded task, but not as that task. <uapi/linux/kcov_set.h>
 * lists them. These are the hooks for the code that queues work and runs it. They are not in
 * <linux/kcov.h>, since only a few files of the kernel need them.
 *
 * Each store with contexts has an id, 64 bits, which is not used again. Code that queues something
 * saves the id of the store that is recorded into where it runs, and code that runs it begins a
 * context with that id. An id needs no reference: if its store has no more users, the work is not
 * recorded. Where it is saved depends on what is queued:
 *
 * - the request for a kernel thread has a field for it;
 * - a softirq has one for each CPU and vector;
 * - objects (work items, timers, RCU heads) have none. Their structures are part of thousands of
 *   others, so a field would change all of these, and rebuild the whole kernel. A table maps
 *   addresses to ids instead (objects.c). Each time an object is queued its entry is written or
 *   removed, also by tasks that are not recorded, so that an entry of an object that was freed does
 *   no harm.
 *
 * While no set has contexts, a hook is an instruction that does nothing.
 */
#ifndef _KERNEL_KCOV_CONTEXT_H
#define _KERNEL_KCOV_CONTEXT_H

#include <linux/atomic.h>
#include <linux/interrupt.h>
#include <linux/jump_label.h>
#include <linux/string.h>
#include <linux/types.h>

/* KCOV_CONTEXT_* of user space are indices. */
#define KCOV_NR_CONTEXTS 5

struct kcov_desc;
struct kcov_remote;
struct kcov_store;

/* Ordered from outermost to innermost; sections and contexts have no order among themselves. */
enum kcov_kind {
	KCOV_NONE,    /* not in use */
	KCOV_OWNER,   /* the task has remote handles; this records nothing */
	KCOV_LOCAL,   /* the task records itself */
	KCOV_SECTION, /* a struct kcov_section */
	KCOV_CONTEXT, /* between kcov_context_begin() and _end(); records nothing if mode is 0 */
};

/*
 * One use that a task makes of KCOV; t->kcov is the innermost one. A task has at most one owner,
 * at most one local one and any number of sections and contexts. If any of them records, it is the
 * innermost one.
 */
struct kcov {
	struct kcov *outer;
	enum kcov_kind kind;
	bool inherit;	   /* of a local one: children are recorded in the same way */
	bool softirq;	   /* a softirq began it, not the task below it */
	unsigned int mode; /* t->kcov_mode, _size, _area while it is the innermost one */
	unsigned int size;
	void *area;
	struct kcov_desc *desc;
	struct kcov_remote *remote; /* of owners and sections */
	atomic_long_t *dropped;	    /* counts records that did not fit */
	/* Whose contexts get what is queued meanwhile, or NULL. A reference, but in sections. */
	struct kcov_store *owner;
};

#ifdef CONFIG_KCOV

DECLARE_STATIC_KEY_FALSE(kcov_contexts_on);

u64 __kcov_context_id(void);
void __kcov_object_queued(const void *object);
u64 __kcov_object_taken(const void *object);
void __kcov_work_begin(struct kcov *kcov, u64 id);
void __kcov_task_work_begin(struct kcov *kcov, u64 id);
void __kcov_blank_begin(struct kcov *kcov);
void __kcov_context_end(struct kcov *kcov);
void __kcov_softirq_raised(unsigned int nr);
void __kcov_softirqs_take(u64 *ids);
void __kcov_softirq_begin(struct kcov *kcov, u64 id, bool ksoftirqd);
void __kcov_thread_begin(u64 id);

/* The id of what is recorded here, or 0. For code that can save it. */
static __always_inline u64 kcov_context_id(void)
{
	return static_branch_unlikely(&kcov_contexts_on) ? __kcov_context_id() : 0;
}

/*
 * An object is queued now, or queued again. The caller holds what keeps others from queueing it
 * meanwhile: its lock, or a flag that it is pending.
 */
static __always_inline void kcov_object_queued(const void *object)
{
	if (static_branch_unlikely(&kcov_contexts_on))
		__kcov_object_queued(object);
}

/*
 * An object is no longer queued: it runs, or was cancelled. The caller still holds what keeps others
 * from queueing it. Returns the id for kcov_work_begin().
 */
static __always_inline u64 kcov_object_taken(const void *object)
{
	return static_branch_unlikely(&kcov_contexts_on) ? __kcov_object_taken(object) : 0;
}

/*
 * An object's function is called between begin and end, in a task or a softirq, without the locks
 * above. kcov is on the caller's stack. If nothing with an id queued the object, then nothing is
 * recorded, whatever the task below is.
 */
static __always_inline void kcov_work_begin(struct kcov *kcov, u64 id)
{
	kcov->kind = KCOV_NONE;
	if (static_branch_unlikely(&kcov_contexts_on))
		__kcov_work_begin(kcov, id);
}

/* For an object that a task runs as part of itself, unless another task queued it. */
static __always_inline void kcov_task_work_begin(struct kcov *kcov, u64 id)
{
	kcov->kind = KCOV_NONE;
	if (static_branch_unlikely(&kcov_contexts_on) && id)
		__kcov_task_work_begin(kcov, id);
}

/* For code that works for all tasks, whichever of them runs it. */
static __always_inline void kcov_blank_begin(struct kcov *kcov)
{
	kcov->kind = KCOV_NONE;
	if (static_branch_unlikely(&kcov_contexts_on))
		__kcov_blank_begin(kcov);
}

static __always_inline void kcov_context_end(struct kcov *kcov)
{
	if (unlikely(kcov->kind != KCOV_NONE))
		__kcov_context_end(kcov);
}

/* Interrupts are off, and the vector is not marked as pending yet. */
static __always_inline void kcov_softirq_raised(unsigned int nr)
{
	if (static_branch_unlikely(&kcov_contexts_on))
		__kcov_softirq_raised(nr);
}

/* Who raised the vectors that are pending. Interrupts are off. */
static __always_inline void kcov_softirqs_take(u64 ids[NR_SOFTIRQS])
{
	if (static_branch_unlikely(&kcov_contexts_on))
		__kcov_softirqs_take(ids);
	else
		memset(ids, 0, NR_SOFTIRQS * sizeof(*ids));
}

static __always_inline void kcov_softirq_begin(struct kcov *kcov, u64 id, bool ksoftirqd)
{
	kcov->kind = KCOV_NONE;
	if (static_branch_unlikely(&kcov_contexts_on))
		__kcov_softirq_begin(kcov, id, ksoftirqd);
}

/* A new kernel thread calls this, with the id of its request. It may sleep. */
static __always_inline void kcov_thread_begin(u64 id)
{
	if (static_branch_unlikely(&kcov_contexts_on) && id)
		__kcov_thread_begin(id);
}

#else

static inline u64 kcov_context_id(void) { return 0; }
static inline void kcov_object_queued(const void *object) {}
static inline u64 kcov_object_taken(const void *object) { return 0; }
static inline void kcov_work_begin(struct kcov *kcov, u64 id) {}
static inline void kcov_task_work_begin(struct kcov *kcov, u64 id) {}
static inline void kcov_blank_begin(struct kcov *kcov) {}
static inline void kcov_context_end(struct kcov *kcov) {}
static inline void kcov_softirq_raised(unsigned int nr) {}
static inline void kcov_softirqs_take(u64 *ids) {}
static inline void kcov_softirq_begin(struct kcov *kcov, u64 id, bool ksoftirqd) {}
static inline void kcov_thread_begin(u64 id) {}

#endif /* CONFIG_KCOV */

#endif /* _KERNEL_KCOV_CONTEXT_H */
