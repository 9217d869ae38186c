// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * For LD_PRELOAD: a KCOV device that is not there, as far as `collect --follow kernel` uses it, so
 * that collecting can be tested on any kernel. A descriptor of the device is a file in memory. A
 * traced task records one PC for getpid(2) and one more for ptrace(2); a command records 100 PCs
 * when it is enabled. A context has one PC for its number as soon as it is added, and the system
 * has a PC when it is enabled. $FAKE_KCOV: "stock" has no sets, "hidden" must not be opened, "old"
 * has neither contexts nor the system, "full" refuses the context of work, "busy" the system,
 * "booted" has recorded the system since boot, "pending" has work that does not run.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "collect/kcov/kcov.h"
#include "collect/kcov/kcov_set.h"

#define TEXT	   0xffffffff81000000ULL
#define TEXT_BYTES (1u << 20)
#define SLOTS	   512
#define PCS	   100

static uint64_t *recording; /* the buffer that this task records into */

static int next_ioctl(int fd, unsigned long request, void *arg)
{
	static int (*next)(int, unsigned long, void *);

	if (!next)
		next = (int (*)(int, unsigned long, void *))dlsym(RTLD_NEXT, "ioctl");
	return next(fd, request, arg);
}

static bool is(const char *what)
{
	const char *word = getenv("FAKE_KCOV");

	return word && !strcmp(word, what);
}

static int fail(int errnum)
{
	errno = errnum;
	return -1;
}

int open64(const char *path, int flags, ...)
{
	static int (*next)(const char *, int, int);
	va_list args;

	if (!strcmp(path, KCOV_DEVICE) && is("hidden"))
		return fail(EACCES);
	if (!strcmp(path, KCOV_DEVICE))
		return memfd_create("kcov", flags & O_CLOEXEC ? MFD_CLOEXEC : 0);
	/* The symbols of the real kernel say nothing of this one, and take long to read. */
	if (!strcmp(path, "/proc/kallsyms"))
		path = "/dev/null";
	if (!next)
		next = (int (*)(const char *, int, int))dlsym(RTLD_NEXT, "open64");
	va_start(args, flags);
	int mode = flags & O_CREAT ? va_arg(args, int) : 0;
	va_end(args);
	return next(path, flags, mode);
}

static uint64_t *map(int fd)
{
	struct stat st;

	if (fstat(fd, &st) || !st.st_size)
		return NULL;
	void *area = mmap(NULL, st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	return area == MAP_FAILED ? NULL : area;
}

static int system_fd = -1, work_fd = -1;

static int init_set(int fd, struct kcov_set_init *set)
{
	if (is("stock"))
		return fail(ENOTTY);
	if (set->flags & KCOV_SET_SYSTEM && (is("old") || is("busy")))
		return fail(is("old") ? EINVAL : EBUSY);
	if (set->flags & KCOV_SET_SYSTEM)
		system_fd = fd;
	set->hash_slots = SLOTS;
	set->text_start = TEXT;
	set->text_size = TEXT_BYTES;
	set->bitmap_offset = 0;
	set->modules_start = set->modules_size = set->modules_offset = 0;
	set->hash_offset = TEXT_BYTES / 8;
	set->map_size = set->hash_offset + SLOTS * sizeof(uint64_t);
	set->text_shift = set->reserved = 0;
	return ftruncate(fd, set->map_size);
}

static int enable(int fd, unsigned long mode)
{
	uint64_t *area = map(fd);

	if (!area)
		return fail(EINVAL);
	if (mode == KCOV_TRACE_SYSTEM) {
		((unsigned char *)area)[0x1000] = 1;
		return 0;
	}
	if (mode == KCOV_TRACE_PC)
		recording = area;
	for (int i = 0; mode != KCOV_TRACE_PC && i < PCS; i++)
		((unsigned char *)area)[i * 16] |= 4;
	return 0;
}

static int add_context(const struct kcov_set_context *context)
{
	unsigned char *area = (unsigned char *)map(context->fd);

	if (is("old"))
		return fail(ENOTTY);
	if (!area)
		return fail(EINVAL);
	if (context->context == KCOV_CONTEXT_WORK && is("full"))
		return fail(ENOSPC);
	if (context->context == KCOV_CONTEXT_WORK)
		work_fd = context->fd;
	area[0x2000 + context->context] = 1;
	return 0;
}

static int get_stats(int fd, struct kcov_stats *stats)
{
	*stats = (struct kcov_stats){ .size = sizeof(*stats) };
	if (fd == system_fd)
		stats->tasks = is("booted");
	if (fd == work_fd && is("pending")) {
		stats->tasks = 3;
		stats->dropped_sections = 2;
	}
	return 0;
}

int ioctl(int fd, unsigned long request, ...)
{
	va_list args;

	va_start(args, request);
	void *arg = va_arg(args, void *);
	va_end(args);
	switch (request) {
	case KCOV_INIT_SET:
		return init_set(fd, arg);
	case KCOV_INIT_TRACE:
		return ftruncate(fd, (uintptr_t)arg * sizeof(uint64_t));
	case KCOV_ENABLE:
		return enable(fd, (uintptr_t)arg);
	case KCOV_DISABLE:
		recording = NULL;
		return 0;
	case KCOV_REMOTE_ENABLE:
		return 0;
	case KCOV_ADD_CONTEXT:
		return add_context(arg);
	case KCOV_RESET_SET:
		return 0;
	case KCOV_GET_STATS:
		return get_stats(fd, arg);
	default:
		return next_ioctl(fd, request, arg);
	}
}

long syscall(long number, ...)
{
	static long (*next)(long, ...);
	long a[6];
	va_list args;

	if (!next)
		next = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
	va_start(args, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(args, long);
	va_end(args);
	if (recording && (number == SYS_getpid || number == SYS_ptrace)) {
		recording[1] = TEXT + 1;
		recording[2] = TEXT + 2;
		recording[0] = number == SYS_ptrace ? 2 : 1;
	}
	return next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
