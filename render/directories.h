/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files of a view by directory, for formats that have totals of directories. They have the
 * files that view_writes() has.
 */
#ifndef RENDER_DIRECTORIES_H
#define RENDER_DIRECTORIES_H

#include "base/error.h"
#include "base/vector.h"
#include "render/view.h"

struct directory {
	const char *name; /* that of view_short_path(); "." if that has none; not terminated */
	size_t length;
	const struct coverage_file **files; /* by path */
	size_t nr_files;
	struct coverage_ratio lines, functions, branches;
};

DEFINE_VECTOR(directory_vector, struct directory);

struct directories {
	struct directory_vector all; /* by name */
	const struct coverage_file **files;
};

/* Everything in it is borrowed from the view or owned by ret. Deinit it also after an error. */
struct error *directories_init(struct directories *ret, const struct view *view);
void directories_deinit(struct directories *directories);

#endif
