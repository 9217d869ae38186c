/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The command's standard streams as they cross the wire. A source reads a file descriptor and sends
 * what it read, but never more than the window that the sink at the other end has granted. A sink
 * writes what arrives to a file descriptor, and then grants that many bytes again. So at most
 * STREAM_WINDOW bytes of a stream are under way, and a blocked stream does not block the others.
 */
#ifndef KERNEL_VM_WIRE_STREAM_H
#define KERNEL_VM_WIRE_STREAM_H

#include "kernel/vm/wire/wire.h"

#define STREAM_WINDOW (256 * 1024)

enum stream {
	STREAM_IN,
	STREAM_OUT,
	STREAM_ERR,
	STREAM_COUNT,
};

struct source {
	int fd; /* -1: ended, or never existed */
	uint8_t stream;
	uint32_t credit;
	/* If not NULL, called with the data that was read. */
	void (*watch)(void *context, const char *data, size_t len);
	void *context;
};

struct sink {
	int fd; /* -1: ended, or never existed */
	uint8_t stream;
	/* Write at most this much when poll() reports room: PIPE_BUF for a blocking pipe. */
	size_t chunk;
	bool ending; /* EOF has arrived: close when all is written */
	int error;   /* errno of a failed write, or 0 */
	struct buffer pending;
};

static inline bool source_wants(const struct source *s)
{
	return s->fd >= 0 && s->credit > 0;
}

static inline bool sink_wants(const struct sink *s)
{
	return s->fd >= 0 && buffer_len(&s->pending) > 0;
}

/*
 * Read once and send. Returns false if there was nothing to read. At end of file and on errors
 * sends EOF and closes @s->fd.
 */
bool source_pump(struct source *s, struct wire *w);

/* The other end does not read any more: close, so that the writer notices. */
void source_shut(struct source *s);

/*
 * The reader at the other end has consumed @len bytes. If it never got that many, the wire is
 * closed.
 */
void source_grant(struct source *s, struct wire *w, uint32_t len);

/* @data has arrived; it is copied. If the window has no room for it, the wire is closed. */
void sink_take(struct sink *s, struct wire *w, const char *data, size_t len);

/* EOF has arrived. */
void sink_end(struct sink *s);

/* Write what the file descriptor accepts, then grant that much to the source. */
void sink_pump(struct sink *s, struct wire *w);

#endif
