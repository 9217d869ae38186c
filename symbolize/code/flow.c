// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Build the flow of control of instrumented functions: find their regions, then
 * the leaders (starts of blocks), then the blocks, then the edges.
 */
#include "symbolize/code/flow.h"

#include <string.h>

#include "base/search.h"

/* A segment of an instrumented function. */
struct region {
	uint64_t start, end;
	uint32_t function;
	bool is_part; /* part of another symbol's function: entered by jumps only */
};

DEFINE_VECTOR(region_vector, struct region);

struct flow_builder {
	const struct image *image;
	const struct image_symbol *symbols;
	size_t nr_symbols;
	const struct code *code;
	struct flow_tables tables;
	struct address_vector entries; /* ascending: entered from elsewhere */
	struct address_vector leaders;
	struct region_vector regions;	/* ascending */
	uint8_t *is_instrumented;	/* by symbol */
	uint8_t *is_open;		/* by symbol: a table that cannot be read refers to it */
	struct flow_patch_vector jumps; /* indirect, ascending */
	uint32_t *parent;		/* by symbol: the function it is a part of, or itself */
	struct address_vector panics;	/* ascending: calls of the stack protector, jumps there */
	struct flow_calls calls;
	unsigned int jobs;
	const struct log *log;
	struct flow *flow;
};

static const struct code_segment *find_segment(const struct code *code, uint64_t address)
{
	const struct code_segment_vector *v = &code->segments;
	size_t after = search_first(v->len, i, v->data[i].start > address);
	const struct code_segment *s = after ? &v->data[after - 1] : NULL;

	return s && address < s->end ? s : NULL;
}

static const struct region *find_region(const struct flow_builder *b, uint64_t address)
{
	const struct region_vector *v = &b->regions;
	size_t after = search_first(v->len, i, v->data[i].start > address);
	const struct region *r = after ? &v->data[after - 1] : NULL;

	return r && address < r->end ? r : NULL;
}

uint32_t flow_next_block(const struct flow *flow, uint64_t address)
{
	const struct flow_block *blocks = flow->blocks.data;

	return search_first(flow->blocks.len, i, blocks[i].start + blocks[i].size > address);
}

bool flow_find_block(const struct flow *flow, uint64_t address, uint32_t *ret)
{
	*ret = flow_next_block(flow, address);
	return *ret < flow->blocks.len && flow->blocks.data[*ret].start <= address;
}

bool flow_ranges(const struct flow *flow, struct address_range_vector *ret)
{
	if (!address_range_vector_reserve(ret, flow->blocks.len))
		return false;
	vector_for_each(&flow->blocks, block)
		address_range_vector_append(
			ret, &(struct address_range){ block->start, block->start + block->size });
	return true;
}

static bool is_direct_jump(const struct insn *t)
{
	return t->kind == INSN_JUMP || t->kind == INSN_BRANCH;
}

static void find_parts(struct flow_builder *b)
{
	for (size_t i = 0; i < b->nr_symbols; i++)
		b->parent[i] = i;
	vector_for_each(&b->code->transfers, t) {
		if (!is_direct_jump(t))
			continue;
		const struct code_segment *from = find_segment(b->code, t->address);
		const struct code_segment *to = find_segment(b->code, t->target);
		if (!from || !to || from->symbol == CODE_NO_SYMBOL || to->symbol == CODE_NO_SYMBOL)
			continue;
		/* By its name alone it may be of another file. */
		if (from->symbol != to->symbol &&
		    flow_is_cold_part(b->image, to->symbol, from->symbol))
			b->parent[to->symbol] = from->symbol;
	}
}

static void find_instrumented(struct flow_builder *b)
{
	vector_for_each(&b->code->points, p) {
		const struct code_segment *s = find_segment(b->code, p->address);

		if (s && s->symbol != CODE_NO_SYMBOL)
			b->is_instrumented[b->parent[s->symbol]] = true;
	}
}

/* Any of its instructions may be replaced by a jump, and any may be the target of one. */
static void find_open(struct flow_builder *b)
{
	vector_for_each(&b->tables.unknown, address) {
		const struct code_segment *s = find_segment(b->code, *address);

		if (s && s->symbol != CODE_NO_SYMBOL)
			b->is_open[b->parent[s->symbol]] = true;
	}
}

static bool make_regions(struct flow_builder *b)
{
	vector_for_each(&b->code->segments, s) {
		if (s->symbol == CODE_NO_SYMBOL || !b->is_instrumented[b->parent[s->symbol]])
			continue;
		struct region r = { s->start, s->end, b->parent[s->symbol],
				    b->parent[s->symbol] != s->symbol };
		if (!region_vector_append(&b->regions, &r))
			return false;
		/* A label within a function is not an entry. */
		if (!r.is_part && s->start == b->symbols[s->symbol].address &&
		    !address_vector_append(&b->entries, &s->start))
			return false;
	}
	vector_for_each(&b->tables.entries, e)
		if (!address_vector_append(&b->entries, e))
			return false;
	sort_addresses(&b->entries);
	return true;
}

/*
 * The stack protector's check is inserted after instrumentation, so the block of a
 * failed check has no point. A task that fails it panics before its coverage can
 * be read. So we leave out the edge to that block: the code after the check is then
 * known to be executed.
 */
static bool find_panics(struct flow_builder *b)
{
	vector_for_each(&b->code->calls, c)
		if (c->target != CODE_NO_SYMBOL &&
		    !strcmp(b->symbols[c->target].name, "__stack_chk_fail") &&
		    !address_vector_append(&b->panics, &c->address))
			return false;
	size_t nr = b->panics.len;
	/* Clang may write "je ok; jmp fail": such a jump counts, too. */
	vector_for_each(&b->code->transfers, t) {
		const struct address_vector calls = { .data = b->panics.data, .len = nr };

		if (t->kind == INSN_JUMP && has_address(&calls, t->target) &&
		    !address_vector_append(&b->panics, &t->address))
			return false;
	}
	sort_addresses(&b->panics);
	return true;
}

static bool panics(const struct flow_builder *b, const struct flow_block *block)
{
	size_t i = find_address(&b->panics, block->start);

	return i < b->panics.len && b->panics.data[i] < block->start + block->size;
}

static bool add_leader(struct flow_builder *b, uint64_t address)
{
	return !find_region(b, address) || address_vector_append(&b->leaders, &address);
}

static bool find_leaders(struct flow_builder *b)
{
	bool ok = true;

	vector_for_each(&b->regions, r) {
		ok = ok && address_vector_append(&b->leaders, &r->start);
		if (b->is_open[r->function])
			ok = ok && flow_tables_split(&b->tables, b->image, b->code->arch, r->start,
						     r->end, &b->leaders);
	}
	vector_for_each(&b->entries, e)
		ok = ok && add_leader(b, *e);
	vector_for_each(&b->code->transfers, t) {
		ok = ok && add_leader(b, t->address + t->size);
		if (is_direct_jump(t))
			ok = ok && add_leader(b, t->target);
	}
	vector_for_each(&b->calls.finals, end)
		ok = ok && add_leader(b, *end);
	vector_for_each(&b->calls.silencers, end)
		ok = ok && add_leader(b, *end);
	vector_for_each(&b->jumps, j)
		ok = ok && add_leader(b, j->target);
	vector_for_each(&b->tables.patches, p) {
		ok = ok && add_leader(b, p->end);
		ok = ok && (!p->target || add_leader(b, p->target));
	}
	sort_addresses(&b->leaders);
	return ok;
}

/* The first point at or after address that is recorded whenever it is executed; NULL = none. */
static const struct code_point *next_point(const struct code *code, uint64_t address)
{
	const struct code_point_vector *v = &code->points;
	size_t i = search_first(v->len, n, v->data[n].address >= address);

	while (i < v->len && v->data[i].kind != CODE_CALL)
		i++;
	return i < v->len ? &v->data[i] : NULL;
}

/*
 * Code after an instruction that may fault is not executed if it does. If that code has a point
 * before the next leader, it becomes a block of its own; else nothing would tell its state. faults:
 * ascending.
 */
static bool split_after_fault(struct flow_builder *b, const struct address_vector *faults, size_t i,
			      struct address_vector *ret)
{
	uint64_t address = faults->data[i];
	uint64_t next = i + 1 < faults->len ? faults->data[i + 1] : UINT64_MAX;
	size_t leader = find_address(&b->leaders, address + 1), size;
	const struct region *r = find_region(b, address);
	const uint8_t *code = image_code_at(b->image, address, &size);
	struct insn insn;

	if (!r || !code || !b->code->arch->decode(code, size, address, &insn))
		return true;
	uint64_t end = address + insn.size;
	const struct code_point *point = next_point(b->code, end);
	if (leader < b->leaders.len && b->leaders.data[leader] < next)
		next = b->leaders.data[leader];
	if (!point || point->address >= r->end || point->address >= next)
		return true;
	return address_vector_append(ret, &end);
}

static bool split_after_faults(struct flow_builder *b)
{
	struct address_vector faults = VECTOR_INIT, ends = VECTOR_INIT;
	bool ok = address_vector_extend(&faults, &b->tables.faults);

	sort_addresses(&faults);
	for (size_t i = 0; ok && i < faults.len; i++)
		ok = split_after_fault(b, &faults, i, &ends);
	ok = ok && address_vector_extend(&b->leaders, &ends);
	sort_addresses(&b->leaders);
	address_vector_deinit(&faults);
	address_vector_deinit(&ends);
	return ok;
}

static bool make_blocks(struct flow_builder *b)
{
	for (size_t i = 0; i < b->leaders.len; i++) {
		uint64_t start = b->leaders.data[i];
		const struct region *r = find_region(b, start);
		uint64_t end = i + 1 < b->leaders.len && b->leaders.data[i + 1] < r->end
				       ? b->leaders.data[i + 1]
				       : r->end;
		struct flow_block block = {
			.start = start,
			.size = end - start,
			.function = r->function,
			.flags = has_address(&b->entries, start) ? FLOW_OPEN_IN : 0,
		};
		if (b->is_open[r->function])
			block.flags |= FLOW_OPEN_IN | FLOW_OPEN_OUT;
		if (!flow_block_vector_append(&b->flow->blocks, &block))
			return false;
	}
	return true;
}

/* Add an edge to the block at target. If there is none, the flow leaves the instrumented code. */
static bool add_edge(struct flow_builder *b, struct flow_block *from, uint64_t target)
{
	uint32_t to;

	if (!flow_find_block(b->flow, target, &to) || b->flow->blocks.data[to].start != target) {
		from->flags |= FLOW_LEAVES;
		return true;
	}
	if (panics(b, &b->flow->blocks.data[to]))
		return true;
	for (size_t i = from->first_edge; i < b->flow->edges.len; i++)
		if (b->flow->edges.data[i] == to)
			return true;
	return flow_edge_vector_append(&b->flow->edges, &to);
}

static bool add_branch(struct flow_builder *b, struct flow_block *block, const struct insn *t)
{
	size_t before = b->flow->edges.len;

	if (!add_edge(b, block, t->target) || !add_edge(b, block, t->address + t->size))
		return false;
	if (b->flow->edges.len == before + 2)
		block->flags |= FLOW_BRANCH;
	return true;
}

static bool add_table(struct flow_builder *b, struct flow_block *block, const struct insn *t)
{
	const struct flow_patch_vector *v = &b->jumps;
	size_t i = search_first(v->len, j, v->data[j].address >= t->address);

	if (i == v->len || v->data[i].address != t->address)
		block->flags |= FLOW_OPEN_OUT;
	for (; i < v->len && v->data[i].address == t->address; i++)
		if (!add_edge(b, block, v->data[i].target))
			return false;
	return true;
}

/* t: the transfer that ends the block, NULL = the block falls through. */
static bool add_edges(struct flow_builder *b, struct flow_block *block, const struct insn *t)
{
	uint64_t end = block->start + block->size;

	if (panics(b, block) || (!t && has_address(&b->calls.finals, end))) {
		block->flags |= FLOW_OPEN_OUT;
		return true;
	}
	if (!t) {
		const struct region *r = find_region(b, end);

		/* The flow does not fall through from one function to the next. */
		if (r && r->function == block->function)
			return add_edge(b, block, end);
		block->flags |= FLOW_OPEN_OUT;
		return true;
	}
	switch (t->kind) {
	case INSN_JUMP:
		return add_edge(b, block, t->target);
	case INSN_BRANCH:
		return add_branch(b, block, t);
	case INSN_JUMP_INDIRECT:
		return add_table(b, block, t);
	case INSN_TRAP: /* WARN() goes on, BUG() does not */
		block->flags |= FLOW_OPEN_OUT;
		return add_edge(b, block, end);
	case INSN_RETURN:
		block->flags |= FLOW_RETURNS | FLOW_LEAVES;
		return true;
	default:
		block->flags |= FLOW_LEAVES;
		return true;
	}
}

/* A patched instruction may be shorter than the room for it: the block of its start counts. */
static bool add_patches(struct flow_builder *b, struct flow_block *block, size_t *next)
{
	const struct flow_patch_vector *v = &b->tables.patches;
	bool ok = true;

	while (*next < v->len && v->data[*next].address < block->start)
		++*next;
	for (; ok && *next < v->len && v->data[*next].address < block->start + block->size;
	     ++*next) {
		block->flags &= ~FLOW_BRANCH;
		ok = add_edge(b, block, v->data[*next].end) &&
		     (!v->data[*next].target || add_edge(b, block, v->data[*next].target));
	}
	return ok;
}

/* Some instructions are tried again with another operand (loadsegment()): the flow goes on. */
static void mark_faults(struct flow_builder *b)
{
	const struct address_vector *faults = &b->tables.faults;
	uint32_t block;

	for (size_t i = 0; i < faults->len; i++)
		if (faults->data[i] != b->tables.entries.data[i] &&
		    flow_find_block(b->flow, faults->data[i], &block))
			b->flow->blocks.data[block].flags |= FLOW_FAULTS;
}

static bool make_edges(struct flow_builder *b)
{
	const struct insn_vector *transfers = &b->code->transfers;
	size_t next = 0, next_patch = 0;

	vector_for_each(&b->flow->blocks, block) {
		const struct insn *t = NULL;
		uint64_t end = block->start + block->size;

		block->first_edge = b->flow->edges.len;
		while (next < transfers->len && transfers->data[next].address < block->start)
			next++;
		while (next < transfers->len && transfers->data[next].address < end) {
			if (transfers->data[next].address + transfers->data[next].size == end)
				t = &transfers->data[next];
			next++;
		}
		if (!add_edges(b, block, t) || !add_patches(b, block, &next_patch))
			return false;
	}
	return true;
}

static struct error *flow_build(struct flow_builder *b)
{
	b->is_instrumented = calloc(b->nr_symbols + 1, 1);
	b->is_open = calloc(b->nr_symbols + 1, 1);
	b->parent = calloc(b->nr_symbols + 1, sizeof(*b->parent));
	if (!b->is_instrumented || !b->is_open || !b->parent)
		return &error_no_memory;
	struct error *err = flow_tables_init(&b->tables, b->image, b->code->arch, b->log);
	if (err)
		return err;
	find_parts(b);
	err = flow_jump_tables(b->image, b->code, b->parent, &b->jumps);
	if (err)
		return err;
	find_instrumented(b);
	find_open(b);
	err = flow_calls_init(&b->calls, b->image, b->code, b->jobs);
	if (err)
		return err;
	if (!find_panics(b) || !make_regions(b) || !find_leaders(b) || !split_after_faults(b) ||
	    !make_blocks(b) || !make_edges(b) || !flow_mark_unrecorded(b->flow, &b->calls))
		return &error_no_memory;
	mark_faults(b);
	return NULL;
}

struct error *flow_init(struct flow *flow, const struct image *image, const struct code *code,
			unsigned int jobs, const struct log *log)
{
	struct flow f = { 0 };
	struct flow_builder b = {
		.image = image, .code = code, .jobs = jobs, .log = log, .flow = &f
	};

	b.symbols = image_symbols(image, &b.nr_symbols);
	struct error *err = flow_build(&b);
	flow_tables_deinit(&b.tables);
	address_vector_deinit(&b.entries);
	address_vector_deinit(&b.leaders);
	region_vector_deinit(&b.regions);
	flow_patch_vector_deinit(&b.jumps);
	address_vector_deinit(&b.panics);
	flow_calls_deinit(&b.calls);
	free(b.is_instrumented);
	free(b.is_open);
	free(b.parent);
	if (err) {
		flow_deinit(&f);
		return err;
	}
	*flow = f;
	return NULL;
}

void flow_deinit(struct flow *flow)
{
	flow_block_vector_deinit(&flow->blocks);
	flow_edge_vector_deinit(&flow->edges);
	*flow = (struct flow){ 0 };
}
