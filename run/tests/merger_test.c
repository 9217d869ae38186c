// SPDX-License-Identifier: GPL-2.0-or-later
/* Merging files into a file: the same as in memory, whatever is held, and folded. */
#include "run/tests/fixture.h"

#include "run/merger.h"

#define MODULE_A 0xffffffffa5600000ULL
#define MODULE_B 0xffffffffa5700000ULL

/* Files with and without modules of one name at different addresses, notes and damage. */
static void write_run(const char *path, uint32_t n)
{
	const struct run_module module = { .name = (char *)"ext4",
					   .base = n % 2 ? MODULE_A : MODULE_B,
					   .size = 0x1000,
					   .build_id = { .size = 1, .bytes = { 1 } },
					   .init_base = MODULE_B + 0x10000 };
	struct run_source task = { .id = 3, .parent = -1, .nr_tasks = 1, .name = (char *)"sh" };
	const struct pc_count pcs[] = {
		{ TEXT + n, 1 }, { TEXT + 100, 2 }, { MODULE_A + 1, 3 }, { MODULE_B + 1, 4 }
	};
	char command[20];
	struct run_writer *w;

	snprintf(command, sizeof(command), "command %u", n);
	assert_ok(run_writer_create(path, &w));
	assert_ok(run_writer_meta(w, &(struct run_meta){ .command = command }));
	if (n)
		assert_ok(run_writer_module(w, &module));
	assert_ok(run_writer_source(w, &task));
	assert_ok(run_writer_pcs(w, 3, pcs, 4));
	task = (struct run_source){ .id = 9, .parent = 3, .nr_tasks = 1, .name = (char *)"sh" };
	task.state = n == 2 ? RUN_STATE_CUT : RUN_STATE_COVERED;
	task.reason = n == 2 ? (char *)"it was let go" : NULL;
	task.losses.saturations = n;
	assert_ok(run_writer_source(w, &task));
	assert_ok(run_writer_pcs(w, 9, pcs, 2));
	assert_ok(run_writer_note(w, "a note"));
	if (n != 3)
		assert_ok(run_writer_end(w));
	assert_ok(run_writer_flush(w));
	run_writer_destroy(w);
}

#define FILES 6

struct files {
	char paths[FILES][32];
};

/* The last one is of another kernel. */
static int setup(void **state)
{
	struct files *files = malloc(sizeof(*files));

	for (uint32_t i = 0; i < FILES - 1; i++)
		write_run(fixture_path(files->paths[i]), i);
	fixture_write_file(fixture_path(files->paths[FILES - 1]));
	*state = files;
	return 0;
}

static int teardown(void **state)
{
	struct files *files = *state;

	for (size_t i = 0; i < FILES; i++)
		unlink(files->paths[i]);
	free(files);
	return 0;
}

static void merge(const struct files *files, size_t held, bool fold, struct run **ret)
{
	_cleanup_run_merger_ struct run_merger *m = NULL;
	char path[32];

	assert_ok(run_merger_create(fixture_path(path), fold, &m));
	for (size_t i = 0; i < FILES - 1; i++) {
		_cleanup_run_stream_ struct run_stream *stream = NULL;

		assert_ok(run_stream_open(files->paths[i], held, &stream));
		assert_ok(run_merger_add(m, stream));
	}
	assert_int_equal(run_merger_sources(m), 2 * (FILES - 1));
	assert_ok(run_merger_finish(m));
	assert_ok(run_load(path, ret));
	assert_null((*ret)->damage);
	unlink(path);
}

static void assert_same_string(const char *a, const char *b)
{
	if (a && b)
		assert_string_equal(a, b);
	else
		assert_true(a == b);
}

static void assert_same_source(const struct run_source *a, const struct run_source *b)
{
	assert_int_equal(a->id, b->id);
	assert_int_equal(a->parent, b->parent);
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->state, b->state);
	assert_same_string(a->name, b->name);
	assert_same_string(a->reason, b->reason);
	assert_int_equal(a->losses.saturations, b->losses.saturations);
	assert_int_equal(a->nr_pcs, b->nr_pcs);
	assert_memory_equal(a->pcs, b->pcs, a->nr_pcs * sizeof(*a->pcs));
}

static void assert_same_run(const struct run *a, const struct run *b)
{
	assert_same_string(a->meta.command, b->meta.command);
	assert_int_equal(a->sources.len, b->sources.len);
	for (size_t i = 0; i < a->sources.len; i++)
		assert_same_source(&a->sources.data[i], &b->sources.data[i]);
	assert_int_equal(a->modules.len, b->modules.len);
	for (size_t i = 0; i < a->modules.len; i++) {
		assert_int_equal(a->modules.data[i].base, b->modules.data[i].base);
		assert_int_equal(a->modules.data[i].init_base, b->modules.data[i].init_base);
	}
	assert_int_equal(a->notes.len, b->notes.len);
	for (size_t i = 0; i < a->notes.len; i++)
		assert_string_equal(a->notes.data[i], b->notes.data[i]);
}

static void test_as_in_memory(void **state)
{
	static const size_t held[] = { RUN_STREAM_HELD, 0 };
	const struct files *files = *state;
	_cleanup_run_ struct run *want = NULL;

	assert_ok(run_create(&want));
	for (size_t i = 0; i < FILES - 1; i++) {
		_cleanup_run_ struct run *run = NULL;

		assert_ok(run_load(files->paths[i], &run));
		assert_ok(run_merge(want, run));
	}
	/* The note about init code once, "a note" of each file, and the cut file. */
	assert_int_equal(want->notes.len, FILES - 1 + 2);
	for (size_t i = 0; i < 2; i++) {
		_cleanup_run_ struct run *got = NULL;

		merge(files, held[i], false, &got);
		assert_same_run(got, want);
		assert_true(got->finished);
	}
}

static void test_fold(void **state)
{
	_cleanup_run_ struct run *run = NULL;

	merge(*state, 0, true, &run);
	assert_int_equal(run->sources.len, 1);
	const struct run_source *source = &run->sources.data[0];
	assert_int_equal(source->kind, RUN_SOURCE_TASK);
	assert_int_equal(source->nr_tasks, 10);
	assert_int_equal(source->folded_tasks, 10);
	assert_int_equal(source->parent, -1);
	assert_string_equal(source->name, "sh");
	assert_int_equal(source->state, RUN_STATE_CUT);
	assert_string_equal(source->reason,
			    "1 of 10 folded tasks were recorded only in part, or not at all");
	assert_int_equal(source->losses.saturations, 0 + 1 + 2 + 3 + 4);
	assert_int_equal(source_count(source, TEXT + 100), 5 * 2 * 2);
	assert_int_equal(source_count(source, TEXT + 2), 2);
	assert_int_equal(run_source_counts(source), RUN_COUNTS_EXACT);
}

/* Kinds stay apart: counts of a set are not those of tasks. */
static void test_fold_kinds(void **state)
{
	const struct files *files = *state;
	_cleanup_run_ struct run *run = NULL;
	_cleanup_run_merger_ struct run_merger *m = NULL;
	char path[32];

	assert_ok(run_merger_create(fixture_path(path), true, &m));
	for (size_t i = 0; i < 3; i++) {
		_cleanup_run_stream_ struct run_stream *stream = NULL;

		assert_ok(run_stream_open(files->paths[FILES - 1], 0, &stream));
		assert_ok(run_merger_add(m, stream));
	}
	assert_ok(run_merger_finish(m));
	assert_ok(run_load(path, &run));
	assert_int_equal(run->sources.len, 2);
	assert_int_equal(run->sources.data[0].kind, RUN_SOURCE_TASK);
	assert_int_equal(run->sources.data[0].nr_tasks, 3);
	assert_int_equal(source_sum(&run->sources.data[0]), 30);
	assert_int_equal(run->sources.data[1].kind, RUN_SOURCE_SET);
	assert_int_equal(run->sources.data[1].nr_tasks, 900);
	assert_int_equal(run->sources.data[1].losses.dropped_tasks, 6);
	assert_int_equal(source_sum(&run->sources.data[1]), 15);
	unlink(path);
}

static void write_contexts(const char *path)
{
	const struct pc_count pcs[] = { { TEXT + 5, 1 }, { TEXT + 9, 1 } };
	const struct run_meta meta = fixture_meta();
	struct run_writer *w;

	assert_ok(run_writer_create(path, &w));
	assert_ok(run_writer_meta(w, &meta));
	for (int i = 0; i < 5; i++) {
		const struct run_source source = { .kind = RUN_SOURCE_SOFTIRQ + i,
						   .id = i,
						   .parent = -1,
						   .name = (char *)"name",
						   .losses.dropped_pcs = 1 + i,
						   .pending = 7 };

		assert_ok(run_writer_source(w, &source));
		assert_ok(run_writer_pcs(w, i, pcs, 2));
	}
	assert_ok(run_writer_end(w));
	assert_ok(run_writer_flush(w));
	run_writer_destroy(w);
}

/* Each context is folded with its like. */
static void test_fold_contexts(void **state)
{
	_cleanup_run_ struct run *run = NULL;
	_cleanup_run_merger_ struct run_merger *m = NULL;
	char path[32], merged[32];

	(void)state;
	write_contexts(fixture_path(path));
	assert_ok(run_merger_create(fixture_path(merged), true, &m));
	for (size_t i = 0; i < 2; i++) {
		_cleanup_run_stream_ struct run_stream *stream = NULL;

		assert_ok(run_stream_open(path, 0, &stream));
		assert_ok(run_merger_add(m, stream));
	}
	assert_ok(run_merger_finish(m));
	assert_ok(run_load(merged, &run));
	assert_int_equal(run->sources.len, 5);
	for (size_t i = 0; i < 5; i++) {
		const struct run_source *source = &run->sources.data[i];

		assert_int_equal(source->kind, RUN_SOURCE_SOFTIRQ + i);
		assert_int_equal(source->nr_tasks, 0);
		assert_int_equal(source->losses.dropped_pcs, 2 + 2 * i);
		assert_int_equal(source->pending, source->kind == RUN_SOURCE_WORK ? 14 : 0);
		assert_int_equal(source_sum(source), 4);
	}
	unlink(path);
	unlink(merged);
}

/* What cannot be merged leaves no file. */
static void test_mismatch(void **state)
{
	const struct files *files = *state;
	struct run_merger *m = NULL;
	char path[32];

	fixture_path(path);
	unlink(path);
	assert_ok(run_merger_create(path, false, &m));
	for (size_t i = 0; i < 2; i++) {
		_cleanup_run_stream_ struct run_stream *stream = NULL;

		assert_ok(run_stream_open(files->paths[FILES - 1], 0, &stream));
		run_stream_run(stream)->meta.build_id.bytes[0] += i;
		struct error *err = run_merger_add(m, stream);
		if (i)
			assert_error(err, ERROR_MISMATCH, "is of another kernel");
		else
			assert_null(err);
	}
	run_merger_destroy(m);
	assert_int_equal(access(path, F_OK), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_in_memory), cmocka_unit_test(test_fold),
		cmocka_unit_test(test_fold_kinds),   cmocka_unit_test(test_fold_contexts),
		cmocka_unit_test(test_mismatch),
	};

	return cmocka_run_group_tests_name("run merger", tests, setup, teardown);
}
