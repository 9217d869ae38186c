// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Find the functions that do not return. The source promises it (__noreturn), so
 * debug info has DW_AT_noreturn, both in the definition and in the declarations
 * that callers see. A function in assembly, or in another image, has only
 * declarations: its symbol is looked up by name.
 *
 * A function that does return may override a weak symbol, and a name that several
 * symbols have is ambiguous. Neither is used.
 */
#include <string.h>

#include "symbolize/code/flow.h"
#include "symbolize/image/no_return.h"

/*
 * For images whose debug info does not mark them. All are in the kernel's own
 * list, tools/objtool/noreturns.h (Linux 6.12).
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

struct finder {
	const struct image *image;
	const struct image_symbol *symbols;
	size_t nr_symbols;
	const struct image_symbol **by_name; /* globals */
	size_t nr;
	struct address_vector addresses;
};

static int compare_names(const void *va, const void *vb)
{
	const struct image_symbol *const *a = va, *const *b = vb;

	return strcmp((*a)->name, (*b)->name);
}

static bool sort_names(struct finder *f)
{
	f->by_name = calloc(f->nr_symbols + 1, sizeof(*f->by_name));
	if (!f->by_name)
		return false;
	for (size_t i = 0; i < f->nr_symbols; i++)
		if (f->symbols[i].is_global)
			f->by_name[f->nr++] = &f->symbols[i];
	if (f->nr)
		qsort(f->by_name, f->nr, sizeof(*f->by_name), compare_names);
	return true;
}

static bool add_name(struct finder *f, const char *name)
{
	const struct image_symbol wanted = { .name = name }, *key = &wanted;
	const struct image_symbol **found =
		f->nr ? bsearch(&key, f->by_name, f->nr, sizeof(*f->by_name), compare_names) : NULL;

	if (!found || (found > f->by_name && !compare_names(found, found - 1)) ||
	    (found + 1 < f->by_name + f->nr && !compare_names(found, found + 1)))
		return true;
	return address_vector_append(&f->addresses, &(*found)->address);
}

/* A definition is identified by its address, not by its name: clones have other names. */
static bool add_definition(struct finder *f, uint64_t address)
{
	size_t symbol;

	if (!image_find_symbol(f->image, address, &symbol))
		return true;
	const struct image_symbol *s = &f->symbols[symbol];
	if (s->address != address || !s->is_function || s->is_replaceable)
		return true;
	return address_vector_append(&f->addresses, &address);
}

static bool add_all(struct finder *f, const struct no_return *debug)
{
	bool ok = sort_names(f);

	for (size_t i = 0; ok && i < sizeof(known_names) / sizeof(*known_names); i++)
		ok = add_name(f, known_names[i]);
	for (uint32_t i = 0; ok && i < intern_count(debug->declarations); i++)
		ok = add_name(f, intern_string(debug->declarations, i));
	vector_for_each(&debug->definitions, address)
		ok = ok && add_definition(f, *address);
	return ok;
}

struct error *flow_no_return(const struct image *image, unsigned int jobs,
			     struct address_vector *ret)
{
	struct finder f = { .image = image };
	struct no_return debug;

	struct error *err = no_return_init(&debug, image, jobs);
	if (err)
		return err;
	f.symbols = image_symbols(image, &f.nr_symbols);
	bool ok = add_all(&f, &debug);
	no_return_deinit(&debug);
	free(f.by_name);
	if (!ok) {
		address_vector_deinit(&f.addresses);
		return &error_no_memory;
	}
	sort_addresses(&f.addresses);
	*ret = f.addresses;
	return NULL;
}
