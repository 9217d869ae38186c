// SPDX-License-Identifier: GPL-2.0-or-later
#include "symbolize/index/part.h"

struct error *index_part_init(struct index_part *part)
{
	struct index_part p = { 0 };

	struct error *err = intern_create(&p.strings);
	if (!err)
		err = intern_create(&p.paths);
	if (err) {
		index_part_deinit(&p);
		return err;
	}
	*part = p;
	return NULL;
}

void index_part_deinit(struct index_part *part)
{
	intern_destroy(part->strings);
	intern_destroy(part->paths);
	part_function_vector_deinit(&part->functions);
	part_frame_vector_deinit(&part->frames);
	part_place_vector_deinit(&part->places);
	part_row_vector_deinit(&part->rows);
	part_span_vector_deinit(&part->spans);
	*part = (struct index_part){ 0 };
}
