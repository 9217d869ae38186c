// SPDX-License-Identifier: GPL-2.0-or-later
/* Recognise compressed files, and unpack those that modules are installed as. */
#include "symbolize/image/elf_unpack.h"

#include <limits.h>
#include <lzma.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "base/cleanup.h"

static const char gzip_name[] = "gzip-compressed", zstd_name[] = "zstd-compressed";

#define FIRST_ROOM	((size_t)1 << 20)
#define XZ_MEMORY_LIMIT ((uint64_t)256 << 20)

/* Input and output of a decoder. */
struct unpack {
	const uint8_t *in;
	size_t in_size, in_used;
	uint8_t *out;
	size_t out_size, room;
	uint64_t limit; /* of out_size; above it out_size is limit + 1 at the end */
};

struct elf_packing {
	const char *name; /* "xz-compressed" */
	size_t offset;	  /* of the magic bytes */
	const char *magic;
	size_t magic_size;
	const char *hint;					 /* how to unpack it by hand */
	struct error *(*decode)(struct unpack *u, bool *ret_ok); /* NULL = we cannot */
};

/*
 * Whether another stream follows the one that ended, as bgzip, pzstd and cat(1) write them. What is
 * not one is ignored, as gunzip does.
 */
static bool has_next(const struct unpack *u, const char *name)
{
	const struct elf_packing *next =
		elf_find_packing(u->in + u->in_used, u->in_size - u->in_used);

	return next && !next->offset && !strcmp(next->name, name);
}

/* Make room for output. False at the limit. */
static struct error *make_room(struct unpack *u, bool *ret)
{
	size_t room = u->room ? u->room : FIRST_ROOM / 2;

	*ret = u->out_size <= u->limit;
	if (!*ret || u->out_size < u->room)
		return NULL;
	room = room > u->limit / 2 ? u->limit + 1 : 2 * room;
	uint8_t *out = realloc(u->out, room);
	if (!out)
		return &error_no_memory;
	u->out = out;
	u->room = room;
	return NULL;
}

static struct error *decode_gzip(struct unpack *u, bool *ret_ok)
{
	z_stream z = { 0 };
	struct error *err = NULL;
	int rc = inflateInit2(&z, 15 + 16);
	bool more = rc == Z_OK;

	while (more && !(err = make_room(u, &more)) && more) {
		uInt in = u->in_size - u->in_used < UINT_MAX ? u->in_size - u->in_used : UINT_MAX;
		uInt out = u->room - u->out_size < UINT_MAX ? u->room - u->out_size : UINT_MAX;

		z.next_in = (Bytef *)u->in + u->in_used;
		z.avail_in = in;
		z.next_out = u->out + u->out_size;
		z.avail_out = out;
		rc = inflate(&z, Z_NO_FLUSH);
		u->in_used += in - z.avail_in;
		u->out_size += out - z.avail_out;
		if (rc == Z_STREAM_END && has_next(u, gzip_name))
			rc = inflateReset(&z);
		more = rc == Z_OK;
	}
	*ret_ok = rc == Z_STREAM_END;
	inflateEnd(&z);
	return err;
}

static struct error *decode_xz(struct unpack *u, bool *ret_ok)
{
	lzma_stream z = LZMA_STREAM_INIT;
	struct error *err = NULL;
	lzma_ret rc = lzma_stream_decoder(&z, XZ_MEMORY_LIMIT, LZMA_CONCATENATED);
	bool more = rc == LZMA_OK;

	while (more && !(err = make_room(u, &more)) && more) {
		z.next_in = u->in + u->in_used;
		z.avail_in = u->in_size - u->in_used;
		z.next_out = u->out + u->out_size;
		z.avail_out = u->room - u->out_size;
		rc = lzma_code(&z, LZMA_FINISH);
		u->in_used = u->in_size - z.avail_in;
		u->out_size = u->room - z.avail_out;
		more = rc == LZMA_OK;
	}
	*ret_ok = rc == LZMA_STREAM_END;
	lzma_end(&z);
	return err;
}

static struct error *decode_zstd(struct unpack *u, bool *ret_ok)
{
	ZSTD_DCtx *z = ZSTD_createDCtx();
	struct error *err = z ? NULL : &error_no_memory;
	size_t rc = 1;
	bool more = z;

	while (more && !(err = make_room(u, &more)) && more) {
		ZSTD_inBuffer in = { u->in, u->in_size, u->in_used };
		ZSTD_outBuffer out = { u->out, u->room, u->out_size };
		size_t before = in.pos + out.pos;

		rc = ZSTD_decompressStream(z, &out, &in);
		u->in_used = in.pos;
		u->out_size = out.pos;
		more = !ZSTD_isError(rc) && in.pos + out.pos != before &&
		       (rc || has_next(u, zstd_name));
	}
	*ret_ok = !rc;
	ZSTD_freeDCtx(z);
	return err;
}

static const struct elf_packing packings[] = {
	{ gzip_name, 0, "\x1f\x8b", 2, "unpack it with gunzip", decode_gzip },
	{ "xz-compressed", 0,
	  "\xfd"
	  "7zXZ\0",
	  6, "unpack it with unxz", decode_xz },
	{ zstd_name, 0, "\x28\xb5\x2f\xfd", 4, "unpack it with unzstd", decode_zstd },
	/* pzstd begins with a skippable frame. */
	{ zstd_name, 0, "\x50\x2a\x4d\x18", 4, "unpack it with unzstd", decode_zstd },
	{ "bzip2-compressed", 0, "BZh", 3, "unpack it with bunzip2", NULL },
	{ "lz4-compressed", 0, "\x02\x21\x4c\x18", 4, "unpack it with unlz4", NULL },
	{ "lz4-compressed", 0, "\x04\x22\x4d\x18", 4, "unpack it with unlz4", NULL },
	{ "lzo-compressed", 0, "\x89LZO", 4, "unpack it with lzop -d", NULL },
	{ "lzma-compressed", 0, "\x5d\0\0", 3, "unpack it with unlzma", NULL },
	{ "a bootable kernel (bzImage)", 514, "HdrS", 4,
	  "it has neither symbols nor debug info; use the vmlinux of the same build", NULL },
};

const struct elf_packing *elf_find_packing(const void *head, size_t size)
{
	for (size_t i = 0; i < sizeof(packings) / sizeof(*packings); i++) {
		const struct elf_packing *p = &packings[i];

		if (size >= p->offset + p->magic_size &&
		    !memcmp((const char *)head + p->offset, p->magic, p->magic_size))
			return p;
	}
	return NULL;
}

struct error *elf_unpack(const struct elf_packing *packing, const char *path, const void *data,
			 size_t size, struct budget *budget, void **ret, size_t *ret_size)
{
	struct unpack u = { .in = data,
			    .in_size = size,
			    .limit = budget_limit(budget, BUDGET_UNPACKED) };
	bool ok = false;

	if (!packing->decode)
		return error_hint(error_create(ERROR_FORMAT, "'%s' is not an ELF file but %s", path,
					       packing->name),
				  "%s", packing->hint);
	struct error *err = packing->decode(&u, &ok);
	_cleanup_free_ uint8_t *out = u.out;
	if (!err)
		err = budget_take(budget, BUDGET_UNPACKED, u.out_size);
	if (err)
		return err;
	if (!ok)
		return error_hint(
			error_create(ERROR_FORMAT, "'%s' is %s, and damaged", path, packing->name),
			"copy or build it again");
	*ret = steal_ptr(&out);
	*ret_size = u.out_size;
	return NULL;
}
