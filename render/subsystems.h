/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Coverage by subsystem: by entry of MAINTAINERS (render/maintainers.h). A file in several entries
 * counts in each of them. THE REST, which has every file, has here those of no other entry.
 */
#ifndef RENDER_SUBSYSTEMS_H
#define RENDER_SUBSYSTEMS_H

#include "render/maintainers.h"
#include "symbolize/coverage/coverage.h"

struct subsystem {
	const char *title; /* NULL: the files of no entry, such as those outside the tree */
	bool is_rest;
	uint64_t nr_files;
	struct coverage_ratio lines;
	struct coverage_ratio functions;
	struct coverage_ratio branches;
	struct coverage_ratio points;
};

struct subsystems {
	/* Those with a file; by title, but THE REST and the files of no entry come last. */
	struct subsystem *list;
	size_t nr;
	uint64_t nr_shared; /* files in more than one */
};

/*
 * Add up the files. maintainers, which have the titles, must outlive *ret. root: the tree, to which
 * paths are made relative.
 */
struct error *subsystems_create(const struct maintainers *maintainers, const char *root,
				const struct coverage_file *files, size_t nr_files,
				struct subsystems **ret);
/* Accepts NULL. */
void subsystems_destroy(struct subsystems *subsystems);
DEFINE_CLEANUP(subsystems, struct subsystems, subsystems_destroy);
#define _cleanup_subsystems_ _cleanup_(cleanup_subsystems)

#endif
