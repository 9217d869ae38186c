// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Read the tables in which the kernel records where it changes the flow of
 * control (enum kernel_table). Their entries hold 32-bit displacements relative to
 * their own address; arch.h has their sizes. Those of a .ko were relocated when it
 * was opened.
 */
#include <string.h>

#include "base/search.h"
#include "symbolize/code/decoder.h"
#include "symbolize/code/flow.h"

struct table_reader {
	const struct image *image;
	const struct arch *arch;
	struct decoder *decoder;
};

/* The address that the displacement at `at` leads to. */
static uint64_t table_address(const struct image_bytes *table, size_t at)
{
	int32_t displacement;

	memcpy(&displacement, table->data + at, sizeof(displacement));
	return table->address + at + (int64_t)displacement;
}

static bool decode_at(const struct table_reader *r, uint64_t address, struct insn *ret)
{
	size_t size;
	const uint8_t *code = image_code_at(r->image, address, &size);

	return code && decoder_decode(r->decoder, code, size, address, ret);
}

/*
 * Skip entries whose fixup is the next instruction (load_unaligned_zeropad()): they
 * add no edge.
 */
static bool read_exceptions(struct flow_tables *tables, const struct table_reader *r)
{
	size_t size = r->arch->exception_size;
	struct image_bytes t;

	if (!size || !image_table(r->image, KERNEL_EXCEPTIONS, &t))
		return true;
	for (size_t at = 0; at + size <= t.size; at += size) {
		uint64_t insn = table_address(&t, at), fixup = table_address(&t, at + 4);
		struct insn decoded;

		if (decode_at(r, insn, &decoded) && insn + decoded.size == fixup)
			continue;
		if (!address_vector_append(&tables->faults, &insn) ||
		    !address_vector_append(&tables->entries, &fixup))
			return false;
	}
	return true;
}

static bool read_static_keys(struct flow_tables *tables, const struct table_reader *r)
{
	size_t size = r->arch->static_key_size;
	struct image_bytes t;

	if (!size || !image_table(r->image, KERNEL_STATIC_KEYS, &t))
		return true;
	for (size_t at = 0; at + size <= t.size; at += size) {
		struct flow_patch p = { .address = table_address(&t, at),
					.target = table_address(&t, at + 4) };
		struct insn insn;

		if (!decode_at(r, p.address, &insn))
			continue;
		p.end = p.address + insn.size;
		if (!flow_patch_vector_append(&tables->patches, &p))
			return false;
	}
	return true;
}

/* Only alternatives that jump before or after patching matter: the others add no edges. */
static bool read_alternatives(struct flow_tables *tables, const struct table_reader *r)
{
	size_t size = r->arch->alternative_size, length_at = r->arch->alternative_length_at;
	struct image_bytes t;

	if (!size || !image_table(r->image, KERNEL_ALTERNATIVES, &t))
		return true;
	for (size_t at = 0; at + size <= t.size; at += size) {
		struct flow_patch p = { .address = table_address(&t, at) };
		uint8_t length = t.data[at + length_at];
		uint8_t new_length = t.data[at + length_at + 1];
		struct insn old = { 0 }, new = { 0 };

		decode_at(r, p.address, &old);
		if (new_length)
			decode_at(r, table_address(&t, at + 4), &new);
		if (old.kind != INSN_JUMP && new.kind != INSN_JUMP)
			continue;
		p.end = p.address + length;
		p.target = new.kind == INSN_JUMP ? new.target : 0;
		if (!flow_patch_vector_append(&tables->patches, &p))
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

	struct error *err = decoder_create(arch, &r.decoder);
	if (err)
		return err;
	if (!read_exceptions(&t, &r) || !read_static_keys(&t, &r) || !read_alternatives(&t, &r))
		err = &error_no_memory;
	decoder_destroy(r.decoder);
	if (err) {
		flow_tables_deinit(&t);
		return err;
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
