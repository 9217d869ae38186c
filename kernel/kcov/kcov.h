/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the parts of KCOV have to do with each other. remote.c explains remote coverage.
 *
 *	desc --> store             an open file, and where records go: a trace or a set
 *	 ^  ^
 *	 |  +--- remote            one KCOV_REMOTE_ENABLE: its handles, buffers for its sections
 *	 |        ^  ^
 *	 +- kcov -+  |             what a task records, or has others record
 *	     ^       |
 *	   task <- section         what it records for others now; begins with a struct kcov
 *
 * Arrows are counted references: each of these lives as long as something uses it, in whatever
 * order descriptors are closed, tasks end and sections stop. A store and the mode of a descriptor
 * are set once and never change.
 *
 * A task's kcov_* fields are only written by itself (by the softirqs on top of it, which undo what
 * they did before it goes on), before it runs for the first time, or after it ran for the last
 * time. So there is no lock for them.
 */
#ifndef _KERNEL_KCOV_H
#define _KERNEL_KCOV_H

#include <linux/atomic.h>
#include <linux/kcov.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <uapi/linux/kcov_set.h>

/*
 * What the other fields of a task are in each of its modes. It is compared as a whole, so that it
 * is none of these with KCOV_IN_CTXSW.
 *
 * KCOV_MODE_PC: kcov_area is a count and the PCs, all unsigned long; kcov_size PCs fit.
 * KCOV_MODE_TRACE_CMP: a count and records of KCOV_WORDS_PER_CMP, all u64; kcov_size records fit.
 * KCOV_MODE_SET: kcov_area is the bits of a store, kcov_size says how many.
 *
 * Two are not those of linux/kcov.h: as signed numbers they are less than all others, also than
 * themselves with KCOV_IN_CTXSW. So the callback for PCs tells a set, a trace and all else by one
 * comparison.
 */
#define KCOV_MODE_SET	   0x80000000U
#define KCOV_MODE_PC	   0xa0000000U
#define KCOV_WORDS_PER_CMP 4

#define KCOV_MAX_HANDLES   (1 << 20)
#define KCOV_MAX_HASH_BITS 24

/* A trace or a set, and what was not recorded in it. */
struct kcov_store {
	refcount_t refs;
	bool is_set;
	void *memory; /* zeroed, and for user space to map: map_size bytes */
	unsigned long map_size;
	unsigned long words; /* of a trace */
	/*
	 * Of a set, all in the memory: the bits that kcov_area is, perhaps mapped at addresses of
	 * their own, and 1 << hash_bits slots.
	 */
	unsigned long *bits, *mapped_bits;
	unsigned int nr_bits;
	unsigned long modules_size; /* bytes of their addresses that have bits */
	u64 *hash;
	unsigned int hash_bits;
	/*
	 * As in struct kcov_stats. Longs, since a 64-bit counter may be a function that is traced
	 * itself.
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
	atomic_t busy;		  /* it has a trace that is enabled, in one task */
	struct kcov_store *store; /* NULL until it is initialized */
};

/* From the outermost to the innermost. */
enum kcov_kind {
	KCOV_OWNER,   /* the task has remote handles; this records nothing */
	KCOV_LOCAL,   /* the task records itself */
	KCOV_SECTION, /* a struct kcov_section */
};

/*
 * One thing that a task does with KCOV: t->kcov is the innermost one. A task has at most one owner
 * and one local, and any number of sections. So the innermost one records if any does.
 */
struct kcov {
	struct kcov *outer;
	enum kcov_kind kind;
	bool inherit; /* of a local one: children get the same */
	bool softirq; /* of a section: it is a softirq's, not the task's that this interrupted */
	unsigned int mode; /* t->kcov_mode, _size, _area while it is the innermost one */
	unsigned int size;
	void *area;
	struct kcov_desc *desc;
	struct kcov_remote *remote; /* of owners and sections */
	atomic_long_t *dropped;	    /* the counter of records that find no room */
};

/* What a task does between kcov_remote_start() and kcov_remote_stop(). */
struct kcov_section {
	struct kcov kcov;
	/* Starts inside it that found no handle, or no memory: their stops are not its own. */
	unsigned int ignored;
	bool on_cpu; /* lies in per-CPU memory */
	unsigned long words;
	unsigned long *buffer;
};

struct kcov_handle {
	u64 handle;
	struct kcov_remote *remote;
	/* Of one generation of the table each: handles.c. */
	struct hlist_node link[2];
};

struct kcov_remote {
	refcount_t refs;
	struct rcu_head rcu;
	struct kcov_desc *desc;
	unsigned int mode;
	unsigned int words; /* in the buffer of a section */
	/*
	 * Below: the end of a trace, the pool, writes of live. Taken in softirqs; not held while
	 * anything is awaited.
	 */
	spinlock_t lock;
	bool live; /* from when all handles are registered to KCOV_DISABLE or exit */
	struct kcov_section *pool;  /* linked by kcov.outer */
	struct kcov_section *spare; /* without the lock: one more, or NULL */
	unsigned int num_handles;
	struct kcov_handle handles[] __counted_by(num_handles);
};

/* store.c */
struct kcov_store *kcov_trace_create(unsigned long words);
struct kcov_store *kcov_set_create(unsigned int hash_bits, bool hash_modules);
void kcov_set_layout(const struct kcov_store *store, struct kcov_set_init *ret);
void kcov_set_reset(struct kcov_store *store);
void kcov_fault_in(const void *memory, unsigned long bytes);
void kcov_store_put(struct kcov_store *store);

/* device.c: any context but hard interrupts. */
void kcov_desc_put(struct kcov_desc *desc);

static inline struct kcov_desc *kcov_desc_get(struct kcov_desc *desc)
{
	refcount_inc(&desc->refs);
	return desc;
}

/* Records that fit into so many unsigned longs, behind the count. */
static inline unsigned long kcov_trace_capacity(unsigned int mode, unsigned long words)
{
	unsigned long u64s = words / (sizeof(u64) / sizeof(long));

	if (mode == KCOV_MODE_TRACE_CMP)
		return u64s ? (u64s - 1) / KCOV_WORDS_PER_CMP : 0;
	return words ? words - 1 : 0;
}

/*
 * task.c: of the current task. The first two return what kcov_task_check() does, -ENOMEM, and the
 * second one what kcov_handles_add() does; it takes the reference of its caller to the remote on
 * success.
 */
int kcov_task_enable(struct kcov_desc *desc, unsigned int mode, bool inherit);
int kcov_task_enable_remote(struct kcov_remote *remote, u64 common_handle);
/* -EINVAL: the descriptor has a trace that is enabled, here or elsewhere. -EBUSY: the task has
 * another one. */
int kcov_task_check(struct kcov_desc *desc, enum kcov_kind kind);
int kcov_task_disable(struct kcov_desc *desc);
/* A softirq does it on top of the task, whatever that is about to do. */
void kcov_task_attach(struct task_struct *t, struct kcov *kcov);
void kcov_task_detach(struct task_struct *t, struct kcov *kcov);

/* remote.c. The handles of a new remote are for the caller to fill in. NULL: no memory. */
struct kcov_remote *kcov_remote_create(struct kcov_desc *desc, unsigned int mode,
				       unsigned int words, unsigned int num_handles);
void kcov_remote_set_live(struct kcov_remote *remote, bool live);
void kcov_remote_put(struct kcov_remote *remote);
void kcov_section_end(struct task_struct *t, struct kcov_section *section);
int kcov_remote_init(void);

/*
 * handles.c. add: all of them, and then sections begin; or none, with -EEXIST where another remote
 * has one of them (or it is there twice), or -ENOMEM. find: with a reference; any context but hard
 * interrupts.
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
