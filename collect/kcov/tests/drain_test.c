// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The drain protocol against a model of the kernel: a thread does exactly what
 * __sanitizer_cov_trace_pc() does, while the real drainer reads. Every PC must be accounted for:
 * read once, or dropped by the writer into a full area that was counted as a saturation.
 *
 * DRAIN_TEST_PCS sets how many PCs are written (default 20,000,000).
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include "base/parse.h"
#include "collect/kcov/drain.h"

#define DISTINCT 4096

struct writer {
	uint64_t *area;
	size_t words;
	uint64_t total;
	uint64_t dropped;
	uint64_t written[DISTINCT + 1];
	bool done;
	unsigned int pause_every; /* 0 = never */
	bool paced;		  /* at most a quarter of the area ahead of the reader */
	uint64_t read;		  /* by the reader, in total */
	size_t section; /* at most this many at once, as remote sections do; 0 = one by one */
};

/* kernel/kcov.c, 6.12; relaxed atomics are READ_ONCE() and WRITE_ONCE(). */
static bool kernel_trace_pc(uint64_t *area, size_t words, uint64_t pc)
{
	uint64_t pos = __atomic_load_n(&area[0], __ATOMIC_RELAXED) + 1;

	if (pos >= words)
		return false;
	__atomic_store_n(&area[0], pos, __ATOMIC_RELAXED);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	__atomic_store_n(&area[pos], pc, __ATOMIC_RELAXED);
	return true;
}

static uint64_t next_random(uint64_t *random)
{
	*random ^= *random << 13;
	*random ^= *random >> 7;
	*random ^= *random << 17;
	return *random;
}

/* kernel/kcov.c, 6.12, kcov_move_area(): n PCs, as far as there is room. Returns how many were
 * moved. */
static size_t kernel_move_area(uint64_t *area, size_t words, const uint64_t *pcs, size_t n)
{
	uint64_t len = __atomic_load_n(&area[0], __ATOMIC_RELAXED);

	if (n > words - 1 - len)
		n = words - 1 - len;
	for (size_t i = 0; i < n; i++)
		__atomic_store_n(&area[1 + len + i], pcs[i], __ATOMIC_RELAXED);
	/* On TSO this store is not visible before the copies. */
	__atomic_store_n(&area[0], len + n, __ATOMIC_RELEASE);
	return n;
}

static void *section_writer_run(void *arg)
{
	struct writer *w = arg;
	uint64_t random = 88172645463325252, *pcs = calloc(w->section, sizeof(*pcs));

	for (uint64_t i = 0; i < w->total;) {
		size_t n = 1 + next_random(&random) % w->section;

		n = n < w->total - i ? n : w->total - i;
		for (size_t k = 0; k < n; k++)
			pcs[k] = 1 + next_random(&random) % DISTINCT;
		size_t moved = kernel_move_area(w->area, w->words, pcs, n);
		for (size_t k = 0; k < moved; k++)
			w->written[pcs[k]]++;
		w->dropped += n - moved;
		i += n;
		if (w->pause_every && random % w->pause_every == 0)
			sched_yield();
	}
	free(pcs);
	__atomic_store_n(&w->done, true, __ATOMIC_RELEASE);
	return NULL;
}

/*
 * Must a paced writer wait? When the reader resets the count, it has consumed at
 * least a quarter of the area, so the writer may get that far ahead without
 * overwriting PCs. The count alone does not tell how far ahead it is: after the
 * reset it starts at 0 while the reader still reads the PCs counted before. After
 * a lost exchange the count is not 0, so it is checked too.
 */
static bool writer_is_ahead(const struct writer *w, uint64_t written)
{
	return written - __atomic_load_n(&w->read, __ATOMIC_RELAXED) >= w->words / 4 ||
	       __atomic_load_n(&w->area[0], __ATOMIC_RELAXED) > w->words / 4 * 3;
}

static void *writer_run(void *arg)
{
	struct writer *w = arg;
	uint64_t random = 88172645463325252;

	if (w->section)
		return section_writer_run(w);
	for (uint64_t i = 0; i < w->total; i++) {
		uint64_t pc = 1 + next_random(&random) % DISTINCT;

		if (kernel_trace_pc(w->area, w->words, pc))
			w->written[pc]++;
		else
			w->dropped++;
		if (w->pause_every && random % w->pause_every == 0)
			sched_yield();
		while (w->paced && writer_is_ahead(w, i + 1))
			sched_yield();
	}
	__atomic_store_n(&w->done, true, __ATOMIC_RELEASE);
	return NULL;
}

static void run_model_of(size_t words, uint64_t total, unsigned int pause_every, bool paced,
			 size_t section)
{
	struct writer *w = calloc(1, sizeof(*w));
	uint64_t *area = calloc(words, sizeof(*area));
	struct drain drain;
	pthread_t thread;

	assert_non_null(w);
	assert_non_null(area);
	*w = (struct writer){
		.area = area,
		.words = words,
		.total = total,
		.pause_every = pause_every,
		.paced = paced,
		.section = section,
	};
	drain_init(&drain, area, words);
	drain.sections = section > 0;
	assert_int_equal(pthread_create(&thread, NULL, writer_run, w), 0);
	while (!__atomic_load_n(&w->done, __ATOMIC_ACQUIRE)) {
		if (!drain_step(&drain, 4096))
			sched_yield();
		__atomic_store_n(&w->read, drain.recorded, __ATOMIC_RELAXED);
	}
	pthread_join(thread, NULL);
	/* A task that waits now must find room when it goes on. */
	while (drain_step(&drain, 4096))
		;
	assert_true(area[0] < words - 1);
	drain_finish(&drain);

	uint64_t written = total - w->dropped;
	print_message("%zu words: %ju written, %ju refused by a full area (seen %ju times), "
		      "%ju overwritten\n",
		      words, (uintmax_t)written, (uintmax_t)w->dropped,
		      (uintmax_t)drain.saturations, (uintmax_t)drain.dropped);
	assert_int_equal(drain.recorded + drain.dropped, written);
	for (uint64_t pc = 1; pc <= DISTINCT && !drain.dropped; pc++)
		assert_int_equal(pc_map_get(&drain.pcs, pc), w->written[pc]);
	if (w->dropped)
		assert_true(drain.saturations > 0);
	if (paced)
		assert_int_equal(w->dropped + drain.dropped + drain.saturations, 0);
	for (size_t i = 0; i < words; i++)
		assert_int_equal(area[i], 0);
	drain_deinit(&drain);
	free(area);
	free(w);
}

static void run_model(size_t words, uint64_t total, unsigned int pause_every, bool paced)
{
	run_model_of(words, total, pause_every, paced, 0);
}

static uint64_t model_pcs(void)
{
	const char *s = getenv("DRAIN_TEST_PCS");
	uint64_t n = 20000000;

	if (s)
		assert_true(parse_u64(s, 10, UINT64_MAX, &n));
	return n;
}

static void test_large_area(void **state)
{
	(void)state;
	run_model(1 << 20, model_pcs() / 4, 0, false);
}

static void test_paced_writer_loses_nothing(void **state)
{
	(void)state;
	run_model(1 << 20, model_pcs() / 2, 0, true);
}

static void test_small_area_that_overflows(void **state)
{
	(void)state;
	run_model(512, model_pcs() / 8, 0, false);
}

static void test_writer_that_pauses(void **state)
{
	(void)state;
	run_model(1 << 16, model_pcs() / 8, 100, false);
}

static void test_tiny_areas(void **state)
{
	(void)state;
	for (size_t words = 2; words < 12; words++)
		run_model(words, 20000, 3, false);
}

static void test_remote_sections(void **state)
{
	(void)state;
	run_model_of(1 << 18, model_pcs() / 32, 3, false, 4096);
	run_model_of(1 << 12, model_pcs() / 64, 2, false, 4096);
	run_model_of(512, model_pcs() / 64, 3, false, 100);
	for (size_t words = 2; words < 12; words++)
		run_model_of(words, 20000, 3, false, 7);
}

/* A section is being copied when the count is reset. */
static void test_section_over_rewind(void **state)
{
	uint64_t area[64] = { 0 };
	struct drain drain;

	(void)state;
	drain_init(&drain, area, 64);
	drain.sections = true;
	kernel_move_area(area, 64, (uint64_t[]){ 5, 6 }, 2);
	assert_int_equal(drain_step(&drain, 100), 2);
	assert_int_equal(area[0], 0);
	/* The kernel had read count 2 before the reset. */
	area[3] = 7;
	assert_int_equal(drain_step(&drain, 100), 0);
	area[4] = 8;
	area[0] = 4;
	assert_int_equal(drain_step(&drain, 100), 2);
	assert_int_equal(area[0], 0);
	kernel_move_area(area, 64, (uint64_t[]){ 9, 10, 11 }, 3);
	drain_finish(&drain);
	for (uint64_t pc = 5; pc < 12; pc++)
		assert_int_equal(pc_map_get(&drain.pcs, pc), 1);
	assert_int_equal(drain.saturations + drain.dropped, 0);
	drain_deinit(&drain);
}

/* The same for a section that finds no room: nothing may count as new, and there is room again. */
static void test_full_over_rewind(void **state)
{
	uint64_t area[4] = { 0 };
	struct drain drain;

	(void)state;
	drain_init(&drain, area, 4);
	drain.sections = true;
	assert_int_equal(kernel_move_area(area, 4, (uint64_t[]){ 5, 6, 7, 8 }, 4), 3);
	assert_int_equal(drain_step(&drain, 100), 3);
	assert_int_equal(area[0], 0);
	area[0] = 3;
	drain_step(&drain, 100);
	assert_int_equal(area[0], 0);
	assert_int_equal(kernel_move_area(area, 4, (uint64_t[]){ 9 }, 1), 1);
	drain_finish(&drain);
	assert_int_equal(drain.recorded, 4);
	assert_int_equal(drain.dropped, 0);
	assert_true(drain.saturations > 0);
	drain_deinit(&drain);
}

/* What was recorded before is forgotten, and its losses; what is being copied is read. */
static void test_skip(void **state)
{
	uint64_t area[8] = { 0 };
	struct drain drain;

	(void)state;
	drain_init(&drain, area, 8);
	drain.sections = true;
	kernel_move_area(area, 8, (uint64_t[]){ 5, 6, 7 }, 3);
	drain_skip(&drain);
	/* The kernel had read count 3. */
	area[4] = 8;
	area[0] = 4;
	drain_step(&drain, 100);
	assert_int_equal(drain.recorded, 1);
	assert_int_equal(pc_map_get(&drain.pcs, 8), 1);
	kernel_move_area(area, 8, (uint64_t[]){ 1, 2, 3, 4, 5, 6, 7 }, 7);
	drain_skip(&drain);
	assert_int_equal(drain.recorded + drain.saturations + drain.dropped, 0);
	kernel_move_area(area, 8, (uint64_t[]){ 9 }, 1);
	drain_finish(&drain);
	assert_int_equal(drain.recorded, 1);
	assert_int_equal(pc_map_get(&drain.pcs, 9), 1);
	assert_int_equal(drain.saturations + drain.dropped, 0);
	drain_deinit(&drain);
}

static void test_lost_rewind(void **state)
{
	uint64_t area[64] = { 0 };
	struct drain drain;

	(void)state;
	drain_init(&drain, area, 64);
	for (int i = 0; i < 40; i++)
		kernel_trace_pc(area, 64, 7);
	/* The task has read the count, 40, when the drainer resets it. */
	assert_int_equal(drain_step(&drain, 100), 40);
	assert_int_equal(area[0], 0);
	area[0] = 41;
	assert_int_equal(drain_step(&drain, 100), 0);
	area[41] = 9;
	assert_int_equal(drain_step(&drain, 100), 1);
	assert_int_equal(pc_map_get(&drain.pcs, 7), 40);
	assert_int_equal(pc_map_get(&drain.pcs, 9), 1);
	assert_int_equal(drain.saturations, 0);
	drain_deinit(&drain);
}

/*
 * The task fills the area after the drainer has looked at the count and before it resets it, and
 * then fills it again before the drainer has read the rest. There must be room again.
 */
static void test_full_twice(void **state)
{
	uint64_t area[16] = { 0 };
	struct drain drain;

	(void)state;
	drain_init(&drain, area, 16);
	for (int i = 0; i < 8; i++)
		kernel_trace_pc(area, 16, 7);
	assert_int_equal(drain_step(&drain, 100), 8);
	assert_int_equal(drain.rewound_at, 8);
	drain.rewound_at = 15;
	drain.saturations = 1;
	while (kernel_trace_pc(area, 16, 9))
		;
	for (int i = 0; i < 3; i++)
		drain_step(&drain, 100);
	assert_int_equal(area[0], 0);
	assert_int_equal(drain.recorded + drain.dropped, 8 + 7 + 15);
	assert_int_equal(drain.saturations, 2);
	kernel_trace_pc(area, 16, 11);
	drain_finish(&drain);
	assert_int_equal(pc_map_get(&drain.pcs, 11), 1);
	for (int i = 0; i < 16; i++)
		assert_int_equal(area[i], 0);
	drain_deinit(&drain);
}

static void test_count_out_of_range(void **state)
{
	uint64_t area[16] = { 0 };
	struct drain drain;

	(void)state;
	drain_init(&drain, area, 16);
	area[0] = UINT64_MAX;
	for (int i = 1; i < 16; i++)
		area[i] = i;
	assert_int_equal(drain_step(&drain, 100), 15);
	assert_int_equal(drain.saturations, 1);
	drain_deinit(&drain);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lost_rewind),
		cmocka_unit_test(test_section_over_rewind),
		cmocka_unit_test(test_full_over_rewind),
		cmocka_unit_test(test_full_twice),
		cmocka_unit_test(test_skip),
		cmocka_unit_test(test_count_out_of_range),
		cmocka_unit_test(test_tiny_areas),
		cmocka_unit_test(test_small_area_that_overflows),
		cmocka_unit_test(test_writer_that_pauses),
		cmocka_unit_test(test_remote_sections),
		cmocka_unit_test(test_large_area),
		cmocka_unit_test(test_paced_writer_loses_nothing),
	};

	return cmocka_run_group_tests_name("drain", tests, NULL, NULL);
}
