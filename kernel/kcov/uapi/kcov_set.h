/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * KCOV's set mode: what is there beside <linux/kcov.h> in a kernel with kernel/kcov/ of kcovreport.
 *
 * A trace says in which order PCs were executed, and is full at some time. A set says which PCs were executed, in
 * constant memory, and is never full for what has a bitmap. Any number of tasks may record into one set at a time.
 *
 * On a kernel without it KCOV_INIT_SET fails with ENOTTY: that is the probe.
 *
 *	fd = open("/sys/kernel/debug/kcov", O_RDWR | O_CLOEXEC);
 *	ioctl(fd, KCOV_INIT_SET, &init);
 *	set = mmap(NULL, init.map_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
 *	ioctl(fd, KCOV_ENABLE, KCOV_TRACE_SET | KCOV_INHERIT);
 *	... this task, and each that it and its children make from now on, is recorded until it exits ...
 *
 * The set lives while a file descriptor, a mapping or a recording task has it.
 */
#ifndef _LINUX_KCOV_SET_H
#define _LINUX_KCOV_SET_H

#include <linux/types.h>

/*
 * PCs are those that a trace has: the address after the call of __sanitizer_cov_trace_pc(), without the KASLR offset.
 *
 * Bitmaps: PC p of the kernel's text is bit n = (p - text_start) >> text_shift of the bytes at bitmap_offset, bit n % 8
 * of byte n / 8 (little-endian machines: of any word size). Two PCs never share a bit. In the same way PC p of a module
 * is bit (p - modules_start) >> text_shift at modules_offset, where it is less than modules_size from modules_start:
 * where modules are loaded first. modules_size is 0 on architectures that load them too far from the text.
 * Hash table, for all other PCs: hash_slots words of 64 bits at hash_offset, each 0 or a PC, in no order. A PC for
 * which there is no slot is dropped and counted (kcov_stats.dropped_pcs).
 * User space may read while it is written: a bit or a word is there or not yet, never half. Only KCOV_RESET_SET may
 * clear it; what user space stores there can lose PCs of its own set and nothing else.
 */
struct kcov_set_init {
	__u32 size;		/* in: sizeof(struct kcov_set_init), EINVAL otherwise */
	__u32 flags;		/* in: 0 or KCOV_SET_HASH_MODULES, EINVAL otherwise */
	__u64 hash_slots;	/* in: a power of two up to 2^24, or 0 for 2^16; out: what it is. EINVAL otherwise */
	__u64 text_start;	/* out */
	__u64 text_size;	/* out: bytes of text that the bitmap stands for */
	__u64 bitmap_offset;	/* out: bytes into the mapping */
	__u64 modules_start;	/* out */
	__u64 modules_size;	/* out: bytes of addresses that their bitmap stands for */
	__u64 modules_offset;	/* out: bytes into the mapping */
	__u64 hash_offset;	/* out: bytes into the mapping */
	__u64 map_size;		/* out: what to give to mmap(), at offset 0 */
	__u32 text_shift;	/* out */
	__u32 reserved;		/* out: 0 */
};

/* Modules get no bitmap. It takes 2 MB, and of page tables up to 256 KB. */
#define KCOV_SET_HASH_MODULES 1

/*
 * What was not recorded, and what is recording, counted since KCOV_INIT_TRACE or KCOV_INIT_SET. For descriptors of
 * both kinds. The numbers of a set are those of all descriptors that share it.
 */
struct kcov_stats {
	__u32 size;			/* in: sizeof(struct kcov_stats), EINVAL otherwise */
	__u32 reserved;			/* out: 0 */
	__u64 dropped_pcs;		/* records (PCs, comparisons) of local tasks that found no room */
	__u64 dropped_remote_pcs;	/* the same of remote sections; and theirs whose owner had disabled */
	__u64 dropped_sections;		/* remote sections that could not begin: no memory */
	__u64 dropped_tasks;		/* children that inherit, and got no memory to; what they make is in no count */
	__u64 tasks;			/* tasks that record into it now */
	__u64 inherited_tasks;		/* children that began recorded */
};

/* Errors: EBUSY (has a trace or a set already), EINVAL, ENOMEM, EFAULT, EOPNOTSUPP (the data cache is aliasing). */
#define KCOV_INIT_SET	_IOWR('c', 110, struct kcov_set_init)
/*
 * The descriptor gets the set that descriptor number arg has, and fills no other. EBUSY: it has a trace or a set
 * already. EBADF: arg is no descriptor. EINVAL: of no set.
 */
#define KCOV_SHARE_SET	_IO('c', 111)
/* Forget all PCs of the set; what is executed at that time may be in it or not. EINVAL: it has none. */
#define KCOV_RESET_SET	_IO('c', 112)
/* EINVAL: wrong size, or nothing was initialized. EFAULT. */
#define KCOV_GET_STATS	_IOWR('c', 113, struct kcov_stats)

/*
 * The argument of KCOV_ENABLE, and trace_mode of KCOV_REMOTE_ENABLE. A set may be enabled in any number of tasks at
 * a time, by one descriptor or by many; a task has at most one descriptor that it records to itself (EBUSY), and one
 * that owns remote handles. KCOV_DISABLE ends it for the calling task.
 */
#define KCOV_TRACE_SET	16
/*
 * With KCOV_ENABLE of a set: children and threads that the task makes from then on, and theirs, begin with the set
 * and with KCOV_INHERIT.
 */
#define KCOV_INHERIT	256

#endif /* _LINUX_KCOV_SET_H */
