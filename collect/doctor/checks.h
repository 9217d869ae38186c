/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the checks of doctor.h share; for doctor*.c only. */
#ifndef COLLECT_DOCTOR_CHECKS_H
#define COLLECT_DOCTOR_CHECKS_H

#include <stdbool.h>

#include "collect/doctor/doctor.h"
#include "collect/machine/identity.h"
#include "collect/machine/kernel_config.h"

struct doctor {
	const struct doctor_options *options;
	struct identity_options identity;
	struct run_meta meta;	      /* the running kernel */
	struct kernel_config *config; /* NULL: not known */
	struct doctor_report *report;
	bool records; /* a getpid() was recorded, so the configuration does not matter */
	bool follows; /* the kernel itself records new tasks, so ptrace does not matter */
	bool failed;  /* out of memory while adding */
};

/* Add a finding. remedy: NULL, or text (copied). */
void doctor_add(struct doctor *d, enum doctor_status status, const char *check, const char *remedy,
		const char *format, ...) __attribute__((format(printf, 5, 6)));
/* Add an error as a finding: its hint is the remedy. Takes err. */
void doctor_add_error(struct doctor *d, enum doctor_status status, const char *check,
		      struct error *err);
/* Read a file below the root. NULL if it cannot be read, or if memory ran out (failed is set).
 * The caller frees it. */
char *doctor_read(struct doctor *d, const char *path, size_t limit);

/* The checks, in this order. */
void doctor_check_kernel(struct doctor *d);
void doctor_check_device(struct doctor *d);
void doctor_check_remote(struct doctor *d);
void doctor_check_ptrace(struct doctor *d);
void doctor_check_compiler(struct doctor *d);
void doctor_check_vmlinux(struct doctor *d);

#endif
