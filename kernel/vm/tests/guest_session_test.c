// SPDX-License-Identifier: GPL-2.0
/* The guest's side of the relay, with a process of this machine as the command. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kernel/vm/guest/guest.h"

struct wire guest_wire = { .fd = -1 };

void guest_fail(const char *format, ...)
{
	print_error("guest_fail: %s\n", format);
	abort();
}

static void report(int events, enum launch_kind kind, int value)
{
	struct launch_event event = { .kind = kind, .value = value };

	if (write(events, &event, sizeof(event)) != sizeof(event))
		_exit(1);
}

/* The command tells late that it runs. Its status: 1 for USR1 and 2 for USR2, if it got them. */
static void command(int events, const sigset_t *both)
{
	int status = 0;

	nanosleep(&(struct timespec){ .tv_nsec = 200 * 1000 * 1000 }, NULL);
	report(events, LAUNCH_STARTED, getpid());
	for (int i = 0; i < 2; i++) {
		int number = sigtimedwait(both, NULL, &(struct timespec){ .tv_sec = 1 });

		status |= number == SIGUSR1 ? 1 : number == SIGUSR2 ? 2 : 0;
	}
	report(events, LAUNCH_EXITED, status);
	_exit(0);
}

void launch(const struct job *job, struct launch *ret)
{
	int events[2];
	sigset_t both;

	(void)job;
	sigemptyset(&both);
	sigaddset(&both, SIGUSR1);
	sigaddset(&both, SIGUSR2);
	sigprocmask(SIG_BLOCK, &both, NULL);
	assert_int_equal(pipe(events), 0);
	fcntl(events[0], F_SETFL, O_NONBLOCK);
	if (fork() == 0)
		command(events[1], &both);
	close(events[1]);
	*ret = (struct launch){ .in = -1, .out = -1, .err = -1, .master = -1, .events = events[0] };
}

static void send_frame(int host, struct frame frame)
{
	assert_int_equal(write(host, &frame, sizeof(frame)), sizeof(frame));
}

static void early_signals(void **state)
{
	struct job job = { 0 };
	int pair[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	fcntl(pair[0], F_SETFL, O_NONBLOCK);
	guest_wire.fd = pair[0];
	send_frame(pair[1], (struct frame){ .type = FRAME_GO });
	send_frame(pair[1], (struct frame){ .type = FRAME_SIGNAL, .value = SIGUSR1 });
	send_frame(pair[1], (struct frame){ .type = FRAME_SIGNAL, .value = SIGUSR2 });
	assert_int_equal(session_run(&job), 3);
	wire_deinit(&guest_wire);
	close(pair[1]);
}

/* The host: stopped for longer than its socket has room, then it reads all. */
static void late_host(int host, size_t expected)
{
	char chunk[65536];
	size_t got = 0;
	ssize_t n;

	close(guest_wire.fd);
	nanosleep(&(struct timespec){ .tv_sec = 3 }, NULL);
	while (got < expected && (n = read(host, chunk, sizeof(chunk))) > 0)
		got += n;
	_exit(got != expected);
}

static void stopped_host(void **state)
{
	static const char payload[WIRE_PAYLOAD_MAX];
	struct frame data = { .type = FRAME_DATA, .len = sizeof(payload) };
	int pair[2], status;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	fcntl(pair[0], F_SETFL, O_NONBLOCK);
	guest_wire = (struct wire){ .fd = pair[0] };
	for (int i = 0; i < 16; i++)
		wire_send(&guest_wire, data, payload);
	/* What it sent before is not read any more. */
	send_frame(pair[1], (struct frame){ .type = FRAME_CREDIT, .value = 1 });
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		late_host(pair[1], buffer_len(&guest_wire.out));
	close(pair[1]);
	session_leave();
	assert_int_equal(buffer_len(&guest_wire.out), 0);
	wire_deinit(&guest_wire);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* Without a host there is nothing to wait for. */
static void no_host(void **state)
{
	int pair[2];

	(void)state;
	guest_wire = (struct wire){ .fd = -1 };
	session_leave();
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	fcntl(pair[0], F_SETFL, O_NONBLOCK);
	guest_wire = (struct wire){ .fd = pair[0] };
	wire_send(&guest_wire, (struct frame){ .type = FRAME_EXIT }, NULL);
	close(pair[1]);
	session_leave();
	wire_deinit(&guest_wire);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(early_signals),
		cmocka_unit_test(stopped_host),
		cmocka_unit_test(no_host),
	};

	return cmocka_run_group_tests_name("guest session", tests, NULL, NULL);
}
