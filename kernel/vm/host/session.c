// SPDX-License-Identifier: GPL-2.0
/*
 * The host's side of the relay. The guest counts as dead if it does not send READY in time, if it
 * ends without EXIT, or if nothing arrives from it for longer than the time limit. Its init sends
 * a heartbeat every second, whatever the command does.
 */
#include "kernel/vm/host/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "kernel/vm/wire/stream.h"

#define SECOND_INTERRUPT_MS 1000
#define SIGNAL_ANSWER_MS    10000
#define TICK_MS		    1000

static const int forwarded[] = { SIGINT,  SIGTERM, SIGHUP,  SIGQUIT, SIGUSR1,
				 SIGUSR2, SIGTSTP, SIGCONT, SIGWINCH };

struct session {
	const struct options *options;
	const struct caller *caller;
	struct wire wire;
	int console;	  /* -1: end of file reached */
	int console_file; /* -1: none */
	int signals;
	bool stdin_is_tty;
	struct source in;
	struct sink out;
	struct sink err;
	bool ready;
	bool ended;
	int status;
	bool interrupts; /* the guest's terminal turns ^C into a signal */
	int64_t started_ms;
	int64_t heard_ms;
	int64_t interrupted_ms;
	int64_t answer_by_ms; /* 0: no answer is expected */
};

static void send_frame(struct session *s, enum frame_type type, uint8_t stream, uint32_t value)
{
	wire_send(&s->wire, (struct frame){ .type = type, .stream = stream, .value = value }, NULL);
}

/* A single ^C goes to the command; a second one within a second ends the relay. */
static void note_interrupt(struct session *s)
{
	int64_t now = now_ms();

	if (s->interrupted_ms && now - s->interrupted_ms < SECOND_INTERRUPT_MS) {
		say("interrupted twice, the guest was ended");
		leave(128 + SIGINT);
	}
	s->interrupted_ms = now;
	s->answer_by_ms = now + SIGNAL_ANSWER_MS;
}

static void watch_keys(void *context, const char *data, size_t len)
{
	struct session *s = context;
	char interrupt = s->caller->termios.c_cc[VINTR];

	if (interrupt == _POSIX_VDISABLE)
		return;
	for (size_t i = 0; i < len && s->interrupts; i++) {
		if (data[i] == interrupt)
			note_interrupt(s);
	}
}

static void send_winsize(struct session *s)
{
	struct winsize size;

	if (terminal_size(&size))
		wire_send(&s->wire, (struct frame){ .type = FRAME_WINSIZE, .len = sizeof(size) },
			  &size);
}

/*
 * A signal that our caller ignores stays ignored, as it is in the command. If it were blocked, it
 * would be read here, and could end us. SIGCONT and SIGWINCH are for the terminal, too.
 */
static bool is_forwarded(const struct caller *c, int number)
{
	return number == SIGCONT || number == SIGWINCH || !(c->ignored & 1ULL << (number - 1));
}

static int open_signals(const struct caller *c)
{
	sigset_t set;
	int fd;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(forwarded) / sizeof(forwarded[0]); i++)
		if (is_forwarded(c, forwarded[i]))
			sigaddset(&set, forwarded[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	witness_start();
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		fail("cannot receive signals: %s", strerror(errno));
	return fd;
}

/* Stop like the command, so that the shell gets its terminal back. */
static void stop_ourselves(struct session *s)
{
	sigset_t stop;

	terminal_restore();
	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	signal(SIGTSTP, SIG_DFL);
	kill(s->caller->terminal ? 0 : getpid(), SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &stop, NULL);
	/* That signal was ours. */
	witness_saw(SIGTSTP);
	/*
	 * We were continued, or our group is orphaned, and the kernel does not stop such a group.
	 */
	sigprocmask(SIG_BLOCK, &stop, NULL);
	if (s->ready)
		send_frame(s, FRAME_SIGNAL, SIGNAL_GROUP, SIGCONT);
}

static void take_signal(struct session *s, const struct signalfd_siginfo *info)
{
	int number = info->ssi_signo;
	bool to_group = witness_saw(number) || info->ssi_code == SI_KERNEL;

	if (number == SIGWINCH) {
		send_winsize(s);
		return;
	}
	if (number == SIGCONT) {
		/*
		 * Another program may have used the terminal meanwhile and changed its modes and
		 * size.
		 */
		terminal_restore();
		send_winsize(s);
	}
	if (!s->ready || s->ended) {
		if (number == SIGTSTP)
			stop_ourselves(s);
		else if (number != SIGCONT)
			leave(128 + number);
		return;
	}
	if (number == SIGINT)
		note_interrupt(s);
	else if (!s->answer_by_ms)
		s->answer_by_ms = now_ms() + SIGNAL_ANSWER_MS;
	send_frame(s, FRAME_SIGNAL, to_group ? SIGNAL_GROUP : SIGNAL_COMMAND, number);
}

static void read_signals(struct session *s)
{
	struct signalfd_siginfo info;

	while (read(s->signals, &info, sizeof(info)) == sizeof(info))
		take_signal(s, &info);
}

static void write_console(struct session *s, const char *data, size_t len)
{
	while (len && s->console_file >= 0) {
		ssize_t n = write(s->console_file, data, len);

		if (n < 0 && errno != EINTR) {
			say("cannot write to '%s': %s", s->options->console, strerror(errno));
			close(s->console_file);
			s->console_file = -1;
		} else if (n > 0) {
			data += n;
			len -= n;
		}
	}
}

static void read_console(struct session *s)
{
	char chunk[4096];
	ssize_t n;

	while ((n = read(s->console, chunk, sizeof(chunk))) > 0) {
		console_take(chunk, n);
		write_console(s, chunk, n);
	}
	if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
		close(s->console);
		s->console = -1;
	}
}

/* The machine is dead, or as good as dead: print its last console lines. */
static _Noreturn void fail_with_console(struct session *s, const char *why)
{
	for (int64_t until = now_ms() + 500; s->console >= 0 && now_ms() < until;) {
		struct pollfd p = { .fd = s->console, .events = POLLIN };

		if (poll(&p, 1, 50) <= 0)
			break;
		read_console(s);
	}
	machine_kill();
	say("%s%s", why, console_empty() ? "" : "; the console's last lines:");
	console_print_tail();
	leave(EXIT_RELAY_FAILED);
}

static _Noreturn void fail_closed(struct session *s)
{
	char panic[160];
	char why[256];

	/* Let the rest of the console arrive. */
	for (int i = 0; i < 20 && s->console >= 0; i++) {
		poll(&(struct pollfd){ .fd = s->console, .events = POLLIN }, 1, 50);
		read_console(s);
	}
	if (!console_find("Kernel panic", panic, sizeof(panic))) {
		int number = machine_signal();

		if (!number)
			fail_with_console(s, s->ready ? "the guest ended without giving a reason"
						      : "QEMU ended before the guest was up");
		snprintf(why, sizeof(why), "QEMU was ended by signal %d (%s)", number,
			 strsignal(number));
		fail_with_console(s, why);
	}
	snprintf(why, sizeof(why), "the guest died: %s", panic);
	fail_with_console(s, why);
}

static void guest_ready(struct session *s)
{
	struct timespec now;
	struct wire_clock clock;

	if (s->ready)
		return;
	s->ready = true;
	clock_gettime(CLOCK_REALTIME, &now);
	clock = (struct wire_clock){ .seconds = now.tv_sec, .nanoseconds = now.tv_nsec };
	wire_send(&s->wire, (struct frame){ .type = FRAME_GO, .len = sizeof(clock) }, &clock);
	send_winsize(s);
}

static struct sink *sink_of(struct session *s, unsigned int stream)
{
	return stream == STREAM_ERR ? &s->err : &s->out;
}

static void guest_exit(struct session *s, uint32_t status)
{
	s->status = status & 0xff;
	s->ended = true;
	source_shut(&s->in);
	machine_kill();
}

static void take_frame(struct session *s, const struct frame *frame, const char *payload)
{
	s->heard_ms = now_ms();
	s->answer_by_ms = 0;
	switch ((enum frame_type)frame->type) {
	case FRAME_READY:
		guest_ready(s);
		break;
	case FRAME_BEAT:
		s->interrupts = frame->value;
		break;
	case FRAME_DATA:
		sink_take(sink_of(s, frame->stream), &s->wire, payload, frame->len);
		break;
	case FRAME_EOF:
		/* Keep standard error open, since our own messages go there too. */
		if (frame->stream == STREAM_OUT)
			sink_end(&s->out);
		break;
	case FRAME_SHUT:
		source_shut(&s->in);
		break;
	case FRAME_CREDIT:
		source_grant(&s->in, &s->wire, frame->value);
		break;
	case FRAME_STOPPED:
		stop_ourselves(s);
		break;
	case FRAME_EXIT:
		guest_exit(s, frame->value);
		break;
	case FRAME_FAIL:
		fail("the guest gave up: %.*s", (int)frame->len, payload);
	case FRAME_GO:
	case FRAME_SIGNAL:
	case FRAME_WINSIZE:
		break;
	}
}

static void read_wire(struct session *s)
{
	struct frame frame;
	const char *payload;

	wire_fill(&s->wire);
	while (!s->ended && wire_next(&s->wire, &frame, &payload))
		take_frame(s, &frame, payload);
}

static bool readable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 0) > 0;
}

static void check_times(struct session *s)
{
	int64_t now = now_ms();
	char why[128];

	if (s->ended)
		return;
	if (s->wire.closed)
		fail_closed(s);
	/* We may have been stopped or blocked: first read what has arrived meanwhile. */
	if (readable(s->wire.fd))
		return;
	if (!s->ready && s->options->boot_timeout_s &&
	    now - s->started_ms > s->options->boot_timeout_s * 1000LL) {
		snprintf(why, sizeof(why), "the guest was not up after %d s%s",
			 s->options->boot_timeout_s,
			 console_empty() ? " (KCOVREPORT_VM_APPEND=loglevel=8 shows more)" : "");
		fail_with_console(s, why);
	}
	if (s->ready && s->options->timeout_s &&
	    now - s->heard_ms > s->options->timeout_s * 1000LL) {
		snprintf(why, sizeof(why), "the guest hangs: no sign of life for %d s",
			 s->options->timeout_s);
		fail_with_console(s, why);
	}
	if (s->answer_by_ms && now > s->answer_by_ms)
		fail_with_console(s, "the guest did not answer a signal for 10 s");
}

static bool may_read_stdin(const struct session *s)
{
	return s->ready && source_wants(&s->in) &&
	       (!s->stdin_is_tty || tcgetpgrp(s->in.fd) == getpgrp());
}

static void poll_once(struct session *s)
{
	struct pollfd p[] = {
		{ .fd = s->ended ? -1 : s->wire.fd,
		  .events = POLLIN | (buffer_len(&s->wire.out) ? POLLOUT : 0) },
		{ .fd = s->console, .events = POLLIN },
		{ .fd = s->signals, .events = POLLIN },
		{ .fd = may_read_stdin(s) ? s->in.fd : -1, .events = POLLIN },
		{ .fd = sink_wants(&s->out) ? s->out.fd : -1, .events = POLLOUT },
		{ .fd = sink_wants(&s->err) ? s->err.fd : -1, .events = POLLOUT },
	};

	/* A shell may have put us into the foreground without a SIGCONT. */
	if (s->ready && !s->ended)
		terminal_raw();
	poll(p, sizeof(p) / sizeof(p[0]), TICK_MS);
	if (p[1].revents)
		read_console(s);
	if (p[0].revents & ~POLLOUT)
		read_wire(s);
	if (p[2].revents)
		read_signals(s);
	if (p[3].revents && source_wants(&s->in))
		source_pump(&s->in, &s->wire);
	if (p[4].revents)
		sink_pump(&s->out, &s->wire);
	if (p[5].revents)
		sink_pump(&s->err, &s->wire);
	if (!s->ended)
		wire_flush(&s->wire);
}

/* For a pipe, poll() guarantees room for PIPE_BUF bytes only; a file accepts any amount. */
static struct sink make_sink(bool open, int fd, uint8_t stream)
{
	struct stat st;
	bool file = !fstat(fd, &st) && S_ISREG(st.st_mode);

	return (struct sink){ .fd = open ? fd : -1,
			      .stream = stream,
			      .chunk = file ? STREAM_WINDOW : PIPE_BUF };
}

static int check_sink(const struct sink *s, const char *name, int status)
{
	if (!s->error || s->error == EPIPE)
		return status;
	say("cannot write to standard %s: %s", name, strerror(s->error));
	return status ? status : EXIT_RELAY_FAILED;
}

int session_run(const struct options *o, const struct caller *c, const struct machine *m)
{
	struct session s = {
		.options = o,
		.caller = c,
		.wire = { .fd = m->wire },
		.console = m->console,
		.console_file = -1,
		.signals = open_signals(c),
		.stdin_is_tty = isatty(0),
		.in = { .fd = c->open[0] ? 0 : -1, .stream = STREAM_IN, .credit = STREAM_WINDOW },
		.out = make_sink(c->open[1], 1, STREAM_OUT),
		.err = make_sink(c->open[2], 2, STREAM_ERR),
		.started_ms = now_ms(),
		.heard_ms = now_ms(),
	};

	if (c->terminal) {
		s.in.watch = watch_keys;
		s.in.context = &s;
	}
	if (o->console) {
		s.console_file = open(o->console, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
		if (s.console_file < 0)
			fail("cannot open '%s': %s", o->console, strerror(errno));
	}
	while (!s.ended || sink_wants(&s.out) || sink_wants(&s.err)) {
		poll_once(&s);
		check_times(&s);
	}
	terminal_restore();
	s.status = check_sink(&s.out, "output", s.status);
	s.status = check_sink(&s.err, "error", s.status);
	wire_deinit(&s.wire);
	buffer_deinit(&s.out.pending);
	buffer_deinit(&s.err.pending);
	return s.status;
}
