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

/* A point of a source, and the recordings that have it. */
struct recorded_point {
	uint32_t image, point;
	uint32_t nr;
	size_t first; /* in recorders.numbers, ascending */
};

/* The source of a recording. */
struct numbered_source {
	size_t source;
	uint32_t recording;
};

DEFINE_SORT(sort_sources, struct numbered_source, a->source < b->source);

DEFINE_VECTOR(recorded_point_vector, struct recorded_point);
DEFINE_VECTOR(number_vector, uint32_t);
DEFINE_VECTOR(set_vector, struct coverage_recorder_set);

DEFINE_SORT(sort_points, struct recorded_point,
	    a->image != b->image ? a->image < b->image : a->point < b->point);

struct recorders {
	const struct coverage_input *input;
	struct arena *arena;
	struct recorded_point_vector points; /* ascending; of several sources one may be twice */
	struct number_vector numbers;	     /* of recordings, for the points */
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
	number_vector_deinit(&r->numbers);
	number_vector_deinit(&r->members);
	set_vector_deinit(&r->sets);
	intern_destroy(r->keys);
	free(r->is_in);
	free(r);
}

DEFINE_CLEANUP(recorders, struct recorders, recorders_destroy);

/* A point for each PC of the source, in their order; its image is INDEX_NONE if the PC is none. */
static struct error *match_source(struct coverage_draft *draft,
				  const struct coverage_source *source,
				  struct recorded_point_vector *ret)
{
	struct coverage_regions regions;
	struct error *err = coverage_regions_init(&regions, draft->input, source);

	if (!err && !recorded_point_vector_reserve(ret, source->nr_pcs))
		err = &error_no_memory;
	for (size_t i = 0; !err && i < source->nr_pcs; i++) {
		struct coverage_place place =
			coverage_regions_find(&regions, draft, source->pcs[i].pc);
		struct recorded_point point = { place.image, place.match.point };

		if (!place.in_text || place.match.point == INDEX_NONE)
			point.image = INDEX_NONE;
		recorded_point_vector_append(ret, &point);
	}
	coverage_regions_deinit(&regions);
	return err;
}

/*
 * Call visit() for each PC of the recording that is a point. A source has all PCs of its
 * recordings, and both are ascending, so a million PCs of many runs are matched once for each
 * distinct one.
 */
static void each_point(const struct coverage_recording *recording,
		       const struct coverage_source *source, struct recorded_point *points,
		       void (*visit)(struct recorders *, struct recorded_point *, uint32_t),
		       struct recorders *r, uint32_t number)
{
	for (size_t i = 0, at = 0; i < recording->nr_pcs; i++) {
		at = search_next(at, source->nr_pcs, n, source->pcs[n].pc >= recording->pcs[i].pc);
		if (at < source->nr_pcs && source->pcs[at].pc == recording->pcs[i].pc &&
		    points[at].image != INDEX_NONE)
			visit(r, &points[at], number);
	}
}

static void count(struct recorders *r, struct recorded_point *point, uint32_t number)
{
	(void)r, (void)number;
	point->nr++;
}

static void note(struct recorders *r, struct recorded_point *point, uint32_t number)
{
	r->numbers.data[point->first + point->nr++] = number;
}

/* The recordings of one source, by number. */
struct source_recordings {
	size_t source, nr;
	const struct numbered_source *first;
};

static void each_recording(struct recorders *r, const struct source_recordings *of,
			   struct recorded_point *points,
			   void (*visit)(struct recorders *, struct recorded_point *, uint32_t))
{
	for (size_t i = 0; i < of->nr; i++)
		each_point(&r->input->recordings[of->first[i].recording],
			   &r->input->sources[of->source], points, visit, r,
			   of->first[i].recording);
}

static struct error *add_source(struct recorders *r, struct coverage_draft *draft,
				const struct source_recordings *of)
{
	_cleanup_(recorded_point_vector_deinit) struct recorded_point_vector points = VECTOR_INIT;
	struct error *err = match_source(draft, &r->input->sources[of->source], &points);
	size_t end = r->numbers.len;

	if (err)
		return err;
	each_recording(r, of, points.data, count);
	vector_for_each(&points, point) {
		point->first = end;
		end += point->nr;
		point->nr = 0;
	}
	if (!number_vector_reserve(&r->numbers, end))
		return &error_no_memory;
	r->numbers.len = end;
	each_recording(r, of, points.data, note);
	vector_for_each(&points, point)
		if (point->nr && !recorded_point_vector_append(&r->points, point))
			return &error_no_memory;
	return NULL;
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

/* Sources without a recording are not matched. */
static struct error *add_sources(struct recorders *r, struct coverage_draft *draft)
{
	size_t nr = r->input->nr_recordings, n;
	_cleanup_free_ struct numbered_source *all = calloc(nr + 1, sizeof(*all));
	struct error *err = NULL;

	if (!all)
		return &error_no_memory;
	for (size_t i = 0; i < nr; i++)
		all[i] = (struct numbered_source){ r->input->recordings[i].source, i };
	if (!sort_sources(all, nr))
		return &error_no_memory;
	for (size_t i = 0; !err && i < nr; i += n) {
		for (n = 1; i + n < nr && all[i + n].source == all[i].source;)
			n++;
		err = add_source(r, draft,
				 &(struct source_recordings){ all[i].source, n, &all[i] });
	}
	return err;
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
	if (!err)
		err = add_sources(r, draft);
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

/* Add those that are not members yet. */
static struct error *add_members(struct recorders *r, const struct recorded_point *point)
{
	for (size_t i = point->first; i < point->first + point->nr; i++) {
		uint32_t number = r->numbers.data[i];

		if (r->is_in[number])
			continue;
		r->is_in[number] = true;
		if (!number_vector_append(&r->members, &number))
			return &error_no_memory;
	}
	return NULL;
}

struct error *recorders_of(struct recorders *r, uint32_t image, size_t first, size_t nr,
			   uint32_t *ret)
{
	size_t start =
		search_first(r->points.len, i,
			     r->points.data[i].image != image ? r->points.data[i].image > image
							      : r->points.data[i].point >= first);
	size_t at = start;

	r->members.len = 0;
	for (; at < r->points.len; at++) {
		const struct recorded_point *p = &r->points.data[at];

		if (p->image != image || p->point >= first + nr)
			break;
		struct error *err = add_members(r, p);
		if (err)
			return err;
	}
	vector_for_each(&r->members, member)
		r->is_in[*member] = false;
	/* Those of one point are ascending. */
	if (at > start + 1)
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
