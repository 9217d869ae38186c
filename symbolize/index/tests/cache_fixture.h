/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A tiny kernel and a cache in the fixture directory, for the suites of the cache of indexes. */
#ifndef SYMBOLIZE_INDEX_TESTS_CACHE_FIXTURE_H
#define SYMBOLIZE_INDEX_TESTS_CACHE_FIXTURE_H

#include "symbolize/image/tests/image_fixture.h"

#include <glob.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "symbolize/index/cache.h"
#include "symbolize/index/cache_private.h"
#include "symbolize/index/private.h"

/* What the log got since the last clear_log(). */
static char logged[4096];

static void log_to_text(void *arg, enum log_level level, const char *text)
{
	size_t len = strlen(logged);

	(void)arg;
	snprintf(logged + len, sizeof(logged) - len, "%s%s\n",
		 level == LOG_WARNING ? "warning: " : "", text);
}

static const struct log text_log = { .line = log_to_text };

/* The number of files in the cache with this suffix. The path of the last one is in cache_path. */
static char cache_path[512];

__attribute__((unused)) static size_t count_files(const char *suffix)
{
	char pattern[512];
	glob_t found;

	snprintf(pattern, sizeof(pattern), "%s/*%s", fixture("cache"), suffix);
	if (glob(pattern, 0, NULL, &found))
		return 0;
	size_t nr = found.gl_pathc;
	snprintf(cache_path, sizeof(cache_path), "%s", found.gl_pathv[nr - 1]);
	globfree(&found);
	return nr;
}

__attribute__((unused)) static ino_t inode_of(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	return st.st_ino;
}

/* Get the index of an image in the fixture directory, with a limit for the cache. */
__attribute__((unused)) static struct index *get_limited(const char *path, uint64_t limit)
{
	const char *const dirs[] = { fixture("debug"), NULL };
	const struct index_get_options options = { .directory = fixture("cache"),
						   .size_limit = limit,
						   .debug_dirs = dirs,
						   .log = &text_log };
	struct index *index;

	logged[0] = '\0';
	assert_ok(index_get(path, &options, &index));
	return index;
}

static struct index *get(const char *path)
{
	return get_limited(path, UINT64_MAX);
}

/* In a file of the cache the block has a header in front. */
static bool is_from_cache(const struct index *index)
{
	return index->memory != index->block;
}

/* Get the index of an image, and check that it is this one, and from the cache or not. */
static void check_get(const char *path, const char *expected, bool is_cached)
{
	_cleanup_index_ struct index *index = get(path);
	_cleanup_free_ char *text = dump_index(index, true);

	assert_string_equal(text, expected);
	assert_string_equal(index_path(index), path);
	if (is_cached != is_from_cache(index))
		fail_msg("'%s' was%s from the cache; log: %s", path, is_cached ? " not" : "",
			 logged);
}

/* The index of an image without the cache. The caller frees it. */
__attribute__((unused)) static char *expect(const char *path)
{
	_cleanup_index_ struct index *index = read_index(path, fixture("debug"));

	return dump_index(index, true);
}

#endif
