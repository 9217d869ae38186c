/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The only number parser: whole string, no sign, no white space, range
 * checked. Used for options and by readers of text files alike.
 */
#ifndef BASE_PARSE_H
#define BASE_PARSE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * base 10: decimal digits; base 16: hex digits with or without 0x; base 0:
 * decimal, or hex with 0x. Returns false if s is not such a number, or is
 * above max; *ret is then untouched.
 */
bool parse_u64(const char *s, int base, uint64_t max, uint64_t *ret);

#endif
