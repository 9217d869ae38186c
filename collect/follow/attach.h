/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Enabling coverage in a stopped tracee.
 *
 * KCOV_ENABLE works only for the calling task, so the task must hold the fd for a moment. It
 * does not open the device itself: it may lack the permission, be chrooted, or be in a mount
 * namespace without debugfs. Instead it creates a socket pair. We take one end out of it
 * (pidfd_getfd, Linux 5.6), and send our open kcov fd over it (SCM_RIGHTS). The task enables
 * it and closes all three.
 *
 *	injected: socketpair, recvmsg, ioctl(KCOV_ENABLE), close_range (Linux 5.9; before, or if
 *	other files lie between them, close x 3)
 *
 * The caller discards what the task's buffer holds of these calls.
 */
#ifndef COLLECT_FOLLOW_ATTACH_H
#define COLLECT_FOLLOW_ATTACH_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

/*
 * pid (of process tgid) is stopped as inject_begin() requires; kcov_fd: borrowed, its buffer
 * exists. Afterwards the task is unchanged, but records. ERROR_NOT_FOUND: it died. Any other
 * error says why it cannot be covered; the task is then unharmed.
 */
struct error *attach_kcov(pid_t pid, pid_t tgid, unsigned long options, bool after_exec,
			  int kcov_fd);

#endif
