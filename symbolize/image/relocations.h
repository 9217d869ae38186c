/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What relocations say of the code of an image. Private to symbolize/. */
#ifndef SYMBOLIZE_IMAGE_RELOCATIONS_H
#define SYMBOLIZE_IMAGE_RELOCATIONS_H

#include <stdint.h>

#include "base/error.h"
#include "symbolize/image/addresses.h"

struct image;

/*
 * Append the places in the code that relocations make refer to an address, whatever their type. A
 * file that is not relocatable has relocations if it was linked with --emit-relocs.
 */
struct error *image_code_relocations(const struct image *image, uint64_t target,
				     struct address_vector *ret);

#endif
