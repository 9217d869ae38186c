/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stands for "/": a directory under /tmp, filled from a table of paths and contents. */
#ifndef COLLECT_MACHINE_TESTS_TREE_FIXTURE_H
#define COLLECT_MACHINE_TESTS_TREE_FIXTURE_H

#include <ftw.h>
#include <stdio.h>

#include "base/outfile.h"
#include "run/tests/fixture.h"

struct tree {
	char root[32];
};

static inline void tree_init(struct tree *tree)
{
	memcpy(tree->root, "/tmp/kcovreport-test-XXXXXX", 28);
	assert_non_null(mkdtemp(tree->root));
}

static inline int tree_remove_one(const char *path, const struct stat *st, int type,
				  struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline void tree_deinit(struct tree *tree)
{
	nftw(tree->root, tree_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* path begins with '/'; its directories are created. */
static inline void tree_put(const struct tree *tree, const char *path, const void *data,
			    size_t size)
{
	char full[512];

	snprintf(full, sizeof(full), "%s%s", tree->root, path);
	char *slash = strrchr(full, '/');
	*slash = '\0';
	assert_ok(make_directories(full));
	*slash = '/';
	fixture_put(full, data, size);
}

static inline void tree_puts(const struct tree *tree, const char *path, const char *text)
{
	tree_put(tree, path, text, strlen(text));
}

/* A GNU build-id note with these four bytes. */
#define BUILD_ID_NOTE(bytes) "\x04\0\0\0\x04\0\0\0\x03\0\0\0GNU\0" bytes
#define BUILD_ID_NOTE_SIZE   20

#define _cleanup_tree_	     __attribute__((__cleanup__(tree_deinit)))

#endif
