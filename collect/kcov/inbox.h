/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the follower tells the drainer about tasks. The follower queues it and continues: the tasks
 * that it stopped need not wait until the drainer has read buffers and written records. Buffers
 * of ended tasks come back the same way.
 *
 * A capture is in the queue once, with all that is new about it. It belongs to the drainer from
 * inbox_start() until inbox_return(). Internal to collect/kcov/collector.c.
 */
#ifndef COLLECT_KCOV_INBOX_H
#define COLLECT_KCOV_INBOX_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct capture;

/* What is new about a capture. */
struct capture_news {
	bool started;
	bool renamed;
	char *name; /* owned; NULL: not known */
	bool adopted;
	int32_t parent;
	bool ended;
	int32_t status;
	uint64_t announced; /* tasks that it created, according to ptrace */
};

struct inbox {
	pthread_mutex_t lock; /* held only to move pointers */
	pthread_cond_t wake;  /* something was queued, or stop was set */
	pthread_cond_t freed; /* an ended capture was returned */
	struct capture *first, *last;
	struct capture *free; /* their buffers are ready for another task */
	size_t nr_free;
	size_t nr_ended; /* captures that have ended and were not returned yet */
	bool stop;
};

void inbox_init(struct inbox *inbox);
/* Destroys the free captures. The queue must be empty. */
void inbox_deinit(struct inbox *inbox);

/* Called by the follower. name: taken. */
void inbox_start(struct inbox *inbox, struct capture *capture);
void inbox_rename(struct inbox *inbox, struct capture *capture, char *name);
void inbox_set_parent(struct inbox *inbox, struct capture *capture, int32_t parent);
void inbox_end(struct inbox *inbox, struct capture *capture, int32_t status, uint64_t announced);
/* A capture whose buffer is free; waits while one may be returned. NULL: a new one is needed. */
struct capture *inbox_get_free(struct inbox *inbox);
/* Ask the drainer to end. */
void inbox_stop(struct inbox *inbox);

/* Called by the drainer, or in its place. NULL: the queue is empty. */
struct capture *inbox_take(struct inbox *inbox, struct capture_news *ret);
/* Sleep at most ns, until something is queued. */
void inbox_wait(struct inbox *inbox, uint64_t ns);
bool inbox_is_stopped(struct inbox *inbox);
/* Keep a capture with its buffer for inbox_get_free(), or destroy it if there are enough. ended:
 * inbox_take() told of its end. */
void inbox_return(struct inbox *inbox, struct capture *capture, bool ended);

#endif
