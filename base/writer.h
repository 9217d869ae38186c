/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Buffered output for files of millions of numbers. printf() parses a format for
 * each of them, and every stdio call takes a lock; here a number costs a few
 * nanoseconds.
 *
 *	writer_init(&w, stream);
 *	writer_str(&w, "DA:");
 *	writer_u64(&w, line);
 *	writer_byte(&w, '\n');
 *	errnum = writer_flush(&w);
 *
 * Additions return no error. The writer keeps the first write error, and drops
 * everything after it. writer_flush() returns that error each time. Memory use
 * does not depend on the size of the output.
 */
#ifndef BASE_WRITER_H
#define BASE_WRITER_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* A multiple of the block size, so that stdio passes whole buffers on without a copy. */
#define WRITER_BUFFER_SIZE 65536

struct writer {
	FILE *stream; /* borrowed */
	size_t len;   /* bytes in buffer */
	int errnum;   /* of the first failed write; 0 = none */
	char buffer[WRITER_BUFFER_SIZE];
};

/* stream: borrowed. What is in the writer is lost if writer_flush() is not called. */
void writer_init(struct writer *w, FILE *stream);

/* For writer_bytes(): data that does not fit into the rest of the buffer. */
void writer_overflow(struct writer *w, const void *data, size_t len);

static inline void writer_bytes(struct writer *w, const void *data, size_t len)
{
	if (len > WRITER_BUFFER_SIZE - w->len) {
		writer_overflow(w, data, len);
		return;
	}
	memcpy(w->buffer + w->len, data, len);
	w->len += len;
}

static inline void writer_byte(struct writer *w, char c)
{
	writer_bytes(w, &c, 1);
}

/* The bytes of s without its NUL. */
static inline void writer_str(struct writer *w, const char *s)
{
	writer_bytes(w, s, strlen(s));
}

/* Decimal, without leading zeros. */
void writer_u64(struct writer *w, uint64_t value);

/*
 * Pass everything to the stream, which may have a buffer of its own. Returns 0,
 * or the errno of the first write that failed.
 */
int writer_flush(struct writer *w);

/*
 * For output that needs printf() or a FILE: flush, and return the stream. The
 * caller may then add to the writer again; the order of the output is kept. Errors
 * of the stream itself are not known to the writer.
 */
FILE *writer_stream(struct writer *w);

#endif
