// SPDX-License-Identifier: GPL-2.0
/*
 * The guest's root is the host's root, read-only over 9p, below a tmpfs (overlayfs). So the command
 * finds every file of the host where it expects it, and what the command writes is lost when the
 * guest ends. Only the shares are directories of the host itself.
 *
 * Shares are mounted without a cache: when write() returns, the data is in the host's file, so that
 * a panic of the guest loses nothing. The price is that a file in a share cannot be mapped shared
 * and writable.
 */
#include "kernel/vm/guest/guest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

/* Directories are read in whole messages. Larger ones cost more to clear than they save. */
#define P9_OPTIONS "trans=virtio,version=9p2000.L,msize=65536"

struct mount_row {
	const char *type;
	const char *path;
	const char *data;
	unsigned long flags;
	bool required;
	bool no_helper; /* the kernel would start modprobe for it; prevent that */
};

/* Mounted in the new root, in this order. The kernel may lack those that are not required. */
static const struct mount_row rows[] = {
	{ "proc", "/proc", NULL, MS_NOSUID | MS_NODEV | MS_NOEXEC, true },
	{ "sysfs", "/sys", NULL, MS_NOSUID | MS_NODEV | MS_NOEXEC, true },
	{ "devtmpfs", "/dev", "mode=0755", MS_NOSUID, true },
	{ "devpts", "/dev/pts", "gid=5,mode=620,ptmxmode=666", MS_NOSUID | MS_NOEXEC, false },
	{ "tmpfs", "/dev/shm", "mode=1777", MS_NOSUID | MS_NODEV, false },
	{ "mqueue", "/dev/mqueue", NULL, MS_NOSUID | MS_NODEV | MS_NOEXEC, false },
	{ "debugfs", "/sys/kernel/debug", NULL, MS_NOSUID | MS_NODEV | MS_NOEXEC, false },
	{ "tracefs", "/sys/kernel/tracing", NULL, MS_NOSUID | MS_NODEV | MS_NOEXEC, false },
	{ "securityfs", "/sys/kernel/security", NULL, MS_NOSUID | MS_NODEV | MS_NOEXEC, false },
	{ "configfs", "/sys/kernel/config", NULL, MS_NOSUID | MS_NODEV | MS_NOEXEC, false },
	{ "cgroup2", "/sys/fs/cgroup", NULL, MS_NOSUID | MS_NODEV | MS_NOEXEC, false },
	{ "bpf", "/sys/fs/bpf", "mode=0700", MS_NOSUID | MS_NODEV | MS_NOEXEC, false, true },
};

static const struct {
	const char *target;
	const char *path;
} links[] = {
	{ "/proc/self/fd", "/dev/fd" },
	{ "/proc/self/fd/0", "/dev/stdin" },
	{ "/proc/self/fd/1", "/dev/stdout" },
	{ "/proc/self/fd/2", "/dev/stderr" },
};

static void must_mount(const char *source, const char *path, const char *type, unsigned long flags,
		       const char *data)
{
	if (mount(source, path, type, flags, data))
		guest_fail("cannot mount %s (%s) on '%s': %s", source, type, path, strerror(errno));
}

static void make_directory(const char *path)
{
	if (mkdir(path, 0755) && errno != EEXIST)
		guest_fail("cannot make directory '%s': %s", path, strerror(errno));
}

static void enter_overlay(void)
{
	make_directory("/kcr");
	must_mount("tmpfs", "/kcr", "tmpfs", 0, "mode=0755");
	make_directory("/kcr/host");
	make_directory("/kcr/upper");
	make_directory("/kcr/work");
	make_directory("/kcr/root");
	/* The host's files do not change while a guest that uses them runs, so cache them. */
	must_mount(REQUEST_ROOT_TAG, "/kcr/host", "9p", MS_RDONLY, P9_OPTIONS ",cache=loose");
	must_mount("overlay", "/kcr/root", "overlay", 0,
		   "lowerdir=/kcr/host,upperdir=/kcr/upper,workdir=/kcr/work");
	if (chdir("/kcr/root") || mount(".", "/", NULL, MS_MOVE, NULL) || chroot(".") || chdir("/"))
		guest_fail("cannot enter the new root: %s", strerror(errno));
}

/*
 * Exchange the path of modprobe with *path, a buffer of a page. Returns false if the kernel has no
 * modules.
 */
static bool swap_helper(char path[4096])
{
	char before[4096];
	int fd = open("/proc/sys/kernel/modprobe", O_RDWR | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, before, sizeof(before) - 1);
	bool swapped = n >= 0 && pwrite(fd, path, strlen(path) + 1, 0) > 0;

	if (fd >= 0)
		close(fd);
	if (!swapped)
		return false;
	before[n] = '\0';
	strcpy(path, before);
	return true;
}

static int mount_row(const struct mount_row *row)
{
	char helper[4096] = "";
	/* An emulated machine takes half a second to run modprobe, which would find nothing. */
	bool swapped = row->no_helper && swap_helper(helper);
	int status = mount(row->type, row->path, row->type, row->flags, row->data);

	if (swapped)
		swap_helper(helper);
	return status;
}

static void mount_rows(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct mount_row *row = &rows[i];

		mkdir(row->path, 0755);
		if (mount_row(row) && row->required)
			guest_fail("cannot mount %s on '%s': %s", row->type, row->path,
				   strerror(errno));
	}
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		symlink(links[i].target, links[i].path);
}

static void mount_shares(const struct job *job)
{
	for (size_t i = 0; i < job->n_shares; i++) {
		char tag[32];

		snprintf(tag, sizeof(tag), REQUEST_SHARE_TAG "%zu", i);
		must_mount(tag, job->shares[i], "9p", 0, P9_OPTIONS ",cache=none");
	}
}

static void mount_modules(const struct job *job)
{
	char path[sizeof("/lib/modules/") + sizeof(((struct utsname *)0)->release)];
	struct utsname name;

	if (!job->modules || uname(&name))
		return;
	snprintf(path, sizeof(path), "/lib/modules/%s", name.release);
	mkdir("/lib/modules", 0755);
	mkdir(path, 0755);
	if (mount(job->modules, path, NULL, MS_BIND, NULL))
		guest_fail("cannot bind '%s' on '%s': %s", job->modules, path, strerror(errno));
}

void mounts_enter(const struct job *job)
{
	umask(0);
	enter_overlay();
	mount_rows();
	mount_shares(job);
	mount_modules(job);
	umask(022);
}

void mounts_leave(const struct job *job)
{
	for (size_t i = job->n_shares; i--;) {
		int fd = open(job->shares[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		if (fd >= 0) {
			syncfs(fd);
			close(fd);
		}
		umount2(job->shares[i], MNT_DETACH);
	}
}
