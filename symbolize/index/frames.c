// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Look up the frames of an address: see frames.h. An index may come from a file,
 * so nothing in it is trusted: what cannot be decoded is not known.
 */
#include "symbolize/index/frames.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/search.h"
#include "symbolize/index/private.h"

/* Get an integer up to max. */
static uint64_t get(struct packed_reader *r, uint64_t max)
{
	uint64_t v = packed_get(r);

	r->failed = r->failed || v > max;
	return v;
}

/* Get a number that is stored plus one; 0 is INDEX_NONE. It must be below nr. */
static uint32_t get_id(struct packed_reader *r, size_t nr)
{
	return r->failed ? INDEX_NONE : get(r, nr) - 1;
}

/* Read from start to end of an array; false if they are not in it. */
static bool open_chunk(const struct index *index, enum index_array array, uint32_t start,
		       uint32_t end, struct packed_reader *ret)
{
	size_t nr;
	const uint8_t *bytes = index_array(index, array, &nr);

	if (start > end || end > nr)
		return false;
	*ret = packed_reader(bytes + start, end - start);
	return true;
}

/* A place as it is stored: file and line may be relative to the declaration of the scope. */
struct packed_place {
	uint64_t offset;
	uint32_t scope; /* + 1; 0 = none */
	bool has_file;	/* file does not come from the scope */
	uint32_t file;	/* INDEX_NONE = not known */
	uint64_t line;	/* + that of the scope, modulo 2^64 */
	uint32_t column;
};

/* Go on to the next place. False: it cannot be decoded. */
static bool next_place(struct packed_reader *r, size_t nr_files, struct packed_place *place)
{
	uint64_t head = packed_get(r);

	place->offset += head >> PLACE_BITS;
	if (head & PLACE_SCOPE) {
		place->scope += packed_get_signed(r);
		place->has_file = false;
		place->file = INDEX_NONE;
		place->line = 0;
	}
	if (head & PLACE_FILE) {
		place->file = get_id(r, nr_files);
		place->has_file = true;
	}
	if (head & PLACE_LINE)
		place->line += packed_get_signed(r);
	place->column = get(r, UINT32_MAX);
	return !r->failed;
}

/* The place that is active at offset. False if there is none. */
static bool find_place(const struct index *index, uint32_t offset, struct packed_place *ret)
{
	size_t nr, nr_files, nr_bytes;
	const struct index_place_chunk *chunks = index_array(index, INDEX_PLACE_CHUNKS, &nr);
	size_t after = search_first(nr, i, chunks[i].offset > offset);
	struct packed_reader r;

	index_files(index, &nr_files);
	index_array(index, INDEX_PLACES, &nr_bytes);
	if (!after || !open_chunk(index, INDEX_PLACES, chunks[after - 1].start,
				  after < nr ? chunks[after].start : nr_bytes, &r))
		return false;
	struct packed_place next = { .offset = chunks[after - 1].offset, .file = INDEX_NONE };
	if (!next_place(&r, nr_files, &next))
		return false;
	do
		*ret = next;
	while (r.next < r.end && next_place(&r, nr_files, &next) && next.offset <= offset);
	return true;
}

/* A scope as it is stored: the place of the call may be relative to the parent. */
struct packed_scope {
	uint32_t parent; /* distance to it; 0 = none */
	uint32_t function;
	bool has_file; /* file does not come from the parent */
	uint32_t file;
	uint64_t line; /* + that of the parent, modulo 2^64 */
	uint32_t column;
};

/* False: it cannot be decoded. */
static bool next_scope(struct packed_reader *r, size_t nr_functions, size_t nr_files,
		       struct packed_scope *ret)
{
	struct packed_scope scope = { .file = INDEX_NONE };
	uint64_t head = get(r, UINT32_MAX);

	scope.function = get_id(r, nr_functions);
	scope.parent = head >> SCOPE_BITS;
	scope.has_file = head & SCOPE_FILE;
	if (scope.has_file)
		scope.file = get_id(r, nr_files);
	if (scope.parent) {
		scope.line = packed_get_signed(r);
		scope.column = get(r, UINT32_MAX);
	}
	if (r->failed)
		return false;
	*ret = scope;
	return true;
}

static bool find_scope(const struct index *index, uint32_t number, struct packed_scope *ret)
{
	size_t nr, nr_functions, nr_files, nr_bytes;
	const uint32_t *chunks = index_array(index, INDEX_SCOPE_CHUNKS, &nr);
	uint32_t at = number / SCOPES_PER_CHUNK;
	struct packed_reader r;

	index_functions(index, &nr_functions);
	index_files(index, &nr_files);
	index_array(index, INDEX_SCOPES, &nr_bytes);
	if (at >= nr || !open_chunk(index, INDEX_SCOPES, chunks[at],
				    at + 1 < nr ? chunks[at + 1] : nr_bytes, &r))
		return false;
	for (uint32_t i = 0; i <= number % SCOPES_PER_CHUNK; i++)
		if (!next_scope(&r, nr_functions, nr_files, ret))
			return false;
	return ret->parent <= number;
}

/* Fill file and line of a frame. function is that of the scope they may be relative to. */
static void fill_frame(const struct index *index, uint32_t function, bool has_file, uint32_t file,
		       uint64_t line, struct index_frame *frame)
{
	size_t nr;
	const struct index_function *f =
		function == INDEX_NONE ? NULL : &index_functions(index, &nr)[function];

	frame->file = has_file || !f ? file : f->file;
	line += f ? f->line : 0;
	frame->line = line <= INT32_MAX ? line : 0;
}

static const char *symbol_name(const struct index *index, uint32_t offset)
{
	uint32_t symbol = index_find_symbol(index, offset);
	size_t nr;

	return symbol == INDEX_NONE ? NULL
				    : index_string(index, index_symbols(index, &nr)[symbol].name);
}

size_t index_frames_at(const struct index *index, uint32_t offset, struct index_frame *frames,
		       size_t max)
{
	struct packed_place place = { .file = INDEX_NONE };
	struct packed_scope scope = { .function = INDEX_NONE };
	size_t nr = 0;

	if (!max)
		return 0;
	bool found = find_place(index, offset, &place) && place.scope &&
		     find_scope(index, place.scope - 1, &scope);
	uint32_t number = found ? place.scope - 1 : 0;
	fill_frame(index, scope.function, place.has_file, place.file, place.line, &frames[nr]);
	frames[nr].column = place.column;
	frames[nr].function = scope.function == INDEX_NONE
				      ? symbol_name(index, offset)
				      : index_function_name(index, scope.function);
	for (nr++; nr < max && found && scope.parent; nr++) {
		struct packed_scope inner = scope;

		number -= scope.parent;
		found = find_scope(index, number, &scope);
		if (!found)
			break;
		fill_frame(index, scope.function, inner.has_file, inner.file, inner.line,
			   &frames[nr]);
		frames[nr].column = inner.column;
		frames[nr].function = index_function_name(index, scope.function);
	}
	return nr;
}

/* Goes through the places. */
struct visitor {
	const struct index *index;
	void (*visit)(void *arg, uint32_t offset, uint32_t end, uint32_t file, uint32_t line);
	void *arg;
	const uint32_t *functions; /* of each scope; NULL = no memory, so look it up again */
	size_t nr_scopes;
};

/*
 * The functions of all scopes, each chunk decoded once. Where one cannot be decoded, the function
 * is INDEX_NONE from there to the end of the chunk.
 */
static uint32_t *read_functions(const struct index *index, size_t *ret_nr)
{
	size_t nr, nr_functions, nr_files, nr_bytes;
	const uint32_t *chunks = index_array(index, INDEX_SCOPE_CHUNKS, &nr);

	index_functions(index, &nr_functions);
	index_files(index, &nr_files);
	index_array(index, INDEX_SCOPES, &nr_bytes);
	uint32_t *functions = calloc(nr + 1, SCOPES_PER_CHUNK * sizeof(*functions));
	for (size_t i = 0; functions && i < nr; i++) {
		uint32_t *of_chunk = &functions[i * SCOPES_PER_CHUNK];
		struct packed_scope scope;
		struct packed_reader r;
		bool ok = open_chunk(index, INDEX_SCOPES, chunks[i],
				     i + 1 < nr ? chunks[i + 1] : nr_bytes, &r);

		for (uint32_t n = 0; n < SCOPES_PER_CHUNK; n++) {
			ok = ok && next_scope(&r, nr_functions, nr_files, &scope);
			of_chunk[n] = ok && scope.parent <= i * SCOPES_PER_CHUNK + n
					      ? scope.function
					      : INDEX_NONE;
		}
	}
	*ret_nr = nr * SCOPES_PER_CHUNK;
	return functions;
}

static uint32_t function_of(const struct visitor *v, uint32_t scope)
{
	struct packed_scope found;

	if (v->functions)
		return scope < v->nr_scopes ? v->functions[scope] : INDEX_NONE;
	return find_scope(v->index, scope, &found) ? found.function : INDEX_NONE;
}

static void visit_place(struct visitor *v, const struct packed_place *place, uint64_t end)
{
	uint32_t function = place->scope ? function_of(v, place->scope - 1) : INDEX_NONE;
	struct index_frame frame;

	fill_frame(v->index, function, place->has_file, place->file, place->line, &frame);
	if (frame.file != INDEX_NONE && frame.line && place->offset < end && end <= UINT32_MAX)
		v->visit(v->arg, (uint32_t)place->offset, (uint32_t)end, frame.file, frame.line);
}

static void visit_chunk(struct visitor *v, struct packed_reader *r, uint32_t offset, uint32_t end)
{
	struct packed_place place, next = { .offset = offset, .file = INDEX_NONE };
	size_t nr_files;

	index_files(v->index, &nr_files);
	if (!next_place(r, nr_files, &next))
		return;
	for (bool is_last = false; !is_last;) {
		place = next;
		is_last = r->next == r->end || !next_place(r, nr_files, &next);
		visit_place(v, &place, is_last ? end : next.offset);
	}
}

void index_each_line(const struct index *index,
		     void (*visit)(void *arg, uint32_t offset, uint32_t end, uint32_t file,
				   uint32_t line),
		     void *arg)
{
	struct visitor v = { .index = index, .visit = visit, .arg = arg };
	_cleanup_free_ uint32_t *functions = read_functions(index, &v.nr_scopes);
	size_t nr, nr_bytes;
	const struct index_place_chunk *chunks = index_array(index, INDEX_PLACE_CHUNKS, &nr);
	struct packed_reader r;

	v.functions = functions;
	index_array(index, INDEX_PLACES, &nr_bytes);
	for (size_t i = 0; i < nr; i++) {
		bool is_last = i + 1 == nr;

		if (open_chunk(index, INDEX_PLACES, chunks[i].start,
			       is_last ? nr_bytes : chunks[i + 1].start, &r))
			visit_chunk(&v, &r, chunks[i].offset,
				    is_last ? UINT32_MAX : chunks[i + 1].offset);
	}
}
