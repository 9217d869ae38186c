// SPDX-License-Identifier: GPL-2.0-or-later
/* PACK records: what is written is read, cuts and damage lose a bounded part, and bombs are
 * refused. */
#include "run/tests/fixture.h"

#include <zlib.h>
#include <zstd.h>

#include "run/format.h"
#include "run/pack.h"
#include "run/varint.h"

#define TASKS	 400
#define TASK_PCS 600

/* PCs of a task: most are the same as those of the others; counts differ. */
static void make_pcs(uint32_t task, struct pc_count *pcs)
{
	for (size_t i = 0; i < TASK_PCS; i++)
		pcs[i] = (struct pc_count){ TEXT + 100 * i + (i % 20 == task % 20 ? task % 99 : 0),
					    1 + (i * 7919 + task) % 300 };
}

static uint64_t sum_of(const struct pc_count *pcs, size_t nr)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < nr; i++)
		sum += pcs[i].count;
	return sum;
}

/* A file of many tasks that is flushed after each eighth. Returns the sum of all counts. */
static uint64_t write_tasks(const char *path, uint32_t nr_tasks)
{
	struct pc_count pcs[TASK_PCS];
	struct run_writer *w;
	uint64_t sum = 0;

	assert_ok(run_writer_create(path, &w));
	assert_ok(run_writer_meta(w, &(struct run_meta){ .command = (char *)"x" }));
	for (uint32_t i = 0; i < nr_tasks; i++) {
		const struct run_source task = { .id = i, .pid = i, .parent = -1, .nr_tasks = 1 };

		make_pcs(i, pcs);
		sum += sum_of(pcs, TASK_PCS);
		assert_ok(run_writer_source(w, &task));
		assert_ok(run_writer_pcs(w, i, pcs, TASK_PCS));
		if (i % 8 == 7)
			assert_ok(run_writer_flush(w));
	}
	assert_ok(run_writer_end(w));
	assert_ok(run_writer_flush(w));
	run_writer_destroy(w);
	return sum;
}

static void check_tasks(const struct run *run, uint32_t nr_tasks)
{
	struct pc_count pcs[TASK_PCS];

	assert_int_equal(run->sources.len, nr_tasks);
	for (uint32_t i = 0; i < nr_tasks; i++) {
		const struct run_source *source = &run->sources.data[i];

		make_pcs(i, pcs);
		assert_int_equal(source->id, i);
		assert_int_equal(source->nr_pcs, TASK_PCS);
		assert_memory_equal(source->pcs, pcs, sizeof(pcs));
	}
}

static void test_round_trip(void **state)
{
	_cleanup_run_ struct run *run = NULL, *again = NULL;
	_cleanup_free_ char *bytes = NULL;
	char path[32];
	size_t size;

	(void)state;
	uint64_t sum = write_tasks(fixture_path(path), TASKS);
	assert_ok(run_load(path, &run));
	assert_null(run->damage);
	assert_int_equal(run_sum(run), sum);
	check_tasks(run, TASKS);
	/* Two bytes for each PC, if nothing were packed. */
	assert_ok(file_read(path, 1 << 20, &bytes, &size));
	assert_true(size < TASKS * TASK_PCS * 2 / 3);
	assert_ok(run_save(run, path));
	assert_ok(run_load(path, &again));
	assert_null(again->damage);
	check_tasks(again, TASKS);
	unlink(path);
}

/* More PCs in one call than fit into an entry, and into a batch. Entries with count 0 are skipped.
 */
static void test_large_source(void **state)
{
	const size_t nr = 300000;
	_cleanup_free_ struct pc_count *pcs = malloc(nr * sizeof(*pcs));
	_cleanup_run_ struct run *run = NULL;
	struct run_writer *w;
	char path[32];

	(void)state;
	for (size_t i = 0; i < nr; i++)
		pcs[i] = (struct pc_count){ (i + 1) << 40, i == 5 ? 0 : UINT64_MAX - i };
	assert_ok(run_writer_create(fixture_path(path), &w));
	assert_ok(run_writer_pcs(w, 7, pcs, nr));
	assert_ok(run_writer_pcs(w, 8, pcs, 0));
	assert_ok(run_writer_flush(w));
	pcs[1].pc = pcs[0].pc;
	assert_error(run_writer_pcs(w, 7, pcs, nr), ERROR_INVALID, "not in ascending order");
	run_writer_destroy(w);
	assert_ok(run_load(path, &run));
	assert_int_equal(run->sources.len, 1);
	assert_int_equal(run->sources.data[0].nr_pcs, nr - 1);
	for (size_t i = 0; i < nr - 1; i++) {
		const struct pc_count *pc = &run->sources.data[0].pcs[i];

		assert_int_equal(pc->pc, (i + (i >= 5) + 1) << 40);
		assert_int_equal(pc->count, UINT64_MAX - i - (i >= 5));
	}
	unlink(path);
}

/* Where the PACK records of a file are. */
struct packs {
	size_t at[1000], end[1000], nr;
};

static void find_packs(const char *bytes, size_t size, struct packs *ret)
{
	const uint8_t *p = (const uint8_t *)bytes;

	ret->nr = 0;
	for (size_t at = RUN_HEADER_SIZE, end; at < size; at = end) {
		end = at + RUN_RECORD_HEADER + run_get_le(p + at + 5, 3);
		if (p[at + 4] != RUN_RECORD_PACK)
			continue;
		assert_true(ret->nr < 1000);
		ret->at[ret->nr] = at;
		ret->end[ret->nr++] = end;
	}
}

/* A collection that is killed loses only what was not flushed. */
static void test_every_flush_can_be_read(void **state)
{
	_cleanup_free_ char *bytes = NULL;
	struct packs packs;
	char path[32];
	size_t size;

	(void)state;
	write_tasks(fixture_path(path), TASKS);
	assert_ok(file_read(path, 1 << 20, &bytes, &size));
	find_packs(bytes, size, &packs);
	assert_int_equal(packs.nr, TASKS / 8);
	for (size_t i = 0; i < packs.nr; i++) {
		_cleanup_run_ struct run *run = NULL;

		fixture_put(path, bytes, packs.end[i]);
		assert_ok(run_load(path, &run));
		assert_int_equal(run->damaged_bytes, 0);
		check_tasks(run, 8 * (i + 1));
	}
	unlink(path);
}

/* A damaged record loses itself and the rest of its series; the next series is whole. */
static void test_damage_ends_with_the_series(void **state)
{
	const uint32_t nr_tasks = 4000;
	_cleanup_free_ char *bytes = NULL;
	_cleanup_run_ struct run *run = NULL;
	size_t size, next = 4, last;
	struct packs packs;
	char path[32];

	(void)state;
	write_tasks(fixture_path(path), nr_tasks);
	assert_ok(file_read(path, 8 << 20, &bytes, &size));
	find_packs(bytes, size, &packs);
	bytes[packs.at[3] + RUN_RECORD_HEADER + 9] ^= 1;
	while (next < packs.nr && bytes[packs.at[next] + RUN_RECORD_HEADER])
		next++;
	assert_true(next < packs.nr);
	last = next - 1;
	fixture_put(path, bytes, size);
	assert_ok(run_load(path, &run));
	assert_true(run->finished);
	uint64_t lost = 0, orphan_bytes = 0, number = 0, raw_size = 0;
	for (size_t i = 3; i <= last; i++) {
		const uint8_t *payload = (uint8_t *)bytes + packs.at[i] + RUN_RECORD_HEADER;
		struct payload in = { payload, payload + 2 * VARINT_MAX };

		lost += packs.end[i] - packs.at[i];
		assert_true(take_varint(&in, &number) && take_varint(&in, &raw_size));
		orphan_bytes += i > 3 ? raw_size : 0;
	}
	assert_int_equal(run->damaged_bytes, lost);
	/* The damaged one itself is not among those that are lost because of it. */
	char text[160];
	snprintf(text, sizeof(text),
		 "; %zu of the damaged records are lost only because they follow a damaged one: "
		 "%ju kB of PCs before compression",
		 last - 3, (uintmax_t)(orphan_bytes + 999) / 1000);
	assert_true(last > 4);
	assert_non_null(strstr(run->damage, text));
	assert_int_equal(run->sources.len, nr_tasks);
	for (size_t i = 0; i < nr_tasks; i++)
		assert_int_equal(run->sources.data[i].nr_pcs,
				 i / 8 < 3 || i / 8 >= next ? TASK_PCS : 0);
	unlink(path);
}

/* One PACK record around these bytes, as a file would have it. */
static void add_pack(struct strbuf *sb, uint64_t number, uint64_t raw_size, uint32_t crc,
		     const void *packed, size_t packed_size, size_t padding)
{
	size_t start = run_record_begin(sb);
	uint8_t bytes[VARINT_MAX];

	strbuf_add(sb, bytes, varint_put(bytes, number));
	strbuf_add(sb, bytes, varint_put(bytes, raw_size));
	run_put_le(bytes, 4, crc);
	strbuf_add(sb, bytes, 4);
	strbuf_add(sb, bytes, varint_put(bytes, packed_size));
	strbuf_add(sb, packed, packed_size);
	for (size_t i = 0; i < padding; i++)
		strbuf_addch(sb, 0);
	run_record_end(sb, start, RUN_RECORD_PACK);
}

/* Load a file of one such record. Returns the number of its sources, or -1 if it counts as damaged.
 */
static int load_pack(const void *raw, size_t raw_size, int window_log, size_t padding)
{
	_cleanup_strbuf_ struct strbuf sb = STRBUF_INIT;
	_cleanup_run_ struct run *run = NULL;
	size_t bound = ZSTD_compressBound(raw_size) + 64;
	_cleanup_free_ uint8_t *packed = malloc(bound);
	ZSTD_CCtx *zstd = ZSTD_createCCtx();
	char path[32];

	ZSTD_CCtx_setParameter(zstd, ZSTD_c_windowLog, window_log);
	/* A flush before the end: otherwise zstd makes the window as small as the input. */
	ZSTD_inBuffer in = { raw, raw_size, 0 };
	ZSTD_outBuffer out = { packed, bound, 0 };
	assert_int_equal(ZSTD_compressStream2(zstd, &out, &in, ZSTD_e_flush), 0);
	assert_int_equal(ZSTD_compressStream2(zstd, &out, &in, ZSTD_e_end), 0);
	ZSTD_freeCCtx(zstd);
	run_encode_header(&sb);
	add_pack(&sb, 0, raw_size, crc32(0, raw, raw_size), packed, out.pos, padding);
	fixture_put(fixture_path(path), sb.data, sb.len);
	assert_ok(run_load(path, &run));
	unlink(path);
	assert_true(run->damaged_bytes == 0 || run->damaged_bytes == sb.len - RUN_HEADER_SIZE);
	return run->damaged_bytes ? -1 : (int)run->sources.len;
}

static void test_hostile_entries(void **state)
{
	static const struct {
		const char *raw;
		size_t size;
		int sources;
	} rows[] = {
		{ "\x01\x02\x05\x06\x01\x01", 6, 1 },
		{ "\x01\x00", 2, 1 },					    /* no PCs */
		{ "\x01\x03\x05\x06\x01\x01", 6, -1 },			    /* one PC too few */
		{ "\x01\x02\x05\x00\x01\x01", 6, -1 },			    /* the same PC twice */
		{ "\x01\x02\x05\x06\x01\x00", 6, -1 },			    /* count 0 */
		{ "\x01\x02\x05\x06\x01", 5, -1 },			    /* a count is missing */
		{ "\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11, -1 }, /* 2^64-1 PCs */
		{ "\xff\xff\xff\xff\x0f\x01\x05\x01", 8, -1 },		    /* id above the limit */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (load_pack(rows[i].raw, rows[i].size, 20, 0) != rows[i].sources)
			fail_msg("row %zu", i);
}

/* The bytes that a record may become are bounded by its size, and so is the window. */
static void test_bombs(void **state)
{
	const size_t size = RUN_PACK_RAW_MAX;
	_cleanup_free_ uint8_t *raw = malloc(2 * size);

	(void)state;
	/* Entries without PCs of source 1. */
	for (size_t i = 0; i < 2 * size; i += 2) {
		raw[i] = 1;
		raw[i + 1] = 0;
	}
	assert_int_equal(load_pack(raw, size, 20, 0), -1);
	assert_int_equal(load_pack(raw, size, 20, size / RUN_PACK_RATIO), 1);
	assert_int_equal(load_pack(raw, size, 24, size / RUN_PACK_RATIO), -1);
	assert_int_equal(load_pack(raw, size + 2, 20, size / RUN_PACK_RATIO), -1);
}

/* Many equal tasks compress better than the bound allows: the writer pads. */
static void test_padding(void **state)
{
	_cleanup_run_ struct run *run = NULL;
	struct pc_count pcs[TASK_PCS];
	struct run_writer *w;
	char path[32];

	(void)state;
	make_pcs(1, pcs);
	assert_ok(run_writer_create(fixture_path(path), &w));
	for (uint32_t i = 0; i < 2000; i++)
		assert_ok(run_writer_pcs(w, i % 4, pcs, TASK_PCS));
	assert_ok(run_writer_flush(w));
	run_writer_destroy(w);
	assert_ok(run_load(path, &run));
	assert_int_equal(run->damaged_bytes, 0);
	assert_int_equal(run_sum(run), 2000 * sum_of(pcs, TASK_PCS));
	unlink(path);
}

/* The head of a record that claims what its bytes do not have. */
static void test_heads(void **state)
{
	_cleanup_strbuf_ struct strbuf sb = STRBUF_INIT;
	_cleanup_run_ struct run *run = NULL;
	static const uint8_t raw[] = { 1, 1, 5, 1 };
	uint32_t crc = crc32(0, raw, sizeof(raw));
	uint8_t packed[64];
	char path[32];
	size_t size = ZSTD_compress(packed, sizeof(packed), raw, sizeof(raw), 1);

	(void)state;
	run_encode_header(&sb);
	add_pack(&sb, 0, 4, crc, packed, size, 3);
	size_t good = sb.len;
	add_pack(&sb, 2, 4, crc, packed, size, 0); /* number 1 is missing */
	add_pack(&sb, 0, 4, crc + 1, packed, size, 0);
	add_pack(&sb, 1, 4, crc, packed, size, 0); /* the one before it is not right */
	add_pack(&sb, 0, 3, crc, packed, size, 0);
	add_pack(&sb, 0, 5, crc, packed, size, 0);
	add_pack(&sb, 0, 4, crc, packed, size - 1, 0);
	add_pack(&sb, 0, 4, crc, raw, sizeof(raw), 0);
	fixture_put(fixture_path(path), sb.data, sb.len);
	assert_ok(run_load(path, &run));
	assert_int_equal(run->damaged_bytes, sb.len - good);
	assert_int_equal(run_sum(run), 1);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_large_source),
		cmocka_unit_test(test_every_flush_can_be_read),
		cmocka_unit_test(test_damage_ends_with_the_series),
		cmocka_unit_test(test_hostile_entries),
		cmocka_unit_test(test_bombs),
		cmocka_unit_test(test_padding),
		cmocka_unit_test(test_heads),
	};

	return cmocka_run_group_tests_name("run pack", tests, NULL, NULL);
}
