// SPDX-License-Identifier: GPL-2.0-or-later
/* Count what was handed on to contexts that are not recorded: handoffs in blocks that were hit. */
#include <string.h>

#include "base/sort.h"
#include "symbolize/coverage/private.h"
#include "symbolize/index/handoff.h"

_Static_assert((int)INDEX_HANDOFF_THREAD == (int)COVERAGE_HANDOFF_THREAD &&
		       (int)INDEX_HANDOFF_WORK == (int)COVERAGE_HANDOFF_WORK &&
		       (int)INDEX_HANDOFF_SOFTIRQ == (int)COVERAGE_HANDOFF_SOFTIRQ &&
		       (int)INDEX_HANDOFF_RCU == (int)COVERAGE_HANDOFF_RCU &&
		       (int)INDEX_HANDOFF_TIMER == (int)COVERAGE_HANDOFF_TIMER &&
		       (int)INDEX_HANDOFF_INTERRUPT == (int)COVERAGE_HANDOFF_INTERRUPT &&
		       (int)INDEX_HANDOFF_PROCESS == (int)COVERAGE_HANDOFF_PROCESS &&
		       (int)INDEX_HANDOFF_KINDS == (int)COVERAGE_HANDOFF_KINDS,
	       "kinds are taken over as they are");

DEFINE_VECTOR(handoff_vector, struct coverage_handoff);

/* Functions of one kind and name, in any image, are one. */
static bool is_before(const struct coverage_handoff *a, const struct coverage_handoff *b)
{
	return a->kind != b->kind ? a->kind < b->kind : strcmp(a->function, b->function) < 0;
}

DEFINE_SORT(sort_handoffs, struct coverage_handoff, is_before(a, b));

static const struct inferred_block *hit_block(const struct draft_image *image, uint32_t offset)
{
	uint32_t block = index_find_block(image->input->index, offset);

	if (block == INDEX_NONE || !image->inference.is_inferred[block] ||
	    image->inference.blocks[block].state != BLOCK_HIT)
		return NULL;
	return &image->inference.blocks[block];
}

static bool add_image(const struct draft_image *image, struct handoff_vector *v)
{
	const struct index *index = image->input->index;
	size_t nr, nr_symbols;
	const struct index_handoff *handoffs = index_handoffs(index, &nr);
	const struct index_symbol *symbols = index_symbols(index, &nr_symbols);

	for (size_t i = 0; i < nr; i++) {
		const struct inferred_block *block = hit_block(image, handoffs[i].offset);
		struct coverage_handoff h = { .kind = handoffs[i].kind };

		if (!block || h.kind >= COVERAGE_HANDOFF_KINDS)
			continue;
		h.function = index_string(index, symbols[handoffs[i].symbol].name);
		h.count = block->count;
		h.is_least = block->is_least;
		if (!handoff_vector_append(v, &h))
			return false;
	}
	return true;
}

/* Sorted: put those of one function together. */
static void merge(struct handoff_vector *v)
{
	size_t nr = 0;

	vector_for_each(v, h) {
		struct coverage_handoff *last = nr ? &v->data[nr - 1] : NULL;

		if (!last || is_before(last, h)) {
			v->data[nr++] = *h;
			continue;
		}
		last->count = count_add(last->count, h->count);
		last->is_least |= h->is_least;
	}
	v->len = nr;
}

static const struct coverage_handoff *find_entered(const struct handoff_vector *v,
						   const char *function)
{
	vector_for_each(v, h)
		if (h->kind == COVERAGE_HANDOFF_PROCESS && !strcmp(h->function, function))
			return h;
	return NULL;
}

/* Of the functions of conversations keep those that connected to a process outside. */
static void judge_conversations(struct handoff_vector *v)
{
	const struct coverage_handoff *kept[INDEX_CONVERSATIONS];
	size_t nr = 0;

	for (int i = 0; i < INDEX_CONVERSATIONS; i++) {
		const struct index_conversation *c = &index_conversations[i];

		kept[i] = find_entered(v, c->sends) && !find_entered(v, c->accepts)
				  ? find_entered(v, c->connects)
				  : NULL;
	}
	vector_for_each(v, h) {
		bool keep = h->kind != COVERAGE_HANDOFF_PROCESS;

		for (int i = 0; i < INDEX_CONVERSATIONS; i++)
			keep |= kept[i] == h;
		if (keep)
			v->data[nr++] = *h;
	}
	v->len = nr;
}

static struct error *copy(struct coverage_draft *draft, const struct handoff_vector *v)
{
	struct coverage *c = draft->coverage;

	c->nr_handoffs = v->len;
	c->handoffs = arena_alloc(draft->arena, v->len, sizeof(*c->handoffs));
	if (!c->handoffs)
		return &error_no_memory;
	for (size_t i = 0; i < v->len; i++) {
		c->handoffs[i] = v->data[i];
		c->handoffs[i].function = arena_strdup(draft->arena, v->data[i].function);
		if (!c->handoffs[i].function)
			return &error_no_memory;
	}
	return NULL;
}

struct error *coverage_make_handoffs(struct coverage_draft *draft)
{
	struct handoff_vector all = VECTOR_INIT;
	bool ok = true;

	for (size_t i = 0; ok && i < draft->input->nr_images; i++)
		if (draft->images[i].input->index)
			ok = add_image(&draft->images[i], &all);
	ok = ok && sort_handoffs(all.data, all.len);
	merge(&all);
	judge_conversations(&all);
	struct error *err = ok ? copy(draft, &all) : &error_no_memory;
	handoff_vector_deinit(&all);
	return err;
}
