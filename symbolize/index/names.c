// SPDX-License-Identifier: GPL-2.0-or-later
/* Sort the files and functions of a draft by name, and replace their numbers everywhere. */
#include <string.h>

#include "base/cleanup.h"
#include "base/search.h"
#include "symbolize/index/private.h"

struct sorted_file {
	const char *path;
	uint32_t old;
	struct index_file file;
};

static int compare_files(const void *va, const void *vb)
{
	const struct sorted_file *a = va, *b = vb;

	return strcmp(a->path, b->path);
}

struct sorted_function {
	const char *name;
	uint32_t old;
	struct index_function function;
};

static int compare_functions(const void *va, const void *vb)
{
	const struct sorted_function *a = va, *b = vb;

	if (a->function.file != b->function.file)
		return compare_values(a->function.file, b->function.file);
	if (a->function.line != b->function.line)
		return compare_values(a->function.line, b->function.line);
	return strcmp(a->name, b->name);
}

static void replace(uint32_t *number, const uint32_t *numbers)
{
	if (*number != INDEX_NONE)
		*number = numbers[*number];
}

static struct error *sort_files(struct index_draft *d)
{
	uint32_t nr = d->files.len;
	_cleanup_free_ struct sorted_file *sorted = calloc(nr + 1, sizeof(*sorted));
	_cleanup_free_ uint32_t *numbers = calloc(nr + 1, sizeof(*numbers));

	if (!sorted || !numbers)
		return &error_no_memory;
	for (uint32_t i = 0; i < nr; i++)
		sorted[i] = (struct sorted_file){ intern_string(d->strings, d->files.data[i].path),
						  i, d->files.data[i] };
	qsort(sorted, nr, sizeof(*sorted), compare_files);
	for (uint32_t i = 0; i < nr; i++) {
		d->files.data[i] = sorted[i].file;
		numbers[sorted[i].old] = i;
	}
	vector_for_each(&d->functions, f)
		replace(&f->file, numbers);
	vector_for_each(&d->scopes, s)
		replace(&s->file, numbers);
	vector_for_each(&d->places, p)
		replace(&p->file, numbers);
	vector_for_each(&d->rows, r)
		replace(&r->file, numbers);
	vector_for_each(&d->spans, s)
		replace(&s->file, numbers);
	return NULL;
}

static struct error *sort_functions(struct index_draft *d)
{
	uint32_t nr = d->functions.len;
	_cleanup_free_ struct sorted_function *sorted = calloc(nr + 1, sizeof(*sorted));
	_cleanup_free_ uint32_t *numbers = calloc(nr + 1, sizeof(*numbers));

	if (!sorted || !numbers)
		return &error_no_memory;
	for (uint32_t i = 0; i < nr; i++)
		sorted[i] = (struct sorted_function){ intern_string(d->strings,
								    d->functions.data[i].name),
						      i, d->functions.data[i] };
	qsort(sorted, nr, sizeof(*sorted), compare_functions);
	for (uint32_t i = 0; i < nr; i++) {
		d->functions.data[i] = sorted[i].function;
		numbers[sorted[i].old] = i;
	}
	vector_for_each(&d->scopes, s)
		replace(&s->function, numbers);
	vector_for_each(&d->spans, s)
		replace(&s->function, numbers);
	return NULL;
}

struct error *index_sort_names(struct index_draft *draft)
{
	struct error *err = sort_files(draft);

	return err ? err : sort_functions(draft);
}
