// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Build an index from an image. Read the machine code first (code.c): it tells
 * where blocks are. Then read the debug info, unit by unit.
 */
#include <malloc.h>

#include "base/cleanup.h"
#include "symbolize/index/private.h"

static struct error *add_debug(struct index_draft *draft, const struct image *image,
			       const struct address_range_vector *blocks,
			       const struct index_options *options)
{
	struct unit_parts parts = { 0 };

	struct error *err = unit_parts_read(&parts, image, blocks, options->jobs, options->log);
	if (!err)
		err = index_merge(draft, image, parts.data, parts.nr);
	unit_parts_deinit(&parts);
	malloc_trim(0);
	return err ? err : index_sort_rows(draft);
}

/* Add blocks and edges; ret gets the address ranges of the blocks. */
static struct error *add_flow(struct index_draft *draft, const struct image *image,
			      const struct code *code, const struct index_options *options,
			      struct address_range_vector *ret)
{
	struct flow flow;

	struct error *err = flow_init(&flow, image, code, options->jobs, options->log);
	if (err)
		return err;
	err = index_draft_add_flow(draft, &flow);
	if (!err && !flow_ranges(&flow, ret))
		err = &error_no_memory;
	flow_deinit(&flow);
	return err;
}

/* The code is freed before the debug info is read: what the index needs of it is in the draft. */
static struct error *build_from_code(const struct image *image, struct code *code,
				     const struct index_options *options, struct index **ret)
{
	struct address_range_vector ranges = VECTOR_INIT;
	struct index_draft draft;

	struct error *err = index_draft_init(&draft, image);
	if (err)
		return err;
	err = index_draft_add_code(&draft, image, code);
	if (!err)
		err = index_find_tail_calls(&draft, image, code);
	if (!err)
		err = index_find_handoffs(&draft, image, code);
	if (!err)
		err = add_flow(&draft, image, code, options, &ranges);
	code_deinit(code);
	if (!err)
		err = add_debug(&draft, image, &ranges, options);
	address_range_vector_deinit(&ranges);
	if (!err)
		err = index_sort_names(&draft);
	if (!err)
		err = index_own(&draft);
	if (!err)
		err = index_draft_finish(&draft, ret);
	index_draft_deinit(&draft);
	return err;
}

struct error *index_build(const struct image *image, const struct index_options *options,
			  struct index **ret)
{
	static const struct index_options none;
	struct code code;

	if (!options)
		options = &none;
	struct error *err = code_init(
		&code, image, &(struct code_options){ .log = options->log, .jobs = options->jobs });
	if (err)
		return err;
	if (!code.has_callback && !image_is_module(image))
		err = error_hint(error_create(ERROR_NOT_FOUND, "'%s' has no coverage callback",
					      image_path(image)),
				 "build the kernel with CONFIG_KCOV=y");
	else
		err = build_from_code(image, &code, options, ret);
	code_deinit(&code);
	return err;
}
