// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/workers.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#define PIECES 1000

struct state {
	unsigned char done[PIECES];
	size_t by_worker[WORKERS_MAX];
	unsigned int nr_workers;
	size_t first_failure; /* this piece fails, and every third one after it */
};

static struct error *do_piece(void *arg, unsigned int worker, size_t piece)
{
	struct state *s = arg;

	s->done[piece]++;
	if (worker >= s->nr_workers)
		return error_create(ERROR_INVALID, "worker %u of %u", worker, s->nr_workers);
	s->by_worker[worker]++;
	if (piece >= s->first_failure && (piece - s->first_failure) % 3 == 0)
		return error_create(ERROR_FORMAT, "piece %zu", piece);
	return NULL;
}

static const unsigned int numbers[] = { 1, 2, 7, WORKERS_MAX };

static void test_each_piece_once(void **unused)
{
	(void)unused;
	for (size_t n = 0; n < sizeof(numbers) / sizeof(*numbers); n++) {
		struct state s = { .nr_workers = numbers[n], .first_failure = PIECES };
		size_t sum = 0;

		assert_null(workers_run(numbers[n], PIECES, do_piece, &s));
		for (size_t i = 0; i < PIECES; i++)
			assert_int_equal(s.done[i], 1);
		for (size_t i = 0; i < WORKERS_MAX; i++)
			sum += s.by_worker[i];
		assert_int_equal(sum, PIECES);
	}
}

static void test_lowest_error(void **unused)
{
	(void)unused;
	for (size_t n = 0; n < sizeof(numbers) / sizeof(*numbers); n++) {
		struct state s = { .nr_workers = numbers[n], .first_failure = 500 };
		struct error *err = workers_run(numbers[n], PIECES, do_piece, &s);

		assert_non_null(err);
		assert_string_equal(err->message, "piece 500");
		error_destroy(err);
	}
}

/* 0 workers count as one, and more workers than pieces or than we allow do no harm. */
static void test_odd_numbers(void **unused)
{
	struct state s = { .nr_workers = WORKERS_MAX, .first_failure = PIECES };

	(void)unused;
	assert_null(workers_run(4, 0, do_piece, &s));
	assert_int_equal(s.done[0], 0);
	assert_null(workers_run(0, 1, do_piece, &s));
	assert_null(workers_run(2 * WORKERS_MAX, 3, do_piece, &s));
	assert_int_equal(s.done[0], 2);
	assert_int_equal(s.done[2], 1);
}

static void test_default(void **unused)
{
	(void)unused;
	assert_in_range(workers_default(), 1, WORKERS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_piece_once),
		cmocka_unit_test(test_lowest_error),
		cmocka_unit_test(test_odd_numbers),
		cmocka_unit_test(test_default),
	};

	return cmocka_run_group_tests_name("workers", tests, NULL, NULL);
}
