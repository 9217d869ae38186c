// SPDX-License-Identifier: GPL-2.0
/* Records how vm-relay was called: its standard streams, terminal, and signal dispositions. */
#include "kernel/vm/host/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/kcmp.h>

/* Otherwise a file that is opened later could become a standard stream. */
static void fill_standard_fds(struct caller *c)
{
	for (int i = 0; i < 3; i++)
		c->open[i] = fcntl(i, F_GETFD) >= 0;
	for (int i = 0; i < 3; i++) {
		if (!c->open[i] && open("/dev/null", O_RDWR) != i)
			fail("cannot open '/dev/null': %s", strerror(errno));
	}
}

static bool same_open_file(int a, int b)
{
	struct stat sa;
	struct stat sb;
	long order = syscall(SYS_kcmp, getpid(), getpid(), KCMP_FILE, a, b);

	if (order >= 0)
		return order == 0;
	/* Without kcmp(), two open files of the same pipe or terminal count as the same file. */
	return !fstat(a, &sa) && !fstat(b, &sb) && sa.st_dev == sb.st_dev &&
	       sa.st_ino == sb.st_ino && !S_ISREG(sa.st_mode);
}

static void look_at_terminal(struct caller *c)
{
	if (!c->open[0] || !c->open[1] || !isatty(0) || !isatty(1))
		return;
	if (tcgetattr(0, &c->termios) || ioctl(0, TIOCGWINSZ, &c->winsize))
		return;
	/* In the background, keys and modes of the terminal belong to another process group. */
	if (tcgetpgrp(0) != getpgrp())
		return;
	c->terminal = true;
	c->terminal_err = c->open[2] && isatty(2);
}

static void look_at_signals(struct caller *c)
{
	sigset_t blocked;

	sigprocmask(SIG_SETMASK, NULL, &blocked);
	for (int number = 1; number <= 64; number++) {
		struct sigaction action;

		if (!sigaction(number, NULL, &action) && action.sa_handler == SIG_IGN)
			c->ignored |= 1ULL << (number - 1);
		if (sigismember(&blocked, number) == 1)
			c->blocked |= 1ULL << (number - 1);
	}
}

void caller_init(struct caller *ret)
{
	*ret = (struct caller){ 0 };
	fill_standard_fds(ret);
	ret->merged = ret->open[1] && ret->open[2] && same_open_file(1, 2);
	look_at_terminal(ret);
	look_at_signals(ret);
}
