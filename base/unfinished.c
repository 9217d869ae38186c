// SPDX-License-Identifier: GPL-2.0-or-later
/* Removes unfinished files when a signal ends the program. */
#include "base/unfinished.h"

#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mapping.h"
#include "base/utf8.h"

#define MAX_PATHS 16

/* Those that end a process by default, and are not for timers or I/O that we do not use. */
static const int fatal[] = { SIGINT,  SIGTERM, SIGHUP,	SIGQUIT, SIGPIPE, SIGALRM, SIGXCPU,
			     SIGUSR1, SIGUSR2, SIGSEGV, SIGABRT, SIGILL,  SIGFPE };

static pid_t owner; /* a child may end by such a signal, and has nothing to remove */

static struct {
	const char *volatile path; /* NULL = free */
	volatile enum unfinished_kind kind;
} paths[MAX_PATHS];

/* A message that is put together without stdio. */
struct message {
	char text[PATH_MAX + 100];
	size_t len;
};

/* Replaces what a terminal would act on. */
static void add(struct message *m, const char *text)
{
	size_t len = strnlen(text, sizeof(m->text) - m->len);

	for (size_t i = 0, n; i < len; i += n) {
		bool is_plain;

		n = text_next(text + i, len - i, &is_plain);
		if (is_plain)
			memcpy(m->text + m->len + i, text + i, n);
		else
			memset(m->text + m->len + i, '?', n);
	}
	m->len += len;
}

static void say_unreadable(const void *address)
{
	struct message m = { .len = 0 };
	char path[PATH_MAX];
	int errnum;
	bool is_known = mapping_path(address, path, sizeof(path), &errnum);

	add(&m, "kcovreport: error: ");
	add(&m, is_known ? "'" : "a file");
	if (is_known)
		add(&m, path);
	add(&m, is_known ? "' " : " ");
	/* strerror() is not for signal handlers. */
	add(&m, errnum ? "cannot be read (I/O error)" : "was truncated while it was read");
	m.text[m.len++] = '\n';
	if (write(STDERR_FILENO, m.text, m.len) >= 0)
		_exit(EXIT_FAILURE);
}

static void remove_path(const char *path, enum unfinished_kind kind)
{
	struct stat st;

	if (kind == UNFINISHED_DIRECTORY)
		rmdir(path);
	else if (kind == UNFINISHED_FILE ||
		 (!lstat(path, &st) && S_ISREG(st.st_mode) && !st.st_size))
		unlink(path);
}

static void remove_paths(void)
{
	for (size_t i = MAX_PATHS; i-- && getpid() == owner;)
		if (paths[i].path)
			remove_path(paths[i].path, paths[i].kind);
}

static void remove_all(int number)
{
	remove_paths();
	/* SA_RESETHAND has restored the default action, which this now takes. */
	raise(number);
}

/* Several threads may read the file. The default action, taken by another, would end this one. */
static void end_by_fault(int number, siginfo_t *info, void *context)
{
	static bool is_ending;
	bool is_fault = info->si_code == BUS_ADRERR; /* no process sent it */

	(void)context;
	while (is_fault && __atomic_exchange_n(&is_ending, true, __ATOMIC_SEQ_CST))
		pause();
	remove_paths();
	if (is_fault)
		say_unreadable(info->si_addr);
	signal(number, SIG_DFL);
	raise(number);
}

/* A write beyond the limit for the size of files then fails, as one to a full disk does. */
static void fail_writes(int number)
{
	(void)number;
}

static void handle(int number, const struct sigaction *action)
{
	struct sigaction old;

	if (sigaction(number, NULL, &old) == 0 && old.sa_handler == SIG_DFL)
		sigaction(number, action, NULL);
}

void unfinished_init(void)
{
	static const struct sigaction removing = { .sa_handler = remove_all,
						   .sa_flags = SA_RESETHAND },
				      faulting = { .sa_sigaction = end_by_fault,
						   .sa_flags = SA_SIGINFO },
				      failing = { .sa_handler = fail_writes,
						  .sa_flags = SA_RESTART };
	static bool installed;

	if (installed)
		return;
	installed = true;
	owner = getpid();
	for (size_t i = 0; i < sizeof(fatal) / sizeof(*fatal); i++)
		handle(fatal[i], &removing);
	handle(SIGBUS, &faulting);
	handle(SIGXFSZ, &failing);
}

void unfinished_add(const char *path, enum unfinished_kind kind)
{
	size_t i = MAX_PATHS;

	unfinished_init();
	/* Store it after all others: the signal handler removes the last one first. */
	while (i && !paths[i - 1].path)
		i--;
	if (i == MAX_PATHS)
		return;
	paths[i].kind = kind;
	paths[i].path = path;
}

void unfinished_forget(const char *path)
{
	for (size_t i = 0; i < MAX_PATHS; i++)
		if (paths[i].path == path)
			paths[i].path = NULL;
}
