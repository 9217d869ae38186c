// SPDX-License-Identifier: GPL-2.0
/*
 * The guest's side of the relay: one loop that never blocks. So the heartbeat shows whether the
 * machine is alive, however slowly the streams are read.
 */
#include "kernel/vm/guest/guest.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kernel/vm/wire/stream.h"

#define BEAT_MS 1000
/* Further ones are dropped. */
#define EARLY_SIGNALS_MAX 32

struct session {
	const struct job *job;
	struct launch launch;
	bool started;  /* by the host's GO */
	pid_t command; /* -1: not started yet, or ended */
	/* These arrived before the command had a pid. */
	struct frame early_signals[EARLY_SIGNALS_MAX];
	size_t n_early_signals;
	int status; /* of the command; -1: it is running */
	struct sink in;
	struct source out;
	struct source err;
	int64_t next_beat_ms;
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void send_value(enum frame_type type, uint32_t value)
{
	wire_send(&guest_wire, (struct frame){ .type = type, .value = value }, NULL);
}

static void beat(struct session *s)
{
	struct termios termios;
	bool signals = s->launch.master >= 0 && !tcgetattr(s->launch.master, &termios) &&
		       (termios.c_lflag & ISIG);

	if (now_ms() < s->next_beat_ms)
		return;
	s->next_beat_ms = now_ms() + BEAT_MS;
	send_value(FRAME_BEAT, signals);
}

static void start(struct session *s, const char *payload, size_t len)
{
	struct wire_clock clock;

	if (s->started)
		return;
	if (len == sizeof(clock)) {
		memcpy(&clock, payload, sizeof(clock));
		clock_settime(CLOCK_REALTIME, &(struct timespec){ .tv_sec = clock.seconds,
								  .tv_nsec = clock.nanoseconds });
	}
	launch(s->job, &s->launch);
	s->started = true;
	s->in = (struct sink){ .fd = s->launch.in, .stream = STREAM_IN, .chunk = 65536 };
	s->out = (struct source){ .fd = s->launch.out,
				  .stream = STREAM_OUT,
				  .credit = STREAM_WINDOW };
	s->err = (struct source){ .fd = s->launch.err,
				  .stream = STREAM_ERR,
				  .credit = STREAM_WINDOW };
}

static void deliver_signal(struct session *s, const struct frame *frame)
{
	if (s->command > 0)
		kill(frame->stream == SIGNAL_GROUP ? -s->command : s->command, frame->value);
	else if (s->n_early_signals < EARLY_SIGNALS_MAX)
		s->early_signals[s->n_early_signals++] = *frame;
}

static void command_started(struct session *s, pid_t pid)
{
	s->command = pid;
	for (size_t i = 0; i < s->n_early_signals; i++)
		deliver_signal(s, &s->early_signals[i]);
	s->n_early_signals = 0;
}

static struct source *source_of(struct session *s, unsigned int stream)
{
	return stream == STREAM_ERR ? &s->err : &s->out;
}

static void take_frame(struct session *s, const struct frame *frame, const char *payload)
{
	switch ((enum frame_type)frame->type) {
	case FRAME_GO:
		start(s, payload, frame->len);
		break;
	case FRAME_DATA:
		sink_take(&s->in, &guest_wire, payload, frame->len);
		break;
	case FRAME_EOF:
		sink_end(&s->in);
		break;
	case FRAME_SHUT:
		source_shut(source_of(s, frame->stream));
		break;
	case FRAME_CREDIT:
		source_grant(source_of(s, frame->stream), &guest_wire, frame->value);
		break;
	case FRAME_SIGNAL:
		deliver_signal(s, frame);
		break;
	case FRAME_WINSIZE:
		if (s->launch.master >= 0 && frame->len == sizeof(struct winsize))
			ioctl(s->launch.master, TIOCSWINSZ, payload);
		break;
	case FRAME_READY:
	case FRAME_BEAT:
	case FRAME_STOPPED:
	case FRAME_EXIT:
	case FRAME_FAIL:
		break;
	}
}

static void read_wire(struct session *s)
{
	struct frame frame;
	const char *payload;

	wire_fill(&guest_wire);
	while (wire_next(&guest_wire, &frame, &payload))
		take_frame(s, &frame, payload);
	if (guest_wire.closed)
		guest_fail("the host has closed the wire");
}

static void read_events(struct session *s)
{
	struct launch_event event;
	ssize_t n;

	while ((n = read(s->launch.events, &event, sizeof(event))) == sizeof(event)) {
		switch ((enum launch_kind)event.kind) {
		case LAUNCH_STARTED:
			command_started(s, event.value);
			break;
		case LAUNCH_STOPPED:
			send_value(FRAME_STOPPED, event.value);
			break;
		case LAUNCH_EXITED:
			s->status = event.value;
			s->command = -1;
			break;
		}
	}
	/* The launcher was killed, so the command's status is unknown. */
	if (n == 0 && s->status < 0)
		s->status = 128 + SIGKILL;
}

static void reap(void)
{
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

static void poll_once(struct session *s)
{
	struct pollfd p[] = {
		{ .fd = guest_wire.fd,
		  .events = POLLIN | (buffer_len(&guest_wire.out) ? POLLOUT : 0) },
		{ .fd = s->launch.events, .events = POLLIN },
		{ .fd = sink_wants(&s->in) ? s->in.fd : -1, .events = POLLOUT },
		{ .fd = source_wants(&s->out) ? s->out.fd : -1, .events = POLLIN },
		{ .fd = source_wants(&s->err) ? s->err.fd : -1, .events = POLLIN },
	};
	int64_t wait = s->next_beat_ms - now_ms();

	poll(p, sizeof(p) / sizeof(p[0]), wait < 0 ? 0 : wait);
	if (p[0].revents & (POLLIN | POLLHUP))
		read_wire(s);
	if (p[1].revents)
		read_events(s);
	if (p[2].revents)
		sink_pump(&s->in, &guest_wire);
	if (p[3].revents && source_wants(&s->out))
		source_pump(&s->out, &guest_wire);
	if (p[4].revents && source_wants(&s->err))
		source_pump(&s->err, &guest_wire);
	wire_flush(&guest_wire);
}

/* After the command has ended: is all its output on the wire? */
static bool drained(struct session *s)
{
	struct source *sources[] = { &s->out, &s->err };

	for (size_t i = 0; i < 2; i++) {
		while (source_wants(sources[i]) && source_pump(sources[i], &guest_wire))
			;
		if (sources[i]->fd >= 0 && !sources[i]->credit)
			return false;
	}
	return true;
}

int session_run(const struct job *job)
{
	struct session s = {
		.job = job,
		.launch = { .in = -1, .out = -1, .err = -1, .master = -1, .events = -1 },
		.command = -1,
		.status = -1,
		.in = { .fd = -1 },
		.out = { .fd = -1 },
		.err = { .fd = -1 },
	};

	send_value(FRAME_READY, 0);
	while (s.status < 0 || !drained(&s)) {
		poll_once(&s);
		beat(&s);
		reap();
	}
	return s.status;
}

void session_leave(void)
{
	struct frame frame;
	const char *payload;

	while (guest_wire.fd >= 0 && !guest_wire.closed && !guest_wire.deaf) {
		struct pollfd p = { .fd = guest_wire.fd,
				    .events =
					    POLLIN | (buffer_len(&guest_wire.out) ? POLLOUT : 0) };

		poll(&p, 1, -1);
		if (p.revents & ~POLLOUT)
			wire_fill(&guest_wire);
		/* For a command that has ended. */
		while (wire_next(&guest_wire, &frame, &payload))
			;
		wire_flush(&guest_wire);
	}
}
