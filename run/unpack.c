// SPDX-License-Identifier: GPL-2.0-or-later
/* Decompresses PACK records and decodes their entries. Input may be hostile. */
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include "run/format.h"
#include "run/pack.h"
#include "run/varint.h"

/* The part of a payload before the compressed bytes. */
struct pack_head {
	uint64_t number;
	uint64_t raw_size;
	uint32_t crc;
	uint64_t packed_size;
};

void run_unpacker_deinit(struct run_unpacker *u)
{
	ZSTD_freeDCtx(u->zstd);
	free(u->raw);
	*u = (struct run_unpacker){ 0 };
}

static bool take_head(struct payload *in, size_t length, struct pack_head *head)
{
	if (!take_varint(in, &head->number) || !take_varint(in, &head->raw_size) ||
	    in->end - in->p < 4)
		return false;
	head->crc = run_get_le(in->p, 4);
	in->p += 4;
	return take_varint(in, &head->packed_size) &&
	       head->packed_size <= (size_t)(in->end - in->p) &&
	       head->raw_size <= RUN_PACK_RAW_MAX && head->raw_size <= length * RUN_PACK_RATIO;
}

/* Room for size bytes, and a decompressor. */
static struct error *prepare(struct run_unpacker *u, size_t size)
{
	if (!u->raw || size > u->raw_room) {
		free(u->raw);
		u->raw = malloc(size + 1);
		u->raw_room = u->raw ? size : 0;
	}
	if (!u->zstd) {
		u->zstd = ZSTD_createDCtx();
		if (u->zstd && ZSTD_isError(ZSTD_DCtx_setParameter(u->zstd, ZSTD_d_windowLogMax,
								   RUN_PACK_WINDOW_LOG)))
			return &error_no_memory;
	}
	return u->raw && u->zstd ? NULL : &error_no_memory;
}

/* Decompress into u->raw. Returns false unless the input becomes exactly size bytes. */
static bool decompress(struct run_unpacker *u, const uint8_t *packed, size_t packed_size,
		       size_t size)
{
	ZSTD_inBuffer in = { packed, packed_size, 0 };
	ZSTD_outBuffer out = { u->raw, size, 0 };
	size_t in_before, out_before;

	do {
		in_before = in.pos;
		out_before = out.pos;
		if (ZSTD_isError(ZSTD_decompressStream(u->zstd, &out, &in)))
			return false;
	} while ((in.pos < in.size || out.pos < out.size) &&
		 (in.pos > in_before || out.pos > out_before));
	return in.pos == in.size && out.pos == out.size;
}

struct error *run_unpack(struct run_unpacker *u, const uint8_t *payload, size_t length, bool *ok)
{
	struct payload in = { payload, payload + length };
	struct pack_head head;

	u->raw_size = u->raw_done = 0;
	*ok = take_head(&in, length, &head);
	if (*ok && head.number && head.number != u->next) {
		*ok = false;
		u->nr_orphans++;
		u->orphan_bytes += head.raw_size;
	}
	/* Until all of this one is right, no other record can follow it. */
	u->next = 0;
	if (!*ok)
		return NULL;
	struct error *err = prepare(u, head.raw_size);
	if (err)
		return err;
	if (head.number == 0)
		ZSTD_DCtx_reset(u->zstd, ZSTD_reset_session_only);
	*ok = decompress(u, in.p, head.packed_size, head.raw_size) &&
	      crc32(0, u->raw, head.raw_size) == head.crc;
	if (!*ok)
		return NULL;
	u->next = head.number + 1;
	u->raw_size = head.raw_size;
	return NULL;
}

/* Fills pcs with n PCs, whose counts follow them. */
static bool take_pcs(struct payload *in, size_t n, struct pc_count *pcs)
{
	uint64_t pc = 0, delta;

	for (size_t i = 0; i < n; i++) {
		if (!take_varint(in, &delta) || !delta || __builtin_add_overflow(pc, delta, &pc))
			return false;
		pcs[i].pc = pc;
	}
	for (size_t i = 0; i < n; i++)
		if (!take_varint(in, &pcs[i].count) || !pcs[i].count)
			return false;
	return true;
}

struct error *run_unpacker_next(struct run_unpacker *u, uint32_t *source_id,
				struct pc_count_vector *pcs, bool *more, bool *ok)
{
	struct payload in = { u->raw + u->raw_done, u->raw + u->raw_size };
	uint64_t id = 0, nr = 0;

	pcs->len = 0;
	*ok = true;
	*more = u->raw_done < u->raw_size;
	if (!*more)
		return NULL;
	*more = *ok = take_varint(&in, &id) && id <= RUN_SOURCE_ID_MAX && take_varint(&in, &nr) &&
		      nr <= (size_t)(in.end - in.p) / 2;
	if (*ok && !pc_count_vector_reserve(pcs, nr))
		return &error_no_memory;
	if (*ok)
		*more = *ok = take_pcs(&in, nr, pcs->data);
	if (!*ok)
		return NULL;
	pcs->len = nr;
	*source_id = id;
	u->raw_done = in.p - u->raw;
	return NULL;
}
