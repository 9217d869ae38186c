// SPDX-License-Identifier: GPL-2.0-or-later
/* Which run sources recorded a block: matches the PCs of each with points, and keeps distinct sets.
 */
#include <string.h>

#include "base/cleanup.h"
#include "base/intern.h"
#include "base/search.h"
#include "base/sort.h"
#include "base/strbuf.h"
#include "symbolize/coverage/private.h"

/* A point, and a recording that has it. */
struct recorded_point {
	uint32_t image, point;
	uint32_t recording;
};

DEFINE_VECTOR(recorded_point_vector, struct recorded_point);
DEFINE_VECTOR(number_vector, uint32_t);
DEFINE_VECTOR(set_vector, struct coverage_recorder_set);

static bool is_before(const struct recorded_point *a, const struct recorded_point *b)
{
	if (a->image != b->image)
		return a->image < b->image;
	if (a->point != b->point)
		return a->point < b->point;
	return a->recording < b->recording;
}

DEFINE_SORT(sort_points, struct recorded_point, is_before(a, b));

struct recorders {
	const struct coverage_input *input;
	struct arena *arena;
	struct recorded_point_vector points; /* ascending */
	bool *is_in;			     /* of each recording: it is in the set at hand */
	struct number_vector members;	     /* of the set at hand */
	struct intern *keys;		     /* of sets, by number */
	struct set_vector sets;
};

void recorders_destroy(struct recorders *r)
{
	if (!r)
		return;
	recorded_point_vector_deinit(&r->points);
	number_vector_deinit(&r->members);
	set_vector_deinit(&r->sets);
	intern_destroy(r->keys);
	free(r->is_in);
	free(r);
}

DEFINE_CLEANUP(recorders, struct recorders, recorders_destroy);

static struct error *match_recording(struct recorders *r, struct coverage_draft *draft,
				     uint32_t number)
{
	const struct coverage_recording *recording = &draft->input->recordings[number];
	struct coverage_regions regions;
	struct error *err = coverage_regions_init(&regions, draft->input,
						  &draft->input->sources[recording->source]);

	for (size_t i = 0; !err && i < recording->nr_pcs; i++) {
		struct coverage_place place =
			coverage_regions_find(&regions, draft, recording->pcs[i].pc);

		if (place.image == INDEX_NONE || !place.in_text || place.match.point == INDEX_NONE)
			continue;
		const struct recorded_point point = { place.image, place.match.point, number };
		if (!recorded_point_vector_append(&r->points, &point))
			err = &error_no_memory;
	}
	coverage_regions_deinit(&regions);
	return err;
}

/* Seven bits at a time, none of them 0: printf() would take most of the time of all sets. */
static void add_digits(struct strbuf *key, uint32_t number)
{
	for (; number >= 0x7f; number >>= 6)
		strbuf_addch(key, (char)(0x80 | (number & 0x3f)));
	strbuf_addch(key, (char)(number + 1));
}

/* The number of the set of r->members, which is added if it is new. */
static struct error *find_set(struct recorders *r, uint32_t *ret)
{
	_cleanup_strbuf_ struct strbuf key = STRBUF_INIT;
	struct coverage_recorder_set set = { .nr = r->members.len };
	struct coverage_recorder *named;

	vector_for_each(&r->members, member)
		add_digits(&key, *member);
	struct error *err = strbuf_check(&key);
	if (!err)
		err = intern_id(r->keys, strbuf_str(&key), ret);
	if (err || *ret < r->sets.len)
		return err;
	set.nr_named = set.nr < COVERAGE_RECORDERS_MAX ? set.nr : COVERAGE_RECORDERS_MAX;
	named = arena_alloc(r->arena, set.nr_named, sizeof(*named));
	if (!named)
		return &error_no_memory;
	for (uint32_t i = 0; i < set.nr_named; i++)
		named[i] = r->input->recordings[r->members.data[i]].recorder;
	set.named = named;
	return set_vector_append(&r->sets, &set) ? NULL : &error_no_memory;
}

struct error *recorders_create(struct coverage_draft *draft, struct recorders **ret)
{
	_cleanup_(cleanup_recorders) struct recorders *r = calloc(1, sizeof(*r));
	const struct coverage_input *input = draft->input;
	uint32_t empty;

	if (!r)
		return &error_no_memory;
	r->input = input;
	r->arena = draft->arena;
	r->is_in = calloc(input->nr_recordings + 1, sizeof(*r->is_in));
	if (!r->is_in)
		return &error_no_memory;
	struct error *err = intern_create(&r->keys);
	if (!err)
		err = find_set(r, &empty);
	for (uint32_t i = 0; !err && i < input->nr_recordings; i++)
		err = match_recording(r, draft, i);
	if (err)
		return err;
	if (!sort_points(r->points.data, r->points.len))
		return &error_no_memory;
	*ret = steal_ptr(&r);
	return NULL;
}

static int compare_numbers(const void *a, const void *b)
{
	return compare_values(*(const uint32_t *)a, *(const uint32_t *)b);
}

struct error *recorders_of(struct recorders *r, uint32_t image, size_t first, size_t nr,
			   uint32_t *ret)
{
	const struct recorded_point start = { image, first, 0 };
	size_t at = search_first(r->points.len, i, !is_before(&r->points.data[i], &start));

	r->members.len = 0;
	for (; at < r->points.len; at++) {
		const struct recorded_point *p = &r->points.data[at];

		if (p->image != image || p->point >= first + nr)
			break;
		if (r->is_in[p->recording])
			continue;
		r->is_in[p->recording] = true;
		if (!number_vector_append(&r->members, &p->recording))
			return &error_no_memory;
	}
	vector_for_each(&r->members, member)
		r->is_in[*member] = false;
	if (r->members.len)
		qsort(r->members.data, r->members.len, sizeof(*r->members.data), compare_numbers);
	return find_set(r, ret);
}

struct error *recorders_finish(struct recorders *r, struct coverage_draft *draft)
{
	struct coverage *c = draft->coverage;

	c->recorders = arena_alloc(draft->arena, r->sets.len, sizeof(*c->recorders));
	if (!c->recorders)
		return &error_no_memory;
	memcpy(c->recorders, r->sets.data, r->sets.len * sizeof(*c->recorders));
	c->nr_recorders = r->sets.len;
	return NULL;
}
