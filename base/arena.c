// SPDX-License-Identifier: GPL-2.0-or-later
/* An arena: memory in chunks that are freed together. */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Each chunk is twice as large as the one before. */
#define CHUNK_SIZE_MIN ((size_t)16 << 10)
#define CHUNK_SIZE_MAX ((size_t)4 << 20)
/* Chunks from this size on are mapped, in huge pages if the kernel has them: fewer page faults. */
#define HUGE_SIZE ((size_t)2 << 20)
#define ALIGNMENT 16

struct chunk {
	struct chunk *next;
	size_t used, size; /* bytes of data */
	size_t mapped;	   /* bytes of the mapping; 0 = allocated */
	_Alignas(ALIGNMENT) unsigned char data[];
};

struct arena {
	struct chunk *chunks; /* the first one is being filled */
};

/* A zeroed mapping that begins at a multiple of HUGE_SIZE; NULL = no memory. */
static void *map_aligned(size_t size)
{
	unsigned char *p = mmap(NULL, size + HUGE_SIZE, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	size_t before = -(uintptr_t)p % HUGE_SIZE;
	if (before)
		munmap(p, before);
	munmap(p + before + size, HUGE_SIZE - before);
	madvise(p + before, size, MADV_HUGEPAGE); /* a wish */
	return p + before;
}

/* A chunk with room for `room` bytes of data, or a little more. */
static struct chunk *chunk_create(size_t room)
{
	size_t size = sizeof(struct chunk) + room;
	struct chunk *chunk;

	if (room < HUGE_SIZE) {
		chunk = calloc(1, size);
		if (chunk)
			chunk->size = room;
		return chunk;
	}
	size = (size + HUGE_SIZE - 1) / HUGE_SIZE * HUGE_SIZE;
	chunk = map_aligned(size);
	if (chunk) {
		chunk->mapped = size;
		chunk->size = size - sizeof(*chunk);
	}
	return chunk;
}

static void chunk_destroy(struct chunk *chunk)
{
	if (chunk->mapped)
		munmap(chunk, chunk->mapped);
	else
		free(chunk);
}

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

		chunk_destroy(arena->chunks);
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

		room = room < CHUNK_SIZE_MAX ? room : CHUNK_SIZE_MAX - sizeof(*chunk);
		room = room > bytes ? room : bytes;
		chunk = chunk_create(room);
		if (!chunk)
			return NULL;
		chunk->next = arena->chunks;
		arena->chunks = chunk;
	}
	void *p = chunk->data + chunk->used;
	chunk->used += bytes;
	return p;
}

void arena_join(struct arena *arena, struct arena *other)
{
	struct chunk **end = &arena->chunks;

	/* At the end: the first one of arena is still being filled. */
	while (*end)
		end = &(*end)->next;
	*end = other->chunks;
	free(other);
}

const char *arena_strdup(struct arena *arena, const char *s)
{
	if (!s)
		return NULL;
	size_t len = strlen(s) + 1;
	char *copy = arena_alloc(arena, len, 1);
	return copy ? memcpy(copy, s, len) : NULL;
}
