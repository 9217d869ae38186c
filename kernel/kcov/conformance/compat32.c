// SPDX-License-Identifier: GPL-2.0
/* usage: kcov_compat32 CASE
 *
 * A case of compat_cases.c, built as a 32-bit program. */
#include <errno.h>
#include <fcntl.h>
#include <linux/kcov.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kcov_set.h"

_Static_assert(sizeof(long) == 4, "a 32-bit program");

#define INIT_TRACE_64 _IOR('c', 1, uint64_t)
#define WORDS	      2048

static int failed;

static void expect(int result, int expected, const char *what)
{
	int actual = result < 0 ? errno : 0;

	if (actual == expected)
		return;
	printf("%s: expected %s, actual %s\n", what, strerror(expected), strerror(actual));
	failed = 1;
}

static int device_open(void)
{
	int fd = open("/sys/kernel/debug/kcov", O_RDWR | O_CLOEXEC);

	expect(fd, 0, "open");
	return fd;
}

static void *area_map(int fd, size_t bytes)
{
	void *area = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	expect(area == MAP_FAILED ? -1 : 0, 0, "mmap");
	return area;
}

static void run_numbers(void)
{
	int fd = device_open();

	expect(ioctl(fd, KCOV_INIT_TRACE, WORDS), ENOTTY, "the number of 32 bits");
	expect(ioctl(fd, INIT_TRACE_64, 1), EINVAL, "1 word");
	expect(ioctl(fd, INIT_TRACE_64, WORDS), 0, "the number of 64 bits");
	expect(ioctl(fd, INIT_TRACE_64, WORDS), EBUSY, "once more");
	expect(ioctl(fd, KCOV_ENABLE, 2), EINVAL, "mode 2");
	expect(ioctl(fd, KCOV_ENABLE, -1), EINVAL, "mode -1");
	expect(ioctl(fd, KCOV_ENABLE, 0), 0, "enable");
	expect(ioctl(fd, KCOV_DISABLE, 1), EINVAL, "disable with an argument");
	expect(ioctl(fd, KCOV_DISABLE, 0), 0, "disable");
}

/* Records are 64-bit words. */
static void run_record(void)
{
	int fd = device_open();

	expect(ioctl(fd, INIT_TRACE_64, WORDS), 0, "init");
	volatile uint64_t *area = area_map(fd, WORDS * sizeof(uint64_t));
	if (failed)
		return;
	expect(ioctl(fd, KCOV_ENABLE, 0), 0, "enable");
	area[0] = 0;
	syscall(SYS_getpid);
	uint64_t count = area[0];
	expect(ioctl(fd, KCOV_DISABLE, 0), 0, "disable");
	if (count < 1 || count >= WORDS || area[1] >> 31 != 0x1ffffffff) {
		printf("%llu PCs, the first 0x%llx\n", (unsigned long long)count,
		       (unsigned long long)area[1]);
		failed = 1;
	}
}

static void run_remote(void)
{
	struct kcov_remote_arg argument = { .area_size = 64, .common_handle = 0x301 };
	int fd = device_open();

	expect(ioctl(fd, INIT_TRACE_64, WORDS), 0, "init");
	expect(ioctl(fd, KCOV_REMOTE_ENABLE, NULL), EFAULT, "remote enable with NULL");
	expect(ioctl(fd, KCOV_REMOTE_ENABLE, &argument), 0, "remote enable");
	expect(ioctl(fd, KCOV_DISABLE, 0), 0, "disable");
	argument.common_handle |= 1ull << 56;
	expect(ioctl(fd, KCOV_REMOTE_ENABLE, &argument), EINVAL, "remote enable with a bad handle");
}

static void run_set(void)
{
	struct kcov_set_init init = { .size = sizeof(init) };
	struct kcov_stats stats = { .size = sizeof(stats) };
	int fd = device_open();

	expect(ioctl(fd, KCOV_INIT_SET, &init), 0, "init of a set");
	const uint8_t *map = area_map(fd, init.map_size);
	if (failed)
		return;
	expect(ioctl(fd, KCOV_ENABLE, KCOV_TRACE_SET | KCOV_INHERIT), 0, "enable of a set");
	expect(ioctl(fd, KCOV_GET_STATS, &stats), 0, "stats");
	expect(ioctl(fd, KCOV_DISABLE, 0), 0, "disable of a set");
	expect(ioctl(fd, KCOV_RESET_SET, 0), 0, "reset");
	expect(ioctl(fd, KCOV_SHARE_SET, fd), EBUSY, "share with itself");
	if (stats.tasks != 1 || map[init.bitmap_offset] == 0xff) {
		printf("%llu tasks\n", (unsigned long long)stats.tasks);
		failed = 1;
	}
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} runs[] = {
		{ "numbers", run_numbers },
		{ "record", run_record },
		{ "remote", run_remote },
		{ "set", run_set },
	};

	for (unsigned int i = 0; argc == 2 && i < sizeof(runs) / sizeof(*runs); i++) {
		if (!strcmp(runs[i].name, argv[1])) {
			runs[i].run();
			return failed;
		}
	}
	return 2;
}
