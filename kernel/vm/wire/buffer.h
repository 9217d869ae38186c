/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A growing byte queue: data is appended at the end and consumed from the start. Out of memory
 * ends the program: neither end of the relay can continue without its buffers, and the stream
 * windows limit their size.
 */
#ifndef KERNEL_VM_WIRE_BUFFER_H
#define KERNEL_VM_WIRE_BUFFER_H

#include <stddef.h>

struct buffer {
	char *data;
	size_t start;
	size_t end;
	size_t capacity;
};

static inline size_t buffer_len(const struct buffer *b)
{
	return b->end - b->start;
}

static inline char *buffer_bytes(const struct buffer *b)
{
	return b->data + b->start;
}

/* Make room for @len more bytes at the end. The caller writes there and then adds to @b->end. */
char *buffer_reserve(struct buffer *b, size_t len);

/* @data is copied. */
void buffer_append(struct buffer *b, const void *data, size_t len);

void buffer_consume(struct buffer *b, size_t len);

void buffer_deinit(struct buffer *b);

#endif
