// SPDX-License-Identifier: GPL-2.0-or-later
/* Find the targets of indirect jumps through tables, as compilers write for switch statements. */
#include "symbolize/code/flow.h"

/* No switch statement of a kernel has more targets than this. */
#define TABLE_ENTRIES_MAX 1024
#define ENTRIES_MAX	  (1 << 22)

struct jump {
	uint64_t address;
	struct jump_table table;
};

DEFINE_VECTOR(jump_vector, struct jump);

static bool find_jumps(const struct image *image, const struct code *code, struct jump_vector *ret)
{
	const struct code_segment_vector *segments = &code->segments;
	size_t segment = 0, size;

	vector_for_each(&code->transfers, t) {
		struct jump jump = { .address = t->address };

		if (t->kind != INSN_JUMP_INDIRECT)
			continue;
		while (segment < segments->len && segments->data[segment].end <= t->address)
			segment++;
		if (segment == segments->len)
			break;
		struct jump_window window = { .address = segments->data[segment].start, .jump = t };
		window.code = image_code_at(image, window.address, &size);
		if (window.code && code->arch->find_jump_table(&window, &jump.table) &&
		    !jump_vector_append(ret, &jump))
			return false;
	}
	return true;
}

/* What the tables of an image are read with. */
struct table_reader {
	const struct image *image;
	const struct arch *arch;
	uint32_t *parent;
	struct address_vector tables; /* ascending: where tables begin */
};

/* The function that the code at address belongs to. False: it is in none. */
static bool find_function(const struct table_reader *r, uint64_t address, uint32_t *ret)
{
	size_t symbol;

	if (!image_find_symbol(r->image, address, &symbol))
		return false;
	*ret = r->parent[symbol];
	return true;
}

/*
 * Whether an entry leads to a function. Its cold part may be reached by the table alone: then it
 * becomes known as a part here.
 */
static bool leads_to(const struct table_reader *r, uint64_t target, uint32_t function)
{
	size_t symbol;

	if (!image_find_symbol(r->image, target, &symbol))
		return false;
	if (r->parent[symbol] == symbol && flow_is_cold_part(r->image, symbol, function))
		r->parent[symbol] = function;
	return r->parent[symbol] == function;
}

/*
 * Compilers fill the gaps of a table with the address of code that is never reached. If there is no
 * such code, clang takes the end of the function (Linux tools/objtool/check.c, add_jump_table()).
 */
static bool is_end_of(const struct image *image, uint32_t function, uint64_t address)
{
	size_t nr;
	const struct image_symbol *s = &image_symbols(image, &nr)[function];

	return s->size && address == s->address + s->size;
}

/*
 * Append the targets of a jump. Its table ends at the last entry that leads to its function; one
 * before that may lead elsewhere, to code that is never reached. If there are more entries than any
 * table has, the end is not known, and nothing is appended. False: no memory.
 */
static bool read_table(const struct table_reader *r, const struct jump *jump,
		       struct flow_patch_vector *ret)
{
	const struct jump_table *table = &jump->table;
	size_t size, code_size, first = ret->len, end = first;
	uint32_t function;
	const uint8_t *entries = image_data_at(r->image, table->address, &size);
	bool ok = true;

	if (!entries || !find_function(r, jump->address, &function))
		return true;
	for (uint64_t i = 0; ok && (i + 1) * table->entry_size <= size; i++) {
		uint64_t offset = i * table->entry_size;
		struct flow_patch p = { .address = jump->address };

		if (i && has_address(&r->tables, table->address + offset))
			break;
		p.target = r->arch->jump_target(table, entries + offset);
		bool is_gap = is_end_of(r->image, function, p.target);
		if (!is_gap && !image_code_at(r->image, p.target, &code_size))
			break;
		if (i == TABLE_ENTRIES_MAX) {
			end = end == ret->len ? first : end;
			break;
		}
		if (is_gap)
			continue;
		ok = flow_patch_vector_append(ret, &p);
		if (ok && leads_to(r, p.target, function))
			end = ret->len;
	}
	ret->len = end;
	return ok;
}

struct error *flow_jump_tables(const struct image *image, const struct code *code, uint32_t *parent,
			       struct flow_patch_vector *ret)
{
	struct table_reader reader = { image, code->arch, parent, VECTOR_INIT };
	struct jump_vector jumps = VECTOR_INIT;
	/* In a .ko the tables are not relocated. */
	bool ok = image_is_module(image) || !code->arch->find_jump_table ||
		  find_jumps(image, code, &jumps);

	vector_for_each(&jumps, j)
		ok = ok && address_vector_append(&reader.tables, &j->table.address);
	sort_addresses(&reader.tables);
	/* If its table is not read, the successors of a jump are not known. */
	for (size_t i = 0; ok && i < jumps.len && ret->len < ENTRIES_MAX; i++)
		ok = read_table(&reader, &jumps.data[i], ret);
	jump_vector_deinit(&jumps);
	address_vector_deinit(&reader.tables);
	return ok ? NULL : &error_no_memory;
}
