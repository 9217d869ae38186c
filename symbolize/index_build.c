// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An index out of an image: machine code first (code.c), which says what
 * addresses matter, then the debug info of those, unit by unit.
 */
#include <dwarf.h>
#include <string.h>

#include "base/cleanup.h"
#include "symbolize/image_private.h"
#include "symbolize/index_private.h"

/* libdw keeps what it has read until the end of the session: begin anew after so many units. */
#define UNITS_PER_SESSION 32

static int compare_addresses(const void *va, const void *vb)
{
	uint64_t a = *(const uint64_t *)va, b = *(const uint64_t *)vb;

	return a < b ? -1 : a > b;
}

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
	if (ret->len)
		qsort(ret->data, ret->len, sizeof(*ret->data), compare_addresses);
	size_t nr = 0;
	for (size_t i = 0; i < ret->len; i++)
		if (!nr || ret->data[i] != ret->data[nr - 1])
			ret->data[nr++] = ret->data[i];
	ret->len = nr;
	return NULL;
}

/* Where the units that may hold code begin: offsets of their first DIE. */
static struct error *list_units(const struct image *image, struct address_vector *ret)
{
	struct dwarf_session session;
	Dwarf_CU *cu = NULL;
	Dwarf_Die die;
	int rc;

	struct error *err = dwarf_session_init(&session, image);
	if (err)
		return err;
	while (!err &&
	       (rc = dwarf_get_units(session.dwarf, cu, &cu, NULL, NULL, &die, NULL)) == 0) {
		uint64_t offset = dwarf_dieoffset(&die);
		int tag = dwarf_tag(&die);

		if (tag != DW_TAG_compile_unit && tag != DW_TAG_skeleton_unit)
			continue;
		if (!address_vector_append(ret, &offset))
			err = &error_no_memory;
	}
	if (!err && rc < 0 && !ret->len)
		err = dwarf_error(image, "units of debug info");
	else if (!err && rc < 0)
		log_line(image->log, LOG_WARNING, "'%s': debug info is broken after unit %zu: %s",
			 image_debug_path(image), ret->len, dwarf_errmsg(-1));
	dwarf_session_deinit(&session);
	return err;
}

/* A unit with -gsplit-dwarf has its DIEs in a .dwo file, which libdw finds. */
static bool unit_root(Dwarf *dwarf, uint64_t offset, Dwarf_Die *ret)
{
	Dwarf_Die skeleton, split;
	uint8_t type;

	if (!dwarf_offdie(dwarf, offset, &skeleton))
		return false;
	*ret = skeleton;
	if (!dwarf_cu_info(skeleton.cu, NULL, &type, NULL, &split, NULL, NULL, NULL) &&
	    type == DW_UT_skeleton && split.cu)
		*ret = split;
	return true;
}

static struct error *read_unit(const struct image *image, const struct wanted *wanted, Dwarf *dwarf,
			       uint64_t offset, struct index_part *part)
{
	Dwarf_Die die;

	if (!unit_root(dwarf, offset, &die))
		return NULL; /* listed before, so this is a unit that changed: impossible */
	struct error *err = unit_read(image, wanted, &die, part);
	if (!err || err->code != ERROR_FORMAT)
		return err;
	_cleanup_free_ char *text = error_format(err);
	error_destroy(err);
	log_line(image->log, LOG_WARNING, "debug info of a unit is left out: %s",
		 text ? text : "out of memory");
	return NULL;
}

static struct error *read_units(const struct image *image, const struct wanted *wanted,
				const struct address_vector *units, struct index_part *part,
				const struct log *log)
{
	struct dwarf_session session = { 0 };
	struct error *err = NULL;

	for (size_t i = 0; !err && i < units->len; i++) {
		if (i % UNITS_PER_SESSION == 0) {
			dwarf_session_deinit(&session);
			err = dwarf_session_init(&session, image);
			log_progress(log, "reading debug info", i, units->len);
		}
		if (!err)
			err = read_unit(image, wanted, session.dwarf, units->data[i], part);
	}
	dwarf_session_deinit(&session);
	log_progress(log, "reading debug info", units->len, units->len);
	return err;
}

static struct error *read_debug(const struct image *image, const struct wanted *wanted,
				struct index_part *part, const struct log *log)
{
	struct address_vector units = VECTOR_INIT;
	struct error *err = NULL;

	if (!image_has_debug(image) || !wanted->nr)
		return NULL;
	err = list_units(image, &units);
	if (!err)
		err = read_units(image, wanted, &units, part, log);
	address_vector_deinit(&units);
	return err;
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
