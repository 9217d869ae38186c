/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where renderers write to. A renderer opens its outputs by name; the program commits the outputs
 * of all renderers together.
 *
 * In a directory, no file is replaced before all of them are written and closed. After any error,
 * and without a commit, an older report is as it was (base/outfile.h), and directories that were
 * made for it are removed.
 */
#ifndef RENDER_SINK_H
#define RENDER_SINK_H

#include <stdio.h>

#include "base/cleanup.h"
#include "base/error.h"

struct sink;

/* For files below the directory, which has to exist. directory: copied. */
struct error *sink_create(const char *directory, struct sink **ret);
/* For a renderer of kind RENDER_FILE: its output is out, whatever its name. Borrowed. */
struct error *sink_create_stream(FILE *out, struct sink **ret);
/* Accepts NULL. */
void sink_destroy(struct sink *sink);
DEFINE_CLEANUP(sink, struct sink, sink_destroy);
#define _cleanup_sink_ _cleanup_(cleanup_sink)

/*
 * Open the output `name` (copied): a relative path without "..", whose directories are made.
 * *ret: borrowed, valid until commit or destroy. sink_commit() finds its write errors.
 */
struct error *sink_open(struct sink *sink, const char *name, FILE **ret);

/* Put all outputs in place. Once, at the end. */
struct error *sink_commit(struct sink *sink);

#endif
