// SPDX-License-Identifier: GPL-2.0-or-later
/* The intern table: strings in an arena, found through an open-addressing hash table. */
#include "base/intern.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash_seed.h"
#include "base/vector.h"

DEFINE_VECTOR(owned_vector, char *);

struct intern {
	struct owned_vector strings;
	uint32_t *slots; /* id + 1, 0 = free */
	size_t nr_slots; /* a power of two */
	uint64_t seed;	 /* seed of the hash */
};

struct error *intern_create(struct intern **ret)
{
	struct intern *in = calloc(1, sizeof(*in));

	if (!in)
		return &error_no_memory;
	in->nr_slots = 64;
	in->seed = hash_seed();
	in->slots = calloc(in->nr_slots, sizeof(*in->slots));
	if (!in->slots) {
		free(in);
		return &error_no_memory;
	}
	*ret = in;
	return NULL;
}

void intern_destroy(struct intern *in)
{
	if (!in)
		return;
	vector_for_each(&in->strings, s)
		free(*s);
	owned_vector_deinit(&in->strings);
	free(in->slots);
	free(in);
}

/* FNV-1a. */
static size_t hash_string(const char *s, uint64_t seed)
{
	uint64_t h = 0xcbf29ce484222325 ^ seed;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3;
	return h ^ h >> 32;
}

static size_t intern_slot(const struct intern *in, const char *s)
{
	size_t i = hash_string(s, in->seed) & (in->nr_slots - 1);

	while (in->slots[i] && strcmp(in->strings.data[in->slots[i] - 1], s))
		i = (i + 1) & (in->nr_slots - 1);
	return i;
}

static bool intern_grow(struct intern *in)
{
	size_t nr = in->nr_slots * 2;
	uint32_t *slots = calloc(nr, sizeof(*slots));

	if (!slots)
		return false;
	free(in->slots);
	in->slots = slots;
	in->nr_slots = nr;
	for (size_t id = 0; id < in->strings.len; id++)
		in->slots[intern_slot(in, in->strings.data[id])] = id + 1;
	return true;
}

struct error *intern_id(struct intern *in, const char *s, uint32_t *ret)
{
	size_t slot = intern_slot(in, s);

	if (in->slots[slot]) {
		*ret = in->slots[slot] - 1;
		return NULL;
	}
	if (in->strings.len >= UINT32_MAX - 1)
		return error_create(ERROR_UNSUPPORTED, "more than 2^32 strings");
	if (in->strings.len * 2 >= in->nr_slots) {
		if (!intern_grow(in))
			return &error_no_memory;
		slot = intern_slot(in, s);
	}
	char *copy = strdup(s);
	if (!copy)
		return &error_no_memory;
	if (!owned_vector_append(&in->strings, &copy)) {
		free(copy);
		return &error_no_memory;
	}
	in->slots[slot] = in->strings.len;
	*ret = in->strings.len - 1;
	return NULL;
}

uint32_t intern_find(const struct intern *in, const char *s)
{
	size_t slot = intern_slot(in, s);

	return in->slots[slot] ? in->slots[slot] - 1 : INTERN_NONE;
}

const char *intern_string(const struct intern *in, uint32_t id)
{
	return in->strings.data[id];
}

uint32_t intern_count(const struct intern *in)
{
	return in->strings.len;
}
