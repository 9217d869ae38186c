/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For fuzz entries: make damaged run files readable. */
#ifndef RUN_TESTS_REPAIR_H
#define RUN_TESTS_REPAIR_H

#include <string.h>

#include "run/format.h"

/* Correct the checksum of everything that looks like a record: a fuzzer cannot guess it. */
static inline void repair(uint8_t *data, size_t size)
{
	uint8_t *p = data;

	while ((p = memmem(p, size - (p - data), RUN_SYNC, RUN_SYNC_SIZE))) {
		size_t left = size - (p - data);

		if (left < RUN_RECORD_HEADER)
			return;
		size_t length = run_get_le(p + 5, 3);
		if (length <= left - RUN_RECORD_HEADER)
			run_put_le(p + 8, 4, run_record_crc(p, length));
		p++;
	}
}

#endif
