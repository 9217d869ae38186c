// SPDX-License-Identifier: GPL-2.0-or-later
/* An arena: memory in chunks that are freed together. */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Each chunk is twice as large as the one before. Large ones come zeroed from the kernel. */
#define CHUNK_SIZE_MIN ((size_t)16 << 10)
#define CHUNK_SIZE_MAX ((size_t)4 << 20)
#define ALIGNMENT      16

struct chunk {
	struct chunk *next;
	size_t used, size; /* bytes of data */
	_Alignas(ALIGNMENT) unsigned char data[];
};

struct arena {
	struct chunk *chunks; /* the first one is being filled */
};

struct arena *arena_create(void)
{
	return calloc(1, sizeof(struct arena));
}

void arena_destroy(struct arena *arena)
{
	if (!arena)
		return;
	while (arena->chunks) {
		struct chunk *next = arena->chunks->next;

		free(arena->chunks);
		arena->chunks = next;
	}
	free(arena);
}

void *arena_alloc(struct arena *arena, size_t nr, size_t size)
{
	struct chunk *chunk = arena->chunks;
	size_t bytes;

	if (__builtin_mul_overflow(nr, size, &bytes) || bytes > SIZE_MAX / 2)
		return NULL;
	bytes = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	if (!chunk || chunk->size - chunk->used < bytes) {
		size_t room = chunk ? 2 * chunk->size : CHUNK_SIZE_MIN;

		room = room < CHUNK_SIZE_MAX ? room : CHUNK_SIZE_MAX;
		room = room > bytes ? room : bytes;
		chunk = calloc(1, sizeof(*chunk) + room);
		if (!chunk)
			return NULL;
		chunk->size = room;
		chunk->next = arena->chunks;
		arena->chunks = chunk;
	}
	void *p = chunk->data + chunk->used;
	chunk->used += bytes;
	return p;
}

const char *arena_strdup(struct arena *arena, const char *s)
{
	if (!s)
		return NULL;
	size_t len = strlen(s) + 1;
	char *copy = arena_alloc(arena, len, 1);
	return copy ? memcpy(copy, s, len) : NULL;
}
