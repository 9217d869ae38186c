/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Watching how units are read. Broken or hostile debug info may crash libdw, or keep
 * it busy forever. Who isolates that in another process (symbolize/index/isolate.c)
 * must know which unit was being read, to skip it next time. Private to
 * symbolize/.
 */
#ifndef SYMBOLIZE_IMAGE_UNIT_GUARD_H
#define SYMBOLIZE_IMAGE_UNIT_GUARD_H

#include <stddef.h>
#include <stdint.h>

struct image;

/* A unit of the supplement has this bit in its offset, which may also be that of another unit. */
#define UNIT_OF_SUPPLEMENT ((uint64_t)1 << 63)

struct unit_guard {
	/* Units to skip: offsets of their root DIEs in the debug info, ascending. */
	const uint64_t *skipped;
	size_t nr_skipped;
	/*
	 * A worker is about to read a unit. Called in the worker's thread, first
	 * without a name, since it may be the name that cannot be read.
	 */
	void (*begin)(void *arg, unsigned int worker, uint64_t unit, const char *name);
	/* The worker has read it. */
	void (*end)(void *arg, unsigned int worker);
	/* libdw has no memory, and cannot go on. Does not return. */
	void (*no_memory)(void) __attribute__((noreturn));
	void *arg;
};

/* Borrowed for the life of the image; NULL = none, which is the default. */
void image_set_unit_guard(struct image *image, const struct unit_guard *guard);
const struct unit_guard *image_unit_guard(const struct image *image);

#endif
