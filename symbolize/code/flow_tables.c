// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tables in which the kernel keeps what it does to the flow of control. Their
 * entries hold 32-bit displacements from their own place: __ex_table (struct
 * exception_table_entry), __jump_table (struct jump_entry,
 * include/linux/jump_label.h), .altinstructions (struct alt_instr). All as of
 * Linux 6.12. In a .ko they were relocated when it was opened.
 */
#include <string.h>

#include "base/cleanup.h"
#include "symbolize/code/decoder.h"
#include "symbolize/code/flow.h"
#include "symbolize/image/private.h"

#define EXCEPTION_ENTRY_SIZE 12
#define JUMP_ENTRY_SIZE	     16

static const char exceptions[] = "__ex_table";
static const char static_keys[] = "__jump_table";
static const char alternatives[] = ".altinstructions";

bool flow_is_table(const char *section)
{
	return !strcmp(section, exceptions) || !strcmp(section, static_keys) ||
	       !strcmp(section, alternatives);
}

struct table {
	const uint8_t *data;
	uint64_t address;
	size_t size;
};

static bool table_find(const struct image *image, const char *name, struct table *ret)
{
	Elf_Scn *scn = elf_file_section(&image->main, name);
	GElf_Shdr shdr;

	if (!scn || !gelf_getshdr(scn, &shdr) || shdr.sh_type == SHT_NOBITS)
		return false;
	Elf_Data *data = elf_getdata(scn, NULL);
	if (!data || !data->d_buf)
		return false;
	*ret = (struct table){ data->d_buf, image->main.addresses[elf_ndxscn(scn)], data->d_size };
	return true;
}

/* The address that the displacement at `at` leads to. */
static uint64_t table_address(const struct table *table, size_t at)
{
	int32_t displacement;

	memcpy(&displacement, table->data + at, sizeof(displacement));
	return table->address + at + (int64_t)displacement;
}

static bool decode_at(const struct image *image, struct decoder *decoder, uint64_t address,
		      struct insn *ret)
{
	size_t size;
	const uint8_t *code = image_code_at(image, address, &size);

	return code && decoder_decode(decoder, code, size, address, ret);
}

/* What faults and then goes on behind itself (load_unaligned_zeropad()) goes where it goes anyway.
 */
static bool read_exceptions(struct flow_tables *tables, const struct image *image,
			    struct decoder *decoder)
{
	struct table t;

	if (!table_find(image, exceptions, &t))
		return true;
	for (size_t at = 0; at + EXCEPTION_ENTRY_SIZE <= t.size; at += EXCEPTION_ENTRY_SIZE) {
		uint64_t insn = table_address(&t, at), fixup = table_address(&t, at + 4);
		struct insn decoded;

		if (decode_at(image, decoder, insn, &decoded) && insn + decoded.size == fixup)
			continue;
		if (!address_vector_append(&tables->faults, &insn) ||
		    !address_vector_append(&tables->entries, &fixup))
			return false;
	}
	return true;
}

static bool read_static_keys(struct flow_tables *tables, const struct image *image,
			     struct decoder *decoder)
{
	struct table t;

	if (!table_find(image, static_keys, &t))
		return true;
	for (size_t at = 0; at + JUMP_ENTRY_SIZE <= t.size; at += JUMP_ENTRY_SIZE) {
		struct flow_patch p = { .address = table_address(&t, at),
					.target = table_address(&t, at + 4) };
		struct insn insn;

		if (!decode_at(image, decoder, p.address, &insn))
			continue;
		p.end = p.address + insn.size;
		if (!flow_patch_vector_append(&tables->patches, &p))
			return false;
	}
	return true;
}

/* Only what jumps before or after matters: other code stays in its block. */
static bool read_alternatives(struct flow_tables *tables, const struct image *image,
			      struct decoder *decoder)
{
	size_t size = image->arch->alternative_size;
	struct table t;

	if (!size || !table_find(image, alternatives, &t))
		return true;
	for (size_t at = 0; at + size <= t.size; at += size) {
		struct flow_patch p = { .address = table_address(&t, at) };
		uint8_t length = t.data[at + image->arch->alternative_length_at];
		uint8_t new_length = t.data[at + image->arch->alternative_length_at + 1];
		struct insn old = { 0 }, new = { 0 };

		decode_at(image, decoder, p.address, &old);
		if (new_length)
			decode_at(image, decoder, table_address(&t, at + 4), &new);
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
		return a->address < b->address ? -1 : 1;
	return a->target < b->target ? -1 : a->target > b->target;
}

struct error *flow_tables_init(struct flow_tables *tables, const struct image *image)
{
	struct flow_tables t = { 0 };
	struct decoder *decoder = NULL;

	struct error *err = decoder_create(image->arch, &decoder);
	if (err)
		return err;
	if (!read_exceptions(&t, image, decoder) || !read_static_keys(&t, image, decoder) ||
	    !read_alternatives(&t, image, decoder))
		err = &error_no_memory;
	decoder_destroy(decoder);
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
