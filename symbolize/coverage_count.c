// SPDX-License-Identifier: GPL-2.0-or-later
/* PCs to points: which image a PC is in follows from where the run had the images. */
#include <string.h>

#include "base/cleanup.h"
#include "symbolize/coverage_private.h"

/* A mapping with its end. */
struct region {
	uint64_t start, end;
	uint64_t bias; /* offset in the index = PC - bias */
	uint32_t image;
};

static int compare_regions(const void *va, const void *vb)
{
	const struct region *a = va, *b = vb;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return a->image < b->image ? -1 : a->image > b->image;
}

/* First and last byte of the code whose run-time place is known. */
static void known_extent(const struct index *index, uint64_t *start, uint64_t *end)
{
	size_t nr;
	const struct index_section *s = index_sections(index, &nr);

	*start = UINT64_MAX;
	*end = 0;
	for (size_t i = 0; i < nr; i++) {
		if (!s[i].is_known)
			continue;
		if (s[i].offset < *start)
			*start = s[i].offset;
		if ((uint64_t)s[i].offset + s[i].size > *end)
			*end = (uint64_t)s[i].offset + s[i].size;
	}
}

static struct region make_region(const struct coverage_input *input,
				 const struct coverage_mapping *mapping)
{
	const struct index *index = input->images[mapping->image].index;
	struct region r = { .image = mapping->image, .start = mapping->base };
	uint64_t start, end;

	r.end = count_add(mapping->base, mapping->size);
	r.bias = mapping->base;
	if (!index)
		return r;
	r.bias = mapping->base + index_base(index);
	known_extent(index, &start, &end);
	if (start >= end)
		return r;
	/* A vmlinux does not begin at its base, which is 0. */
	if (!index_is_module(index))
		r.start = r.bias + start;
	if (r.end < r.bias + end)
		r.end = r.bias + end;
	return r;
}

/* Regions that overlap are cut where the next begins. */
static struct error *make_regions(const struct coverage_input *input,
				  const struct coverage_source *source, struct region **ret)
{
	_cleanup_free_ struct region *regions = calloc(source->nr_mappings + 1, sizeof(*regions));

	if (!regions)
		return &error_no_memory;
	for (size_t i = 0; i < source->nr_mappings; i++) {
		if (source->mappings[i].image >= input->nr_images)
			return error_create(ERROR_INVALID, "mapping of an image that is not there");
		regions[i] = make_region(input, &source->mappings[i]);
	}
	qsort(regions, source->nr_mappings, sizeof(*regions), compare_regions);
	for (size_t i = 0; i + 1 < source->nr_mappings; i++)
		if (regions[i].end > regions[i + 1].start)
			regions[i].end = regions[i + 1].start;
	*ret = steal_ptr(&regions);
	return NULL;
}

static const struct region *find_region(const struct region *regions, size_t nr, uint64_t pc)
{
	size_t low = 0, high = nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (regions[mid].start <= pc)
			low = mid + 1;
		else
			high = mid;
	}
	/* The return address of a call that ends the code is its end. */
	return low && pc <= regions[low - 1].end ? &regions[low - 1] : NULL;
}

static struct error *add_unmatched(struct coverage_draft *draft, const struct pc_count *pc,
				   enum coverage_unmatched_class class, uint32_t image,
				   uint32_t point)
{
	struct draft_unmatched u = { pc->pc, pc->count, class, image, point };

	return draft_unmatched_vector_append(&draft->unmatched, &u) ? NULL : &error_no_memory;
}

/* Addresses that we made up (of .init.text of a module) mean nothing at run time. */
static bool offset_is_known(const struct index *index, uint64_t offset)
{
	size_t nr;

	if (offset == 0 || offset > UINT32_MAX)
		return false;
	uint32_t section = index_find_section(index, offset - 1);
	return section != INDEX_NONE && index_sections(index, &nr)[section].is_known;
}

/* What a tail-called callback records is the return address of its function's caller. */
static uint32_t tail_point(const struct index *index, const struct coverage_match *match)
{
	size_t nr;

	if (match->class != COVERAGE_TAIL_CALL || match->call == INDEX_NONE)
		return INDEX_NONE;
	uint32_t target = index_calls(index, &nr)[match->call].target;
	return target == INDEX_NONE ? INDEX_NONE : index_symbols(index, &nr)[target].tail_point;
}

static struct error *count_pc(struct coverage_draft *draft, const struct coverage_source *source,
			      const struct pc_count *pc, const struct region *region)
{
	const struct coverage_externals externals = { external_tail_flags, draft };

	if (!region)
		return add_unmatched(draft, pc, COVERAGE_OUTSIDE_TEXT, INDEX_NONE, INDEX_NONE);
	struct draft_image *image = &draft->images[region->image];
	const struct index *index = image->input->index;
	if (!index)
		return add_unmatched(draft, pc, COVERAGE_NO_IMAGE, region->image, INDEX_NONE);
	uint64_t offset = pc->pc - region->bias;
	/* A call may be the very first instruction, a return address the end. */
	if (!offset_is_known(index, source->pcs_are_calls ? offset + 1 : offset))
		return add_unmatched(draft, pc, COVERAGE_OUTSIDE_TEXT, region->image, INDEX_NONE);
	struct coverage_match match =
		coverage_match(index, offset, source->pcs_are_calls, &externals);
	if (match.point == INDEX_NONE)
		return add_unmatched(draft, pc, match.class, region->image,
				     tail_point(index, &match));
	image->counts[match.point] = count_add(image->counts[match.point], pc->count);
	return NULL;
}

static struct error *count_source(struct coverage_draft *draft,
				  const struct coverage_source *source)
{
	_cleanup_free_ struct region *regions = NULL;
	struct error *err = make_regions(draft->input, source, &regions);

	for (size_t i = 0; !err && i < source->nr_pcs; i++)
		err = count_pc(draft, source, &source->pcs[i],
			       find_region(regions, source->nr_mappings, source->pcs[i].pc));
	return err;
}

static int compare_unmatched(const void *va, const void *vb)
{
	const struct draft_unmatched *a = va, *b = vb;

	if (a->pc != b->pc)
		return a->pc < b->pc ? -1 : 1;
	if (a->class != b->class)
		return a->class < b->class ? -1 : 1;
	return a->image < b->image ? -1 : a->image > b->image;
}

/* The same PC from several sources becomes one. */
static void merge_unmatched(struct coverage_draft *draft)
{
	struct draft_unmatched_vector *v = &draft->unmatched;
	size_t nr = 0;

	if (v->len)
		qsort(v->data, v->len, sizeof(*v->data), compare_unmatched);
	for (size_t i = 0; i < v->len; i++) {
		if (nr && !compare_unmatched(&v->data[nr - 1], &v->data[i])) {
			v->data[nr - 1].count = count_add(v->data[nr - 1].count, v->data[i].count);
			continue;
		}
		v->data[nr++] = v->data[i];
		if (v->data[i].image != INDEX_NONE)
			draft->images[v->data[i].image].nr_unmatched++;
	}
	v->len = nr;
}

/* Before tail calls are added, so that each distinct PC counts once. */
static void count_distinct(struct coverage_draft *draft)
{
	for (size_t i = 0; i < draft->input->nr_images; i++) {
		struct draft_image *image = &draft->images[i];
		size_t nr = 0;

		if (image->input->index)
			index_points(image->input->index, &nr);
		for (size_t p = 0; p < nr; p++)
			image->nr_pcs += image->counts[p] > 0;
	}
}

static void add_tail_calls(struct coverage_draft *draft)
{
	vector_for_each(&draft->unmatched, u) {
		if (u->point == INDEX_NONE)
			continue;
		uint64_t *count = &draft->images[u->image].counts[u->point];
		*count = count_add(*count, u->count);
	}
}

/* The lowest base counts, so that the order of the runs does not show. */
static void note_bases(struct coverage_draft *draft)
{
	for (size_t i = 0; i < draft->input->nr_images; i++)
		draft->images[i].base = UINT64_MAX;
	for (size_t i = 0; i < draft->input->nr_sources; i++) {
		const struct coverage_source *s = &draft->input->sources[i];

		for (size_t j = 0; j < s->nr_mappings; j++)
			if (s->mappings[j].base < draft->images[s->mappings[j].image].base)
				draft->images[s->mappings[j].image].base = s->mappings[j].base;
	}
	for (size_t i = 0; i < draft->input->nr_images; i++)
		if (draft->images[i].base == UINT64_MAX)
			draft->images[i].base = 0;
}

struct error *coverage_count(struct coverage_draft *draft)
{
	struct error *err = externals_init(draft);

	for (size_t i = 0; !err && i < draft->input->nr_sources; i++)
		err = count_source(draft, &draft->input->sources[i]);
	if (err)
		return err;
	merge_unmatched(draft);
	count_distinct(draft);
	add_tail_calls(draft);
	note_bases(draft);
	return NULL;
}
