// SPDX-License-Identifier: GPL-2.0-or-later
/* Does the kernel have remote coverage, and can a task use it and be recorded itself at once? */
#include <errno.h>

#include "base/cleanup.h"
#include "collect/doctor/checks.h"
#include "collect/kcov/remote.h"

#define PROBE_WORDS ((size_t)512)

/* Up to Linux 7.1 a task has one KCOV descriptor: KCOV_REMOTE_ENABLE returns EBUSY to a recorded
 * task. */
static void check_both(struct doctor *d)
{
	_cleanup_kcov_ struct kcov local = KCOV_CLOSED;
	struct remote_common common;

	struct error *err = kcov_open(&local, PROBE_WORDS);
	if (!err)
		err = kcov_enable_self(&local);
	if (err) {
		doctor_add_error(d, DOCTOR_UNKNOWN, "local and remote", err);
		return;
	}
	remote_open_common(&common, PROBE_WORDS);
	if (common.handle)
		doctor_add(d, DOCTOR_INFO, "local and remote", NULL,
			   "one task can be recorded both ways at once");
	else
		doctor_add(d, DOCTOR_INFO, "local and remote", NULL,
			   "one task cannot be recorded both ways at once, which collect does not "
			   "need");
	remote_close_common(&common);
	error_destroy(kcov_disable_self(&local));
}

void doctor_check_remote(struct doctor *d)
{
	struct remote_common common;

	if (!d->records || d->options->root)
		return;
	remote_open_common(&common, PROBE_WORDS);
	if (common.handle)
		doctor_add(d, DOCTOR_OK, "remote coverage", NULL, "KCOV_REMOTE_ENABLE works");
	else
		doctor_add(d, DOCTOR_WARNING, "remote coverage", NULL, "%s", common.problem);
	bool works = common.handle != 0;
	remote_close_common(&common);
	if (works)
		check_both(d);
}
