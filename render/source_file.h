/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a report needs to know of a source file: whether it can be read, and its length. */
#ifndef RENDER_SOURCE_FILE_H
#define RENDER_SOURCE_FILE_H

#include <stdint.h>

#include "base/error.h"

/*
 * The number of lines of path; a last line without newline counts. Fails with
 * ERROR_NOT_FOUND when there is no such file, with another error when it is
 * no regular file or cannot be read. Never waits (for a FIFO's writer).
 */
struct error *source_file_length(const char *path, uint64_t *ret);

#endif
