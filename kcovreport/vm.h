/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Collecting in a virtual machine. vm.sh (kernel/vm/) boots a KCOV kernel on the
 * host's root file system and runs this program there as root, which runs the
 * command as the calling user, or as the one that --user names.
 *
 * The current directory, that of the run file and those that --share names are the
 * host's own: what is written there stays. All else that is written is lost with the
 * guest.
 */
#ifndef KCOVREPORT_VM_H
#define KCOVREPORT_VM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct vm_collect {
	const char *kernel;	    /* build directory, NULL = what 'make kernel' built */
	const char *output;	    /* run file */
	bool from_boot;		    /* boot the kernel with kcov_boot */
	bool has_user;		    /* options has --user: not the calling user */
	const char *const *options; /* more options for collect, such as "--wait" */
	size_t nr_options;
	const char *const *shares; /* more directories that the command can write to */
	size_t nr_shares;
	char **argv; /* the command */
	/* of the run file's lock (run/lock.h); the machine keeps it until it ends; -1 = none */
	int lock_fd;
};

/* *ret: the status of vm.sh, as wait(2) gives it. */
struct error *vm_collect(const struct vm_collect *vm, int *ret);

#endif
