// SPDX-License-Identifier: GPL-2.0-or-later
/* Namespaces, mounts of the old and the new interface, credentials, capabilities, cgroups and keys.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	write(fd, text, strlen(text));
	close(fd);
}

static void get(const char *path)
{
	char buffer[4096];
	int fd = open(path, O_RDONLY);

	while (fd >= 0 && read(fd, buffer, sizeof(buffer)) > 0)
		;
	close(fd);
}

static void mounts(void)
{
	int fs, mnt;

	mkdir("a", 0755);
	mkdir("b", 0755);
	mkdir("up", 0755);
	mkdir("work", 0755);
	mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
	mount("t", "a", "tmpfs", MS_NOSUID, "size=1M,mode=700,nr_inodes=100");
	mount("t", "a", "tmpfs", 0, "size=bad");
	mount("t", "a", "no-such-type", 0, NULL);
	mount("a", "b", NULL, MS_BIND | MS_REC, NULL);
	mount(NULL, "b", NULL, MS_SHARED, NULL);
	mount(NULL, "b", NULL, MS_SLAVE | MS_SHARED, NULL);
	mount("b", "a", NULL, MS_MOVE, NULL);
	mount(NULL, "b", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL);
	put("b/file", "x");
	mkdir("a/up", 0755);
	mkdir("a/work", 0755);
	mount("o", "b", "overlay", 0, "lowerdir=up,upperdir=a/up,workdir=a/work");
	put("b/file", "overlaid");
	rename("b/file", "b/renamed");
	unlink("b/renamed");
	umount("b");
	mount("p", "up", "proc", 0, "hidepid=2");
	fs = syscall(SYS_fsopen, "tmpfs", 0);
	syscall(SYS_fsconfig, fs, FSCONFIG_SET_STRING, "size", "2M", 0);
	syscall(SYS_fsconfig, fs, FSCONFIG_SET_FLAG, "nonsense", NULL, 0);
	syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	mnt = syscall(SYS_fsmount, fs, 0, MOUNT_ATTR_NODEV);
	syscall(SYS_move_mount, mnt, "", AT_FDCWD, "work", MOVE_MOUNT_F_EMPTY_PATH);
	syscall(SYS_mount_setattr, mnt, "", AT_EMPTY_PATH,
		&(struct mount_attr){ .attr_set = MOUNT_ATTR_RDONLY }, sizeof(struct mount_attr));
	close(syscall(SYS_open_tree, AT_FDCWD, "work", OPEN_TREE_CLONE | AT_RECURSIVE));
	close(syscall(SYS_fspick, AT_FDCWD, "work", 0));
	close(mnt);
	close(fs);
	get("/proc/self/mountinfo");
	get("/proc/self/mounts");
	umount2("work", MNT_EXPIRE);
	umount2("work", 77);
	syscall(SYS_pivot_root, "a", "b");
	umount2("a", MNT_DETACH);
}

static void credentials(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct caps[2];
	gid_t groups[] = { 5, 7, 9 };

	syscall(SYS_capget, &header, caps);
	syscall(SYS_capset, &header, caps);
	header.version = 1;
	syscall(SYS_capget, &header, caps);
	setgroups(3, groups);
	getgroups(1, groups);
	setresgid(5, 6, 7);
	setfsgid(9);
	for (int option = 1; option < 60; option++) {
		if (option != PR_SET_SECCOMP && option != PR_SET_PDEATHSIG)
			prctl(option, 0, 0, 0, 0);
	}
	prctl(PR_CAPBSET_DROP, CAP_SYS_TIME, 0, 0, 0);
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SYS_TIME, 0, 0);
	prctl(PR_SET_NAME, "renamed");
	setresuid(-1, 1000, -1);
	setreuid(1000, 1000);
	setuid(0);
	sethostname("x", 1);
	kill(1, 0);
}

static int child(void *mode)
{
	switch (*(int *)mode) {
	case 0:
		put("/proc/self/setgroups", "deny");
		put("/proc/self/uid_map", "0 0 1");
		put("/proc/self/uid_map", "0 0 1");
		put("/proc/self/gid_map", "nonsense");
		unshare(CLONE_NEWNS | CLONE_NEWUTS);
		sethostname("inside", 6);
		break;
	case 1:
		mounts();
		break;
	case 2:
		close(socket(AF_INET, SOCK_STREAM, 0));
		get("/proc/net/dev");
		get("/proc/self/status");
		break;
	default:
		credentials();
	}
	return 3;
}

static void enter(const char *name)
{
	char path[60];
	int fd;

	snprintf(path, sizeof(path), "/proc/self/ns/%s", name);
	fd = open(path, O_RDONLY);
	setns(fd, 0);
	setns(fd, CLONE_NEWUTS);
	close(fd);
}

int main(void)
{
	static const int flags[] = { CLONE_NEWUSER, CLONE_NEWNS,
				     CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC, 0 };
	static const char *const names[] = { "uts",  "mnt",    "ipc",  "net",
					     "user", "cgroup", "time", "pid" };
	static char stack[65536];

	for (int i = 0; i < 4; i++) {
		clone(child, stack + sizeof(stack), flags[i] | SIGCHLD, &i);
		wait(NULL);
	}
	clone(child, stack + sizeof(stack), CLONE_NEWUSER | CLONE_FS | SIGCHLD, NULL);
	for (int i = 0; i < 8; i++)
		enter(names[i]);
	setns(0, 0);
	mkdir("/sys/fs/cgroup/kcovreport-bench", 0755);
	put("/sys/fs/cgroup/cgroup.subtree_control", "+pids");
	put("/sys/fs/cgroup/kcovreport-bench/pids.max", "5");
	put("/sys/fs/cgroup/kcovreport-bench/cgroup.procs", "0");
	get("/sys/fs/cgroup/kcovreport-bench/pids.current");
	put("/sys/fs/cgroup/kcovreport-bench/cgroup.freeze", "nonsense");
	put("/sys/fs/cgroup/cgroup.procs", "0");
	rmdir("/sys/fs/cgroup/kcovreport-bench");
	syscall(SYS_add_key, "user", "name", "payload", 7, -2);
	syscall(SYS_keyctl, 0, -3, 1);
	unshare(CLONE_NEWUTS | CLONE_NEWCGROUP | CLONE_NEWTIME | CLONE_FILES);
	unshare(0x7fffffff);
	return 0;
}
