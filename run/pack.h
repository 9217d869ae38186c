/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PACK records: the PCs of several sources, compressed with zstd. Most tasks
 * of a run repeat what the tasks before them executed (execve, the loader,
 * exit), so the records of a series are parts of one compressed stream.
 *
 * A record can be read as soon as it is in the file. It needs all earlier
 * records of its series, so damage loses the rest of the series: at most
 * RUN_PACK_SERIES bytes before compression. docs/run-file.md has the layout.
 */
#ifndef RUN_PACK_H
#define RUN_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/pc_merge.h"
#include "base/strbuf.h"

/* Bytes before compression: when a record is closed, and the most that a reader accepts in one. */
#define RUN_PACK_BATCH	 ((size_t)256 << 10)
#define RUN_PACK_RAW_MAX ((size_t)1 << 20)
/* The most bytes that a byte of payload may become. A writer pads payloads that are smaller. */
#define RUN_PACK_RATIO ((size_t)64)
/* A series ends after this many bytes before compression. */
#define RUN_PACK_SERIES ((size_t)4 << 20)
/* log2 of the distance at which repetitions are found; bounds the memory of a reader. */
#define RUN_PACK_WINDOW_LOG 20
/* Fewer bytes are not worth a PACK record: they become PCS records. */
#define RUN_PACK_MIN ((size_t)256)
/* zlib needs 2.5 times the space, as its window is 32 KiB; higher levels of zstd gain 10 %. */
#define RUN_PACK_LEVEL 2

struct run_packer;

struct error *run_packer_create(struct run_packer **ret);
/* Accepts NULL. */
void run_packer_destroy(struct run_packer *packer);
/*
 * Add PCs of a source. Entries with count 0 are skipped. Appends records to sb, and adds their
 * number to *nr_records, when there are enough for a whole one. Fails with ERROR_INVALID, and adds
 * nothing, unless all PCs are above 0 and ascend. After any other error the packer is not usable.
 */
struct error *run_packer_add(struct run_packer *packer, uint32_t source_id,
			     const struct pc_count *pcs, size_t nr_pcs, struct strbuf *sb,
			     uint64_t *nr_records);
/* Append a record with all that was added so far. A reader of the file finds all of it. */
struct error *run_packer_flush(struct run_packer *packer, struct strbuf *sb, uint64_t *nr_records);

static inline void cleanup_run_packer(struct run_packer **packer)
{
	run_packer_destroy(*packer);
}
#define _cleanup_run_packer_ __attribute__((__cleanup__(cleanup_run_packer)))

/* Reads PACK records. Zeroed memory is at the start of a file. */
struct run_unpacker {
	struct ZSTD_DCtx_s *zstd; /* NULL = none was needed yet */
	uint64_t next;		  /* number in its series of the next record; 0 = of a new series */
	uint8_t *raw;		  /* the entries of the last record */
	size_t raw_room, raw_size, raw_done;
	/* Records that are intact but cannot be read, as one before them in their series is lost.
	 */
	uint64_t nr_orphans;
	uint64_t orphan_bytes; /* before compression */
};

void run_unpacker_deinit(struct run_unpacker *u);
/*
 * Unpack the payload of a PACK record. *ok = false if it is not well-formed, or if a record that it
 * needs is missing. Fails only if memory runs out.
 */
struct error *run_unpack(struct run_unpacker *u, const uint8_t *payload, size_t length, bool *ok);
/*
 * Get the next entry of the record: sets *source_id and fills pcs, which is emptied first. *more =
 * false at the end. *ok = false if the entry is not well-formed; then there are no more.
 */
struct error *run_unpacker_next(struct run_unpacker *u, uint32_t *source_id,
				struct pc_count_vector *pcs, bool *more, bool *ok);

#define _cleanup_run_unpacker_ __attribute__((__cleanup__(run_unpacker_deinit)))

#endif
