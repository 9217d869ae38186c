/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How much of what was executed a report cannot show, as numbers: for formats that are short. */
#ifndef RENDER_LOSSES_H
#define RENDER_LOSSES_H

#include "base/strbuf.h"
#include "render/view.h"

struct loss {
	const char *name; /* for programs: "tasks_not_followed" */
	/* For people: "a run source ", "filled its buffer ", NR, " time" or " times". */
	const char *subject, *before, *one, *many;
	uint64_t nr;
};

/* All kinds, in a fixed order, also those of which there is nothing. ret has room for LOSSES_MAX.
 */
#define LOSSES_MAX 24
size_t losses_count(const struct view *view, struct loss *ret);

/* Append the sentence. */
void loss_write(const struct loss *loss, struct strbuf *out);

#endif
