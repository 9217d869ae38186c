/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The MD5 of a source file as it was compiled. DWARF 5 has room for it: clang writes it, gcc does
 * not (DWARF 5, 6.2.4.1, DW_LNCT_MD5). It tells exactly whether a source changed since the build.
 */
#ifndef BASE_SOURCE_MD5_H
#define BASE_SOURCE_MD5_H

#include <stdint.h>
#include <string.h>

#define SOURCE_MD5_SIZE 16

enum source_md5_state {
	SOURCE_MD5_NONE,    /* not known */
	SOURCE_MD5_ONE,	    /* all code that names the file was compiled from this content */
	SOURCE_MD5_SEVERAL, /* code was compiled from different contents: none is right for all */
};

/* Zeroed memory is SOURCE_MD5_NONE. Any other value of state counts as that, too. */
struct source_md5 {
	uint32_t state; /* enum source_md5_state */
	uint8_t bytes[SOURCE_MD5_SIZE];
};

/* What is known of a file if two units, or two images, name it. */
static inline void source_md5_join(struct source_md5 *to, const struct source_md5 *from)
{
	if (to->state == SOURCE_MD5_SEVERAL || from->state == SOURCE_MD5_NONE)
		return;
	if (to->state == SOURCE_MD5_ONE &&
	    (from->state == SOURCE_MD5_SEVERAL || memcmp(to->bytes, from->bytes, SOURCE_MD5_SIZE)))
		to->state = SOURCE_MD5_SEVERAL;
	else
		*to = *from;
}

#endif
