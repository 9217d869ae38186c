/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * What the module kcovreport_remote does for a program: background work with a known coverage.
 *
 * /dev/kcovreport_remote has one ioctl. It runs a function of the module a known number of times,
 * not in the caller, between kcov_remote_start() and kcov_remote_stop(). It returns when that is
 * done. The function is named after the context it runs in:
 *
 * KTHREAD  kcovreport_in_kthread() in the kernel thread "kcovreport"
 * WORK     kcovreport_in_work() in a work item on the queue "kcovreport"
 * SOFTIRQ  kcovreport_in_softirq() in a tasklet; if the kernel allows it, it runs on top of the
 *          caller, so that a task with coverage of its own is interrupted
 * NESTED   in the thread, a section that starts another one of the same handle:
 *          kcovreport_pre_nested(), start, kcovreport_in_nested(), stop,
 *          kcovreport_post_nested(), each `calls` times. 6.12 has no nested sections: it warns
 *          at the second start and ignores it, the first stop ends the outer section, so that
 *          the third function is not recorded, and the second stop does nothing.
 *
 * TIMER    kcovreport_in_timer() in a timer that the caller starts
 * RCU      kcovreport_in_rcu() in an RCU callback that the caller queues
 * THREAD   kcovreport_in_thread() in a kernel thread that is created for this section
 *
 * Callers do not wait for each other, except for the single kernel thread.
 *
 * Init and exit of the module call kcovreport_in_init() and kcovreport_in_exit(), which are in the
 * sections .init.text and .exit.text. The task that loads or unloads the module executes them.
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
	KCOVREPORT_TIMER,
	KCOVREPORT_RCU,
	KCOVREPORT_THREAD,
};

/* Limits: sections in one ioctl, and turns of the loop (calls * steps) in one section. */
#define KCOVREPORT_MAX_SECTIONS 65536
#define KCOVREPORT_MAX_TURNS	(1 << 22)

/*
 * `handle` is as in kcov_remote_arg: a common handle, or a handle of a subsystem the kernel knows;
 * 0 is the common handle of the calling task. If no task has enabled the handle, that is not an
 * error, because the module cannot find out.
 *
 * Each call records the function's first point once, and at least one point for each of `steps`
 * turns of its loop (0: none). With steps > the words of the buffer, a section does not fit.
 *
 * `done` sections are taken as done already. The ioctl updates it. If a signal interrupts the
 * ioctl, call it again with the same struct to continue.
 *
 * Errors: EINVAL an unknown context, a handle that the kernel would warn about, a number out of
 * its limits, done > sections, padding that is not 0; EFAULT; EINTR; ENOTTY another ioctl; ENOMEM.
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
