// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages on stderr, each line formatted completely and written with one write(2), and text on
 * stdout. */
#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/strbuf.h"
#include "kcovreport/kcovreport.h"

#define PROGRESS_INTERVAL_NS 100000000ULL
#define LINE_WITHOUT_MEMORY  512
#define LINE_PREFIX_MAX	     32 /* "kcovreport: warning: " and the end of the line */

static struct {
	pthread_mutex_t lock;
	bool line_open; /* the terminal shows a progress line */
	bool only_warnings;
	uint64_t shown_ns;
} console = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* Erase the progress line, then write text. The caller holds the lock. */
static void console_write(const char *text)
{
	if (console.line_open)
		(void)write_all(STDERR_FILENO, "\r\033[K", 4);
	console.line_open = false;
	(void)write_all(STDERR_FILENO, text, strlen(text));
}

/* Without memory the line is cut to what fits into an array. */
static void say_line(const char *kind, const char *text)
{
	_cleanup_strbuf_ struct strbuf line = STRBUF_INIT;
	char cut[LINE_WITHOUT_MEMORY];

	strbuf_addf(&line, "kcovreport: %s%s\n", kind, text);
	if (line.failed)
		snprintf(cut, sizeof(cut), "kcovreport: %s%.*s\n", kind,
			 (int)sizeof(cut) - LINE_PREFIX_MAX, text);
	char *p = line.failed ? cut : line.data;
	size_t len = strlen(p);
	p[len - 1] = '\0';
	string_mask_controls(p);
	p[len - 1] = '\n';
	pthread_mutex_lock(&console.lock);
	console_write(p);
	pthread_mutex_unlock(&console.lock);
}

__attribute__((format(printf, 2, 0))) static void say_vline(const char *kind, const char *format,
							    va_list ap)
{
	_cleanup_strbuf_ struct strbuf text = STRBUF_INIT;
	char cut[LINE_WITHOUT_MEMORY];
	va_list again;

	va_copy(again, ap);
	strbuf_vaddf(&text, format, ap);
	if (text.failed)
		vsnprintf(cut, sizeof(cut), format, again);
	va_end(again);
	say_line(kind, text.failed ? cut : strbuf_str(&text));
}

void say_error(struct error *err)
{
	if (!err)
		return;
	_cleanup_free_ char *text = error_format(err);
	say_line("error: ", text ? text : "out of memory");
	error_destroy(err);
}

void say_warning(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	say_vline("warning: ", format, ap);
	va_end(ap);
}

void say_only_warnings(void)
{
	console.only_warnings = true;
}

void say(const char *format, ...)
{
	va_list ap;

	if (console.only_warnings)
		return;
	va_start(ap, format);
	say_vline("", format, ap);
	va_end(ap);
}

static void console_line(void *arg, enum log_level level, const char *text)
{
	(void)arg;
	if (level == LOG_DEBUG || (console.only_warnings && level != LOG_WARNING))
		return;
	say_line(level == LOG_WARNING ? "warning: " : "", text);
}

static uint64_t monotonic_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static void console_progress(void *arg, const char *what, uint64_t done, uint64_t total)
{
	char line[160];
	uint64_t now = monotonic_ns();

	(void)arg;
	if (!isatty(STDERR_FILENO) || console.only_warnings)
		return;
	pthread_mutex_lock(&console.lock);
	bool last = total && done >= total;
	if (last) {
		console_write("");
	} else if (now - console.shown_ns >= PROGRESS_INTERVAL_NS) {
		if (total)
			snprintf(line, sizeof(line), "%s: %d%%", what,
				 (int)((double)done * 100 / total));
		else
			snprintf(line, sizeof(line), "%s: %llu", what, (unsigned long long)done);
		console_write(line);
		console.line_open = true;
		console.shown_ns = now;
	}
	pthread_mutex_unlock(&console.lock);
}

const struct log console_log = { .line = console_line, .progress = console_progress };

void put_text(const char *text)
{
	if (text)
		write_masked(text, strlen(text), "", stdout);
	else
		putchar('?');
}

int finish_stdout(void)
{
	errno = 0;
	if (fflush(stdout) || ferror(stdout)) {
		say_error(error_errno(errno ? errno : EIO, "cannot write to standard output"));
		return EXIT_FAILED;
	}
	return EXIT_DONE;
}

/*
 * A usage error: what is wrong, then a line that argp adds. It begins with this, and is the last
 * one that does. A newline before it is in what the user gave.
 */
static ssize_t write_plain(void *cookie, const char *text, size_t size)
{
	static const char advice[] = "\nTry `";
	const char *rest = text;

	for (const char *p = text; p;
	     p = memmem(p + 1, text + size - p - 1, advice, strlen(advice)))
		rest = p;
	write_masked(text, rest - text, "\t", cookie);
	write_masked(rest, text + size - rest, "\n\t", cookie);
	return size;
}

/*
 * argp and getopt quote what the user gave, as it is, on the stream that `stderr` is at the moment,
 * and exit. Such a stream is never closed. It has room for the whole text, so that it is written at
 * once.
 */
static FILE *plain_stderr(int argc, char **argv)
{
	size_t room = BUFSIZ;

	for (int i = 0; i < argc; i++)
		room += 2 * strlen(argv[i]);
	FILE *f = fopencookie(stderr, "w", (cookie_io_functions_t){ .write = write_plain });
	char *buffer = malloc(room);
	if (f && buffer && !setvbuf(f, buffer, _IOFBF, room))
		return f;
	free(buffer);
	if (f)
		fclose(f);
	return NULL;
}

/* While argp parses: it prints help on standard output, and exits. */
static struct {
	FILE *raw; /* standard error; NULL = it does not parse */
	int failed;
} parsing;

static void finish_help(void)
{
	if (!parsing.raw)
		return;
	fflush(stderr);
	stderr = parsing.raw;
	if (finish_stdout() != EXIT_DONE)
		_exit(parsing.failed);
}

void parse_options_or(const struct argp *argp, int argc, char **argv, unsigned int flags,
		      int no_memory, void *input)
{
	static bool is_registered;
	FILE *raw = stderr, *plain = plain_stderr(argc, argv);

	is_registered = is_registered || !atexit(finish_help);
	if (!plain || !is_registered) {
		say_error(&error_no_memory);
		exit(no_memory);
	}
	stderr = plain;
	parsing.raw = raw;
	parsing.failed = no_memory;
	error_t e = argp_parse(argp, argc, argv, flags, NULL, input);
	fflush(plain);
	stderr = raw;
	parsing.raw = NULL;
	if (e) {
		say_error(error_errno(e, "cannot parse the command line"));
		exit(e == ENOMEM ? no_memory : EXIT_USAGE);
	}
}

void parse_options(const struct argp *argp, int argc, char **argv, unsigned int flags, void *input)
{
	parse_options_or(argp, argc, argv, flags, EXIT_FAILED, input);
}
