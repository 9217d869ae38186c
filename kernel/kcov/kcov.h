/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How the parts of KCOV fit together. remote.c explains remote coverage.
 *
 *	desc --> store             an open file, and where records go: a trace or a set
 *	 ^  ^
 *	 |  +--- remote            one KCOV_REMOTE_ENABLE: its handles, buffers for its sections
 *	 |        ^  ^
 *	 +- kcov -+  |             what a task records, or has others record
 *	     ^       |
 *	   task <- section         what it records for others now; begins with a struct kcov
 *
 * A context of a set is a desc too: the store of a task refers to those of its contexts
 *(context.h).
 *
 * Arrows are counted references. Each object lives as long as something uses it, in whatever order
 * descriptors are closed, tasks end and sections stop. The store and the mode of a descriptor are
 * set once and never change.
 *
 * The kcov_* fields of a task are written only by the task itself, before it runs for the first
 * time, or after it ran for the last time. Softirqs on top of the task write them too, but undo
 * that before the task goes on. So these fields need no lock.
 */
#ifndef _KERNEL_KCOV_H
#define _KERNEL_KCOV_H

#include <linux/atomic.h>
#include <linux/jump_label.h>
#include <linux/kcov.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <uapi/linux/kcov_set.h>
#include "context.h"

/*
 * The modes of a task, and what its other fields are in each of them. The mode is compared as a
 * whole: a mode with KCOV_IN_CTXSW set is none of these.
 *
 * KCOV_MODE_PC: kcov_area is a count and the PCs, all unsigned long; kcov_size PCs fit.
 * KCOV_MODE_TRACE_CMP: a count and records of KCOV_WORDS_PER_CMP, all u64; kcov_size records fit.
 * KCOV_MODE_SET: kcov_area is the bits of a store, kcov_size is the number of bits.
 *
 * The two values below are not in linux/kcov.h. As signed numbers they are less than all other
 * modes, and less than themselves with KCOV_IN_CTXSW set. So with one comparison the PC callback
 * distinguishes a set, a trace and everything else.
 */
#define KCOV_MODE_SET	   0x80000000U
#define KCOV_MODE_PC	   0xa0000000U
#define KCOV_WORDS_PER_CMP 4

#define KCOV_MAX_HANDLES   (1 << 20)
#define KCOV_MAX_HASH_BITS 24
/* Code that runs only at boot has no bits. */
#define KCOV_SYSTEM_HASH_BITS 18

/* A trace or a set, and counters of what it does not contain. */
struct kcov_store {
	refcount_t refs;
	struct rcu_head rcu;
	struct work_struct free_work;
	bool is_set;
	bool is_system; /* that of the whole system: system.c */
	/*
	 * Of a set with contexts. The id stands for the store where nothing holds a reference to
	 * it; it is 0 as long as there are no contexts. Contexts are added, and never removed.
	 */
	u64 id;
	struct kcov_desc *contexts[KCOV_NR_CONTEXTS];
	bool is_context; /* it is a context of another store */
	void *memory;	 /* map_size bytes, zeroed, which user space may map */
	unsigned long map_size;
	unsigned long words; /* of a trace */
	/*
	 * Of a set; all are inside memory: the bits, which kcov_area points to and which may be
	 * mapped at a second address (mapped_bits), and 1 << hash_bits slots.
	 */
	unsigned long *bits, *mapped_bits;
	unsigned int nr_bits, nr_text_bits, first_module_bit;
	unsigned long modules_size; /* bytes of module addresses that have bits */
	u64 *hash;
	unsigned int hash_bits;
	/*
	 * As in struct kcov_stats. They are longs, because operations on a 64-bit counter may be
	 * functions that are traced themselves.
	 */
	atomic_long_t dropped_pcs;
	atomic_long_t dropped_remote_pcs;
	atomic_long_t dropped_sections;
	atomic_long_t dropped_tasks;
	atomic_long_t tasks;
	atomic_long_t inherited_tasks;
};

/* An open file. */
struct kcov_desc {
	refcount_t refs;
	struct rcu_head rcu;
	atomic_t busy;		  /* it is a trace, and enabled in a task */
	struct kcov_store *store; /* NULL until it is initialized */
};

/* What a task does between kcov_remote_start() and kcov_remote_stop(). */
struct kcov_section {
	struct kcov kcov;
	/* Starts inside it that found no handle or no memory: their stops must not end it. */
	unsigned int ignored;
	bool on_cpu; /* lies in per-CPU memory */
	unsigned long words;
	unsigned long *buffer;
};

struct kcov_handle {
	u64 handle;
	struct kcov_remote *remote;
	/* One link per generation of the table: handles.c. */
	struct hlist_node link[2];
};

struct kcov_remote {
	refcount_t refs;
	struct rcu_head rcu;
	struct kcov_desc *desc;
	unsigned int mode;
	unsigned int words; /* in the buffer of a section */
	/*
	 * Protects the end of a trace, the pool, and writes of live. Taken in softirqs; no holder
	 * waits for anything.
	 */
	spinlock_t lock;
	bool live; /* true after all handles are registered, until KCOV_DISABLE or exit */
	struct kcov_section *pool;  /* linked by kcov.outer */
	struct kcov_section *spare; /* one more, or NULL; exchanged without the lock */
	unsigned int num_handles;
	struct kcov_handle handles[] __counted_by(num_handles);
};

/* store.c */
struct kcov_store *kcov_trace_create(unsigned long words);
struct kcov_store *kcov_set_create(unsigned int hash_bits, bool hash_modules);
/* Fills all but the flags. */
void kcov_set_layout(const struct kcov_store *store, struct kcov_set_init *ret);
void kcov_set_reset(struct kcov_store *store);
void kcov_fault_in(const void *memory, unsigned long bytes);
void kcov_store_put(struct kcov_store *store);

static inline struct kcov_store *kcov_store_get(struct kcov_store *store)
{
	refcount_inc(&store->refs);
	return store;
}

/*
 * context.c: which store is meant by an id (with a reference; NULL: it has no more users), and by
 * what runs now (without one; 0: none). The context of a store, and -EINVAL, -EBUSY, -ENOMEM or
 * -ENOSPC; takes a reference to desc on success.
 */
int kcov_context_add(struct kcov_store *store, unsigned int context, struct kcov_desc *desc);
struct kcov_store *kcov_context_find(u64 id);
void kcov_context_release(struct kcov_store *store);
bool kcov_context_is_used(u64 id);
/*
 * Count something that is not in a context of this store, and what was queued for it and has not
 * run. Any id and any context, under any lock.
 */
void kcov_context_lost(u64 id, unsigned int context);
void kcov_context_pending(u64 id, long n);
/* The end of a context in a task that will not reach it. */
void kcov_context_drop(struct task_struct *t, struct kcov *kcov);

/*
 * objects.c: the id of the store for which an object is queued. init: -ENOMEM. set: 0 forgets the
 * object, and does nothing else in an NMI. take: forgets it, and returns what was set, or 0. Any
 * context, under any lock.
 */
int kcov_objects_init(void);
void kcov_object_set(const void *object, u64 id);
u64 kcov_object_take(const void *object);

/* system.c. get: -EBUSY, -ENOMEM; undone by give_back, or by put when the descriptor is closed. */
DECLARE_STATIC_KEY_FALSE(kcov_system_on);
extern struct kcov_store *kcov_system;
int kcov_system_get(struct kcov_desc *desc, unsigned int hash_bits, struct kcov_store **ret);
void kcov_system_give_back(void);
void kcov_system_enable(bool on);
void kcov_system_put(struct kcov_desc *desc);
void kcov_system_boot(void);

/* device.c: may be called in any context but hard interrupts. */
void kcov_desc_put(struct kcov_desc *desc);

static inline struct kcov_desc *kcov_desc_get(struct kcov_desc *desc)
{
	refcount_inc(&desc->refs);
	return desc;
}

/* Number of records that fit into this many unsigned longs, after the count. */
static inline unsigned long kcov_trace_capacity(unsigned int mode, unsigned long words)
{
	unsigned long u64s = words / (sizeof(u64) / sizeof(long));

	if (mode == KCOV_MODE_TRACE_CMP)
		return u64s ? (u64s - 1) / KCOV_WORDS_PER_CMP : 0;
	return words ? words - 1 : 0;
}

/*
 * task.c: these act on the current task. The first two return an errno of kcov_task_check(), or
 * -ENOMEM. kcov_task_enable_remote() may also return one of kcov_handles_add(); on success it
 * takes the caller's reference to the remote.
 */
int kcov_task_enable(struct kcov_desc *desc, unsigned int mode, bool inherit);
int kcov_task_enable_remote(struct kcov_remote *remote, u64 common_handle);
/*
 * -EINVAL: the descriptor has a trace that is enabled, in this task or another. -EBUSY: the task
 * uses another descriptor in this way.
 */
int kcov_task_check(struct kcov_desc *desc, enum kcov_kind kind);
int kcov_task_disable(struct kcov_desc *desc);
/* The current task, a kernel thread, records into the owner's set for such threads. */
void kcov_task_join(struct kcov_store *owner);
/* A softirq may call these on top of the task, at any point. */
void kcov_task_attach(struct task_struct *t, struct kcov *kcov);
void kcov_task_detach(struct task_struct *t, struct kcov *kcov);

/* remote.c. The caller fills in the handles of a new remote. NULL: no memory. */
struct kcov_remote *kcov_remote_create(struct kcov_desc *desc, unsigned int mode,
				       unsigned int words, unsigned int num_handles);
void kcov_remote_set_live(struct kcov_remote *remote, bool live);
void kcov_remote_put(struct kcov_remote *remote);
void kcov_section_end(struct task_struct *t, struct kcov_section *section);
int kcov_remote_init(void);

/*
 * handles.c. add: registers all handles, and then sections may begin; or registers none and
 * returns -EEXIST (another remote has one of them, or one is listed twice) or -ENOMEM. find:
 * returns the remote with a reference; may be called in any context but hard interrupts.
 */
int kcov_handles_add(struct kcov_remote *remote);
void kcov_handles_remove(struct kcov_remote *remote);
struct kcov_remote *kcov_handles_find(u64 handle);

#ifdef CONFIG_KCOV_SELFTEST
void kcov_selftest(void);
#else
static inline void kcov_selftest(void)
{
}
#endif

#endif /* _KERNEL_KCOV_H */
