/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * What the module kcovreport_hooks does for a program: /dev/kcovreport_hooks has one ioctl, which
 * measures how long KCOV's hooks take in the current mode of the calling task, or with the handles
 * that are registered. The unit is that of the time stamp counter.
 */
#ifndef KCOVREPORT_HOOKS_H
#define KCOVREPORT_HOOKS_H

#include <linux/ioctl.h>
#include <linux/types.h>

enum kcovreport_hook {
	/*
	 * `count` calls of __sanitizer_cov_trace_pc() with interrupts disabled, from the kernel's
	 * text or from a module, all from one place or each from another. Without the calls
	 * themselves, but with the callback's return.
	 */
	KCOVREPORT_TEXT_SAME,
	KCOVREPORT_TEXT_EACH,
	KCOVREPORT_MODULE_SAME,
	KCOVREPORT_MODULE_EACH, /* PCs are site to site + count - 1 */
	/* The same for __sanitizer_cov_trace_const_cmp4(). */
	KCOVREPORT_COMPARE,
	/*
	 * kcov_remote_start(), `count` PCs in the kernel's text, kcov_remote_stop(): in a work
	 * item, in a tasklet. The minimum of KCOVREPORT_TURNS, since interrupts occur, and since
	 * the first section has to allocate memory that the next ones reuse.
	 */
	KCOVREPORT_TASK_SECTION,
	KCOVREPORT_SOFTIRQ_SECTION,
};

#define KCOVREPORT_MAX_COUNT 4096
#define KCOVREPORT_TURNS     32

struct kcovreport_hooks {
	__u32 hook;	      /* enum kcovreport_hook; EINVAL */
	__u32 count;	      /* up to KCOVREPORT_MAX_COUNT; EINVAL */
	__aligned_u64 handle; /* of a section */
	__aligned_u64 ticks;  /* out */
	__aligned_u64 site;   /* out: where the first call comes from */
};

#define KCOVREPORT_HOOKS_DEVICE "kcovreport_hooks"
#define KCOVREPORT_HOOKS	_IOWR('k', 0x4c, struct kcovreport_hooks)

#endif
