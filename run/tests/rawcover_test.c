// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading, writing and converting syzkaller's text. */
#include "run/tests/fixture.h"

#include "run/rawcover.h"

static struct error *read_text(const char *text, size_t size, struct pc_map *pcs)
{
	_cleanup_fclose_ FILE *in =
		size ? fmemopen((void *)text, size, "r") : fopen("/dev/null", "re");

	assert_non_null(in);
	return rawcover_read(in, "x.txt", pcs);
}

static void test_reads(void **state)
{
	static const char text[] = "0xffffffff81000010\r\n"
				   "\n"
				   "ffffffff81000020\n"
				   "  0XFFFFFFFF81000010 \t\n"
				   " \r\n"
				   "5";
	struct pc_map pcs = PC_MAP_INIT;

	(void)state;
	assert_ok(read_text(text, sizeof(text) - 1, &pcs));
	assert_int_equal(pcs.len, 3);
	assert_int_equal(pc_map_get(&pcs, TEXT + 0x10), 2);
	assert_int_equal(pc_map_get(&pcs, TEXT + 0x20), 1);
	assert_int_equal(pc_map_get(&pcs, 5), 1);
	pc_map_deinit(&pcs);
}

static void test_nothing(void **state)
{
	struct pc_map pcs = PC_MAP_INIT;

	(void)state;
	assert_ok(read_text("", 0, &pcs));
	assert_ok(read_text("\n\n\r\n", 4, &pcs));
	assert_int_equal(pcs.len, 0);
}

static void test_bad_lines(void **state)
{
	static const struct {
		const char *text;
		size_t size;
		const char *message;
	} rows[] = {
		{ "5\n\nxyz\n", 7, "line 3 of 'x.txt' is not a PC: 'xyz'" },
		{ "5 6\n", 4, "line 1 of 'x.txt'" },
		{ "0x\n", 3, "line 1" },
		{ "0\n", 2, "line 1" },
		{ "-5\n", 3, "line 1" },
		{ "10000000000000000\n", 18, "line 1" },
		{ "5\n5\0\n", 5, "line 2" },
		{ "5\0", 2, "line 1" },
		{ "\0\n", 2, "line 1" },
		{ "\0", 1, "line 1" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct pc_map pcs = PC_MAP_INIT;

		assert_error(read_text(rows[i].text, rows[i].size, &pcs), ERROR_FORMAT,
			     rows[i].message);
		pc_map_deinit(&pcs);
	}
}

/* A long line makes neither memory use nor the message grow. */
static void test_long_line(void **state)
{
	_cleanup_free_ char *text = malloc(1 << 20);
	struct pc_map pcs = PC_MAP_INIT;

	(void)state;
	memset(text, '0', 1 << 20);
	text[(1 << 20) - 2] = '5';
	text[(1 << 20) - 1] = '\n';
	struct error *err = read_text(text, 1 << 20, &pcs);
	assert_non_null(err);
	assert_true(strlen(err->message) < 200);
	error_destroy(err);
}

static void test_read_error(void **state)
{
	_cleanup_fclose_ FILE *in = fopen("/", "re");
	struct pc_map pcs = PC_MAP_INIT;

	(void)state;
	assert_non_null(in);
	assert_error(rawcover_read(in, "/", &pcs), ERROR_SYSTEM, "cannot read '/': Is a directory");
}

static void test_writes(void **state)
{
	const struct pc_count pcs[] = { { 5, 1 }, { TEXT, 9 } };
	char text[100] = { 0 };
	FILE *out = fmemopen(text, sizeof(text), "w");

	(void)state;
	rawcover_write(out, pcs, 2);
	fclose(out);
	assert_string_equal(text, "0x5\n0xffffffff81000000\n");
}

static void test_converts(void **state)
{
	struct pc_count pcs[] = { { TEXT + 5, 1 }, { TEXT + 16, 2 } };

	(void)state;
	assert_ok(rawcover_convert(pcs, 2, "x86_64", RUN_PC_RETURN, RUN_PC_CALL));
	assert_int_equal(pcs[0].pc, TEXT);
	assert_int_equal(pcs[1].pc, TEXT + 11);
	assert_ok(rawcover_convert(pcs, 2, "x86_64", RUN_PC_CALL, RUN_PC_RETURN));
	assert_int_equal(pcs[0].pc, TEXT + 5);
	assert_ok(rawcover_convert(pcs, 2, NULL, RUN_PC_CALL, RUN_PC_CALL));
	assert_error(rawcover_convert(pcs, 2, NULL, RUN_PC_CALL, RUN_PC_RETURN), ERROR_UNSUPPORTED,
		     "machine '?'");
	assert_error(rawcover_convert(pcs, 2, "s390x", RUN_PC_CALL, RUN_PC_RETURN),
		     ERROR_UNSUPPORTED, "machine 's390x'");
	assert_int_equal(pcs[0].pc, TEXT + 5);
}

static void test_converts_no_nonsense(void **state)
{
	struct pc_count low = { 5, 1 }, high = { UINT64_MAX - 2, 1 };

	(void)state;
	assert_error(rawcover_convert(&low, 1, "x86_64", RUN_PC_RETURN, RUN_PC_CALL),
		     ERROR_UNSUPPORTED, "PC 0x5");
	assert_error(rawcover_convert(&high, 1, "x86_64", RUN_PC_CALL, RUN_PC_RETURN),
		     ERROR_UNSUPPORTED, "PC 0xfffffffffffffffd");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads),	   cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_bad_lines),  cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_read_error), cmocka_unit_test(test_writes),
		cmocka_unit_test(test_converts),   cmocka_unit_test(test_converts_no_nonsense),
	};

	return cmocka_run_group_tests_name("rawcover", tests, NULL, NULL);
}
