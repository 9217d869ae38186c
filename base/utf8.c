// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads characters of UTF-8 and says which of them are safe to write. */
#include "base/utf8.h"

/* The rows of table 3-7 of Unicode 15: no overlong forms, no surrogates, nothing above U+10FFFF. */
static const struct {
	unsigned char first_min, first_max, second_min, second_max;
	size_t length;
} forms[] = {
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

/* Ranges of characters that are not plain, ascending: the categories and the property in utf8.h. */
static const struct {
	uint32_t first, last;
} unsafe[] = {
	{ 0x0000, 0x001f },   { 0x007f, 0x009f },   { 0x00ad, 0x00ad },	  { 0x034f, 0x034f },
	{ 0x0600, 0x0605 },   { 0x061c, 0x061c },   { 0x06dd, 0x06dd },	  { 0x070f, 0x070f },
	{ 0x0890, 0x0891 },   { 0x08e2, 0x08e2 },   { 0x115f, 0x1160 },	  { 0x17b4, 0x17b5 },
	{ 0x180b, 0x180f },   { 0x200b, 0x200f },   { 0x2028, 0x202e },	  { 0x2060, 0x206f },
	{ 0x3164, 0x3164 },   { 0xfe00, 0xfe0f },   { 0xfeff, 0xfeff },	  { 0xffa0, 0xffa0 },
	{ 0xfff0, 0xfffb },   { 0x110bd, 0x110bd }, { 0x110cd, 0x110cd }, { 0x13430, 0x1343f },
	{ 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a }, { 0xe0000, 0xe0fff },
};

static size_t form_length(const unsigned char *s, size_t len)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		if (s[0] < forms[i].first_min || s[0] > forms[i].first_max)
			continue;
		if (len < forms[i].length || s[1] < forms[i].second_min ||
		    s[1] > forms[i].second_max)
			return 0;
		for (size_t k = 2; k < forms[i].length; k++)
			if ((s[k] & 0xc0) != 0x80)
				return 0;
		return forms[i].length;
	}
	return 0;
}

size_t utf8_next(const char *text, size_t len, uint32_t *code)
{
	const unsigned char *s = (const unsigned char *)text;

	if (s[0] < 0x80) {
		*code = s[0];
		return 1;
	}
	size_t n = form_length(s, len);
	if (!n) {
		*code = UTF8_INVALID;
		return 1;
	}
	/* The first byte has 7 - n bits of the character. */
	*code = s[0] & (0x7f >> n);
	for (size_t i = 1; i < n; i++)
		*code = *code << 6 | (s[i] & 0x3f);
	return n;
}

bool utf8_is_plain(uint32_t code)
{
	if (code == UTF8_INVALID)
		return false;
	for (size_t i = 0; i < sizeof(unsafe) / sizeof(*unsafe); i++)
		if (code <= unsafe[i].last)
			return code < unsafe[i].first;
	return true;
}

size_t utf8_to_utf16(uint32_t code, uint16_t units[2])
{
	if (code < 0x10000) {
		units[0] = (uint16_t)code;
		return 1;
	}
	units[0] = (uint16_t)(0xd800 | (code - 0x10000) >> 10);
	units[1] = (uint16_t)(0xdc00 | (code & 0x3ff));
	return 2;
}
