// SPDX-License-Identifier: GPL-2.0-or-later
/* The names of the coverage callbacks. */
#include "symbolize/code/callbacks.h"

#include <stddef.h>
#include <string.h>

/*
 * Comparison callbacks (__sanitizer_cov_trace_cmp1 and the like) are not listed:
 * they record nothing in KCOV_TRACE_PC mode.
 */
static const char *const callbacks[] = {
	/* Linux kernel/kcov.c; gcc and clang -fsanitize-coverage=trace-pc */
	"__sanitizer_cov_trace_pc",
	/* GNU ld's veneer for it, where a branch does not reach (binutils bfd/elfnn-aarch64.c,
	   elf32-arm.c) */
	"____sanitizer_cov_trace_pc_veneer",
	/* lld's thunks for it (lld/ELF/Thunks.cpp) */
	"__AArch64ADRPThunk___sanitizer_cov_trace_pc",
	"__AArch64AbsLongThunk___sanitizer_cov_trace_pc",
};

bool callback_is_name(const char *symbol)
{
	for (size_t i = 0; i < sizeof(callbacks) / sizeof(*callbacks); i++)
		if (!strcmp(symbol, callbacks[i]))
			return true;
	return false;
}
