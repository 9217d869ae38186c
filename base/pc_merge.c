// SPDX-License-Identifier: GPL-2.0-or-later
/* A k-way merge: a heap of the spans, that with the lowest first PC on top. */
#include "base/pc_merge.h"

#include <string.h>

#include "base/cleanup.h"

/* Fewer PCs than this are not worth merging early. */
#define PENDING_MIN ((size_t)1 << 16)

static void heap_sift_down(struct pc_span *heap, size_t nr, size_t i)
{
	for (;;) {
		size_t least = 2 * i + 1;

		if (least >= nr)
			return;
		if (least + 1 < nr && heap[least + 1].data->pc < heap[least].data->pc)
			least++;
		if (heap[i].data->pc <= heap[least].data->pc)
			return;
		struct pc_span swapped = heap[i];
		heap[i] = heap[least];
		heap[least] = swapped;
		i = least;
	}
}

/* Empty spans are left out. */
static bool heap_init(const struct pc_span *spans, size_t nr_spans, struct pc_span_vector *heap)
{
	for (size_t i = 0; i < nr_spans; i++)
		if (spans[i].len && !pc_span_vector_append(heap, &spans[i]))
			return false;
	for (size_t i = heap->len / 2; i-- > 0;)
		heap_sift_down(heap->data, heap->len, i);
	return true;
}

static bool add_pc(struct pc_count_vector *merged, const struct pc_count *pc)
{
	struct pc_count *last = merged->len ? &merged->data[merged->len - 1] : NULL;

	if (!last || last->pc != pc->pc)
		return pc_count_vector_append(merged, pc);
	if (__builtin_add_overflow(last->count, pc->count, &last->count))
		last->count = UINT64_MAX;
	return true;
}

static bool merge_heap(struct pc_span_vector *heap, struct pc_count_vector *merged)
{
	while (heap->len) {
		struct pc_span *top = heap->data;

		if (!add_pc(merged, top->data))
			return false;
		top->data++;
		if (!--top->len)
			*top = heap->data[--heap->len];
		heap_sift_down(heap->data, heap->len, 0);
	}
	return true;
}

static bool merge_spans(const struct pc_span *spans, size_t nr_spans,
			struct pc_count_vector *merged)
{
	_cleanup_(pc_span_vector_deinit) struct pc_span_vector heap = VECTOR_INIT;

	return heap_init(spans, nr_spans, &heap) &&
	       /* So that an empty result is an array, too. */
	       pc_count_vector_reserve(merged, 1) && merge_heap(&heap, merged);
}

struct error *pc_merge(const struct pc_span *spans, size_t nr_spans, struct pc_count **ret,
		       size_t *ret_len)
{
	struct pc_count_vector merged = VECTOR_INIT;

	if (!merge_spans(spans, nr_spans, &merged)) {
		pc_count_vector_deinit(&merged);
		return &error_no_memory;
	}
	*ret = merged.data;
	*ret_len = merged.len;
	return NULL;
}

static struct error *too_many(void)
{
	return error_hint(error_create(ERROR_UNSUPPORTED, "there are more than %zu different PCs",
				       PC_PARTS_MAX),
			  "no kernel has as many coverage points: a run file is broken, or made to "
			  "exhaust memory");
}

/* Make one part of all. After an error parts is as before. */
static struct error *settle(struct pc_parts *parts)
{
	_cleanup_(pc_span_vector_deinit) struct pc_span_vector spans = VECTOR_INIT;
	_cleanup_(pc_count_vector_deinit) struct pc_count_vector merged = VECTOR_INIT;

	for (size_t i = 0; i < parts->starts.len; i++) {
		size_t start = parts->starts.data[i];
		size_t end = i + 1 < parts->starts.len ? parts->starts.data[i + 1] : parts->pcs.len;
		struct pc_span span = { parts->pcs.data + start, end - start };

		if (!pc_span_vector_append(&spans, &span))
			return &error_no_memory;
	}
	if (!merge_spans(spans.data, spans.len, &merged))
		return &error_no_memory;
	if (merged.len > PC_PARTS_MAX)
		return too_many();
	pc_count_vector_deinit(&parts->pcs);
	parts->pcs = merged;
	merged = (struct pc_count_vector)VECTOR_INIT;
	parts->merged = parts->pcs.len;
	parts->starts.len = parts->starts.len ? 1 : 0;
	return NULL;
}

struct error *pc_parts_add(struct pc_parts *parts, const struct pc_count *pcs, size_t nr_pcs)
{
	size_t start = parts->pcs.len;

	if (!nr_pcs)
		return NULL;
	if (!pc_count_vector_reserve(&parts->pcs, start + nr_pcs) ||
	    !pc_start_vector_append(&parts->starts, &start))
		return &error_no_memory;
	memcpy(parts->pcs.data + start, pcs, nr_pcs * sizeof(*pcs));
	parts->pcs.len += nr_pcs;
	/* As many new ones as were merged before: each PC is merged a bounded number of times. */
	size_t pending = parts->pcs.len - parts->merged;
	return pending < PENDING_MIN || pending < parts->merged ? NULL : settle(parts);
}

struct error *pc_parts_take(struct pc_parts *parts, struct pc_count **ret, size_t *ret_len)
{
	struct error *err = parts->starts.len != 1 || !parts->pcs.data ? settle(parts) : NULL;

	if (err)
		return err;
	*ret = parts->pcs.data;
	*ret_len = parts->pcs.len;
	parts->pcs = (struct pc_count_vector)VECTOR_INIT;
	pc_parts_deinit(parts);
	return NULL;
}

void pc_parts_deinit(struct pc_parts *parts)
{
	pc_count_vector_deinit(&parts->pcs);
	pc_start_vector_deinit(&parts->starts);
	parts->merged = 0;
}
