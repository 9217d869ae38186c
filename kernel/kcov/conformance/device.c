// SPDX-License-Identifier: GPL-2.0
/* The KCOV device: ioctls, mappings, and reading what a trace or a set contains. */
#include "device.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "suite.h"

static void must(int error, const char *what)
{
	if (error)
		quit("%s: %s", what, errno_name(error));
}

int kcov_open(void)
{
	int fd = open(KCOV_DEVICE, O_RDWR | O_CLOEXEC);

	must(fd < 0 ? errno : 0, "open");
	return fd;
}

int kcov_call(int fd, unsigned long command, unsigned long argument)
{
	return ioctl(fd, command, argument) ? errno : 0;
}

int kcov_call_pointer(int fd, unsigned long command, const void *argument)
{
	return kcov_call(fd, command, (unsigned long)argument);
}

static void *map(int fd, size_t bytes)
{
	void *area = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	must(area == MAP_FAILED ? errno : 0, "mmap");
	return area;
}

struct trace trace_create(size_t words)
{
	struct trace trace = { .fd = kcov_open(), .words = words };

	must(kcov_call(trace.fd, KCOV_INIT_TRACE, words), "KCOV_INIT_TRACE");
	trace.area = map(trace.fd, words * sizeof(uint64_t));
	return trace;
}

void trace_destroy(struct trace *trace)
{
	munmap(trace->area, trace->words * sizeof(uint64_t));
	close(trace->fd);
}

uint64_t trace_count(const struct trace *trace)
{
	return __atomic_load_n(trace->area, __ATOMIC_ACQUIRE);
}

void trace_enable(struct trace *trace)
{
	must(kcov_call(trace->fd, KCOV_ENABLE, KCOV_TRACE_PC), "KCOV_ENABLE");
	__atomic_store_n(trace->area, 0, __ATOMIC_RELEASE);
}

uint64_t trace_disable(struct trace *trace)
{
	uint64_t count = trace_count(trace);

	must(kcov_call(trace->fd, KCOV_DISABLE, 0), "KCOV_DISABLE");
	return count;
}

static struct set set_create_with(uint64_t hash_slots, uint32_t flags)
{
	struct set set = {
		.fd = kcov_open(),
		.init = { .size = sizeof(set.init), .flags = flags, .hash_slots = hash_slots }
	};

	must(kcov_call_pointer(set.fd, KCOV_INIT_SET, &set.init), "KCOV_INIT_SET");
	set.map = map(set.fd, set.init.map_size);
	return set;
}

struct set set_create(uint64_t hash_slots)
{
	return set_create_with(hash_slots, 0);
}

struct set set_create_small(uint64_t hash_slots)
{
	return set_create_with(hash_slots, KCOV_SET_HASH_MODULES);
}

struct set set_create_system(void)
{
	return set_create_with(0, KCOV_SET_SYSTEM);
}

int context_call(int fd, unsigned int context, int context_fd)
{
	struct kcov_set_context argument = {
		.size = sizeof(argument), .context = context, .fd = context_fd };

	return kcov_call_pointer(fd, KCOV_ADD_CONTEXT, &argument);
}

struct set context_add(const struct set *set, unsigned int context)
{
	struct set other = set_create_with(0, 0);

	must(context_call(set->fd, context, other.fd), "KCOV_ADD_CONTEXT");
	return other;
}

struct set set_share(const struct set *other)
{
	struct set set = { .fd = kcov_open(), .init = other->init };

	must(kcov_call(set.fd, KCOV_SHARE_SET, other->fd), "KCOV_SHARE_SET");
	set.map = map(set.fd, set.init.map_size);
	return set;
}

void set_destroy(struct set *set)
{
	munmap(set->map, set->init.map_size);
	close(set->fd);
}

void set_enable(struct set *set, unsigned long flags)
{
	must(kcov_call(set->fd, KCOV_ENABLE, KCOV_TRACE_SET | flags), "KCOV_ENABLE of a set");
}

void set_disable(struct set *set)
{
	must(kcov_call(set->fd, KCOV_DISABLE, 0), "KCOV_DISABLE of a set");
}

uint64_t set_hashed(const struct set *set, uint64_t start, uint64_t end)
{
	const uint64_t *slots = (const uint64_t *)(set->map + set->init.hash_offset);
	uint64_t count = 0;

	for (uint64_t i = 0; i < set->init.hash_slots; i++)
		count += slots[i] && slots[i] >= start && slots[i] < end;
	return count;
}

static bool has_bit(const struct set *set, uint64_t offset, uint64_t distance)
{
	const uint8_t *bitmap = set->map + offset;
	uint64_t bit = distance >> set->init.text_shift;

	return bitmap[bit / 8] >> bit % 8 & 1;
}

bool set_has(const struct set *set, uint64_t pc)
{
	const struct kcov_set_init *init = &set->init;

	if (pc - init->text_start < init->text_size)
		return has_bit(set, init->bitmap_offset, pc - init->text_start);
	if (pc - init->modules_start < init->modules_size)
		return has_bit(set, init->modules_offset, pc - init->modules_start);
	return set_hashed(set, pc, pc + 1);
}

static uint64_t count_bits(const struct set *set, uint64_t offset, uint64_t size)
{
	const uint64_t *words = (const uint64_t *)(set->map + offset);
	uint64_t count = 0;

	/* Each part of a set consists of whole pages. */
	for (uint64_t i = 0; i < ((size >> set->init.text_shift) + 63) / 64; i++)
		if (words[i])
			count += __builtin_popcountll(words[i]);
	return count;
}

uint64_t set_size(const struct set *set)
{
	const struct kcov_set_init *init = &set->init;

	return set_hashed(set, 0, UINT64_MAX) +
	       count_bits(set, init->bitmap_offset, init->text_size) +
	       count_bits(set, init->modules_offset, init->modules_size);
}

struct kcov_stats stats_get(int fd)
{
	struct kcov_stats stats = { .size = sizeof(stats) };

	must(kcov_call_pointer(fd, KCOV_GET_STATS, &stats), "KCOV_GET_STATS");
	return stats;
}

int remote_enable(int fd, uint32_t mode, uint32_t area_size, uint64_t common,
		  const uint64_t *handles, size_t count)
{
	struct kcov_remote_arg *argument = calloc(1, sizeof(*argument) + count * sizeof(*handles));

	argument->trace_mode = mode;
	argument->area_size = area_size;
	argument->num_handles = count;
	argument->common_handle = common;
	if (count)
		memcpy(argument->handles, handles, count * sizeof(*handles));
	int err = kcov_call_pointer(fd, KCOV_REMOTE_ENABLE, argument);
	free(argument);
	return err;
}

void remote_own(int fd, uint32_t area_size, uint64_t handle)
{
	if (handle >> 56)
		must(remote_enable(fd, KCOV_TRACE_PC, area_size, 0, &handle, 1),
		     "KCOV_REMOTE_ENABLE");
	else
		must(remote_enable(fd, KCOV_TRACE_PC, area_size, handle, NULL, 0),
		     "KCOV_REMOTE_ENABLE");
}

void call_getpid(unsigned int times)
{
	while (times--)
		syscall(SYS_getpid);
}

void call_getppid(unsigned int times)
{
	while (times--)
		syscall(SYS_getppid);
}

void call_gettid(unsigned int times)
{
	while (times--)
		syscall(SYS_gettid);
}
