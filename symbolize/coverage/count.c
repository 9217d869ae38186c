// SPDX-License-Identifier: GPL-2.0-or-later
/* Match the recorded PCs with points and add up their counts; classify the other PCs. */
#include "base/cleanup.h"
#include "symbolize/coverage/private.h"

/* A PC of a source. */
struct recorded {
	uint64_t pc;
	uint64_t count;
	bool is_least;
};

static struct error *add_unmatched(struct coverage_draft *draft, const struct recorded *pc,
				   enum coverage_unmatched_class class, uint32_t image,
				   uint32_t point)
{
	struct draft_unmatched u = { pc->pc, pc->count, class, image, point, pc->is_least };

	return draft_unmatched_vector_append(&draft->unmatched, &u) ? NULL : &error_no_memory;
}

/*
 * A tail-called callback records the return address of its function's caller. Return the point that
 * was executed then, if it is certain; else INDEX_NONE.
 */
static uint32_t tail_point(const struct index *index, const struct coverage_match *match)
{
	size_t nr;

	if (match->class != COVERAGE_TAIL_CALL || match->call == INDEX_NONE)
		return INDEX_NONE;
	uint32_t target = index_calls(index, &nr)[match->call].target;
	return target == INDEX_NONE ? INDEX_NONE : index_symbols(index, &nr)[target].tail_point;
}

static void add_count(struct draft_image *image, uint32_t point, uint64_t count, bool is_least)
{
	image->counts[point] = count_add(image->counts[point], count);
	image->is_least[point] |= is_least;
}

static struct error *count_pc(struct coverage_draft *draft, const struct recorded *pc,
			      const struct coverage_place *place)
{
	if (place->image == INDEX_NONE)
		return add_unmatched(draft, pc, COVERAGE_OUTSIDE_TEXT, INDEX_NONE, INDEX_NONE);
	struct draft_image *image = &draft->images[place->image];
	const struct index *index = image->input->index;
	if (!index)
		return add_unmatched(draft, pc, COVERAGE_NO_IMAGE, place->image, INDEX_NONE);
	if (!place->in_text)
		return add_unmatched(draft, pc, COVERAGE_OUTSIDE_TEXT, place->image, INDEX_NONE);
	if (place->match.point == INDEX_NONE)
		return add_unmatched(draft, pc, place->match.class, place->image,
				     tail_point(index, &place->match));
	image->nr_pcs += !image->counts[place->match.point] && pc->count;
	add_count(image, place->match.point, pc->count, pc->is_least);
	return NULL;
}

static struct error *count_source(struct coverage_draft *draft,
				  const struct coverage_source *source)
{
	struct coverage_regions regions;
	struct error *err = coverage_regions_init(&regions, draft->input, source);

	for (size_t i = 0; !err && i < source->nr_pcs; i++) {
		const struct recorded pc = { source->pcs[i].pc, source->pcs[i].count,
					     source->counts_are_least };
		struct coverage_place place = coverage_regions_find(&regions, draft, pc.pc);

		err = count_pc(draft, &pc, &place);
	}
	coverage_regions_deinit(&regions);
	return err;
}

int draft_unmatched_compare(const struct draft_unmatched *a, const struct draft_unmatched *b)
{
	if (a->pc != b->pc)
		return a->pc < b->pc ? -1 : 1;
	if (a->class != b->class)
		return a->class < b->class ? -1 : 1;
	return a->image < b->image ? -1 : a->image > b->image;
}

static int compare_unmatched(const void *a, const void *b)
{
	return draft_unmatched_compare(a, b);
}

/* Sort, and merge entries for the same PC from several sources. */
static void merge_unmatched(struct coverage_draft *draft)
{
	struct draft_unmatched_vector *v = &draft->unmatched;
	size_t nr = 0;

	if (v->len)
		qsort(v->data, v->len, sizeof(*v->data), compare_unmatched);
	for (size_t i = 0; i < v->len; i++) {
		if (nr && !compare_unmatched(&v->data[nr - 1], &v->data[i])) {
			v->data[nr - 1].count = count_add(v->data[nr - 1].count, v->data[i].count);
			v->data[nr - 1].is_least |= v->data[i].is_least;
			continue;
		}
		v->data[nr++] = v->data[i];
		if (v->data[i].image != INDEX_NONE)
			draft->images[v->data[i].image].nr_unmatched++;
	}
	v->len = nr;
}

/* Points of tail calls are not counted among the distinct PCs: these were recorded as other PCs. */
static void add_tail_calls(struct coverage_draft *draft)
{
	vector_for_each(&draft->unmatched, u) {
		if (u->point != INDEX_NONE)
			add_count(&draft->images[u->image], u->point, u->count, u->is_least);
	}
}

static void note_mapping(struct coverage_draft *draft, const struct coverage_mapping *mapping)
{
	struct draft_image *image = &draft->images[mapping->image];

	if (mapping->base < image->base)
		image->base = mapping->base;
	image->ran_init |= mapping->init_base != 0;
}

/* Take the lowest base of each image, so that the order of the runs does not matter. */
static void note_bases(struct coverage_draft *draft)
{
	for (size_t i = 0; i < draft->input->nr_images; i++)
		draft->images[i].base = UINT64_MAX;
	for (size_t i = 0; i < draft->input->nr_sources; i++) {
		const struct coverage_source *s = &draft->input->sources[i];

		for (size_t j = 0; j < s->nr_mappings; j++)
			note_mapping(draft, &s->mappings[j]);
	}
	for (size_t i = 0; i < draft->input->nr_images; i++)
		if (draft->images[i].base == UINT64_MAX)
			draft->images[i].base = 0;
}

struct error *coverage_count(struct coverage_draft *draft)
{
	struct error *err = NULL;

	for (size_t i = 0; !err && i < draft->input->nr_sources; i++)
		err = count_source(draft, &draft->input->sources[i]);
	if (!err)
		err = steal_ptr(&draft->externals_err);
	if (err)
		return err;
	merge_unmatched(draft);
	note_bases(draft);
	add_tail_calls(draft);
	return coverage_apply_operands(draft);
}
