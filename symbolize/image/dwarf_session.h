/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A libdw session over an image. libdw keeps everything it has read until the
 * session ends, so reading an image in several sessions bounds the memory. A session
 * belongs to one thread; opening one is not thread-safe. libdw opens no file for a
 * session but .dwo files and packages of them (split.h).
 * Private to symbolize/image/.
 */
#ifndef SYMBOLIZE_IMAGE_DWARF_SESSION_H
#define SYMBOLIZE_IMAGE_DWARF_SESSION_H

#include <elfutils/libdw.h>

#include "base/error.h"
#include "symbolize/image/image.h"
#include "symbolize/image/supplement.h"

struct dwarf_session {
	Dwarf *dwarf;
	Dwarf *alt; /* the debug info of the supplementary file; NULL = none */
	struct empty_supplement empty;
};

struct error *dwarf_session_init(struct dwarf_session *session, const struct image *image);
void dwarf_session_deinit(struct dwarf_session *session);

/* "cannot read 'PATH': WHAT: libdw's message". path is the file that holds the DWARF. */
struct error *dwarf_error(const char *path, const char *what);

#endif
