/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a report needs to know about a source file: whether it can be read, its length and age, and
 * whether it is what was compiled.
 */
#ifndef RENDER_SOURCE_FILE_H
#define RENDER_SOURCE_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "base/error.h"
#include "base/source_md5.h"

struct source_facts {
	uint64_t nr_lines; /* a last line without newline counts */
	uint64_t size;	   /* in bytes */
	struct timespec modified;
	bool is_compared; /* with what was compiled: then its age says nothing more */
	bool is_changed;  /* it is not what was compiled, or not for all code */
};

/*
 * Look at the source file at path, which comes from debug info. md5: of what was compiled. Fails
 * with ERROR_NOT_FOUND if it does not exist, with another error if it is not a regular file or
 * cannot be read. Never opens anything but a regular file (file_open_regular()).
 */
struct error *source_file_read(const char *path, const struct source_md5 *md5,
			       struct source_facts *ret);

/* When the image at path was written last. False if that is not known. */
bool source_file_image_time(const char *path, struct timespec *ret);

#endif
