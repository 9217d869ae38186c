/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The collector, for the files that implement collector.h. */
#ifndef COLLECT_KCOV_COLLECTOR_PRIVATE_H
#define COLLECT_KCOV_COLLECTOR_PRIVATE_H

#include <pthread.h>

#include "collect/kcov/capture.h"
#include "collect/kcov/collector.h"
#include "collect/kcov/inbox.h"

struct module_watch;

struct collector {
	struct run_writer *writer;
	uint64_t words;
	size_t nr_cpus;
	struct error *(*open_buffer)(struct kcov *ret, size_t words);
	struct error *(*set_stats)(const struct kcov_set *set, struct kcov_stats *ret);
	uint64_t watch_pc, load_pcs[2];
	struct clone_trace clones;
	bool discards_set, system_only;
	pthread_mutex_t lock;
	pthread_t thread;
	bool running;	      /* there is a thread; used by the follower alone */
	unsigned int waiting; /* the follower wants the lock: atomic */
	struct inbox inbox;
	bool root_known;  /* the root has its id; used by the follower alone */
	uint32_t next_id; /* the same; 0 is the root's id, whichever run source came first */
	struct capture *active;
	bool started; /* the root was written */
	struct hidden_clones_vector hidden;
	uint64_t flushed_ns, watch_hits;
	struct module_watch *modules;
	struct error *error; /* the first error */
};

void collector_lock(struct collector *c);
void collector_unlock(struct collector *c);
/* Give a new run source its id, and read its capture from now on. `about` is taken. */
uint32_t collector_start_capture(struct collector *c, struct capture *capture,
				 struct run_source about);
/* Record that nothing of a run source is recorded, and why. `about` is taken. */
uint32_t collector_skip_source(struct collector *c, struct run_source about, const char *reason);

#endif
