// SPDX-License-Identifier: GPL-2.0-or-later
/* Formats a line or a progress report and passes it to the program's callback. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "base/strbuf.h"

void log_line(const struct log *log, enum log_level level, const char *format, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list ap;

	if (!log || !log->line)
		return;
	va_start(ap, format);
	int n = vasprintf(&text, format, ap);
	va_end(ap);
	if (n < 0) {
		text = NULL;
		return;
	}
	string_mask_controls(text);
	log->line(log->arg, level, text);
}

void log_progress(const struct log *log, const char *what, uint64_t done, uint64_t total)
{
	if (log && log->progress)
		log->progress(log->arg, what, done, total);
}
