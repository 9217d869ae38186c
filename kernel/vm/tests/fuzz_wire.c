// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzz entry: take any bytes as the frames that the other end of the wire sends, without their
 * payload, and move its streams as the relay on the host does. However much arrives, the buffers
 * stay within the windows.
 */
#include "base/tests/fuzz_main.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel/vm/wire/stream.h"

struct ends {
	struct wire wire;
	struct source in; /* reads zeros without an end */
	struct sink out;  /* is written at once */
	struct sink err;  /* a full pipe: nothing is written */
};

static int full_pipe(void)
{
	static int ends[2];
	static const char zeros[4096];

	if (ends[1])
		return ends[1];
	if (pipe2(ends, O_NONBLOCK))
		abort();
	while (write(ends[1], zeros, sizeof(zeros)) > 0)
		;
	return ends[1];
}

static void take_frame(struct ends *e, const struct frame *frame, const char *payload)
{
	struct sink *sink = frame->stream == STREAM_ERR ? &e->err : &e->out;

	switch ((enum frame_type)frame->type) {
	case FRAME_DATA:
		sink_take(sink, &e->wire, payload, frame->len);
		break;
	case FRAME_EOF:
		sink_end(sink);
		break;
	case FRAME_SHUT:
		source_shut(&e->in);
		break;
	case FRAME_CREDIT:
		source_grant(&e->in, &e->wire, frame->value);
		break;
	default:
		break;
	}
}

static void check(const struct ends *e)
{
	if (buffer_len(&e->out.pending) > STREAM_WINDOW ||
	    buffer_len(&e->err.pending) > STREAM_WINDOW || e->in.credit > STREAM_WINDOW ||
	    buffer_len(&e->wire.out) > WIRE_QUEUE_MAX + WIRE_PAYLOAD_MAX)
		abort();
}

static void read_frames(struct ends *e)
{
	struct frame frame;
	const char *payload;

	while (wire_next(&e->wire, &frame, &payload)) {
		take_frame(e, &frame, payload);
		if (source_wants(&e->in))
			source_pump(&e->in, &e->wire);
		sink_pump(&e->out, &e->wire);
		sink_pump(&e->err, &e->wire);
		check(e);
	}
}

/* A frame may arrive in parts. The payload is zeros: nothing looks at it. */
static void receive(struct ends *e, const uint8_t *data, size_t size)
{
	static const uint8_t payload[WIRE_PAYLOAD_MAX];
	struct frame frame;

	buffer_append(&e->wire.in, data, size);
	read_frames(e);
	if (size < sizeof(frame))
		return;
	memcpy(&frame, data, sizeof(frame));
	if (!e->wire.closed && frame.len <= sizeof(payload))
		buffer_append(&e->wire.in, payload, frame.len);
	read_frames(e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ends e = {
		.wire = { .fd = -1 },
		.in = { .fd = open("/dev/zero", O_RDONLY | O_CLOEXEC),
			.stream = STREAM_IN,
			.credit = STREAM_WINDOW },
		.out = { .fd = open("/dev/null", O_WRONLY | O_CLOEXEC),
			 .stream = STREAM_OUT,
			 .chunk = STREAM_WINDOW },
		.err = { .fd = dup(full_pipe()), .stream = STREAM_ERR, .chunk = STREAM_WINDOW },
	};

	for (size_t i = 0, n; i < size && !e.wire.closed; i += n) {
		n = size - i < sizeof(struct frame) ? size - i : sizeof(struct frame);
		receive(&e, data + i, n);
	}
	source_shut(&e.in);
	if (e.out.fd >= 0)
		close(e.out.fd);
	if (e.err.fd >= 0)
		close(e.err.fd);
	wire_deinit(&e.wire);
	buffer_deinit(&e.out.pending);
	buffer_deinit(&e.err.pending);
	return 0;
}
