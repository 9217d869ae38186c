// SPDX-License-Identifier: GPL-2.0-or-later
/* Error objects: create, extend, format, destroy. */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"

struct error error_no_memory = {
	.code = ERROR_NO_MEMORY,
	.message = (char *)"out of memory",
};

__attribute__((format(printf, 3, 0))) static struct error *
error_vcreate(enum error_code code, int errnum, const char *format, va_list ap)
{
	struct error *err = calloc(1, sizeof(*err));

	if (!err)
		return &error_no_memory;
	err->code = code;
	err->errnum = errnum;
	if (vasprintf(&err->message, format, ap) < 0) {
		free(err);
		return &error_no_memory;
	}
	return err;
}

struct error *error_create(enum error_code code, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	struct error *err = error_vcreate(code, 0, format, ap);
	va_end(ap);
	return err;
}

struct error *error_errno(int errnum, const char *format, ...)
{
	va_list ap;

	if (errnum == ENOMEM)
		return &error_no_memory;
	va_start(ap, format);
	struct error *err = error_vcreate(ERROR_SYSTEM, errnum, format, ap);
	va_end(ap);
	return err;
}

struct error *error_context(struct error *err, const char *format, ...)
{
	_cleanup_free_ char *context = NULL;
	char *message;
	va_list ap;

	if (!err || err == &error_no_memory)
		return err;
	va_start(ap, format);
	int n = vasprintf(&context, format, ap);
	va_end(ap);
	if (n < 0) {
		context = NULL;
		return err;
	}
	if (asprintf(&message, "%s: %s", context, err->message) < 0)
		return err;
	free(err->message);
	err->message = message;
	return err;
}

struct error *error_hint(struct error *err, const char *format, ...)
{
	char *hint;
	va_list ap;

	if (!err || err == &error_no_memory)
		return err;
	va_start(ap, format);
	int n = vasprintf(&hint, format, ap);
	va_end(ap);
	if (n < 0)
		return err;
	free(err->hint);
	err->hint = hint;
	return err;
}

bool error_is_shortage(const struct error *err)
{
	return err->code == ERROR_NO_MEMORY || err->errnum == EMFILE || err->errnum == ENFILE;
}

void error_destroy(struct error *err)
{
	if (!err || err == &error_no_memory)
		return;
	free(err->message);
	free(err->hint);
	free(err);
}

char *error_format(const struct error *err)
{
	char *line;
	const char *colon = err->errnum ? ": " : "";
	const char *text = err->errnum ? strerror(err->errnum) : "";
	const char *open = err->hint ? " (" : "";
	const char *hint = err->hint ? err->hint : "";
	const char *close = err->hint ? ")" : "";

	if (asprintf(&line, "%s%s%s%s%s%s", err->message, colon, text, open, hint, close) < 0)
		return NULL;
	string_mask_controls(line);
	return line;
}
