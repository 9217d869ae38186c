/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Normalises source paths from debug info, so that they can be compared. */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include "base/strbuf.h"

/*
 * Put path into ret (emptied first), or directory/path if path is relative,
 * without "//", "." and ".." components. Purely textual: reads no symbolic
 * links, since the files may not exist on this machine. directory may be NULL.
 */
void path_normalise(const char *directory, const char *path, struct strbuf *ret);

#endif
