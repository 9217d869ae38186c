// SPDX-License-Identifier: GPL-2.0-or-later
/* Waiting for the work of a context, and what a collection writes of contexts. */
#include "run/tests/fixture.h"

#include <errno.h>
#include <sys/mman.h>

#include "collect/kcov/collector.h"
#include "collect/kcov/contexts.h"

#define PAGE 4096

/* What the kernel says at each look; the last one stays. */
static uint64_t pending[8];
static size_t nr_looks;
static int fails_at = -1;

static struct error *read_pending(const struct kcov_set *set, struct kcov_stats *ret)
{
	size_t i = nr_looks++;

	(void)set;
	if ((int)i == fails_at)
		return error_errno(EIO, "cannot look");
	*ret = (struct kcov_stats){ .tasks = pending[i < 7 ? i : 7] };
	return NULL;
}

static struct contexts with_work(void)
{
	return (struct contexts){
		.all = { { .kind = RUN_SOURCE_SOFTIRQ, .set = KCOV_SET_CLOSED },
			 { .kind = RUN_SOURCE_WORK, .set = KCOV_SET_CLOSED } },
		.nr = 2,
	};
}

static void test_settle_runs_dry(void **state)
{
	static const uint64_t falling[8] = { 9, 5, 5, 2, 0 };
	struct contexts contexts = with_work();

	(void)state;
	memcpy(pending, falling, sizeof(pending));
	nr_looks = 0;
	assert_ok(contexts_settle(&contexts, read_pending));
	assert_int_equal(nr_looks, 5);
	nr_looks = 0;
	pending[0] = 0;
	assert_ok(contexts_settle(&contexts, read_pending));
	assert_int_equal(nr_looks, 1);
}

/* Some of it was cancelled, or its time comes much later. */
static void test_settle_ends(void **state)
{
	struct contexts contexts = with_work();

	(void)state;
	for (int i = 0; i < 8; i++)
		pending[i] = 4;
	nr_looks = 0;
	assert_ok(contexts_settle(&contexts, read_pending));
	assert_true(nr_looks > 1);
	assert_true(nr_looks < 100);
	fails_at = 1;
	nr_looks = 0;
	assert_error(contexts_settle(&contexts, read_pending), ERROR_SYSTEM, "cannot look");
	fails_at = -1;
}

static void test_settle_without_work(void **state)
{
	struct contexts contexts = with_work();

	(void)state;
	contexts.nr = 1;
	nr_looks = 0;
	assert_ok(contexts_settle(&contexts, read_pending));
	contexts = with_work();
	/* It could not be opened. */
	contexts.all[1].problem = strdup("no");
	assert_ok(contexts_settle(&contexts, read_pending));
	assert_int_equal(nr_looks, 0);
	contexts_close(&contexts);
	contexts_close(&contexts);
}

/* A set with one PC of the text, as if the kernel had recorded it. */
static void make_set(struct kcov_set *set, unsigned int n)
{
	*set = (struct kcov_set){ .fd = -1 };
	set->layout = (struct kcov_set_init){ .size = sizeof(set->layout),
					      .text_start = TEXT,
					      .text_size = 512,
					      .hash_offset = 64,
					      .map_size = PAGE };
	set->memory = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(set->memory != MAP_FAILED);
	((uint8_t *)set->memory)[n / 8] |= 1 << n % 8;
	set->seen = calloc(PAGE / sizeof(uint64_t) + 1, sizeof(uint64_t));
	assert_non_null(set->seen);
	assert_true(kcov_set_layout_is_known(&set->layout));
}

static struct error *fake_stats(const struct kcov_set *set, struct kcov_stats *ret)
{
	(void)set;
	*ret = (struct kcov_stats){ .tasks = 3,
				    .dropped_pcs = 1,
				    .dropped_remote_pcs = 2,
				    .dropped_sections = 5,
				    .inherited_tasks = 7 };
	return NULL;
}

static struct collector *start(const char *path, bool discards_set, bool system_only,
			       struct run_writer **ret)
{
	const struct run_meta meta = { 0 };
	struct collector *c;

	assert_ok(run_writer_create(path, ret));
	const struct collector_options options = { .writer = *ret,
						   .meta = &meta,
						   .discards_set = discards_set,
						   .system_only = system_only,
						   .set_stats = fake_stats };
	assert_ok(collector_create(&options, &c));
	return c;
}

static void finish(struct collector *c, struct run_writer *writer, struct contexts *contexts)
{
	assert_ok(collector_finish(c));
	collector_destroy(c);
	run_writer_destroy(writer);
	contexts_close(contexts);
}

static void test_collection(void **state)
{
	const struct task_identity task = { .pid = 5, .tgid = 5, .parent = -1, .comm = "x" };
	struct contexts contexts = with_work();
	_cleanup_run_ struct run *run = NULL;
	struct run_writer *writer;
	struct capture *capture;
	struct kcov_set set;
	char path[32];

	(void)state;
	make_set(&set, 1);
	make_set(&contexts.all[1].set, 9);
	contexts.all[0].problem = strdup("the kernel refused");
	struct collector *c = start(fixture_path(path), true, false, &writer);
	assert_ok(contexts_collect(&contexts, c));
	assert_ok(collector_start_set(c, &set, &task, &capture));
	collector_end_task(c, capture, 0, 0);
	finish(c, writer, &contexts);
	kcov_set_close(&set);

	assert_ok(run_load(path, &run));
	assert_int_equal(run->sources.len, 3);
	const struct run_source *tasks = &run->sources.data[0], *softirq = &run->sources.data[1],
				*work = &run->sources.data[2];
	assert_int_equal(tasks->kind, RUN_SOURCE_SET);
	assert_int_equal(tasks->nr_pcs, 0); /* discarded */
	assert_int_equal(tasks->nr_tasks, 8);
	assert_int_equal(tasks->losses.dropped_sections, 0);
	assert_int_equal(softirq->kind, RUN_SOURCE_SOFTIRQ);
	assert_int_equal(softirq->state, RUN_STATE_NOT_FOLLOWED);
	assert_string_equal(softirq->reason, "the kernel refused");
	assert_int_equal(work->kind, RUN_SOURCE_WORK);
	assert_string_equal(work->name, "work");
	assert_int_equal(work->nr_pcs, 1);
	assert_int_equal(work->pcs[0].pc, TEXT + 9);
	assert_int_equal(work->nr_tasks, 0);
	assert_int_equal(work->pending, 3);
	assert_int_equal(work->losses.dropped_pcs, 3);
	assert_int_equal(work->losses.dropped_sections, 5);
	unlink(path);
}

static void test_system_alone(void **state)
{
	struct contexts contexts = { .all = { { .kind = RUN_SOURCE_SYSTEM } }, .nr = 1 };
	_cleanup_run_ struct run *run = NULL;
	struct run_writer *writer;
	char path[32];

	(void)state;
	make_set(&contexts.all[0].set, 3);
	struct collector *c = start(fixture_path(path), false, true, &writer);
	assert_ok(contexts_collect(&contexts, c));
	finish(c, writer, &contexts);
	assert_ok(run_load(path, &run));
	assert_int_equal(run->sources.len, 1);
	assert_int_equal(run->sources.data[0].kind, RUN_SOURCE_SYSTEM);
	assert_int_equal(run->sources.data[0].id, 0);
	assert_int_equal(run->sources.data[0].nr_pcs, 1);
	assert_int_equal(run->sources.data[0].pending, 0);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_settle_runs_dry),	    cmocka_unit_test(test_settle_ends),
		cmocka_unit_test(test_settle_without_work), cmocka_unit_test(test_collection),
		cmocka_unit_test(test_system_alone),
	};

	return cmocka_run_group_tests_name("contexts", tests, NULL, NULL);
}
