/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Turning coverage on in a stopped tracee.
 *
 * KCOV_ENABLE works only for the calling task, so the task must hold the fd
 * for a moment. It is not asked to open the device: it may have no right to,
 * may be chrooted, or in a mount namespace without debugfs. Instead it makes a
 * socket pair, we take one end out of it (pidfd_getfd, Linux 5.6), and send our
 * open kcov over (SCM_RIGHTS); it enables, and closes all three.
 *
 *	injected: socketpair, recvmsg, ioctl(KCOV_ENABLE), close_range (Linux 5.9; else, or if
 *	other files lie between them, close x 3)
 *
 * What the task's buffer holds of these calls is for the caller to discard.
 */
#ifndef COLLECT_FOLLOW_ATTACH_H
#define COLLECT_FOLLOW_ATTACH_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

/*
 * pid (of process tgid) is stopped as inject_begin() wants it; kcov_fd: borrowed,
 * has its buffer. Afterwards the task is as it was but records. ERROR_NOT_FOUND:
 * it died. Any other error says why it cannot be covered; it is unharmed then.
 */
struct error *attach_kcov(pid_t pid, pid_t tgid, unsigned long options, bool after_exec,
			  int kcov_fd);

#endif
