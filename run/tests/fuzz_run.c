// SPDX-License-Identifier: GPL-2.0-or-later
/* Load any bytes as a run file; the loaded run must merge, save and load again. */
#include <sys/mman.h>
#include <zlib.h>
#include <zstd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/tests/fuzz_main.h"
#include "run/format.h"
#include "run/tests/repair.h"
#include "run/varint.h"

static void fail(struct error *err)
{
	if (!err)
		return;
	fprintf(stderr, "%s\n", err->message);
	abort();
}

static void merge_and_save(const struct run *run, const char *path)
{
	_cleanup_run_ struct run *merged = NULL, *again = NULL;

	fail(run_create(&merged));
	/* Only running out of ids may make a merge fail. */
	error_destroy(run_merge(merged, run));
	error_destroy(run_merge(merged, run));
	fail(run_save(merged, path));
	fail(run_load(path, &again));
	if (again->sources.len != merged->sources.len || again->notes.len != merged->notes.len)
		abort();
}

static void try_bytes(const uint8_t *data, size_t size)
{
	_cleanup_run_ struct run *run = NULL;
	_cleanup_close_ int fd = memfd_create("run", MFD_CLOEXEC);
	char path[64];

	if (fd < 0 || write_all(fd, data, size))
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	struct error *err = run_load(path, &run);
	if (err) {
		error_destroy(err);
		return;
	}
	snprintf(path, sizeof(path), "/dev/shm/fuzz_run.%d", getpid());
	merge_and_save(run, path);
	unlink(path);
}

/* The bytes as entries of a PACK record: its checksums cannot be guessed either. */
static void try_entries(const uint8_t *data, size_t size)
{
	_cleanup_strbuf_ struct strbuf sb = STRBUF_INIT;
	size_t bound = ZSTD_compressBound(size);
	_cleanup_free_ uint8_t *packed = malloc(bound);
	uint8_t bytes[VARINT_MAX];

	if (!packed)
		return;
	size_t packed_size = ZSTD_compress(packed, bound, data, size, 1);
	run_encode_header(&sb);
	size_t start = run_record_begin(&sb);
	strbuf_addch(&sb, 0);
	strbuf_add(&sb, bytes, varint_put(bytes, size));
	run_put_le(bytes, 4, crc32(0, data, size));
	strbuf_add(&sb, bytes, 4);
	strbuf_add(&sb, bytes, varint_put(bytes, packed_size));
	strbuf_add(&sb, packed, packed_size);
	run_record_end(&sb, start, RUN_RECORD_PACK);
	try_bytes((const uint8_t *)sb.data, sb.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ uint8_t *copy = malloc(size ? size : 1);

	if (!copy)
		return 0;
	try_bytes(data, size);
	memcpy(copy, data, size);
	repair(copy, size);
	if (memcmp(copy, data, size))
		try_bytes(copy, size);
	if (size < RUN_PAYLOAD_MAX / 2)
		try_entries(data, size);
	return 0;
}
