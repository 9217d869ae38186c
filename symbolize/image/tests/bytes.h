/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes of code or data, given as text. */
#ifndef SYMBOLIZE_IMAGE_TESTS_BYTES_H
#define SYMBOLIZE_IMAGE_TESTS_BYTES_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#define BYTES_MAX 64

/* "e8 00 01". Returns how many bytes these are. */
static inline size_t parse_bytes(const char *text, uint8_t bytes[BYTES_MAX])
{
	unsigned int byte;
	size_t nr = 0;
	int len;

	for (; sscanf(text, " %2x%n", &byte, &len) == 1; text += len) {
		assert_true(nr < BYTES_MAX);
		bytes[nr++] = byte;
	}
	assert_string_equal(text, "");
	return nr;
}

#endif
