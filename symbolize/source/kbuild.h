/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a Makefile of the kernel (Kbuild) says of an object: which options of the configuration
 * build it, and whether KCOV instruments it. It reads assignments and ifdef/ifeq as they are
 * usually written; it does not evaluate make's functions.
 */
#ifndef SYMBOLIZE_SOURCE_KBUILD_H
#define SYMBOLIZE_SOURCE_KBUILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KBUILD_OPTIONS_MAX 8

/* "CONFIG_X", in the text. */
struct kbuild_option {
	const char *name;
	size_t length;
};

/* All of them have to be set. */
struct kbuild_options {
	struct kbuild_option options[KBUILD_OPTIONS_MAX];
	uint32_t nr;
};

/*
 * Find the rule of a target, such as "open.o" or "ext4/": obj-$(CONFIG_X) += open.o, also through
 * composite objects (x-y += open.o). Adds the options of the rule. False: no rule names the target.
 */
bool kbuild_find(const char *text, size_t size, const char *target, struct kbuild_options *ret);

/*
 * The number of the line that says that KCOV does not instrument this object:
 * KCOV_INSTRUMENT_open.o := n, or, if all_too, KCOV_INSTRUMENT := n. 0 = none.
 */
uint32_t kbuild_not_instrumented(const char *text, size_t size, const char *object, bool all_too);

#endif
