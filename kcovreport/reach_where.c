// SPDX-License-Identifier: GPL-2.0-or-later
/* Finds what a place in the source means in the images. */
#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "base/search.h"
#include "base/strbuf.h"
#include "kcovreport/jobs.h"
#include "kcovreport/kcovreport.h"
#include "kcovreport/patch.h"
#include "kcovreport/reach.h"
#include "render/view_sources.h"
#include "symbolize/index/lines.h"

/* Elements are numbered: a range without an end is cut at the last line that has code. */
#define ELEMENTS_MAX ((size_t)16 << 20)
#define NAMES_LISTED 10

static bool parse_lines(const char *text, struct reach_question *q)
{
	const char *dash = strchr(text, '-');
	const char *first = dash ? strndupa(text, dash - text) : text;
	uint64_t from, to;

	if (!parse_u64(first, 10, INT32_MAX, &from) || !from)
		return false;
	to = from;
	if (dash && (!parse_u64(dash + 1, 10, INT32_MAX, &to) || to < from))
		return false;
	q->first = from;
	q->last = to;
	return true;
}

static struct error *no_place(const char *why)
{
	return error_create(ERROR_INVALID, "%s", why);
}

struct error *reach_question_parse(const char *text, struct reach_question *ret)
{
	const char *colon = strrchr(text, ':'), *slash = strrchr(text, '/');
	struct reach_question q = { .text = text };

	*ret = q;
	if (!strcmp(text, "-"))
		return NULL;
	if (string_starts_with(text, "module:") || (!colon && string_ends_with(text, ".ko"))) {
		q.kind = REACH_MODULE;
		q.name = colon ? text + strlen("module:") : slash ? slash + 1 : text;
		*ret = q;
		return *q.name && strcmp(q.name, ".ko") ? NULL : no_place("a module needs a name");
	}
	if (!colon && !slash && !patch_is_source(text)) {
		q.kind = REACH_FUNCTION;
		q.name = text;
		*ret = q;
		return *text ? NULL : no_place("it is empty");
	}
	q.file = colon ? strndup(text, colon - text) : strdup(text);
	if (!q.file)
		return &error_no_memory;
	*ret = q;
	if (!*q.file || (colon && !colon[1]))
		return no_place("FILE:LINE, FILE:A-B or FILE:FUNCTION needs both parts");
	if (!colon)
		return NULL;
	if (colon[1] < '0' || colon[1] > '9') {
		ret->kind = REACH_FUNCTION;
		ret->name = colon + 1;
		return NULL;
	}
	return parse_lines(colon + 1, ret)
		       ? NULL
		       : no_place("lines are a number, or two with '-' between");
}

struct error *reach_where_add(struct reach *reach, size_t first_name, size_t last_name,
			      uint32_t first, uint32_t last)
{
	struct reach_where *where = &reach->where;
	const char *path = reach->names.names.data[first_name].path;
	struct reach_range range = { .first = first, .last = last };

	for (; range.file < where->files.len; range.file++)
		if (where->files.data[range.file].first == first_name)
			break;
	if (range.file == where->files.len &&
	    !reach_file_vector_append(&where->files,
				      &(struct reach_file){ path, first_name, last_name, 0 }))
		return &error_no_memory;
	return reach_range_vector_append(&where->ranges, &range) ? NULL : &error_no_memory;
}

static const struct index *index_of(const struct reach *reach, const struct reach_name *name)
{
	return reach->images.indexes[name->image];
}

/* A function that a place may mean. */
struct candidate {
	size_t first_name, last_name;
	uint32_t line;
};
DEFINE_VECTOR(candidate_vector, struct candidate);

/* Add the functions of this name that are in one file, each line once. */
static struct error *add_candidates(const struct reach *reach, size_t first, size_t last,
				    const char *function, struct candidate_vector *ret)
{
	size_t before = ret->len;

	for (size_t n = first; n < last; n++) {
		const struct reach_name *name = &reach->names.names.data[n];
		const struct index *index = index_of(reach, name);
		size_t nr;
		const struct index_file *file = &index_files(index, &nr)[name->file];
		const struct index_function *f = index_functions(index, &nr);

		for (uint32_t i = file[0].first_function; i < file[1].first_function; i++) {
			struct candidate c = { first, last, f[i].line };
			bool is_there = !c.line || strcmp(index_string(index, f[i].name), function);

			for (size_t k = before; !is_there && k < ret->len; k++)
				is_there = ret->data[k].line == c.line;
			if (!is_there && !candidate_vector_append(ret, &c))
				return &error_no_memory;
		}
	}
	return NULL;
}

/* As reach_names_find(), but if nothing is found, warn of images that may have the file. */
static struct error *find_file(const struct reach *reach, const char *file, size_t *ret_first,
			       size_t *ret_last)
{
	const struct report_images *images = &reach->images;
	struct error *err = reach_names_find(&reach->names, file, ret_first, ret_last);

	for (size_t i = 0; err && err->code == ERROR_NOT_FOUND && i <= images->nr_modules; i++)
		if (images->inputs[i].problem)
			say_warning("'%s' is not looked at: %s", images->inputs[i].name,
				    images->inputs[i].problem);
	return err;
}

static struct error *find_candidates(const struct reach *reach, const struct reach_question *q,
				     struct candidate_vector *ret)
{
	const struct reach_name_vector *v = &reach->names.names;
	size_t first, last;
	struct error *err = NULL;

	if (q->file) {
		err = find_file(reach, q->file, &first, &last);
		return err ? err : add_candidates(reach, first, last, q->name, ret);
	}
	for (first = 0; !err && first < v->len; first = last) {
		for (last = first;
		     last < v->len && !strcmp(v->data[last].path, v->data[first].path);)
			last++;
		err = add_candidates(reach, first, last, q->name, ret);
	}
	return err;
}

static struct error *several_functions(const struct reach *reach, const struct reach_question *q,
				       const struct candidate_vector *candidates)
{
	_cleanup_strbuf_ struct strbuf list = STRBUF_INIT;
	size_t nr = 0;

	vector_for_each(candidates, c)
		if (nr++ < NAMES_LISTED)
			strbuf_addf(&list, "%s%s:%" PRIu32, nr > 1 ? ", " : "",
				    reach->names.names.data[c->first_name].path, c->line);
	if (nr > NAMES_LISTED)
		strbuf_addf(&list, " and %zu more", nr - NAMES_LISTED);
	if (list.failed)
		return &error_no_memory;
	return error_hint(error_create(ERROR_INVALID, "there are %zu functions '%s': %s", nr,
				       q->name, strbuf_str(&list)),
			  "ask for FILE:FUNCTION, or for lines");
}

/* The line before the next function of the file, as a report assigns lines to functions. */
static uint32_t end_of_function(const struct reach *reach, const struct candidate *c)
{
	uint32_t end = UINT32_MAX;

	for (size_t n = c->first_name; n < c->last_name; n++) {
		const struct reach_name *name = &reach->names.names.data[n];
		struct coverage_range range = { name->image, name->file, c->line, c->line };

		coverage_range_extend(index_of(reach, name), &range);
		end = range.last < end ? range.last : end;
	}
	return end;
}

static struct error *find_function(struct reach *reach, const struct reach_question *q)
{
	_cleanup_(candidate_vector_deinit) struct candidate_vector candidates = VECTOR_INIT;
	struct error *err = find_candidates(reach, q, &candidates);

	if (err)
		return err;
	if (!candidates.len)
		return error_create(ERROR_NOT_FOUND, "no instrumented function '%s'%s%s%s", q->name,
				    q->file ? " in '" : "", q->file ? q->file : "",
				    q->file ? "'" : "");
	if (candidates.len > 1)
		return several_functions(reach, q, &candidates);
	reach->where.function = strdup(q->name);
	if (!reach->where.function)
		return &error_no_memory;
	const struct candidate *c = candidates.data;
	return reach_where_add(reach, c->first_name, c->last_name, c->line,
			       end_of_function(reach, c));
}

static bool same_module(const char *a, const char *b)
{
	size_t length = strlen(b);

	if (string_ends_with(b, ".ko"))
		length -= strlen(".ko");
	for (size_t i = 0; i < length; i++)
		if ((a[i] == '-' ? '_' : a[i]) != (b[i] == '-' ? '_' : b[i]))
			return false;
	return !a[length];
}

static struct error *find_module(struct reach *reach, const struct reach_question *q)
{
	const struct report_images *images = &reach->images;
	const char *problem = NULL;

	for (size_t i = 0; i <= images->nr_modules; i++) {
		if (!same_module(images->inputs[i].name, q->name))
			continue;
		problem = images->inputs[i].problem;
		reach->where.image = i;
		if (images->indexes[i])
			return NULL;
	}
	return problem ? error_create(ERROR_NOT_FOUND, "module '%s': %s", q->name, problem)
		       : error_create(ERROR_NOT_FOUND, "no run had a module '%s'", q->name);
}

struct error *reach_where_find(struct reach *reach, const struct reach_question *q)
{
	size_t first, last;
	struct error *err;

	reach->where.kind = q->kind;
	if (!strcmp(q->text, "-"))
		return reach_where_find_diff(reach);
	if (q->kind == REACH_FUNCTION)
		return find_function(reach, q);
	if (q->kind == REACH_MODULE)
		return find_module(reach, q);
	err = find_file(reach, q->file, &first, &last);
	if (err)
		return err;
	return reach_where_add(reach, first, last, q->first ? q->first : 1,
			       q->first ? q->last : UINT32_MAX);
}

static struct error *measure_sources(struct reach *reach)
{
	_cleanup_(view_sources_deinit) struct view_source_vector sources = VECTOR_INIT;
	struct reach_file_vector *files = &reach->where.files;

	vector_for_each(files, file) {
		struct view_source source = { .path = file->path };

		for (size_t n = file->first; n < file->last; n++) {
			const struct reach_name *name = &reach->names.names.data[n];
			size_t nr;

			source_md5_join(&source.md5,
					&index_files(index_of(reach, name), &nr)[name->file].md5);
		}
		if (!view_source_vector_append(&sources, &source))
			return &error_no_memory;
	}
	struct error *err = view_sources_read(&sources, reach->names.texts.trees,
					      jobs_or_default(reach->options->jobs));
	for (size_t i = 0; !err && i < files->len; i++)
		files->data[i].nr_lines = sources.data[i].file.nr_lines;
	return err;
}

/* The last line of a file that an index has, or that a function is declared on. */
static uint32_t last_line(const struct reach *reach, const struct reach_file *file)
{
	uint32_t last = 0;

	for (size_t n = file->first; n < file->last; n++) {
		const struct reach_name *name = &reach->names.names.data[n];
		const struct index *index = index_of(reach, name);
		struct line_reader reader = line_reader(index, name->file);
		struct index_line line;
		size_t nr;
		const struct index_file *f = &index_files(index, &nr)[name->file];

		while (line_next(&reader, &line))
			last = line.line > last ? line.line : last;
		if (f[1].first_function > f[0].first_function) {
			uint32_t at = index_functions(index, &nr)[f[1].first_function - 1].line;

			last = at > last ? at : last;
		}
	}
	/* The statements of a source may add lines after the last one that has code. */
	return file->nr_lines != UINT32_MAX ? (uint32_t)file->nr_lines : last;
}

static struct error *number_elements(struct reach *reach)
{
	struct reach_where *where = &reach->where;

	if (where->kind == REACH_MODULE)
		index_points(reach->images.indexes[where->image], &where->nr_elements);
	vector_for_each(&where->ranges, range) {
		uint32_t last = last_line(reach, &where->files.data[range->file]);

		if (range->last > last)
			range->last = last;
		range->first_element = where->nr_elements;
		if (range->first <= range->last)
			where->nr_elements += range->last - range->first + 1;
	}
	if (where->nr_elements > ELEMENTS_MAX)
		return error_create(ERROR_UNSUPPORTED, "these are more than %zu lines or points",
				    ELEMENTS_MAX);
	where->has_code = calloc(where->nr_elements + 1, sizeof(*where->has_code));
	return where->has_code ? NULL : &error_no_memory;
}

static void mark_lines(struct reach *reach, const struct reach_range *range)
{
	const struct reach_file *file = &reach->where.files.data[range->file];

	for (size_t n = file->first; n < file->last; n++) {
		const struct reach_name *name = &reach->names.names.data[n];
		struct line_reader reader = line_reader(index_of(reach, name), name->file);
		struct index_line line;

		while (line_next(&reader, &line) && line.line <= range->last)
			if (line.line >= range->first)
				reach->where
					.has_code[range->first_element + line.line - range->first] =
					true;
	}
}

/* Exit callbacks do not count as points. */
static void mark_points(struct reach *reach)
{
	size_t nr;
	const struct index_point *points =
		index_points(reach->images.indexes[reach->where.image], &nr);

	for (size_t i = 0; i < nr; i++)
		reach->where.has_code[i] = points[i].kind != INDEX_EXIT;
}

DEFINE_VECTOR(coverage_range_vector, struct coverage_range);

static struct error *make_scope(struct reach *reach)
{
	_cleanup_(coverage_range_vector_deinit) struct coverage_range_vector ranges = VECTOR_INIT;
	const struct reach_where *where = &reach->where;
	size_t nr = reach->images.nr_modules + 1;
	_cleanup_free_ bool *points = calloc(nr, sizeof(*points));

	if (!points)
		return &error_no_memory;
	points[where->image] = where->kind == REACH_MODULE;
	vector_for_each(&where->ranges, range) {
		const struct reach_file *file = &where->files.data[range->file];

		for (size_t n = file->first; n < file->last; n++) {
			const struct reach_name *name = &reach->names.names.data[n];
			const struct coverage_range r = { name->image, name->file, range->first,
							  range->last };

			if (!coverage_range_vector_append(&ranges, &r))
				return &error_no_memory;
		}
	}
	return coverage_scope_create(reach->images.inputs, nr, ranges.data, ranges.len, points,
				     &reach->scope);
}

struct error *reach_where_finish(struct reach *reach)
{
	struct error *err = measure_sources(reach);

	if (!err)
		err = number_elements(reach);
	if (err)
		return err;
	if (reach->where.kind == REACH_MODULE)
		mark_points(reach);
	vector_for_each(&reach->where.ranges, range)
		mark_lines(reach, range);
	return make_scope(reach);
}
