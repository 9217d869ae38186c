// SPDX-License-Identifier: GPL-2.0-or-later
/* What tells of changes to files, and what keeps others from making them: inotify, fanotify,
 * leases, locks, seals. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char data[65536];

static void touch(const char *path, size_t size)
{
	int fd = open(path, O_CREAT | O_RDWR | O_APPEND, 0640);

	write(fd, data, size);
	pread(fd, data, 10, 0);
	fchmod(fd, 0600);
	close(fd);
}

static void watch_by_inotify(void)
{
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC), dir, file, pending;

	inotify_init1(-1);
	mkdir("watched", 0700);
	dir = inotify_add_watch(fd, "watched", IN_ALL_EVENTS | IN_ONLYDIR);
	touch("watched/a", 100);
	file = inotify_add_watch(fd, "watched/a", IN_MODIFY | IN_ONESHOT);
	inotify_add_watch(fd, "watched/a", IN_MASK_CREATE | IN_ATTRIB);
	inotify_add_watch(fd, "watched/a", IN_MASK_ADD | IN_ATTRIB);
	inotify_add_watch(fd, "watched/a", IN_ONLYDIR | IN_OPEN);
	inotify_add_watch(fd, "nothing", IN_OPEN);
	inotify_add_watch(fd, "watched", 0);
	inotify_add_watch(0, "watched", IN_OPEN);
	touch("watched/a", 5);
	rename("watched/a", "watched/b");
	link("watched/b", "watched/c");
	unlink("watched/b");
	ioctl(fd, FIONREAD, &pending);
	read(fd, data, 8);
	poll(&(struct pollfd){ .fd = fd, .events = POLLIN }, 1, 0);
	read(fd, data, 200);
	while (read(fd, data, sizeof(data)) > 0)
		;
	inotify_rm_watch(fd, file);
	inotify_rm_watch(fd, 4711);
	unlink("watched/c");
	rmdir("watched");
	inotify_rm_watch(fd, dir);
	read(fd, data, sizeof(data));
	close(fd);
}

static void watch_by_fanotify(void)
{
	int fd = fanotify_init(FAN_CLASS_NOTIF | FAN_NONBLOCK | FAN_REPORT_DFID_NAME, O_RDONLY);
	int content = fanotify_init(FAN_CLASS_CONTENT | FAN_NONBLOCK, O_RDONLY | O_LARGEFILE);
	const struct fanotify_event_metadata *event;
	ssize_t size;

	fanotify_init(FAN_REPORT_NAME, O_RDONLY);
	fanotify_init(FAN_CLASS_NOTIF, 0x7fffffff);
	mkdir("seen", 0700);
	fanotify_mark(fd, FAN_MARK_ADD | FAN_MARK_ONLYDIR,
		      FAN_CREATE | FAN_DELETE | FAN_RENAME | FAN_EVENT_ON_CHILD | FAN_ONDIR |
			      FAN_MODIFY | FAN_CLOSE_WRITE,
		      AT_FDCWD, "seen");
	fanotify_mark(fd, FAN_MARK_ADD | FAN_MARK_FILESYSTEM, FAN_DELETE_SELF, AT_FDCWD, ".");
	fanotify_mark(content, FAN_MARK_ADD, FAN_OPEN | FAN_ACCESS | FAN_CLOSE, AT_FDCWD, "seen");
	fanotify_mark(content, FAN_MARK_ADD, FAN_CREATE, AT_FDCWD, "seen");
	fanotify_mark(content, FAN_MARK_ADD, FAN_OPEN, AT_FDCWD, "nothing");
	fanotify_mark(content, FAN_MARK_REMOVE, FAN_MODIFY, AT_FDCWD, "seen");
	touch("seen/a", 1000);
	touch("seen/b", 10);
	rename("seen/a", "seen/c");
	mkdir("seen/d", 0700);
	close(open("seen", O_RDONLY | O_DIRECTORY));
	read(fd, data, 10);
	while ((size = read(fd, data, sizeof(data))) > 0)
		;
	size = read(content, data, sizeof(data));
	for (event = (void *)data; FAN_EVENT_OK(event, size); event = FAN_EVENT_NEXT(event, size))
		close(event->fd);
	write(content, &(struct fanotify_response){ .fd = 5, .response = FAN_ALLOW },
	      sizeof(struct fanotify_response));
	fanotify_mark(content, FAN_MARK_FLUSH, 0, AT_FDCWD, NULL);
	fanotify_mark(fd, FAN_MARK_FLUSH | FAN_MARK_FILESYSTEM, 0, AT_FDCWD, NULL);
	close(content);
	close(fd);
}

static void lock(void)
{
	struct flock all = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	struct flock part = { .l_type = F_RDLCK, .l_start = 10, .l_len = 10 };
	struct flock hole = { .l_type = F_UNLCK, .l_start = 13, .l_len = 2 };
	struct flock bad = { .l_type = F_RDLCK, .l_start = -5, .l_whence = SEEK_SET };
	int fd = open("lock", O_CREAT | O_RDWR, 0600), other = open("lock", O_RDWR), status;

	fcntl(fd, F_SETLK, &part);
	fcntl(fd, F_SETLK, &hole);
	fcntl(fd, F_SETLK, &bad);
	if (fork() == 0) {
		fcntl(other, F_GETLK, &all);
		fcntl(other, F_SETLK, &part);
		all.l_type = F_WRLCK;
		fcntl(other, F_SETLK, &all);
		flock(fd, LOCK_UN);
		_exit(0);
	}
	wait(&status);
	fcntl(fd, F_OFD_SETLK, &all);
	all.l_pid = 0;
	part.l_pid = 0;
	fcntl(fd, F_OFD_SETLK, &all);
	fcntl(other, F_OFD_SETLK, &part);
	fcntl(other, F_OFD_GETLK, &part);
	flock(fd, LOCK_SH);
	flock(other, LOCK_EX | LOCK_NB);
	flock(fd, LOCK_EX);
	flock(fd, 77);
	flock(999, LOCK_SH);
	close(other);
	signal(SIGIO, SIG_IGN);
	fcntl(fd, F_SETLEASE, F_WRLCK);
	close(fd);
	fd = open("lock", O_RDONLY);
	fcntl(fd, F_SETLEASE, F_RDLCK);
	fcntl(fd, F_GETLEASE);
	close(open("lock", O_WRONLY | O_NONBLOCK));
	fcntl(fd, F_SETLEASE, F_UNLCK);
	fcntl(fd, F_SETOWN, getpid());
	fcntl(fd, F_GETOWN);
	fcntl(fd, F_SETSIG, SIGIO);
	fcntl(open(".", O_RDONLY), F_NOTIFY, DN_CREATE | DN_DELETE);
	touch("noticed", 1);
	unlink("noticed");
	close(fd);
}

static void seal(void)
{
	int fd = memfd_create("sealed", MFD_ALLOW_SEALING | MFD_CLOEXEC);
	void *area;

	memfd_create("unsealed", 0x7fffffff);
	ftruncate(fd, 20000);
	area = mmap(NULL, 20000, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE);
	munmap(area, 20000);
	fcntl(fd, F_ADD_SEALS, F_SEAL_GROW);
	ftruncate(fd, 30000);
	fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK);
	ftruncate(fd, 100);
	write(fd, data, 100);
	fcntl(fd, F_GET_SEALS);
	fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL);
	fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE);
	fcntl(0, F_GET_SEALS);
	close(fd);
}

static void open_in_many_ways(void)
{
	struct open_how hows[] = {
		{ .flags = O_RDONLY, .resolve = RESOLVE_BENEATH },
		{ .flags = O_RDONLY, .resolve = RESOLVE_IN_ROOT },
		{ .flags = O_RDONLY, .resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV },
		{ .flags = O_RDONLY, .resolve = RESOLVE_CACHED },
		{ .flags = O_RDONLY, .resolve = 1 << 30 },
		{ .flags = O_TMPFILE | O_RDWR, .mode = 0600 },
		{ .flags = O_PATH | O_NOFOLLOW },
		{ .flags = O_RDONLY, .mode = 0600 },
	};
	const char *paths[] = { "inside/link", "inside/../lock", "/proc/self/cwd/lock", "inside" };
	struct file_handle *handle = calloc(1, sizeof(*handle) + MAX_HANDLE_SZ);
	int id, fd, dir;

	mkdir("inside", 0700);
	symlink("../lock", "inside/link");
	dir = open(".", O_RDONLY | O_DIRECTORY);
	for (unsigned i = 0; i < sizeof(hows) / sizeof(*hows); i++)
		for (unsigned j = 0; j < 4; j++) {
			fd = syscall(SYS_openat2, dir, paths[j], &hows[i], sizeof(*hows));
			if (fd >= 0)
				close(fd);
		}
	syscall(SYS_openat2, dir, "lock", hows, 7);
	name_to_handle_at(AT_FDCWD, "lock", handle, &id, 0);
	handle->handle_bytes = MAX_HANDLE_SZ;
	name_to_handle_at(AT_FDCWD, "lock", handle, &id, AT_SYMLINK_FOLLOW);
	fd = open_by_handle_at(dir, handle, O_RDONLY);
	fstatfs(fd, &(struct statfs){ 0 });
	handle->handle_type = 99;
	open_by_handle_at(dir, handle, O_RDONLY);
	close(fd);
	close(dir);
}

int main(void)
{
	watch_by_inotify();
	watch_by_fanotify();
	lock();
	seal();
	open_in_many_ways();
	return 0;
}
