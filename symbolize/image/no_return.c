// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Collect DW_AT_noreturn from definitions, and from the declarations that callers
 * see. A function in assembly, or in another image, has only declarations.
 */
#include "symbolize/image/no_return.h"

#include <dwarf.h>
#include <string.h>

#include "base/cleanup.h"
#include "symbolize/image/dwarf_units.h"
#include "symbolize/image/origin.h"

/* Linux: KSYM_NAME_LEN. Only a hostile file has longer names, perhaps in a million DIEs. */
#define NAME_SIZE_MAX 512

/* What the units are read with. */
struct reader {
	struct no_return *parts;
	const Elf_Data *section; /* see origin_find() */
};

static const char *find_string(const struct reader *r, Dwarf_Die *die, unsigned int name)
{
	Dwarf_Attribute attr;

	return origin_find(r->section, die, name, &attr) ? dwarf_formstring(&attr) : NULL;
}

static struct error *add_declaration(const struct reader *r, struct no_return *n, Dwarf_Die *die)
{
	const char *name = find_string(r, die, DW_AT_linkage_name);

	if (!name)
		name = find_string(r, die, DW_AT_name);
	if (!name || !dwarf_hasattr(die, DW_AT_external) ||
	    strnlen(name, NAME_SIZE_MAX) == NAME_SIZE_MAX)
		return NULL;
	return intern_id(n->declarations, name, &(uint32_t){ 0 });
}

static struct error *add_function(const struct reader *r, struct no_return *n, Dwarf_Die *die)
{
	Dwarf_Addr base, start, end;
	Dwarf_Attribute attr;
	bool no_return = false;

	if (!origin_find(r->section, die, DW_AT_noreturn, &attr) ||
	    dwarf_formflag(&attr, &no_return) || !no_return)
		return NULL;
	if (dwarf_hasattr(die, DW_AT_declaration))
		return add_declaration(r, n, die);
	/* The first range begins with the entry; the .cold part follows. */
	if (dwarf_ranges(die, 0, &base, &start, &end) <= 0 ||
	    address_vector_append(&n->definitions, &start))
		return NULL;
	return &error_no_memory;
}

/* In C, all functions are direct children of the unit. */
static struct error *read_unit(const struct reader *r, struct no_return *n, Dwarf_Die *unit)
{
	const void *last = unit->addr;
	Dwarf_Die die;

	for (int rc = dwarf_child(unit, &die); rc == 0; rc = dwarf_siblingof(&die, &die)) {
		/* A reference to an earlier DIE would make this loop endless. */
		if ((uintptr_t)die.addr <= (uintptr_t)last)
			break;
		last = die.addr;
		if (dwarf_tag(&die) != DW_TAG_subprogram)
			continue;
		struct error *err = add_function(r, n, &die);
		if (err)
			return err;
	}
	return NULL;
}

static struct error *visit_unit(struct dwarf_unit *unit, void *arg, size_t part)
{
	const struct reader *r = arg;

	return read_unit(r, &r->parts[part], &unit->die);
}

/* dwz moves declarations that several units have to partial units. */
struct shared_reader {
	const struct reader *reader;
	struct no_return *n;
};

static struct error *visit_shared(struct dwarf_unit *unit, void *arg, size_t part)
{
	const struct shared_reader *s = arg;

	(void)part;
	return read_unit(s->reader, s->n, &unit->die);
}

static struct error *add_part(struct no_return *n, const struct no_return *part)
{
	if (!address_vector_extend(&n->definitions, &part->definitions))
		return &error_no_memory;
	for (uint32_t i = 0; i < intern_count(part->declarations); i++) {
		struct error *err = intern_id(n->declarations, intern_string(part->declarations, i),
					      &(uint32_t){ 0 });
		if (err)
			return err;
	}
	return NULL;
}

static struct error *read_parts(struct no_return *n, const struct image *image,
				const struct address_vector *units, unsigned int jobs)
{
	size_t nr = dwarf_nr_parts(units->len);
	_cleanup_free_ struct no_return *parts = calloc(nr + 1, sizeof(*parts));
	struct reader reader = { parts, origin_section(image) };
	const struct dwarf_visit visit = { .visit = visit_unit, .arg = &reader, .jobs = jobs };
	struct shared_reader shared = { &reader, n };
	struct error *err = parts ? NULL : &error_no_memory;

	for (size_t i = 0; !err && i < nr; i++)
		err = intern_create(&parts[i].declarations);
	if (!err)
		err = dwarf_visit_units(image, units, &visit);
	if (!err)
		err = dwarf_visit_shared(image, visit_shared, &shared);
	for (size_t i = 0; !err && i < nr; i++)
		err = add_part(n, &parts[i]);
	for (size_t i = 0; parts && i < nr; i++)
		no_return_deinit(&parts[i]);
	return err;
}

static struct error *read_all(struct no_return *n, const struct image *image, unsigned int jobs)
{
	struct address_vector units = VECTOR_INIT;

	struct error *err = intern_create(&n->declarations);
	if (err || !image_has_debug(image))
		return err;
	err = dwarf_list_units(image, NULL, &units);
	if (!err)
		err = read_parts(n, image, &units, jobs);
	address_vector_deinit(&units);
	if (!err || err->code != ERROR_FORMAT)
		return err;
	error_destroy(err);
	return NULL;
}

struct error *no_return_init(struct no_return *no_return, const struct image *image,
			     unsigned int jobs)
{
	struct no_return n = { 0 };

	struct error *err = read_all(&n, image, jobs);
	if (err) {
		no_return_deinit(&n);
		return err;
	}
	*no_return = n;
	return NULL;
}

void no_return_deinit(struct no_return *no_return)
{
	address_vector_deinit(&no_return->definitions);
	intern_destroy(no_return->declarations);
	*no_return = (struct no_return){ 0 };
}
