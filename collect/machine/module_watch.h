/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where modules are while a collection runs, including those unloaded before it
 * ends. There are three ways, since none sees all modules:
 *
 * - the kernel's event at the end of each load, "add@/module/NAME"
 *   (kernel/module/main.c, since 5.12 after the module's init): a thread at
 *   once reads the module's files in sysfs. The event is not sent if the
 *   module's init fails, and not received if the network namespace belongs to
 *   another user namespace.
 * - after module_watch_loading(), reading /proc/modules again and again for a while. It lists a
 *   module whose init runs ("Loading"), or has failed ("Unloading"), until the kernel has waited
 *   for an RCU grace period (do_init_module()). So it finds a module whose init fails.
 * - reading /proc/modules, at each module_watch_write().
 *
 * What the thread finds is kept here until it is written, so that the thread
 * never waits for the file.
 */
#ifndef COLLECT_MACHINE_MODULE_WATCH_H
#define COLLECT_MACHINE_MODULE_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct identity_options;
struct module_watch;
struct run_writer;

struct module_watch_options {
	const struct identity_options *identity; /* borrowed; NULL = this machine */
	uint64_t kaslr_offset;
	/*
	 * For tests: a socket that messages come from, whatever their sender,
	 * instead of the kernel; taken on success. 0 = the kernel.
	 */
	int socket;
	/* For tests: the time, in nanoseconds; called by the thread. NULL = now_ns(). */
	uint64_t (*now)(void);
};

/* Modules that are loaded now count as loaded before: the run will have none of their init code. */
struct error *module_watch_create(const struct module_watch_options *options,
				  struct module_watch **ret);
/* Accepts NULL. Stops the thread. */
void module_watch_destroy(struct module_watch *watch);
/* Stop the thread after it has read all events that have arrived. */
void module_watch_stop(struct module_watch *watch);
/* A task has begun to load a module. Cheap, and may be called for each one, by any thread. */
void module_watch_loading(struct module_watch *watch);
/* Write what was found and what has changed since the last call, and notes. */
struct error *module_watch_write(struct module_watch *watch, struct run_writer *writer);

/*
 * The name of the module that a kernel event says was added. message: len
 * bytes, which need not end in '\0'. Returns false for another event, or if it
 * is not a module's name. ret has size bytes.
 */
bool module_watch_parse(const char *message, size_t len, char *ret, size_t size);

#endif
