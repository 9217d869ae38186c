// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/arena.h"

static bool is_zero(const unsigned char *p, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (p[i])
			return false;
	return true;
}

/* Each piece is aligned, zeroed and its own: below, at and above the size of a chunk. */
static void test_pieces(void **state)
{
	static const size_t sizes[] = {
		1,	 15, 16,    17,	   4096,    65535,	    65536,   65537,
		1 << 20, 3,  60000, 60000, 2 << 20, (2 << 20) - 48, 5 << 20, 1,
	};
	unsigned char *pieces[sizeof(sizes) / sizeof(*sizes)];
	struct arena *arena = arena_create();

	(void)state;
	assert_non_null(arena);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		pieces[i] = arena_alloc(arena, sizes[i], 1);
		assert_non_null(pieces[i]);
		assert_int_equal((uintptr_t)pieces[i] % 16, 0);
		if (!is_zero(pieces[i], sizes[i]))
			fail_msg("a piece of %zu bytes is not zeroed", sizes[i]);
		memset(pieces[i], i + 1, sizes[i]);
	}
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		if (pieces[i][0] != i + 1 || pieces[i][sizes[i] - 1] != i + 1)
			fail_msg("a piece of %zu bytes was written over", sizes[i]);
	arena_destroy(arena);
	arena_destroy(NULL);
}

/* NULL stands for no memory alone: an empty array is there. */
static void test_nothing(void **state)
{
	struct arena *arena = arena_create();

	(void)state;
	assert_non_null(arena_alloc(arena, 0, 8));
	assert_non_null(arena_alloc(arena, 8, 0));
	assert_non_null(arena_alloc(arena, 1, 1));
	assert_non_null(arena_alloc(arena, 0, 8));
	arena_destroy(arena);
}

static void test_impossible_sizes(void **state)
{
	static const struct {
		const char *name;
		size_t nr, size;
	} cases[] = {
		{ "the product overflows", SIZE_MAX / 2, 4 },
		{ "the product overflows to 0", (SIZE_MAX >> 1) + 1, 2 },
		{ "rounding up would overflow", SIZE_MAX - 3, 1 },
		{ "one more than half of all", SIZE_MAX / 2 + 1, 1 },
		{ "half of all is not there either", SIZE_MAX / 2 - 64, 1 },
	};
	struct arena *arena = arena_create();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		volatile size_t nr = cases[i].nr;

		/* ASan ends the program where malloc() would return NULL. */
#ifdef __SANITIZE_ADDRESS__
		if (cases[i].size == 1 && nr <= SIZE_MAX / 2)
			continue;
#endif
		if (arena_alloc(arena, nr, cases[i].size))
			fail_msg("%s", cases[i].name);
	}
	/* It goes on after that. */
	assert_non_null(arena_alloc(arena, 100, 1));
	arena_destroy(arena);
}

static void test_strings(void **state)
{
	char text[] = "fs/ext4/inode.c";
	struct arena *arena = arena_create();

	(void)state;
	const char *copy = arena_strdup(arena, text), *empty = arena_strdup(arena, "");
	text[0] = 'X';
	assert_string_equal(copy, "fs/ext4/inode.c");
	assert_string_equal(empty, "");
	assert_null(arena_strdup(arena, NULL));
	arena_destroy(arena);
}

/* What was in either is there, and can be added to. */
static void test_join(void **state)
{
	struct arena *arena = arena_create(), *other = arena_create(), *none = arena_create();
	const char *strings[2000];
	char text[16];

	(void)state;
	for (int i = 0; i < 2000; i++) {
		snprintf(text, sizeof(text), "string %d", i);
		strings[i] = arena_strdup(i % 2 ? arena : other, text);
	}
	arena_join(arena, none);
	arena_join(arena, other);
	for (int i = 0; i < 10000; i++)
		memset(arena_alloc(arena, 100, 1), 'x', 100);
	for (int i = 0; i < 2000; i++) {
		snprintf(text, sizeof(text), "string %d", i);
		assert_string_equal(strings[i], text);
	}
	arena_destroy(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_impossible_sizes),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_join),
	};

	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
