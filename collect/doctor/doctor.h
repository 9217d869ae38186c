/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why is there no coverage? Checks everything that collecting and reporting
 * need on this machine, in the order in which it has to be fixed. Each finding
 * says what was found and what to do about it.
 *
 * Behaviour is probed (a real getpid() under KCOV, a real ptrace) and never
 * guessed from a version; the kernel's configuration only explains a result.
 */
#ifndef COLLECT_DOCTOR_DOCTOR_H
#define COLLECT_DOCTOR_DOCTOR_H

#include <stddef.h>

#include "base/error.h"
#include "base/vector.h"

enum doctor_status {
	DOCTOR_OK,
	DOCTOR_INFO,	/* worth knowing; nothing to do */
	DOCTOR_UNKNOWN, /* could not be found out */
	DOCTOR_WARNING, /* coverage can be collected, but will be incomplete */
	DOCTOR_PROBLEM, /* no coverage until this is fixed */
};

struct doctor_finding {
	const char *check; /* name of the check; static */
	enum doctor_status status;
	char *text;   /* what was found; owned */
	char *remedy; /* what to do; owned, or NULL */
};
DEFINE_VECTOR(doctor_finding_vector, struct doctor_finding);

struct doctor_report {
	struct doctor_finding_vector findings; /* in the order of the checks */
};

struct doctor_options {
	/*
	 * Directory that stands for "/", NULL = "/". With another root the
	 * checks read only files below it and do not ask the running kernel.
	 */
	const char *root;
	const char *vmlinux; /* a file that must belong to the running kernel; NULL = look for one
			      */
};

/* options may be NULL. Fails only if memory runs out. */
struct error *doctor_run(const struct doctor_options *options, struct doctor_report **ret);
/* Accepts NULL. */
void doctor_report_destroy(struct doctor_report *report);
/* Number of findings with DOCTOR_PROBLEM. */
size_t doctor_count_problems(const struct doctor_report *report);
/* "ok", "info", "unknown", "warning", "problem". */
const char *doctor_status_name(enum doctor_status status);

/*
 * Why this machine cannot collect coverage: its first problem as an error, with
 * the remedy as hint. NULL if it can.
 */
struct error *doctor_verdict(void);

#endif
