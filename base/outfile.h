/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Output files that appear whole or not at all. An output is written next to its
 * destination under a temporary name; outfile_commit() flushes it and renames it
 * into place (no fsync). Without a commit, the temporary file is removed, also if
 * a signal ends the process (base/unfinished.h), and the file that was at the path
 * is unchanged.
 *
 * Anything but a regular file (/dev/stdout, a pipe, /dev/null) is opened and
 * written directly, since a rename would replace it. "-" has no special meaning.
 *
 * A symbolic link stays a link: the file that it points to is replaced. Links and files that
 * another user may have planted are refused (base/outpath.h).
 *
 * Until it is complete, only we can read a file. Then it has the owner, group and mode of the file
 * that it replaces. A new file has mode 0666 less the umask and, under sudo, belongs to the user
 * that called it (base/caller.h).
 */
#ifndef BASE_OUTFILE_H
#define BASE_OUTFILE_H

#include <stdio.h>

#include "base/error.h"

struct outfile;

/* path: copied. */
struct error *outfile_create(const char *path, struct outfile **ret);
/* Borrowed; valid until commit or destroy. outfile_commit() reports its write errors. */
FILE *outfile_stream(struct outfile *out);
/* Write to the stream. Unlike outfile_commit() it knows the cause of an error: a full disk. */
struct error *outfile_write(struct outfile *out, const void *data, size_t size);
/*
 * Flush, check for write errors so far, and close. outfile_commit() then only
 * renames. For several files that are put in place together.
 */
struct error *outfile_finish(struct outfile *out);
/*
 * Flush, check for write errors so far, and rename into place. The caller must
 * still destroy out.
 */
struct error *outfile_commit(struct outfile *out);
/*
 * The same, but outfile_destroy() puts the old file back, or removes a new one, unless
 * outfile_keep() was called. For several files of which all are to be replaced, or none. The old
 * file cannot be put back on a file system that can neither exchange two files nor link them (some
 * FUSE and FAT).
 */
struct error *outfile_place(struct outfile *out);
void outfile_keep(struct outfile *out);
/* Removes the temporary file if it was not committed. Accepts NULL. */
void outfile_destroy(struct outfile *out);

static inline void cleanup_outfile(struct outfile **out)
{
	outfile_destroy(*out);
}
#define _cleanup_outfile_ __attribute__((__cleanup__(cleanup_outfile)))

/* Fail if path is not a directory, or a link to one. A link that leads nowhere is named as such. */
struct error *directory_check(const char *path);
/* Like mkdir -p: existing directories are not an error. */
struct error *make_directories(const char *path);

#endif
