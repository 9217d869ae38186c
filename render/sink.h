/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where renderers write to. A renderer opens its outputs by name; the program
 * commits the outputs of all renderers together.
 *
 * In a directory, no file is replaced before all outputs are written and closed. They are then
 * replaced one after the other: a reader may see some of the new files with some of the old ones
 * for a moment.
 * After any error, and without a commit, an older report is unchanged (outfile_place()), and
 * directories that were created for the new one are removed.
 */
#ifndef RENDER_SINK_H
#define RENDER_SINK_H

#include <stdbool.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/writer.h"

struct sink;

/*
 * A sink for files below directory (copied), which is created, with its parents, if it does not
 * exist. Fails if nothing can be written there.
 */
struct error *sink_create(const char *directory, struct sink **ret);
/*
 * A sink for a renderer of kind RENDER_FILE: its output is written to out,
 * whatever its name. out: borrowed. sink_commit() does not flush it; the caller finds
 * its write errors with ferror().
 */
struct error *sink_create_stream(FILE *out, struct sink **ret);
/* Accepts NULL. */
void sink_destroy(struct sink *sink);
DEFINE_CLEANUP(sink, struct sink, sink_destroy);
#define _cleanup_sink_ _cleanup_(cleanup_sink)

/*
 * Open the output `name` (copied): a relative path without "..". Missing
 * directories are created. *ret: borrowed, valid until commit or destroy.
 * sink_commit() flushes it and reports its write errors. Several threads may open, write, finish
 * and remove outputs at a time, each its own. Meanwhile no thread may create a file elsewhere: the
 * process's umask is 0777 for moments.
 */
struct error *sink_open(struct sink *sink, const char *name, struct writer **ret);

/*
 * This output is complete: flush and close it, and destroy its writer. Without it, each output
 * keeps a file open until sink_commit(). Reports its write errors.
 */
struct error *sink_finish(struct sink *sink, struct writer *writer);

/*
 * If `name`, a path as of sink_open(), is a regular file that begins with `start`, which shows that
 * an older report wrote it, remove it when the outputs are in place. *ret: whether it is one.
 */
struct error *sink_remove(struct sink *sink, const char *name, const char *start, bool *ret);

/* Put all outputs in place. Call this once, at the end. */
struct error *sink_commit(struct sink *sink);

#endif
