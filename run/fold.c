// SPDX-License-Identifier: GPL-2.0-or-later
/* Adds up sources of one kind. */
#include "run/fold.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/fields.h"

void run_fold_deinit(struct run_fold *fold)
{
	for (size_t i = 0; i < RUN_SOURCE_KINDS; i++) {
		run_source_deinit(&fold->folded[i].about);
		pc_parts_deinit(&fold->folded[i].parts);
	}
}

static uint64_t add_up(uint64_t a, uint64_t b)
{
	uint64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

/* The first source gives what cannot be added up: the handle, and the first task of a set. */
static struct error *fold_first(struct run_folded *f, const struct run_source *source)
{
	bool set = source->kind == RUN_SOURCE_SET;

	f->about = (struct run_source){
		.kind = source->kind,
		.pid = set ? source->pid : 0,
		.tgid = set ? source->tgid : 0,
		.parent = -1,
		.handle = source->handle,
		.name = source->name ? strdup(source->name) : NULL,
	};
	return source->name && !f->about.name ? &error_no_memory : NULL;
}

static void fold_losses(struct run_source *about, const struct run_source *source)
{
	run_for_each_loss(field)
	{
		uint64_t sum =
			add_up(run_field_integer(field, about), run_field_integer(field, source));

		memcpy((char *)about + field->offset, &sum, sizeof(sum));
	}
}

static void fold_name(struct run_source *about, const struct run_source *source)
{
	if (about->name && source->name && !strcmp(about->name, source->name))
		return;
	free(about->name);
	about->name = NULL;
}

struct error *run_fold_add(struct run_fold *fold, const struct run_source *source,
			   const struct pc_count *pcs, size_t nr_pcs)
{
	struct run_folded *f = &fold->folded[source->kind];
	struct error *err = f->nr_sources ? NULL : fold_first(f, source);

	if (err)
		return err;
	f->nr_sources++;
	f->nr_incomplete += source->state != RUN_STATE_COVERED;
	f->about.nr_tasks = add_up(f->about.nr_tasks, source->nr_tasks);
	f->about.pending = add_up(f->about.pending, source->pending);
	fold_name(&f->about, source);
	fold_losses(&f->about, source);
	return pc_parts_add(&f->parts, pcs, nr_pcs);
}

static enum run_state folded_state(const struct run_folded *f)
{
	if (!f->nr_incomplete)
		return RUN_STATE_COVERED;
	return f->nr_incomplete == f->nr_sources && !f->parts.pcs.len ? RUN_STATE_NOT_FOLLOWED
								      : RUN_STATE_CUT;
}

struct error *run_fold_take(struct run_folded *f, struct run_source *ret)
{
	const char *what = f->about.kind == RUN_SOURCE_REMOTE	? "handles"
			   : run_kind_is_context(f->about.kind) ? "contexts"
								: "tasks";

	f->about.state = folded_state(f);
	if (f->nr_incomplete && asprintf(&f->about.reason,
					 "%" PRIu64 " of %" PRIu64
					 " folded %s were recorded only in part, or not at all",
					 f->nr_incomplete, f->nr_sources, what) < 0) {
		f->about.reason = NULL;
		return &error_no_memory;
	}
	if (f->about.kind == RUN_SOURCE_TASK && f->nr_sources > 1)
		f->about.folded_tasks = f->about.nr_tasks;
	if (f->about.kind == RUN_SOURCE_IMPORT)
		f->about.nr_tasks = 1;
	struct error *err = pc_parts_take(&f->parts, &f->about.pcs, &f->about.nr_pcs);
	if (err)
		return err;
	*ret = f->about;
	f->about = (struct run_source){ 0 };
	return NULL;
}
