/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The supervisor of a collection: the code that runs in its process. */
#ifndef COLLECT_FOLLOW_SUPERVISE_H
#define COLLECT_FOLLOW_SUPERVISE_H

#include "collect/collect.h"
#include "collect/follow/front.h"

struct contexts;
struct kcov_set;
struct remote_common;

struct supervise_options {
	const struct collect_options *collect;
	enum collect_follow follow; /* not auto */
	struct kcov_set *set;	    /* open if the kernel follows; taken */
	struct contexts *contexts;  /* taken */
	pid_t front;
	pid_t command;
	struct remote_common *remote; /* of the front; its kcov is taken */
	int go_fd;		      /* writing a byte lets the command execute its program */
	int exec_fd;   /* readable: the command failed to execute its program; end: it did */
	int status_fd; /* the front writes the command's status to it */
	struct delivery_log *log;
};

/* Does everything from the kernel's identity to the end record. */
struct error *supervise(const struct supervise_options *options);

#endif
