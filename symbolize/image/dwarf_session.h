/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A libdw session over an image. libdw keeps everything it has read until the
 * session ends, so reading an image in several sessions bounds the memory.
 * Private to symbolize/image/.
 */
#ifndef SYMBOLIZE_IMAGE_DWARF_SESSION_H
#define SYMBOLIZE_IMAGE_DWARF_SESSION_H

#include <elfutils/libdw.h>

#include "base/error.h"
#include "base/log.h"
#include "symbolize/image/image.h"

struct dwarf_session {
	Dwarf *dwarf;
	Dwarf *alt;
};

struct error *dwarf_session_init(struct dwarf_session *session, const struct image *image);
void dwarf_session_deinit(struct dwarf_session *session);

/*
 * Visit the units that may hold code, in the order of the file. This may take
 * several sessions, so a DIE is valid only during its visit. Stop at the first
 * error and return it. log gets warnings, and progress under the name `what`.
 */
typedef struct error *unit_visitor(Dwarf_Die *unit, void *arg);
struct error *dwarf_visit_units(const struct image *image, const struct log *log, const char *what,
				unit_visitor *visit, void *arg);

/* "cannot read 'PATH': WHAT: libdw's message". path is the file that holds the DWARF. */
struct error *dwarf_error(const char *path, const char *what);

#endif
