// SPDX-License-Identifier: GPL-2.0-or-later
/* The queue from the follower to the drainer, and the free buffers. */
#include "collect/kcov/inbox.h"

#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "collect/kcov/capture.h"

#define POOL_MAX 64 /* free buffers to keep */

void inbox_init(struct inbox *inbox)
{
	*inbox = (struct inbox){ 0 };
	pthread_mutex_init(&inbox->lock, NULL);
	pthread_cond_init(&inbox->wake, NULL);
	pthread_cond_init(&inbox->freed, NULL);
}

void inbox_deinit(struct inbox *inbox)
{
	capture_destroy_list(inbox->free);
	pthread_cond_destroy(&inbox->freed);
	pthread_cond_destroy(&inbox->wake);
	pthread_mutex_destroy(&inbox->lock);
}

/* Lock held. */
static void queue(struct inbox *inbox, struct capture *capture)
{
	if (capture->queued)
		return;
	capture->queued = true;
	capture->next_news = NULL;
	if (inbox->last)
		inbox->last->next_news = capture;
	else
		inbox->first = capture;
	inbox->last = capture;
	pthread_cond_signal(&inbox->wake);
}

void inbox_start(struct inbox *inbox, struct capture *capture)
{
	pthread_mutex_lock(&inbox->lock);
	capture->news = (struct capture_news){ .started = true };
	queue(inbox, capture);
	pthread_mutex_unlock(&inbox->lock);
}

void inbox_rename(struct inbox *inbox, struct capture *capture, char *name)
{
	pthread_mutex_lock(&inbox->lock);
	free(capture->news.name);
	capture->news.name = name;
	capture->news.renamed = true;
	queue(inbox, capture);
	pthread_mutex_unlock(&inbox->lock);
}

void inbox_set_parent(struct inbox *inbox, struct capture *capture, int32_t parent)
{
	pthread_mutex_lock(&inbox->lock);
	capture->news.parent = parent;
	capture->news.adopted = true;
	queue(inbox, capture);
	pthread_mutex_unlock(&inbox->lock);
}

void inbox_end(struct inbox *inbox, struct capture *capture, int32_t status, uint64_t announced)
{
	pthread_mutex_lock(&inbox->lock);
	capture->news.ended = true;
	capture->news.status = status;
	capture->news.announced = announced;
	inbox->nr_ended++;
	queue(inbox, capture);
	pthread_mutex_unlock(&inbox->lock);
}

struct capture *inbox_get_free(struct inbox *inbox)
{
	pthread_mutex_lock(&inbox->lock);
	/* Soon there is one, and a new buffer takes longer. */
	while (!inbox->free && inbox->nr_ended)
		pthread_cond_wait(&inbox->freed, &inbox->lock);
	struct capture *capture = inbox->free;
	if (capture) {
		inbox->free = capture->next;
		inbox->nr_free--;
	}
	pthread_mutex_unlock(&inbox->lock);
	return capture;
}

void inbox_stop(struct inbox *inbox)
{
	pthread_mutex_lock(&inbox->lock);
	__atomic_store_n(&inbox->stop, true, __ATOMIC_RELAXED);
	pthread_cond_signal(&inbox->wake);
	pthread_mutex_unlock(&inbox->lock);
}

struct capture *inbox_take(struct inbox *inbox, struct capture_news *ret)
{
	pthread_mutex_lock(&inbox->lock);
	struct capture *capture = inbox->first;
	if (capture) {
		inbox->first = capture->next_news;
		if (!inbox->first)
			inbox->last = NULL;
		capture->queued = false;
		*ret = capture->news;
		capture->news = (struct capture_news){ 0 };
	}
	pthread_mutex_unlock(&inbox->lock);
	return capture;
}

void inbox_wait(struct inbox *inbox, uint64_t ns)
{
	const struct timespec until = timespec_from_ns(now_ns() + ns);

	pthread_mutex_lock(&inbox->lock);
	if (!inbox->first && !inbox->stop)
		pthread_cond_clockwait(&inbox->wake, &inbox->lock, CLOCK_MONOTONIC, &until);
	pthread_mutex_unlock(&inbox->lock);
}

bool inbox_is_stopped(struct inbox *inbox)
{
	return __atomic_load_n(&inbox->stop, __ATOMIC_RELAXED);
}

void inbox_return(struct inbox *inbox, struct capture *capture, bool ended)
{
	pthread_mutex_lock(&inbox->lock);
	if (inbox->nr_free < POOL_MAX && !capture->set) {
		capture->next = inbox->free;
		inbox->free = capture;
		inbox->nr_free++;
		capture = NULL;
	}
	inbox->nr_ended -= ended;
	pthread_cond_signal(&inbox->freed);
	pthread_mutex_unlock(&inbox->lock);
	capture_destroy(capture);
}
