// SPDX-License-Identifier: GPL-2.0
/* The growing byte queue of the relay and the guest's init. */
#include "kernel/vm/wire/buffer.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void out_of_memory(void)
{
	static const char text[] = "out of memory\n";
	ssize_t ignored = write(STDERR_FILENO, text, sizeof(text) - 1);

	(void)ignored;
	exit(125);
}

static void buffer_grow(struct buffer *b, size_t wanted)
{
	size_t capacity = b->capacity ? b->capacity : 4096;

	while (capacity < wanted) {
		if (__builtin_mul_overflow(capacity, 2, &capacity))
			out_of_memory();
	}
	b->data = realloc(b->data, capacity);
	if (!b->data)
		out_of_memory();
	b->capacity = capacity;
}

char *buffer_reserve(struct buffer *b, size_t len)
{
	size_t wanted;

	if (b->start == b->end)
		b->start = b->end = 0;
	if (b->start && b->capacity - b->end < len) {
		memmove(b->data, b->data + b->start, buffer_len(b));
		b->end -= b->start;
		b->start = 0;
	}
	if (__builtin_add_overflow(b->end, len, &wanted))
		out_of_memory();
	if (wanted > b->capacity)
		buffer_grow(b, wanted);
	return b->data + b->end;
}

void buffer_append(struct buffer *b, const void *data, size_t len)
{
	if (!len)
		return;
	memcpy(buffer_reserve(b, len), data, len);
	b->end += len;
}

void buffer_consume(struct buffer *b, size_t len)
{
	b->start += len;
}

void buffer_deinit(struct buffer *b)
{
	free(b->data);
	*b = (struct buffer){ 0 };
}
