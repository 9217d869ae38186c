/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Debug info that dwz(1) shares among several files is in a supplementary file. A
 * file names it in .gnu_debugaltlink, or in .debug_sup (DWARF 5, 7.3.6; dwz --dwarf-5).
 * Private to symbolize/image/.
 */
#ifndef SYMBOLIZE_IMAGE_SUPPLEMENT_H
#define SYMBOLIZE_IMAGE_SUPPLEMENT_H

#include <elfutils/libdw.h>
#include <stdbool.h>

#include "base/build_id.h"
#include "symbolize/image/elf_file.h"

struct supplement_link {
	const char *name; /* valid as long as the file */
	/* The build id of the supplementary file, or its checksum in .debug_sup; never empty. */
	struct build_id id;
	bool is_checksum;
};

enum supplement_state {
	SUPPLEMENT_NONE,   /* it refers to no file */
	SUPPLEMENT_NAMED,  /* *ret is set */
	SUPPLEMENT_BROKEN, /* it refers to one, but the name or the id cannot be read */
};

enum supplement_state supplement_read_link(const struct elf_file *file,
					   struct supplement_link *ret);
/* Whether a file says in .debug_sup that it is the supplementary file with this checksum. */
bool supplement_has_checksum(const struct elf_file *file, const struct build_id *checksum);

/* Whether a file can be a supplementary one: with debug info, or with strings alone. */
bool supplement_is_usable(const struct elf_file *file);
/*
 * dwz writes no more than strings if no two files have the same declarations, and libdw does not
 * open such a file. Replace it with a copy in memory that libdw opens. It must be decompressed.
 */
struct error *supplement_complete(struct elf_file *file, struct budget *budget);

/*
 * Debug info without any DIE or string; NULL = no memory. A session for which it is the
 * supplement (dwarf_setalt()) finds nothing in it. Without one libdw opens the file that the debug
 * info names: also a fifo, or a file with another build id.
 */
struct empty_supplement {
	Elf *elf;
	Dwarf *dwarf;
};

bool empty_supplement_init(struct empty_supplement *empty);
void empty_supplement_deinit(struct empty_supplement *empty);

#endif
