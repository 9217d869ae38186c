// SPDX-License-Identifier: GPL-2.0-or-later
/* Read all units of an image into parts. */
#include "symbolize/image/unit_part.h"

#include "base/layers.h"
#include "symbolize/image/dwarf_units.h"
#include "symbolize/image/private.h"
#include "symbolize/image/unit.h"
#include "symbolize/image/unit_faults.h"

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
	source_md5_vector_deinit(&part->md5s);
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
	struct unit_parts *parts;
	const struct log *log;
	struct unit_faults faults;
};

static struct error *read_unit(struct dwarf_unit *unit, void *arg, size_t part)
{
	struct unit_reader *r = arg;
	struct error *err = unit_read(r->image, &r->code, unit, &r->parts->data[part]);

	if (!err || err->code != ERROR_FORMAT)
		return err;
	return unit_faults_add(&r->faults, err, dwarf_dieoffset(&unit->ranges),
			       dwarf_diename(&unit->die));
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

/* Found once, since a file may have many sections. */
static const Elf_Data *debug_section(const struct image *image, const char *name)
{
	const struct elf_file *file = image->debug.elf ? &image->debug : &image->main;
	Elf_Scn *scn = elf_file_section(file, name);

	return scn ? elf_getdata(scn, NULL) : NULL;
}

static struct error *parts_init(struct unit_parts *parts, size_t nr)
{
	struct error *err = NULL;

	parts->data = calloc(nr + 1, sizeof(*parts->data));
	if (!parts->data)
		return &error_no_memory;
	for (; !err && parts->nr < nr; parts->nr++)
		err = unit_part_init(&parts->data[parts->nr]);
	return err;
}

static struct error *read_parts(struct unit_reader *r, const struct address_vector *units,
				unsigned int jobs)
{
	const struct dwarf_visit visit = { read_unit, r, jobs, r->log, "reading debug info" };

	struct error *err = code_ranges(r->image, &r->code.sections);
	r->code.line_tables = debug_section(r->image, ".debug_line");
	r->code.debug_info = debug_section(r->image, ".debug_info");
	if (!err)
		err = parts_init(r->parts, dwarf_nr_parts(units->len));
	if (!err)
		err = dwarf_visit_units(r->image, units, &visit);
	if (!err)
		unit_faults_warn(&r->faults, r->log);
	address_range_vector_deinit(&r->code.sections);
	return err;
}

struct error *unit_parts_read(struct unit_parts *parts, const struct image *image,
			      const struct address_range_vector *blocks, unsigned int jobs,
			      const struct log *log)
{
	struct address_vector units = VECTOR_INIT;
	struct unit_parts p = { 0 };
	struct unit_reader reader = {
		.image = image, .code.blocks = *blocks, .parts = &p, .log = log
	};
	struct error *err = NULL;

	unit_faults_init(&reader.faults);
	if (image_has_debug(image))
		err = dwarf_list_units(image, log, &units);
	if (!err)
		err = read_parts(&reader, &units, jobs);
	address_vector_deinit(&units);
	unit_faults_deinit(&reader.faults);
	if (err) {
		unit_parts_deinit(&p);
		return err;
	}
	*parts = p;
	return NULL;
}

void unit_parts_deinit(struct unit_parts *parts)
{
	for (size_t i = 0; i < parts->nr; i++)
		unit_part_deinit(&parts->data[i]);
	free(parts->data);
	*parts = (struct unit_parts){ 0 };
}
