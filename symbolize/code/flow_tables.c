// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Read the tables in which the kernel records where it changes the flow of
 * control (enum kernel_table). The arch reads their entries. Those of a .ko were
 * relocated when it was opened.
 */
#include <stdlib.h>

#include "base/search.h"
#include "symbolize/code/flow.h"

/* Jumps in one replacement; none of Linux has more than one. They are kept for each entry. */
#define ALTERNATIVE_JUMPS_MAX 4

struct table_reader {
	const struct image *image;
	const struct arch *arch;
	const struct log *log;
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

/* The next instruction that jumps, from *at on: *at is then after it. */
static bool next_jump(const struct table_reader *r, uint64_t *at, uint64_t end, struct insn *ret)
{
	while (*at < end && decode_at(r, *at, ret)) {
		*at += ret->size;
		if (ret->kind == INSN_JUMP || ret->kind == INSN_BRANCH)
			return true;
	}
	return false;
}

/*
 * Only alternatives that jump before or after patching matter: the others add no edges. Any of
 * their instructions may be the jump. One within the replacement leads to its end at last.
 */
static bool add_alternative(struct flow_tables *tables, const struct table_reader *r,
			    const struct kernel_table_entry *e)
{
	struct flow_patch p = { .address = e->code, .end = e->code + e->code_size };
	uint64_t at = e->target, end = e->target + e->target_size;
	unsigned int n = 0;
	struct insn insn;

	for (; next_jump(r, &at, end, &insn); n++) {
		if (n == ALTERNATIVE_JUMPS_MAX)
			return address_vector_append(&tables->unknown, &p.address);
		p.target = insn.target >= e->target && insn.target <= end ? 0 : insn.target;
		if (!flow_patch_vector_append(&tables->patches, &p))
			return false;
	}
	at = e->code;
	return n || !next_jump(r, &at, p.end, &insn) ||
	       flow_patch_vector_append(&tables->patches, &p);
}

static bool (*const add_entry[])(struct flow_tables *tables, const struct table_reader *r,
				 const struct kernel_table_entry *e) = {
	[KERNEL_EXCEPTIONS] = add_exception,
	[KERNEL_STATIC_KEYS] = add_static_key,
	[KERNEL_ALTERNATIVES] = add_alternative,
};

static bool is_code(const struct table_reader *r, uint64_t address)
{
	size_t size;

	return image_code_at(r->image, address, &size);
}

/* The linker keeps a replacement even if it is empty; then its address means nothing. */
static bool is_plausible(const struct table_reader *r, enum kernel_table table,
			 const struct kernel_table_entry *e)
{
	if (!is_code(r, e->code))
		return false;
	if (table != KERNEL_ALTERNATIVES)
		return is_code(r, e->target);
	return e->target_size <= e->code_size && e->padding <= e->code_size &&
	       (!e->target_size || is_code(r, e->target));
}

static bool fits(const struct table_reader *r, enum kernel_table table, const struct image_bytes *t,
		 size_t size)
{
	if (t->size % size)
		return false;
	for (size_t at = 0; at < t->size; at += size) {
		struct kernel_table_entry e;

		r->arch->read_table_entry(table, t->data + at, size, t->address + at, &e);
		if (!is_plausible(r, table, &e))
			return false;
	}
	return true;
}

/* The exceptions of vmlinux are sorted, and those of a file are in the order of its code. */
static bool ascends(const struct table_reader *r, enum kernel_table table,
		    const struct image_bytes *t, size_t size)
{
	uint64_t last = 0;

	for (size_t at = 0; at < t->size; at += size) {
		struct kernel_table_entry e;

		r->arch->read_table_entry(table, t->data + at, size, t->address + at, &e);
		if (e.code < last)
			return false;
		last = e.code;
	}
	return true;
}

static size_t count_sizes(const struct table_reader *r, enum kernel_table table,
			  const struct image_bytes *t, bool must_ascend, size_t *last)
{
	const uint8_t *sizes = r->arch->table_entry_sizes[table];
	size_t nr = 0;

	for (size_t i = 0; i < TABLE_FORMATS_MAX && sizes[i]; i++)
		if (fits(r, table, t, sizes[i]) &&
		    (!must_ascend || ascends(r, table, t, sizes[i]))) {
			*last = sizes[i];
			nr++;
		}
	return nr;
}

/*
 * The only size of entries with which the whole table makes sense; 0 if there is no such size. Of
 * several, the only one with which the code ascends: all words of a table of exceptions may be
 * references to code.
 */
static size_t find_entry_size(const struct table_reader *r, enum kernel_table table,
			      const struct image_bytes *t)
{
	size_t size = 0, nr = count_sizes(r, table, t, false, &size);

	if (nr > 1)
		nr = count_sizes(r, table, t, true, &size);
	return nr == 1 ? size : 0;
}

static bool add_unknown(struct flow_tables *tables, const struct table_reader *r, uint64_t address)
{
	return !is_code(r, address) || address_vector_append(&tables->unknown, &address);
}

/*
 * The table is of no known format. All formats refer to code by its address or by its distance from
 * the reference: take everything in the table for such references.
 */
static bool add_all_references(struct flow_tables *tables, const struct table_reader *r,
			       const struct image_bytes *t)
{
	for (size_t at = 0; at + 4 <= t->size; at++) {
		uint64_t low = 0, high = 0;

		for (unsigned int i = 0; i < 4; i++) {
			low |= (uint64_t)t->data[at + i] << (8 * i);
			if (at + 8 <= t->size)
				high |= (uint64_t)t->data[at + 4 + i] << (8 * i);
		}
		if (!add_unknown(tables, r, t->address + at + (int64_t)(int32_t)low) ||
		    !add_unknown(tables, r, high << 32 | low))
			return false;
	}
	return true;
}

static const char *const words[] = {
	[KERNEL_EXCEPTIONS] = "exceptions",
	[KERNEL_STATIC_KEYS] = "static keys",
	[KERNEL_ALTERNATIVES] = "alternatives",
};

static bool read_table(struct flow_tables *tables, const struct table_reader *r,
		       enum kernel_table table, struct image_bytes t, size_t *unknown)
{
	size_t size = find_entry_size(r, table, &t);

	if (!size) {
		*unknown += t.size;
		return add_all_references(tables, r, &t);
	}
	for (size_t at = 0; at < t.size; at += size) {
		struct kernel_table_entry e;

		r->arch->read_table_entry(table, t.data + at, size, t.address + at, &e);
		if (!add_entry[table](tables, r, &e))
			return false;
	}
	return true;
}

/* Linkers keep sections of one name apart if their attributes differ. */
static bool read_tables(struct flow_tables *tables, const struct table_reader *r,
			enum kernel_table table)
{
	size_t after = 0, unknown = 0;
	struct image_bytes t;

	if (!r->arch->table_entry_sizes[table][0])
		return true;
	while (image_table(r->image, table, &after, &t))
		if (t.size && !read_table(tables, r, table, t, &unknown))
			return false;
	if (unknown)
		log_line(r->log, LOG_WARNING,
			 "'%s': its table of %s (%zu bytes) has no known format; functions in it "
			 "have jumps that are not known, and lines of unknown state",
			 image_path(r->image), words[table], unknown);
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
			       const struct arch *arch, const struct log *log)
{
	struct table_reader r = { .image = image, .arch = arch, .log = log };
	struct flow_tables t = { 0 };

	for (int table = 0; table < KERNEL_TABLES; table++)
		if (!read_tables(&t, &r, table)) {
			flow_tables_deinit(&t);
			return &error_no_memory;
		}
	if (t.patches.len)
		qsort(t.patches.data, t.patches.len, sizeof(*t.patches.data), compare_patches);
	sort_addresses(&t.unknown);
	*tables = t;
	return NULL;
}

bool flow_tables_split(const struct flow_tables *tables, const struct image *image,
		       const struct arch *arch, uint64_t start, uint64_t end,
		       struct address_vector *ret)
{
	const struct table_reader r = { .image = image, .arch = arch };
	bool ok = true;

	for (uint64_t at = start, next; ok && at < end; at = next) {
		struct insn insn;

		next = at + (decode_at(&r, at, &insn) ? insn.size : 1);
		if (!has_address(&tables->unknown, at))
			continue;
		ok = address_vector_append(ret, &at) &&
		     (next >= end || address_vector_append(ret, &next));
	}
	return ok;
}

void flow_tables_deinit(struct flow_tables *tables)
{
	flow_patch_vector_deinit(&tables->patches);
	address_vector_deinit(&tables->faults);
	address_vector_deinit(&tables->entries);
	address_vector_deinit(&tables->unknown);
	*tables = (struct flow_tables){ 0 };
}
