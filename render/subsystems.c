// SPDX-License-Identifier: GPL-2.0-or-later
/* Adds up the coverage of files by the entries of MAINTAINERS that they are in. */
#include "render/subsystems.h"

#include <stdlib.h>
#include <string.h>

#include "render/path_map.h"

static void add_file(struct subsystem *to, const struct coverage_file *file)
{
	to->nr_files++;
	coverage_ratio_add(&to->lines, file->line_ratio);
	coverage_ratio_add(&to->functions, file->function_ratio);
	coverage_ratio_add(&to->branches, file->branch_ratio);
	coverage_ratio_add(&to->points, file->point_ratio);
}

/* sums: one for each entry, and one for the files of none. */
static struct error *add_files(struct subsystems *s, const struct maintainers *maintainers,
			       const char *root, const struct coverage_file *files, size_t nr_files,
			       struct subsystem *sums, struct subsystem *none)
{
	_cleanup_(entry_vector_deinit) struct entry_vector found = VECTOR_INIT;

	for (size_t i = 0; i < nr_files; i++) {
		const char *relative = path_inside(files[i].path, root);
		struct error *err = NULL;

		found.len = 0;
		if (relative)
			err = maintainers_find_subsystems(maintainers, relative, &found);
		if (err)
			return err;
		vector_for_each(&found, entry)
			add_file(&sums[*entry], &files[i]);
		if (!found.len)
			add_file(none, &files[i]);
		s->nr_shared += found.len > 1;
	}
	return NULL;
}

static int compare_titles(const void *a, const void *b)
{
	const struct subsystem *x = a, *y = b;

	return strcmp(x->title, y->title);
}

/* Keep those with a file: first the others, then THE REST, then the files of no entry. */
static void sort_list(struct subsystems *s, const struct maintainers_entry *entries, size_t nr)
{
	struct subsystem *list = s->list, none = list[nr], rest = { 0 };

	for (size_t i = 0; i < nr; i++) {
		if (!list[i].nr_files)
			continue;
		list[i].title = entries[i].title;
		list[i].is_rest = entries[i].is_rest;
		if (entries[i].is_rest && !rest.nr_files)
			rest = list[i];
		else
			list[s->nr++] = list[i];
	}
	qsort(list, s->nr, sizeof(*list), compare_titles);
	if (rest.nr_files)
		list[s->nr++] = rest;
	if (none.nr_files)
		list[s->nr++] = none;
}

struct error *subsystems_create(const struct maintainers *maintainers, const char *root,
				const struct coverage_file *files, size_t nr_files,
				struct subsystems **ret)
{
	size_t nr;
	const struct maintainers_entry *entries = maintainers_entries(maintainers, &nr);
	_cleanup_subsystems_ struct subsystems *s = calloc(1, sizeof(*s));

	if (s)
		s->list = calloc(nr + 1, sizeof(*s->list));
	if (!s || !s->list)
		return &error_no_memory;
	struct error *err = add_files(s, maintainers, root, files, nr_files, s->list, &s->list[nr]);
	if (err)
		return err;
	sort_list(s, entries, nr);
	*ret = steal_ptr(&s);
	return NULL;
}

void subsystems_destroy(struct subsystems *s)
{
	if (!s)
		return;
	free(s->list);
	free(s);
}
