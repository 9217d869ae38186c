// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Read the MD5s of a unit's source files. libdw skips them, so this reads the file table in the
 * header of a line table (DWARF 5, 6.2.4) again, as far as the MD5s need it.
 */
#include <dwarf.h>
#include <string.h>

#include "base/varint.h"
#include "symbolize/image/unit.h"

/* What is left of a line table. After a read beyond its end, failed is set and all values are 0. */
struct bytes {
	const uint8_t *at, *end;
	unsigned int offset_size; /* 4 or 8, by the DWARF format of the unit */
	bool failed;
};

static void skip(struct bytes *b, uint64_t size)
{
	b->failed |= size > (uint64_t)(b->end - b->at);
	b->at = b->failed ? b->end : b->at + size;
}

/* An integer of up to 8 bytes, the lowest first: all machines that we read have this order. */
static uint64_t get(struct bytes *b, unsigned int size)
{
	const uint8_t *from = b->at;
	uint64_t value = 0;

	skip(b, size);
	for (unsigned int i = size; !b->failed && i; i--)
		value = value << 8 | from[i - 1];
	return value;
}

static uint64_t get_uleb(struct bytes *b)
{
	uint64_t value = 0;

	if (b->failed || !varint_get(&b->at, b->end, &value)) {
		b->failed = true;
		return 0;
	}
	return value;
}

static void skip_string(struct bytes *b)
{
	const uint8_t *nul = memchr(b->at, 0, b->end - b->at);

	skip(b, nul ? nul + 1 - b->at : UINT64_MAX);
}

/* The forms that DWARF 5 allows in a file table, and those that name strings in other ways. */
static void skip_form(struct bytes *b, uint64_t form)
{
	switch (form) {
	case DW_FORM_string:
		return skip_string(b);
	case DW_FORM_line_strp:
	case DW_FORM_strp:
	case DW_FORM_strp_sup:
	case DW_FORM_sec_offset:
		return skip(b, b->offset_size);
	case DW_FORM_data1:
	case DW_FORM_strx1:
		return skip(b, 1);
	case DW_FORM_data2:
	case DW_FORM_strx2:
		return skip(b, 2);
	case DW_FORM_strx3:
		return skip(b, 3);
	case DW_FORM_data4:
	case DW_FORM_strx4:
		return skip(b, 4);
	case DW_FORM_data8:
		return skip(b, 8);
	case DW_FORM_data16:
		return skip(b, 16);
	case DW_FORM_udata:
	case DW_FORM_strx:
		(void)get_uleb(b);
		return;
	case DW_FORM_block:
		return skip(b, get_uleb(b));
	default:
		b->failed = true;
	}
}

/* What each entry of a table consists of. */
struct entry_format {
	unsigned int nr;
	uint64_t content[UINT8_MAX], form[UINT8_MAX];
};

static void get_format(struct bytes *b, struct entry_format *format)
{
	format->nr = get(b, 1);
	for (unsigned int i = 0; i < format->nr; i++) {
		format->content[i] = get_uleb(b);
		format->form[i] = get_uleb(b);
	}
}

/* Get an entry. Returns its MD5, or NULL if it has none. */
static const uint8_t *get_entry(struct bytes *b, const struct entry_format *format)
{
	const uint8_t *md5 = NULL;

	for (unsigned int i = 0; !b->failed && i < format->nr; i++) {
		if (format->content[i] == DW_LNCT_MD5 && format->form[i] == DW_FORM_data16)
			md5 = b->at;
		skip_form(b, format->form[i]);
	}
	return b->failed ? NULL : md5;
}

static bool has_md5(const struct entry_format *format)
{
	for (unsigned int i = 0; i < format->nr; i++)
		if (format->content[i] == DW_LNCT_MD5)
			return true;
	return false;
}

/* An entry takes at least a byte: this ends even if a table claims to have 2^64 of them. */
static bool is_possible(const struct bytes *b, const struct entry_format *format, uint64_t nr)
{
	return !b->failed && (format->nr ? nr <= (uint64_t)(b->end - b->at) : !nr);
}

/* Move to the table of files. False if it has no MD5s, or the header is not one of DWARF 5. */
static bool find_files(struct bytes *b, struct entry_format *format, uint64_t *ret_nr)
{
	uint64_t length = get(b, 4);

	b->offset_size = length == UINT32_MAX ? 8 : 4;
	if (length == UINT32_MAX)
		length = get(b, 8);
	if (b->failed || length > (uint64_t)(b->end - b->at))
		return false;
	b->end = b->at + length;
	if (get(b, 2) != 5)
		return false;
	/* Two sizes, the length of the header, and five fields for the line program. */
	skip(b, 2 + b->offset_size + 5);
	uint64_t opcode_base = get(b, 1);
	skip(b, opcode_base ? opcode_base - 1 : 0);
	get_format(b, format);
	uint64_t nr = get_uleb(b);
	if (!is_possible(b, format, nr))
		return false;
	for (uint64_t i = 0; i < nr; i++)
		(void)get_entry(b, format);
	get_format(b, format);
	*ret_nr = get_uleb(b);
	return is_possible(b, format, *ret_nr) && has_md5(format);
}

/* The line table of the unit. False if it has none. */
static bool find_table(const struct unit *unit, struct bytes *ret)
{
	const Elf_Data *data = unit->code->line_tables;
	Dwarf_Die die = unit->ranges_die;
	Dwarf_Attribute attr;
	Dwarf_Word offset;

	if (!data || !data->d_buf ||
	    dwarf_formudata(dwarf_attr(&die, DW_AT_stmt_list, &attr), &offset) ||
	    offset > data->d_size)
		return false;
	const uint8_t *start = data->d_buf;
	*ret = (struct bytes){ start + offset, start + data->d_size, 0, false };
	return true;
}

uint64_t unit_line_table_size(const struct unit *unit)
{
	struct bytes b;

	if (!find_table(unit, &b))
		return 0;
	uint64_t left = b.end - b.at, size = get(&b, 4);
	if (size == UINT32_MAX)
		size = get(&b, 8);
	return size < left ? size : left;
}

static struct error *add_md5(struct unit_part *part, uint32_t path, const uint8_t *bytes)
{
	struct source_md5 md5 = { .state = SOURCE_MD5_ONE };

	while (part->md5s.len <= path)
		if (!source_md5_vector_append(&part->md5s, &(struct source_md5){ 0 }))
			return &error_no_memory;
	memcpy(md5.bytes, bytes, sizeof(md5.bytes));
	source_md5_join(&part->md5s.data[path], &md5);
	return NULL;
}

/* Add the MD5s of the entries whose paths are known. */
static struct error *add_md5s(struct unit *unit, const struct unit_files *table, struct bytes *b)
{
	struct entry_format format;
	struct error *err = NULL;
	uint64_t nr;

	if (!find_files(b, &format, &nr))
		return NULL;
	for (uint64_t i = 0; !err && i < nr && i < table->paths.len; i++) {
		const uint8_t *md5 = get_entry(b, &format);
		uint32_t path = table->paths.data[i];

		if (md5 && path != UNIT_UNRESOLVED && path != PART_NONE)
			err = add_md5(unit->part, path, md5);
	}
	return err;
}

struct error *unit_read_md5s(struct unit *unit, Dwarf_Files *files)
{
	const struct unit_files *table = NULL;
	struct bytes b;

	vector_for_each(&unit->files, f)
		if (f->files == files)
			table = f;
	if (!table || !find_table(unit, &b))
		return NULL;
	const uint8_t *start = b.at;
	struct error *err = add_md5s(unit, table, &b);
	/* Units can share a table. */
	return err ? err : budget_take(unit->budget, BUDGET_NAMES, b.at - start);
}
