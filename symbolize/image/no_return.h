/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The functions that debug info marks as not returning (DW_AT_noreturn). No type
 * of libdw appears here. Private to symbolize/.
 */
#ifndef SYMBOLIZE_IMAGE_NO_RETURN_H
#define SYMBOLIZE_IMAGE_NO_RETURN_H

#include "base/error.h"
#include "base/intern.h"
#include "symbolize/image/addresses.h"
#include "symbolize/image/image.h"

struct no_return {
	struct address_vector definitions; /* entry addresses, in the order of the units */
	struct intern *declarations;	   /* names of external functions */
};

/*
 * Read all units of image, in several threads (0 jobs count as 1). Without debug info the result is
 * empty. Broken debug info is skipped silently, since unit_part_read() warns about it.
 */
struct error *no_return_init(struct no_return *no_return, const struct image *image,
			     unsigned int jobs);
void no_return_deinit(struct no_return *no_return);

#endif
