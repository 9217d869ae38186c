/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Collecting in a virtual machine. vm.sh (kernel/vm/) boots a KCOV kernel on the
 * host's root file system and runs this program there as root, which runs the
 * command as the calling user. The directory of the run file is shared with the
 * guest and writable there.
 */
#ifndef KCOVREPORT_VM_H
#define KCOVREPORT_VM_H

#include <stdbool.h>

#include "base/error.h"

struct vm_collect {
	const char *kernel; /* build directory, NULL = what 'make kernel' built */
	const char *output; /* run file */
	const char *buffer; /* options as given, NULL = not given */
	const char *follow;
	bool wait;
	bool remote;
	const char *const *remotes; /* arguments of --remote */
	size_t nr_remotes;
	char **argv; /* the command */
};

/* *ret: the status of vm.sh, as wait(2) gives it. */
struct error *vm_collect(const struct vm_collect *vm, int *ret);

#endif
