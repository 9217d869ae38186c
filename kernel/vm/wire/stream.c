// SPDX-License-Identifier: GPL-2.0
/* Moves a standard stream over the wire, within its window. */
#include "kernel/vm/wire/stream.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#define SOURCE_CHUNK (32 * 1024)

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

bool source_pump(struct source *s, struct wire *w)
{
	static char chunk[SOURCE_CHUNK];
	size_t room = s->credit < sizeof(chunk) ? s->credit : sizeof(chunk);
	ssize_t n = read(s->fd, chunk, room);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n <= 0) {
		wire_send(w, (struct frame){ .type = FRAME_EOF, .stream = s->stream }, NULL);
		close_fd(&s->fd);
		return false;
	}
	wire_send(w, (struct frame){ .type = FRAME_DATA, .stream = s->stream, .len = n }, chunk);
	s->credit -= n;
	if (s->watch)
		s->watch(s->context, chunk, n);
	return true;
}

void source_shut(struct source *s)
{
	close_fd(&s->fd);
}

void source_grant(struct source *s, struct wire *w, uint32_t len)
{
	if (len > STREAM_WINDOW - s->credit) {
		w->closed = true;
		return;
	}
	s->credit += len;
}

static void grant(struct sink *s, struct wire *w, size_t len)
{
	if (len)
		wire_send(w,
			  (struct frame){ .type = FRAME_CREDIT, .stream = s->stream, .value = len },
			  NULL);
}

void sink_take(struct sink *s, struct wire *w, const char *data, size_t len)
{
	if (s->fd < 0) {
		grant(s, w, len);
		return;
	}
	if (len > STREAM_WINDOW - buffer_len(&s->pending)) {
		w->closed = true;
		return;
	}
	buffer_append(&s->pending, data, len);
	sink_pump(s, w);
}

void sink_end(struct sink *s)
{
	s->ending = true;
	if (!buffer_len(&s->pending))
		close_fd(&s->fd);
}

static void sink_break(struct sink *s, struct wire *w, int error)
{
	s->error = error;
	close_fd(&s->fd);
	grant(s, w, buffer_len(&s->pending));
	buffer_consume(&s->pending, buffer_len(&s->pending));
	wire_send(w, (struct frame){ .type = FRAME_SHUT, .stream = s->stream }, NULL);
}

static bool writable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	return poll(&p, 1, 0) == 1;
}

void sink_pump(struct sink *s, struct wire *w)
{
	size_t written = 0;

	while (sink_wants(s) && writable(s->fd)) {
		size_t len = buffer_len(&s->pending);
		ssize_t n =
			write(s->fd, buffer_bytes(&s->pending), len < s->chunk ? len : s->chunk);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			break;
		if (n < 0) {
			grant(s, w, written);
			sink_break(s, w, errno);
			return;
		}
		buffer_consume(&s->pending, n);
		written += n;
	}
	grant(s, w, written);
	if (s->ending && !buffer_len(&s->pending))
		close_fd(&s->fd);
}
