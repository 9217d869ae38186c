// SPDX-License-Identifier: GPL-2.0-or-later
/* What follows from the kind and the state of a source: how its counts are meant, and words. */
#include "run/source.h"

#include <stdlib.h>

#include "run/fields.h"

void run_source_deinit(struct run_source *source)
{
	run_fields_free_strings(run_source_fields, source);
	free(source->pcs);
	*source = (struct run_source){ 0 };
}

enum run_counts run_source_counts(const struct run_source *source)
{
	switch (source->kind) {
	case RUN_SOURCE_TASK:
	case RUN_SOURCE_REMOTE:
		return RUN_COUNTS_EXACT;
	case RUN_SOURCE_SET:
		return RUN_COUNTS_LEAST;
	case RUN_SOURCE_IMPORT:
		return RUN_COUNTS_NONE;
	}
	return RUN_COUNTS_NONE;
}

static const struct run_state_words task_words[] = {
	[RUN_STATE_COVERED] = { "covered", NULL, NULL },
	[RUN_STATE_NOT_FOLLOWED] = { "not-followed", "was not followed",
				     "not followed and not recorded" },
	[RUN_STATE_CUT] = { "cut", "is covered only in part", "recorded only in part" },
};

static const struct run_state_words handle_words[] = {
	[RUN_STATE_COVERED] = { "recorded", NULL, NULL },
	[RUN_STATE_NOT_FOLLOWED] = { "not-recorded", "was not recorded", "not recorded" },
	[RUN_STATE_CUT] = { "recorded", NULL, NULL },
};

const struct run_state_words *run_source_state_words(const struct run_source *source)
{
	return source->kind == RUN_SOURCE_REMOTE ? &handle_words[source->state]
						 : &task_words[source->state];
}
