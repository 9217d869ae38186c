// SPDX-License-Identifier: GPL-2.0
/* Builds QEMU's command line, starts QEMU and ends it. */
#include "kernel/vm/host/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/vm/wire/request.h"

static pid_t machine_pid = -1;

struct arguments {
	char **items;
	size_t n;
};

static void add(struct arguments *a, const char *item)
{
	a->items = reallocarray(a->items, a->n + 2, sizeof(*a->items));
	if (!a->items)
		fail("out of memory");
	a->items[a->n++] = (char *)item;
	a->items[a->n] = NULL;
}

static void add_format(struct arguments *a, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void add_format(struct arguments *a, const char *format, ...)
{
	va_list args;
	char *item;

	va_start(args, format);
	if (vasprintf(&item, format, args) < 0)
		fail("out of memory");
	va_end(args);
	add(a, item);
}

/* In QEMU's option strings a literal comma is doubled. */
static char *escape_commas(const char *path)
{
	char *escaped = malloc(strlen(path) * 2 + 1);
	char *to = escaped;

	if (!escaped)
		fail("out of memory");
	for (; *path; path++) {
		*to++ = *path;
		if (*path == ',')
			*to++ = ',';
	}
	*to = '\0';
	return escaped;
}

static void add_directory(struct arguments *a, const char *tag, const char *path, bool readonly)
{
	char *escaped = escape_commas(path);

	add(a, "-fsdev");
	/* Other file systems are mounted below the root: their inode numbers must not collide. */
	add_format(a, "local,id=%s,path=%s,security_model=none,multidevs=remap%s", tag, escaped,
		   readonly ? ",readonly=on" : "");
	add(a, "-device");
	add_format(a, "virtio-9p-pci,fsdev=%s,mount_tag=%s", tag, tag);
	free(escaped);
}

static void add_shares(struct arguments *a, const struct options *o)
{
	add_directory(a, REQUEST_ROOT_TAG, "/", true);
	for (size_t i = 0; i < o->n_shares; i++) {
		char tag[32];

		snprintf(tag, sizeof(tag), REQUEST_SHARE_TAG "%zu", i);
		add_directory(a, tag, o->shares[i], false);
	}
}

static void make_pair(int *ret_ours, int *ret_theirs)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds))
		fail("cannot make a socket pair: %s", strerror(errno));
	*ret_ours = fds[0];
	*ret_theirs = fds[1];
	fcntl(fds[0], F_SETFD, FD_CLOEXEC);
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
}

static _Noreturn void run_qemu(char **argv, pid_t relay, int console)
{
	sigset_t none;
	int null = open("/dev/null", O_RDONLY);

	/* ^C and ^Z on the terminal are for the command, not for QEMU. */
	setsid();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != relay)
		_exit(1);
	dup2(null, 0);
	dup2(console, 1);
	dup2(console, 2);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (int number = 1; number < 32; number++)
		signal(number, SIG_DFL);
	execvp(argv[0], argv);
	dprintf(2, "cannot run '%s': %s\n", argv[0], strerror(errno));
	_exit(127);
}

void machine_start(const struct options *o, int initrd, struct machine *ret)
{
	/* Static, because its strings are used until we exit. */
	static struct arguments a;
	pid_t relay = getpid();
	int wire;
	int console;

	make_pair(&ret->wire, &wire);
	make_pair(&ret->console, &console);
	for (char **arg = o->qemu; *arg; arg++)
		add(&a, *arg);
	add(&a, "-initrd");
	add_format(&a, "/proc/self/fd/%d", initrd);
	add(&a, "-chardev");
	add_format(&a, "socket,id=kcr-console,fd=%d", console);
	add(&a, "-serial");
	add(&a, "chardev:kcr-console");
	add(&a, "-chardev");
	add_format(&a, "socket,id=kcr-wire,fd=%d", wire);
	add(&a, "-device");
	add(&a, "virtio-serial-pci,max_ports=2");
	add(&a, "-device");
	add(&a, "virtserialport,nr=1,chardev=kcr-wire,name=" WIRE_PORT);
	add_shares(&a, o);
	/* If our caller ignores it, the kernel tells no status. */
	signal(SIGCHLD, SIG_DFL);
	machine_pid = ret->pid = fork();
	if (ret->pid < 0)
		fail("cannot fork: %s", strerror(errno));
	if (ret->pid == 0)
		run_qemu(a.items, relay, console);
	close(wire);
	close(console);
	close(initrd);
}

int machine_signal(void)
{
	int status;

	/* Its sockets are closed shortly before it can be waited for. */
	for (int i = 0; i < 100 && machine_pid > 0; i++, usleep(10000)) {
		pid_t pid = waitpid(machine_pid, &status, WNOHANG);

		if (!pid)
			continue;
		machine_pid = -1;
		return pid > 0 && WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	}
	return 0;
}

void machine_kill(void)
{
	if (machine_pid <= 0)
		return;
	kill(machine_pid, SIGKILL);
	/* A QEMU that hangs in /dev/kvm may die late or never: limit the wait. */
	for (int i = 0; i < 500 && waitpid(machine_pid, NULL, WNOHANG) == 0; i++)
		usleep(i < 100 ? 1000 : 10000);
	machine_pid = -1;
}
