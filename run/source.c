// SPDX-License-Identifier: GPL-2.0-or-later
/* What follows from the kind of a source. */
#include "run/source.h"

#include <stdlib.h>

void run_source_deinit(struct run_source *source)
{
	free(source->name);
	free(source->reason);
	pc_map_deinit(&source->pcs);
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
