/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes a run file while the collection is running: appends checksummed records
 * (docs/run-file.md). If the writer is killed, only what was not flushed yet is
 * lost.
 *
 * run_writer_create() opens the file, but keeps its old content until the first
 * flush, so a collection that cannot start destroys nothing. Not thread-safe. The
 * first write error is kept: all later calls return it again, as a new error
 * object.
 */
#ifndef RUN_WRITER_H
#define RUN_WRITER_H

#include "base/cleanup.h"
#include "run/run.h"

struct run_writer;

/* path: copied. Fails if the file cannot be opened for writing. */
struct error *run_writer_create(const char *path, struct run_writer **ret);
/*
 * Close the file without flushing; does not write an end record. Removes the file
 * if run_writer_create() created it and nothing was flushed. Accepts NULL.
 */
void run_writer_destroy(struct run_writer *w);
DEFINE_CLEANUP(run_writer, struct run_writer, run_writer_destroy);
#define _cleanup_run_writer_ _cleanup_(cleanup_run_writer)

struct error *run_writer_meta(struct run_writer *w, const struct run_meta *meta);
/*
 * A module at its address. A record with the same name and base replaces the
 * earlier one; another base makes it another module.
 */
struct error *run_writer_module(struct run_writer *w, const struct run_module *module);
/*
 * Everything about a source except its PCs. Call this when the source starts and
 * whenever a field changes (exec, exit, saturation): the last record with an id is
 * valid.
 */
struct error *run_writer_source(struct run_writer *w, const struct run_source *source);
/*
 * PCs (ascending), with their counts since the last such record of this source.
 * The reader adds them up.
 */
struct error *run_writer_pcs(struct run_writer *w, uint32_t source_id, const struct pc_count *pcs,
			     size_t nr_pcs);
struct error *run_writer_note(struct run_writer *w, const char *text);
/* The end record. Nothing may be added after it. */
struct error *run_writer_end(struct run_writer *w);
/* Pass everything to the kernel with write(2). Does not fsync. */
struct error *run_writer_flush(struct run_writer *w);

#endif
