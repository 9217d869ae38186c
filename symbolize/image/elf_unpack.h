/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files that are compressed as a whole, as distributions install modules (.ko.xz). libdw
 * could unpack them, but without a limit on memory. Private to symbolize/image/.
 */
#ifndef SYMBOLIZE_IMAGE_ELF_UNPACK_H
#define SYMBOLIZE_IMAGE_ELF_UNPACK_H

#include <stddef.h>

#include "base/error.h"
#include "symbolize/image/budget.h"

/* How a file is compressed, NULL = in no way that is known. head: its first bytes. */
const struct elf_packing *elf_find_packing(const void *head, size_t size);
/*
 * Unpack a file of `size` bytes into memory, which the caller frees. ERROR_UNSUPPORTED: its
 * budget does not allow that much. ERROR_FORMAT: it is damaged, or we cannot unpack it; the hint
 * says which program can.
 */
struct error *elf_unpack(const struct elf_packing *packing, const char *path, const void *data,
			 size_t size, struct budget *budget, void **ret, size_t *ret_size);

/* The first bytes that elf_find_packing() needs. */
#define ELF_PACKING_HEAD 518

#endif
