/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What follows from the points of an index made from text (index_text.h), as text again. */
#ifndef SYMBOLIZE_INDEX_TESTS_INFERENCE_TEXT_H
#define SYMBOLIZE_INDEX_TESTS_INFERENCE_TEXT_H

#include <inttypes.h>

#include "symbolize/index/infer.h"
#include "symbolize/index/tests/index_text.h"

struct text_inference {
	struct index *index;
	struct recorded_points recorded;
	struct inference inference;
};

/* only_blocks: stop before solve_edges(). */
__attribute__((unused)) static void text_infer(struct text_inference *t, const char *blocks,
					       const char *rows, bool only_blocks)
{
	const struct index_text text = { .blocks = blocks, .rows = rows };

	t->index = text_index(&text, &t->recorded);
	assert_ok(inference_init(&t->inference, index_graph(t->index), t->recorded.counts,
				 t->recorded.is_least));
	for (uint32_t i = 0; i < t->inference.graph.nr_groups; i++) {
		if (!only_blocks) {
			assert_ok(infer_group(&t->inference, i));
			continue;
		}
		assert_ok(inference_enter(&t->inference, i));
		infer_blocks(&t->inference);
	}
}

__attribute__((unused)) static void text_inference_deinit(struct text_inference *t)
{
	inference_deinit(&t->inference);
	index_destroy(t->index);
}

#define _cleanup_text_inference_ _cleanup_(text_inference_deinit)

__attribute__((unused)) static void add_state(struct strbuf *text, enum block_state state,
					      uint64_t count)
{
	switch (state) {
	case BLOCK_UNKNOWN:
		strbuf_addch(text, '?');
		return;
	case BLOCK_MISSED:
		strbuf_addch(text, 'm');
		return;
	case BLOCK_HIT:
		strbuf_addf(text, "h%" PRIu64, count);
	}
}

/* "h5 m h5+ ? h5<0": the state of each block; '+' lower bound; '<' the block it follows from. */
__attribute__((unused)) static void add_blocks(struct strbuf *text, const struct inference *f)
{
	for (size_t i = 0; i < f->graph.nr_blocks; i++) {
		const struct inferred_block *b = &f->blocks[i];

		strbuf_addstr(text, i ? " " : "");
		add_state(text, b->state, b->count);
		strbuf_addstr(text, b->is_least ? "+" : "");
		if (b->state != BLOCK_UNKNOWN && b->source != i)
			strbuf_addf(text, "<%u", b->source);
	}
}

__attribute__((unused)) static void add_edge(struct strbuf *text, const struct inferred_edge *e)
{
	if (e->state == EDGE_TAKEN)
		strbuf_addf(text, "t%" PRIu64 "%s", e->count, e->is_exact ? "" : "~");
	else
		strbuf_addch(text, e->state == EDGE_NOT_TAKEN ? 'n' : '?');
}

/* "t5 t5~ n ?": the state of each edge; '~' upper bound. */
__attribute__((unused)) static void add_edges(struct strbuf *text, const struct inference *f)
{
	for (size_t i = 0; i < f->graph.nr_edges; i++) {
		strbuf_addstr(text, i ? " " : "");
		add_edge(text, &f->edges[i]);
	}
}

#endif
