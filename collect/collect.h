/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A collection: run a command, cover all its tasks, write the run file.
 *
 * There are three processes. The caller stands in for the command
 * (collect/follow/front.h). One child is the command. The other child is the
 * supervisor, in a process group of its own. It traces the command (unless the kernel
 * itself records new tasks) and reads its coverage. If the supervisor dies, the
 * command goes on.
 */
#ifndef COLLECT_COLLECT_H
#define COLLECT_COLLECT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

#define COLLECT_DEFAULT_WORDS	 ((uint64_t)1 << 20)
#define COLLECT_MIN_WORDS	 512 /* one page, the smallest mapping of the device */
#define COLLECT_MAX_WORDS	 ((uint64_t)1 << 27)

#define COLLECT_CONTEXTS_DEFAULT 0

struct remote_spec_vector;

enum collect_follow {
	COLLECT_FOLLOW_AUTO,   /* by the kernel if it can follow, otherwise with ptrace */
	COLLECT_FOLLOW_KERNEL, /* new tasks record into the set of the task that created them
				* (kcov_set.h) */
	COLLECT_FOLLOW_PTRACE,
	COLLECT_FOLLOW_NONE,   /* only the first task; the workload may use ptrace itself */
	COLLECT_FOLLOW_SYSTEM, /* no task, since the whole system is recorded */
};

/* The user that the command runs as. */
struct collect_user {
	uid_t uid;
	gid_t gid;
	gid_t *groups; /* borrowed */
	size_t nr_groups;
};

struct collect_options {
	char **argv;	    /* the command; borrowed, NULL-terminated */
	const char *output; /* path of the run file */
	const char *name;   /* of the run; NULL = none */
	int lock_fd; /* of its lock (run/lock.h), which the command must not hold; -1 = none */
	/*
	 * KCOV buffer of each task, in words of 8 bytes. A set has room for a quarter
	 * as many PCs outside the kernel's text.
	 */
	uint64_t words;
	enum collect_follow follow;
	/*
	 * Kinds of sources as bits (CONTEXT_BIT() of collect/kcov/contexts.h): what the kernel does
	 * for the tasks in which contexts. Without that of RUN_SOURCE_SET the tasks' own PCs are
	 * not kept. COLLECT_CONTEXTS_DEFAULT: the tasks, and those that the kernel attributes for
	 * certain, if it can. Other values need a kernel that can, or are an error.
	 */
	unsigned int contexts;
	bool system;	/* record the whole system */
	bool from_boot; /* system: what it recorded since boot, too */
	bool wait;	/* wait for all tasks, not only for the first process */
	bool remote;	/* a common handle for the command's tasks (collect/kcov/remote.h) */
	const struct remote_spec_vector *remotes; /* more handles; borrowed, not NULL */
	uint64_t remote_words;			  /* KCOV buffer of each handle */
	const struct collect_user *user;	  /* NULL = the caller */
};

struct collect_result {
	bool started;	/* the command's program was executed; status holds */
	int status;	/* of the command, as wait(2) gives it */
	int exec_errno; /* why its program could not be executed, or 0 */
};

/*
 * Returns when command and supervisor have ended. *ret is set even if an error is
 * returned: the command may have run to its end although the run file could not be
 * written. Afterwards the caller's stdin and stdout are /dev/null, and all signals
 * are blocked.
 */
struct error *collect_run(const struct collect_options *options, struct collect_result *ret);

/*
 * Runs a program in our place in the same way, but without coverage: for a program
 * that runs the collection elsewhere. *ret: its status, as wait(2) gives it.
 */
struct error *collect_run_plain(char *const argv[], int *ret);

#endif
