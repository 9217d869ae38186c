/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text that others chose (names of functions, files and tasks, command lines) is any bytes. What
 * a terminal or a reader of text would act on, or what shows nothing, must not be written as it is.
 * By category and property of Unicode 15:
 *
 * - Cc, control characters: C0, DEL, and C1 (U+0080 to U+009F, which terminals take for ESC
 *   sequences);
 * - Zl and Zp, line and paragraph separators: U+2028, U+2029;
 * - Cf, format characters: bidi controls, which show text in another order than it has; zero width
 *   spaces and joiners, soft hyphens, tags and others that are invisible;
 * - Default_Ignorable_Code_Point: what else is invisible, so that two names look the same. Fillers
 *   of Hangul, variation selectors, code points that are kept for such characters;
 * - invalid UTF-8: each byte of it; some terminals take bytes 0x80 to 0x9f for C1.
 *
 * All formats and messages ask text_next() what is plain; each has its own substitute for the rest.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF8_INVALID UINT32_MAX

/*
 * The length in bytes (at least 1) of the character at text, of which len (at least 1) bytes may
 * be read. Sets *code to the character, or to UTF8_INVALID, which stands for one byte.
 */
size_t utf8_next(const char *text, size_t len, uint32_t *code);

/* Whether the character can be written as it is; false for UTF8_INVALID. */
bool utf8_is_plain(uint32_t code);

/* The one or two units of the character in UTF-16, as JSON and JavaScript escape it. Returns how
 * many. */
size_t utf8_to_utf16(uint32_t code, uint16_t units[2]);

/* utf8_next() and utf8_is_plain() in one. */
static inline size_t text_next(const char *text, size_t len, bool *is_plain)
{
	uint32_t code;

	*is_plain = text[0] >= ' ' && text[0] <= '~';
	if (*is_plain)
		return 1; /* nearly always */
	size_t n = utf8_next(text, len, &code);
	*is_plain = utf8_is_plain(code);
	return n;
}

/* How many bytes of text, from its start, can be written as they are. */
static inline size_t text_plain_length(const char *text, size_t len)
{
	bool is_plain = true;
	size_t i = 0;

	for (size_t n; i < len; i += n) {
		n = text_next(text + i, len - i, &is_plain);
		if (!is_plain)
			break;
	}
	return i;
}

#endif
