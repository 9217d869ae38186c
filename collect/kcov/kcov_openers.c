// SPDX-License-Identifier: GPL-2.0-or-later
/* Watches the KCOV device with fanotify. */
#include "collect/kcov/kcov_openers.h"

#include <fcntl.h>
#include <sys/fanotify.h>
#include <unistd.h>

#include "base/cleanup.h"

void kcov_openers_watch(struct kcov_openers *openers, const char *path)
{
	_cleanup_close_ int fd =
		fanotify_init(FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_NONBLOCK, O_RDONLY | O_CLOEXEC);

	openers->fd = -1;
	if (fd >= 0 && !fanotify_mark(fd, FAN_MARK_ADD, FAN_OPEN, AT_FDCWD, path))
		openers->fd = steal_fd(&fd);
}

void kcov_openers_close(struct kcov_openers *openers)
{
	if (openers->fd >= 0)
		close(openers->fd);
	openers->fd = -1;
}

bool kcov_openers_next(struct kcov_openers *openers, pid_t *ret)
{
	/* One event: the kernel returns those that fit, and keeps the others. */
	struct fanotify_event_metadata event;

	while (openers->fd >= 0 && read(openers->fd, &event, sizeof(event)) == sizeof(event)) {
		/* For each event the kernel opens the file. */
		if (event.fd >= 0)
			close(event.fd);
		if (event.vers == FANOTIFY_METADATA_VERSION && event.pid > 0 &&
		    event.pid != getpid()) {
			*ret = event.pid;
			return true;
		}
	}
	return false;
}
