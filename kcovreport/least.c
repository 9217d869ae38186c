// SPDX-License-Identifier: GPL-2.0-or-later
/* Chooses the functions that were never or barely reached, and puts them in order. */
#include "kcovreport/least.h"

#include <stdlib.h>
#include <string.h>

#include "base/search.h"
#include "base/sort.h"

void least_destroy(struct least *l)
{
	if (!l)
		return;
	least_call_vector_deinit(&l->calls);
	least_number_vector_deinit(&l->next);
	least_number_vector_deinit(&l->barely);
	least_number_vector_deinit(&l->others);
	free(l->first_function);
	free(l->functions);
	free(l);
}

DEFINE_SORT(sort_by_name, struct least_function, strcmp(a->function->name, b->function->name) < 0);

uint32_t least_find(const struct least *l, uint32_t file, const char *name)
{
	const struct least_function *f = &l->functions[l->first_function[file]];
	size_t nr = l->first_function[file + 1] - l->first_function[file];
	size_t at = search_first(nr, i, strcmp(f[i].function->name, name) >= 0);

	return at < nr && !strcmp(f[at].function->name, name) ? l->first_function[file] + at
							      : LEAST_NONE;
}

/* asked: the file is asked for. */
static void add_function(struct least *l, const struct coverage_file *file,
			 const struct coverage_function *function, bool asked)
{
	struct least_function *f = &l->functions[l->nr_functions++];
	bool barely = !l->view->coverage.counts_are_least && function->count <= LEAST_BARELY;

	f->file = file;
	f->function = function;
	f->is_listed = asked && function->has_body && (!function->count || barely);
	l->nr_inlined += asked && !function->has_body && !function->count;
}

static struct error *add_functions(struct least *l, const struct view *asked)
{
	const struct coverage *all = &l->view->coverage, *some = &asked->coverage;
	size_t nr = 0, a = 0;

	for (size_t i = 0; i < all->nr_files; i++)
		nr += all->files[i].nr_functions;
	l->functions = calloc(nr + 1, sizeof(*l->functions));
	l->first_function = calloc(all->nr_files + 1, sizeof(*l->first_function));
	if (!l->functions || !l->first_function || nr >= LEAST_NONE)
		return &error_no_memory;
	for (size_t i = 0; i < all->nr_files; i++) {
		const struct coverage_file *file = &all->files[i];

		/* Both are ascending by path. */
		while (a < some->nr_files && strcmp(some->files[a].path, file->path) < 0)
			a++;
		bool is_asked = a < some->nr_files && !strcmp(some->files[a].path, file->path);
		l->first_function[i] = l->nr_functions;
		for (size_t j = 0; j < file->nr_functions; j++)
			add_function(l, file, &file->functions[j], is_asked);
		if (!sort_by_name(&l->functions[l->first_function[i]], file->nr_functions))
			return &error_no_memory;
	}
	l->first_function[all->nr_files] = l->nr_functions;
	return NULL;
}

/* A function in a list, with what decides its place. */
struct place {
	uint64_t count;	 /* how often it was executed */
	uint64_t blocks; /* how much code it has */
	uint32_t number;
};

/* The one that was executed less, or has more code, or comes first in the view. */
static bool place_is_before(const struct place *a, const struct place *b)
{
	if (a->count != b->count)
		return a->count < b->count;
	return a->blocks != b->blocks ? a->blocks > b->blocks : a->number < b->number;
}

DEFINE_SORT(sort_places, struct place, place_is_before(a, b));
DEFINE_VECTOR(place_vector, struct place);

static struct error *sort_list(const struct least *l, struct least_number_vector *list)
{
	_cleanup_(place_vector_deinit) struct place_vector places = VECTOR_INIT;

	vector_for_each(list, number) {
		const struct least_function *f = &l->functions[*number];
		const struct place place = { f->function->count, f->nr_blocks, *number };

		if (!place_vector_append(&places, &place))
			return &error_no_memory;
	}
	if (!sort_places(places.data, places.len))
		return &error_no_memory;
	for (size_t i = 0; i < places.len; i++)
		list->data[i] = places.data[i].number;
	return NULL;
}

static struct error *make_lists(struct least *l)
{
	for (uint32_t i = 0; i < l->nr_functions; i++) {
		const struct least_function *f = &l->functions[i];
		struct least_number_vector *list = f->function->count ? &l->barely
						   : f->nr_calls      ? &l->next
								      : &l->others;

		if (!f->is_listed)
			continue;
		if (!least_number_vector_append(list, &i))
			return &error_no_memory;
		l->nr_not_called += list == &l->others && !f->is_called;
	}
	struct error *err = sort_list(l, &l->next);
	if (!err)
		err = sort_list(l, &l->barely);
	return err ? err : sort_list(l, &l->others);
}

struct error *least_create(const struct view *all, const struct view *asked,
			   const struct path_map *map, const struct report_images *images,
			   struct least **ret)
{
	_cleanup_least_ struct least *l = calloc(1, sizeof(*l));

	if (!l)
		return &error_no_memory;
	l->view = all;
	struct error *err = add_functions(l, asked);
	if (!err)
		err = least_find_calls(l, map, images);
	if (!err)
		err = make_lists(l);
	if (!err)
		*ret = steal_ptr(&l);
	return err;
}
