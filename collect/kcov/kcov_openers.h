/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which processes open the KCOV device while a collection runs. A task that is recorded cannot
 * enable another KCOV buffer: KCOV_ENABLE fails with EBUSY (Linux kernel/kcov.c,
 * kcov_ioctl_locked()). The code of the device is not instrumented, so coverage does not show
 * that a task calls it; fanotify(7) reports each process that opens the device, with its id.
 *
 * fanotify needs CAP_SYS_ADMIN and CONFIG_FANOTIFY. Without them no process is reported.
 */
#ifndef COLLECT_KCOV_KCOV_OPENERS_H
#define COLLECT_KCOV_KCOV_OPENERS_H

#include <stdbool.h>
#include <sys/types.h>

struct kcov_openers {
	int fd; /* -1 = none are reported */
};

#define KCOV_OPENERS_NONE                                                                          \
	{                                                                                          \
		.fd = -1                                                                           \
	}

/* path: KCOV_DEVICE, except in tests. */
void kcov_openers_watch(struct kcov_openers *openers, const char *path);
/* Does nothing on KCOV_OPENERS_NONE, or when called again. */
void kcov_openers_close(struct kcov_openers *openers);
/*
 * Get the id of a process other than the calling one that opened the device. False: there was none
 * since the last call. A process that opens it more than once may be reported only once.
 */
bool kcov_openers_next(struct kcov_openers *openers, pid_t *ret);

static inline void cleanup_kcov_openers(struct kcov_openers *openers)
{
	kcov_openers_close(openers);
}
#define _cleanup_kcov_openers_ __attribute__((__cleanup__(cleanup_kcov_openers)))

#endif
