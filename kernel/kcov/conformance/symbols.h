/* SPDX-License-Identifier: GPL-2.0 */
/* Where the kernel's functions are, in numbers as a record has them: without the KASLR offset.
 * x86-64 only. */
#ifndef KCOV_CONFORMANCE_SYMBOLS_H
#define KCOV_CONFORMANCE_SYMBOLS_H

#include <stdbool.h>
#include <stdint.h>

#include "device.h"

struct range {
	uint64_t start, end;
};

/*
 * Once, before the first case and after the module was loaded. The file is a list as
 * /proc/kallsyms, but with addresses as linked, and for the module ones within its .text; NULL:
 * /proc/kallsyms itself, which takes long on an emulated machine. False, and said why: there are no
 * addresses.
 */
bool symbols_load(const char *path);

struct range text_range(void);
/* Ends the case if there is none. */
struct range function_range(const char *name);

/*
 * How often the function was entered: its first point is the lowest PC of it that was recorded. Ends the
 * case if the area is full. A task that is preempted records the scheduler, too, so a case leaves much
 * more room than its own calls need.
 */
uint64_t trace_entries(const struct trace *trace, const char *function);
/* The same for an area that may be full: the entries that found room. */
uint64_t trace_entries_kept(const struct trace *trace, const char *function);
bool set_has_function(const struct set *set, const char *function);

/* Is CONFIG_name=y? By /proc/config.gz; a kernel that does not tell has it. */
bool config_has(const char *name);

#endif
