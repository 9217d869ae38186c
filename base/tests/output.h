/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For suites of output files: a directory of their own, and an output `path` in it. */
#ifndef BASE_TESTS_OUTPUT_H
#define BASE_TESTS_OUTPUT_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/io.h"
#include "base/outfile.h"

static char directory[] = "/tmp/kcovreport-test-XXXXXX";
static char path[64];

static int setup(void **state)
{
	(void)state;
	if (!mkdtemp(directory))
		return -1;
	snprintf(path, sizeof(path), "%s/out", directory);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(directory);
}

static size_t count_files(void)
{
	DIR *dir = opendir(directory);
	size_t n = 0;

	while (readdir(dir))
		n++;
	closedir(dir);
	return n - 2;
}

static void put(const char *text, bool commit)
{
	struct outfile *out;

	assert_null(outfile_create(path, &out));
	fputs(text, outfile_stream(out));
	if (commit)
		assert_null(outfile_commit(out));
	outfile_destroy(out);
}

static void assert_content(const char *want)
{
	_cleanup_free_ char *text = NULL;

	assert_null(file_read(path, 1000, &text, NULL));
	assert_string_equal(text, want);
}

#endif
