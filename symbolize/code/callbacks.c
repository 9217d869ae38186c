// SPDX-License-Identifier: GPL-2.0-or-later
/* The names of the coverage callbacks. */
#include "symbolize/code/callbacks.h"

#include <stddef.h>
#include <string.h>

/*
 * Comparison callbacks (__sanitizer_cov_trace_cmp1 and the like) are not listed:
 * they record nothing in KCOV_TRACE_PC mode.
 */
static const struct callback {
	const char *name;
	bool is_exit;
} callbacks[] = {
	/* Linux kernel/kcov.c; gcc and clang -fsanitize-coverage=trace-pc */
	{ "__sanitizer_cov_trace_pc" },
	/*
	 * clang -fsanitize-coverage=trace-pc-entry-exit (LLVM pull request 185972): the first one
	 * replaces __sanitizer_cov_trace_pc at the entry of a function, the second one is called
	 * before each return in addition to it.
	 */
	{ "__sanitizer_cov_trace_pc_entry" },
	{ "__sanitizer_cov_trace_pc_exit", .is_exit = true },
	/* GNU ld's veneer for it, where a branch does not reach (binutils bfd/elfnn-aarch64.c,
	   elf32-arm.c) */
	{ "____sanitizer_cov_trace_pc_veneer" },
	/* lld's thunks for it (lld/ELF/Thunks.cpp) */
	{ "__AArch64ADRPThunk___sanitizer_cov_trace_pc" },
	{ "__AArch64AbsLongThunk___sanitizer_cov_trace_pc" },
};

static const struct callback *find(const char *symbol)
{
	for (size_t i = 0; i < sizeof(callbacks) / sizeof(*callbacks); i++)
		if (!strcmp(symbol, callbacks[i].name))
			return &callbacks[i];
	return NULL;
}

bool callback_is_name(const char *symbol)
{
	return find(symbol);
}

bool callback_is_exit(const char *symbol)
{
	const struct callback *c = find(symbol);

	return c && c->is_exit;
}
