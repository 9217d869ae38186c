/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vm-relay: the host's side of kernel/vm/vm.sh. It starts QEMU with everything the guest's init
 * (kernel/vm/guest/) needs, and then is the command that runs in the guest: it passes on the standard
 * streams, the signals and the terminal, and ends with the command's status. It makes no files: the
 * request, the wire and the console are memory files and socket pairs, so that nothing is left
 * behind, whatever ends it.
 */
#ifndef KERNEL_VM_HOST_RELAY_H
#define KERNEL_VM_HOST_RELAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/types.h>
#include <termios.h>

#include "kernel/vm/wire/wire.h"

/* Our own failures, as env(1) and timeout(1) have it. */
#define EXIT_RELAY_FAILED 125

struct options {
	const char *init;
	const char *modules;
	const char *console; /* a file for all of the console's output, or NULL */
	const char **shares; /* absolute paths, no more than the guest takes */
	size_t n_shares;
	bool as_root;
	int boot_timeout_s;
	int timeout_s;	/* 0: none */
	char **qemu;	/* ends with NULL */
	char **command; /* ends with NULL */
};

/* One line to standard error, whole: "kcovreport: vm: ...". */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* say(), give the terminal back, end QEMU, exit with EXIT_RELAY_FAILED. */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Give the terminal back, end QEMU, exit. */
_Noreturn void leave(int status);

int64_t now_ms(void);

/*
 * How we were called: which standard streams are open and what they are. To be taken before
 * anything is opened.
 */
struct caller {
	bool open[3];
	bool merged;	   /* standard error is the same open file as standard output */
	bool terminal;	   /* standard input and output are a terminal, and it is ours */
	bool terminal_err; /* and so is standard error */
	struct termios termios;
	struct winsize winsize;
	uint64_t ignored;
	uint64_t blocked;
};

void caller_init(struct caller *ret);

/* The initial RAM disk with init and request, as a memory file. */
int initrd_create(const struct options *o, const struct caller *c);

struct machine {
	pid_t pid;
	int wire;
	int console; /* what kernel and QEMU print */
};

void machine_start(const struct options *o, int initrd, struct machine *ret);

/* End QEMU at once. Harmless when there is none. */
void machine_kill(void);

/* The last lines of the console, kept in memory. */
void console_take(const char *data, size_t len);
void console_print_tail(void);
bool console_empty(void);
/* Was @text printed, as far as is kept? If so, the rest of its line from there. */
bool console_find(const char *text, char *ret_line, size_t size);

/*
 * The terminal's modes: raw while the command runs in the foreground, as they were when we stop or
 * end. terminal_raw() does nothing in the background, where the terminal is somebody else's.
 */
void terminal_init(const struct caller *c);
void terminal_raw(void);
void terminal_restore(void);
/* False when there is no terminal to pass on. */
bool terminal_size(struct winsize *ret);

/*
 * Whether the whole process group got a signal that we got, since the last time that was asked for any: then the
 * command's is to get it. To be asked for every signal. To be started once, before signals are taken.
 */
void witness_start(void);
bool witness_saw(int number);

/* Run until the command has ended. Its exit status. */
int session_run(const struct options *o, const struct caller *c, const struct machine *m);

#endif
