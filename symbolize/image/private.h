/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of struct image, for the files that make it and the readers of its DWARF. */
#ifndef SYMBOLIZE_IMAGE_PRIVATE_H
#define SYMBOLIZE_IMAGE_PRIVATE_H

#include <elfutils/libdw.h>
#include <libelf.h>

#include "base/vector.h"
#include "symbolize/image/image.h"
#include "symbolize/image/machine.h"

DEFINE_VECTOR(image_section_vector, struct image_section);
DEFINE_VECTOR(image_symbol_vector, struct image_symbol);

/* One ELF file. Its data is private to us: relocations are written into it. */
struct elf_file {
	char *path;
	int fd; /* -1 = in memory */
	Elf *elf;
	void *memory;	     /* of elf_file_init_memory() */
	uint64_t *addresses; /* of each section, by its index, as laid out */
	size_t nr_sections;
	uint64_t known_end; /* addresses below follow from the base; UINT64_MAX: all do */
	uint64_t end;	    /* of the layout of ET_REL: the first address after all sections */
	struct build_id build_id;
	uint16_t type; /* ET_* */
	uint16_t machine;
};

struct image {
	struct elf_file main;
	struct elf_file debug; /* elf NULL = main has the DWARF */
	struct elf_file alt;   /* dwz supplement; elf NULL = none */
	const struct machine *machine;
	const struct log *log;
	bool has_debug;
	struct image_section_vector sections;
	struct image_symbol_vector symbols;
};

/* elf_file.c: one file. On failure nothing is left to clean up. */
struct error *elf_file_init(struct elf_file *file, const char *path);
struct error *elf_file_init_memory(struct elf_file *file, const void *data, size_t size,
				   const char *name);
void elf_file_deinit(struct elf_file *file);
/* The first section with this name, NULL when there is none. */
Elf_Scn *elf_file_section(const struct elf_file *file, const char *name);
/* The bytes from an address to the end of its loaded section, NULL: in none. Not relocated. */
const uint8_t *elf_file_at(const struct elf_file *file, uint64_t address, size_t *ret_size);
/* The name of a section, "" when it is broken. */
const char *elf_file_section_name(const struct elf_file *file, Elf_Scn *scn);
bool elf_file_has_dwarf(const struct elf_file *file);
bool elf_file_has_symbols(const struct elf_file *file);
/* "cannot read 'PATH': WHAT: libelf's message" */
struct error *elf_error(const struct elf_file *file, const char *what);
/* The same for libdw, with the supplement's or the debug file's path. */
struct error *dwarf_error(const struct image *image, const char *what);

/* elf_layout.c: fill file->addresses. */
struct error *elf_file_layout(struct elf_file *file);

/* elf_relocate.c: ET_REL only: relocate debug and executable sections, and tables of the kernel. */
struct error *elf_file_relocate(struct elf_file *file, const struct machine *machine);
/* The address of symbol number `index` that is defined in no section. */
uint64_t elf_file_external_address(const struct elf_file *file, size_t index);
/* Unpack compressed debug sections. */
struct error *elf_file_decompress(struct elf_file *file);

/* elf_symbols.c: fill image->symbols from the symbol table of file. */
struct error *image_read_symbols(struct image *image, const struct elf_file *file);

/* symbolize/image/debug.c: find and open separate debug files. ERROR_NOT_FOUND: none. */
struct error *image_find_debug(struct image *image, const char *const *dirs);
struct error *image_find_alt(struct image *image, const char *const *dirs);

/*
 * A libdw session over the image. libdw keeps all it has read until its end:
 * reading an image in several sessions bounds the memory.
 */
struct dwarf_session {
	Dwarf *dwarf;
	Dwarf *alt;
};

struct error *dwarf_session_init(struct dwarf_session *session, const struct image *image);
void dwarf_session_deinit(struct dwarf_session *session);

/*
 * Visit the units that may hold code, in order, in as many sessions as it
 * takes: DIEs are valid during the visit only. Stops at an error.
 */
typedef struct error *unit_visitor(Dwarf_Die *unit, void *arg);
struct error *dwarf_visit_units(const struct image *image, const struct log *log, const char *what,
				unit_visitor *visit, void *arg);

#endif
