// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Read the tables in which the kernel records where it changes the flow of
 * control (enum kernel_table). The arch reads their entries. Those of a .ko were
 * relocated when it was opened.
 */
#include <stdlib.h>

#include "base/search.h"
#include "symbolize/code/flow.h"

struct table_reader {
	const struct image *image;
	const struct arch *arch;
};

static bool decode_at(const struct table_reader *r, uint64_t address, struct insn *ret)
{
	size_t size;
	const uint8_t *code = image_code_at(r->image, address, &size);

	return code && r->arch->decode(code, size, address, ret);
}

/*
 * Skip entries whose fixup is the next instruction (load_unaligned_zeropad()): they
 * add no edge.
 */
static bool add_exception(struct flow_tables *tables, const struct table_reader *r,
			  const struct kernel_table_entry *e)
{
	struct insn insn;

	if (decode_at(r, e->code, &insn) && e->code + insn.size == e->target)
		return true;
	return address_vector_append(&tables->faults, &e->code) &&
	       address_vector_append(&tables->entries, &e->target);
}

static bool add_static_key(struct flow_tables *tables, const struct table_reader *r,
			   const struct kernel_table_entry *e)
{
	struct flow_patch p = { .address = e->code, .target = e->target };
	struct insn insn;

	if (!decode_at(r, p.address, &insn))
		return true;
	p.end = p.address + insn.size;
	return flow_patch_vector_append(&tables->patches, &p);
}

/* Only alternatives that jump before or after patching matter: the others add no edges. */
static bool add_alternative(struct flow_tables *tables, const struct table_reader *r,
			    const struct kernel_table_entry *e)
{
	struct flow_patch p = { .address = e->code, .end = e->code + e->code_size };
	struct insn old = { 0 }, new = { 0 };

	decode_at(r, e->code, &old);
	if (e->target_size)
		decode_at(r, e->target, &new);
	if (old.kind != INSN_JUMP && new.kind != INSN_JUMP)
		return true;
	p.target = new.kind == INSN_JUMP ? new.target : 0;
	return flow_patch_vector_append(&tables->patches, &p);
}

static bool (*const add_entry[])(struct flow_tables *tables, const struct table_reader *r,
				 const struct kernel_table_entry *e) = {
	[KERNEL_EXCEPTIONS] = add_exception,
	[KERNEL_STATIC_KEYS] = add_static_key,
	[KERNEL_ALTERNATIVES] = add_alternative,
};

static bool read_table(struct flow_tables *tables, const struct table_reader *r,
		       enum kernel_table table)
{
	size_t size = r->arch->table_entry_sizes[table];
	struct image_bytes t;

	if (!size || !image_table(r->image, table, &t))
		return true;
	for (size_t at = 0; at + size <= t.size; at += size) {
		struct kernel_table_entry e;

		r->arch->read_table_entry(table, t.data + at, t.address + at, &e);
		if (!add_entry[table](tables, r, &e))
			return false;
	}
	return true;
}

static int compare_patches(const void *va, const void *vb)
{
	const struct flow_patch *a = va, *b = vb;

	if (a->address != b->address)
		return compare_values(a->address, b->address);
	return compare_values(a->target, b->target);
}

struct error *flow_tables_init(struct flow_tables *tables, const struct image *image,
			       const struct arch *arch)
{
	struct table_reader r = { .image = image, .arch = arch };
	struct flow_tables t = { 0 };

	for (int table = 0; table < KERNEL_TABLES; table++)
		if (!read_table(&t, &r, table)) {
			flow_tables_deinit(&t);
			return &error_no_memory;
		}
	if (t.patches.len)
		qsort(t.patches.data, t.patches.len, sizeof(*t.patches.data), compare_patches);
	*tables = t;
	return NULL;
}

void flow_tables_deinit(struct flow_tables *tables)
{
	flow_patch_vector_deinit(&tables->patches);
	address_vector_deinit(&tables->faults);
	address_vector_deinit(&tables->entries);
	*tables = (struct flow_tables){ 0 };
}
