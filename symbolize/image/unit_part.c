// SPDX-License-Identifier: GPL-2.0-or-later
/* Read all units of an image, one after the other, into one part. */
#include "symbolize/image/unit_part.h"

#include "base/cleanup.h"
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
	part_frame_vector_deinit(&part->frames);
	part_place_vector_deinit(&part->places);
	part_row_vector_deinit(&part->rows);
	part_span_vector_deinit(&part->spans);
	*part = (struct unit_part){ 0 };
}

struct unit_reader {
	const struct image *image;
	const struct wanted *wanted;
	struct unit_part *part;
};

static struct error *read_unit(Dwarf_Die *die, void *arg)
{
	const struct unit_reader *r = arg;
	struct error *err = unit_read(image_debug_path(r->image), r->wanted, die, r->part);

	if (!err || err->code != ERROR_FORMAT)
		return err;
	_cleanup_free_ char *text = error_format(err);
	error_destroy(err);
	log_line(r->image->log, LOG_WARNING, "debug info of a unit is skipped: %s",
		 text ? text : "out of memory");
	return NULL;
}

struct error *unit_part_read(struct unit_part *part, const struct image *image,
			     const struct wanted *wanted, const struct log *log)
{
	struct unit_reader reader = { image, wanted, part };

	if (!image_has_debug(image) || !wanted->nr)
		return NULL;
	return dwarf_visit_units(image, log, "reading debug info", read_unit, &reader);
}
