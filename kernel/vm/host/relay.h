/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vm-relay: the host's side of kernel/vm/vm.sh. It starts QEMU with everything the guest's init
 * (kernel/vm/guest/) needs. From then on it stands for the command that runs in the guest: it
 * passes on the standard streams, the signals and the terminal, and exits with the command's
 * status. It creates no files: the request, the wire and the console are memory files and socket
 * pairs, so nothing is left behind, however it ends.
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

/* Status of our own failures, the same as in env(1) and timeout(1). */
#define EXIT_RELAY_FAILED 125

struct options {
	const char *init;
	const char *modules;
	const char *console; /* a file for all of the console's output, or NULL */
	const char **shares; /* absolute paths, not more than the guest accepts */
	size_t n_shares;
	bool as_root;
	int boot_timeout_s; /* 0: none */
	int timeout_s;	    /* 0: none */
	char **qemu;	    /* ends with NULL */
	char **command;	    /* ends with NULL */
};

/* Print one line to standard error, in one write: "kcovreport: vm: ...". */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* say(), restore the terminal, end QEMU, exit with EXIT_RELAY_FAILED. */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Restore the terminal, end QEMU, exit. */
_Noreturn void leave(int status);

int64_t now_ms(void);

/*
 * How we were called: which standard streams are open, and what they are. Call caller_init() before
 * anything is opened.
 */
struct caller {
	bool open[3];
	bool merged;	   /* standard error is the same open file as standard output */
	bool terminal;	   /* standard input and output are a terminal in whose foreground we are */
	bool terminal_err; /* and so is standard error */
	struct termios termios;
	struct winsize winsize;
	uint64_t ignored;
	uint64_t blocked;
};

void caller_init(struct caller *ret);

/* Create the initial RAM disk with init and request, as a memory file. */
int initrd_create(const struct options *o, const struct caller *c);

struct machine {
	pid_t pid;
	int wire;
	int console; /* what kernel and QEMU print */
};

void machine_start(const struct options *o, int initrd, struct machine *ret);

/* The signal that ended QEMU by itself; 0 = none, or it still runs after a second. */
int machine_signal(void);

/* End QEMU at once. Does nothing if it is not running. */
void machine_kill(void);

/* Keep console output; its last lines stay in memory. */
void console_take(const char *data, size_t len);
void console_print_tail(void);
bool console_empty(void);
/* Is @text in the lines that were kept? If so, return the rest of its line from there. */
bool console_find(const char *text, char *ret_line, size_t size);

/*
 * The terminal's modes: raw while the command runs in the foreground, restored when we stop or end.
 * terminal_raw() does nothing in the background, where another process group uses the terminal.
 */
void terminal_init(const struct caller *c);
void terminal_raw(void);
void terminal_restore(void);
/* Returns false if there is no terminal to pass on. */
bool terminal_size(struct winsize *ret);

/*
 * Tells whether a signal that we received was sent to our whole process group; if so, send it to
 * the command's group. Ask witness_saw() once for every signal received: each answer covers the
 * time since the last one for this signal. Call witness_start() once, before signals are read.
 */
void witness_start(void);
bool witness_saw(int number);

/* Run until the command has ended. Returns its exit status. */
int session_run(const struct options *o, const struct caller *c, const struct machine *m);

#endif
