/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a stage reports something without printing: it passes lines and progress
 * to a callback that the program provides. With a NULL struct log, or NULL
 * callbacks, nothing is reported. Callbacks may be called from any thread of
 * the stage.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdint.h>

enum log_level {
	LOG_WARNING, /* something the user should act on */
	LOG_INFO,    /* something worth knowing */
	LOG_EVENT,   /* the same, but of this moment: not true of a result that is used again */
	LOG_DEBUG,
};

struct log {
	void (*line)(void *arg, enum log_level level, const char *text);
	/* `what` (static text) has reached done of total; total 0 = unknown. */
	void (*progress)(void *arg, const char *what, uint64_t done, uint64_t total);
	void *arg;
};

void log_line(const struct log *log, enum log_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void log_progress(const struct log *log, const char *what, uint64_t done, uint64_t total);

#endif
