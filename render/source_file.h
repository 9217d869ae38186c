/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a report needs to know about a source file: whether it can be read, and its length. */
#ifndef RENDER_SOURCE_FILE_H
#define RENDER_SOURCE_FILE_H

#include <stdint.h>

#include "base/error.h"

/*
 * Set *ret to the number of lines of path; a last line without newline counts.
 * Fails with ERROR_NOT_FOUND if the file does not exist, with another error if it
 * is not a regular file or cannot be read. Never blocks (on a FIFO, for instance).
 */
struct error *source_file_length(const char *path, uint64_t *ret);

#endif
