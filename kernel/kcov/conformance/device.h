/* SPDX-License-Identifier: GPL-2.0 */
/* The KCOV device, for cases: calls that return an errno, and calls that end the case if they
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

/* A descriptor and its mapping. */
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
/* Calls ioctl(); returns an errno or 0. */
int kcov_call(int fd, unsigned long command, unsigned long argument);
int kcov_call_pointer(int fd, unsigned long command, const void *argument);

struct trace trace_create(size_t words);
/* Closes the descriptor and unmaps the area. */
void trace_destroy(struct trace *trace);
/* After this call the count is 0. */
void trace_enable(struct trace *trace);
/* Returns the count before the descriptor is disabled, so without the PCs of disabling it. */
uint64_t trace_disable(struct trace *trace);
uint64_t trace_count(const struct trace *trace);

struct set set_create(uint64_t hash_slots);
/* Modules are in the hash table: mapping a bitmap for them would take most of the time of a
 * case. */
struct set set_create_small(uint64_t hash_slots);
/* The set of the whole system. */
struct set set_create_system(void);
/* Adds a second set for a KCOV_CONTEXT_ of this set, and returns it. */
struct set context_add(const struct set *set, unsigned int context);
/* KCOV_ADD_CONTEXT; returns an errno. */
int context_call(int fd, unsigned int context, int context_fd);
struct set set_share(const struct set *other);
void set_destroy(struct set *set);
void set_enable(struct set *set, unsigned long flags);
void set_disable(struct set *set);
bool set_has(const struct set *set, uint64_t pc);
/* Number of PCs in the hash table from start up to, not including, end. */
uint64_t set_hashed(const struct set *set, uint64_t start, uint64_t end);
uint64_t set_size(const struct set *set);

struct kcov_stats stats_get(int fd);

#define COMMON(instance) (KCOV_SUBSYSTEM_COMMON | (instance))
#define USB(instance)	 (KCOV_SUBSYSTEM_USB | (instance))

/* KCOV_REMOTE_ENABLE; common may be 0. Returns an errno. */
int remote_enable(int fd, uint32_t mode, uint32_t area_size, uint64_t common,
		  const uint64_t *handles, size_t count);
/* Enables PCs with one handle, a common or a USB one. Ends the case if that fails. */
void remote_own(int fd, uint32_t area_size, uint64_t handle);

/* System calls whose entries can be counted: __x64_sys_getpid, _getppid, _gettid. */
void call_getpid(unsigned int times);
void call_getppid(unsigned int times);
void call_gettid(unsigned int times);

#endif
