// SPDX-License-Identifier: GPL-2.0-or-later
/* Files and directories in the working directory: calls that usually succeed, and
 * calls that must fail. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

static char data[70000];
static void *volatile nowhere = (void *)8;

static void contents(int fd)
{
	struct iovec parts[2] = { { data, 100 }, { data + 200, 5000 } };
	struct iovec too_long = { data, (size_t)-1 };

	write(fd, data, sizeof(data));
	pwrite(fd, data, 10, 1 << 20);
	pwrite(fd, data, 10, -1);
	writev(fd, parts, 2);
	writev(fd, &too_long, 1);
	preadv(fd, parts, 2, 50);
	preadv2(fd, parts, 2, 50, RWF_NOWAIT);
	pwritev2(fd, parts, 2, 50, RWF_DSYNC);
	lseek(fd, 0, SEEK_DATA);
	lseek(fd, 0, SEEK_HOLE);
	lseek(fd, -5, SEEK_SET);
	read(fd, data, 4096);
	read(fd, nowhere, 4096);
	ftruncate(fd, 12345);
	ftruncate(fd, -1);
	fallocate(fd, 0, 0, 1 << 16);
	fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 4096, 8192);
	fallocate(fd, FALLOC_FL_COLLAPSE_RANGE, 4096, 4096);
	fallocate(fd, 0, -1, 0);
	fsync(fd);
	fdatasync(fd);
	sync_file_range(fd, 0, 4096, SYNC_FILE_RANGE_WRITE);
	posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	posix_fadvise(fd, 0, 0, 77);
	readahead(fd, 0, 1 << 16);
}

static void locks(int fd)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 10, .l_len = 10 };

	flock(fd, LOCK_EX | LOCK_NB);
	flock(fd, LOCK_UN);
	fcntl(fd, F_SETLK, &lock);
	lock.l_type = F_RDLCK;
	lock.l_start = 15;
	fcntl(fd, F_SETLK, &lock);
	fcntl(fd, F_GETLK, &lock);
	lock.l_type = F_UNLCK;
	fcntl(fd, F_OFD_SETLK, &lock);
	fcntl(fd, F_SETLEASE, F_RDLCK);
	fcntl(fd, F_GETLEASE);
	fcntl(fd, F_DUPFD_CLOEXEC, 100);
	fcntl(fd, F_SETFL, O_APPEND | O_NONBLOCK);
	fcntl(fd, F_SETPIPE_SZ, 4096);
	fcntl(fd, 4711, 0);
}

static void attributes(const char *path, int fd)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_NOW }, { .tv_sec = 1, .tv_nsec = -5 } };
	struct statfs fs;
	struct statx stx;
	char buffer[300];

	setxattr(path, "user.a", "value", 5, 0);
	setxattr(path, "user.a", "value", 5, XATTR_CREATE);
	setxattr(path, "trusted.b", "value", 5, 0);
	setxattr(path, "nothing.c", "value", 5, 0);
	fsetxattr(fd, "system.posix_acl_access", "bad", 3, 0);
	getxattr(path, "user.a", buffer, 2);
	fgetxattr(fd, "trusted.b", buffer, sizeof(buffer));
	listxattr(path, buffer, sizeof(buffer));
	removexattr(path, "user.a");
	removexattr(path, "user.a");
	fchmod(fd, 04711);
	chown(path, 1000, 1000);
	chown(path, -1, -1);
	utimensat(AT_FDCWD, path, times, 0);
	utimensat(AT_FDCWD, path, NULL, AT_SYMLINK_NOFOLLOW);
	statx(AT_FDCWD, path, AT_STATX_FORCE_SYNC, STATX_ALL, &stx);
	statfs(path, &fs);
	access(path, W_OK);
	faccessat(AT_FDCWD, path, X_OK, AT_EACCESS);
}

static void names(void)
{
	char name[300], buffer[64];
	DIR *dir;

	mkdir("dir", 0700);
	mkdir("dir", 0700);
	mkdir("none/dir", 0700);
	for (int i = 0; i < 40; i++) {
		snprintf(name, sizeof(name), "dir/file-%d", i);
		close(open(name, O_CREAT | O_EXCL | O_WRONLY, 0600));
	}
	close(open("dir/file-1", O_CREAT | O_EXCL, 0600));
	close(open("dir", O_TMPFILE | O_RDWR, 0600));
	close(open("dir/file-1", O_DIRECTORY));
	close(open("dir", O_WRONLY));
	link("dir/file-1", "hard");
	link("dir", "hard-dir");
	symlink("loop", "loop");
	symlink("dir/file-2", "soft");
	close(open("loop", O_RDONLY));
	close(open("soft", O_RDWR | O_TRUNC));
	close(open("soft", O_NOFOLLOW));
	readlink("soft", buffer, 5);
	readlink("hard", buffer, 5);
	rename("dir/file-3", "dir/file-4");
	renameat2(AT_FDCWD, "soft", AT_FDCWD, "hard", RENAME_EXCHANGE);
	renameat2(AT_FDCWD, "soft", AT_FDCWD, "hard", RENAME_NOREPLACE);
	rename("dir", "dir/below");
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	close(open(name, O_RDONLY));
	mknod("fifo", S_IFIFO | 0600, 0);
	mknod("device", S_IFCHR | 0600, 0x103);
	if ((dir = opendir("dir"))) {
		while (readdir(dir))
			;
		rewinddir(dir);
		seekdir(dir, 3);
		closedir(dir);
	}
	rmdir("dir");
	unlink("dir");
	for (int i = 0; i < 40; i++) {
		snprintf(name, sizeof(name), "dir/file-%d", i);
		unlink(name);
	}
	rmdir("dir");
	chdir("/proc/self");
	fchdir(-1);
	chroot(".");
}

int main(void)
{
	int fd = open("file", O_CREAT | O_RDWR, 0644), copy = open("copy", O_CREAT | O_RDWR, 0644);
	int watch = inotify_init1(IN_NONBLOCK);
	void *map;

	if (fd < 0 || copy < 0)
		return 1;
	inotify_add_watch(watch, ".", IN_ALL_EVENTS);
	inotify_add_watch(watch, "none", IN_ALL_EVENTS);
	contents(fd);
	locks(fd);
	attributes("file", fd);
	copy_file_range(fd, &(off_t){ 0 }, copy, NULL, 5000, 0);
	sendfile(copy, fd, &(off_t){ 100 }, 3000);
	map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, copy, 0);
	if (map != MAP_FAILED) {
		memset(map, 1, 100);
		msync(map, 8192, MS_SYNC);
		munmap(map, 8192);
	}
	names();
	read(watch, data, sizeof(data));
	inotify_rm_watch(watch, 1);
	sync();
	return 0;
}
