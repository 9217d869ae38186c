/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Splits a run file into records, even if it is damaged: skips, counts and
 * describes the bytes that no intact record covers. Used by run/stream.c.
 *
 * The file is read with read(2) through a window of at most a few MiB. So a file that
 * shrinks while it is read causes no signal, and a pipe or an endless file does
 * not exhaust memory.
 */
#ifndef RUN_READER_H
#define RUN_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct run_reader;

struct run_record {
	unsigned int type;
	const uint8_t *payload; /* valid until the next call with this reader */
	size_t length;
	uint64_t offset; /* of the record's first byte in the file */
};

/*
 * Open path and check the header. ERROR_FORMAT if it is not a run file,
 * ERROR_UNSUPPORTED if it has another major version.
 */
struct error *run_reader_create(const char *path, struct run_reader **ret);
void run_reader_destroy(struct run_reader *reader);
/*
 * Get the next intact record before the end record. *ok = false if there is none;
 * only then do the functions below return their final values. Fails if read(2)
 * fails.
 */
struct error *run_reader_next(struct run_reader *reader, struct run_record *record, bool *ok);
/* Bytes of the file; of a pipe those that were read so far. */
uint64_t run_reader_size(const struct run_reader *reader);
/* Is the file a regular one, so that run_reader_rewind() is possible? */
bool run_reader_can_rewind(const struct run_reader *reader);
/* Go back to the first record, and forget all damage that was found. */
struct error *run_reader_rewind(struct run_reader *reader);
/* Count the record that was read last as damaged, because its payload is not well-formed. */
void run_reader_reject(struct run_reader *reader, const struct run_record *record);

/* Returns whether an end record was found. */
bool run_reader_finished(const struct run_reader *reader);
/* Number of bytes that no intact record covers. */
uint64_t run_reader_damaged_bytes(const struct run_reader *reader);
/*
 * What is missing, as text: "1,234 bytes damaged at offset 5678; ...". "" if
 * nothing is. Valid until the reader is destroyed.
 */
const char *run_reader_damage(const struct run_reader *reader);

static inline void cleanup_run_reader(struct run_reader **reader)
{
	run_reader_destroy(*reader);
}
#define _cleanup_run_reader_ __attribute__((__cleanup__(cleanup_run_reader)))

#endif
