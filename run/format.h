/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The run file on disk, for the code that writes and reads it.
 * docs/run-file.md describes the format byte by byte. All fixed-size integers
 * are little-endian on every machine.
 *
 *	file   = header record*
 *	header = magic[8] major:u16 minor:u16 crc32(the 12 bytes before):u32
 *	record = sync[4] type:u8 length:u24 crc32(type, length, payload):u32
 *		 payload[length]
 *
 * The payload of every record except PCS and PACK is a sequence of fields:
 *
 *	key:varint value, key = number * 2 + kind
 *	kind 0: value = varint; kind 1: value = length:varint bytes[length]
 *
 * A reader can skip fields that it does not know.
 */
#ifndef RUN_FORMAT_H
#define RUN_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/pc_merge.h"
#include "base/strbuf.h"
#include "run/fields.h"
#include "run/run.h"

/* As in PNG: cannot be taken for text, and any conversion of line ends breaks it. */
#define RUN_MAGIC	"\x89KCOV\r\n\x1a"
#define RUN_MAGIC_SIZE	8
#define RUN_HEADER_SIZE 16
/* A reader takes this major version and 1, which had no PACK records. */
#define RUN_VERSION_MAJOR 2
#define RUN_VERSION_MINOR 2
/*
 * Three of these bytes never occur in UTF-8 text, so the search after damage finds
 * few false matches.
 */
#define RUN_SYNC	  "\xfe\xc0\xff\x16"
#define RUN_SYNC_SIZE	  4
#define RUN_RECORD_HEADER 12
#define RUN_PAYLOAD_MAX	  ((size_t)1 << 20)
/*
 * Longer strings are truncated: a command line can be 2 MiB long, which is of no
 * use in a report.
 */
#define RUN_STRING_MAX ((size_t)1 << 16)
/* The most different modules that a reader accepts: more than fit into the module area. */
#define RUN_MODULES_MAX 16384
/* The most sources that a reader accepts of which there are PCs only and no TASK record. */
#define RUN_LOST_SOURCES_MAX 65536
/* Ids of sources must fit into the int32_t parent. */
#define RUN_SOURCE_ID_MAX INT32_MAX

enum run_record_type {
	RUN_RECORD_META = 1,
	RUN_RECORD_MODULE = 2,
	RUN_RECORD_TASK = 3,
	RUN_RECORD_PCS = 4,
	RUN_RECORD_NOTE = 5,
	RUN_RECORD_END = 6,
	RUN_RECORD_PACK = 7, /* run/pack.h */
};

/* Notes and end records as structs, so that they have field tables too. */
struct run_note {
	char *text;
};
struct run_end {
	uint64_t nr_records; /* before this one */
};

/* The crc32 (ISO-HDLC, as in zlib) of type, length and payload of the record that starts at p. */
uint32_t run_record_crc(const uint8_t *p, size_t length);

/*
 * For a record whose payload is added to sb by the caller: run_record_begin() makes
 * room for the header and returns where it is, run_record_end() fills it in.
 */
size_t run_record_begin(struct strbuf *sb);
void run_record_end(struct strbuf *sb, size_t start, enum run_record_type type);

/* Are all PCs above 0, and does each follow a lower one? */
bool run_pcs_ascend(const struct pc_count *pcs, size_t nr_pcs);

/* Append the file header, or one record, to sb. Out-of-memory errors stay in sb. */
void run_encode_header(struct strbuf *sb);
void run_encode_fields(struct strbuf *sb, enum run_record_type type, const struct run_field *fields,
		       const void *object);
/* Append the TASK record of a source, without its PCs. */
void run_encode_source(struct strbuf *sb, const struct run_source *source);
/*
 * Append as many PCS records as the PCs need and add their number to *nr_records.
 * Entries with count 0 are skipped. Fails with ERROR_INVALID and leaves sb
 * unchanged unless all PCs are above 0 and ascend.
 */
struct error *run_encode_pcs(struct strbuf *sb, uint32_t source_id, const struct pc_count *pcs,
			     size_t nr_pcs, uint64_t *nr_records);

/*
 * Decode a payload into *object. Its members must be valid or zero before the
 * call. Fields that the payload does not contain are set to absent. *ok = false if
 * the payload is not well-formed; the object is then partly filled, and the caller
 * frees its strings. Fails only if memory runs out.
 */
struct error *run_decode_fields(const uint8_t *payload, size_t length,
				const struct run_field *fields, void *object, bool *ok);

/* The same for a TASK record. The kind of the source follows from its fields. */
struct error *run_decode_source(const uint8_t *payload, size_t length, struct run_source *source,
				bool *ok);

/* The same for a PCS record: sets *source_id and fills pcs, which is emptied first. */
struct error *run_decode_pcs(const uint8_t *payload, size_t length, uint32_t *source_id,
			     struct pc_count_vector *pcs, bool *ok);

static inline uint64_t run_get_le(const uint8_t *p, size_t size)
{
	uint64_t v = 0;

	for (size_t i = size; i-- > 0;)
		v = v << 8 | p[i];
	return v;
}

static inline void run_put_le(uint8_t *p, size_t size, uint64_t v)
{
	for (size_t i = 0; i < size; i++, v >>= 8)
		p[i] = v;
}

#endif
