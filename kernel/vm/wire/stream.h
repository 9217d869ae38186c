/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The command's standard streams as they cross the wire. A source reads a file descriptor and sends
 * what it got, never more than the window the far sink has granted; a sink writes to a file
 * descriptor what arrives, and grants as much again. So at most STREAM_WINDOW bytes of a stream are
 * on the way, and a blocked stream blocks nobody else.
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
	int fd; /* -1: ended, or there never was one */
	uint8_t stream;
	uint32_t credit;
	/* Sees what was read, if not NULL. */
	void (*watch)(void *context, const char *data, size_t len);
	void *context;
};

struct sink {
	int fd; /* -1: ended, or there never was one */
	uint8_t stream;
	/* Write at most this much where poll() says there is room: PIPE_BUF for a blocking pipe. */
	size_t chunk;
	bool ending; /* EOF has come: close when all is written */
	int error;   /* errno of the write that failed, if one did */
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
 * Read once and send. Returns false when there was nothing to read; the end of the file and errors
 * send EOF and close @s->fd.
 */
bool source_pump(struct source *s, struct wire *w);

/* The far end does not read any more: close, so that the writer notices. */
void source_shut(struct source *s);

/* @data has arrived; it is copied. */
void sink_take(struct sink *s, struct wire *w, const char *data, size_t len);

/* EOF has arrived. */
void sink_end(struct sink *s);

/* Write what the file descriptor takes, grant the room. */
void sink_pump(struct sink *s, struct wire *w);

#endif
