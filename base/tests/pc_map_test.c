// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "base/pc_map.h"

#define TEXT 0xffffffff81000000ULL

static void test_counts(void **state)
{
	struct pc_map map = PC_MAP_INIT;

	(void)state;
	assert_int_equal(pc_map_get(&map, TEXT), 0);
	assert_true(pc_map_add(&map, TEXT, 2));
	assert_true(pc_map_add(&map, TEXT, 3));
	assert_true(pc_map_add(&map, UINT64_MAX, UINT64_MAX - 1));
	assert_true(pc_map_add(&map, UINT64_MAX, 5));
	assert_true(pc_map_add(&map, 0, 1));
	assert_int_equal(pc_map_get(&map, TEXT), 5);
	assert_int_equal(pc_map_get(&map, UINT64_MAX), UINT64_MAX);
	assert_int_equal(pc_map_get(&map, 0), 0);
	assert_int_equal(map.len, 2);
	pc_map_reset(&map);
	assert_int_equal(map.len, 0);
	assert_int_equal(pc_map_get(&map, TEXT), 0);
	assert_true(pc_map_add(&map, TEXT, 1));
	assert_int_equal(pc_map_get(&map, TEXT), 1);
	pc_map_deinit(&map);
	pc_map_deinit(&map);
}

static void test_sorted_and_iterated(void **state)
{
	_cleanup_free_ struct pc_count *sorted = NULL;
	struct pc_map map = PC_MAP_INIT;
	const struct pc_count *entry;
	const size_t n = 100000;
	size_t len, seen = 0;

	(void)state;
	for (size_t i = n; i-- > 0;)
		assert_true(pc_map_add(&map, TEXT + i * 16, i + 1));
	for (size_t pos = 0; (entry = pc_map_next(&map, &pos)); seen++)
		assert_int_equal(entry->count, (entry->pc - TEXT) / 16 + 1);
	assert_int_equal(seen, n);
	assert_null(pc_map_sorted(&map, &sorted, &len));
	assert_int_equal(len, n);
	for (size_t i = 0; i < n; i++)
		assert_true(sorted[i].pc == TEXT + i * 16 && sorted[i].count == i + 1);
	pc_map_deinit(&map);
}

/* PCs of files may differ in every byte. */
static void test_sorted_by_all_bytes(void **state)
{
	_cleanup_free_ struct pc_count *sorted = NULL;
	struct pc_map map = PC_MAP_INIT;
	size_t len;

	(void)state;
	for (uint64_t i = 1; i <= 1000; i++)
		assert_true(pc_map_add(&map, i * 0x9e3779b97f4a7c15, i));
	assert_true(pc_map_add(&map, UINT64_MAX, 1001));
	assert_null(pc_map_sorted(&map, &sorted, &len));
	assert_int_equal(len, 1001);
	for (size_t i = 0; i < len; i++) {
		assert_true(!i || sorted[i].pc > sorted[i - 1].pc);
		assert_int_equal(sorted[i].count, pc_map_get(&map, sorted[i].pc));
	}
	pc_map_deinit(&map);
}

static void test_empty(void **state)
{
	_cleanup_free_ struct pc_count *sorted = NULL;
	struct pc_map map = PC_MAP_INIT;
	size_t pos = 0, len = 1;

	(void)state;
	assert_null(pc_map_next(&map, &pos));
	assert_null(pc_map_sorted(&map, &sorted, &len));
	assert_int_equal(len, 0);
	assert_non_null(sorted);
}

/* x such that x * multiplier = product, modulo 2^64; multiplier must be odd. */
static uint64_t divide(uint64_t product, uint64_t multiplier)
{
	uint64_t inverse = 1;

	for (int i = 0; i < 6; i++)
		inverse *= 2 - multiplier * inverse;
	return product * inverse;
}

/* PCs come from files. PCs chosen to collide under a known hash must not cost n^2. */
static void test_chosen_pcs(void **state)
{
	struct pc_map map = PC_MAP_INIT;
	clock_t start = clock();

	(void)state;
	for (uint64_t i = 1; i <= 200000; i++)
		assert_true(pc_map_add(&map, divide(i, 0x9e3779b97f4a7c15), 1));
	assert_int_equal(map.len, 200000);
	assert_true((clock() - start) / CLOCKS_PER_SEC < 10);
	pc_map_deinit(&map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_sorted_and_iterated),
		cmocka_unit_test(test_sorted_by_all_bytes),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_chosen_pcs),
	};

	return cmocka_run_group_tests_name("pc_map", tests, NULL, NULL);
}
