// SPDX-License-Identifier: GPL-2.0-or-later
/* An arena: memory in chunks that are freed together. */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_SIZE ((size_t)64 << 10)
#define ALIGNMENT  16

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
		size_t room = bytes > CHUNK_SIZE ? bytes : CHUNK_SIZE;

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
