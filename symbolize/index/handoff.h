/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Handoffs: calls with which a task hands work on to a context that is not recorded with it, such
 * as a kernel thread or a softirq. They are told by the function that is called. A call from one of
 * these functions to another hands on the same work, so it is no handoff of its own.
 *
 * Not among them: task_work_add(), since most of that work is the task's own, and is recorded;
 * wake-ups of threads that exist; timers that only end a sleep (schedule_timeout()).
 */
#ifndef SYMBOLIZE_INDEX_HANDOFF_H
#define SYMBOLIZE_INDEX_HANDOFF_H

#include <stdint.h>

enum index_handoff_kind {
	INDEX_HANDOFF_THREAD,	 /* a new kernel thread */
	INDEX_HANDOFF_WORK,	 /* an item for a workqueue or a kthread_worker */
	INDEX_HANDOFF_SOFTIRQ,	 /* a softirq or a tasklet */
	INDEX_HANDOFF_RCU,	 /* a callback after a grace period */
	INDEX_HANDOFF_TIMER,	 /* a function at a later time, in an interrupt or a softirq */
	INDEX_HANDOFF_INTERRUPT, /* a function on other processors, or in an interrupt on this one
				  */
	/* To another process, over a socket. Here `symbol` is a function that was entered. */
	INDEX_HANDOFF_PROCESS,
	INDEX_HANDOFF_KINDS,
	/* A function that calls these, and is no handoff: what it hands on has been counted, or
	 * does nothing but wake the task up. */
	INDEX_HANDOFF_INNER = INDEX_HANDOFF_KINDS,
	INDEX_HANDOFF_NONE,
};

/* Ascending by offset. */
struct index_handoff {
	uint32_t offset; /* of the call, or of the jump to the function; or where it begins */
	uint32_t symbol; /* the function that is called, or entered */
	uint32_t kind;	 /* enum index_handoff_kind */
};

/*
 * Functions that are entered when a task connects a socket, sends on it, and accepts a connection.
 * Who connects and sends, and accepts nothing, has talked to a process that was not recorded with
 * it: a daemon that does its work, perhaps. Failed attempts to connect send nothing.
 */
struct index_conversation {
	const char *connects, *sends, *accepts;
};
#define INDEX_CONVERSATIONS 2
extern const struct index_conversation index_conversations[INDEX_CONVERSATIONS];

/* What a call of a function means; a suffix of the compiler's (".constprop.0") is ignored. */
enum index_handoff_kind index_handoff_kind(const char *function);

#endif
