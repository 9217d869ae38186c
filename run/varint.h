/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading the varints (base/varint.h) of a record's payload. */
#ifndef RUN_VARINT_H
#define RUN_VARINT_H

#include "base/varint.h"

/* Bytes and how far they were read. */
struct payload {
	const uint8_t *p;
	const uint8_t *end;
};

/* Returns false if the bytes left do not contain the value. */
static inline bool take_varint(struct payload *in, uint64_t *ret)
{
	return varint_get(&in->p, in->end, ret);
}

#endif
