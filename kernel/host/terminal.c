// SPDX-License-Identifier: GPL-2.0
#include "kernel/host/relay.h"

#include <signal.h>
#include <unistd.h>

static const struct caller *caller;
static bool raw;

void terminal_init(const struct caller *c)
{
	caller = c;
}

/* tcsetattr() from the background would stop us. */
static void set_modes(const struct termios *modes)
{
	sigset_t block;
	sigset_t before;

	sigemptyset(&block);
	sigaddset(&block, SIGTTOU);
	sigprocmask(SIG_BLOCK, &block, &before);
	tcsetattr(STDIN_FILENO, TCSANOW, modes);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

static bool foreground(void)
{
	return tcgetpgrp(STDIN_FILENO) == getpgrp();
}

void terminal_raw(void)
{
	struct termios modes;

	if (!caller || !caller->terminal || raw || !foreground())
		return;
	modes = caller->termios;
	cfmakeraw(&modes);
	set_modes(&modes);
	raw = true;
}

void terminal_restore(void)
{
	if (raw && foreground())
		set_modes(&caller->termios);
	raw = false;
}
