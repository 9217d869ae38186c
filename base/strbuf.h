/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A growing byte string that is always NUL-terminated.
 *
 * Additions return no error. If memory runs out, `failed` is set, later
 * additions do nothing, and strbuf_check() or strbuf_steal() report it once
 * at the end. `STRBUF_INIT` (all zero) is an empty buffer.
 */
#ifndef BASE_STRBUF_H
#define BASE_STRBUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"

struct strbuf {
	char *data; /* NULL until something is added; use strbuf_str() */
	size_t len; /* bytes, without the NUL */
	size_t capacity;
	bool failed;
};

#define STRBUF_INIT                                                                                \
	{                                                                                          \
		0                                                                                  \
	}

void strbuf_deinit(struct strbuf *sb);
/* Remove the content, keep the memory. */
void strbuf_reset(struct strbuf *sb);
void strbuf_add(struct strbuf *sb, const void *data, size_t len);
void strbuf_addstr(struct strbuf *sb, const char *s);
void strbuf_addch(struct strbuf *sb, char c);
void strbuf_addf(struct strbuf *sb, const char *format, ...) __attribute__((format(printf, 2, 3)));
void strbuf_vaddf(struct strbuf *sb, const char *format, va_list ap)
	__attribute__((format(printf, 2, 0)));
/* Never NULL; valid until the next addition. */
const char *strbuf_str(const struct strbuf *sb);
/* NULL, or &error_no_memory if an addition failed. */
struct error *strbuf_check(const struct strbuf *sb);
/* Hand the string to the caller, who frees it. The buffer is then empty. */
struct error *strbuf_steal(struct strbuf *sb, char **ret);

#define _cleanup_strbuf_ __attribute__((__cleanup__(strbuf_deinit)))

/* Replace each character of s that is not plain (base/utf8.h) with '?'. s may become shorter. */
void string_mask_controls(char *s);
/* Write len bytes, with '?' for characters that are not plain, except those in `kept` ("\t"). */
void write_masked(const char *text, size_t len, const char *kept, FILE *out);
bool string_starts_with(const char *s, const char *prefix);
bool string_ends_with(const char *s, const char *suffix);

#endif
