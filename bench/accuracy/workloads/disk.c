// SPDX-License-Identifier: GPL-2.0-or-later
/* An ext4 file system on a loop device: mount it, work on it, resize and check it, fill it up. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <linux/loop.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/xattr.h>
#include <unistd.h>

static char data[1 << 18], name[300];

static int attach(const char *image, char *device)
{
	int control = open("/dev/loop-control", O_RDWR), number = ioctl(control, LOOP_CTL_GET_FREE);
	int file = open(image, O_RDWR), loop;

	snprintf(device, 40, "/dev/loop%d", number);
	loop = open(device, O_RDWR);
	ioctl(loop, LOOP_SET_FD, 999);
	ioctl(loop, LOOP_SET_FD, file);
	ioctl(loop, LOOP_SET_FD, file);
	ioctl(loop, LOOP_GET_STATUS64, data);
	ioctl(loop, LOOP_SET_BLOCK_SIZE, 77);
	ioctl(loop, BLKGETSIZE64, data);
	ioctl(loop, BLKRRPART, 0);
	close(file);
	close(control);
	return loop;
}

static void directories(void)
{
	DIR *dir;

	mkdir("dir", 0755);
	for (int i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "dir/a-rather-long-name-of-a-file-to-fill-blocks-%d",
			 i);
		close(open(name, O_CREAT | O_EXCL | O_WRONLY, 0600));
	}
	rename(name, "dir/other");
	link("dir/other", "dir/linked");
	symlink("short", "dir/soft");
	memset(name, 'y', 200);
	symlink(name, "dir/soft-long");
	readlink("dir/soft-long", data, 300);
	mkdir("dir/other", 0700);
	rename("dir", "dir/x");
	rmdir("dir");
	mknod("device", S_IFBLK | 0600, 0x701);
	if ((dir = opendir("dir"))) {
		while (readdir(dir))
			;
		closedir(dir);
	}
	for (int i = 0; i < 300; i += 2) {
		snprintf(name, sizeof(name), "dir/a-rather-long-name-of-a-file-to-fill-blocks-%d",
			 i);
		unlink(name);
	}
	close(open("dir", O_TMPFILE | O_RDWR, 0600));
	renameat2(AT_FDCWD, "dir/other", AT_FDCWD, "dir/soft", RENAME_EXCHANGE);
	renameat2(AT_FDCWD, "dir/other", AT_FDCWD, "white", RENAME_WHITEOUT);
}

static void files(void)
{
	int fd = open("file", O_CREAT | O_RDWR, 0644),
	    sparse = open("sparse", O_CREAT | O_RDWR | O_DSYNC, 0644);
	int direct = open("direct", O_CREAT | O_RDWR | O_DIRECT, 0644),
	    flags = FS_APPEND_FL | FS_NOATIME_FL;
	char *aligned = aligned_alloc(4096, 1 << 16), *map;

	for (int i = 0; i < 40; i += 2)
		pwrite(sparse, data, 4096, i * 65536L);
	lseek(sparse, 5000, SEEK_HOLE);
	lseek(sparse, 5000, SEEK_DATA);
	ioctl(sparse, FS_IOC_FIEMAP, memset(data, 0, 100));
	write(fd, data, sizeof(data));
	fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 5000, 60000);
	fallocate(fd, FALLOC_FL_ZERO_RANGE, 70000, 9000);
	fallocate(fd, FALLOC_FL_COLLAPSE_RANGE, 65536, 65536);
	fallocate(fd, FALLOC_FL_INSERT_RANGE, 65536, 65536);
	fallocate(fd, FALLOC_FL_COLLAPSE_RANGE, 1, 1);
	fallocate(fd, 0, 1 << 20, 1 << 16);
	fsync(fd);
	memset(aligned, 5, 1 << 16);
	pwrite(direct, aligned, 1 << 16, 0);
	pread(direct, aligned, 4096, 0);
	pwrite(direct, aligned + 1, 100, 3);
	map = mmap(NULL, 1 << 16, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map != MAP_FAILED) {
		memset(map + 4096, 7, 20000);
		msync(map, 1 << 16, MS_SYNC);
		munmap(map, 1 << 16);
	}
	ftruncate(fd, 777);
	ftruncate(sparse, 300000);
	ioctl(fd, FS_IOC_GETFLAGS, &flags);
	flags |= FS_IMMUTABLE_FL;
	ioctl(fd, FS_IOC_SETFLAGS, &flags);
	write(fd, data, 10);
	unlink("file");
	flags &= ~FS_IMMUTABLE_FL;
	ioctl(fd, FS_IOC_SETFLAGS, &flags);
	ioctl(fd, FS_IOC_FSGETXATTR, data);
	ioctl(fd, FIGETBSZ, data);
	for (int i = 0; i < 12; i++) {
		snprintf(name, sizeof(name), "user.attribute-%d", i);
		fsetxattr(fd, name, data, i * 60, 0);
	}
	fsetxattr(fd, "user.large", data, 60000, 0);
	flistxattr(fd, data, 1000);
	fremovexattr(fd, "user.attribute-3");
	fchmod(fd, 0400);
	fchown(fd, 7, 7);
	close(fd);
	close(sparse);
	close(direct);
}

static void fill(void)
{
	int fd = open("full", O_CREAT | O_WRONLY, 0600);

	for (int i = 0; i < 200 && write(fd, data, sizeof(data)) > 0; i++)
		;
	fallocate(fd, 0, 0, 1L << 40);
	fsync(fd);
	close(fd);
	unlink("full");
}

int main(int argc, char **argv)
{
	char device[40];
	int loop = attach(argc > 1 ? argv[1] : "image", device), dir;

	mkdir("mnt", 0755);
	mount("nothing", "mnt", "ext4", 0, NULL);
	mount(device, "mnt", "ext4", 0, "no-such-option");
	if (mount(device, "mnt", "ext4", 0, "data=ordered"))
		return 1;
	mount(device, "mnt", "ext4", MS_REMOUNT, "data=journal");
	mount(device, "mnt", "ext4", MS_REMOUNT, "commit=1");
	chdir("mnt");
	directories();
	files();
	fill();
	sync();
	dir = open(".", O_RDONLY);
	ioctl(dir, FITRIM, &(struct fstrim_range){ .len = -1 });
	ioctl(dir, FIFREEZE, 0);
	ioctl(dir, FITHAW, 0);
	syncfs(dir);
	statfs(".", (struct statfs *)data);
	close(dir);
	chdir("..");
	mount(device, "mnt", "ext4", MS_REMOUNT | MS_RDONLY, NULL);
	close(open("mnt/new", O_CREAT | O_WRONLY, 0600));
	umount("mnt");
	mount(device, "mnt", "ext4", MS_RDONLY, NULL);
	umount2("mnt", MNT_DETACH);
	ioctl(loop, LOOP_CLR_FD, 0);
	close(loop);
	return 0;
}
