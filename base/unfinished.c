// SPDX-License-Identifier: GPL-2.0-or-later
/* Removes unfinished files when a signal ends the program. */
#include "base/unfinished.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

#define MAX_PATHS 16

static const int fatal[] = { SIGINT, SIGTERM, SIGHUP };

static struct {
	const char *volatile path; /* NULL = free */
	volatile enum unfinished_kind kind;
} paths[MAX_PATHS];

static void remove_all(int number)
{
	for (size_t i = MAX_PATHS; i--;) {
		if (!paths[i].path)
			continue;
		if (paths[i].kind == UNFINISHED_FILE)
			unlink(paths[i].path);
		else
			rmdir(paths[i].path);
	}
	/* SA_RESETHAND has restored the default action, which this now takes. */
	raise(number);
}

static void install_handlers(void)
{
	static bool installed;
	struct sigaction action = { .sa_handler = remove_all, .sa_flags = SA_RESETHAND }, old;

	if (installed)
		return;
	installed = true;
	for (size_t i = 0; i < sizeof(fatal) / sizeof(*fatal); i++)
		if (sigaction(fatal[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL)
			sigaction(fatal[i], &action, NULL);
}

void unfinished_add(const char *path, enum unfinished_kind kind)
{
	size_t i = MAX_PATHS;

	install_handlers();
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
