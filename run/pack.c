// SPDX-License-Identifier: GPL-2.0-or-later
/* Collects PCs of sources and compresses them into PACK records. */
#include "run/pack.h"

#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include "base/cleanup.h"
#include "run/format.h"
#include "run/varint.h"

/* PCs in one entry: with two varints each it is smaller than a record. */
#define ENTRY_PCS_MAX ((size_t)8192)

struct run_packer {
	ZSTD_CCtx *zstd;      /* NULL = none was needed yet: it takes a few MiB */
	struct strbuf raw;    /* the entries that are not in a record yet */
	struct strbuf counts; /* of the entry that is being added */
	uint8_t *packed;      /* room for a compressed batch */
	size_t packed_size;
	uint64_t number; /* of the next record in its series */
	size_t series;	 /* bytes in the series so far, before compression */
};

_Static_assert(RUN_PACK_BATCH + 2 * VARINT_MAX * (ENTRY_PCS_MAX + 1) <= RUN_PACK_RAW_MAX,
	       "a batch that the last entry made larger fits into a record");

/* The window is allocated for this much; the rest is tables of the compressor. */
static bool set_parameters(ZSTD_CCtx *zstd)
{
	return !ZSTD_isError(
		       ZSTD_CCtx_setParameter(zstd, ZSTD_c_compressionLevel, RUN_PACK_LEVEL)) &&
	       !ZSTD_isError(ZSTD_CCtx_setParameter(zstd, ZSTD_c_windowLog, RUN_PACK_WINDOW_LOG));
}

/* A compressor, and room for what it makes of a batch. */
static bool prepare(struct run_packer *p)
{
	size_t size = ZSTD_compressBound(p->raw.len) + ZSTD_CStreamOutSize();

	if (!p->zstd) {
		p->zstd = ZSTD_createCCtx();
		if (!p->zstd || !set_parameters(p->zstd))
			return false;
	}
	if (size > p->packed_size) {
		free(p->packed);
		p->packed = malloc(size);
		p->packed_size = p->packed ? size : 0;
	}
	return p->packed;
}

struct error *run_packer_create(struct run_packer **ret)
{
	_cleanup_run_packer_ struct run_packer *p = calloc(1, sizeof(*p));

	if (!p)
		return &error_no_memory;
	*ret = steal_ptr(&p);
	return NULL;
}

void run_packer_destroy(struct run_packer *p)
{
	if (!p)
		return;
	ZSTD_freeCCtx(p->zstd);
	strbuf_deinit(&p->raw);
	strbuf_deinit(&p->counts);
	free(p->packed);
	free(p);
}

static void add_varint(struct strbuf *sb, uint64_t v)
{
	uint8_t bytes[VARINT_MAX];

	strbuf_add(sb, bytes, varint_put(bytes, v));
}

/*
 * Differences and counts apart: the differences of two tasks are often the same
 * where their counts are not.
 */
static void add_entry(struct run_packer *p, uint32_t source_id, const struct pc_count *pcs,
		      size_t nr_pcs)
{
	uint64_t last = 0;
	size_t nr = 0;

	for (size_t i = 0; i < nr_pcs; i++)
		nr += pcs[i].count > 0;
	if (!nr)
		return;
	add_varint(&p->raw, source_id);
	add_varint(&p->raw, nr);
	strbuf_reset(&p->counts);
	for (size_t i = 0; i < nr_pcs; i++) {
		if (!pcs[i].count)
			continue;
		add_varint(&p->raw, pcs[i].pc - last);
		add_varint(&p->counts, pcs[i].count);
		last = pcs[i].pc;
	}
	strbuf_add(&p->raw, strbuf_str(&p->counts), p->counts.len);
}

struct error *run_packer_add(struct run_packer *p, uint32_t source_id, const struct pc_count *pcs,
			     size_t nr_pcs, struct strbuf *sb, uint64_t *nr_records)
{
	if (!run_pcs_ascend(pcs, nr_pcs))
		return error_create(ERROR_INVALID, "PCs of source %u are not in ascending order",
				    source_id);
	for (size_t done = 0, n; done < nr_pcs; done += n) {
		n = nr_pcs - done < ENTRY_PCS_MAX ? nr_pcs - done : ENTRY_PCS_MAX;
		add_entry(p, source_id, pcs + done, n);
		if (p->raw.failed || p->counts.failed)
			return &error_no_memory;
		if (p->raw.len < RUN_PACK_BATCH)
			continue;
		struct error *err = run_packer_flush(p, sb, nr_records);
		if (err)
			return err;
	}
	return NULL;
}

/* Few PCs: as PCS records, which need nothing of the series. */
static struct error *flush_plain(struct run_packer *p, struct strbuf *sb, uint64_t *nr_records)
{
	_cleanup_run_unpacker_ struct run_unpacker entries = { .raw_size = p->raw.len };
	_cleanup_(pc_count_vector_deinit) struct pc_count_vector pcs = VECTOR_INIT;
	bool more, ok;
	uint32_t id;

	entries.raw = malloc(p->raw.len);
	if (!entries.raw)
		return &error_no_memory;
	memcpy(entries.raw, p->raw.data, p->raw.len);
	for (;;) {
		struct error *err = run_unpacker_next(&entries, &id, &pcs, &more, &ok);

		if (err || !more)
			return err;
		err = run_encode_pcs(sb, id, pcs.data, pcs.len, nr_records);
		if (err)
			return err;
	}
}

/* Compress the batch into p->packed. */
static struct error *compress_batch(struct run_packer *p, bool last, size_t *ret)
{
	ZSTD_inBuffer in = { p->raw.data, p->raw.len, 0 };
	size_t left;

	if (!prepare(p))
		return &error_no_memory;
	ZSTD_outBuffer out = { p->packed, p->packed_size, 0 };
	do {
		left = ZSTD_compressStream2(p->zstd, &out, &in, last ? ZSTD_e_end : ZSTD_e_flush);
		/* The parameters are right and the output has room: only memory can be missing. */
		if (ZSTD_isError(left) || (left && out.pos == out.size))
			return &error_no_memory;
	} while (left);
	*ret = out.pos;
	return NULL;
}

static void add_record(struct run_packer *p, struct strbuf *sb, size_t size)
{
	static const uint8_t zeros[256];
	size_t start = run_record_begin(sb);
	uint8_t crc[4];

	add_varint(sb, p->number);
	add_varint(sb, p->raw.len);
	run_put_le(crc, sizeof(crc), crc32(0, (const Bytef *)p->raw.data, p->raw.len));
	strbuf_add(sb, crc, sizeof(crc));
	add_varint(sb, size);
	strbuf_add(sb, p->packed, size);
	size_t least = start + RUN_RECORD_HEADER + p->raw.len / RUN_PACK_RATIO + 1;
	while (!sb->failed && sb->len < least)
		strbuf_add(sb, zeros,
			   least - sb->len < sizeof(zeros) ? least - sb->len : sizeof(zeros));
	run_record_end(sb, start, RUN_RECORD_PACK);
}

struct error *run_packer_flush(struct run_packer *p, struct strbuf *sb, uint64_t *nr_records)
{
	struct error *err;
	size_t size;

	if (p->raw.len < RUN_PACK_MIN) {
		err = p->raw.len ? flush_plain(p, sb, nr_records) : NULL;
		strbuf_reset(&p->raw);
		return err;
	}
	bool last = p->series + p->raw.len >= RUN_PACK_SERIES;
	err = compress_batch(p, last, &size);
	if (err)
		return err;
	add_record(p, sb, size);
	++*nr_records;
	p->number = last ? 0 : p->number + 1;
	p->series = last ? 0 : p->series + p->raw.len;
	strbuf_reset(&p->raw);
	return strbuf_check(sb);
}
