// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reading a set while threads that act as the kernel record into it, and what a
 * collection writes of it. Each PC must be read exactly once, whatever the last
 * read returned.
 */
#include "run/tests/fixture.h"

#include <errno.h>
#include <pthread.h>
#include <sys/mman.h>

#include "collect/kcov/collector.h"
#include "collect/kcov/kcov_set.h"

#define MODULE	     0xffffffffa0000000ULL
#define MODULES_SIZE 3001
#define PAGE	     4096
#define TEXT_SIZE    10007 /* not a multiple of anything */
#define HASH_SLOTS   512

/* A set as the kernel makes it: two bitmaps and the hash table, each beginning at a page. */
static struct kcov_set make_set(uint64_t text_size, unsigned int shift, uint64_t hash_slots)
{
	uint64_t bits = ((text_size - 1) >> shift) + 1;
	uint64_t bitmap = (bits / 8 + PAGE) / PAGE * PAGE;
	struct kcov_set set = { .fd = -1 };

	set.layout =
		(struct kcov_set_init){ .size = sizeof(set.layout),
					.hash_slots = hash_slots,
					.text_start = TEXT,
					.text_size = text_size,
					.modules_start = MODULE,
					.modules_size = MODULES_SIZE,
					.modules_offset = bitmap,
					.hash_offset = bitmap + PAGE,
					.map_size = bitmap + PAGE + hash_slots * sizeof(uint64_t),
					.text_shift = shift };
	assert_true(kcov_set_layout_is_known(&set.layout));
	set.memory = mmap(NULL, set.layout.map_size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(set.memory != MAP_FAILED);
	set.seen = calloc(set.layout.map_size / sizeof(uint64_t), sizeof(uint64_t));
	assert_non_null(set.seen);
	return set;
}

static void set_bit(const struct kcov_set *set, uint64_t n)
{
	__atomic_fetch_or((uint8_t *)set->memory + n / 8, 1 << n % 8, __ATOMIC_RELAXED);
}

/* The kernel may store a byte at a time or a word; a reader cannot tell the difference. */
static void record(const struct kcov_set *set, uint64_t pc)
{
	const struct kcov_set_init *l = &set->layout;
	uint64_t *hash = (uint64_t *)((char *)set->memory + l->hash_offset);

	if (pc - l->text_start < l->text_size) {
		set_bit(set, (pc - l->text_start) >> l->text_shift);
		return;
	}
	if (pc - l->modules_start < l->modules_size) {
		set_bit(set, l->modules_offset * 8 + ((pc - l->modules_start) >> l->text_shift));
		return;
	}
	for (uint64_t i = pc / 16;; i++) {
		uint64_t *slot = &hash[i % l->hash_slots], old = 0;

		if (__atomic_compare_exchange_n(slot, &old, pc, false, __ATOMIC_RELAXED,
						__ATOMIC_RELAXED) ||
		    old == pc)
			return;
	}
}

static void check_new(struct kcov_set *set, const uint64_t *pcs, size_t nr)
{
	struct pc_map map = PC_MAP_INIT;

	assert_ok(kcov_set_read(set, &map));
	assert_int_equal(map.len, nr);
	for (size_t i = 0; i < nr; i++)
		assert_int_equal(pc_map_get(&map, pcs[i]), 1);
	pc_map_deinit(&map);
}

static void test_only_new(void **state)
{
	struct kcov_set set = make_set(TEXT_SIZE, 0, HASH_SLOTS);
	const uint64_t first[] = { TEXT, TEXT + 63, TEXT + 64, TEXT + TEXT_SIZE - 1, MODULE };
	/*
	 * In words of the bitmap that were read before, and in others; two PCs
	 * that share a slot.
	 */
	const uint64_t second[] = { TEXT + 1, TEXT + 65, TEXT + 500, MODULE + 1,
				    MODULE + 16 * HASH_SLOTS };

	(void)state;
	check_new(&set, NULL, 0);
	for (int i = 0; i < 5; i++)
		record(&set, first[i]);
	check_new(&set, first, 5);
	check_new(&set, NULL, 0);
	for (int i = 0; i < 5; i++) {
		record(&set, first[i]);
		record(&set, second[i]);
	}
	check_new(&set, second, 5);
	check_new(&set, NULL, 0);
	kcov_set_close(&set);
	kcov_set_close(&set);
}

static void test_shift(void **state)
{
	struct kcov_set set = make_set(TEXT_SIZE, 2, HASH_SLOTS);
	const uint64_t pcs[] = { TEXT + 4, TEXT + 8, TEXT + 4 * 64, TEXT + 10004 };

	(void)state;
	for (int i = 0; i < 4; i++)
		record(&set, pcs[i]);
	check_new(&set, pcs, 4);
	kcov_set_close(&set);
}

/* Each execution of a PC is noticed, but the PC is read only once. */
static void test_again(void **state)
{
	struct kcov_set set = make_set(TEXT_SIZE, 0, HASH_SLOTS);
	const uint64_t pcs[] = { TEXT + 70, TEXT + 71 };
	struct pc_map map = PC_MAP_INIT;

	(void)state;
	assert_false(kcov_set_again(&set, pcs[0], &map));
	assert_false(kcov_set_again(&set, TEXT - 1, &map));
	assert_false(kcov_set_again(&set, TEXT + TEXT_SIZE, &map));
	for (int i = 0; i < 3; i++) {
		record(&set, pcs[0]);
		assert_true(kcov_set_again(&set, pcs[0], &map));
		assert_false(kcov_set_again(&set, pcs[0], &map));
	}
	assert_int_equal(map.len, 1);
	assert_int_equal(pc_map_get(&map, pcs[0]), 1);
	check_new(&set, NULL, 0);
	record(&set, pcs[1]);
	check_new(&set, &pcs[1], 1);
	assert_true(kcov_set_again(&set, pcs[1], &map));
	assert_int_equal(map.len, 1);
	record(&set, pcs[1]);
	check_new(&set, NULL, 0);
	pc_map_deinit(&map);
	kcov_set_close(&set);
}

/* Bits after the end of text must be ignored; PCs below text are in the hash table. */
static void test_ends(void **state)
{
	struct kcov_set set = make_set(TEXT_SIZE, 0, HASH_SLOTS);
	const uint64_t pcs[] = { TEXT + TEXT_SIZE - 1, TEXT + TEXT_SIZE, TEXT - 1, UINT64_MAX };

	(void)state;
	memset((char *)set.memory + (TEXT_SIZE + 7) / 8, 0xff, 8);
	for (int i = 0; i < 4; i++)
		record(&set, pcs[i]);
	check_new(&set, pcs, 4);
	kcov_set_close(&set);
}

static void test_layouts(void **state)
{
	const struct kcov_set_init good = { .size = sizeof(good),
					    .hash_slots = 512,
					    .text_start = TEXT,
					    .text_size = 8 * PAGE,
					    .modules_start = MODULE,
					    .modules_size = 8 * PAGE,
					    .modules_offset = PAGE,
					    .hash_offset = PAGE,
					    .map_size = 2 * PAGE };
	struct kcov_set_init bad[12];

	(void)state;
	for (int i = 0; i < 12; i++)
		bad[i] = good;
	bad[0].size++;
	bad[1].flags = 4;
	bad[2].text_size = UINT64_MAX;
	bad[3].hash_slots = 513;
	bad[4].hash_offset = PAGE + 1;
	bad[5].hash_offset = UINT64_MAX - 7;
	bad[6].text_shift = 64;
	bad[7].bitmap_offset = PAGE + 8;
	bad[8].hash_slots = UINT64_MAX / 8 + 1;
	bad[9].modules_start = 1;
	bad[9].modules_size = UINT64_MAX;
	bad[10].modules_size = 9 * 8 * PAGE;
	bad[11].modules_offset = PAGE + 8;
	assert_true(kcov_set_layout_is_known(&good));
	for (int i = 0; i < 12; i++)
		assert_false(kcov_set_layout_is_known(&bad[i]));
}

/* The probe: ENOTTY means that the kernel has no sets. */
static void test_open(void **state)
{
	struct kcov_set set = KCOV_SET_CLOSED;
	char path[32];

	(void)state;
	assert_error(kcov_set_open("/nonexistent/kcov", 1, &set), ERROR_SYSTEM,
		     "/nonexistent/kcov");
	assert_error(kcov_set_open(fixture_path(path), 0, &set), ERROR_UNSUPPORTED, "has no sets");
	assert_int_equal(set.fd, -1);
	unlink(path);
}

#define WRITERS	   3
#define PER_WRITER 3000
#define IN_MODULE  100

static struct kcov_set shared;

/* All threads record the same PCs many times, each in an order of its own. */
static void *writer_run(void *arg)
{
	const unsigned int steps[] = { 1, 7, 2999 };
	unsigned int n = 0, step = steps[(uintptr_t)arg];

	for (int round = 0; round < 3; round++)
		for (int i = 0; i < PER_WRITER; i++, n = (n + step) % PER_WRITER) {
			record(&shared, TEXT + n * 3);
			record(&shared, MODULE + n % IN_MODULE);
			if (i % 100 == 0)
				usleep(100);
		}
	return NULL;
}

static void start_writers(pthread_t *threads)
{
	shared = make_set(PER_WRITER * 3, 0, HASH_SLOTS);
	for (uintptr_t i = 0; i < WRITERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, writer_run, (void *)i), 0);
}

static void check_all(const struct pc_map *pcs)
{
	assert_int_equal(pcs->len, PER_WRITER + IN_MODULE);
	for (unsigned int i = 0; i < PER_WRITER; i++)
		assert_int_equal(pc_map_get(pcs, TEXT + i * 3), 1);
	for (unsigned int i = 0; i < IN_MODULE; i++)
		assert_int_equal(pc_map_get(pcs, MODULE + i), 1);
}

/* A count of 2 would mean that a PC was read twice. */
static void test_read_while_written(void **state)
{
	struct pc_map pcs = PC_MAP_INIT;
	pthread_t threads[WRITERS];

	(void)state;
	start_writers(threads);
	while (pcs.len < (PER_WRITER + IN_MODULE) / 2)
		assert_ok(kcov_set_read(&shared, &pcs));
	for (int i = 0; i < WRITERS; i++)
		pthread_join(threads[i], NULL);
	assert_ok(kcov_set_read(&shared, &pcs));
	check_all(&pcs);
	pc_map_deinit(&pcs);
	kcov_set_close(&shared);
}

static struct kcov_stats fake_stats;

static struct error *read_fake_stats(const struct kcov_set *set, struct kcov_stats *ret)
{
	assert_ptr_equal(set, &shared);
	ret->inherited_tasks = __atomic_load_n(&fake_stats.inherited_tasks, __ATOMIC_RELAXED);
	ret->dropped_pcs = __atomic_load_n(&fake_stats.dropped_pcs, __ATOMIC_RELAXED);
	ret->dropped_tasks = __atomic_load_n(&fake_stats.dropped_tasks, __ATOMIC_RELAXED);
	return NULL;
}

/* As if the collection were killed now: the file must have what was recorded a second ago. */
static void check_unfinished(const char *path)
{
	_cleanup_run_ struct run *run = NULL;

	for (int i = 0; i < 50; i++) {
		usleep(100000);
		run_destroy(steal_ptr(&run));
		/* The file is empty until the first flush. */
		error_destroy(run_load(path, &run));
		if (run && run->sources.len && run->sources.data[0].nr_pcs)
			break;
	}
	assert_non_null(run);
	assert_false(run->finished);
	assert_true(run->sources.data[0].nr_pcs > 0);
	assert_int_equal(run->sources.data[0].kind, RUN_SOURCE_SET);
}

static void collect_set(const char *path)
{
	const struct task_identity task = { .pid = 5, .tgid = 5, .parent = -1, .comm = "x" };
	struct run_meta meta = { 0 };
	struct run_writer *writer;
	struct collector *c;
	struct capture *capture;
	pthread_t threads[WRITERS];
	int32_t status = 0x300;

	assert_ok(run_writer_create(path, &writer));
	const struct collector_options options = { .writer = writer,
						   .meta = &meta,
						   .set_stats = read_fake_stats };
	assert_ok(collector_create(&options, &c));
	start_writers(threads);
	assert_ok(collector_start_set(c, &shared, &task, &capture));
	check_unfinished(path);
	__atomic_store_n(&fake_stats.inherited_tasks, 41, __ATOMIC_RELAXED);
	__atomic_store_n(&fake_stats.dropped_pcs, 6, __ATOMIC_RELAXED);
	__atomic_store_n(&fake_stats.dropped_tasks, 7, __ATOMIC_RELAXED);
	for (int i = 0; i < WRITERS; i++)
		pthread_join(threads[i], NULL);
	collector_cut_task(c, capture, &status, "2 of its tasks", 0);
	assert_ok(collector_finish(c));
	collector_destroy(c);
	run_writer_destroy(writer);
	kcov_set_close(&shared);
}

static void test_collection(void **state)
{
	struct pc_map pcs = PC_MAP_INIT;
	_cleanup_run_ struct run *run = NULL;
	char path[32];

	(void)state;
	collect_set(fixture_path(path));
	assert_ok(run_load(path, &run));
	assert_true(run->finished);
	assert_int_equal(run->sources.len, 1);
	const struct run_source *set = &run->sources.data[0];
	assert_int_equal(set->kind, RUN_SOURCE_SET);
	assert_int_equal(set->nr_tasks, 42);
	assert_int_equal(set->losses.dropped_pcs, 6);
	assert_int_equal(set->losses.dropped_tasks, 7);
	assert_int_equal(set->state, RUN_STATE_CUT);
	assert_true(set->exited);
	assert_int_equal(set->status, 0x300);
	for (size_t i = 0; i < set->nr_pcs; i++)
		assert_true(pc_map_add(&pcs, set->pcs[i].pc, set->pcs[i].count));
	check_all(&pcs);
	pc_map_deinit(&pcs);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_only_new),
		cmocka_unit_test(test_shift),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_layouts),
		cmocka_unit_test(test_open),
		cmocka_unit_test(test_read_while_written),
		cmocka_unit_test(test_collection),
	};

	return cmocka_run_group_tests_name("kcov_set", tests, NULL, NULL);
}
