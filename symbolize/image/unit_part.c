// SPDX-License-Identifier: GPL-2.0-or-later
/* Read all units of an image, one after the other, into one part. */
#include "symbolize/image/unit_part.h"

#include "base/cleanup.h"
#include "base/layers.h"
#include "symbolize/image/dwarf_session.h"
#include "symbolize/image/private.h"
#include "symbolize/image/unit.h"

struct error *unit_part_init(struct unit_part *part)
{
	struct unit_part p = { 0 };

	struct error *err = intern_create(&p.strings);
	if (!err)
		err = intern_create(&p.paths);
	if (err) {
		unit_part_deinit(&p);
		return err;
	}
	*part = p;
	return NULL;
}

void unit_part_deinit(struct unit_part *part)
{
	intern_destroy(part->strings);
	intern_destroy(part->paths);
	part_function_vector_deinit(&part->functions);
	part_scope_vector_deinit(&part->scopes);
	part_region_vector_deinit(&part->regions);
	part_place_vector_deinit(&part->places);
	part_row_vector_deinit(&part->rows);
	part_span_vector_deinit(&part->spans);
	*part = (struct unit_part){ 0 };
}

struct unit_reader {
	const struct image *image;
	struct unit_code code;
	struct unit_part *part;
	const struct log *log;
};

static struct error *read_unit(Dwarf_Die *die, void *arg)
{
	const struct unit_reader *r = arg;
	struct error *err = unit_read(image_debug_path(r->image), &r->code, die, r->part);

	if (!err || err->code != ERROR_FORMAT)
		return err;
	_cleanup_free_ char *text = error_format(err);
	error_destroy(err);
	log_line(r->log, LOG_WARNING, "debug info of a unit is skipped: %s",
		 text ? text : "out of memory");
	return NULL;
}

/* The executable sections as ranges. In a broken file they may overlap. */
static struct error *code_ranges(const struct image *image, struct address_range_vector *ret)
{
	struct layer_vector layers = VECTOR_INIT, flat = VECTOR_INIT;
	size_t nr;
	const struct image_section *sections = image_sections(image, &nr);
	bool ok = true;

	for (size_t i = 0; i < nr; i++)
		ok = ok &&
		     layer_vector_append(&layers,
					 &(struct layer){ sections[i].address,
							  sections[i].address + sections[i].size });
	struct error *err = ok ? layers_flatten(layers.data, layers.len, &flat) : NULL;
	vector_for_each(&flat, l)
		ok = ok &&
		     address_range_vector_append(ret, &(struct address_range){ l->start, l->end });
	layer_vector_deinit(&layers);
	layer_vector_deinit(&flat);
	if (err)
		return err;
	return ok ? NULL : &error_no_memory;
}

struct error *unit_part_read(struct unit_part *part, const struct image *image,
			     const struct address_range_vector *blocks, const struct log *log)
{
	struct unit_reader reader = { image, { .blocks = *blocks }, part, log };

	if (!image_has_debug(image))
		return NULL;
	struct error *err = code_ranges(image, &reader.code.sections);
	if (!err)
		err = dwarf_visit_units(image, log, "reading debug info", read_unit, &reader);
	address_range_vector_deinit(&reader.code.sections);
	return err;
}
