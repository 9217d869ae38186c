/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The supervisor of a collection: what runs in its process. */
#ifndef COLLECT_FOLLOW_SUPERVISE_H
#define COLLECT_FOLLOW_SUPERVISE_H

#include "collect/collect.h"
#include "collect/follow/front.h"

struct kcov_set;
struct remote_common;

struct supervise_options {
	const struct collect_options *collect;
	enum collect_follow follow; /* not auto */
	struct kcov_set *set;	    /* open, where the kernel follows; taken */
	pid_t front;
	pid_t command;
	struct remote_common *remote; /* of the front; its kcov is taken */
	int go_fd;		      /* a byte into it lets the command execute its program */
	int exec_fd;   /* readable when the command failed to, ends when it executes its program */
	int status_fd; /* the status of the command comes from it */
	struct delivery_log *log;
};

/* Everything from the kernel's identity to the end record. */
struct error *supervise(const struct supervise_options *options);

#endif
