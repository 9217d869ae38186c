// SPDX-License-Identifier: GPL-2.0-or-later
/* Gets remote handles: the common one for the calling task, each other one in a thread. */
#include "collect/kcov/remote.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "base/search.h"
#include "collect/kcov/collector.h"

#define USB_DEVICES "/sys/bus/usb/devices"
#define NAME_SIZE   32
/* Give up after this many random handles in a row are already in use: that is not chance. */
#define COMMON_TRIES 16

/* A thread that holds a handle. */
struct holder {
	struct remote *remote;
	pthread_t thread;
	struct kcov kcov; /* belongs to the collector after collector_add_remote() */
	uint64_t handle;
	struct error *err; /* set if enabling failed */
	bool enabled;	   /* enabling has succeeded or failed */
};

struct remote {
	pthread_mutex_t lock;
	pthread_cond_t change;
	bool stop;
	struct holder *holders[REMOTE_MAX];
	size_t nr;
};

bool remote_parse(const char *text, struct remote_spec *ret)
{
	if (!strcmp(text, "usb:all")) {
		*ret = (struct remote_spec){ .kind = REMOTE_USB_ALL };
		return true;
	}
	if (!strncmp(text, "usb:", 4)) {
		ret->kind = REMOTE_USB;
		return parse_u64(text + 4, 10, KCOV_REMOTE_INSTANCE_MASK, &ret->value) &&
		       ret->value;
	}
	ret->kind = REMOTE_HANDLE;
	return !strncmp(text, "handle:0x", 9) && parse_u64(text + 7, 16, UINT64_MAX, &ret->value) &&
	       ret->value;
}

static char *error_text(struct error *err)
{
	char *text = error_format(err);

	error_destroy(err);
	return text ? text : strdup("out of memory");
}

static struct error *enable_common(struct kcov *kcov, uint64_t *ret)
{
	struct error *err = NULL;
	uint32_t instance;

	for (int i = 0; i < COMMON_TRIES; i++) {
		error_destroy(err);
		if (getrandom(&instance, sizeof(instance), 0) != sizeof(instance))
			return error_errno(errno, "cannot get a random number");
		/* 0 is not a handle. */
		*ret = kcov_remote_handle(KCOV_SUBSYSTEM_COMMON, instance ? instance : 1);
		err = kcov_enable_remote(kcov, *ret);
		if (!err || err->errnum != EEXIST)
			return err;
	}
	return err;
}

void remote_open_common(struct remote_common *ret, uint64_t words)
{
	*ret = (struct remote_common)REMOTE_COMMON_NONE;
	struct error *err = kcov_open(&ret->kcov, words);
	if (!err)
		err = enable_common(&ret->kcov, &ret->handle);
	if (!err)
		return;
	kcov_close(&ret->kcov);
	ret->handle = 0;
	ret->problem = error_text(err);
}

void remote_close_common(struct remote_common *common)
{
	if (common->handle && common->kcov.fd >= 0)
		error_destroy(kcov_disable_self(&common->kcov));
	common->handle = 0;
	kcov_close(&common->kcov);
	free(common->problem);
	common->problem = NULL;
}

/* Enable the handle in this thread, which then waits until it is told to stop. */
static void *hold(void *arg)
{
	struct holder *h = arg;
	struct remote *r = h->remote;

	struct error *err = kcov_enable_remote(&h->kcov, h->handle);
	pthread_mutex_lock(&r->lock);
	h->err = err;
	h->enabled = true;
	pthread_cond_broadcast(&r->change);
	while (!err && !r->stop)
		pthread_cond_wait(&r->change, &r->lock);
	pthread_mutex_unlock(&r->lock);
	/*
	 * Ending the thread releases the handle. Do not use the fd: it belongs to the
	 * collector, which may have closed it.
	 */
	return NULL;
}

static struct error *start_holder(struct remote *r, struct holder *h)
{
	int e = pthread_create(&h->thread, NULL, hold, h);

	if (e)
		return error_errno(e, "cannot start a thread");
	r->holders[r->nr++] = h;
	pthread_mutex_lock(&r->lock);
	while (!h->enabled)
		pthread_cond_wait(&r->change, &r->lock);
	struct error *err = steal_ptr(&h->err);
	pthread_mutex_unlock(&r->lock);
	return err;
}

static struct error *take_handle(struct remote *r, struct collector *c, uint64_t handle,
				 const char *name, uint64_t words)
{
	struct holder *h;

	if (r->nr == REMOTE_MAX)
		return error_create(ERROR_UNSUPPORTED, "more than %d remote handles", REMOTE_MAX);
	h = calloc(1, sizeof(*h));
	if (!h)
		return &error_no_memory;
	*h = (struct holder){ .remote = r, .kcov = KCOV_CLOSED, .handle = handle };
	struct error *err = kcov_open(&h->kcov, words);
	if (!err)
		err = start_holder(r, h);
	if (!err)
		err = collector_add_remote(c, &h->kcov, handle, name);
	if (err)
		kcov_close(&h->kcov);
	if (!r->nr || r->holders[r->nr - 1] != h)
		free(h);
	return err;
}

static void add_handle(struct remote *r, struct collector *c, uint64_t handle, const char *name,
		       uint64_t words)
{
	struct error *err = take_handle(r, c, handle, name, words);

	if (!err)
		return;
	_cleanup_free_ char *text = error_text(err);
	collector_skip_remote(c, handle, name, text ? text : "out of memory");
}

static void add_usb(struct remote *r, struct collector *c, uint64_t bus, uint64_t words)
{
	char name[NAME_SIZE], path[NAME_SIZE + sizeof(USB_DEVICES)], note[80];

	snprintf(name, sizeof(name), "usb:%" PRIu64, bus);
	snprintf(path, sizeof(path), USB_DEVICES "/usb%" PRIu64, bus);
	if (access(path, F_OK)) {
		snprintf(note, sizeof(note), "USB bus %" PRIu64 " did not exist at the start", bus);
		collector_note(c, note);
	}
	add_handle(r, c, kcov_remote_handle(KCOV_SUBSYSTEM_USB, bus), name, words);
}

/* Each bus has one root hub: usb1, usb2, ... */
static void add_all_buses(struct remote *r, struct collector *c, uint64_t words)
{
	uint64_t buses[REMOTE_MAX];
	struct dirent *entry;
	size_t nr = 0;
	DIR *dir = opendir(USB_DEVICES);

	while (dir && nr < REMOTE_MAX && (entry = readdir(dir)))
		if (!strncmp(entry->d_name, "usb", 3) &&
		    parse_u64(entry->d_name + 3, 10, KCOV_REMOTE_INSTANCE_MASK, &buses[nr]))
			nr++;
	if (dir)
		closedir(dir);
	if (!nr)
		collector_note(c, "--remote usb:all: there is no USB bus");
	qsort(buses, nr, sizeof(*buses), compare_u64);
	for (size_t i = 0; i < nr; i++)
		add_usb(r, c, buses[i], words);
}

static void add_spec(struct remote *r, struct collector *c, const struct remote_spec *spec,
		     uint64_t words)
{
	char name[NAME_SIZE];

	switch (spec->kind) {
	case REMOTE_USB:
		add_usb(r, c, spec->value, words);
		break;
	case REMOTE_USB_ALL:
		add_all_buses(r, c, words);
		break;
	case REMOTE_HANDLE:
		snprintf(name, sizeof(name), "handle:0x%016" PRIx64, spec->value);
		add_handle(r, c, spec->value, name, words);
		break;
	}
}

/* If there is no common handle there is no number for a run source, so write a note. */
static struct error *add_common(struct collector *c, struct remote_common *common)
{
	_cleanup_free_ char *note = NULL;

	if (common->handle)
		return collector_add_remote(c, &common->kcov, common->handle, "common");
	if (!common->problem)
		return NULL;
	if (asprintf(&note, "background work is not recorded without a common handle: %s",
		     common->problem) < 0) {
		note = NULL;
		return &error_no_memory;
	}
	collector_note(c, note);
	return NULL;
}

struct error *remote_start(struct collector *c, struct remote_common *common,
			   const struct remote_spec_vector *specs, uint64_t words,
			   struct remote **ret)
{
	struct remote *r = calloc(1, sizeof(*r));

	if (!r)
		return &error_no_memory;
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->change, NULL);
	struct error *err = add_common(c, common);
	if (err) {
		remote_stop(r);
		return err;
	}
	vector_for_each(specs, spec)
		add_spec(r, c, spec, words);
	*ret = r;
	return NULL;
}

void remote_stop(struct remote *r)
{
	if (!r)
		return;
	pthread_mutex_lock(&r->lock);
	r->stop = true;
	pthread_cond_broadcast(&r->change);
	pthread_mutex_unlock(&r->lock);
	for (size_t i = 0; i < r->nr; i++) {
		pthread_join(r->holders[i]->thread, NULL);
		free(r->holders[i]);
	}
	pthread_cond_destroy(&r->change);
	pthread_mutex_destroy(&r->lock);
	free(r);
}
