// SPDX-License-Identifier: GPL-2.0-or-later
/* Opens the sets of contexts, and waits for what is still to run in them. */
#include "collect/kcov/contexts.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "collect/kcov/collector.h"

#define LOOK_INTERVAL_NS 10000000ULL
#define QUIET_NS	 200000000ULL
#define SETTLE_MAX_NS	 1000000000ULL

static const unsigned int numbers[RUN_SOURCE_KINDS] = {
	[RUN_SOURCE_SOFTIRQ] = KCOV_CONTEXT_SOFTIRQ,
	[RUN_SOURCE_INTERRUPT] = KCOV_CONTEXT_INTERRUPT,
	[RUN_SOURCE_KTHREAD] = KCOV_CONTEXT_KTHREAD,
	[RUN_SOURCE_WORK] = KCOV_CONTEXT_WORK,
};

/* *knows: whether the kernel knows contexts, as far as it was asked. */
static struct error *open_one(const char *path, uint64_t hash_slots, const struct kcov_set *set,
			      struct context *context, bool *knows)
{
	_cleanup_(kcov_set_close) struct kcov_set second = KCOV_SET_CLOSED;

	struct error *err = kcov_set_open(path, hash_slots, &second);
	if (err)
		return err;
	err = kcov_set_add_context(set, numbers[context->kind], &second);
	if (err) {
		*knows = err->code != ERROR_UNSUPPORTED;
		return err;
	}
	context->set = second;
	second = (struct kcov_set)KCOV_SET_CLOSED;
	return NULL;
}

/* Keep the text of err, which is taken. */
static struct error *note_problem(struct context *context, struct error *err)
{
	if (!err)
		return NULL;
	context->problem = error_format(err);
	error_destroy(err);
	return context->problem ? NULL : &error_no_memory;
}

struct error *contexts_open(struct contexts *contexts, const char *path, uint64_t hash_slots,
			    const struct kcov_set *set, unsigned int kinds, bool required)
{
	bool knows = true;

	for (int kind = RUN_SOURCE_SOFTIRQ; knows && kind < RUN_SOURCE_SYSTEM; kind++) {
		struct context *context = &contexts->all[contexts->nr];

		if (!(kinds & CONTEXT_BIT(kind)))
			continue;
		*context = (struct context){ .kind = kind, .set = KCOV_SET_CLOSED };
		struct error *err = open_one(path, hash_slots, set, context, &knows);
		if (err && required)
			return err;
		if (!knows) {
			error_destroy(err);
			return NULL;
		}
		err = note_problem(context, err);
		if (err)
			return err;
		contexts->nr++;
	}
	return NULL;
}

struct error *contexts_open_system(struct contexts *contexts, const char *path, uint64_t hash_slots,
				   bool from_boot)
{
	struct context *context = &contexts->all[contexts->nr];

	*context = (struct context){ .kind = RUN_SOURCE_SYSTEM, .set = KCOV_SET_CLOSED };
	struct error *err = kcov_set_open_system(path, hash_slots, from_boot, &context->set);
	if (err)
		return err;
	contexts->from_boot = from_boot;
	contexts->nr++;
	return NULL;
}

void contexts_close(struct contexts *contexts)
{
	for (size_t i = 0; i < contexts->nr; i++) {
		kcov_set_close(&contexts->all[i].set);
		free(contexts->all[i].problem);
	}
	*contexts = (struct contexts){ 0 };
}

struct error *contexts_map(struct contexts *contexts)
{
	struct error *err = NULL;

	for (size_t i = 0; !err && i < contexts->nr; i++)
		if (!contexts->all[i].problem)
			err = kcov_set_map(&contexts->all[i].set);
	return err;
}

static struct context *find(struct contexts *contexts, enum run_source_kind kind)
{
	for (size_t i = 0; i < contexts->nr; i++)
		if (contexts->all[i].kind == kind && !contexts->all[i].problem)
			return &contexts->all[i];
	return NULL;
}

struct error *contexts_start_system(struct contexts *contexts)
{
	struct context *system = find(contexts, RUN_SOURCE_SYSTEM);

	return system && !contexts->from_boot ? kcov_set_start_system(&system->set) : NULL;
}

struct error *contexts_collect(struct contexts *contexts, struct collector *c)
{
	struct error *err = NULL;

	for (size_t i = 0; !err && i < contexts->nr; i++) {
		struct context *context = &contexts->all[i];

		if (context->problem)
			collector_skip_context(c, context->kind, context->problem);
		else
			err = collector_add_context(c, context->kind, &context->set);
	}
	return err;
}

static struct error *settle_work(const struct context *work,
				 struct error *(*read_stats)(const struct kcov_set *set,
							     struct kcov_stats *ret))
{
	uint64_t start = now_ns(), fell = start, before = UINT64_MAX;

	for (;;) {
		struct kcov_stats stats;
		struct error *err = read_stats(&work->set, &stats);
		uint64_t now = now_ns();

		if (err || !stats.tasks)
			return err;
		if (stats.tasks < before)
			fell = now;
		before = stats.tasks;
		if (now - fell >= QUIET_NS || now - start >= SETTLE_MAX_NS)
			return NULL;
		sleep_ns(LOOK_INTERVAL_NS);
	}
}

struct error *contexts_settle(struct contexts *contexts,
			      struct error *(*read_stats)(const struct kcov_set *set,
							  struct kcov_stats *ret))
{
	struct context *work = find(contexts, RUN_SOURCE_WORK);
	struct context *system = find(contexts, RUN_SOURCE_SYSTEM);
	struct error *err = NULL;

	if (work)
		err = settle_work(work, read_stats ? read_stats : kcov_set_stats);
	if (!err && system)
		err = kcov_set_stop_system(&system->set);
	return err;
}
