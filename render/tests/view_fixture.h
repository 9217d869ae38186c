/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Views of files that a suite creates in a directory of its own. */
#ifndef RENDER_TESTS_VIEW_FIXTURE_H
#define RENDER_TESTS_VIEW_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "base/outfile.h"
#include "render/tests/fixture.h"
#include "render/view.h"

static char directory[] = "/tmp/view_test.XXXXXX";

static int make_directory(void **state)
{
	(void)state;
	return mkdtemp(directory) ? 0 : -1;
}

static int remove_directory(void **state)
{
	_cleanup_free_ char *command = fixture_path("rm -rf ", directory);

	(void)state;
	return system(command);
}

/* Create a file with this content in the directory. Returns its path, which the caller frees. */
static char *make_file(const char *name, const char *content)
{
	char *path = fixture_path(directory, name);
	_cleanup_free_ char *parent = strdup(path);

	*strrchr(parent, '/') = '\0';
	assert_null(make_directories(parent));
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(content, f);
	fclose(f);
	return path;
}

static struct view *make_view(const struct coverage *coverage, const char *source,
			      const char *strip, struct filter *filter)
{
	struct view *view;

	assert_null(view_create(
		coverage,
		&(struct view_options){ .source_dir = source, .strip = strip, .filter = filter },
		&view));
	return view;
}

#endif
