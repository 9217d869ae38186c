/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tasks that are followed, by thread id. Internal to collect/follow/. */
#ifndef COLLECT_FOLLOW_TRACEE_H
#define COLLECT_FOLLOW_TRACEE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct capture;

struct tracee {
	pid_t pid;
	pid_t tgid;
	int32_t id;		 /* in the run file; -1 = not in it yet */
	int32_t parent;		 /* id, -1 = not known */
	bool born;		 /* its first stop was handled */
	bool announced;		 /* its parent's ptrace event told us about it */
	bool opened_kcov;	 /* it, or a thread of it, opened the KCOV device */
	uint64_t children;	 /* number of children that were announced */
	struct capture *capture; /* NULL = not covered */
	struct tracee *next;
};

#define TRACEE_BUCKETS 1024
#define TRACEE_STRAYS  64

/* Zeroed memory is an empty table. */
struct tracee_table {
	struct tracee *buckets[TRACEE_BUCKETS];
	size_t len;
	uint64_t nr_strays; /* tasks that were removed and are not announced yet */
	/* The last ones of these; 0 = none. */
	pid_t strays[TRACEE_STRAYS];
	size_t next_stray;
};

struct tracee *tracee_find(struct tracee_table *table, pid_t pid);
/* Find, or add a new one (id and parent -1). NULL: out of memory. */
struct tracee *tracee_get(struct tracee_table *table, pid_t pid);
/* Remove it from the table and free it. */
void tracee_remove(struct tracee_table *table, struct tracee *t);
/*
 * The same for a task that ended. If it is not announced yet, it is a stray: its parent may be slow
 * to report it, or was killed and never will.
 */
void tracee_remove_ended(struct tracee_table *table, struct tracee *t);
/* A task is announced. Returns whether it is a stray; then it no longer is. */
bool tracee_take_stray(struct tracee_table *table, pid_t pid);
/* Change its thread id; no other tracee may have the new one. */
void tracee_rename(struct tracee_table *table, struct tracee *t, pid_t pid);
void tracee_table_deinit(struct tracee_table *table);

/* What /proc says about a task. */
struct task_status {
	pid_t tgid;
	pid_t ppid;
	char comm[64];
};

/* Returns false if the task no longer exists; *ret is then unchanged. */
bool task_status_read(pid_t pid, struct task_status *ret);
/* The same for comm alone, which costs the kernel much less. */
bool task_comm_read(pid_t pid, struct task_status *ret);

#endif
