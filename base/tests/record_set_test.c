// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "base/record_set.h"

/* Two words of key, and what does not belong to it. */
struct record {
	uint32_t a, b;
	uint32_t value;
};

#define KEY (2 * sizeof(uint32_t))

static uint32_t find(const struct record_set *set, const struct record *records, uint32_t a,
		     uint32_t b)
{
	const struct record key = { a, b, 77 };

	return record_set_find(set, records, sizeof(*records), &key, KEY);
}

static void test_empty(void **state)
{
	struct record_set set = { 0 };

	(void)state;
	assert_int_equal(find(&set, NULL, 0, 0), RECORD_NONE);
	record_set_deinit(&set);
	record_set_deinit(&set);
	assert_int_equal(set.len, 0);
}

/* All words of the key count, in their order, and nothing behind it. */
static void test_keys(void **state)
{
	static const struct record records[] = {
		{ 0, 0, 1 }, { 0, 1, 1 }, { 1, 0, 1 }, { UINT32_MAX, UINT32_MAX, 1 }, { 1, 1, 1 },
	};
	static const struct {
		const char *name;
		uint32_t a, b, want;
	} cases[] = {
		{ "zero", 0, 0, 0 },
		{ "the last word differs", 0, 1, 1 },
		{ "the first word differs", 1, 0, 2 },
		{ "the largest words", UINT32_MAX, UINT32_MAX, 3 },
		{ "both words are those of others", 1, 1, RECORD_NONE },
		{ "half of a key", UINT32_MAX, 0, RECORD_NONE },
	};
	struct record_set set = { 0 };

	(void)state;
	/* The last record is not in the set, though it is in the array. */
	for (uint32_t i = 0; i < 4; i++)
		assert_true(record_set_add(&set, records, sizeof(*records), KEY, i));
	assert_int_equal(set.len, 4);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (find(&set, records, cases[i].a, cases[i].b) != cases[i].want)
			fail_msg("%s", cases[i].name);
	record_set_deinit(&set);
	assert_int_equal(find(&set, records, 0, 0), RECORD_NONE);
}

/* The array moves while it grows, and the table with it. */
static void test_growth(void **state)
{
	const uint32_t nr = 5000;
	struct record_set set = { 0 };
	struct record *records = NULL;

	(void)state;
	for (uint32_t i = 0; i < nr; i++) {
		struct record *moved = malloc((i + 1) * sizeof(*moved));

		assert_non_null(moved);
		for (uint32_t n = 0; n < i; n++)
			moved[n] = records[n];
		moved[i] = (struct record){ i / 7, i % 7, i };
		free(records);
		records = moved;
		assert_int_equal(find(&set, records, i / 7, i % 7), RECORD_NONE);
		assert_true(record_set_add(&set, records, sizeof(*records), KEY, i));
		assert_true(set.nr_slots >= 2 * set.len);
	}
	for (uint32_t i = 0; i < nr; i++)
		assert_int_equal(find(&set, records, i / 7, i % 7), i);
	assert_int_equal(find(&set, records, nr / 7 + 1, 0), RECORD_NONE);
	assert_int_equal(set.len, nr);
	record_set_deinit(&set);
	free(records);
}

/* A key may be the whole element, and one word. */
static void test_sizes_of_keys(void **state)
{
	static const uint32_t words[] = { 5, 0, 9 };
	static const uint32_t other = 1;
	struct record_set set = { 0 };

	(void)state;
	for (uint32_t i = 0; i < 3; i++)
		assert_true(record_set_add(&set, words, sizeof(*words), sizeof(*words), i));
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(
			record_set_find(&set, words, sizeof(*words), &words[i], sizeof(*words)), i);
	assert_int_equal(record_set_find(&set, words, sizeof(*words), &other, sizeof(*words)),
			 RECORD_NONE);
	record_set_deinit(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_growth),
		cmocka_unit_test(test_sizes_of_keys),
	};

	return cmocka_run_group_tests_name("record_set", tests, NULL, NULL);
}
