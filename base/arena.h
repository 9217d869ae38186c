/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory that is freed all at once. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena;

/* NULL = out of memory. */
struct arena *arena_create(void);
/* Accepts NULL. */
void arena_destroy(struct arena *arena);
/* nr * size zeroed bytes, aligned for anything; never NULL for 0 bytes. NULL = no memory. */
void *arena_alloc(struct arena *arena, size_t nr, size_t size);
/* Move all memory of other, which is destroyed, to arena. */
void arena_join(struct arena *arena, struct arena *other);
/* A copy of s; NULL for NULL, or when out of memory. */
const char *arena_strdup(struct arena *arena, const char *s);

#endif
