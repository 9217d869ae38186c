/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Output files that are whole or not there: written beside their place under
 * a temporary name, flushed, synced to the name with rename() by
 * outfile_commit(). Without commit the temporary file is removed, also by a
 * signal that ends us (base/unfinished.h), and what stood at the path before
 * stays as it was.
 *
 * Not a regular file ("-" is not special; /dev/stdout, a pipe, /dev/null): is
 * opened and written directly, since renaming over it would replace it.
 */
#ifndef BASE_OUTFILE_H
#define BASE_OUTFILE_H

#include <stdio.h>

#include "base/error.h"

struct outfile;

/* path: copied. Mode 0666 less the umask. */
struct error *outfile_create(const char *path, struct outfile **ret);
/* Borrowed; valid until commit or destroy. Write errors are found by outfile_commit(). */
FILE *outfile_stream(struct outfile *out);
/*
 * Flush, check for any write error so far, and close: outfile_commit() then only renames. For files
 * that are put in place together.
 */
struct error *outfile_finish(struct outfile *out);
/* Flush, check for any write error so far, rename into place. The outfile must still be destroyed.
 */
struct error *outfile_commit(struct outfile *out);
/* Accepts NULL; removes the temporary file when not committed. */
void outfile_destroy(struct outfile *out);

static inline void cleanup_outfile(struct outfile **out)
{
	outfile_destroy(*out);
}
#define _cleanup_outfile_ __attribute__((__cleanup__(cleanup_outfile)))

/* mkdir -p; existing directories are fine. */
struct error *make_directories(const char *path);

#endif
