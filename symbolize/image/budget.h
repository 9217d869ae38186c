/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What may be read of one image. A hostile file of a few kB can refer to the same bytes many
 * times, or unpack to any size, and so take all memory. The limits grow with the size of the
 * files as they are on disk, and are far above what a kernel needs: budget.c has the table.
 * The process that reads debug info has limits of its own (symbolize/index/isolate.c).
 * Private to symbolize/image/.
 */
#ifndef SYMBOLIZE_IMAGE_BUDGET_H
#define SYMBOLIZE_IMAGE_BUDGET_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/error.h"

enum budget_kind {
	BUDGET_SECTIONS, /* sections of one file */
	BUDGET_UNPACKED, /* bytes of unpacked files and sections */
	BUDGET_NAMES,	 /* bytes of names, counted for each use */
	BUDGET_UNITS,	 /* units of debug info, of all kinds */
	BUDGET_ROWS, /* rows of line tables, counted for each unit; bytes of a table that is broken
		      */
	BUDGET_RANGES, /* address ranges, counted for each function and inlined instance */
	BUDGET_KINDS,
};

/* Thread-safe. Zero it first. */
struct budget {
	const char *path; /* of the image, for messages; borrowed */
	uint64_t size;	  /* bytes of its files on disk */
	_Atomic uint64_t used[BUDGET_KINDS];
};

uint64_t budget_limit(const struct budget *budget, enum budget_kind kind);
/* ERROR_UNSUPPORTED: total is more than the limit. The message names what. */
struct error *budget_check(const struct budget *budget, enum budget_kind kind, uint64_t total);
/* Use more of it: budget_check() of the sum. */
struct error *budget_take(struct budget *budget, enum budget_kind kind, uint64_t amount);

#endif
