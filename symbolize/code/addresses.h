/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ascending arrays of addresses: struct address_vector of arch.h. */
#ifndef SYMBOLIZE_CODE_ADDRESSES_H
#define SYMBOLIZE_CODE_ADDRESSES_H

#include <stdlib.h>

#include "symbolize/code/arch.h"

/* For qsort() and bsearch(). */
static inline int compare_addresses(const void *va, const void *vb)
{
	uint64_t a = *(const uint64_t *)va, b = *(const uint64_t *)vb;

	return a < b ? -1 : a > b;
}

static inline bool has_address(const struct address_vector *v, uint64_t address)
{
	return v->len &&
	       bsearch(&address, v->data, v->len, sizeof(address), compare_addresses) != NULL;
}

#endif
