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

static bool same_function(const struct image *image, const uint32_t *parent, uint64_t a, uint64_t b)
{
	size_t sa, sb;

	return image_find_symbol(image, a, &sa) && image_find_symbol(image, b, &sb) &&
	       parent[sa] == parent[sb];
}

static bool read_table(const struct image *image, const struct arch *arch, const uint32_t *parent,
		       const struct jump *jump, const struct address_vector *tables,
		       struct flow_patch_vector *ret)
{
	const struct jump_table *table = &jump->table;
	size_t size;
	const uint8_t *entries = image_data_at(image, table->address, &size);

	for (uint64_t i = 0;
	     entries && i < TABLE_ENTRIES_MAX && (i + 1) * table->entry_size <= size; i++) {
		uint64_t offset = i * table->entry_size;
		struct flow_patch p = { .address = jump->address };

		if (i && has_address(tables, table->address + offset))
			return true;
		p.target = arch->jump_target(table, entries + offset);
		if (!same_function(image, parent, jump->address, p.target))
			return true;
		if (!flow_patch_vector_append(ret, &p))
			return false;
	}
	return true;
}

struct error *flow_jump_tables(const struct image *image, const struct code *code,
			       const uint32_t *parent, struct flow_patch_vector *ret)
{
	struct jump_vector jumps = VECTOR_INIT;
	struct address_vector tables = VECTOR_INIT;
	/* In a .ko the tables are not relocated. */
	bool ok = image_is_module(image) || !code->arch->find_jump_table ||
		  find_jumps(image, code, &jumps);

	vector_for_each(&jumps, j)
		ok = ok && address_vector_append(&tables, &j->table.address);
	sort_addresses(&tables);
	/* If its table is not read, the successors of a jump are not known. */
	for (size_t i = 0; ok && i < jumps.len && ret->len < ENTRIES_MAX; i++)
		ok = read_table(image, code->arch, parent, &jumps.data[i], &tables, ret);
	jump_vector_deinit(&jumps);
	address_vector_deinit(&tables);
	return ok ? NULL : &error_no_memory;
}
