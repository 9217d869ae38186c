// SPDX-License-Identifier: GPL-2.0-or-later
/* Removes unfinished files when a signal ends the program. */
#include "base/unfinished.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#define MAX_PATHS 16

/* Those that end a process by default, and are not for timers or I/O that we do not use. */
static const int fatal[] = { SIGINT,  SIGTERM, SIGHUP,	SIGQUIT, SIGPIPE, SIGALRM, SIGXCPU,
			     SIGUSR1, SIGUSR2, SIGSEGV, SIGBUS,	 SIGABRT, SIGILL,  SIGFPE };

static pid_t owner; /* a child may end by such a signal, and has nothing to remove */

static struct {
	const char *volatile path; /* NULL = free */
	volatile enum unfinished_kind kind;
} paths[MAX_PATHS];

static void say_truncated(void)
{
	static const char text[] = "kcovreport: error: a file was truncated while it was read\n";

	if (write(STDERR_FILENO, text, sizeof(text) - 1) >= 0)
		_exit(EXIT_FAILURE);
}

static void remove_all(int number)
{
	for (size_t i = MAX_PATHS; i-- && getpid() == owner;) {
		if (!paths[i].path)
			continue;
		if (paths[i].kind == UNFINISHED_FILE)
			unlink(paths[i].path);
		else
			rmdir(paths[i].path);
	}
	if (number == SIGBUS)
		say_truncated();
	/* SA_RESETHAND has restored the default action, which this now takes. */
	raise(number);
}

/* A write beyond the limit for the size of files then fails, as one to a full disk does. */
static void fail_writes(int number)
{
	(void)number;
}

static void handle(int number, void (*handler)(int), int flags)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = flags }, old;

	if (sigaction(number, NULL, &old) == 0 && old.sa_handler == SIG_DFL)
		sigaction(number, &action, NULL);
}

void unfinished_init(void)
{
	static bool installed;

	if (installed)
		return;
	installed = true;
	owner = getpid();
	for (size_t i = 0; i < sizeof(fatal) / sizeof(*fatal); i++)
		handle(fatal[i], remove_all, SA_RESETHAND);
	handle(SIGXFSZ, fail_writes, SA_RESTART);
}

void unfinished_add(const char *path, enum unfinished_kind kind)
{
	size_t i = MAX_PATHS;

	unfinished_init();
	/* Store it after all others: the signal handler removes the last one first. */
	while (i && !paths[i - 1].path)
		i--;
	if (i == MAX_PATHS)
		return;
	paths[i].kind = kind;
	paths[i].path = path;
}

void unfinished_forget(const char *path)
{
	for (size_t i = 0; i < MAX_PATHS; i++)
		if (paths[i].path == path)
			paths[i].path = NULL;
}
