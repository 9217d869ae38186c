/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens the image that the options of `symbolize` and `points` name. */
#ifndef KCOVREPORT_IMAGE_CHOICE_H
#define KCOVREPORT_IMAGE_CHOICE_H

#include <stdio.h>

#include "base/error.h"
#include "base/vector.h"
#include "symbolize/index/index.h"

DEFINE_VECTOR(debug_dir_vector, const char *);

struct image_choice {
	const char *path; /* NULL = ./vmlinux */
	struct debug_dir_vector debug_dirs;
	bool no_cache;	   /* neither use nor keep an index */
	unsigned int jobs; /* threads; 0 = the default */
};

/* The caller destroys *ret. */
struct error *image_choice_index(struct image_choice *choice, struct index **ret);
void image_choice_deinit(struct image_choice *choice);

/*
 * "name+0x1f" for the code at offset, where 0x1f is the distance to
 * `shown`; "?" if no symbol contains it. The caller frees it.
 */
char *symbol_text(const struct index *index, uint32_t offset, uint32_t shown);

/*
 * Writes { "image": .., "build_id": .., "KEY": [  up to where the
 * elements go. The document is written piece by piece, so that its size
 * does not matter.
 */
struct error *json_open_list(const struct index *index, const char *key, FILE *out);
void json_close_list(FILE *out);

#endif
