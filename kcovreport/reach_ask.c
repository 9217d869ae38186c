// SPDX-License-Identifier: GPL-2.0-or-later
/* Says of a place what a report of some PCs says of it. */
#include <string.h>

#include "base/cleanup.h"
#include "base/search.h"
#include "kcovreport/reach.h"

static struct error *build(struct reach *reach, struct reach_worker *worker,
			   const struct coverage_source *sources, size_t nr_sources,
			   struct coverage **ret)
{
	const struct coverage_input input = {
		.images = reach->images.inputs,
		.nr_images = reach->images.nr_modules + 1,
		.sources = sources,
		.nr_sources = nr_sources,
		.scope = reach->scope,
	};
	struct coverage_texts texts = texts_of_coverage(&reach->names.texts);
	struct error *err = coverage_build(&input, ret);

	texts.parses = worker->parses;
	if (err || reach->options->no_sources || !(*ret)->lines.hit)
		return err;
	return coverage_refine(*ret, &texts);
}

/* The coverage has the files of the scope, ascending by the paths of the compiler. */
static const struct coverage_file *find_file(const struct coverage *coverage, const char *given)
{
	const struct coverage_file *files = coverage->files;
	size_t at = search_first(coverage->nr_files, i, strcmp(files[i].path, given) >= 0);

	return at < coverage->nr_files && !strcmp(files[at].path, given) ? &files[at] : NULL;
}

/* As a view does it. */
static struct error *join(const struct reach *reach, const struct coverage *coverage,
			  const struct reach_file *file, struct joined_file *joined)
{
	struct error *err = NULL;
	const char *given = "";

	joined_file_reset(joined);
	for (size_t n = file->first; !err && n < file->last; n++) {
		const struct coverage_file *f;

		/* Names of one path are in the order of images: one path may come again. */
		given = reach->names.names.data[n].given;
		bool is_first = true;
		for (size_t k = file->first; k < n; k++)
			is_first &= strcmp(reach->names.names.data[k].given, given) != 0;
		f = is_first ? find_file(coverage, given) : NULL;
		if (f)
			err = joined_file_add(joined, f);
	}
	if (!err)
		err = joined_file_join(joined);
	if (err)
		return err;
	joined_file_cut(joined, file->nr_lines);
	return joined_file_reconcile(joined);
}

static void note(struct reach_worker *worker, size_t element, uint64_t count,
		 struct reach_answer *answer)
{
	worker->states[element] = count ? REACH_HIT : REACH_MISSED;
	worker->has_code[element] = true;
	answer->nr_known++;
	answer->nr_hit += count > 0;
	if (count > answer->count)
		answer->count = count;
}

static void read_lines(const struct reach_range *range, struct reach_worker *worker,
		       struct reach_answer *answer)
{
	const struct line_vector *lines = &worker->joined.lines;

	for (size_t i = search_first(lines->len, n, lines->data[n].line >= range->first);
	     i < lines->len && lines->data[i].line <= range->last; i++)
		note(worker, range->first_element + lines->data[i].line - range->first,
		     lines->data[i].count, answer);
}

static void read_points(const struct reach *reach, const struct coverage *coverage,
			struct reach_worker *worker, struct reach_answer *answer)
{
	for (size_t i = 0; i < coverage->nr_images; i++) {
		const uint64_t *counts = coverage->images[i].point_counts;

		for (size_t k = 0; counts && k < reach->where.nr_elements; k++)
			if (reach->where.has_code[k])
				note(worker, k, counts[k], answer);
	}
}

/* Of a function the report says whether it was executed, and how often it was called. */
static void read_function(const struct reach *reach, const struct reach_worker *worker,
			  struct reach_answer *answer)
{
	const struct reach_where *where = &reach->where;

	answer->count = 0;
	vector_for_each(&worker->joined.functions, f)
		if (f->line == where->ranges.data[0].first && !strcmp(f->name, where->function))
			answer->count = f->count;
	answer->is_reached = answer->count > 0;
}

struct error *reach_ask(struct reach *reach, struct reach_worker *worker,
			const struct coverage_source *sources, size_t nr_sources,
			struct reach_answer *ret)
{
	_cleanup_coverage_ struct coverage *coverage = NULL;
	const struct reach_where *where = &reach->where;
	struct error *err = build(reach, worker, sources, nr_sources, &coverage);

	if (err)
		return err;
	*ret = (struct reach_answer){ .is_least = coverage->counts_are_least };
	memset(worker->states, REACH_UNKNOWN, where->nr_elements);
	if (where->kind == REACH_MODULE)
		read_points(reach, coverage, worker, ret);
	for (size_t i = 0; !err && i < where->files.len; i++) {
		err = join(reach, coverage, &where->files.data[i], &worker->joined);
		vector_for_each(&where->ranges, range)
			if (!err && range->file == i)
				read_lines(range, worker, ret);
		/* There is one file then. */
		if (!err && where->kind == REACH_FUNCTION)
			read_function(reach, worker, ret);
	}
	if (where->kind != REACH_FUNCTION)
		ret->is_reached = ret->nr_hit > 0;
	return err;
}
