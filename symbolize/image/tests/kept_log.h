/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A log that keeps its lines, for suites that check what is said about an image. */
#ifndef SYMBOLIZE_IMAGE_TESTS_KEPT_LOG_H
#define SYMBOLIZE_IMAGE_TESTS_KEPT_LOG_H

#include "symbolize/image/tests/image_fixture.h"

#include <string.h>

/* All lines that the log got. */
static struct strbuf lines;

static void keep_line(void *arg, enum log_level level, const char *text)
{
	(void)arg;
	(void)level;
	strbuf_addf(&lines, "%s\n", text);
}

static const struct log keep = { .line = keep_line };

/* Open and index a fixture; lines gets what was said, and only that. */
static struct index *read_logged(const char *name, struct image **ret_image)
{
	const struct image_options options = { .log = &keep };
	struct index *index;

	strbuf_reset(&lines);
	assert_ok(image_open(fixture(name), &options, ret_image));
	assert_ok(index_build(*ret_image, &(struct index_options){ .log = &keep, .jobs = 2 },
			      &index));
	return index;
}

/* The same for a suite that needs neither. */
__attribute__((unused)) static void log_fixture(const char *name)
{
	_cleanup_image_ struct image *image = NULL;

	index_destroy(read_logged(name, &image));
}

__attribute__((unused)) static void assert_logged(const char *text)
{
	if (!strstr(strbuf_str(&lines), text))
		fail_msg("no '%s' in '%s'", text, strbuf_str(&lines));
}

__attribute__((unused)) static void assert_one_line(void)
{
	assert_ptr_equal(strchr(strbuf_str(&lines), '\n') + 1, lines.data + lines.len);
}

/* Of the suite. */
static int remove_log(void **state)
{
	strbuf_deinit(&lines);
	return remove_fixture_dir(state);
}

#endif
