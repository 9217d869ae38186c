/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The paths of all sources of the images. They tell the source root (render/path_map.h) where a
 * coverage has only some of the files, or where there is none yet.
 */
#ifndef KCOVREPORT_ALL_PATHS_H
#define KCOVREPORT_ALL_PATHS_H

#include "kcovreport/report.h"

/*
 * A coverage of which only the paths of files, ascending, and the names and paths of images are
 * known. It borrows all of them from the images. Zeroed memory is empty; call all_paths_deinit()
 * also after an error.
 */
struct error *all_paths_init(struct coverage *ret, const struct report_images *images);
void all_paths_deinit(struct coverage *coverage);

#endif
