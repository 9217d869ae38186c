/* SPDX-License-Identifier: GPL-2.0 */
/* User space and the rest of the kernel, as far as the tests of the core need them. */
#ifndef KCOV_DRIVER_H
#define KCOV_DRIVER_H

#include <linux/kcov.h>
#include <uapi/linux/kcov_set.h>
#include "kernel/kcov/context.h"
#include "kernel/kcov/task.h"
#include "kernel/kcov/tests/shim/shim_test.h"

/* Opens a descriptor. Returns its number, or -errno. */
int kcov_open(void);
void kcov_close(int fd);
int kcov_ioctl(int fd, unsigned int command, const void *arg);
int kcov_number(int fd, unsigned int command, unsigned long arg);
/*
 * The mapping, or NULL. It is valid while a descriptor, an enabled task or a section uses the
 * store.
 */
void *kcov_map(int fd, unsigned long bytes);

/* A descriptor with a trace of this many words, and its area. */
int trace_open(unsigned long words, unsigned long **ret_area);
struct set {
	int fd;
	struct kcov_set_init init;
	unsigned char *memory;
};
void set_open(struct set *set, unsigned long hash_slots);
bool set_has(const struct set *set, unsigned long pc);
struct kcov_stats stats_of(int fd);

/* With a common handle if id is not 0, and with the USB busses first to first + count - 1. */
int remote_enable(int fd, unsigned int mode, unsigned int words, unsigned int id,
		  unsigned int first, unsigned int count);
#define USB(bus) (KCOV_SUBSYSTEM_USB | (bus))

/* Executes instrumented code in the current task or interrupt. */
void execute(unsigned long pc);
void execute_in(enum shim_context context, unsigned long pc);
/* Executes start, a PC and stop in a context. */
void section(enum shim_context context, u64 handle, unsigned long pc);

bool kcov_system_is_on(void);
int context_add(int fd, unsigned int context, int second);
/*
 * What the kernel does where it queues and runs something for others. Softirqs are those of this
 * CPU; each of them that is pending calls action, if there is one, and executes a PC of its own.
 */
void softirq_raise(unsigned int nr);
void softirqs_run(bool ksoftirqd, unsigned long first_pc, void (*action)(void));
void work_run(const void *work, unsigned long pc, void (*action)(void));
void task_work_run(const void *work, unsigned long pc);

/*
 * What fork() does: returns a copy of the current task. End it with task_end(), or with task_free()
 * if the fork is to fail.
 */
struct task_struct *task_fork(void);
/* What do_exit() does. */
void task_exit(struct task_struct *t);
void task_end(struct task_struct *t);
void task_free(struct task_struct *t);

/* Setup and teardown of each test: it runs as one task, and must leave nothing behind. */
extern struct task_struct init_task;
int driver_setup(void **state);
int driver_teardown(void **state);
/* Has the core allocate what it never frees. */
void driver_warm_up(void);

/* Zero if nothing allocated since the last call is left. */
long live(void);

#endif /* KCOV_DRIVER_H */
