// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Functions that do not return. The source promises it (__noreturn), and so
 * debug info has DW_AT_noreturn, with the definition and with the declarations
 * that callers see: of functions in assembly, or in another image, there are
 * only these, and their symbol has to be found by its name.
 *
 * A weak symbol may be overridden by what does return, and a name that several
 * have is nobody's: both are left alone.
 */
#include <dwarf.h>
#include <string.h>

#include "base/cleanup.h"
#include "symbolize/code/flow.h"
#include "symbolize/image/private.h"

/*
 * For callers without debug info that says it. All are in the kernel's own
 * list of them, tools/objtool/noreturns.h (Linux 6.12).
 */
static const char *const known_names[] = {
	"do_exit",
	"do_group_exit",
	"do_task_dead",
	"kthread_exit",
	"make_task_dead",
	"panic",
	"rewind_stack_and_make_dead",
};

struct no_return {
	const struct image *image;
	const struct image_symbol **by_name; /* globals */
	size_t nr;
	struct address_vector addresses;
};

static int compare_names(const void *va, const void *vb)
{
	const struct image_symbol *const *a = va, *const *b = vb;

	return strcmp((*a)->name, (*b)->name);
}

static bool sort_names(struct no_return *n)
{
	n->by_name = calloc(n->image->symbols.len + 1, sizeof(*n->by_name));
	if (!n->by_name)
		return false;
	vector_for_each(&n->image->symbols, s)
		if (s->is_global)
			n->by_name[n->nr++] = s;
	if (n->nr)
		qsort(n->by_name, n->nr, sizeof(*n->by_name), compare_names);
	return true;
}

static bool add_name(struct no_return *n, const char *name)
{
	const struct image_symbol wanted = { .name = name }, *key = &wanted;
	const struct image_symbol **found =
		n->nr ? bsearch(&key, n->by_name, n->nr, sizeof(*n->by_name), compare_names) : NULL;

	if (!found || (found > n->by_name && !compare_names(found, found - 1)) ||
	    (found + 1 < n->by_name + n->nr && !compare_names(found, found + 1)))
		return true;
	return address_vector_append(&n->addresses, &(*found)->address);
}

/* A definition is what has this address, whatever the name: clones have others. */
static bool add_definition(struct no_return *n, uint64_t address)
{
	size_t symbol;

	if (!image_find_symbol(n->image, address, &symbol))
		return true;
	const struct image_symbol *s = &n->image->symbols.data[symbol];
	if (s->address != address || !s->is_function || s->is_replaceable)
		return true;
	return address_vector_append(&n->addresses, &address);
}

static bool add_declaration(struct no_return *n, Dwarf_Die *die)
{
	Dwarf_Attribute attr;
	const char *name = dwarf_formstring(dwarf_attr_integrate(die, DW_AT_linkage_name, &attr));

	if (!name)
		name = dwarf_formstring(dwarf_attr_integrate(die, DW_AT_name, &attr));
	return !name || !dwarf_hasattr(die, DW_AT_external) || add_name(n, name);
}

static bool add_function(struct no_return *n, Dwarf_Die *die)
{
	Dwarf_Addr base, start, end;
	Dwarf_Attribute attr;
	bool no_return = false;

	if (!dwarf_attr_integrate(die, DW_AT_noreturn, &attr) ||
	    dwarf_formflag(&attr, &no_return) || !no_return)
		return true;
	if (dwarf_hasattr(die, DW_AT_declaration))
		return add_declaration(n, die);
	/* The first range is where it is entered, its .cold part follows. */
	return dwarf_ranges(die, 0, &base, &start, &end) <= 0 || add_definition(n, start);
}

/* In C functions are in the unit itself. What is broken is left to who reads all of it. */
static struct error *visit_unit(Dwarf_Die *unit, void *arg)
{
	const void *last = unit->addr;
	Dwarf_Die die;

	for (int rc = dwarf_child(unit, &die); rc == 0; rc = dwarf_siblingof(&die, &die)) {
		/* References that go back would make this endless. */
		if ((uintptr_t)die.addr <= (uintptr_t)last)
			break;
		last = die.addr;
		if (dwarf_tag(&die) == DW_TAG_subprogram && !add_function(arg, &die))
			return &error_no_memory;
	}
	return NULL;
}

static struct error *read_all(struct no_return *n)
{
	if (!sort_names(n))
		return &error_no_memory;
	for (size_t i = 0; i < sizeof(known_names) / sizeof(*known_names); i++)
		if (!add_name(n, known_names[i]))
			return &error_no_memory;
	if (!image_has_debug(n->image))
		return NULL;
	struct error *err = dwarf_visit_units(n->image, NULL, "", visit_unit, n);
	if (!err || err->code != ERROR_FORMAT)
		return err;
	error_destroy(err);
	return NULL;
}

struct error *flow_no_return(const struct image *image, struct address_vector *ret)
{
	struct no_return n = { .image = image };

	struct error *err = read_all(&n);
	free(n.by_name);
	if (err) {
		address_vector_deinit(&n.addresses);
		return err;
	}
	sort_addresses(&n.addresses);
	*ret = n.addresses;
	return NULL;
}
