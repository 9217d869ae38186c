// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tell what a function of the kernel or of another module can end in, when a
 * module calls it. Only its name is known. If several functions have that name,
 * any of them may be meant, since static ones cannot be told from exported ones.
 */
#include "symbolize/coverage/private.h"

/* Add the names of one image. With flags: also combine what the symbols of a name can end in. */
static struct error *add_image(struct coverage_draft *draft, const struct index *index,
			       uint8_t *flags)
{
	size_t nr;
	const struct index_symbol *symbols = index_symbols(index, &nr);

	for (size_t i = 0; i < nr; i++) {
		uint32_t id;
		struct error *err;

		if (symbols[i].flags & INDEX_EXTERNAL)
			continue;
		err = intern_id(draft->symbols, index_string(index, symbols[i].name), &id);
		if (err)
			return err;
		if (flags)
			flags[id] |= symbols[i].flags;
	}
	return NULL;
}

static struct error *add_images(struct coverage_draft *draft, uint8_t *flags)
{
	struct error *err = NULL;

	for (size_t i = 0; !err && i < draft->input->nr_images; i++)
		if (draft->input->images[i].index)
			err = add_image(draft, draft->input->images[i].index, flags);
	return err;
}

struct error *externals_init(struct coverage_draft *draft)
{
	struct error *err;

	if (draft->input->nr_images < 2)
		return NULL; /* a single image calls no other */
	err = intern_create(&draft->symbols);
	if (!err)
		err = add_images(draft, NULL);
	if (err)
		return err;
	draft->symbol_flags = calloc(intern_count(draft->symbols) + 1, 1);
	if (!draft->symbol_flags)
		return &error_no_memory;
	return add_images(draft, draft->symbol_flags);
}

uint32_t external_tail_flags(void *arg, const char *name)
{
	struct coverage_draft *draft = arg;

	if (!draft->symbols && !draft->externals_err)
		draft->externals_err = externals_init(draft);
	if (!draft->symbols || draft->externals_err)
		return 0;
	uint32_t id = intern_find(draft->symbols, name);

	return id == INTERN_NONE ? 0 : draft->symbol_flags[id];
}
