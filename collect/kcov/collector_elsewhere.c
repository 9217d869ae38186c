// SPDX-License-Identifier: GPL-2.0-or-later
/* What is recorded apart from tasks: remote handles, contexts and the system. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "collect/kcov/collector_private.h"

/* Remote sections may be under way when the workload ends: wait as long as PCs arrived recently. */
#define SETTLE_NS     20000000
#define SETTLE_MAX_NS 1000000000ULL

struct error *collector_add_remote(struct collector *c, struct kcov *kcov, uint64_t handle,
				   const char *name)
{
	struct capture *capture = capture_create(kcov);

	if (!capture)
		return &error_no_memory;
	capture->drain.sections = true;
	collector_start_capture(c, capture, capture_about_remote(handle, name));
	return NULL;
}

uint32_t collector_skip_remote(struct collector *c, uint64_t handle, const char *name,
			       const char *reason)
{
	return collector_skip_source(c, capture_about_remote(handle, name), reason);
}

struct error *collector_add_context(struct collector *c, enum run_source_kind kind,
				    struct kcov_set *set)
{
	struct capture *capture = capture_create_set(set);

	if (!capture)
		return &error_no_memory;
	collector_start_capture(c, capture, capture_about_context(kind));
	return NULL;
}

uint32_t collector_skip_context(struct collector *c, enum run_source_kind kind, const char *reason)
{
	return collector_skip_source(c, capture_about_context(kind), reason);
}

/* Lock held. Number of PCs of remote handles so far. */
static uint64_t count_remote(const struct collector *c)
{
	uint64_t n = 0;

	for (const struct capture *capture = c->active; capture; capture = capture->next)
		if (capture->about.kind == RUN_SOURCE_REMOTE)
			n += capture->drain.recorded;
	return n;
}

void collector_settle_remote(struct collector *c)
{
	uint64_t before = 0, start = now_ns();

	for (bool quiet = false; !quiet && now_ns() - start < SETTLE_MAX_NS;) {
		collector_lock(c);
		uint64_t n = count_remote(c);
		collector_unlock(c);
		quiet = n == before;
		before = n;
		if (!quiet)
			sleep_ns(SETTLE_NS);
	}
}
