// SPDX-License-Identifier: GPL-2.0-or-later
/* The strict number parser. */
#include "base/parse.h"

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

bool parse_u64(const char *s, int base, uint64_t max, uint64_t *ret)
{
	bool prefix = s[0] == '0' && (s[1] == 'x' || s[1] == 'X');
	uint64_t value = 0;

	if (prefix && base != 10) {
		s += 2;
		base = 16;
	} else if (base == 0) {
		base = 10;
	}
	if (!*s)
		return false;
	for (; *s; s++) {
		int digit = digit_value(*s);

		if (digit >= base || __builtin_mul_overflow(value, (uint64_t)base, &value) ||
		    __builtin_add_overflow(value, (uint64_t)digit, &value) || value > max)
			return false;
	}
	*ret = value;
	return true;
}
