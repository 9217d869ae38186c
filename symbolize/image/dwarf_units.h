/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Visit the units of an image that may hold code, in several threads. Units that
 * follow each other form a part. A part is visited in one libdw session, by one
 * thread. Which units are in which part depends on the image alone, so a caller that
 * keeps what it reads by part, and puts it together in their order, gets the same
 * result with any number of threads. Private to symbolize/image/.
 */
#ifndef SYMBOLIZE_IMAGE_DWARF_UNITS_H
#define SYMBOLIZE_IMAGE_DWARF_UNITS_H

#include <elfutils/libdw.h>

#include "base/error.h"
#include "base/log.h"
#include "symbolize/image/addresses.h"
#include "symbolize/image/image.h"
#include "symbolize/image/split.h"

/*
 * List the units, in the order of the file: the offsets of their root DIEs. log gets a
 * warning if debug info is broken after a unit.
 */
struct error *dwarf_list_units(const struct image *image, const struct log *log,
			       struct address_vector *ret);

/* The number of parts that nr units form. */
size_t dwarf_nr_parts(size_t nr);

/* unit is valid during the visit only. An error ends everything. */
typedef struct error *unit_visitor(struct dwarf_unit *unit, void *arg, size_t part);

struct dwarf_visit {
	unit_visitor *visit;
	void *arg;
	unsigned int jobs; /* threads; 0 counts as 1 */
	const struct log
		*log; /* gets progress under the name `what`, and a warning of .dwo files */
	const char *what;
};

/* Visit all units of the list. Those of a part are visited in their order. */
struct error *dwarf_visit_units(const struct image *image, const struct address_vector *units,
				const struct dwarf_visit *visit);

/*
 * Visit the partial units of the image and of its supplement, in one thread, while no other units
 * are visited. part is 0.
 */
struct error *dwarf_visit_shared(const struct image *image, unit_visitor *visit, void *arg);

#endif
