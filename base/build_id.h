/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GNU build ids: NT_GNU_BUILD_ID notes (type 3, owner "GNU"), usually 20 bytes
 * of SHA-1, written by ld --build-id. The kernel shows its own in
 * /sys/kernel/notes and those of modules in /sys/module/NAME/notes/.
 */
#ifndef BASE_BUILD_ID_H
#define BASE_BUILD_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BUILD_ID_MAX 32

struct build_id {
	uint8_t size; /* 0 = none known */
	uint8_t bytes[BUILD_ID_MAX];
};

#define BUILD_ID_HEX_SIZE (2 * BUILD_ID_MAX + 1)

bool build_id_equal(const struct build_id *a, const struct build_id *b);
/* Lower-case hex, or "" if there is no build id. Returns hex. */
char *build_id_format(const struct build_id *id, char hex[BUILD_ID_HEX_SIZE]);
/* Returns false unless hex is 1 to BUILD_ID_MAX bytes of hex. */
bool build_id_parse(const char *hex, struct build_id *ret);
/*
 * Find the note in a block of ELF notes in this machine's byte order. Returns
 * false if there is none.
 */
bool build_id_from_notes(const void *notes, size_t size, struct build_id *ret);

#endif
