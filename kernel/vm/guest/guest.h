/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The init of the guest that kernel/vm/vm.sh boots: a static program, alone in the initial RAM disk
 * with the request. It makes the host's root file system its own, runs the command in it and stays
 * as process 1 between the command and the wire (kernel/vm/wire/wire.h).
 */
#ifndef KERNEL_VM_GUEST_GUEST_H
#define KERNEL_VM_GUEST_GUEST_H

#include <stdbool.h>
#include <sys/types.h>

#include "kernel/vm/guest/job.h"
#include "kernel/vm/wire/wire.h"

/* Tell host and console why the guest cannot go on, and switch the machine off. */
_Noreturn void guest_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The wire that guest_fail() and everybody else writes to. */
extern struct wire guest_wire;

/* Mount what the command expects and make it the root. Nothing of the host is mounted writable but
 * the job's shares. */
void mounts_enter(const struct job *job);

/* Write everything back to the host and unmount the shares. */
void mounts_leave(const struct job *job);

/* Where the guest's ends of the command's standard streams are. */
struct launch {
	int in;	    /* to its standard input, or the terminal's master; -1: none */
	int out;    /* from its standard output, or the terminal's master; -1: none */
	int err;    /* from its standard error; -1: none */
	int master; /* the terminal's master, or -1 */
	int events; /* struct launch_event come out here; it ends with the launcher */
};

enum launch_kind {
	LAUNCH_STARTED, /* value: the command's pid */
	LAUNCH_STOPPED, /* value: the signal */
	LAUNCH_EXITED,	/* value: the exit status, 128+N for a signal */
};

struct launch_event {
	int kind;
	int value;
};

/*
 * Start the command. Its parent is a launcher process and not init itself: many a program takes
 * "my parent is process 1" to mean that its parent has died.
 */
void launch(const struct job *job, struct launch *ret);

/* Carry everything between command and host until the command has ended; its exit status. */
int session_run(const struct job *job);

#endif
