/* SPDX-License-Identifier: GPL-2.0 */
/* Where the kernel's functions are, as addresses in the form of a record: without the KASLR
 * offset. x86-64 only. */
#ifndef KCOV_CONFORMANCE_SYMBOLS_H
#define KCOV_CONFORMANCE_SYMBOLS_H

#include <stdbool.h>
#include <stdint.h>

#include "device.h"

struct range {
	uint64_t start, end;
};

/*
 * Call it once, before the first case and after the module was loaded. The file is a list like
 * /proc/kallsyms, but with addresses as linked; those of the module are offsets in its .text. NULL:
 * read /proc/kallsyms itself, which takes long on an emulated machine. If there are no addresses,
 * prints why and returns false.
 */
bool symbols_load(const char *path);

struct range text_range(void);
/* Ends the case if there is no such function. */
struct range function_range(const char *name);

/*
 * How often the function was entered. Its first point is the lowest PC of the function that was
 * recorded. Ends the case if the area is full. If the task is preempted, the trace also has PCs of
 * the scheduler, so a case leaves much more room than its own calls need.
 */
uint64_t trace_entries(const struct trace *trace, const char *function);
/* The same for an area that may be full: counts the entries that fit. */
uint64_t trace_entries_kept(const struct trace *trace, const char *function);
bool set_has_function(const struct set *set, const char *function);

/* Is CONFIG_name=y? Reads /proc/config.gz; without that file the answer is yes. */
bool config_has(const char *name);

#endif
