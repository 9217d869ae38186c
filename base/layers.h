/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ranges on top of each other, as seen from above: which one has each address, if
 * they overlap?
 *
 *	layers, the top one first     ....222.....
 *	                              ..11111111..
 *	                              000000......
 *	flat                          0011222111..
 */
#ifndef BASE_LAYERS_H
#define BASE_LAYERS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/vector.h"

/* From start up to, but not including, end. Empty if end is not above start. */
struct layer {
	uint64_t start, end;
	uint32_t id; /* of the caller */
};

DEFINE_VECTOR(layer_vector, struct layer);

/*
 * Append to ret the visible pieces of all layers: ascending, not overlapping, and
 * one piece for neighbours with the same id. The first layer is on top of all.
 * Takes O(n log n), however the layers overlap.
 */
struct error *layers_flatten(const struct layer *layers, size_t nr, struct layer_vector *ret);

#endif
