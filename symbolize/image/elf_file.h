/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One ELF file: its bytes, and the addresses of its sections. Private to
 * symbolize/image/.
 *
 *	elf_file_init(&file, path, &budget);
 *	elf_file_prepare(&file, machine, &budget);
 *
 * The data is a private copy: elf_file_prepare() decompresses and relocates it in place. After that
 *nothing changes it. libelf reads a section at its first use, so a file is not thread-safe.
 */
#ifndef SYMBOLIZE_IMAGE_ELF_FILE_H
#define SYMBOLIZE_IMAGE_ELF_FILE_H

#include <gelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/build_id.h"
#include "base/error.h"
#include "symbolize/image/budget.h"
#include "symbolize/image/machine.h"

struct elf_file {
	char *path;
	int fd; /* -1 = of elf_file_init_memory() */
	Elf *elf;
	void *memory;	 /* the whole file, NULL = it is read from fd */
	uint64_t size;	 /* bytes, unpacked */
	uint64_t weight; /* bytes that limits go by: without the holes of a sparse file */
	bool is_changed; /* sections were unpacked or relocated in place */
	size_t nr_sections;
	struct build_id build_id;
	uint16_t type; /* ET_* */
	uint16_t machine;
	/* elf_file_layout() */
	uint64_t *addresses; /* of each section, by its index, as laid out */
	/*
	 * The run-time address of a section below known_end follows from the
	 * base of the image; UINT64_MAX: that of every section does.
	 */
	uint64_t known_end;
	uint64_t end; /* of the layout of ET_REL: the first address after all sections */
};

/*
 * Open a file, and unpack it if it is compressed as a whole (gzip, xz, zstd). Only regular files
 * are opened. Sections of a file that share bytes are an error. On failure nothing is left to
 * clean up. data is copied, name is for messages. What is unpacked is taken from budget, which
 * grows by the size of the file.
 */
struct error *elf_file_init(struct elf_file *file, const char *path, struct budget *budget);
struct error *elf_file_init_memory(struct elf_file *file, const void *data, size_t size,
				   const char *name, struct budget *budget);
void elf_file_deinit(struct elf_file *file);
/*
 * Give back the pages of the file that were read, if they are as in the file; they are read again
 * when they are needed.
 */
void elf_file_forget(const struct elf_file *file);
/* Decompress debug sections, compute addresses and relocate. */
struct error *elf_file_prepare(struct elf_file *file, const struct machine *machine,
			       struct budget *budget);

/* The first section with this name, NULL if there is none. */
Elf_Scn *elf_file_section(const struct elf_file *file, const char *name);
/* The name of a section, "" if it is broken. */
const char *elf_file_section_name(const struct elf_file *file, Elf_Scn *scn);
/*
 * The bytes from an address to the end of the loaded section that contains it;
 * NULL if none does. In a .ko only code and the kernel's tables are relocated.
 */
const uint8_t *elf_file_at(const struct elf_file *file, uint64_t address, size_t *ret_size);
/* Whether the last string of a string table is terminated. */
bool elf_file_strings_end(const struct elf_file *file, size_t section);
/* Whether the bytes of a debug section, ".debug_info", are in the file, packed or not. */
bool elf_file_has_bytes(const struct elf_file *file, const char *section);
/* NULL if they are; else "cannot read 'PATH': WHAT: it has no section 'SECTION'", ERROR_FORMAT. */
struct error *elf_file_lacks(const struct elf_file *file, const char *what, const char *section);
bool elf_file_has_dwarf(const struct elf_file *file);
/* Made by objcopy --only-keep-debug: it has the headers of its code, but no bytes. */
bool elf_file_is_debug_only(const struct elf_file *file);
bool elf_file_has_symbols(const struct elf_file *file);
/* The pseudo address of symbol number `index` of an ET_REL file. The symbol must be undefined. */
uint64_t elf_file_external_address(const struct elf_file *file, size_t index);
/* "cannot read 'PATH': WHAT: libelf's message" */
struct error *elf_error(const char *path, const char *what);

/* The steps of elf_file_prepare(). elf_relocate.c: read debug sections, and decompress them. */
struct error *elf_file_decompress(struct elf_file *file, struct budget *budget);
/* elf_layout.c: fill addresses. */
struct error *elf_file_layout(struct elf_file *file);
/* elf_relocate.c: ET_REL only: relocate debug and executable sections, and the kernel's tables. */
struct error *elf_file_relocate(struct elf_file *file, const struct machine *machine);

#endif
