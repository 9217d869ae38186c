// SPDX-License-Identifier: GPL-2.0-or-later
#include <endian.h>
#include <string.h>

#include "symbolize/flow.h"
#include "symbolize/image_private.h"

/* As many targets as this come from no switch. */
#define TABLE_ENTRIES_MAX 65536

struct jump {
	uint64_t address;
	uint64_t table;
};

DEFINE_VECTOR(jump_vector, struct jump);

static int compare_addresses(const void *va, const void *vb)
{
	uint64_t a = *(const uint64_t *)va, b = *(const uint64_t *)vb;

	return a < b ? -1 : a > b;
}

static const uint8_t *code_at(const struct image *image, uint64_t address)
{
	vector_for_each(&image->sections, s)
		if (address >= s->address && address - s->address < s->size)
			return s->data + (address - s->address);
	return NULL;
}

static bool find_jumps(const struct image *image, const struct code *code, struct jump_vector *ret)
{
	vector_for_each(&code->transfers, t) {
		struct jump jump = { .address = t->address };
		const uint8_t *bytes;

		if (t->kind != INSN_JUMP_INDIRECT || !image->arch->jump_table)
			continue;
		bytes = code_at(image, t->address);
		if (bytes && image->arch->jump_table(bytes, t, &jump.table) &&
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

static bool read_table(const struct image *image, const uint32_t *parent, const struct jump *jump,
		       const struct address_vector *tables, struct flow_patch_vector *ret)
{
	for (uint64_t i = 0; i < TABLE_ENTRIES_MAX; i++) {
		uint64_t at = jump->table + i * sizeof(uint64_t);
		const uint8_t *entry = elf_file_at(&image->main, at, sizeof(uint64_t));
		struct flow_patch p = { .address = jump->address };

		if (!entry ||
		    (i && bsearch(&at, tables->data, tables->len, sizeof(at), compare_addresses)))
			return true;
		memcpy(&p.target, entry, sizeof(p.target));
		p.target = le64toh(p.target);
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
	/* In a .ko tables await relocation. */
	bool ok = image->main.type == ET_REL || find_jumps(image, code, &jumps);

	vector_for_each(&jumps, j)
		ok = ok && address_vector_append(&tables, &j->table);
	if (tables.len)
		qsort(tables.data, tables.len, sizeof(*tables.data), compare_addresses);
	vector_for_each(&jumps, j)
		ok = ok && read_table(image, parent, j, &tables, ret);
	jump_vector_deinit(&jumps);
	address_vector_deinit(&tables);
	return ok ? NULL : &error_no_memory;
}
