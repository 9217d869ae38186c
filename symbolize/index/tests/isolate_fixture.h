/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A small kernel of which a suite builds indexes in processes of their own. */
#ifndef SYMBOLIZE_INDEX_TESTS_ISOLATE_FIXTURE_H
#define SYMBOLIZE_INDEX_TESTS_ISOLATE_FIXTURE_H

#include "symbolize/image/tests/image_fixture.h"
#include "symbolize/index/isolate.h"
#include "symbolize/index/private.h"

static struct image *image;

/* Both are of the suite. */
static int open_kernel(void **state)
{
	if (make_fixture_dir(state))
		return -1;
	build_kernel("vmlinux", "gcc", "-gdwarf-5");
	assert_ok(image_open(fixture("vmlinux"), NULL, &image));
	return 0;
}

static int close_kernel(void **state)
{
	image_close(image);
	return remove_fixture_dir(state);
}

#endif
