// SPDX-License-Identifier: GPL-2.0-or-later
/* Searches PATH like execvp(3), without trying to execute the files. */
#include "collect/follow/find_program.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

/* The default of glibc's execvp(3) if PATH is not set. */
#define DEFAULT_PATH "/bin:/usr/bin"

static bool can_execute(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	       faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0;
}

char *find_program(const char *name)
{
	const char *path = getenv("PATH");

	if (strchr(name, '/'))
		return strdup(name);
	path = path ? path : DEFAULT_PATH;
	for (;; path++) {
		int length = strcspn(path, ":");
		_cleanup_free_ char *file = NULL;

		/* An empty directory means the current one. */
		if (asprintf(&file, "%.*s%s%s", length, path, length ? "/" : "", name) < 0)
			return NULL;
		if (can_execute(file))
			return steal_ptr(&file);
		path += length;
		if (!*path)
			return NULL;
	}
}
