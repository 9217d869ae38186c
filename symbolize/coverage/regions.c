// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Find the image that a PC is in, from where the run had the images: by the
 * texts that their indexes have, or else by how far the images may reach.
 *
 * Texts can overlap. The kernel reuses the memory of an unloaded module and of
 * init code that has run. A run does not say what was there at which time. But
 * a recorded PC is a return address in the text that was there then. So if
 * it follows a call in one of these texts only, it belongs to that text. If it
 * follows a call in several, core text wins over init code, which runs only
 * once. If that does not decide it, the PC belongs to no image. The text of the kernel itself is
 * never reused: a module there has a wrong address (import --module), and loses.
 */
#include <string.h>

#include "base/cleanup.h"
#include "base/search.h"
#include "symbolize/coverage/private.h"

/* At most this many texts are tried for one PC. No real run has more at one place. */
#define TEXTS_MAX 64

static int compare_regions(const void *va, const void *vb)
{
	const struct coverage_region *a = va, *b = vb;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	if (a->image != b->image)
		return a->image < b->image ? -1 : 1;
	return a->bias < b->bias ? -1 : a->bias > b->bias;
}

/* Start and end of the code whose run-time address is known. start > end: there is none. */
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

/* .init.text: its run-time address is recorded apart from the base. NULL = none, or several. */
static const struct index_section *find_init(const struct index *index)
{
	const struct index_section *found = NULL;
	size_t nr;
	const struct index_section *s = index_sections(index, &nr);

	for (size_t i = 0; i < nr; i++) {
		if (s[i].is_known || strcmp(index_string(index, s[i].name), ".init.text"))
			continue;
		if (found)
			return NULL;
		found = &s[i];
	}
	return found;
}

static struct coverage_region make_bound(const struct index *index,
					 const struct coverage_mapping *mapping)
{
	struct coverage_region r = { .image = mapping->image, .start = mapping->base };
	uint64_t start, end;

	r.end = count_add(mapping->base, mapping->size);
	r.bias = mapping->base;
	if (!index)
		return r;
	r.bias = mapping->base + index_base(index);
	known_extent(index, &start, &end);
	if (start >= end)
		return r;
	/* The code of a vmlinux does not begin at the base of its mapping, which is 0. */
	if (!index_is_module(index))
		r.start = r.bias + start;
	if (r.end < r.bias + end)
		r.end = r.bias + end;
	return r;
}

static void add_text(struct coverage_regions *regions, struct coverage_region region)
{
	if (region.start < region.end)
		regions->texts[regions->nr_texts++] = region;
}

static void add_texts(struct coverage_regions *regions, const struct index *index,
		      const struct coverage_mapping *mapping)
{
	struct coverage_region r = { .image = mapping->image };
	const struct index_section *init = mapping->init_base ? find_init(index) : NULL;

	known_extent(index, &r.start, &r.end);
	if (r.start < r.end) {
		r.bias = mapping->base + index_base(index);
		r.start += r.bias;
		r.end += r.bias;
		add_text(regions, r);
	}
	if (!init)
		return;
	r.is_init = true;
	r.bias = mapping->init_base - init->offset;
	r.start = mapping->init_base;
	r.end = count_add(r.start, init->size);
	add_text(regions, r);
}

static void sort_regions(struct coverage_regions *regions)
{
	struct coverage_region *b = regions->bounds, *t = regions->texts;
	uint64_t reach = 0;

	qsort(b, regions->nr_bounds, sizeof(*b), compare_regions);
	qsort(t, regions->nr_texts, sizeof(*t), compare_regions);
	for (size_t i = 0; i < regions->nr_texts; i++) {
		reach = t[i].end > reach ? t[i].end : reach;
		t[i].reach = reach;
	}
}

struct error *coverage_regions_init(struct coverage_regions *regions,
				    const struct coverage_input *input,
				    const struct coverage_source *source)
{
	size_t nr = source->nr_mappings;

	*regions = (struct coverage_regions){ .pcs_are_calls = source->pcs_are_calls };
	regions->bounds = calloc(nr + 1, sizeof(*regions->bounds));
	regions->texts = calloc(nr + 1, 2 * sizeof(*regions->texts));
	if (!regions->bounds || !regions->texts)
		return &error_no_memory;
	for (size_t i = 0; i < nr; i++) {
		const struct coverage_mapping *m = &source->mappings[i];

		if (m->image >= input->nr_images)
			return error_create(ERROR_INVALID,
					    "a mapping names an image that does not exist");
		const struct index *index = input->images[m->image].index;
		regions->bounds[regions->nr_bounds++] = make_bound(index, m);
		if (index)
			add_texts(regions, index, m);
	}
	sort_regions(regions);
	return NULL;
}

void coverage_regions_deinit(struct coverage_regions *regions)
{
	free(regions->bounds);
	free(regions->texts);
	*regions = (struct coverage_regions){ 0 };
}

/* The number of regions that start at or before pc. */
static size_t count_before(const struct coverage_region *regions, size_t nr, uint64_t pc)
{
	return search_first(nr, i, regions[i].start > pc);
}

/* Is offset in a section of this text, and not between sections or outside of the index? */
static bool is_in_section(const struct index *index, const struct coverage_region *text,
			  uint64_t offset)
{
	size_t nr;

	if (offset > UINT32_MAX)
		return false;
	uint32_t section = index_find_section(index, offset);
	return section != INDEX_NONE &&
	       (text->is_init || index_sections(index, &nr)[section].is_known);
}

/* How well a PC fits one of the texts at its address; the largest wins. */
enum text_fit { NO_CALL_THERE, CALL_IN_INIT, CALL_IN_CORE, CALL_IN_KERNEL };

static enum text_fit fit_text(const struct coverage_region *text, const struct index *index,
			      const struct coverage_match *match)
{
	if (match->point == INDEX_NONE && match->call == INDEX_NONE)
		return NO_CALL_THERE;
	if (!index_is_module(index))
		return CALL_IN_KERNEL;
	return text->is_init ? CALL_IN_INIT : CALL_IN_CORE;
}

static bool same_place(const struct coverage_place *place, uint64_t pc,
		       const struct coverage_region *text)
{
	return place->in_text && place->image == text->image && place->offset == pc - text->bias;
}

static uint32_t find_bound(const struct coverage_regions *regions, uint64_t pc)
{
	size_t i = count_before(regions->bounds, regions->nr_bounds, pc);
	const struct coverage_region *r = i ? &regions->bounds[i - 1] : NULL;

	/* If a call ends the code, its return address is the end of the region. */
	return r && pc <= r->end ? r->image : INDEX_NONE;
}

/*
 * Choose among overlapping texts the one that contains pc. Return false if that is ambiguous. If
 * no text contains pc, ret->in_text is false.
 */
static bool find_text(const struct coverage_regions *regions, struct coverage_draft *draft,
		      uint64_t pc, struct coverage_place *ret, enum text_fit *ret_verdict)
{
	const struct coverage_externals externals = { external_tail_flags, draft };
	struct coverage_place best = { .image = INDEX_NONE };
	enum text_fit best_verdict = NO_CALL_THERE;
	bool is_call = regions->pcs_are_calls, several = false;
	/* A call may be the first instruction of a text; a return address may be its end. */
	uint64_t at = is_call ? pc : pc - 1;
	size_t i = count_before(regions->texts, regions->nr_texts, at);

	for (size_t n = 0; i && regions->texts[i - 1].reach > at; i--) {
		const struct coverage_region *text = &regions->texts[i - 1];
		const struct index *index = draft->input->images[text->image].index;

		if (n++ >= TEXTS_MAX)
			return false;
		if (at >= text->end || !is_in_section(index, text, at - text->bias) ||
		    same_place(&best, pc, text))
			continue;
		struct coverage_match match =
			coverage_match(index, pc - text->bias, is_call, &externals);
		enum text_fit fit = fit_text(text, index, &match);
		if (best.in_text && fit < best_verdict)
			continue;
		several = best.in_text && fit == best_verdict && fit != NO_CALL_THERE;
		best_verdict = fit;
		best = (struct coverage_place){ text->image, pc - text->bias, true, match };
	}
	*ret = best;
	*ret_verdict = best_verdict;
	return !several;
}

struct coverage_place coverage_regions_find(const struct coverage_regions *regions,
					    struct coverage_draft *draft, uint64_t pc)
{
	struct coverage_place best;
	enum text_fit fit;

	if (!find_text(regions, draft, pc, &best, &fit))
		return (struct coverage_place){ .image = INDEX_NONE };
	uint32_t image = find_bound(regions, pc);
	/* An image without an index may have core text here, and core text wins over init code. */
	bool unknown_core = image != INDEX_NONE && !draft->input->images[image].index;
	if (best.in_text && !(fit == CALL_IN_INIT && unknown_core))
		return best;
	return (struct coverage_place){ .image = image };
}
