/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads a run file one source after the other, so that the PCs of all sources need
 * not be in memory at the same time.
 *
 *	err = run_stream_open(path, RUN_STREAM_HELD, &stream);
 *	... run_stream_run(stream): all that is known except PCs ...
 *	err = run_stream_each(stream, visit, arg);
 *
 * Files with few PCs are read once and held. Larger ones are read twice: first to
 * know the sources and how many pieces their PCs are in, then to put the pieces
 * together. A source is complete with its last piece, and its PCs are freed after
 * the visit. So memory is that of the sources whose pieces overlap: one at a time in
 * files of run_save() and run_merger, those that ran at the same time in files of
 * a collection.
 */
#ifndef RUN_STREAM_H
#define RUN_STREAM_H

#include "run/run.h"

struct run_stream;

/* A file with at most this many PCs is read once: 32 MiB in memory. */
#define RUN_STREAM_HELD ((size_t)2 << 20)

/*
 * Open path and read everything except PCs. `held`: PCs to hold at most
 * (RUN_STREAM_HELD). A pipe can be read only once, so all its PCs are held. Fails
 * only if the file cannot be read or is not a run file.
 */
struct error *run_stream_open(const char *path, size_t held, struct run_stream **ret);
/*
 * Read only what is known of the collection: the run has no sources. This takes little more than
 * reading the bytes. Fails as run_stream_open() does.
 */
struct error *run_load_facts(const char *path, struct run **ret);
/* Accepts NULL. */
void run_stream_destroy(struct run_stream *stream);
/*
 * The run, whose sources have no PCs; nr_pcs is 0 until a source was visited. Owned
 * by the stream.
 */
struct run *run_stream_run(struct run_stream *stream);
/* Hand the run to the caller, who destroys it. The stream may only be destroyed after that. */
struct run *run_stream_steal(struct run_stream *stream);

/*
 * A function that is called with each source of the run, with its PCs. They are
 * freed after the call unless it sets source->pcs to NULL; nr_pcs stays.
 */
typedef struct error *(*run_visit)(void *arg, struct run_source *source);
/*
 * Visit all sources once; may be called once. The order is that of ids if all PCs are
 * held, and otherwise that in which sources are complete. An error of visit ends it.
 * visit NULL: leave the PCs in the sources.
 */
struct error *run_stream_each(struct run_stream *stream, run_visit visit, void *arg);

static inline void cleanup_run_stream(struct run_stream **stream)
{
	run_stream_destroy(*stream);
}
#define _cleanup_run_stream_ __attribute__((__cleanup__(cleanup_run_stream)))

#endif
