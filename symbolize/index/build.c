// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Build an index from an image. Read the machine code first (code.c): it tells
 * which addresses matter. Then read the debug info of these, unit by unit.
 */
#include "base/cleanup.h"
#include "symbolize/index/private.h"

/* Points and the caller's addresses, ascending and distinct. */
static struct error *collect_wanted(const struct code *code, const struct index_options *options,
				    struct address_vector *ret)
{
	bool ok = true;

	if (!options->only_addresses)
		vector_for_each(&code->points, p)
			ok = ok && address_vector_append(ret, &p->address);
	for (size_t i = 0; i < options->nr_addresses; i++)
		ok = ok && address_vector_append(ret, &options->addresses[i]);
	if (!ok)
		return &error_no_memory;
	sort_addresses(ret);
	return NULL;
}

static struct error *add_places(struct index_draft *draft, const struct index_options *options,
				const struct wanted *wanted, const uint32_t *frames)
{
	for (size_t i = 0; i < options->nr_addresses; i++) {
		uint64_t address = options->addresses[i];
		struct index_place place = { address - draft->base,
					     frames[wanted_lower_bound(wanted, address)] };

		if (address < draft->base || address - draft->base >= UINT32_MAX)
			continue; /* in no section */
		if (!index_place_vector_append(&draft->places, &place))
			return &error_no_memory;
	}
	return NULL;
}

static struct error *build_frames(struct index_draft *draft, const struct image *image,
				  const struct code *code,
				  const struct address_range_vector *ranges,
				  const struct index_options *options)
{
	struct address_vector addresses = VECTOR_INIT;
	struct unit_part part = { 0 };

	struct error *err = collect_wanted(code, options, &addresses);
	struct wanted wanted = { addresses.data, addresses.len, ranges->data, ranges->len };
	_cleanup_free_ uint32_t *frames = calloc(addresses.len + 1, sizeof(*frames));
	if (!err && !frames)
		err = &error_no_memory;
	if (!err)
		err = unit_part_init(&part);
	if (!err)
		err = unit_part_read(&part, image, &wanted, options->log);
	if (!err)
		err = index_merge(draft, image, &wanted, &part, 1, frames);
	if (!err)
		err = add_places(draft, options, &wanted, frames);
	unit_part_deinit(&part);
	address_vector_deinit(&addresses);
	return err;
}

/* Add blocks and edges; ret gets the address ranges of the blocks. */
static struct error *add_flow(struct index_draft *draft, const struct image *image,
			      const struct code *code, struct address_range_vector *ret)
{
	struct flow flow;

	struct error *err = flow_init(&flow, image, code);
	if (err)
		return err;
	err = index_draft_add_flow(draft, &flow);
	if (!err && !flow_ranges(&flow, ret))
		err = &error_no_memory;
	flow_deinit(&flow);
	return err;
}

static struct error *build_from_code(const struct image *image, const struct code *code,
				     const struct index_options *options, struct index **ret)
{
	struct address_range_vector ranges = VECTOR_INIT;
	struct index_draft draft;

	struct error *err = index_draft_init(&draft, image);
	if (err)
		return err;
	err = index_draft_add_code(&draft, image, code);
	if (!err && !options->only_addresses)
		err = add_flow(&draft, image, code, &ranges);
	if (!err)
		err = build_frames(&draft, image, code, &ranges, options);
	if (!err)
		err = index_sort_names(&draft);
	if (!err)
		err = index_own(&draft);
	if (!err)
		err = index_draft_finish(&draft, ret);
	address_range_vector_deinit(&ranges);
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
	struct error *err = code_init(&code, image, options->log);
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
