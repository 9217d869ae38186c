// SPDX-License-Identifier: GPL-2.0-or-later
/* Finds the calls of functions that were never or barely reached, in functions that were reached.
 */
#include <stdlib.h>
#include <string.h>

#include "base/search.h"
#include "base/sort.h"
#include "kcovreport/least.h"
#include "symbolize/index/index.h"

/* Of a symbol, before it was looked for. */
#define NOT_KNOWN (UINT32_MAX - 1)

/* A name of vmlinux, which modules call. */
struct exported {
	const char *name;
	uint32_t symbol;
};

DEFINE_VECTOR(exported_vector, struct exported);
DEFINE_SORT(sort_exported, struct exported, strcmp(a->name, b->name) < 0);

/* An index, and what its parts are in the view. */
struct image_functions {
	const struct index *index;
	uint32_t *files;   /* of each file of the index: number of a file of the view */
	uint32_t *symbols; /* of each symbol: number of a function */
};

struct finder {
	struct least *least;
	const struct path_map *map;
	struct image_functions vmlinux;
	struct exported_vector exported; /* ascending by name; of vmlinux */
};

static void image_functions_deinit(struct image_functions *image)
{
	free(image->files);
	free(image->symbols);
}

static void finder_deinit(struct finder *f)
{
	image_functions_deinit(&f->vmlinux);
	exported_vector_deinit(&f->exported);
}

static uint32_t find_file(const struct least *l, const char *path)
{
	const struct coverage *c = &l->view->coverage;
	size_t at = search_first(c->nr_files, i, strcmp(c->files[i].path, path) >= 0);

	return at < c->nr_files && !strcmp(c->files[at].path, path) ? at : LEAST_NONE;
}

static struct error *image_functions_init(struct image_functions *image, const struct finder *f,
					  const struct index *index)
{
	size_t nr_files, nr_symbols;

	index_files(index, &nr_files);
	index_symbols(index, &nr_symbols);
	image->index = index;
	image->files = calloc(nr_files + 1, sizeof(*image->files));
	image->symbols = calloc(nr_symbols + 1, sizeof(*image->symbols));
	if (!image->files || !image->symbols)
		return &error_no_memory;
	for (size_t i = 0; i < nr_symbols; i++)
		image->symbols[i] = NOT_KNOWN;
	for (uint32_t i = 0; i < nr_files; i++) {
		_cleanup_free_ char *path = NULL;
		struct error *err = path_map_apply(f->map, index_file_path(index, i), &path);

		if (err)
			return err;
		image->files[i] = find_file(f->least, path);
	}
	return NULL;
}

static struct error *find_exported(struct finder *f)
{
	size_t nr;
	const struct index_symbol *symbols = index_symbols(f->vmlinux.index, &nr);

	for (uint32_t i = 0; i < nr; i++) {
		const struct exported e = { index_string(f->vmlinux.index, symbols[i].name), i };

		if (!(symbols[i].flags & INDEX_EXTERNAL) &&
		    !exported_vector_append(&f->exported, &e))
			return &error_no_memory;
	}
	return sort_exported(f->exported.data, f->exported.len) ? NULL : &error_no_memory;
}

/* Number of the function that a frame is of. */
static uint32_t frame_function(const struct finder *f, const struct image_functions *image,
			       const struct index_frame *frame)
{
	uint32_t file = frame->file == INDEX_NONE ? LEAST_NONE : image->files[frame->file];

	return file == LEAST_NONE || !frame->function ? LEAST_NONE
						      : least_find(f->least, file, frame->function);
}

/* The function that the code at offset is of, not the one that is inlined there. */
static uint32_t function_at(const struct finder *f, const struct image_functions *image,
			    uint32_t offset)
{
	struct index_frame frames[INDEX_FRAMES_MAX];
	size_t nr = index_frames_at(image->index, offset, frames, INDEX_FRAMES_MAX);

	return nr ? frame_function(f, image, &frames[nr - 1]) : LEAST_NONE;
}

static uint32_t symbol_function(struct finder *f, struct image_functions *image, uint32_t symbol)
{
	size_t nr;
	const struct index_symbol *s = &index_symbols(image->index, &nr)[symbol];
	uint32_t *function = &image->symbols[symbol];

	if (*function != NOT_KNOWN)
		return *function;
	*function = LEAST_NONE;
	if (!(s->flags & INDEX_EXTERNAL)) {
		*function = function_at(f, image, s->offset);
	} else if (image->index != f->vmlinux.index) {
		const struct exported *e = f->exported.data;
		const char *name = index_string(image->index, s->name);
		size_t at = search_first(f->exported.len, i, strcmp(e[i].name, name) >= 0);

		if (at < f->exported.len && !strcmp(e[at].name, name))
			*function = symbol_function(f, &f->vmlinux, e[at].symbol);
	}
	return *function;
}

/* A call at offset of a function that is listed: keep it if its caller was reached. */
static struct error *add_call(struct finder *f, const struct image_functions *image,
			      uint32_t offset, uint32_t callee)
{
	const struct least_function *functions = f->least->functions;
	struct index_frame frames[INDEX_FRAMES_MAX];
	size_t nr = index_frames_at(image->index, offset, frames, INDEX_FRAMES_MAX);

	if (!nr)
		return NULL;
	uint32_t caller = frame_function(f, image, &frames[nr - 1]);
	if (caller == LEAST_NONE || caller == callee || !functions[caller].function->count)
		return NULL;
	/* An inlined function that was not reached does not call. */
	uint32_t inlined = frame_function(f, image, &frames[0]);
	if (inlined != LEAST_NONE && !functions[inlined].function->count)
		return NULL;
	uint32_t file = frames[0].file == INDEX_NONE ? LEAST_NONE : image->files[frames[0].file];
	const struct least_call call = {
		.callee = callee,
		.caller = caller,
		.path = file == LEAST_NONE ? functions[caller].file->path
					   : f->least->view->coverage.files[file].path,
		.line = file == LEAST_NONE ? 0 : frames[0].line,
	};
	return least_call_vector_append(&f->least->calls, &call) ? NULL : &error_no_memory;
}

/* A task that gets there is no longer recorded: no test can reach it. */
static bool is_recorded(const struct index *index, uint32_t offset)
{
	size_t nr;
	uint32_t block = index_find_block(index, offset);

	return block == INDEX_NONE ||
	       !(index_blocks(index, &nr)[block].flags & INDEX_BLOCK_UNRECORDED);
}

static void count_blocks(struct finder *f, struct image_functions *image)
{
	size_t nr;
	const struct index_block *blocks = index_blocks(image->index, &nr);

	for (size_t i = 0; i < nr; i++) {
		uint32_t function = blocks[i].symbol == INDEX_NONE
					    ? LEAST_NONE
					    : symbol_function(f, image, blocks[i].symbol);

		if (function != LEAST_NONE)
			f->least->functions[function].nr_blocks++;
	}
}

/* A call at offset that names the function of a symbol. */
static struct error *add_named(struct finder *f, struct image_functions *image, uint32_t offset,
			       uint32_t symbol)
{
	uint32_t callee = symbol_function(f, image, symbol);

	if (callee == LEAST_NONE || !f->least->functions[callee].is_listed)
		return NULL;
	f->least->functions[callee].is_called = true;
	return is_recorded(image->index, offset) ? add_call(f, image, offset, callee) : NULL;
}

static struct error *add_image(struct finder *f, struct image_functions *image)
{
	size_t nr, nr_tail;
	const struct index_call *calls = index_calls(image->index, &nr);
	const struct index_tail_call *tail_calls = index_tail_calls(image->index, &nr_tail);
	struct error *err = NULL;

	count_blocks(f, image);
	for (size_t i = 0; !err && i < nr; i++)
		if (calls[i].kind == INDEX_CALL && calls[i].target != INDEX_NONE)
			err = add_named(f, image, calls[i].offset, calls[i].target);
	for (size_t i = 0; !err && i < nr_tail; i++)
		err = add_named(f, image, tail_calls[i].offset, tail_calls[i].target);
	return err;
}

static struct error *add_module(struct finder *f, const struct index *index)
{
	_cleanup_(image_functions_deinit) struct image_functions image = { 0 };
	struct error *err = image_functions_init(&image, f, index);

	if (!err && !f->exported.len)
		err = find_exported(f);
	return err ? err : add_image(f, &image);
}

/* A call, and how often its caller was executed. */
struct ranked_call {
	struct least_call call;
	uint64_t count;
};

static bool call_is_before(const struct ranked_call *a, const struct ranked_call *b)
{
	if (a->call.callee != b->call.callee)
		return a->call.callee < b->call.callee;
	if (a->count != b->count)
		return a->count > b->count;
	if (a->call.caller != b->call.caller)
		return a->call.caller < b->call.caller;
	int order = strcmp(a->call.path, b->call.path);
	return order ? order < 0 : a->call.line < b->call.line;
}

DEFINE_SORT(sort_calls, struct ranked_call, call_is_before(a, b));
DEFINE_VECTOR(ranked_call_vector, struct ranked_call);

/* Sort calls, and keep one of each caller. */
static struct error *finish_calls(struct least *l)
{
	_cleanup_(ranked_call_vector_deinit) struct ranked_call_vector ranked = VECTOR_INIT;
	size_t nr = 0;

	vector_for_each(&l->calls, call) {
		const struct ranked_call r = { *call, l->functions[call->caller].function->count };

		if (!ranked_call_vector_append(&ranked, &r))
			return &error_no_memory;
	}
	if (!sort_calls(ranked.data, ranked.len))
		return &error_no_memory;
	vector_for_each(&ranked, r) {
		struct least_function *callee = &l->functions[r->call.callee];
		const struct least_call *last = nr ? &l->calls.data[nr - 1] : NULL;

		if (last && last->callee == r->call.callee && last->caller == r->call.caller)
			continue;
		if (!callee->nr_calls++)
			callee->first_call = nr;
		l->calls.data[nr++] = r->call;
	}
	l->calls.len = nr;
	return NULL;
}

struct error *least_find_calls(struct least *l, const struct path_map *map,
			       const struct report_images *images)
{
	_cleanup_(finder_deinit) struct finder f = { .least = l, .map = map };
	struct error *err = image_functions_init(&f.vmlinux, &f, images->indexes[0]);

	if (!err)
		err = add_image(&f, &f.vmlinux);
	for (size_t i = 1; !err && i <= images->nr_modules; i++)
		if (images->indexes[i])
			err = add_module(&f, images->indexes[i]);
	return err ? err : finish_calls(l);
}
