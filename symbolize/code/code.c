// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Put together what the sweep found in all pieces of the code (sweep.c), in the
 * order of the pieces.
 */
#include "symbolize/code/code.h"

#include <inttypes.h>
#include <string.h>

#include "base/search.h"
#include "base/workers.h"
#include "symbolize/code/sweep.h"
#include "symbolize/image/relocations.h"

/* Bytes of code. Many pieces keep all threads busy to the end. */
#define PIECE_SIZE (128 << 10)

/* The sweep of all pieces, in several threads. */
struct code_job {
	struct sweep *sweep;
	const struct log *log;
};

static struct error *run_piece(void *arg, unsigned int worker, size_t piece)
{
	struct code_job *job = arg;
	struct sweep *s = job->sweep;

	if (worker == 0)
		log_progress(job->log, "decoding", piece, s->pieces.len);
	return sweep_piece(s, &s->pieces.data[piece]);
}

static struct error *sweep_all(struct sweep *s, unsigned int nr_workers, const struct log *log)
{
	struct code_job job = { s, log };

	struct error *err = workers_run(nr_workers, s->pieces.len, run_piece, &job);
	log_progress(log, "decoding", s->pieces.len, s->pieces.len);
	return err;
}

static void apply_marks(struct code *code, const struct sweep_piece *piece)
{
	vector_for_each(&piece->marks, mark) {
		code->symbol_flags[mark->symbol] |= mark->flag;
		if (mark->flag != CODE_TAIL_POINT)
			continue;
		uint32_t *point = &code->tail_points[mark->symbol];
		*point =
			*point == CODE_NO_POINT ? code->points.len + mark->point : CODE_MANY_POINTS;
	}
}

static bool add_piece(struct code *code, struct code_edge_vector *edges,
		      const struct sweep_piece *piece)
{
	apply_marks(code, piece);
	return code_point_vector_extend(&code->points, &piece->points) &&
	       code_call_vector_extend(&code->calls, &piece->calls) &&
	       insn_vector_extend(&code->transfers, &piece->transfers) &&
	       code_segment_vector_extend(&code->segments, &piece->segments) &&
	       code_edge_vector_extend(edges, &piece->edges);
}

/* Free each piece after use: so the memory is needed once, not twice. */
static struct error *add_pieces(struct code *code, struct code_edge_vector *edges, struct sweep *s)
{
	vector_for_each(&s->pieces, piece) {
		if (!add_piece(code, edges, piece))
			return &error_no_memory;
		sweep_piece_deinit(piece);
		*piece = (struct sweep_piece){ 0 };
	}
	return NULL;
}

/* Only one symbol of each address got flags: copy them to its aliases. */
static void copy_to_aliases(struct code *code, const struct sweep *s)
{
	for (size_t i = 1; i < s->nr_symbols; i++)
		if (s->symbols[i].address == s->symbols[i - 1].address) {
			code->symbol_flags[i] |= code->symbol_flags[i - 1];
			code->tail_points[i] = code->tail_points[i - 1];
		}
}

/* They may be calls after all, if data lies between the instructions. */
static void report_doubtful(const struct sweep *s, const struct log *log)
{
	uint64_t first = 0;
	size_t nr = 0;

	vector_for_each(&s->pieces, piece) {
		if (!nr)
			first = piece->first_doubtful;
		nr += piece->nr_doubtful;
	}
	if (nr)
		log_line(log, LOG_WARNING,
			 "'%s': %zu calls of the coverage callback by their bytes are within other "
			 "instructions, the first at 0x%" PRIx64 "; they are not taken for points",
			 image_path(s->image), nr, first);
}

static bool is_in_point(const struct code *code, uint64_t address)
{
	const struct code_point_vector *v = &code->points;
	size_t after = search_first(v->len, i, v->data[i].address > address);

	return after && address - v->data[after - 1].address < v->data[after - 1].size;
}

/* Whether a call goes through a pointer that the linker set to the callback. */
static bool is_through_pointer(const struct code *code, const struct sweep *s,
			       const struct code_call *call)
{
	uint64_t place, pointer;
	size_t size;
	const uint8_t *bytes = call->kind == CODE_CALL_INDIRECT
				       ? image_code_at(s->image, call->address, &size)
				       : NULL;

	if (!bytes || !code->arch->find_call_pointer(bytes, size, call->address, &place))
		return false;
	bytes = image_data_at(s->image, place, &size);
	if (!bytes || size < sizeof(pointer))
		return false;
	memcpy(&pointer, bytes, sizeof(pointer));
	return has_address(&s->callbacks, pointer);
}

static void report_pointers(const struct code *code, const struct sweep *s, const struct log *log)
{
	uint64_t first = 0;
	size_t nr = 0;

	vector_for_each(&code->calls, call)
		if (is_through_pointer(code, s, call) && !nr++)
			first = call->address;
	if (nr)
		log_line(log, LOG_WARNING,
			 "'%s': %zu calls of the coverage callback go through a pointer, the first "
			 "at 0x%" PRIx64 "; they are not taken for points (-fno-plt does this)",
			 image_path(s->image), nr, first);
}

/* Code that was compiled with -fno-plt, or with -mcmodel=large, calls through a pointer. */
static struct error *report_indirect(const struct code *code, const struct sweep *s,
				     const struct log *log)
{
	struct address_vector places = VECTOR_INIT;
	struct error *err = NULL;
	uint64_t first = 0;
	size_t nr = 0;

	vector_for_each(&s->callbacks, callback)
		if (!err)
			err = image_code_relocations(s->image, *callback, &places);
	vector_for_each(&places, place)
		if (!is_in_point(code, *place) && !nr++)
			first = *place;
	address_vector_deinit(&places);
	if (nr)
		log_line(log, LOG_WARNING,
			 "'%s': %zu relocations in code refer to the coverage callback, but are "
			 "not of direct calls, the first at 0x%" PRIx64 "; they are not taken for "
			 "points (-fno-plt and -mcmodel=large do this)",
			 image_path(s->image), nr, first);
	return err;
}

static struct error *read_code(struct code *code, struct sweep *s,
			       const struct code_options *options)
{
	struct code_edge_vector edges = VECTOR_INIT;

	code->has_callback = s->callbacks.len > 0;
	code->symbol_flags = calloc(s->nr_symbols + 1, 1);
	code->tail_points = calloc(s->nr_symbols + 1, sizeof(*code->tail_points));
	if (!code->symbol_flags || !code->tail_points)
		return &error_no_memory;
	for (size_t i = 0; i < s->nr_symbols; i++)
		code->tail_points[i] = CODE_NO_POINT;
	struct error *err = sweep_all(s, options->jobs ? options->jobs : 1, options->log);
	if (err)
		return err;
	report_doubtful(s, options->log);
	err = add_pieces(code, &edges, s);
	if (!err)
		report_pointers(code, s, options->log);
	if (!err)
		err = report_indirect(code, s, options->log);
	if (!err)
		err = tail_calls_spread(code->symbol_flags, s->nr_symbols, &edges);
	if (!err)
		err = tail_points_spread(code->tail_points, s->nr_symbols, &edges);
	code_edge_vector_deinit(&edges);
	if (!err)
		copy_to_aliases(code, s);
	return err;
}

struct error *code_init(struct code *code, const struct image *image,
			const struct code_options *options)
{
	static const struct code_options none;
	struct code c = { .arch = arch_find(image_elf_machine(image)) };
	struct sweep s;
	size_t nr_symbols;

	image_symbols(image, &nr_symbols);
	if (nr_symbols >= CODE_NO_SYMBOL)
		return error_create(ERROR_UNSUPPORTED, "'%s' has too many symbols",
				    image_path(image));
	if (!c.arch)
		return error_create(ERROR_UNSUPPORTED, "'%s' is for %s, whose code cannot be read",
				    image_path(image), image_machine(image));
	if (!options)
		options = &none;
	struct error *err = sweep_init(&s, image, c.arch,
				       options->piece_size ? options->piece_size : PIECE_SIZE);
	if (err)
		return err;
	err = read_code(&c, &s, options);
	sweep_deinit(&s);
	if (err) {
		code_deinit(&c);
		return err;
	}
	*code = c;
	return NULL;
}

void code_deinit(struct code *code)
{
	code_point_vector_deinit(&code->points);
	code_call_vector_deinit(&code->calls);
	insn_vector_deinit(&code->transfers);
	code_segment_vector_deinit(&code->segments);
	free(code->tail_points);
	free(code->symbol_flags);
	*code = (struct code){ 0 };
}
