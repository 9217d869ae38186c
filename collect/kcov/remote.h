/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Remote coverage: what the kernel does for a workload in threads, work queues
 * and softirqs that are not the workload's. docs/remote.md explains handles.
 *
 * The common handle is the front's, which makes the command: all tasks of the
 * command inherit it. Each other handle has a thread in the supervisor, since
 * a KCOV fd does not tell its handles apart and a task has only one fd.
 * The kernel releases a handle when its task ends, in whatever way.
 */
#ifndef COLLECT_KCOV_REMOTE_H
#define COLLECT_KCOV_REMOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/vector.h"
#include "collect/kcov/kcov.h"

/*
 * Words of a buffer, if nobody says otherwise: as many as a softirq's section
 * can have (CONFIG_KCOV_IRQ_AREA_SIZE by default), so that one that was cut
 * fills the buffer and shows.
 */
#define REMOTE_DEFAULT_WORDS ((uint64_t)0x40000)
/* Handles beside the common one. */
#define REMOTE_MAX 256

struct collector;

/* A handle that was asked for. */
struct remote_spec {
	enum { REMOTE_USB, REMOTE_USB_ALL, REMOTE_HANDLE } kind;
	uint64_t value; /* bus, or handle */
};
DEFINE_VECTOR(remote_spec_vector, struct remote_spec);

/* "usb:BUS", "usb:all", "handle:0xHEX". False: it is none of them. */
bool remote_parse(const char *text, struct remote_spec *ret);

struct remote_common {
	struct kcov kcov;
	uint64_t handle; /* 0 = there is none */
	char *problem;	 /* why not, or NULL; owned */
};

#define REMOTE_COMMON_NONE                                                                         \
	{                                                                                          \
		.kcov = KCOV_CLOSED                                                                \
	}

/*
 * Give the calling task a common handle that nobody has: a random one, since
 * tasks of earlier workloads may still carry theirs. That there is none is not
 * an error, but ret->problem. The task must not be enabled, and must live as
 * long as coverage is wanted.
 */
void remote_open_common(struct remote_common *ret, uint64_t words);
/* In the same task: release it. */
void remote_close_common(struct remote_common *common);

struct remote;

/*
 * Record common (its kcov is taken) and all specs into the collector from now
 * on. A handle that cannot be had is recorded as such. The calling thread may
 * not be recorded itself. Fails only for lack of memory or threads.
 */
struct error *remote_start(struct collector *c, struct remote_common *common,
			   const struct remote_spec_vector *specs, uint64_t words,
			   struct remote **ret);
/* Release all handles but the common one. Accepts NULL. */
void remote_stop(struct remote *remote);

#endif
