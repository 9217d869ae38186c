// SPDX-License-Identifier: GPL-2.0-or-later
/* Tell by the names of symbols which one is a cold part of a function. */
#include <string.h>

#include "base/strbuf.h"
#include "symbolize/code/flow.h"

/* Linux: KSYM_NAME_LEN. A function with a longer name counts as without parts. */
#define SYMBOL_NAME_MAX 512
/* Names of a function that are looked at. Linux: sys_ni_syscall() has hundreds, and no parts. */
#define ALIASES_MAX 64

static bool is_cold_name(const char *part, const char *function)
{
	size_t len = strnlen(function, SYMBOL_NAME_MAX);

	return len < SYMBOL_NAME_MAX && !strncmp(function, part, len) &&
	       string_starts_with(part + len, ".cold");
}

/* A function can have several names (module_init() makes "init_module" one): any may be meant. */
bool flow_is_cold_part(const struct image *image, uint32_t part, uint32_t function)
{
	size_t nr;
	const struct image_symbol *symbols = image_symbols(image, &nr);
	size_t end = nr - function > ALIASES_MAX ? function + ALIASES_MAX : nr;

	for (size_t i = function; i < end && symbols[i].address == symbols[function].address; i++)
		if (is_cold_name(symbols[part].name, symbols[i].name))
			return true;
	return false;
}
