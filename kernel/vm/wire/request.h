/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The request: what to run in the guest, and how vm.sh was called on the host. The relay packs it
 * into the initial RAM disk as /request, beside /init. It consists of records: a tag, a length and
 * bytes. Strings include their NUL.
 */
#ifndef KERNEL_VM_WIRE_REQUEST_H
#define KERNEL_VM_WIRE_REQUEST_H

#include <stdint.h>

#define REQUEST_PATH "/request"
/* The 9p mount tag of the host's root. That of a share is REQUEST_SHARE_TAG and its number. */
#define REQUEST_ROOT_TAG  "kcr-root"
#define REQUEST_SHARE_TAG "kcr-share"

enum request_tag {
	REQUEST_ARG = 1,  /* string: one argument of the command, in order */
	REQUEST_ENV,	  /* string: one NAME=VALUE */
	REQUEST_CWD,	  /* string */
	REQUEST_HOSTNAME, /* string */
	REQUEST_SHARE,	  /* string: a directory to mount writable at its own path, in order */
	REQUEST_MODULES,  /* string: bind this directory on /lib/modules/RELEASE */
	REQUEST_CALLER,	  /* struct request_caller */
	REQUEST_GROUPS,	  /* array of uint32_t: supplementary groups */
	REQUEST_LIMIT,	  /* struct request_limit */
	REQUEST_TERMIOS,  /* struct termios of the host's terminal */
	REQUEST_WINSIZE,  /* struct winsize of the host's terminal */
};

enum request_flag {
	REQUEST_AS_ROOT = 1 << 0,
	/* The command gets a terminal on its standard input and output ... */
	REQUEST_TERMINAL = 1 << 1,
	/* ... but its standard error goes elsewhere. */
	REQUEST_TERMINAL_NO_ERR = 1 << 2,
	/* Standard error is the same open file as standard output: keep their order. */
	REQUEST_MERGED = 1 << 3,
	/* This standard stream was closed when we were called. */
	REQUEST_NO_IN = 1 << 4,
	REQUEST_NO_OUT = 1 << 5,
	REQUEST_NO_ERR = 1 << 6,
};

struct request_record {
	uint32_t tag;
	uint32_t len;
};

struct request_caller {
	uint32_t uid;
	uint32_t gid;
	uint32_t umask;
	uint32_t flags;
	uint64_t ignored; /* signals: bit N-1 is signal N */
	uint64_t blocked;
};

struct request_limit {
	uint32_t resource;
	uint32_t zero;
	uint64_t soft;
	uint64_t hard;
};

#endif
