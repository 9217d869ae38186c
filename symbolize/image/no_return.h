/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The functions that debug info says do not return (DW_AT_noreturn). Nothing
 * here refers to libdw. Private to symbolize/.
 */
#ifndef SYMBOLIZE_IMAGE_NO_RETURN_H
#define SYMBOLIZE_IMAGE_NO_RETURN_H

#include "base/error.h"
#include "base/intern.h"
#include "symbolize/image/addresses.h"
#include "symbolize/image/image.h"

struct no_return {
	struct address_vector definitions; /* where each is entered, in the order of the units */
	struct intern *declarations;	   /* names of external functions */
};

/*
 * Read all units of image; nothing without debug info. What is broken is left
 * out without a word: the reader of all of it warns (unit_part_read()).
 */
struct error *no_return_init(struct no_return *no_return, const struct image *image);
void no_return_deinit(struct no_return *no_return);

#endif
