// SPDX-License-Identifier: GPL-2.0
/* vm-relay's command line, messages and exit. */
#include "kernel/vm/host/relay.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/utf8.h"
#include "kernel/vm/guest/job.h"

static const char usage_text[] =
	"usage: vm-relay --init FILE [--modules DIR] [--share DIR]... [--root] [--console FILE]\n"
	"                [--boot-timeout S] [--timeout S] -- QEMU ARGS... -- COMMAND ARGS...\n";

void say(const char *format, ...)
{
	char line[1024] = "kcovreport: vm: ";
	size_t used = strlen(line);
	va_list args;
	ssize_t ignored;

	va_start(args, format);
	used += vsnprintf(line + used, sizeof(line) - used - 1, format, args);
	va_end(args);
	if (used > sizeof(line) - 2)
		used = sizeof(line) - 2;
	for (size_t i = 0, n; i < used; i += n) {
		bool is_plain;

		n = text_next(line + i, used - i, &is_plain);
		if (!is_plain)
			memset(line + i, '?', n);
	}
	line[used++] = '\n';
	terminal_restore();
	ignored = write(STDERR_FILENO, line, used);
	(void)ignored;
}

void leave(int status)
{
	machine_kill();
	terminal_restore();
	exit(status);
}

void fail(const char *format, ...)
{
	char text[900];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	machine_kill();
	say("%s", text);
	exit(EXIT_RELAY_FAILED);
}

int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static _Noreturn void usage(void)
{
	fputs(usage_text, stderr);
	exit(EXIT_RELAY_FAILED);
}

static int parse_seconds(const char *text, const char *option)
{
	char *end;
	long value;

	errno = 0;
	value = strtol(text, &end, 10);
	if (errno || end == text || *end || value < 0 || value > INT_MAX / 1000)
		fail("--%s takes a number of seconds, not '%s'", option, text);
	return value;
}

/* The share is mounted on top of the guest's root, where no path leads to it. */
static bool is_root(const struct stat *st)
{
	struct stat root;

	return !stat("/", &root) && st->st_dev == root.st_dev && st->st_ino == root.st_ino;
}

static void add_share(struct options *o, const char *path)
{
	struct stat st;

	if (path[0] != '/')
		fail("share '%s' is not an absolute path", path);
	if (stat(path, &st))
		fail("cannot share '%s': %s", path, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		fail("cannot share '%s': it is not a directory", path);
	if (is_root(&st))
		fail("cannot share '%s': it is the root", path);
	if (o->n_shares == JOB_SHARES_MAX)
		fail("more than %d shares", JOB_SHARES_MAX);
	o->shares[o->n_shares++] = path;
}

enum option_key {
	OPTION_INIT = 256,
	OPTION_MODULES,
	OPTION_SHARE,
	OPTION_ROOT,
	OPTION_CONSOLE,
	OPTION_BOOT_TIMEOUT,
	OPTION_TIMEOUT,
};

static const struct option option_rows[] = {
	{ "init", required_argument, NULL, OPTION_INIT },
	{ "modules", required_argument, NULL, OPTION_MODULES },
	{ "share", required_argument, NULL, OPTION_SHARE },
	{ "root", no_argument, NULL, OPTION_ROOT },
	{ "console", required_argument, NULL, OPTION_CONSOLE },
	{ "boot-timeout", required_argument, NULL, OPTION_BOOT_TIMEOUT },
	{ "timeout", required_argument, NULL, OPTION_TIMEOUT },
	{ NULL, 0, NULL, 0 },
};

static void take_option(struct options *o, int key)
{
	switch (key) {
	case OPTION_INIT:
		o->init = optarg;
		break;
	case OPTION_MODULES:
		o->modules = optarg;
		break;
	case OPTION_SHARE:
		add_share(o, optarg);
		break;
	case OPTION_ROOT:
		o->as_root = true;
		break;
	case OPTION_CONSOLE:
		o->console = optarg;
		break;
	case OPTION_BOOT_TIMEOUT:
		o->boot_timeout_s = parse_seconds(optarg, "boot-timeout");
		break;
	case OPTION_TIMEOUT:
		o->timeout_s = parse_seconds(optarg, "timeout");
		break;
	default:
		usage();
	}
}

static void parse_options(int argc, char **argv, struct options *o)
{
	static const char *shares[JOB_SHARES_MAX];
	int key;
	int i;

	*o = (struct options){ .shares = shares, .boot_timeout_s = 120, .timeout_s = 60 };
	while ((key = getopt_long(argc, argv, "+", option_rows, NULL)) != -1)
		take_option(o, key);
	o->qemu = argv + optind;
	for (i = optind; i < argc && strcmp(argv[i], "--"); i++)
		;
	if (!o->init || i == optind || i + 1 >= argc)
		usage();
	argv[i] = NULL;
	o->command = argv + i + 1;
}

int main(int argc, char **argv)
{
	struct caller caller;
	struct options options;
	struct machine machine;
	int status;

	caller_init(&caller);
	/* A write beyond the caller's limit then fails, and we say so and restore the terminal. */
	signal(SIGXFSZ, SIG_IGN);
	parse_options(argc, argv, &options);
	machine_start(&options, initrd_create(&options, &caller), &machine);
	terminal_init(&caller);
	status = session_run(&options, &caller, &machine);
	leave(status);
}
