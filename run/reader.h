/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Takes the records of a run file apart, through damage: what no intact record
 * covers is passed over, counted, and described. Used by run_load().
 *
 * Reads with read(2) through a window of a few MiB: a file that shrinks while
 * it is read, a pipe or a file without end costs neither a signal nor memory.
 */
#ifndef RUN_READER_H
#define RUN_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct run_reader;

struct run_record {
	unsigned int type;
	const uint8_t *payload; /* valid until the next call with the reader */
	size_t length;
	uint64_t offset; /* in the file, of its first byte */
};

/* Opens path and checks the header. ERROR_FORMAT when it is no run file, ERROR_UNSUPPORTED when of
 * a newer major version. */
struct error *run_reader_create(const char *path, struct run_reader **ret);
void run_reader_destroy(struct run_reader *reader);
/*
 * The next intact record before the end record; *ok = false when there is none,
 * and then the functions below hold. Fails when read(2) does.
 */
struct error *run_reader_next(struct run_reader *reader, struct run_record *record, bool *ok);
/* Count the record that was read last as damaged: its payload is not well-formed. */
void run_reader_reject(struct run_reader *reader, const struct run_record *record);

/* The end record was there. */
bool run_reader_finished(const struct run_reader *reader);
/* Bytes that no intact record covers. */
uint64_t run_reader_damaged_bytes(const struct run_reader *reader);
/* What is missing: "1,234 bytes damaged at offset 5678; ..."; "" for nothing. Valid until destroy.
 */
const char *run_reader_damage(const struct run_reader *reader);

static inline void cleanup_run_reader(struct run_reader **reader)
{
	run_reader_destroy(*reader);
}
#define _cleanup_run_reader_ __attribute__((__cleanup__(cleanup_run_reader)))

#endif
