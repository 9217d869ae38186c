// SPDX-License-Identifier: GPL-2.0-or-later
#include "symbolize/source/weights.h"

#include <stdlib.h>

struct text {
	uint64_t hash;
	uint32_t statement;
};

static int compare_texts(const void *va, const void *vb)
{
	const struct text *a = va, *b = vb;

	return a->hash < b->hash ? -1 : a->hash > b->hash;
}

struct flow_weights *flow_weights_create(const struct source_file *file,
					 const struct source_function *function)
{
	_cleanup_flow_weights_ struct flow_weights *w = calloc(1, sizeof(*w));
	uint32_t nr = function->nr_statements;
	_cleanup_free_ struct text *texts = calloc(nr + 1, sizeof(*texts));

	if (!w || !texts)
		return NULL;
	w->file = file;
	w->calls = 10;
	w->first = function->first_statement;
	w->nr = nr;
	w->is_repeated = calloc(nr + 1, sizeof(*w->is_repeated));
	if (!w->is_repeated)
		return NULL;
	for (uint32_t i = 0; i < nr; i++)
		texts[i] = (struct text){ file->statements[w->first + i].hash, i };
	qsort(texts, nr, sizeof(*texts), compare_texts);
	for (uint32_t i = 1; i < nr; i++)
		if (texts[i].hash == texts[i - 1].hash)
			w->is_repeated[texts[i].statement] =
				w->is_repeated[texts[i - 1].statement] = true;
	return steal_ptr(&w);
}

void flow_weights_destroy(struct flow_weights *weights)
{
	if (!weights)
		return;
	free(weights->is_repeated);
	free(weights);
}

struct weight {
	uint32_t below, above;
};

static bool is_jump(uint32_t kind)
{
	return kind == SOURCE_RETURN || kind == SOURCE_GOTO || kind == SOURCE_BREAK ||
	       kind == SOURCE_CONTINUE || kind == SOURCE_COMPUTED_GOTO;
}

static struct weight weigh_statement(const struct flow_weights *w, uint32_t id, bool is_hit)
{
	const struct source_statement *s = &w->file->statements[id];

	/* What it calls tells a return from others. */
	if (s->kind == SOURCE_RETURN && s->flags & SOURCE_CALLS && !w->is_repeated[id - w->first])
		return is_hit ? (struct weight){ 5, 5 } : (struct weight){ 0, 6 };
	if (is_jump(s->kind))
		return is_hit ? (struct weight){ 1, 2 } : (struct weight){ 0, 2 };
	if (w->is_repeated[id - w->first])
		return is_hit ? (struct weight){ 2, 3 } : (struct weight){ 0, 2 };
	if (s->flags & (SOURCE_CALLS | SOURCE_STORES))
		return is_hit ? (struct weight){ 8, 8 } : (struct weight){ 0, 12 };
	return is_hit ? (struct weight){ 4, 4 } : (struct weight){ 0, 4 };
}

void flow_weigh(const struct flow_weights *w, uint32_t statement, enum flow_part part,
		const struct flow_observation *o, uint32_t *ret_below, uint32_t *ret_above)
{
	struct weight weight = { 0 };

	switch (part) {
	case FLOW_ENTRY:
		weight = (struct weight){ 8, 8 };
		break;
	case FLOW_END:
	case FLOW_MARK:
		weight = (struct weight){ 1, 1 };
		break;
	case FLOW_STATEMENT:
		weight = weigh_statement(w, statement, o->count > 0);
		break;
	case FLOW_TEST:
		weight = o->count ? (struct weight){ 6, 4 } : (struct weight){ 0, 2 };
		break;
	case FLOW_CONTINUED:
		weight = o->count ? (struct weight){ 3, 2 } : (struct weight){ 0, 2 };
		break;
	}
	if (!o->is_statement && !o->count)
		weight.above = 1;
	if (!o->is_statement && o->count) {
		weight.below = 2;
		weight.above = 3;
	}
	*ret_below = weight.below;
	*ret_above = weight.above;
}

/* A test that the compiler knows on some way has no jump there: there may have been more. */
void flow_weigh_way(uint64_t count, uint32_t *ret_below, uint32_t *ret_above)
{
	*ret_below = count ? 5 : 0;
	*ret_above = 2;
}
