/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The definition of struct image, for the files that implement it. */
#ifndef SYMBOLIZE_IMAGE_PRIVATE_H
#define SYMBOLIZE_IMAGE_PRIVATE_H

#include "base/strbuf.h"
#include "base/vector.h"
#include "symbolize/image/budget.h"
#include "symbolize/image/elf_file.h"
#include "symbolize/image/image.h"
#include "symbolize/image/machine.h"
#include "symbolize/image/unit_guard.h"

DEFINE_VECTOR(image_section_vector, struct image_section);
DEFINE_VECTOR(image_symbol_vector, struct image_symbol);

struct image {
	struct elf_file main;
	struct elf_file debug; /* elf NULL = main has the DWARF */
	struct elf_file alt;   /* dwz supplement; elf NULL = none */
	const struct machine *machine;
	const struct log *log;
	const struct unit_guard *guard; /* NULL = none */
	struct budget *budget;
	bool has_debug;
	bool lacks_supplement;
	struct strbuf looked_at; /* paths, each with its NUL */
	struct image_section_vector sections;
	struct image_symbol_vector symbols;
};

/* image.c: the executable section that contains address, NULL if none does. */
const struct image_section *image_find_section(const struct image *image, uint64_t address);
/* elf_symbols.c: fill image->symbols from the symbol table of file. */
struct error *image_read_symbols(struct image *image, const struct elf_file *file);

/* image.c: give back what was read of the files (elf_file_forget()). */
void image_forget_files(const struct image *image);

/* debug.c: find and open separate debug files. ERROR_NOT_FOUND: none. */
struct error *image_find_debug(struct image *image, const char *const *dirs);
struct error *image_find_alt(struct image *image, const char *const *dirs);

#endif
