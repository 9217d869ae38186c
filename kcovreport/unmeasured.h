/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds why lines of the files of a view have no coverage (render/unmeasured.h). */
#ifndef KCOVREPORT_UNMEASURED_H
#define KCOVREPORT_UNMEASURED_H

#include "kcovreport/report.h"
#include "render/unmeasured.h"

/*
 * coverage: what the view was made of. Only sources that are what was compiled, as far as can be
 * told, are looked at. An arm of an #if group counts if the kernel configuration or its text
 * decides it, not if only the lack of code hints at it. Call unmeasured_deinit() also after an
 * error.
 */
struct error *unmeasured_find(const struct report_images *images, const struct coverage *coverage,
			      const struct view *view, unsigned int jobs, struct unmeasured *ret);
void unmeasured_deinit(struct unmeasured *unmeasured);

#endif
