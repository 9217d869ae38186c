// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An index out of an image: machine code first (code.c), which says what
 * addresses matter, then the debug info of those, unit by unit.
 */
#include <string.h>

#include "base/cleanup.h"
#include "symbolize/image/private.h"
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

struct unit_reader {
	const struct image *image;
	const struct wanted *wanted;
	struct index_part *part;
};

static struct error *read_unit(Dwarf_Die *die, void *arg)
{
	const struct unit_reader *r = arg;
	struct error *err = unit_read(r->image, r->wanted, die, r->part);

	if (!err || err->code != ERROR_FORMAT)
		return err;
	_cleanup_free_ char *text = error_format(err);
	error_destroy(err);
	log_line(r->image->log, LOG_WARNING, "debug info of a unit is left out: %s",
		 text ? text : "out of memory");
	return NULL;
}

static struct error *read_debug(const struct image *image, const struct wanted *wanted,
				struct index_part *part, const struct log *log)
{
	struct unit_reader reader = { image, wanted, part };

	if (!image_has_debug(image) || !wanted->nr)
		return NULL;
	return dwarf_visit_units(image, log, "reading debug info", read_unit, &reader);
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
				  const struct code *code, const struct flow *flow,
				  const struct index_options *options)
{
	struct address_vector addresses = VECTOR_INIT;
	struct index_part part = { 0 };

	struct error *err = collect_wanted(code, options, &addresses);
	struct wanted wanted = { addresses.data, addresses.len, flow };
	_cleanup_free_ uint32_t *frames = calloc(addresses.len + 1, sizeof(*frames));
	if (!err && !frames)
		err = &error_no_memory;
	if (!err)
		err = index_part_init(&part);
	if (!err)
		err = read_debug(image, &wanted, &part, options->log);
	if (!err)
		err = index_merge(draft, image, &wanted, &part, 1, frames);
	if (!err)
		err = add_places(draft, options, &wanted, frames);
	index_part_deinit(&part);
	address_vector_deinit(&addresses);
	return err;
}

static struct error *build_from_code(const struct image *image, const struct code *code,
				     const struct index_options *options, struct index **ret)
{
	bool with_flow = !options->only_addresses;
	struct index_draft draft;
	struct flow flow = { 0 };

	struct error *err = index_draft_init(&draft, image);
	if (err)
		return err;
	err = index_draft_add_code(&draft, image, code);
	if (!err && with_flow)
		err = flow_init(&flow, image, code);
	if (!err)
		err = index_draft_add_flow(&draft, &flow);
	if (!err)
		err = build_frames(&draft, image, code, with_flow ? &flow : NULL, options);
	if (!err)
		err = index_draft_finish(&draft, ret);
	flow_deinit(&flow);
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
