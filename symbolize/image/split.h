/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Split DWARF (-gsplit-dwarf): the image has a skeleton unit with address ranges and a line
 * table, and a .dwo file has the DIEs. libdw finds and opens the .dwo file. It would also
 * open a fifo, which blocks, or a device, so the paths are checked before. Private to
 * symbolize/image/.
 */
#ifndef SYMBOLIZE_IMAGE_SPLIT_H
#define SYMBOLIZE_IMAGE_SPLIT_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "base/strbuf.h"
#include "symbolize/image/dwarf_session.h"
#include "symbolize/image/image.h"

struct dwarf_unit {
	Dwarf_Die die; /* its root */
	/*
	 * The root that has its address ranges: of the skeleton if the unit is split, else die.
	 * libdw before 0.191 does not find the ranges of a split unit.
	 */
	Dwarf_Die ranges;
};

/* Skeleton units without usable .dwo file. Zero = none. */
struct split_missing {
	size_t nr;
	uint64_t first;	    /* offset of the first one in the debug info */
	struct strbuf text; /* of the first: "'PATH' does not exist" */
};

/*
 * Get the unit whose root DIE in the image is at offset, which must have one. If its .dwo
 * file cannot be used, then the unit is the skeleton, and is noted in missing.
 */
void split_open_unit(const struct image *image, const struct dwarf_session *session,
		     uint64_t offset, struct dwarf_unit *ret, struct split_missing *missing);
/* Add the units of `from`. */
void split_missing_add(struct split_missing *missing, const struct split_missing *from);
/* Warn about all of them, in one line. */
void split_missing_warn(const struct split_missing *missing, const struct image *image,
			const struct log *log);
void split_missing_deinit(struct split_missing *missing);

#endif
