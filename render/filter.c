// SPDX-License-Identifier: GPL-2.0-or-later
/* Decides by shell patterns which source files a report keeps. */
#include "render/filter.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"

struct error *filter_add(struct filter *filter, const char *glob, bool exclude)
{
	_cleanup_free_ char *given = strdup(glob);
	_cleanup_free_ char *whole = NULL;

	if (!given || asprintf(&whole, "%s%s", glob, string_ends_with(glob, "/") ? "*" : "") < 0) {
		whole = NULL;
		return &error_no_memory;
	}
	struct filter_pattern pattern = { .given = given, .glob = whole, .exclude = exclude };
	if (!filter_pattern_vector_append(&filter->patterns, &pattern))
		return &error_no_memory;
	(void)steal_ptr(&given);
	(void)steal_ptr(&whole);
	return NULL;
}

struct error *filter_add_name(struct filter *filter, const char *name)
{
	_cleanup_free_ char *given = strdup(name);

	if (!given || !filter_name_vector_append(&filter->names, &(struct filter_name){ given }))
		return &error_no_memory;
	(void)steal_ptr(&given);
	return NULL;
}

void filter_deinit(struct filter *filter)
{
	vector_for_each(&filter->names, name) {
		free(name->given);
		free(name->chosen);
	}
	filter_name_vector_deinit(&filter->names);
	vector_for_each(&filter->patterns, p) {
		free(p->given);
		free(p->glob);
	}
	filter_pattern_vector_deinit(&filter->patterns);
}

bool filter_keeps(struct filter *filter, const char *path, const char *relative)
{
	bool any_include = false, included = false, excluded = false;

	vector_for_each(&filter->patterns, p) {
		bool matches = fnmatch(p->glob, path, 0) == 0 ||
			       (relative && fnmatch(p->glob, relative, 0) == 0);

		p->matches += matches;
		if (p->exclude) {
			excluded |= matches;
		} else {
			any_include = true;
			included |= matches;
		}
	}
	return (included || !any_include) && !excluded;
}

struct error *filter_choose(struct filter *filter, const struct maintainers *maintainers)
{
	size_t nr;
	const struct maintainers_entry *entries = maintainers_entries(maintainers, &nr);

	vector_for_each(&filter->names, name) {
		free(name->chosen);
		name->nr_entries = 0;
		name->chosen = calloc(nr, sizeof(*name->chosen));
		if (!name->chosen)
			return &error_no_memory;
		for (size_t i = 0; i < nr; i++) {
			name->chosen[i] = maintainers_entry_has(&entries[i], name->given);
			name->nr_entries += name->chosen[i];
		}
	}
	return NULL;
}

bool filter_keeps_entries(struct filter *filter, const struct entry_vector *found)
{
	bool keeps = !filter->names.len;

	vector_for_each(&filter->names, name) {
		bool matches = false;

		vector_for_each(found, entry)
			matches |= name->chosen[*entry];
		name->matches += matches;
		keeps |= matches;
	}
	return keeps;
}
