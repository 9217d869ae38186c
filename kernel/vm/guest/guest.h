/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The init of the guest that kernel/vm/vm.sh boots: a static program, alone in the initial RAM disk
 * with the request. It makes the host's root file system its own and runs the command in it. It
 * remains process 1, between the command and the wire (kernel/vm/wire/wire.h).
 */
#ifndef KERNEL_VM_GUEST_GUEST_H
#define KERNEL_VM_GUEST_GUEST_H

#include <stdbool.h>
#include <sys/types.h>

#include "kernel/vm/guest/job.h"
#include "kernel/vm/wire/wire.h"

/* Report on the wire and the console why the guest cannot continue, and power off. */
_Noreturn void guest_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The wire that guest_fail() and all other code of the guest writes to. */
extern struct wire guest_wire;

/* Mount what the command expects and make it the root. Of the host's directories only the job's
 * shares are mounted writable. */
void mounts_enter(const struct job *job);

/* Write everything back to the host and unmount the shares. */
void mounts_leave(const struct job *job);

/* The guest's ends of the command's standard streams. */
struct launch {
	int in;	    /* to its standard input, or the terminal's master; -1: none */
	int out;    /* from its standard output, or the terminal's master; -1: none */
	int err;    /* from its standard error; -1: none */
	int master; /* the terminal's master, or -1 */
	int events; /* struct launch_event can be read here; end of file when the launcher ends */
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
 * Start the command. Its parent is a launcher process, not init: many programs conclude from "my
 * parent is process 1" that their parent has died.
 */
void launch(const struct job *job, struct launch *ret);

/* Pass data between command and host until the command has ended. Returns its exit status. */
int session_run(const struct job *job);

/*
 * Write what is left for the host, and wait until it closes the wire. Usually it ends the machine
 * before. It may take any time, since the relay may be stopped. Returns at once without a wire.
 */
void session_leave(void);

#endif
