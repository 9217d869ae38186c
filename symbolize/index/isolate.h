/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How an index is built in a process of its own (index_build_isolated()). Private to
 * symbolize/index/.
 *
 *	parent                            child
 *	index_build_isolated() -- fork -> index_build(), in threads
 *	  log, error            <- socket   struct message
 *	  which unit, which     <- page     struct isolate_page
 *	  signal
 *	  the index             <- memfd    the block
 *
 * The files of the image are mapped. If one is truncated or cannot be read, the child gets SIGBUS,
 * and the error says so. The child has limits of memory and of processor time. If it dies, the page
 *says which unit was being read. The parent then tries again without that unit. If several units
 * may be to blame, it first tries again with one thread.
 *
 * The child may have been overwhelmed by what it read, so the parent checks all that it
 * gets from it.
 */
#ifndef SYMBOLIZE_INDEX_ISOLATE_H
#define SYMBOLIZE_INDEX_ISOLATE_H

#include <limits.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/log.h"
#include "base/workers.h"
#include "symbolize/image/addresses.h"
#include "symbolize/index/index.h"

/*
 * 0 in a member = the default of isolate.c, which grows with the size of the image: far more than
 * any kernel needs.
 */
struct isolate_limits {
	uint64_t memory;	       /* bytes of data, besides what the process has already */
	unsigned int seconds;	       /* of processor time, for all attempts together */
	unsigned int unit_seconds;     /* of processor time, for one unit */
	unsigned int nr_units_skipped; /* then give up */
};

typedef struct error *index_builder(const struct image *image, const struct index_options *options,
				    struct index **ret);

/* As index_build_isolated(), but with other limits, and with build() instead of index_build(). */
struct error *isolate_build(struct image *image, const struct index_options *options,
			    const struct isolate_limits *limits, index_builder *build,
			    bool *ret_whole, struct index **ret);

#define ISOLATE_NAME_SIZE 256

/* The unit that a worker of the child reads. */
struct isolate_unit {
	uint64_t offset; /* of its root DIE, + 1; 0 = none */
	char name[ISOLATE_NAME_SIZE];
};

/* Shared by parent and child. */
struct isolate_page {
	uint32_t failed_worker; /* + 1: the thread that died; 0 = not known */
	uint32_t failed_signal; /* that ended it; 0 = none */
	uint32_t no_memory;	/* libdw had no memory */
	uint32_t has_split;	/* units are in .dwo files */
	char file[PATH_MAX];	/* that SIGBUS is about; "" = not known */
	int32_t file_errno;	/* of reading it there; 0 = it was truncated */
	struct isolate_unit units[WORKERS_MAX];
};

/* isolate_message.c: messages between the two, each whole and in order. */
enum isolate_message_kind {
	ISOLATE_LINE,	  /* number: enum log_level */
	ISOLATE_PROGRESS, /* text: of what */
	ISOLATE_ERROR,	  /* number: enum error_code; errnum; text; hint */
	ISOLATE_DONE,	  /* done: bytes of the block in the memfd */
};

#define ISOLATE_TEXT_SIZE 4096

struct isolate_message {
	uint32_t kind; /* enum isolate_message_kind */
	uint32_t number;
	int32_t errnum;
	uint32_t hint; /* where the hint begins in text; 0 = none */
	uint64_t done, total;
	char text[ISOLATE_TEXT_SIZE]; /* longer ones are cut */
};

/* Two connected sockets. */
struct error *isolate_connect(int ret[2]);
/* Failures are ignored: then the parent has died. Takes err. */
void isolate_send_error(int fd, struct error *err);
void isolate_send_done(int fd, uint64_t size);
/* A log whose lines and progress go to the socket *fd. */
struct log isolate_log(int *fd);
/* False at the end, or if what was received is not a message. */
bool isolate_receive(int fd, struct isolate_message *ret);
/* The error in a message that was received, and is one. Never NULL. */
struct error *isolate_error(const struct isolate_message *message);

/* isolate_child.c: what the child needs. */
struct isolate_child {
	struct image *image;
	struct index_options options;
	struct isolate_limits limits;
	index_builder *build;
	const struct address_vector *skipped;
	struct isolate_page *page;
	int socket, memory;
	pid_t parent;
};

void isolate_child_run(struct isolate_child *child) __attribute__((noreturn));

#endif
