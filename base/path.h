/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Source paths as debug info gives them, made comparable. */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include "base/strbuf.h"

/*
 * Put into ret (which is emptied first) path, or directory/path when path is
 * relative, without "//", "." and ".." components. Purely textual: no symbolic
 * link is read, since the files may be on no disk here. directory may be NULL.
 */
void path_normalise(const char *directory, const char *path, struct strbuf *ret);

#endif
