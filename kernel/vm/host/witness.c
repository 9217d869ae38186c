// SPDX-License-Identifier: GPL-2.0
/*
 * A child in our process group in which all signals are blocked. A signal sent to the group becomes
 * pending there too; a signal sent to us alone does not. Nothing else tells the two apart: siginfo
 * has the sender, not the target.
 */
#include "kernel/vm/host/relay.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* kill(2) visits the members of a group one by one, and may reach us before the witness. */
#define SECOND_LOOK_MS 2
#define ANSWER_MS      1000

static int witness = -1;

/* Answer each byte with the signals that arrived since the last one: bit N-1 is signal N. */
_Noreturn static void bear_witness(int fd)
{
	const struct timespec now = { 0 };
	sigset_t all;
	char question;

	sigfillset(&all);
	while (recv(fd, &question, 1, 0) == 1) {
		uint64_t seen = 0;
		int number;

		while ((number = sigtimedwait(&all, NULL, &now)) > 0)
			seen |= 1ULL << (number - 1);
		if (send(fd, &seen, sizeof(seen), MSG_NOSIGNAL) != sizeof(seen))
			break;
	}
	_exit(0);
}

void witness_start(void)
{
	pid_t self = getpid();
	sigset_t all, before;
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		fail("cannot make a socket pair: %m");
	/* Block all signals before the fork, so that the witness misses none that we get. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	pid_t pid = fork();
	if (pid < 0)
		fail("cannot fork: %m");
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != self)
			_exit(0);
		/*
		 * Close everything else: a pipe of the caller must not stay open after we have
		 * ended.
		 */
		dup2(pair[1], 0);
		close_range(1, ~0U, 0);
		bear_witness(0);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	close(pair[1]);
	witness = pair[0];
}

static bool ask(int number)
{
	/* What it saw and we were not asked for yet: several signals may have arrived. */
	static uint64_t unclaimed;
	struct pollfd answered = { .fd = witness, .events = POLLIN };
	uint64_t bit = 1ULL << (number - 1);
	uint64_t seen;

	if (send(witness, "", 1, MSG_NOSIGNAL) == 1 && poll(&answered, 1, ANSWER_MS) == 1 &&
	    recv(witness, &seen, sizeof(seen), 0) == sizeof(seen))
		unclaimed |= seen;
	seen = unclaimed & bit;
	unclaimed &= ~bit;
	return seen;
}

bool witness_saw(int number)
{
	if (ask(number))
		return true;
	poll(NULL, 0, SECOND_LOOK_MS);
	return ask(number);
}
