/* SPDX-License-Identifier: GPL-2.0 */
/* The KCOV device for cases: system calls that return an errno, and those that end the case if they
 * fail. */
#ifndef KCOV_CONFORMANCE_DEVICE_H
#define KCOV_CONFORMANCE_DEVICE_H

#include <linux/kcov.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>

#include "kcov_set.h"

#define KCOV_DEVICE "/sys/kernel/debug/kcov"
#define PAGE_WORDS  512

/* A descriptor with its mapping. */
struct trace {
	int fd;
	size_t words;
	uint64_t *area;
};

struct set {
	int fd;
	struct kcov_set_init init;
	uint8_t *map;
};

int kcov_open(void);
/* ioctl(), as an errno or 0. */
int kcov_call(int fd, unsigned long command, unsigned long argument);
int kcov_call_pointer(int fd, unsigned long command, const void *argument);

struct trace trace_create(size_t words);
/* Closes and unmaps. */
void trace_destroy(struct trace *trace);
/* After this the count is 0. */
void trace_enable(struct trace *trace);
/* The count before the descriptor is disabled: without what that takes itself. */
uint64_t trace_disable(struct trace *trace);
uint64_t trace_count(const struct trace *trace);

struct set set_create(uint64_t hash_slots);
/* With modules in the hash table: to map room for them takes most of the time of a case. */
struct set set_create_small(uint64_t hash_slots);
struct set set_share(const struct set *other);
void set_destroy(struct set *set);
void set_enable(struct set *set, unsigned long flags);
void set_disable(struct set *set);
bool set_has(const struct set *set, uint64_t pc);
/* How many PCs of the hash table are from start to before end. */
uint64_t set_hashed(const struct set *set, uint64_t start, uint64_t end);
uint64_t set_size(const struct set *set);

struct kcov_stats stats_get(int fd);

#define COMMON(instance) (KCOV_SUBSYSTEM_COMMON | (instance))
#define USB(instance)	 (KCOV_SUBSYSTEM_USB | (instance))

/* KCOV_REMOTE_ENABLE; common may be 0. An errno. */
int remote_enable(int fd, uint32_t mode, uint32_t area_size, uint64_t common,
		  const uint64_t *handles, size_t count);
/* It must succeed, with PCs and one handle, a common one or another. */
void remote_own(int fd, uint32_t area_size, uint64_t handle);

/* Calls into the kernel whose entry can be counted: __x64_sys_getpid, _getppid, _gettid. */
void call_getpid(unsigned int times);
void call_getppid(unsigned int times);
void call_gettid(unsigned int times);

#endif
