/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes a run file while the run goes on: append-only checksummed records
 * (docs/run-file.md). Killing the writer costs what was not yet flushed.
 *
 * The file is opened at create but what it held stays until the first flush:
 * a collection that cannot start destroys nothing. Not thread-safe. The first
 * error of writing sticks: later calls return it again (as a new object).
 */
#ifndef RUN_WRITER_H
#define RUN_WRITER_H

#include "run/run.h"

struct run_writer;

/* path: copied. Fails when it cannot be opened for writing. */
struct error *run_writer_create(const char *path, struct run_writer **ret);
/*
 * Accepts NULL. Closes without an end record if there was none. A file that
 * create made and that was never flushed is removed again.
 */
void run_writer_destroy(struct run_writer *w);

struct error *run_writer_meta(struct run_writer *w, const struct run_meta *meta);
/* A module at its address; the same name and base again replaces, another base is another module.
 */
struct error *run_writer_module(struct run_writer *w, const struct run_module *module);
/*
 * All of a source but its PCs. Written when it starts and again whenever a field
 * changed (exec, exit, saturation): the last record with an id holds.
 */
struct error *run_writer_source(struct run_writer *w, const struct run_source *source);
/* PCs (ascending) and how often since the last such record of this source: the reader adds up. */
struct error *run_writer_pcs(struct run_writer *w, uint32_t source_id, const struct pc_count *pcs,
			     size_t nr_pcs);
struct error *run_writer_note(struct run_writer *w, const char *text);
/* The end record; nothing may follow. */
struct error *run_writer_end(struct run_writer *w);
/* Hand everything to the kernel (write(2)); no fsync. */
struct error *run_writer_flush(struct run_writer *w);

#endif
