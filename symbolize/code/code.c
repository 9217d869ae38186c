// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Decode all code: a linear sweep over every executable section, as objdump does
 * it, which restarts at every symbol.
 *
 * After bytes that capstone does not know (4.0.2 lacks some of the kernel's
 * instructions) the sweep may be out of step. So all places that could be a call
 * of the callback are found beforehand by their displacement. Other bytes match
 * that by chance once in 2^32. After unknown bytes the sweep resumes at the next
 * such place. While the sweep is in step, such a place counts only if an
 * instruction starts there.
 */
#include "symbolize/code/code.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "symbolize/code/callbacks.h"
#include "symbolize/code/decoder.h"

/* All code is searched once for each callback. There is usually one; veneers add a few. */
#define CALLBACKS_MAX 64

struct sweep {
	const struct image *image;
	const struct image_symbol *symbols;
	size_t nr_symbols;
	struct decoder *decoder;
	struct code *code;
	struct address_vector callbacks, thunks, returns; /* ascending */
	struct address_vector references;		  /* of one section */
	size_t next_reference;
	struct code_edge_vector edges;
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
static struct error *sweep_find_special(struct sweep *s)
{
	const struct arch *arch = s->code->arch;
	bool ok = true;

	for (size_t i = 0; i < s->nr_symbols; i++) {
		const struct image_symbol *sym = &s->symbols[i];

		if (callback_is_name(sym->name))
			ok = ok && address_vector_append(&s->callbacks, &sym->address);
		if (matches(sym->name, arch->indirect_thunks, true))
			ok = ok && address_vector_append(&s->thunks, &sym->address);
		if (matches(sym->name, arch->return_thunks, false))
			ok = ok && address_vector_append(&s->returns, &sym->address);
	}
	s->code->has_callback = s->callbacks.len > 0;
	if (ok && s->callbacks.len > CALLBACKS_MAX)
		return error_create(ERROR_FORMAT,
				    "'%s' has %zu coverage callbacks, more than any kernel",
				    image_path(s->image), s->callbacks.len);
	return ok ? NULL : &error_no_memory;
}

static struct error *sweep_find_references(struct sweep *s, const struct image_section *section)
{
	struct address_vector *v = &s->references;

	v->len = 0;
	s->next_reference = 0;
	vector_for_each(&s->callbacks, target)
		if (!s->code->arch->find_references(section->data, section->size, section->address,
						    *target, v))
			return &error_no_memory;
	if (s->callbacks.len > 1 && v->len)
		qsort(v->data, v->len, sizeof(*v->data), compare_u64);
	return NULL;
}

/* The next reference after address and before end; UINT64_MAX if there is none. */
static uint64_t sweep_next_reference(struct sweep *s, uint64_t address, uint64_t end)
{
	const struct address_vector *v = &s->references;

	while (s->next_reference < v->len && v->data[s->next_reference] <= address)
		s->next_reference++;
	if (s->next_reference == v->len || v->data[s->next_reference] >= end)
		return UINT64_MAX;
	return v->data[s->next_reference];
}

static void set_symbol_flag(struct sweep *s, uint8_t flag)
{
	if (s->symbol != CODE_NO_SYMBOL)
		s->code->symbol_flags[s->symbol] |= flag;
}

/* Record the point that is added next as a tail-jump point of the current symbol. */
static void set_tail_point(struct sweep *s)
{
	if (s->symbol == CODE_NO_SYMBOL)
		return;
	uint32_t *point = &s->code->tail_points[s->symbol];
	*point = *point == CODE_NO_POINT ? s->code->points.len : CODE_MANY_POINTS;
}

static bool add_point(struct sweep *s, const struct insn *insn)
{
	struct code_point p = { .address = insn->address, .size = insn->size };

	p.kind = insn->kind == INSN_CALL ? CODE_CALL : CODE_JUMP;
	if (p.kind == CODE_JUMP) {
		set_symbol_flag(s, CODE_TAIL_POINT);
		set_tail_point(s);
	}
	return code_point_vector_append(&s->code->points, &p);
}

static bool add_call(struct sweep *s, const struct insn *insn)
{
	struct code_call c = { insn->address, CODE_NO_SYMBOL, insn->size, CODE_CALL_INDIRECT };
	size_t symbol;

	if (insn->kind == INSN_CALL && !has_address(&s->thunks, insn->target)) {
		c.kind = CODE_CALL;
		if (image_find_symbol(s->image, insn->target, &symbol))
			c.target = symbol;
	}
	return code_call_vector_append(&s->code->calls, &c);
}

static bool add_jump(struct sweep *s, const struct insn *insn)
{
	struct code_edge e = { .from = s->symbol };
	size_t symbol;

	if (s->symbol == CODE_NO_SYMBOL ||
	    (insn->target >= s->symbol_start && insn->target < s->symbol_end) ||
	    has_address(&s->returns, insn->target))
		return true;
	if (has_address(&s->thunks, insn->target)) {
		set_symbol_flag(s, CODE_TAIL_INDIRECT);
		return true;
	}
	if (!image_find_symbol(s->image, insn->target, &symbol))
		return true;
	if (s->symbols[symbol].is_external)
		set_symbol_flag(s, CODE_TAIL_EXTERNAL);
	e.to = symbol;
	return code_edge_vector_append(&s->edges, &e);
}

static bool sweep_insn(struct sweep *s, const struct insn *insn)
{
	if (insn->kind != INSN_OTHER && insn->kind != INSN_CALL &&
	    insn->kind != INSN_CALL_INDIRECT && !insn_vector_append(&s->code->transfers, insn))
		return false;
	switch (insn->kind) {
	case INSN_CALL:
		if (has_address(&s->callbacks, insn->target))
			return add_point(s, insn);
		return add_call(s, insn);
	case INSN_JUMP:
	case INSN_BRANCH:
		if (has_address(&s->callbacks, insn->target))
			return add_point(s, insn);
		return add_jump(s, insn);
	case INSN_CALL_INDIRECT:
		return add_call(s, insn);
	case INSN_JUMP_INDIRECT:
		set_symbol_flag(s, CODE_TAIL_INDIRECT);
		return true;
	case INSN_OTHER:
	case INSN_RETURN:
	case INSN_TRAP:
		return true;
	}
	return true;
}

static bool sweep_segment(struct sweep *s, const struct image_section *section, uint64_t start,
			  uint64_t end)
{
	bool in_step = true;
	struct insn insn;

	for (uint64_t at = start; at < end;) {
		const uint8_t *code = section->data + (at - section->address);

		if (!decoder_decode(s->decoder, code, end - at, at, &insn)) {
			in_step = false;
			at++;
			continue;
		}
		if (!in_step) {
			uint64_t reference = sweep_next_reference(s, at, end);

			in_step = has_address(&s->references, at);
			if (!in_step && reference < at + insn.size) {
				at = reference;
				continue;
			}
		}
		if (!sweep_insn(s, &insn))
			return false;
		at += insn.size;
	}
	return true;
}

static void sweep_enter_symbol(struct sweep *s, uint64_t address)
{
	size_t symbol;

	s->symbol = CODE_NO_SYMBOL;
	s->symbol_start = s->symbol_end = 0;
	if (!image_find_symbol(s->image, address, &symbol))
		return;
	const struct image_symbol *sym = &s->symbols[symbol];
	s->symbol = symbol;
	s->symbol_start = sym->address;
	s->symbol_end = sym->address + sym->size;
}

static struct error *sweep_section(struct sweep *s, const struct image_section *section,
				   size_t *next_symbol)
{
	uint64_t at = section->address, section_end = at + section->size;
	struct error *err = sweep_find_references(s, section);

	while (!err && at < section_end) {
		uint64_t end = section_end;

		while (*next_symbol < s->nr_symbols && s->symbols[*next_symbol].address <= at)
			++*next_symbol;
		if (*next_symbol < s->nr_symbols && s->symbols[*next_symbol].address < end)
			end = s->symbols[*next_symbol].address;
		sweep_enter_symbol(s, at);
		if (!code_segment_vector_append(&s->code->segments,
						&(struct code_segment){ at, end, s->symbol }) ||
		    !sweep_segment(s, section, at, end))
			err = &error_no_memory;
		at = end;
	}
	return err;
}

static struct error *sweep_image(struct sweep *s, const struct log *log)
{
	uint64_t done = 0, total = 0;
	size_t next_symbol = 0, nr;
	const struct image_section *sections = image_sections(s->image, &nr);

	for (size_t i = 0; i < nr; i++)
		total += sections[i].size;
	for (size_t i = 0; i < nr; i++) {
		struct error *err = sweep_section(s, &sections[i], &next_symbol);

		if (err)
			return err;
		done += sections[i].size;
		log_progress(log, "decoding", done, total);
	}
	return NULL;
}

/* Only one symbol of each address got flags: copy them to its aliases. */
static void copy_to_aliases(struct sweep *s)
{
	struct code *code = s->code;

	for (size_t i = 1; i < s->nr_symbols; i++)
		if (s->symbols[i].address == s->symbols[i - 1].address) {
			code->symbol_flags[i] |= code->symbol_flags[i - 1];
			code->tail_points[i] = code->tail_points[i - 1];
		}
}

static void sweep_deinit(struct sweep *s)
{
	decoder_destroy(s->decoder);
	address_vector_deinit(&s->callbacks);
	address_vector_deinit(&s->thunks);
	address_vector_deinit(&s->returns);
	address_vector_deinit(&s->references);
	code_edge_vector_deinit(&s->edges);
}

struct error *code_init(struct code *code, const struct image *image, const struct log *log)
{
	struct code c = { .arch = arch_find(image_elf_machine(image)) };
	struct sweep s = { .image = image, .code = &c };

	s.symbols = image_symbols(image, &s.nr_symbols);
	c.symbol_flags = calloc(s.nr_symbols + 1, 1);
	c.tail_points = calloc(s.nr_symbols + 1, sizeof(*c.tail_points));
	struct error *err = c.symbol_flags && c.tail_points ? NULL : &error_no_memory;
	for (size_t i = 0; !err && i < s.nr_symbols; i++)
		c.tail_points[i] = CODE_NO_POINT;
	if (!err && s.nr_symbols >= CODE_NO_SYMBOL)
		err = error_create(ERROR_UNSUPPORTED, "'%s' has too many symbols",
				   image_path(image));
	if (!err && !c.arch)
		err = error_create(ERROR_UNSUPPORTED, "'%s' is for %s, whose code cannot be read",
				   image_path(image), image_machine(image));
	if (!err)
		err = decoder_create(c.arch, &s.decoder);
	if (!err)
		err = sweep_find_special(&s);
	if (!err)
		err = sweep_image(&s, log);
	if (!err)
		err = tail_calls_spread(c.symbol_flags, s.nr_symbols, &s.edges);
	if (!err)
		err = tail_points_spread(c.tail_points, s.nr_symbols, &s.edges);
	sweep_deinit(&s);
	if (err) {
		code_deinit(&c);
		return err;
	}
	copy_to_aliases(&s);
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
