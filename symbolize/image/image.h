/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An image: a vmlinux or a module (.ko) with its debug info, opened for reading.
 *
 * The whole file may be compressed (.ko.gz, .ko.xz, .ko.zst), and so may its debug
 * sections. DWARF is taken from the file itself,
 * or else from a separate file. That is looked for by build id
 * (DIR/.build-id/xx/rest.debug), then by .gnu_debuglink (beside the file, in
 * .debug/ there, below DIR). DIR is each of the debug directories. A dwz
 * supplement (.gnu_debugaltlink) is looked for by its name and by build id.
 * What is not found there is asked for at the servers of $DEBUGINFOD_URLS
 * (debuginfod.h). An image that was opened in memory asks no server.
 *
 * Addresses of a vmlinux are those of the file; KCOV records the same. A .ko is
 * relocatable, so we lay it out: .text starts at 0. The other executable
 * sections of the core part have the distance from .text that the kernel's
 * module loader gives them (Linux kernel/module/main.c, __layout_sections()).
 * .init.text is loaded elsewhere, so its address does not follow from that of
 * .text. Such sections get addresses after the others and have
 * is_known = false. They match recorded PCs only if the run knows their address
 * (coverage_mapping.init_base). Each symbol that the module takes from the
 * kernel gets a pseudo address after all sections (is_external).
 *
 * Input may be hostile: a broken file gives an error, or less information. What is read
 * of an image is limited (docs/symbolize.md, "Limits on input").
 * An image is not thread-safe. No type of libelf or libdw appears here.
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
	/*
	 * Debug directories, searched before /usr/lib/debug. NULL-terminated,
	 * borrowed during the call; NULL = none.
	 */
	const char *const *debug_dirs;
	/* Borrowed for the life of the image; NULL = silence. */
	const struct log *log;
	/* Open an image without debug info, too; image_has_debug() tells whether there is any. */
	bool allow_no_debug;
};

/* An executable section. */
struct image_section {
	const char *name;
	uint64_t address;
	uint64_t size;
	const uint8_t *data; /* relocated; size bytes */
	bool is_known;	     /* its run-time address follows from that of the image */
};

/* A symbol in an executable section, or one that a module takes from the kernel. */
struct image_symbol {
	const char *name;
	uint64_t address;
	uint64_t size; /* 0 = not known */
	bool is_function;
	bool is_external;
	bool is_global;	     /* strong: the linker allows no other global of this name */
	bool is_replaceable; /* weak, or an ifunc: a call may reach another function */
	uint8_t rank;	     /* of several at one address, the lowest rank is shown */
};

/*
 * Open path. options may be NULL.
 *
 * ERROR_FORMAT: not an ELF file, or a broken one. ERROR_UNSUPPORTED: for a machine
 * that we cannot read, or more than its budget. ERROR_NOT_FOUND: no DWARF anywhere, no symbols, or
 * no code. ERROR_MISMATCH: the separate debug file is of another ELF type or machine.
 */
struct error *image_open(const char *path, const struct image_options *options, struct image **ret);
/* The same for the bytes of a file; data is copied, name is for messages. */
struct error *image_open_memory(const void *data, size_t size, const char *name,
				const struct image_options *options, struct image **ret);
/* Accepts NULL. */
void image_close(struct image *image);

/* All returned pointers are valid until image_close(). */
const char *image_path(const struct image *image);
/* The file that the DWARF came from: image_path(), or the path of a separate debug file. */
const char *image_debug_path(const struct image *image);
/*
 * All paths where image_open() looked for other files: separate debug files and dwz
 * supplements, whether they exist or not. Each ends with a NUL; ret_size counts these too. With
 * the files there, and the image itself, they are all that was read.
 */
const char *image_looked_at(const struct image *image, size_t *ret_size);
/*
 * Some units have their debug info in .dwo files, which are opened when it is read. If that cannot
 * be told: true. Reads the headers of all units and their root DIEs, which takes any time in a
 * hostile file.
 */
bool image_has_split_units(const struct image *image);
/* Larger files are no images: ten times the largest vmlinux. */
#define IMAGE_SIZE_MAX ((uint64_t)32 << 30)
/*
 * Bytes of its files: what reading it costs grows with them. Holes of a sparse file hardly count.
 */
uint64_t image_size(const struct image *image);
/* One of its files that is shorter now than when it was opened; NULL = none is. */
const char *image_truncated(const struct image *image);
/* The DWARF refers to a dwz supplement that was not found: names will be missing. */
bool image_lacks_supplement(const struct image *image);
/* Size 0 if the file has none. */
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
 * Find the symbol whose code contains an address: the innermost function around
 * it, else the nearest label before it in the same section. Of aliases, the one
 * with the lowest rank. *ret is an index into image_symbols(). False if there is
 * none.
 */
bool image_find_symbol(const struct image *image, uint64_t address, size_t *ret);

/* Bytes of a loaded section. */
struct image_bytes {
	const uint8_t *data;
	size_t size;
	uint64_t address; /* of the first */
};

/*
 * The bytes from an address to the end of the executable section that contains
 * it, relocated. NULL if none does.
 */
const uint8_t *image_code_at(const struct image *image, uint64_t address, size_t *ret_size);
/* The same for any loaded section. In a .ko only code and the kernel's tables are relocated. */
const uint8_t *image_data_at(const struct image *image, uint64_t address, size_t *ret_size);
/*
 * One section of a kernel's table, relocated: the next one after section number *after, which is
 * then its own number. Begin with 0. False if there is none.
 */
bool image_table(const struct image *image, enum kernel_table table, size_t *after,
		 struct image_bytes *ret);

/* What kind of file this is, found without reading debug info: to choose among candidates. */
struct image_identity {
	struct build_id build_id; /* size 0 = none */
	bool is_module;
	bool has_dwarf;	    /* in this very file */
	bool has_symbols;   /* .symtab */
	bool is_debug_only; /* debug info without code (objcopy --only-keep-debug) */
};

struct error *image_identify(const char *path, struct image_identity *ret);

DEFINE_CLEANUP(image, struct image, image_close);
#define _cleanup_image_ _cleanup_(cleanup_image)

#endif
