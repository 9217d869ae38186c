/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why is there no coverage? Checks everything that collecting and reporting
 * need of this machine, in the order in which it has to be put right, and says
 * of each what was found and what to do about it.
 *
 * Behaviour is probed (a real getpid() under KCOV, a real ptrace), never
 * guessed from a version; the kernel's configuration only explains.
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
	DOCTOR_WARNING, /* coverage can be collected, but something will be missing from it */
	DOCTOR_PROBLEM, /* no coverage without putting it right */
};

struct doctor_finding {
	const char *check; /* name of what was checked; static */
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
	 * Directory that stands for "/", NULL = "/". Below another root nothing
	 * is asked of the running kernel but through files there.
	 */
	const char *root;
	const char *vmlinux; /* a file that must belong to the running kernel; NULL = look for one
			      */
};

/* options may be NULL. Fails only for lack of memory. */
struct error *doctor_run(const struct doctor_options *options, struct doctor_report **ret);
/* Accepts NULL. */
void doctor_report_destroy(struct doctor_report *report);
/* Findings with DOCTOR_PROBLEM. */
size_t doctor_count_problems(const struct doctor_report *report);
/* "ok", "info", "unknown", "warning", "problem". */
const char *doctor_status_name(enum doctor_status status);

/*
 * Why this machine cannot collect coverage: its first problem as an error with
 * the remedy as hint; NULL when it can.
 */
struct error *doctor_verdict(void);

#endif
