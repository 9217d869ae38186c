// SPDX-License-Identifier: GPL-2.0
/* Frames: queue, send, receive and take apart. */
#include "kernel/vm/wire/wire.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void wire_send(struct wire *w, struct frame frame, const void *payload)
{
	if (buffer_len(&w->out) > WIRE_QUEUE_MAX)
		w->closed = true;
	if (w->closed || w->deaf)
		return;
	buffer_append(&w->out, &frame, sizeof(frame));
	buffer_append(&w->out, payload, frame.len);
}

bool wire_fill(struct wire *w)
{
	ssize_t n = read(w->fd, buffer_reserve(&w->in, WIRE_PAYLOAD_MAX), WIRE_PAYLOAD_MAX);

	if (n > 0)
		w->in.end += n;
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		w->closed = true;
	return !w->closed;
}

bool wire_flush(struct wire *w)
{
	while (!w->closed && !w->deaf && buffer_len(&w->out)) {
		ssize_t n = write(w->fd, buffer_bytes(&w->out), buffer_len(&w->out));

		if (n > 0)
			buffer_consume(&w->out, n);
		else if (n == 0 || errno == EAGAIN)
			break;
		else if (errno == EPIPE || errno == ECONNRESET)
			w->deaf = true;
		else if (errno != EINTR)
			w->closed = true;
	}
	if (w->deaf)
		buffer_consume(&w->out, buffer_len(&w->out));
	return !w->closed && !w->deaf;
}

bool wire_next(struct wire *w, struct frame *ret_frame, const char **ret_payload)
{
	struct frame frame;

	if (w->closed || buffer_len(&w->in) < sizeof(frame))
		return false;
	memcpy(&frame, buffer_bytes(&w->in), sizeof(frame));
	if (frame.zero || frame.len > WIRE_PAYLOAD_MAX) {
		w->closed = true;
		return false;
	}
	if (buffer_len(&w->in) < sizeof(frame) + frame.len)
		return false;
	*ret_frame = frame;
	*ret_payload = buffer_bytes(&w->in) + sizeof(frame);
	buffer_consume(&w->in, sizeof(frame) + frame.len);
	return true;
}

void wire_deinit(struct wire *w)
{
	if (w->fd >= 0)
		close(w->fd);
	buffer_deinit(&w->in);
	buffer_deinit(&w->out);
}
