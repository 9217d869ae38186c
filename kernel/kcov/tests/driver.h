/* SPDX-License-Identifier: GPL-2.0 */
/* User space and the rest of the kernel, as the tests of the core need them. */
#ifndef KCOV_DRIVER_H
#define KCOV_DRIVER_H

#include <linux/kcov.h>
#include <uapi/linux/kcov_set.h>
#include "kernel/kcov/fork.h"
#include "kernel/kcov/tests/shim/shim_test.h"

/* A descriptor: its number, as -errno where it failed. */
int kcov_open(void);
void kcov_close(int fd);
int kcov_ioctl(int fd, unsigned int command, const void *arg);
int kcov_number(int fd, unsigned int command, unsigned long arg);
/*
 * The mapping, or NULL. It is valid while a descriptor, an enabled task or a section has the store.
 */
void *kcov_map(int fd, unsigned long bytes);

/* A descriptor with a trace of so many words, and its area. */
int trace_open(unsigned long words, unsigned long **ret_area);
struct set {
	int fd;
	struct kcov_set_init init;
	unsigned char *memory;
};
void set_open(struct set *set, unsigned long hash_slots);
bool set_has(const struct set *set, unsigned long pc);
struct kcov_stats stats_of(int fd);

/* Of a common handle, where id is not 0, and USB busses first to first + count - 1. */
int remote_enable(int fd, unsigned int mode, unsigned int words, unsigned int id,
		  unsigned int first, unsigned int count);
#define USB(bus) (KCOV_SUBSYSTEM_USB | (bus))

/* Instrumented code of the current task, or interrupt. */
void execute(unsigned long pc);
void execute_in(enum shim_context context, unsigned long pc);
/* In a context: start, a PC, stop. */
void section(enum shim_context context, u64 handle, unsigned long pc);

/*
 * What fork() does: a copy of the current task. It ends by task_end(), or where the fork fails
 * task_free().
 */
struct task_struct *task_fork(void);
void task_end(struct task_struct *t);
void task_free(struct task_struct *t);

/* Before and after each test: of one task, and with nothing left. */
extern struct task_struct init_task;
int driver_setup(void **state);
int driver_teardown(void **state);

/* Nothing that was allocated since the last call of live() is left. */
long live(void);

#endif /* KCOV_DRIVER_H */
