/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Only one collection at a time writes to a run file: two writers would overwrite each
 * other's records, and both would end without an error.
 *
 * The lock is flock(2) on the file itself. The kernel drops it when the last process
 * that has its descriptor has ended, however it ended, so no lock is ever stale. Child
 * processes hold the lock too, as long as they keep the descriptor.
 */
#ifndef RUN_LOCK_H
#define RUN_LOCK_H

#include <stdbool.h>

#include "base/cleanup.h"
#include "base/error.h"

struct run_lock {
	char *path;  /* owned */
	int fd;	     /* close-on-exec, above 2; -1 = none: path is not a regular file */
	bool is_new; /* the file did not exist before */
};

#define RUN_LOCK_NONE                                                                              \
	{                                                                                          \
		.fd = -1                                                                           \
	}

/*
 * Lock the file at path; create it, empty, if it does not exist. Fails if it cannot be
 * opened for writing, or if another process holds the lock; the message then names that
 * process. A pipe, a terminal or a device is not locked, and not opened either. Neither
 * is a file locked whose file system has no locks.
 */
struct error *run_lock_take(const char *path, struct run_lock *ret);
/*
 * Remove the file again if run_lock_take() created it and it is still empty. A fatal signal that
 * comes before does so, too.
 */
void run_lock_release(struct run_lock *lock);

#define _cleanup_run_lock_ __attribute__((__cleanup__(run_lock_release)))

#endif
