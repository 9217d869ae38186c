// SPDX-License-Identifier: GPL-2.0
/* The modes and the size of the caller's terminal. */
#include "kernel/vm/host/relay.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static const struct caller *caller;
static int terminal = -1; /* our own descriptor: standard input is closed when its reader ends */
static bool raw;

void terminal_init(const struct caller *c)
{
	caller = c;
	if (c->terminal)
		terminal = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
}

bool terminal_size(struct winsize *ret)
{
	return terminal >= 0 && !ioctl(terminal, TIOCGWINSZ, ret);
}

/* tcsetattr() from the background would stop us. */
static void set_modes(const struct termios *modes)
{
	sigset_t block;
	sigset_t before;

	sigemptyset(&block);
	sigaddset(&block, SIGTTOU);
	sigprocmask(SIG_BLOCK, &block, &before);
	tcsetattr(terminal, TCSANOW, modes);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

static bool foreground(void)
{
	return tcgetpgrp(terminal) == getpgrp();
}

void terminal_raw(void)
{
	struct termios modes;

	if (terminal < 0 || raw || !foreground())
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
