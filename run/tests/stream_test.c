// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading source by source: the same as run_load(), whatever is held, and with bounded memory. */
#include "run/tests/fixture.h"

#include "run/stream.h"

#define TASKS 50
#define PCS   400
#define HALF  (PCS / 2)

/* Tasks in pairs that run at the same time, a first task that runs all the time, and one without
 * PCs. */
static void write_run(const char *path)
{
	struct pc_count pcs[PCS];
	struct run_writer *w;

	assert_ok(run_writer_create(path, &w));
	assert_ok(run_writer_meta(w, &(struct run_meta){ .command = (char *)"x" }));
	for (size_t i = 0; i < PCS; i++)
		pcs[i] = (struct pc_count){ TEXT + 10 * i, 1 + i % 9 };
	for (uint32_t i = 0; i < TASKS; i++)
		assert_ok(run_writer_source(
			w, &(struct run_source){ .id = i, .parent = -1, .nr_tasks = 1 }));
	for (uint32_t i = 1; i < TASKS - 1; i += 2) {
		assert_ok(run_writer_pcs(w, 0, pcs + i, 3));
		assert_ok(run_writer_pcs(w, i + 1, pcs, HALF));
		assert_ok(run_writer_pcs(w, i, pcs, PCS));
		assert_ok(run_writer_pcs(w, i + 1, pcs + HALF - 1, PCS - HALF + 1));
		assert_ok(run_writer_flush(w));
	}
	assert_ok(run_writer_pcs(w, 1000, pcs, 2));
	assert_ok(run_writer_end(w));
	assert_ok(run_writer_flush(w));
	run_writer_destroy(w);
}

struct seen {
	const struct run *want;
	uint32_t ids[TASKS + 1];
	size_t nr;
};

static struct error *compare(void *arg, struct run_source *source)
{
	struct seen *seen = arg;
	struct run_source *want = run_find_source((struct run *)seen->want, source->id);

	assert_true(seen->nr < TASKS + 1);
	seen->ids[seen->nr++] = source->id;
	assert_int_equal(source->nr_pcs, want->nr_pcs);
	assert_memory_equal(source->pcs, want->pcs, want->nr_pcs * sizeof(*want->pcs));
	return NULL;
}

static void read_with(const char *path, size_t held, struct seen *seen)
{
	_cleanup_run_stream_ struct run_stream *stream = NULL;

	seen->nr = 0;
	assert_ok(run_stream_open(path, held, &stream));
	const struct run *run = run_stream_run(stream);
	assert_string_equal(run->meta.command, "x");
	assert_true(run->finished);
	assert_null(run->damage);
	assert_int_equal(run->sources.len, TASKS + 1);
	assert_ok(run_stream_each(stream, compare, seen));
	assert_int_equal(seen->nr, TASKS + 1);
	for (size_t i = 0; i < run->sources.len; i++) {
		assert_null(run->sources.data[i].pcs);
		assert_int_equal(run->sources.data[i].nr_pcs, seen->want->sources.data[i].nr_pcs);
	}
}

static void test_all_ways(void **state)
{
	static const size_t held[] = { SIZE_MAX, RUN_STREAM_HELD, 5000, 1, 0 };
	_cleanup_run_ struct run *want = NULL;
	char path[32];

	(void)state;
	write_run(fixture_path(path));
	assert_ok(run_load(path, &want));
	assert_int_equal(want->sources.len, TASKS + 1);
	assert_int_equal(want->sources.data[2].nr_pcs, PCS);
	struct seen seen = { .want = want };
	for (size_t i = 0; i < sizeof(held) / sizeof(*held); i++) {
		read_with(path, held[i], &seen);
		/* By id if all are held; else first those without PCs, then as they are complete.
		 */
		assert_int_equal(seen.ids[0], held[i] > 5000 ? 0 : TASKS - 1);
		assert_int_equal(seen.ids[1], 1);
		assert_int_equal(seen.ids[2], 2);
		assert_int_equal(seen.ids[TASKS], 1000);
	}
	unlink(path);
}

static struct error *fail_at_third(void *arg, struct run_source *source)
{
	size_t *nr = arg;

	(void)source;
	return ++*nr == 3 ? error_create(ERROR_INVALID, "enough") : NULL;
}

static void test_visit_ends_it(void **state)
{
	static const size_t held[] = { SIZE_MAX, 0 };
	char path[32];

	(void)state;
	write_run(fixture_path(path));
	for (size_t i = 0; i < 2; i++) {
		_cleanup_run_stream_ struct run_stream *stream = NULL;
		size_t nr = 0;

		assert_ok(run_stream_open(path, held[i], &stream));
		assert_error(run_stream_each(stream, fail_at_third, &nr), ERROR_INVALID, "enough");
		assert_int_equal(nr, 3);
	}
	unlink(path);
}

/* A file that is shorter when it is read again: all sources are visited, with what is left. */
static void test_file_shrinks(void **state)
{
	_cleanup_run_stream_ struct run_stream *stream = NULL;
	char path[32];
	size_t nr = 10;

	(void)state;
	write_run(fixture_path(path));
	assert_ok(run_stream_open(path, 0, &stream));
	assert_int_equal(truncate(path, 3000), 0);
	assert_ok(run_stream_each(stream, fail_at_third, &nr));
	assert_int_equal(nr, 10 + TASKS + 1);
	unlink(path);
}

/* A pipe can be read once only. */
static void test_pipe(void **state)
{
	_cleanup_run_ struct run *want = NULL;
	char path[32], command[100], name[32];

	(void)state;
	write_run(fixture_path(path));
	assert_ok(run_load(path, &want));
	snprintf(command, sizeof(command), "cat %s", path);
	FILE *pipe = popen(command, "re");
	assert_non_null(pipe);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fileno(pipe));
	struct seen seen = { .want = want };
	read_with(name, 0, &seen);
	pclose(pipe);
	unlink(path);
}

/* Everything but the sources. */
static void test_facts(void **state)
{
	_cleanup_run_ struct run *run = NULL, *all = NULL;
	char path[32];

	(void)state;
	write_run(fixture_path(path));
	assert_ok(run_load(path, &all));
	assert_ok(run_load_facts(path, &run));
	assert_string_equal(run->meta.command, all->meta.command);
	assert_string_equal(run->path, path);
	assert_true(run->finished);
	assert_null(run->damage);
	assert_int_equal(run->sources.len, 0);
	assert_true(all->sources.len > 0);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_ways),     cmocka_unit_test(test_visit_ends_it),
		cmocka_unit_test(test_file_shrinks), cmocka_unit_test(test_pipe),
		cmocka_unit_test(test_facts),
	};

	return cmocka_run_group_tests_name("run stream", tests, NULL, NULL);
}
