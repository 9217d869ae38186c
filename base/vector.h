/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Growable arrays with a type.
 *
 *	DEFINE_VECTOR(u64_vector, uint64_t);
 *	struct u64_vector v = VECTOR_INIT;
 *	if (!u64_vector_append(&v, &value))
 *		return &error_no_memory;
 *	vector_for_each(&v, p) ...
 *	u64_vector_deinit(&v);
 *
 * Growing moves the elements: a pointer to an element is invalid after an
 * append. deinit frees the array, but not what its elements own.
 */
#ifndef BASE_VECTOR_H
#define BASE_VECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/huge.h"

#define VECTOR_INIT                                                                                \
	{                                                                                          \
		0                                                                                  \
	}

/* realloc() to n * size bytes; NULL on overflow too. The old array then stays valid. */
static inline void *array_realloc(void *array, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	array = realloc(array, bytes ? bytes : 1);
	if (array && bytes >= HUGE_ARRAY_MIN)
		advise_huge(array, bytes);
	return array;
}

/* Make room for `want` elements. Doubles, so appending takes amortised constant time. */
static inline bool vector_reserve_raw(void **data, size_t *capacity, size_t want, size_t size)
{
	if (want <= *capacity)
		return true;
	size_t n = *capacity < 8 ? 8 : *capacity;
	while (n < want)
		if (__builtin_mul_overflow(n, 2, &n))
			n = want;
	void *p = array_realloc(*data, n, size);
	if (!p)
		return false;
	*data = p;
	*capacity = n;
	return true;
}

#define DEFINE_VECTOR(name, type)                                                                  \
	struct name {                                                                              \
		type *data;                                                                        \
		size_t len;                                                                        \
		size_t capacity;                                                                   \
	};                                                                                         \
	__attribute__((unused)) static inline void name##_deinit(struct name *v)                   \
	{                                                                                          \
		free(v->data);                                                                     \
		*v = (struct name)VECTOR_INIT;                                                     \
	}                                                                                          \
	__attribute__((unused)) static inline bool name##_reserve(struct name *v, size_t want)     \
	{                                                                                          \
		void *data = v->data;                                                              \
		if (!vector_reserve_raw(&data, &v->capacity, want, sizeof(type)))                  \
			return false;                                                              \
		v->data = data;                                                                    \
		return true;                                                                       \
	}                                                                                          \
	/* Append a copy of *value, or a zeroed element when value is NULL. NULL: no memory. */    \
	__attribute__((unused)) static inline type *name##_append(struct name *v,                  \
								  type const *value)               \
	{                                                                                          \
		if (!name##_reserve(v, v->len + 1))                                                \
			return NULL;                                                               \
		type *p = &v->data[v->len++];                                                      \
		if (value)                                                                         \
			*p = *value;                                                               \
		else                                                                               \
			__builtin_memset(p, 0, sizeof(*p));                                        \
		return p;                                                                          \
	}                                                                                          \
	/* Append copies of all elements of *from. False: no memory. */                            \
	__attribute__((unused)) static inline bool name##_extend(struct name *v,                   \
								 const struct name *from)          \
	{                                                                                          \
		if (!from->len)                                                                    \
			return true;                                                               \
		if (!name##_reserve(v, v->len + from->len))                                        \
			return false;                                                              \
		__builtin_memcpy(v->data + v->len, from->data, from->len * sizeof(type));          \
		v->len += from->len;                                                               \
		return true;                                                                       \
	}                                                                                          \
	struct name##_semicolon

/* p has the type of an element without const, also if the vector is const. */
#define vector_for_each(v, p)                                                                      \
	for (__typeof__(*(v)->data) *p = (v)->data; (v)->len && p < (v)->data + (v)->len; p++)

/* Borrowed strings. */
DEFINE_VECTOR(string_vector, const char *);

#endif
