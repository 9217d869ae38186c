/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * References from one DIE to another, also into the supplementary file of dwz. Private to
 * symbolize/image/.
 */
#ifndef SYMBOLIZE_IMAGE_ORIGIN_H
#define SYMBOLIZE_IMAGE_ORIGIN_H

#include <elfutils/libdw.h>
#include <stdbool.h>

#include "symbolize/image/image.h"

#define ORIGIN_HOPS_MAX 16

/* The section that the DIEs of an image are in; NULL = none. Not thread-safe, as all of libelf. */
const Elf_Data *origin_section(const struct image *image);
enum origin {
	ORIGIN_NONE, /* there is no such attribute */
	ORIGIN_FOUND,
	ORIGIN_UNREAD, /* there is none where *attr refers to: debug info is damaged or missing */
};

/*
 * Get the DIE that an attribute of a DIE refers to: DW_AT_abstract_origin, DW_AT_specification.
 * section: see origin_section().
 */
enum origin origin_follow(const Elf_Data *section, Dwarf_Die *die, unsigned int name,
			  Dwarf_Attribute *attr, Dwarf_Die *ret);
/* As dwarf_attr_integrate(): an attribute of a DIE, or of one that it refers to. */
bool origin_find(const Elf_Data *section, const Dwarf_Die *die, unsigned int name,
		 Dwarf_Attribute *ret);

#endif
