/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Remote coverage: what the kernel does for a workload in threads, work queues
 * and softirqs that do not belong to the workload. docs/remote.md explains
 * handles.
 *
 * The front owns the common handle. It creates the command, so all tasks of
 * the command inherit the handle. For each other handle the supervisor has a
 * thread: a KCOV fd does not distinguish its handles, and a task can have only
 * one fd. The kernel releases a handle when its task ends, however it ends.
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
 * Default size of a buffer, in words: the most that a section in a softirq can
 * have (CONFIG_KCOV_IRQ_AREA_SIZE by default). So a section that was cut fills
 * the buffer, and this shows.
 */
#define REMOTE_DEFAULT_WORDS ((uint64_t)0x40000)
/* The most handles besides the common one. */
#define REMOTE_MAX 256

struct collector;

/* A handle that the user asked for. */
struct remote_spec {
	enum { REMOTE_USB, REMOTE_USB_ALL, REMOTE_HANDLE } kind;
	uint64_t value; /* number of the bus, or handle */
};
DEFINE_VECTOR(remote_spec_vector, struct remote_spec);

/* Parses "usb:BUS", "usb:all" or "handle:0xHEX". Returns false for anything else. */
bool remote_parse(const char *text, struct remote_spec *ret);

struct remote_common {
	struct kcov kcov;
	uint64_t handle; /* 0 = none */
	char *problem;	 /* why there is none, or NULL; owned */
};

#define REMOTE_COMMON_NONE                                                                         \
	{                                                                                          \
		.kcov = KCOV_CLOSED                                                                \
	}

/*
 * Give the calling task a common handle that no other task has. The handle is
 * random, since tasks of earlier workloads may still carry theirs. A failure is
 * not an error: ret->problem then says why there is no handle. The task must not
 * be enabled, and must live as long as coverage is wanted.
 */
void remote_open_common(struct remote_common *ret, uint64_t words);
/* Release it, in the same task. */
void remote_close_common(struct remote_common *common);

struct remote;

/*
 * Record common (its kcov is taken) and all specs into the collector from now
 * on. If a handle is not available, the run file says so. The calling thread
 * must not be recorded itself. Fails only if memory or threads run out.
 */
struct error *remote_start(struct collector *c, struct remote_common *common,
			   const struct remote_spec_vector *specs, uint64_t words,
			   struct remote **ret);
/* Release all handles except the common one. Accepts NULL. */
void remote_stop(struct remote *remote);

#endif
