// SPDX-License-Identifier: GPL-2.0-or-later
/* How the reader handles files that are cut, corrupted, spliced, or made to attack it. */
#include "run/tests/fixture.h"

#include <time.h>

#include "run/format.h"

struct place {
	size_t start, end;
	unsigned int type;
	uint64_t sum; /* of the counts, for PCS records */
};

static struct {
	uint8_t *bytes; /* the file of the fixture */
	size_t size;
	struct place places[16]; /* its records */
	size_t nr_places;
	uint64_t sum;
	char path[32]; /* where the damaged copies are written */
} fixture;

static uint64_t pcs_sum(const uint8_t *record, size_t length)
{
	_cleanup_(pc_count_vector_deinit) struct pc_count_vector pcs = VECTOR_INIT;
	uint64_t sum = 0;
	uint32_t id;
	bool ok;

	assert_ok(run_decode_pcs(record + RUN_RECORD_HEADER, length, &id, &pcs, &ok));
	assert_true(ok);
	vector_for_each(&pcs, entry)
		sum += entry->count;
	return sum;
}

static int setup(void **state)
{
	(void)state;
	fixture_write_file(fixture_path(fixture.path));
	assert_ok(file_read(fixture.path, 1 << 20, (char **)&fixture.bytes, &fixture.size));
	for (size_t at = RUN_HEADER_SIZE; at < fixture.size;) {
		const uint8_t *p = fixture.bytes + at;
		size_t length = run_get_le(p + 5, 3);
		struct place *place = &fixture.places[fixture.nr_places++];

		*place = (struct place){ at, at + RUN_RECORD_HEADER + length, p[4], 0 };
		if (place->type == RUN_RECORD_PCS)
			place->sum = pcs_sum(p, length);
		fixture.sum += place->sum;
		at = place->end;
	}
	assert_int_equal(fixture.places[fixture.nr_places - 1].end, fixture.size);
	assert_int_equal(fixture.sum, 15);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	unlink(fixture.path);
	free(fixture.bytes);
	return 0;
}

static struct error *load_bytes(const void *bytes, size_t size, struct run **ret)
{
	fixture_put(fixture.path, bytes, size);
	return run_load(fixture.path, ret);
}

static void test_every_truncation(void **state)
{
	(void)state;
	assert_error(load_bytes("", 0, NULL), ERROR_FORMAT, "is empty");
	for (size_t size = 1; size < RUN_HEADER_SIZE; size++)
		assert_error(load_bytes(fixture.bytes, size, NULL), ERROR_FORMAT,
			     "is not a run file");
	for (size_t size = RUN_HEADER_SIZE; size < fixture.size; size++) {
		_cleanup_run_ struct run *run = NULL;
		size_t whole = RUN_HEADER_SIZE;
		uint64_t sum = 0;

		assert_ok(load_bytes(fixture.bytes, size, &run));
		for (size_t i = 0; i < fixture.nr_places && fixture.places[i].end <= size; i++) {
			whole = fixture.places[i].end;
			sum += fixture.places[i].sum;
		}
		assert_int_equal(run_sum(run), sum);
		assert_int_equal(run->damaged_bytes, size - whole);
		assert_false(run->finished);
		assert_non_null(
			strstr(run->damage, "no end record: the collection did not end normally"));
	}
}

static void check_flip(size_t at)
{
	_cleanup_run_ struct run *run = NULL;
	struct error *err = load_bytes(fixture.bytes, fixture.size, &run);

	if (at < RUN_MAGIC_SIZE) {
		assert_error(err, ERROR_FORMAT, "is not a run file");
		return;
	}
	assert_ok(err);
	if (at < RUN_HEADER_SIZE) {
		assert_int_equal(run->damaged_bytes, RUN_HEADER_SIZE);
		assert_int_equal(run_sum(run), fixture.sum);
		assert_true(run->finished);
		return;
	}
	for (size_t i = 0; i < fixture.nr_places; i++) {
		const struct place *place = &fixture.places[i];

		if (at < place->start || at >= place->end)
			continue;
		assert_int_equal(run->damaged_bytes, place->end - place->start);
		assert_int_equal(run_sum(run), fixture.sum - place->sum);
		assert_int_equal(run->finished, place->type != RUN_RECORD_END);
		assert_non_null(run->damage);
	}
}

static void test_every_bit_flip(void **state)
{
	(void)state;
	for (size_t at = 0; at < fixture.size; at++)
		for (unsigned int bit = 0; bit < 8; bit++) {
			fixture.bytes[at] ^= 1 << bit;
			check_flip(at);
			fixture.bytes[at] ^= 1 << bit;
		}
}

/* At every place: zeros as after a crash, bytes removed, bytes inserted. */
static void test_every_splice(void **state)
{
	_cleanup_free_ uint8_t *copy = malloc(fixture.size + 64);

	(void)state;
	for (size_t at = RUN_HEADER_SIZE; at <= fixture.size; at++) {
		_cleanup_run_ struct run *zeroed = NULL, *shorter = NULL, *longer = NULL;
		size_t gone = fixture.size - at < 5 ? fixture.size - at : 5;

		memcpy(copy, fixture.bytes, fixture.size);
		memset(copy + at, 0, fixture.size - at);
		assert_ok(load_bytes(copy, fixture.size, &zeroed));
		assert_true(run_sum(zeroed) <= fixture.sum);
		memcpy(copy + at, fixture.bytes + at + gone, fixture.size - at - gone);
		assert_ok(load_bytes(copy, fixture.size - gone, &shorter));
		assert_true(run_sum(shorter) <= fixture.sum);
		memset(copy + at, 0xfe, 33);
		memcpy(copy + at + 33, fixture.bytes + at, fixture.size - at);
		assert_ok(load_bytes(copy, fixture.size + 33, &longer));
		assert_true(run_sum(longer) <= fixture.sum);
		assert_true(longer->damaged_bytes >= 33);
	}
}

static void test_damage_is_described(void **state)
{
	_cleanup_free_ uint8_t *copy = calloc(1, fixture.size + 2000);
	_cleanup_run_ struct run *run = NULL, *tail = NULL, *lost = NULL;
	size_t at = fixture.places[1].start, rest = fixture.size - at;

	(void)state;
	memcpy(copy, fixture.bytes, at);
	memcpy(copy + at + 1234, fixture.bytes + at, rest);
	assert_ok(load_bytes(copy, fixture.size + 1234, &run));
	char want[80];
	snprintf(want, sizeof(want), "1,234 bytes damaged at offset %zu", at);
	assert_string_equal(run->damage, want);
	assert_int_equal(run->damaged_bytes, 1234);

	memcpy(copy, fixture.bytes, fixture.size);
	memset(copy + fixture.size, 1, 10);
	assert_ok(load_bytes(copy, fixture.size + 10, &tail));
	assert_string_equal(tail->damage, "10 bytes after the end record");

	/*
	 * If a whole record is missing there are no damaged bytes, but the end record
	 * tells how many records there were.
	 */
	memcpy(copy, fixture.bytes, at);
	memcpy(copy + at, fixture.bytes + fixture.places[1].end,
	       fixture.size - fixture.places[1].end);
	assert_ok(load_bytes(copy, fixture.size - (fixture.places[1].end - at), &lost));
	assert_string_equal(lost->damage, "1 record is missing");
}

static void add_raw_record(struct strbuf *sb, unsigned int type, const char *payload, size_t len)
{
	uint8_t header[RUN_RECORD_HEADER] = { 0 };
	size_t start = sb->len;

	memcpy(header, RUN_SYNC, RUN_SYNC_SIZE);
	header[4] = type;
	run_put_le(header + 5, 3, len);
	strbuf_add(sb, header, sizeof(header));
	strbuf_add(sb, payload, len);
	run_put_le((uint8_t *)sb->data + start + 8, 4,
		   run_record_crc((uint8_t *)sb->data + start, len));
}

/* The checksum is right, the payload is malformed. */
static void test_malformed_payloads(void **state)
{
	static const struct {
		unsigned int type;
		const char *payload;
		size_t len;
	} rows[] = {
		{ RUN_RECORD_TASK, "\x02", 1 }, /* key without value */
		{ RUN_RECORD_TASK,
		  "\x0b\x05"
		  "ab",
		  4 },				    /* comm shorter than its length field */
		{ RUN_RECORD_TASK, "\x0a\x05", 2 }, /* comm as a number */
		{ RUN_RECORD_TASK, "\x0c\x07", 2 }, /* no such state */
		{ RUN_RECORD_TASK, "\x02\xff\xff\xff\xff\x0f", 6 }, /* id above the limit */
		{ RUN_RECORD_META, "\x0f\x00", 2 },		    /* build id of no bytes */
		{ RUN_RECORD_META,
		  "\x0f\x21"
		  "0123456789012345678901234567890123",
		  36 },
		{ RUN_RECORD_META, "\x16\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 11 }, /* 2^64 */
		{ RUN_RECORD_META, "\x16\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00", 12 },
		{ RUN_RECORD_MODULE, "\x04\x01", 2 },	       /* no name */
		{ RUN_RECORD_NOTE, "", 0 },		       /* no text */
		{ RUN_RECORD_PCS, "", 0 },		       /* no task */
		{ RUN_RECORD_PCS, "\x01\x05", 2 },	       /* no count */
		{ RUN_RECORD_PCS, "\x01\x05\x00", 3 },	       /* count 0 */
		{ RUN_RECORD_PCS, "\x01\x05\x01\x00\x01", 5 }, /* the same PC twice */
		{ RUN_RECORD_PCS, "\x01\x05\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x01", 14 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		_cleanup_strbuf_ struct strbuf sb = STRBUF_INIT;
		_cleanup_run_ struct run *run = NULL;

		run_encode_header(&sb);
		add_raw_record(&sb, rows[i].type, rows[i].payload, rows[i].len);
		add_raw_record(&sb, RUN_RECORD_NOTE, "\x03\x02ok", 4);
		assert_ok(load_bytes(sb.data, sb.len, &run));
		assert_int_equal(run->damaged_bytes, RUN_RECORD_HEADER + rows[i].len);
		assert_int_equal(run->sources.len + run->modules.len, 0);
		assert_int_equal(run->notes.len, 1);
		assert_string_equal(run->notes.data[0], "ok");
	}
}

/* No address of x86_64. Of another machine it may be one. */
static void test_impossible_address(void **state)
{
	static const struct {
		uint64_t base, init_base;
		bool is_kept[2]; /* on x86_64, on another machine */
	} rows[] = {
		{ 0xffffffffc0001000, 0xffffffffc0010000, { true, true } },
		{ 0xff11000000001000, 0, { true, true } }, /* five levels of page tables */
		{ 0x401000, 0, { true, true } },	   /* a program serves as kernel */
		{ 0x1234567890abc000, 0, { false, true } },
		{ 0xffffffffc0001000, 0xc008000000000000, { false, true } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		for (int other = 0; other < 2; other++) {
			struct run_meta meta = fixture_meta();
			const struct run_module module = { .name = (char *)"m",
							   .base = rows[i].base,
							   .init_base = rows[i].init_base };
			_cleanup_run_ struct run *run = NULL;
			struct run_writer *w;

			meta.machine = (char *)(other ? "ppc64le" : "x86_64");
			assert_ok(run_writer_create(fixture.path, &w));
			assert_ok(run_writer_meta(w, &meta));
			assert_ok(run_writer_module(w, &module));
			assert_ok(run_writer_end(w));
			assert_ok(run_writer_flush(w));
			run_writer_destroy(w);
			assert_ok(run_load(fixture.path, &run));
			assert_int_equal(run->modules.len, rows[i].is_kept[other]);
			assert_int_equal(run->damaged_bytes == 0, rows[i].is_kept[other]);
		}
}

static void test_newer_minor_version(void **state)
{
	_cleanup_strbuf_ struct strbuf sb = STRBUF_INIT;
	_cleanup_run_ struct run *run = NULL;

	(void)state;
	run_encode_header(&sb);
	add_raw_record(&sb, 200, "abc", 3);
	add_raw_record(&sb, 200, "abcd", 4);
	/* Fields 60 (a number) and 61 (bytes) of a task are unknown too. */
	add_raw_record(&sb, RUN_RECORD_TASK, "\x78\x05\x7b\x02hi\x02\x03", 8);
	assert_ok(load_bytes(sb.data, sb.len, &run));
	assert_int_equal(run->damaged_bytes, 0);
	assert_int_equal(run->sources.len, 1);
	assert_int_equal(run->sources.data[0].id, 3);
	assert_int_equal(run->notes.len, 1);
	assert_non_null(strstr(run->notes.data[0], "unknown type 200 skipped"));
}

static void test_newer_major_version(void **state)
{
	uint8_t header[RUN_HEADER_SIZE];

	(void)state;
	memcpy(header, fixture.bytes, sizeof(header));
	header[8] = 3;
	/* crc32 of the twelve bytes, as computed by python3's zlib.crc32(). */
	run_put_le(header + 12, 4, 0x5ea28768);
	assert_error(load_bytes(header, sizeof(header), NULL), ERROR_UNSUPPORTED,
		     "has format version 3");
}

/*
 * Each sync mark claims a megabyte whose checksum fails. Reading must not cost a
 * megabyte per mark.
 */
static void test_dense_sync_marks_end_soon(void **state)
{
	_cleanup_strbuf_ struct strbuf sb = STRBUF_INIT;
	_cleanup_run_ struct run *run = NULL;
	static const uint8_t mark[RUN_RECORD_HEADER] = { 0xfe, 0xc0, 0xff, 0x16, 4, 0, 0, 0x10 };

	(void)state;
	run_encode_header(&sb);
	while (sb.len < 8 << 20)
		strbuf_add(&sb, mark, sizeof(mark));
	clock_t start = clock();
	assert_ok(load_bytes(sb.data, sb.len, &run));
	assert_true((clock() - start) / CLOCKS_PER_SEC < 20);
	assert_int_equal(run->damaged_bytes, sb.len - RUN_HEADER_SIZE);
}

/* PCs of more tasks without a record than any collection loses: memory stays bounded. */
static void test_many_lost_sources(void **state)
{
	const struct pc_count pc = { TEXT, 1 };
	_cleanup_strbuf_ struct strbuf sb = STRBUF_INIT;
	_cleanup_run_ struct run *run = NULL;
	uint64_t nr = 0;
	char path[32];

	(void)state;
	run_encode_header(&sb);
	size_t good = 0;
	for (uint32_t i = 0; i < RUN_LOST_SOURCES_MAX + 100; i++) {
		if (i == RUN_LOST_SOURCES_MAX)
			good = sb.len;
		assert_ok(run_encode_pcs(&sb, i, &pc, 1, &nr));
	}
	fixture_put(fixture_path(path), sb.data, sb.len);
	assert_ok(run_load(path, &run));
	assert_int_equal(run->sources.len, RUN_LOST_SOURCES_MAX);
	assert_int_equal(run->damaged_bytes, sb.len - good);
	unlink(path);
}

static void test_not_a_run_file(void **state)
{
	struct run *run = NULL;

	(void)state;
	assert_error(run_load("/nonexistent", &run), ERROR_SYSTEM, "/nonexistent");
	assert_error(run_load("/", &run), ERROR_SYSTEM, "Is a directory");
	assert_error(run_load("/dev/zero", &run), ERROR_FORMAT, "is not a run file");
	assert_error(load_bytes("ffffffff81000000\nffffffff81000010\n", 34, &run), ERROR_FORMAT,
		     "kcovreport import");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_truncation),
		cmocka_unit_test(test_every_bit_flip),
		cmocka_unit_test(test_every_splice),
		cmocka_unit_test(test_damage_is_described),
		cmocka_unit_test(test_impossible_address),
		cmocka_unit_test(test_malformed_payloads),
		cmocka_unit_test(test_newer_minor_version),
		cmocka_unit_test(test_newer_major_version),
		cmocka_unit_test(test_dense_sync_marks_end_soon),
		cmocka_unit_test(test_many_lost_sources),
		cmocka_unit_test(test_not_a_run_file),
	};

	return cmocka_run_group_tests_name("run damage", tests, setup, teardown);
}
