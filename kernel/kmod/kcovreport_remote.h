/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * What the module kcovreport_remote does for a program: background work with a known coverage.
 *
 * /dev/kcovreport_remote takes one ioctl, which runs a function of the module a known number of
 * times, elsewhere than in the caller, between kcov_remote_start() and kcov_remote_stop(), and
 * returns when that is done. The function is named after where it runs:
 *
 * KTHREAD  kcovreport_in_kthread() in the kernel thread "kcovreport"
 * WORK     kcovreport_in_work() in a work item on the queue "kcovreport"
 * SOFTIRQ  kcovreport_in_softirq() in a tasklet; it runs on top of the caller where the kernel
 *          lets it, so that a task with coverage of its own is interrupted
 * NESTED   in the thread, a section that starts another one of the same handle:
 *          kcovreport_pre_nested(), start, kcovreport_in_nested(), stop,
 *          kcovreport_post_nested(), each `calls` times. 6.12 has no nested sections: it warns
 *          at the second start and ignores it, the first stop ends the outer section, so that
 *          the third function is not recorded, and the second stop does nothing.
 *
 * Callers do not wait for each other, but for the one kernel thread.
 *
 * init and exit of the module call kcovreport_in_init() and kcovreport_in_exit(), in the sections
 * .init.text and .exit.text: they are of the task that loads or unloads it.
 */
#ifndef KCOVREPORT_REMOTE_H
#define KCOVREPORT_REMOTE_H

#include <linux/ioctl.h>
#include <linux/types.h>

enum kcovreport_context {
	KCOVREPORT_KTHREAD,
	KCOVREPORT_WORK,
	KCOVREPORT_SOFTIRQ,
	KCOVREPORT_NESTED,
};

/* So many sections in one ioctl, and so many turns of the loop (calls * steps) in a section. */
#define KCOVREPORT_MAX_SECTIONS 65536
#define KCOVREPORT_MAX_TURNS	(1 << 22)

/*
 * `handle` is as in kcov_remote_arg: a common handle, or one of a subsystem the kernel knows; 0 is
 * the common handle of the calling task. That nobody listens to it is no error: nobody can tell.
 *
 * Each call records the function's first point once, and at least one point for each of `steps`
 * turns of its loop (0: none): steps > the buffer's words makes one section that does not fit.
 *
 * `done` sections are taken as done already. It is updated, so that an ioctl that was interrupted
 * by a signal goes on where it was when it is called again with the same struct.
 *
 * Errors: EINVAL an unknown context, a handle that the kernel would warn of, a number out of its
 * limits, done > sections, padding that is not 0; EFAULT; EINTR; ENOTTY another ioctl; ENOMEM.
 */
struct kcovreport_remote {
	__u32 context;	      /* enum kcovreport_context */
	__u32 sections;	      /* 1 to KCOVREPORT_MAX_SECTIONS */
	__u32 calls;	      /* in each section; 1 to KCOVREPORT_MAX_TURNS */
	__u32 steps;	      /* in each call; calls * steps at most KCOVREPORT_MAX_TURNS */
	__aligned_u64 handle; /* 0: that of the caller */
	__u32 done;	      /* 0 to sections; in and out */
	__u32 padding;	      /* 0 */
};

#define KCOVREPORT_DEVICE "kcovreport_remote"
#define KCOVREPORT_REMOTE _IOWR('k', 0x4b, struct kcovreport_remote)

#endif
