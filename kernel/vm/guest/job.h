/* SPDX-License-Identifier: GPL-2.0 */
/* The job: the request (kernel/vm/wire/request.h) in the guest's memory, for the
 * guest's whole life. */
#ifndef KERNEL_VM_GUEST_JOB_H
#define KERNEL_VM_GUEST_JOB_H

#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <termios.h>

#include "kernel/vm/wire/request.h"

#define JOB_SHARES_MAX 32

struct job {
	char **argv; /* ends with NULL */
	char **envp; /* ends with NULL */
	const char *cwd;
	const char *hostname;
	const char *modules; /* NULL: none */
	const char *shares[JOB_SHARES_MAX];
	size_t n_shares;
	struct request_caller caller;
	const uint32_t *groups;
	size_t n_groups;
	struct rlimit limits[RLIM_NLIMITS];
	struct termios termios;
	struct winsize winsize;
};

/* Read and remove REQUEST_PATH. Ends the guest if it is missing or damaged. */
void job_load(struct job *ret);

#endif
