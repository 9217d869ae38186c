/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of coverage.json (docs/json.md) that the HTML report has too. Each is written on one
 * line. */
#ifndef RENDER_JSON_PARTS_H
#define RENDER_JSON_PARTS_H

#include "base/writer.h"
#include "render/json_value.h"
#include "render/view.h"

/* Print element i of an array of the coverage: of runs, images, unmatched or handoffs. */
typedef struct error *json_print_element(const struct coverage *coverage, size_t i,
					 enum json_dialect dialect, struct writer *out);

json_print_element json_print_run;
json_print_element json_print_image;
json_print_element json_print_unmatched;
json_print_element json_print_handoff;

/* Print an element of "subsystems". */
struct error *json_print_subsystem(const struct subsystem *subsystem, enum json_dialect dialect,
				   struct writer *out);
/* Print the member "totals", and "unmatched_classes". */
struct error *json_print_totals(const struct view *view, enum json_dialect dialect,
				struct writer *out);
struct error *json_print_classes(const struct coverage *coverage, enum json_dialect dialect,
				 struct writer *out);

#endif
