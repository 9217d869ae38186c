// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Decode all code: a linear sweep over every executable section, as objdump does
 * it, which restarts at every symbol. So the code between two symbols can be
 * decoded without the code before it.
 *
 * After bytes that are not an instruction the sweep may be out of step. So all
 * places that could be a call of the callback are found beforehand by their
 * displacement. Other bytes match that by chance once in 2^32. After unknown bytes
 * the sweep resumes at the next such place. While the sweep is in step, a place
 * within another instruction is not a point, but it is counted as doubtful.
 */
#include "symbolize/code/sweep.h"

#include <string.h>

#include "base/strbuf.h"
#include "symbolize/code/callbacks.h"

/* All code is searched once for each callback. There is usually one; veneers add a few. */
#define CALLBACKS_MAX 64
/* No instruction is longer, on any machine. */
#define INSN_SIZE_MAX 16

/* A piece while it is swept. */
struct sweeper {
	const struct sweep *sweep;
	struct sweep_piece *piece;
	struct address_vector references;
	size_t next_reference;
	/* of the current segment */
	uint32_t symbol; /* CODE_NO_SYMBOL = none */
	uint64_t symbol_start, symbol_end;
};

static bool matches(const char *name, const char *const *list, bool prefix)
{
	for (; *list; list++)
		if (prefix ? string_starts_with(name, *list) : !strcmp(name, *list))
			return true;
	return false;
}

/* Symbols ascend by address, so the lists ascend, too. */
static struct error *find_special(struct sweep *s)
{
	bool ok = true;

	for (size_t i = 0; i < s->nr_symbols; i++) {
		const struct image_symbol *sym = &s->symbols[i];

		if (callback_is_name(sym->name))
			ok = ok && address_vector_append(&s->callbacks, &sym->address);
		if (callback_is_exit(sym->name))
			ok = ok && address_vector_append(&s->exits, &sym->address);
		if (matches(sym->name, s->arch->indirect_thunks, true))
			ok = ok && address_vector_append(&s->thunks, &sym->address);
		if (matches(sym->name, s->arch->return_thunks, false))
			ok = ok && address_vector_append(&s->returns, &sym->address);
	}
	if (ok && s->callbacks.len > CALLBACKS_MAX)
		return error_create(ERROR_FORMAT,
				    "'%s' has %zu coverage callbacks, more than any kernel",
				    image_path(s->image), s->callbacks.len);
	return ok ? NULL : &error_no_memory;
}

/*
 * Find the references in the piece. The bytes after it matter for those that begin
 * at its very end.
 */
static bool find_references(struct sweeper *s)
{
	const struct image_section *section = s->piece->section;
	const struct address_vector *targets = &s->sweep->callbacks;
	uint64_t offset = s->piece->start - section->address;
	uint64_t size = s->piece->end - s->piece->start;
	struct address_vector *v = &s->references;

	if (section->size - offset - size > INSN_SIZE_MAX)
		size += INSN_SIZE_MAX;
	else
		size = section->size - offset;
	vector_for_each(targets, target)
		if (!s->sweep->arch->find_references(section->data + offset, size, s->piece->start,
						     *target, v))
			return false;
	if (targets->len > 1 && v->len)
		qsort(v->data, v->len, sizeof(*v->data), compare_u64);
	return true;
}

/* The next reference after address; UINT64_MAX if there is none. Addresses must not descend. */
static uint64_t next_reference(struct sweeper *s, uint64_t address)
{
	const struct address_vector *v = &s->references;

	while (s->next_reference < v->len && v->data[s->next_reference] <= address)
		s->next_reference++;
	return s->next_reference < v->len ? v->data[s->next_reference] : UINT64_MAX;
}

/* next_reference() was called for the same address. */
static bool has_reference(const struct sweeper *s, uint64_t address)
{
	return s->next_reference && s->references.data[s->next_reference - 1] == address;
}

static bool mark_symbol(struct sweeper *s, uint8_t flag)
{
	struct sweep_mark mark = { s->symbol, s->piece->points.len, flag };

	return s->symbol == CODE_NO_SYMBOL || sweep_mark_vector_append(&s->piece->marks, &mark);
}

static bool add_point(struct sweeper *s, const struct insn *insn)
{
	struct code_point p = { .address = insn->address, .size = insn->size, .kind = CODE_CALL };

	if (insn->kind != INSN_CALL)
		p.kind = CODE_JUMP;
	else if (has_address(&s->sweep->exits, insn->target))
		p.kind = CODE_EXIT;
	if (p.kind == CODE_JUMP && !mark_symbol(s, CODE_TAIL_POINT))
		return false;
	return code_point_vector_append(&s->piece->points, &p);
}

static bool add_call(struct sweeper *s, const struct insn *insn)
{
	struct code_call c = { insn->address, CODE_NO_SYMBOL, insn->size, CODE_CALL_INDIRECT };
	size_t symbol;

	if (insn->kind == INSN_CALL && !has_address(&s->sweep->thunks, insn->target)) {
		c.kind = CODE_CALL;
		if (image_find_symbol(s->sweep->image, insn->target, &symbol))
			c.target = symbol;
	}
	return code_call_vector_append(&s->piece->calls, &c);
}

static bool add_jump(struct sweeper *s, const struct insn *insn)
{
	struct code_edge e = { .from = s->symbol };
	size_t symbol;

	if (s->symbol == CODE_NO_SYMBOL ||
	    (insn->target >= s->symbol_start && insn->target < s->symbol_end) ||
	    has_address(&s->sweep->returns, insn->target))
		return true;
	if (has_address(&s->sweep->thunks, insn->target))
		return mark_symbol(s, CODE_TAIL_INDIRECT);
	if (!image_find_symbol(s->sweep->image, insn->target, &symbol))
		return true;
	if (s->sweep->symbols[symbol].is_external && !mark_symbol(s, CODE_TAIL_EXTERNAL))
		return false;
	e.to = symbol;
	return code_edge_vector_append(&s->piece->edges, &e);
}

static bool is_point(const struct sweeper *s, const struct insn *insn)
{
	return (insn->kind == INSN_CALL || insn->kind == INSN_JUMP || insn->kind == INSN_BRANCH) &&
	       has_address(&s->sweep->callbacks, insn->target);
}

static bool sweep_insn(struct sweeper *s, const struct insn *insn)
{
	if (insn->kind == INSN_OTHER)
		return true;
	if (insn->kind != INSN_CALL && insn->kind != INSN_CALL_INDIRECT &&
	    !insn_vector_append(&s->piece->transfers, insn))
		return false;
	if (is_point(s, insn))
		return add_point(s, insn);
	switch (insn->kind) {
	case INSN_CALL:
	case INSN_CALL_INDIRECT:
		return add_call(s, insn);
	case INSN_JUMP:
	case INSN_BRANCH:
		return add_jump(s, insn);
	case INSN_JUMP_INDIRECT:
		return mark_symbol(s, CODE_TAIL_INDIRECT);
	case INSN_OTHER:
	case INSN_RETURN:
	case INSN_TRAP:
		return true;
	}
	return true;
}

/*
 * The instruction contains a reference, as bytes of its operands: it looks like a call of the
 * callback. True: it is one, because the instruction before may have been none.
 */
static bool resumes_at(struct sweeper *s, uint64_t reference, bool in_step)
{
	if (!in_step)
		return true;
	if (!s->piece->nr_doubtful++)
		s->piece->first_doubtful = reference;
	return false;
}

static bool sweep_segment(struct sweeper *s, uint64_t start, uint64_t end)
{
	const struct image_section *section = s->piece->section;
	uint64_t section_end = section->address + section->size;
	bool in_step = true;
	struct insn insn;

	for (uint64_t at = start; at < end;) {
		const uint8_t *code = section->data + (at - section->address);
		uint64_t reference = next_reference(s, at);
		bool is_reference = has_reference(s, at);
		/* A symbol in the middle of a call does not hide it. */
		uint64_t room = (is_reference ? section_end : end) - at;

		if (!s->sweep->arch->decode(code, room, at, &insn)) {
			in_step = false;
			at++;
			continue;
		}
		if (reference < at + insn.size && !is_point(s, &insn) &&
		    resumes_at(s, reference, in_step)) {
			at = reference;
			continue;
		}
		in_step = in_step || is_point(s, &insn);
		if (!sweep_insn(s, &insn))
			return false;
		at += insn.size;
	}
	return true;
}

static void enter_symbol(struct sweeper *s, uint64_t address)
{
	size_t symbol;

	s->symbol = CODE_NO_SYMBOL;
	s->symbol_start = s->symbol_end = 0;
	if (!image_find_symbol(s->sweep->image, address, &symbol))
		return;
	const struct image_symbol *sym = &s->sweep->symbols[symbol];
	s->symbol = symbol;
	s->symbol_start = sym->address;
	s->symbol_end = sym->address + sym->size;
}

/* The end of the segment at address: the next symbol, or the end of the section. */
static uint64_t segment_end(const struct sweep *s, uint64_t address, uint64_t section_end,
			    size_t *next_symbol)
{
	while (*next_symbol < s->nr_symbols && s->symbols[*next_symbol].address <= address)
		++*next_symbol;
	if (*next_symbol < s->nr_symbols && s->symbols[*next_symbol].address < section_end)
		return s->symbols[*next_symbol].address;
	return section_end;
}

static bool sweep_segments(struct sweeper *s)
{
	struct sweep_piece *piece = s->piece;
	size_t next_symbol = piece->next_symbol;
	uint64_t end;

	if (!find_references(s))
		return false;
	for (uint64_t at = piece->start; at < piece->end; at = end) {
		end = segment_end(s->sweep, at, piece->end, &next_symbol);
		enter_symbol(s, at);
		struct code_segment segment = { at, end, s->symbol };
		if (!code_segment_vector_append(&piece->segments, &segment) ||
		    !sweep_segment(s, at, end))
			return false;
	}
	return true;
}

struct error *sweep_piece(const struct sweep *sweep, struct sweep_piece *piece)
{
	struct sweeper s = { .sweep = sweep, .piece = piece };
	bool ok = sweep_segments(&s);

	address_vector_deinit(&s.references);
	return ok ? NULL : &error_no_memory;
}

static bool divide_section(struct sweep *s, const struct image_section *section,
			   uint64_t piece_size, size_t *next_symbol)
{
	uint64_t at = section->address, section_end = at + section->size;

	while (at < section_end) {
		struct sweep_piece piece = { .section = section, .start = at };

		segment_end(s, at, section_end, next_symbol);
		piece.next_symbol = *next_symbol;
		while (at < section_end && at - piece.start < piece_size)
			at = segment_end(s, at, section_end, next_symbol);
		piece.end = at;
		if (!sweep_piece_vector_append(&s->pieces, &piece))
			return false;
	}
	return true;
}

static struct error *divide(struct sweep *s, uint64_t piece_size)
{
	size_t nr, next_symbol = 0;
	const struct image_section *sections = image_sections(s->image, &nr);

	for (size_t i = 0; i < nr; i++)
		if (!divide_section(s, &sections[i], piece_size, &next_symbol))
			return &error_no_memory;
	return NULL;
}

struct error *sweep_init(struct sweep *sweep, const struct image *image, const struct arch *arch,
			 uint64_t piece_size)
{
	struct sweep s = { .image = image, .arch = arch };

	s.symbols = image_symbols(image, &s.nr_symbols);
	struct error *err = find_special(&s);
	if (!err)
		err = divide(&s, piece_size);
	if (err) {
		sweep_deinit(&s);
		return err;
	}
	*sweep = s;
	return NULL;
}

void sweep_piece_deinit(struct sweep_piece *piece)
{
	code_point_vector_deinit(&piece->points);
	code_call_vector_deinit(&piece->calls);
	insn_vector_deinit(&piece->transfers);
	code_segment_vector_deinit(&piece->segments);
	code_edge_vector_deinit(&piece->edges);
	sweep_mark_vector_deinit(&piece->marks);
}

void sweep_deinit(struct sweep *sweep)
{
	vector_for_each(&sweep->pieces, piece)
		sweep_piece_deinit(piece);
	sweep_piece_vector_deinit(&sweep->pieces);
	address_vector_deinit(&sweep->callbacks);
	address_vector_deinit(&sweep->exits);
	address_vector_deinit(&sweep->thunks);
	address_vector_deinit(&sweep->returns);
}
