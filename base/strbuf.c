// SPDX-License-Identifier: GPL-2.0-or-later
/* The growing string buffer. */
#include "base/strbuf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/utf8.h"

void strbuf_deinit(struct strbuf *sb)
{
	free(sb->data);
	*sb = (struct strbuf)STRBUF_INIT;
}

void strbuf_reset(struct strbuf *sb)
{
	sb->len = 0;
	if (sb->data)
		sb->data[0] = '\0';
}

static bool strbuf_reserve(struct strbuf *sb, size_t more)
{
	size_t need;

	if (sb->failed)
		return false;
	if (__builtin_add_overflow(sb->len, more, &need) ||
	    __builtin_add_overflow(need, 1, &need)) {
		sb->failed = true;
		return false;
	}
	if (need <= sb->capacity)
		return true;
	size_t capacity = sb->capacity < 64 ? 64 : sb->capacity;
	while (capacity < need)
		if (__builtin_mul_overflow(capacity, 2, &capacity))
			capacity = need;
	char *data = realloc(sb->data, capacity);
	if (!data) {
		sb->failed = true;
		return false;
	}
	sb->data = data;
	sb->capacity = capacity;
	return true;
}

void strbuf_add(struct strbuf *sb, const void *data, size_t len)
{
	if (!strbuf_reserve(sb, len))
		return;
	if (len)
		memcpy(sb->data + sb->len, data, len);
	sb->len += len;
	sb->data[sb->len] = '\0';
}

void strbuf_addstr(struct strbuf *sb, const char *s)
{
	strbuf_add(sb, s, strlen(s));
}

void strbuf_addch(struct strbuf *sb, char c)
{
	strbuf_add(sb, &c, 1);
}

void strbuf_vaddf(struct strbuf *sb, const char *format, va_list ap)
{
	va_list copy;

	va_copy(copy, ap);
	int n = vsnprintf(NULL, 0, format, copy);
	va_end(copy);
	if (n < 0) {
		sb->failed = true;
		return;
	}
	if (!strbuf_reserve(sb, n))
		return;
	vsnprintf(sb->data + sb->len, (size_t)n + 1, format, ap);
	sb->len += n;
}

void strbuf_addf(struct strbuf *sb, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	strbuf_vaddf(sb, format, ap);
	va_end(ap);
}

const char *strbuf_str(const struct strbuf *sb)
{
	return sb->data ? sb->data : "";
}

struct error *strbuf_check(const struct strbuf *sb)
{
	return sb->failed ? &error_no_memory : NULL;
}

struct error *strbuf_steal(struct strbuf *sb, char **ret)
{
	if (!strbuf_reserve(sb, 0))
		return &error_no_memory;
	sb->data[sb->len] = '\0';
	*ret = steal_ptr(&sb->data);
	*sb = (struct strbuf)STRBUF_INIT;
	return NULL;
}

void string_mask_controls(char *s)
{
	char *end = s + strlen(s), *to = s;
	bool is_plain;

	for (size_t n; s < end; s += n) {
		n = text_next(s, end - s, &is_plain);
		if (is_plain)
			memmove(to, s, n);
		else
			*to = '?';
		to += is_plain ? n : 1;
	}
	*to = '\0';
}

void write_masked(const char *text, size_t len, const char *kept, FILE *out)
{
	bool is_plain;

	for (size_t i = 0, n; i < len; i += n) {
		n = text_plain_length(text + i, len - i);
		fwrite(text + i, 1, n, out);
		if (i + n == len)
			break;
		i += n;
		n = text_next(text + i, len - i, &is_plain);
		if (text[i] && strchr(kept, text[i]))
			fwrite(text + i, 1, n, out);
		else
			fputc('?', out);
	}
}

bool string_starts_with(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool string_ends_with(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);

	return n >= m && memcmp(s + n - m, suffix, m) == 0;
}
