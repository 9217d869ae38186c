/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the frames of all addresses are packed into an index. Private to
 * symbolize/index/.
 *
 * INDEX_PLACES are the addresses where the innermost scope, file, line or column
 * changes, ascending. Each is active up to the next one. INDEX_SCOPES are the
 * subprograms and inlined instances. Both are varints (base/packed.h), in chunks
 * that are decoded from their start: INDEX_PLACE_CHUNKS and INDEX_SCOPE_CHUNKS say
 * where they begin.
 *
 *	place:  (offset - offset before) << PLACE_BITS | PLACE_*
 *		PLACE_SCOPE: zigzag(scope + 1 - (scope before + 1)); 0 = in no scope
 *		PLACE_FILE:  file + 1; 0 = not known
 *		PLACE_LINE:  zigzag(line - line before)
 *		column
 *	scope:  (scope - parent) << 1 | SCOPE_FILE; scope - parent = 0: out of line
 *		function + 1; 0 = not known
 *		SCOPE_FILE: file of the call + 1; 0 = not known
 *		zigzag(line of the call - line of the parent)    the last two only
 *		column of the call                               if it has a parent
 *
 * "Before" a chunk all values are 0. After a change of scope the file and line
 * before are those of the scope, and these are the declaration of its function:
 * most code is in the file where its function is.
 */
#ifndef SYMBOLIZE_INDEX_FRAMES_H
#define SYMBOLIZE_INDEX_FRAMES_H

#include <stdint.h>

#include "base/vector.h"
#include "symbolize/index/index.h"

enum {
	PLACE_SCOPE = 1,
	PLACE_FILE = 2,
	PLACE_LINE = 4,
	PLACE_BITS = 3,
	SCOPE_FILE = 1,
	SCOPE_BITS = 1,
};

/* Shorter chunks are found faster, and need more memory. */
#define PLACES_PER_CHUNK 32
#define SCOPES_PER_CHUNK 16

struct index_place_chunk {
	uint32_t offset; /* of its first place */
	uint32_t start;	 /* in INDEX_PLACES */
};

DEFINE_VECTOR(index_place_chunk_vector, struct index_place_chunk);
DEFINE_VECTOR(index_scope_chunk_vector, uint32_t); /* starts in INDEX_SCOPES */

struct index_scope {
	uint32_t parent;   /* a lower number; INDEX_NONE = out of line */
	uint32_t function; /* INDEX_NONE = not known */
	uint32_t file;	   /* of the inlined call, INDEX_NONE = not known */
	uint32_t line;	   /* of the inlined call, 0 = not known */
	uint32_t column;   /* of the inlined call, 0 = not known */
};

struct index_place {
	uint32_t offset;
	uint32_t scope;	 /* the innermost one, INDEX_NONE = none */
	uint32_t file;	 /* INDEX_NONE = not known */
	uint32_t line;	 /* 0 = not known */
	uint32_t column; /* 0 = not known */
};

DEFINE_VECTOR(index_scope_vector, struct index_scope);
DEFINE_VECTOR(index_place_vector, struct index_place);

#endif
