// SPDX-License-Identifier: GPL-2.0-or-later
#include "kcovreport/unmeasured.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/search.h"
#include "base/workers.h"
#include "kcovreport/texts.h"
#include "symbolize/source/config.h"

#define NO_FILE UINT32_MAX

DEFINE_VECTOR(number_vector, uint32_t);

/* A file of the view. */
struct looked {
	uint8_t *covered; /* one bit a line */
	uint32_t end;	  /* of these bits */
	/* Lines with machine code but without coverage: in no block, and in a block. */
	struct number_vector bare, unknown;
	struct number_vector functions; /* lines where functions that have code are declared */
};

struct search {
	const struct view *view;
	const struct source_config_file *config; /* NULL = not known */
	struct looked *files;
	struct unmeasured *unmeasured;
};

static void looked_deinit(struct looked *files, size_t nr)
{
	for (size_t i = 0; files && i < nr; i++) {
		free(files[i].covered);
		number_vector_deinit(&files[i].bare);
		number_vector_deinit(&files[i].unknown);
		number_vector_deinit(&files[i].functions);
	}
	free(files);
}

static bool is_covered(const struct looked *l, uint32_t line)
{
	return line < l->end && l->covered[line / 8] & 1 << line % 8;
}

/* Lines of a file of which the source was read are below its length. */
static struct error *note_covered(const struct coverage_file *file, struct looked *ret)
{
	if (!file->nr_lines)
		return NULL;
	ret->end = file->lines[file->nr_lines - 1].line + 1;
	ret->covered = calloc(ret->end / 8 + 1, 1);
	if (!ret->covered)
		return &error_no_memory;
	for (size_t i = 0; i < file->nr_lines; i++)
		ret->covered[file->lines[i].line / 8] |= 1 << file->lines[i].line % 8;
	return NULL;
}

static int compare_paths(const void *path, const void *file)
{
	return strcmp(path, ((const struct coverage_file *)file)->path);
}

/* Of each file of an index, the number of the file of the view, or NO_FILE. */
static uint32_t *match_files(const struct search *s, const struct coverage *coverage,
			     const struct index *index)
{
	const struct view *view = s->view;
	size_t nr;

	index_files(index, &nr);
	uint32_t *numbers = calloc(nr + 1, sizeof(*numbers));
	for (uint32_t i = 0; numbers && i < nr; i++) {
		const struct coverage_file *file =
			coverage->nr_files
				? bsearch(index_file_path(index, i), coverage->files,
					  coverage->nr_files, sizeof(*file), compare_paths)
				: NULL;
		const struct coverage_file *shown =
			file ? view->file_of[file - coverage->files] : NULL;

		numbers[i] = shown ? (uint32_t)(shown - view->coverage.files) : NO_FILE;
		if (shown && (view->source_states[numbers[i]] != VIEW_SOURCE_READ ||
			      !view_writes(view, shown)))
			numbers[i] = NO_FILE;
	}
	return numbers;
}

struct visit {
	const struct search *search;
	const struct index *index;
	const uint32_t *numbers;
	uint64_t block_end; /* of the last block that was found */
	bool no_memory;
};

/* Visited ascending by offset. */
static bool is_in_block(struct visit *v, uint32_t offset)
{
	size_t nr;
	const struct index_block *blocks = index_blocks(v->index, &nr);

	if (offset < v->block_end)
		return true;
	uint32_t block = index_find_block(v->index, offset);
	if (block == INDEX_NONE)
		return false;
	v->block_end = (uint64_t)blocks[block].offset + blocks[block].size;
	return true;
}

static void visit_line(void *arg, uint32_t offset, uint32_t end, uint32_t file, uint32_t line)
{
	struct visit *v = arg;
	uint32_t number = v->numbers[file];

	(void)end;
	if (number == NO_FILE || is_covered(&v->search->files[number], line))
		return;
	struct looked *l = &v->search->files[number];
	struct number_vector *lines = is_in_block(v, offset) ? &l->unknown : &l->bare;
	if (lines->len && lines->data[lines->len - 1] == line)
		return;
	v->no_memory |= !number_vector_append(lines, &line);
}

static struct error *note_functions(const struct search *s, const struct index *index,
				    const uint32_t *numbers)
{
	size_t nr;
	const struct index_function *functions = index_functions(index, &nr);

	for (size_t i = 0; i < nr; i++) {
		uint32_t file = functions[i].file;

		if (file == INDEX_NONE || numbers[file] == NO_FILE)
			continue;
		if (!number_vector_append(&s->files[numbers[file]].functions, &functions[i].line))
			return &error_no_memory;
	}
	return NULL;
}

static struct error *look_at_index(const struct search *s, const struct coverage *coverage,
				   const struct index *index)
{
	_cleanup_free_ uint32_t *numbers = match_files(s, coverage, index);
	struct visit visit = { s, index, numbers, 0, false };

	if (!numbers)
		return &error_no_memory;
	index_each_line(index, visit_line, &visit);
	return visit.no_memory ? &error_no_memory : note_functions(s, index, numbers);
}

static int compare_numbers(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static void sort_numbers(struct number_vector *v)
{
	if (v->len)
		qsort(v->data, v->len, sizeof(*v->data), compare_numbers);
}

static bool has_number(const struct number_vector *v, uint32_t first, uint32_t last)
{
	size_t at = search_first(v->len, i, v->data[i] >= first);

	return at < v->len && v->data[at] <= last;
}

/* Is there machine code of one of these lines? */
static bool has_code(const struct coverage_file *file, const struct looked *l, uint32_t first,
		     uint32_t last)
{
	size_t at = search_first(file->nr_lines, i, file->lines[i].line >= first);

	return (at < file->nr_lines && file->lines[at].line <= last) ||
	       has_number(&l->bare, first, last) || has_number(&l->unknown, first, last);
}

static enum source_config get_config(void *data, const char *name, size_t length, int64_t *value)
{
	return source_config_file_get(data, name, length, value);
}

static struct error *add_parsed(const struct coverage_file *file, const struct looked *l,
				const struct source_file *parsed, struct unmeasured_vector *ret)
{
	bool ok = true;

	for (uint32_t i = 0; ok && i < parsed->nr_functions; i++) {
		const struct source_function *f = &parsed->functions[i];

		/* An inlined call may leave no line of its own. */
		if (!has_code(file, l, f->first_line, f->close_line) &&
		    !has_number(&l->functions, f->first_line, f->open_line))
			ok = unmeasured_vector_append(
				ret, &(struct unmeasured_lines){ .kind = UNMEASURED_FUNCTION,
								 .first = f->first_line,
								 .last = f->close_line,
								 .at = f->name_line });
	}
	for (uint32_t i = 0; ok && i < parsed->nr_left_out; i++) {
		const struct source_left_out *arm = &parsed->left_out[i];

		if (!arm->is_undecided && !has_code(file, l, arm->lines.first, arm->lines.last))
			ok = unmeasured_vector_append(
				ret, &(struct unmeasured_lines){ .kind = UNMEASURED_ARM,
								 .first = arm->lines.first,
								 .last = arm->lines.last,
								 .at = arm->directive,
								 .group = arm->group });
	}
	return ok ? NULL : &error_no_memory;
}

/* Neighbours become one range. */
static struct error *add_bare(const struct looked *l, struct unmeasured_vector *ret)
{
	for (size_t i = 0; i < l->bare.len; i++) {
		uint32_t line = l->bare.data[i];
		struct unmeasured_lines *last = ret->len ? &ret->data[ret->len - 1] : NULL;

		if (last && last->kind == UNMEASURED_BARE && line <= last->last + 1)
			last->last = line;
		else if (!unmeasured_vector_append(
				 ret, &(struct unmeasured_lines){ .kind = UNMEASURED_BARE,
								  .first = line,
								  .last = line }))
			return &error_no_memory;
	}
	return NULL;
}

static bool is_c(const char *path)
{
	size_t length = strlen(path);

	return length > 2 && path[length - 2] == '.' && strchr("ch", path[length - 1]);
}

static struct error *parse(const struct search *s, const struct coverage_file *file,
			   const struct looked *l, struct unmeasured_vector *ret)
{
	const struct source_options options = {
		.data = (void *)s->config,
		.config = s->config ? get_config : NULL,
		.no_statements = true,
	};
	_cleanup_(cleanup_source_file) struct source_file *parsed = NULL;
	_cleanup_free_ char *text = NULL;
	size_t size;
	/* The report says elsewhere that a source cannot be read. */
	_cleanup_error_ struct error *unreadable = view_read_source(s->view, file, &text, &size);

	if (unreadable)
		return unreadable->code == ERROR_NO_MEMORY ? &error_no_memory : NULL;
	if (size > SOURCE_SIZE_MAX)
		return NULL;
	struct error *err = source_parse(text, size, &options, &parsed);
	return err ? err : add_parsed(file, l, parsed, ret);
}

static struct error *look_at_file(void *arg, unsigned int worker, size_t number)
{
	const struct search *s = arg;
	const struct coverage_file *file = &s->view->coverage.files[number];
	struct unmeasured_vector *ret = &s->unmeasured->files[number];
	struct looked *l = &s->files[number];
	struct error *err = NULL;

	(void)worker;
	if (s->view->source_states[number] != VIEW_SOURCE_READ || !view_writes(s->view, file))
		return NULL;
	sort_numbers(&l->bare);
	sort_numbers(&l->unknown);
	sort_numbers(&l->functions);
	if (is_c(file->path))
		err = parse(s, file, l, ret);
	return err ? err : add_bare(l, ret);
}

static struct error *look(struct search *s, const struct report_images *images,
			  const struct coverage *coverage, unsigned int jobs)
{
	size_t nr = s->view->coverage.nr_files;
	struct error *err = NULL;

	for (size_t i = 0; !err && i < nr; i++)
		if (s->view->source_states[i] == VIEW_SOURCE_READ)
			err = note_covered(&s->view->coverage.files[i], &s->files[i]);
	for (size_t i = 0; !err && i <= images->nr_modules; i++)
		if (images->indexes[i])
			err = look_at_index(s, coverage, images->indexes[i]);
	return err ? err : workers_run(jobs, nr, look_at_file, s);
}

struct error *unmeasured_find(const struct report_images *images, const struct coverage *coverage,
			      const struct view *view, unsigned int jobs, struct unmeasured *ret)
{
	_cleanup_(config_deinit) struct kernel_config config = { 0 };
	struct search search = { .view = view, .unmeasured = ret };
	size_t nr = view->coverage.nr_files;

	ret->files = calloc(nr + 1, sizeof(*ret->files));
	search.files = calloc(nr + 1, sizeof(*search.files));
	ret->nr_files = ret->files ? nr : 0;
	struct error *err = ret->files && search.files ? NULL : &error_no_memory;
	if (!err) {
		config_read(coverage, view->trees, &config);
		search.config = config.options;
		err = look(&search, images, coverage, jobs);
	}
	looked_deinit(search.files, nr);
	return err;
}

void unmeasured_deinit(struct unmeasured *unmeasured)
{
	for (size_t i = 0; i < unmeasured->nr_files; i++)
		unmeasured_vector_deinit(&unmeasured->files[i]);
	free(unmeasured->files);
}
