// SPDX-License-Identifier: GPL-2.0-or-later
/* GNU build ids: to text, from text, and out of ELF notes. */
#include "base/build_id.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>

bool build_id_equal(const struct build_id *a, const struct build_id *b)
{
	return a->size == b->size && memcmp(a->bytes, b->bytes, a->size) == 0;
}

char *build_id_format(const struct build_id *id, char hex[BUILD_ID_HEX_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	size_t n = id->size <= BUILD_ID_MAX ? id->size : BUILD_ID_MAX;

	for (size_t i = 0; i < n; i++) {
		hex[2 * i] = digits[id->bytes[i] >> 4];
		hex[2 * i + 1] = digits[id->bytes[i] & 15];
	}
	hex[2 * n] = '\0';
	return hex;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool build_id_parse(const char *hex, struct build_id *ret)
{
	struct build_id id = { 0 };
	size_t n = strlen(hex);

	if (n == 0 || n % 2 || n / 2 > BUILD_ID_MAX)
		return false;
	for (size_t i = 0; i < n; i += 2) {
		int hi = hex_digit(hex[i]), lo = hex_digit(hex[i + 1]);

		if (hi < 0 || lo < 0)
			return false;
		id.bytes[id.size++] = hi << 4 | lo;
	}
	*ret = id;
	return true;
}

bool build_id_from_notes(const void *notes, size_t size, struct build_id *ret)
{
	const uint8_t *p = notes;

	while (size >= sizeof(Elf64_Nhdr)) {
		Elf64_Nhdr note;

		memcpy(&note, p, sizeof(note));
		uint64_t name_size = ((uint64_t)note.n_namesz + 3) & ~3ULL;
		uint64_t desc_size = ((uint64_t)note.n_descsz + 3) & ~3ULL;
		if (name_size + desc_size > size - sizeof(note))
			return false;
		const uint8_t *name = p + sizeof(note);
		const uint8_t *desc = name + name_size;
		if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 &&
		    memcmp(name, "GNU", 4) == 0 && note.n_descsz > 0 &&
		    note.n_descsz <= BUILD_ID_MAX) {
			ret->size = note.n_descsz;
			memcpy(ret->bytes, desc, note.n_descsz);
			return true;
		}
		p = desc + desc_size;
		size -= sizeof(note) + name_size + desc_size;
	}
	return false;
}
