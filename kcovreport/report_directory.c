// SPDX-License-Identifier: GPL-2.0-or-later
/* Can a report be written to this directory? For what takes long before its report. */
#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/outfile.h"
#include "base/outpath.h"
#include "kcovreport/report.h"

/* The files of the default formats. */
static struct error *check_files(const char *directory)
{
	static const char *const names[] = { "coverage.info", "coverage.json", "summary.json" };
	struct error *err = NULL;

	for (size_t i = 0; !err && i < sizeof(names) / sizeof(*names); i++) {
		_cleanup_free_ char *path = NULL;
		struct stat st;

		if (asprintf(&path, "%s/%s", directory, names[i]) < 0) {
			path = NULL;
			return &error_no_memory;
		}
		err = outpath_check_file(path);
		if (!err && !stat(path, &st) && S_ISDIR(st.st_mode))
			err = error_errno(EISDIR, "cannot open '%s' for writing", path);
	}
	return err;
}

/*
 * root may write to some directories in which it can make none, such as /proc, and an O_TMPFILE
 * fails in others where it can. So make one, and remove it: under a name that no other program
 * uses meanwhile.
 */
static struct error *try_to_make(const char *parent, const char *path, size_t len)
{
	_cleanup_free_ char *trial = NULL;

	if (asprintf(&trial, "%s/kcovreport.XXXXXX", parent) < 0) {
		trial = NULL;
		return &error_no_memory;
	}
	if (!mkdtemp(trial))
		return error_errno(errno, "cannot create directory '%.*s'", (int)len, path);
	rmdir(trial);
	return NULL;
}

struct error *report_check_directory(const char *directory)
{
	_cleanup_free_ char *copy = strdup(directory);
	const char *existing = copy;
	bool is_missing = false;
	size_t missing = 0;
	struct stat st;

	if (!copy)
		return &error_no_memory;
	/* dirname() takes it for the current directory. */
	if (!*directory)
		return error_errno(ENOENT, "cannot create directory '%s'", directory);
	struct error *err = outpath_check(directory);
	if (err)
		return err;
	/* With a '/' at its end, a link that leads nowhere and a file look as if they were missing.
	 */
	for (size_t len = strlen(copy); len > 1 && copy[len - 1] == '/';)
		copy[--len] = '\0';
	/* The others would be made in it. */
	while (lstat(existing, &st) && (errno == ENOENT || errno == ENOTDIR)) {
		is_missing = true;
		missing = strlen(existing);
		existing = dirname((char *)existing);
	}
	err = directory_check(existing);
	if (err)
		return err;
	if (access(existing, W_OK | X_OK))
		return error_errno(errno, "cannot write to directory '%s'", existing);
	return is_missing ? try_to_make(existing, directory, missing) : check_files(directory);
}
