// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/search.h"
#include "base/sort.h"

struct item {
	uint32_t key, order;
};

DEFINE_SORT(sort_items, struct item, a->key < b->key);

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1103515245 + 12345;
	return *state >> 8;
}

/* What the keys of an array look like. */
enum shape { RANDOM, FEW, ASCENDING, DESCENDING, TWO_RUNS, SHAPES };

static uint32_t make_key(enum shape shape, size_t i, size_t nr, uint32_t *state)
{
	switch (shape) {
	case RANDOM:
		return next_random(state);
	case FEW:
		return next_random(state) % 3;
	case ASCENDING:
		return i;
	case DESCENDING:
		return nr - i;
	default:
		return i < nr / 2 ? 2 * i : 2 * (i - nr / 2) + 1;
	}
}

static void check_items(const struct item *items, size_t nr, const unsigned char *seen)
{
	for (size_t i = 0; i < nr; i++) {
		assert_int_equal(seen[items[i].order], 1);
		if (!i)
			continue;
		assert_true(items[i - 1].key <= items[i].key);
		if (items[i - 1].key == items[i].key)
			assert_true(items[i - 1].order < items[i].order);
	}
}

/* Every length up to 200, so that pieces of every size are merged: sorted, stable, nothing lost. */
static void test_items(void **state)
{
	struct item items[200];
	uint32_t random = 1;

	(void)state;
	for (enum shape shape = 0; shape < SHAPES; shape++)
		for (size_t nr = 0; nr <= 200; nr++) {
			unsigned char seen[200] = { 0 };

			for (size_t i = 0; i < nr; i++)
				items[i] = (struct item){ make_key(shape, i, nr, &random), i };
			assert_true(sort_items(items, nr));
			for (size_t i = 0; i < nr; i++)
				seen[items[i].order]++;
			check_items(items, nr, seen);
		}
}

static void test_keys(void **state)
{
	static const uint64_t masks[] = { UINT64_MAX, 0xff, 0xff00000000, 0x8000000000000001, 0 };
	uint64_t keys[300], want[300];
	uint32_t random = 1;

	(void)state;
	for (size_t m = 0; m < sizeof(masks) / sizeof(*masks); m++)
		for (size_t nr = 0; nr <= 300; nr++) {
			for (size_t i = 0; i < nr; i++) {
				uint64_t high = next_random(&random);

				keys[i] = (high << 40 ^ next_random(&random)) & masks[m];
				want[i] = keys[i];
			}
			qsort(want, nr, sizeof(*want), compare_u64);
			assert_true(sort_keys(keys, nr, 0));
			assert_memory_equal(keys, want, nr * sizeof(*keys));
		}
}

/* Bits below the lowest one keep their order, whatever they are. */
static void test_lowest_bit(void **state)
{
	uint64_t keys[] = { 0x200000009, 0x100000007, 0x200000003, 0x100000008,
			    0xff00000000000001 };
	static const uint64_t want[] = { 0x100000007, 0x100000008, 0x200000009, 0x200000003,
					 0xff00000000000001 };

	(void)state;
	assert_true(sort_keys(keys, 5, 32));
	assert_memory_equal(keys, want, sizeof(want));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_items),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_lowest_bit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
