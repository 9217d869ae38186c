/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where modules are while a collection runs, also those that are gone before it
 * ends. Two ways, since neither sees all:
 *
 * - the kernel's event at the end of each load, "add@/module/NAME"
 *   (kernel/module/main.c, since 5.12 after the module's init): a thread reads
 *   at once what sysfs says of it. Not sent for a module whose init fails; not
 *   received where the network namespace belongs to another user namespace.
 * - a look at /proc/modules, at each module_watch_write().
 *
 * What the thread finds waits in here until it is written, so that the thread
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
	 * For tests: where messages come from instead of the kernel, whoever
	 * sends them; taken on success. 0 = the kernel.
	 */
	int socket;
};

/* Modules that are there now are taken as loaded before: none of their init code is to come. */
struct error *module_watch_create(const struct module_watch_options *options,
				  struct module_watch **ret);
/* Accepts NULL. Stops the thread. */
void module_watch_destroy(struct module_watch *watch);
/* Stop the thread, when it has read all events that have come. */
void module_watch_stop(struct module_watch *watch);
/* Write what has come, and what has changed since the last time; notes too. */
struct error *module_watch_write(struct module_watch *watch, struct run_writer *writer);

/*
 * The module that a kernel event says was added: len bytes of a message, which
 * need not end in '\0'. False: it is another event, or no module's name. ret
 * has size bytes.
 */
bool module_watch_parse(const char *message, size_t len, char *ret, size_t size);

#endif
