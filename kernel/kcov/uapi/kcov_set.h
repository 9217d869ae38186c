/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * KCOV's set mode: UAPI extensions to <linux/kcov.h>, in kernels built with kernel/kcov/ of
 * kcovreport.
 *
 * A trace records the order in which PCs were executed, and its memory is full at some time. A set
 * records which PCs were executed, in constant memory; its bitmaps are never full. Any number of
 * tasks may record into one set at a time.
 *
 * On a kernel without set mode KCOV_INIT_SET fails with ENOTTY: use that as the probe.
 *
 *	fd = open("/sys/kernel/debug/kcov", O_RDWR | O_CLOEXEC);
 *	ioctl(fd, KCOV_INIT_SET, &init);
 *	set = mmap(NULL, init.map_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
 *	ioctl(fd, KCOV_ENABLE, KCOV_TRACE_SET | KCOV_INHERIT);
 *	... records this task, and each that it and its children create from now on, until it exits ...
 *
 * The set lives as long as a file descriptor, a mapping or a recording task uses it.
 */
#ifndef _LINUX_KCOV_SET_H
#define _LINUX_KCOV_SET_H

#include <linux/types.h>

/*
 * PCs are the same as in a trace: the address after the call of __sanitizer_cov_trace_pc(), without
 * the KASLR offset.
 *
 * Bitmaps: PC p of the kernel's text is bit n = (p - text_start) >> text_shift of the bytes at
 * bitmap_offset, that is bit n % 8 of byte n / 8 (on little-endian machines also of words of any
 * size). Two PCs never share a bit. In the same way PC p of a module is bit (p - modules_start) >>
 * text_shift at modules_offset, if it is less than modules_size from modules_start, where the
 * kernel loads modules first. modules_size is 0 on architectures that load modules too far from the
 * text, and on machines with less memory than a bitmap from the text to the end of that range would
 * take (on x86-64 up to 136 MB), though the bits between the two take none.
 *
 * Hash table, for all other PCs: hash_slots words of 64 bits at hash_offset. Each is 0 or a PC, in
 * no order. A PC for which no slot is free is dropped and counted (kcov_stats.dropped_pcs).
 *
 * User space may read a set while tasks record into it. A bit or a word is set or not yet set,
 * never half written. Only KCOV_RESET_SET may clear a set. What user space stores there can lose
 * PCs of its own set and nothing else.
 */
struct kcov_set_init {
	__u32 size;		/* in: sizeof(struct kcov_set_init), EINVAL otherwise */
	__u32 flags;		/* in: KCOV_SET_HASH_MODULES or KCOV_SET_SYSTEM or 0, EINVAL otherwise; out: the same */
	__u64 hash_slots;	/* in: a power of two up to 2^24, or 0 for 2^16, of the system 2^18; out: the number. EINVAL otherwise */
	__u64 text_start;	/* out */
	__u64 text_size;	/* out: bytes of text that the bitmap covers */
	__u64 bitmap_offset;	/* out: offset in the mapping, in bytes */
	__u64 modules_start;	/* out */
	__u64 modules_size;	/* out: bytes of module addresses that their bitmap covers */
	__u64 modules_offset;	/* out: offset in the mapping, in bytes */
	__u64 hash_offset;	/* out: offset in the mapping, in bytes */
	__u64 map_size;		/* out: the length for mmap(), at offset 0 */
	__u32 text_shift;	/* out */
	__u32 reserved;		/* out: 0 */
};

/* Modules get no bitmap. Their bitmap takes 2 MB, and up to 256 KB of page tables. */
#define KCOV_SET_HASH_MODULES 1
/*
 * The set of the whole system: KCOV_TRACE_SYSTEM below. The kernel has one; its memory is allocated
 * once, and hash_slots is what the first caller asked for. It is empty, unless the kernel was
 * booted with the parameter kcov_boot and this is the first descriptor that gets it. EBUSY: another
 * descriptor has it. EOPNOTSUPP: 32-bit kernels have none.
 */
#define KCOV_SET_SYSTEM	      2

/*
 * What was not recorded and which tasks record, counted since KCOV_INIT_TRACE or KCOV_INIT_SET. For
 * descriptors of both kinds. All descriptors that share a set share its numbers.
 */
struct kcov_stats {
	__u32 size;			/* in: sizeof(struct kcov_stats), EINVAL otherwise */
	__u32 reserved;			/* out: 0 */
	__u64 dropped_pcs;		/* records (PCs, comparisons) of local tasks that did not fit */
	__u64 dropped_remote_pcs;	/* the same of remote sections, and all records if the owner had disabled */
	__u64 dropped_sections;		/* remote sections that could not begin, for lack of memory */
	__u64 dropped_tasks;		/* children not recorded for lack of memory; without their descendants */
	__u64 tasks;			/* tasks that record into it now */
	__u64 inherited_tasks;		/* children that started recorded */
};

/*
 * Errors: EBUSY (the descriptor has a trace or a set already), EINVAL, ENOMEM, EFAULT, EOPNOTSUPP
 * (the data cache aliases).
 */
#define KCOV_INIT_SET	_IOWR('c', 110, struct kcov_set_init)
/*
 * Share the set of descriptor number arg. This descriptor then has that set and no other. EBUSY: it
 * has a trace or a set already. EBADF: arg is not a descriptor. EINVAL: arg has no set.
 */
#define KCOV_SHARE_SET	_IO('c', 111)
/*
 * Forget all PCs of the set. PCs executed during the call may or may not be in it. EINVAL: the
 * descriptor has no set.
 */
#define KCOV_RESET_SET	_IO('c', 112)
/* EINVAL: wrong size, or the descriptor is not initialized. EFAULT. */
#define KCOV_GET_STATS	_IOWR('c', 113, struct kcov_stats)

/*
 * The argument of KCOV_ENABLE, and trace_mode of KCOV_REMOTE_ENABLE. A set may be enabled in any
 * number of tasks at a time, through one descriptor or several. A task has at most one descriptor
 * that records the task itself, and at most one that owns remote handles (EBUSY). KCOV_DISABLE ends
 * both for the calling task.
 */
#define KCOV_TRACE_SET	16
/*
 * With KCOV_ENABLE of a set: children and threads that the task creates from then on, and their
 * descendants, start with the set and with KCOV_INHERIT. All of these record until right before their
 * parents learn of their exit: closing files and freeing memory are part of it. Other modes end where
 * the exit begins.
 */
#define KCOV_INHERIT	256
/*
 * The argument of KCOV_ENABLE for the set of KCOV_SET_SYSTEM, and for no other: record what every
 * CPU executes in any context, until KCOV_DISABLE from any task, or until the descriptor is closed
 * and unmapped. It does not matter which task calls, and tasks may record into their own sets at the
 * same time. If it records already, KCOV_ENABLE succeeds and changes nothing; so does KCOV_DISABLE if
 * it does not record.
 *
 * With the kernel parameter kcov_boot the set of the system records from before the first initcall
 * on, and KCOV_INIT_SET with KCOV_SET_SYSTEM hands it out while it records (kcov_stats.tasks is 1).
 *
 * It may be read and reset while it records: a PC that was executed before the read began is in
 * it, and so is a PC that is executed after KCOV_RESET_SET returned.
 */
#define KCOV_TRACE_SYSTEM 32

/*
 * Contexts: what the kernel does for a task, but not as the task. By default it is not recorded.
 * KCOV_ADD_CONTEXT names a second set for one kind of it. What that kind executes on behalf of the
 * tasks that record into the set of this descriptor (with KCOV_ENABLE or KCOV_REMOTE_ENABLE), and
 * on behalf of what is recorded in its other contexts, goes to the second set.
 *
 *	struct kcov_set_context work = { sizeof(work), KCOV_CONTEXT_WORK, work_fd, 0 };
 *	ioctl(fd, KCOV_ADD_CONTEXT, &work);	... before KCOV_ENABLE ...
 *
 * A piece of work that several sets caused is recorded for the one that queued it first; a timer for
 * the one that set it last. A pending timer that is set again to about the same time stays where it
 * is queued, and with the set that put it there. Hard interrupts are in no context.
 *
 * kcov_stats of a context's set: dropped_pcs counts PCs that did not fit into its hash table,
 * dropped_sections what was caused but could not be attributed, tasks what was queued and has not
 * run (it may have been cancelled).
 */
struct kcov_set_context {
	__u32 size;	/* sizeof(struct kcov_set_context) */
	__u32 context;	/* one of KCOV_CONTEXT_ */
	__s32 fd;	/* a descriptor of the second set */
	__u32 reserved;	/* 0 */
};

/*
 * Softirqs that were raised by what is recorded, wherever they run: on top of the task, of another
 * task, or in ksoftirqd. If something else raises the same softirq of the CPU before it runs, then
 * it is not recorded.
 */
#define KCOV_CONTEXT_SOFTIRQ   1
/*
 * All other softirqs that run on top of a recorded task, or all if there is no set for those above.
 * The task did not cause most of them. What these queue is not attributed.
 */
#define KCOV_CONTEXT_INTERRUPT 2
/*
 * Kernel threads that were created on behalf of what is recorded, programs that the kernel started
 * for it, and the descendants of both. Workers of workqueues are not among them.
 */
#define KCOV_CONTEXT_KTHREAD   3
/*
 * Work items, work of kthread workers, timers and RCU callbacks that were queued by what is
 * recorded, and task work that was queued for another task. High-resolution timers are not among
 * them: they run in hard interrupts, or in a softirq that a hard interrupt raises, which is in
 * KCOV_CONTEXT_INTERRUPT only.
 */
#define KCOV_CONTEXT_WORK      4

/*
 * Errors: EINVAL (a wrong field; one of the sets is that of the system; fd has no set, or the same
 * set, or one that has contexts; this descriptor has no set, or one that is a context itself),
 * EBADF, EFAULT, EBUSY (this context has a set already), ENOMEM, ENOSPC (too many sets of this
 * kernel have contexts).
 */
#define KCOV_ADD_CONTEXT _IOW('c', 114, struct kcov_set_context)

#endif /* _LINUX_KCOV_SET_H */
