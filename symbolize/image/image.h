/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An image: a vmlinux or a module (.ko) with its debug info, opened for reading.
 *
 * Files may be compressed as a whole (.ko.xz, .ko.zst, bzImage: what libdw can
 * unpack), debug sections too. DWARF is taken from the file itself, or else
 * from a separate file: by build id (DIR/.build-id/xx/rest.debug) and by
 * .gnu_debuglink (beside the file, in .debug/ there, below DIR), DIR being each
 * of the debug directories. A dwz supplement (.gnu_debugaltlink) is found the
 * same way. Nothing is ever fetched from the network.
 *
 * Addresses. vmlinux: those of the file, which are those that KCOV records. A
 * .ko is relocatable, so we lay it out: 0 is the start of .text, and the other
 * executable sections of the core part stand where the kernel's module loader
 * puts them relative to it (Linux kernel/module/main.c, __layout_sections()).
 * What cannot be known from the base of .text (.init.text, which is loaded
 * elsewhere) gets addresses after that and has is_known = false; it matches
 * recorded PCs where the run knows its address (coverage_mapping.init_base). Symbols that the
 * module takes from the kernel get an address each after all sections (is_external).
 *
 * Input is hostile: a broken file gives an error, or less information.
 * An image is not thread-safe. Nothing of libelf or libdw shows here.
 */
#ifndef SYMBOLIZE_IMAGE_IMAGE_H
#define SYMBOLIZE_IMAGE_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/build_id.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/log.h"
#include "symbolize/image/machine.h"

struct image;

struct image_options {
	/* NULL-terminated, borrowed during the call; NULL = only /usr/lib/debug, which always
	 * counts. */
	const char *const *debug_dirs;
	/* Borrowed for the life of the image; NULL = silence. */
	const struct log *log;
	/* Needs no debug info: image_has_debug() tells whether there is any. */
	bool allow_no_debug;
};

/* An executable section. */
struct image_section {
	const char *name;
	uint64_t address;
	uint64_t size;
	const uint8_t *data; /* relocated; size bytes */
	bool is_known;	     /* its run-time address follows from the image's base */
};

/* A symbol in an executable section, or one that a module takes from the kernel. */
struct image_symbol {
	const char *name;
	uint64_t address;
	uint64_t size; /* 0 = not known */
	bool is_function;
	bool is_external;
	bool is_global;	     /* strong: of this name there is no other in what is linked */
	bool is_replaceable; /* weak, or an ifunc: a call may end up elsewhere */
	uint8_t rank;	     /* which of several at one address to name: the lowest */
};

/*
 * Open path. ERROR_FORMAT: no ELF, or a broken one. ERROR_UNSUPPORTED: another
 * machine. ERROR_NOT_FOUND: no DWARF anywhere, or no symbols. options may be NULL.
 */
struct error *image_open(const char *path, const struct image_options *options, struct image **ret);
/* The same for the bytes of a file; data is copied, name is for messages. */
struct error *image_open_memory(const void *data, size_t size, const char *name,
				const struct image_options *options, struct image **ret);
/* Accepts NULL. */
void image_close(struct image *image);

/* All returned pointers are valid until image_close(). */
const char *image_path(const struct image *image);
/* The file that the DWARF came from: image_path(), or that of a separate debug file. */
const char *image_debug_path(const struct image *image);
/* Size 0 when the file has none. */
const struct build_id *image_build_id(const struct image *image);
/* "x86_64" */
const char *image_machine(const struct image *image);
/* EM_X86_64 */
uint16_t image_elf_machine(const struct image *image);
/* Relocatable: a .ko (or .o). */
bool image_is_module(const struct image *image);
bool image_has_debug(const struct image *image);
/* Ascending by address. */
const struct image_section *image_sections(const struct image *image, size_t *ret_nr);
/* Ascending by address, then rank, then name. */
const struct image_symbol *image_symbols(const struct image *image, size_t *ret_nr);

/*
 * The symbol whose code an address lies in: the innermost function that
 * contains it, else the nearest label before it in the same section. The
 * lowest rank of its aliases. Index into image_symbols(); false when none.
 */
bool image_find_symbol(const struct image *image, uint64_t address, size_t *ret);

/* Bytes of a loaded section. */
struct image_bytes {
	const uint8_t *data;
	size_t size;
	uint64_t address; /* of the first */
};

/*
 * The bytes from an address to the end of its executable section, relocated.
 * NULL: it is in none.
 */
const uint8_t *image_code_at(const struct image *image, uint64_t address, size_t *ret_size);
/* The same of any loaded section, as they are in the file: in a .ko not relocated. */
const uint8_t *image_data_at(const struct image *image, uint64_t address, size_t *ret_size);
/* One of the kernel's tables, relocated. False: the image has none. */
bool image_table(const struct image *image, enum kernel_table table, struct image_bytes *ret);

/* What a file is, without reading its debug info: to choose among candidates. */
struct image_identity {
	struct build_id build_id; /* size 0 = none */
	bool is_module;
	bool has_dwarf;	  /* in this very file */
	bool has_symbols; /* .symtab */
};

struct error *image_identify(const char *path, struct image_identity *ret);

DEFINE_CLEANUP(image, struct image, image_close);
#define _cleanup_image_ _cleanup_(cleanup_image)

#endif
