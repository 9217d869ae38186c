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
 * text.
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
	__u32 flags;		/* in: 0 or KCOV_SET_HASH_MODULES, EINVAL otherwise */
	__u64 hash_slots;	/* in: a power of two up to 2^24, or 0 for 2^16; out: the number. EINVAL otherwise */
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
 * descendants, start with the set and with KCOV_INHERIT.
 */
#define KCOV_INHERIT	256

#endif /* _LINUX_KCOV_SET_H */
