// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs through writer, file and reader: what was written is loaded again. */
#include "run/tests/fixture.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>

#include "base/strbuf.h"
#include "run/format.h"

static void check_fixture(struct run *run)
{
	const struct run_meta want = fixture_meta();

	assert_string_equal(run->meta.command, want.command);
	assert_string_equal(run->meta.directory, want.directory);
	assert_string_equal(run->meta.name, want.name);
	assert_string_equal(run->meta.release, want.release);
	assert_string_equal(run->meta.version, want.version);
	assert_string_equal(run->meta.machine, want.machine);
	assert_string_equal(run->meta.follow, want.follow);
	assert_true(build_id_equal(&run->meta.build_id, &want.build_id));
	assert_true(run->meta.kaslr_known);
	assert_int_equal(run->meta.kaslr_offset, want.kaslr_offset);
	assert_int_equal(run->meta.pc_kind, RUN_PC_RETURN);
	assert_int_equal(run->meta.buffer_words, want.buffer_words);
	assert_int_equal(run->meta.start_ns, want.start_ns);
	assert_int_equal(run->modules.len, 1);
	assert_string_equal(run->modules.data[0].name, "ext4");
	assert_int_equal(run->modules.data[0].base, 0xffffffffa5600000);
	assert_int_equal(run->modules.data[0].size, 0x6000);
	assert_int_equal(run->modules.data[0].init_base, 0xffffffffa5610000);
	assert_int_equal(run->modules.data[0].build_id.size, 2);
	assert_int_equal(run->sources.len, 2);
	assert_int_equal(run->notes.len, 1);
	assert_string_equal(run->notes.data[0], "a note");
	assert_true(run->finished);
	assert_int_equal(run->damaged_bytes, 0);
	assert_null(run->damage);
}

static void check_fixture_tasks(struct run *run)
{
	const struct run_source *root = run_find_source(run, 0), *child = run_find_source(run, 1);

	assert_non_null(root);
	assert_non_null(child);
	assert_null(run_find_source(run, 2));
	assert_int_equal(root->pid, 100);
	assert_int_equal(root->tgid, 100);
	assert_int_equal(root->parent, -1);
	assert_int_equal(root->state, RUN_STATE_COVERED);
	assert_null(root->reason);
	assert_true(root->exited);
	assert_int_equal(root->status, 0x100);
	assert_int_equal(root->nr_pcs, 3);
	assert_int_equal(source_count(root, TEXT + 5), 1);
	assert_int_equal(source_count(root, TEXT + 0x20), 5);
	assert_int_equal(source_count(root, UINT64_MAX), 4);
	assert_int_equal(child->parent, 0);
	assert_int_equal(child->state, RUN_STATE_CUT);
	assert_string_equal(child->reason, "it was let go");
	assert_string_equal(child->name, "test");
	assert_false(child->exited);
	assert_int_equal(child->losses.saturations, 3);
	assert_int_equal(root->kind, RUN_SOURCE_TASK);
	assert_int_equal(root->nr_tasks, 1);
	assert_int_equal(child->kind, RUN_SOURCE_SET);
	assert_int_equal(child->nr_tasks, 300);
	assert_int_equal(child->losses.dropped_pcs, (uint64_t)1 << 40);
	assert_int_equal(child->losses.dropped_tasks, 2);
	assert_int_equal(source_sum(child), 5);
}

static void test_round_trip(void **state)
{
	_cleanup_run_ struct run *run = NULL, *saved = NULL;
	char path[32];

	(void)state;
	fixture_write_file(fixture_path(path));
	assert_ok(run_load(path, &run));
	check_fixture(run);
	check_fixture_tasks(run);
	assert_string_equal(run->path, path);
	assert_ok(run_save(run, path));
	assert_ok(run_load(path, &saved));
	check_fixture(saved);
	check_fixture_tasks(saved);
	unlink(path);
}

static void test_empty_run(void **state)
{
	_cleanup_run_ struct run *run = NULL, *loaded = NULL;
	char path[32];

	(void)state;
	assert_ok(run_create(&run));
	assert_ok(run_save(run, fixture_path(path)));
	assert_ok(run_load(path, &loaded));
	assert_int_equal(loaded->sources.len, 0);
	assert_null(loaded->meta.command);
	assert_false(loaded->meta.kaslr_known);
	assert_false(loaded->finished);
	assert_string_equal(loaded->damage, "no end record: the collection did not end normally");
	unlink(path);
}

/* In PCS records, large deltas and counts need the most bytes: records must be split below the size
 * limit. */
static void test_many_pcs_are_split(void **state)
{
	_cleanup_run_ struct run *run = NULL;
	_cleanup_free_ struct pc_count *pcs = NULL;
	_cleanup_strbuf_ struct strbuf sb = STRBUF_INIT;
	const size_t n = 300000;
	uint64_t nr_records = 0;
	char path[32];

	(void)state;
	pcs = calloc(n, sizeof(*pcs));
	for (size_t i = 0; i < n; i++)
		pcs[i] = (struct pc_count){ (i + 1) << 40, UINT64_MAX / n };
	run_encode_header(&sb);
	assert_ok(run_encode_pcs(&sb, 7, pcs, n, &nr_records));
	assert_true(sb.len > 3 << 20);
	assert_true(nr_records > 3);
	fixture_put(fixture_path(path), sb.data, sb.len);
	assert_ok(run_load(path, &run));
	assert_int_equal(run->damaged_bytes, 0);
	assert_int_equal(run->sources.len, 1);
	assert_int_equal(run->sources.data[0].id, 7);
	assert_int_equal(run->sources.data[0].state, RUN_STATE_CUT);
	assert_int_equal(run->sources.data[0].nr_pcs, n);
	assert_int_equal(source_count(&run->sources.data[0], (uint64_t)n << 40), UINT64_MAX / n);
	unlink(path);
}

static void test_long_strings_are_cut(void **state)
{
	_cleanup_strbuf_ struct strbuf text = STRBUF_INIT;
	_cleanup_run_ struct run *run = NULL;
	struct run_writer *w;
	char path[32];

	(void)state;
	while (text.len < 200000)
		strbuf_addstr(&text, "0123456789");
	assert_ok(run_writer_create(fixture_path(path), &w));
	assert_ok(run_writer_note(w, text.data));
	assert_ok(run_writer_flush(w));
	run_writer_destroy(w);
	assert_ok(run_load(path, &run));
	assert_int_equal(strlen(run->notes.data[0]), 65536);
	assert_true(string_ends_with(run->notes.data[0], "..."));
	unlink(path);
}

static void test_writer_refuses_nonsense(void **state)
{
	const struct pc_count descending[] = { { 5, 1 }, { 4, 1 } }, zero[] = { { 0, 1 } };
	const struct pc_count uncounted[] = { { 5, 0 }, { 6, 1 } };
	_cleanup_run_ struct run *run = NULL;
	struct run_writer *w;
	char path[32];

	(void)state;
	assert_ok(run_writer_create(fixture_path(path), &w));
	assert_error(run_writer_pcs(w, 0, descending, 2), ERROR_INVALID, "ascending");
	assert_error(run_writer_pcs(w, 0, zero, 1), ERROR_INVALID, "ascending");
	assert_ok(run_writer_pcs(w, 0, uncounted, 2));
	assert_ok(run_writer_end(w));
	assert_error(run_writer_note(w, "late"), ERROR_INVALID, "end record");
	assert_ok(run_writer_flush(w));
	run_writer_destroy(w);
	assert_ok(run_load(path, &run));
	assert_int_equal(run->sources.data[0].nr_pcs, 1);
	assert_null(strstr(run->damage, "damaged"));
	unlink(path);
}

static void test_old_content_stays_until_the_first_flush(void **state)
{
	_cleanup_free_ char *content = NULL;
	struct run_writer *w;
	char path[32];

	(void)state;
	fixture_put(fixture_path(path), "old and longer than the header", 30);
	assert_ok(run_writer_create(path, &w));
	assert_ok(run_writer_note(w, "new"));
	run_writer_destroy(w);
	assert_ok(file_read(path, 1000, &content, NULL));
	assert_string_equal(content, "old and longer than the header");

	_cleanup_run_ struct run *run = NULL;
	assert_ok(run_writer_create(path, &w));
	assert_ok(run_writer_flush(w));
	run_writer_destroy(w);
	assert_ok(run_load(path, &run));
	assert_int_equal(run->damaged_bytes, 0);
	unlink(path);
}

static void test_new_file_without_flush_is_removed(void **state)
{
	struct run_writer *w;
	char path[32];

	(void)state;
	unlink(fixture_path(path));
	assert_ok(run_writer_create(path, &w));
	assert_int_equal(access(path, F_OK), 0);
	run_writer_destroy(w);
	assert_int_equal(access(path, F_OK), -1);

	/* Another program's file of that name must not be removed. */
	assert_ok(run_writer_create(path, &w));
	unlink(path);
	fixture_put(path, "x", 1);
	run_writer_destroy(w);
	assert_int_equal(access(path, F_OK), 0);
	unlink(path);
}

static void test_writing_errors_stick(void **state)
{
	struct run_writer *w;

	(void)state;
	assert_ok(run_writer_create("/dev/full", &w));
	assert_ok(run_writer_note(w, "x"));
	assert_error(run_writer_flush(w), ERROR_SYSTEM, "/dev/full': No space left on device");
	assert_error(run_writer_flush(w), ERROR_SYSTEM, "No space left");
	assert_error(run_writer_note(w, "x"), ERROR_SYSTEM, "No space left");
	assert_error(run_writer_end(w), ERROR_SYSTEM, "No space left");
	run_writer_destroy(w);
	assert_int_equal(access("/dev/full", F_OK), 0);

	_cleanup_run_ struct run *run = NULL;
	assert_ok(run_create(&run));
	assert_error(run_save(run, "/dev/full"), ERROR_SYSTEM, "No space left");
	assert_error(run_writer_create("/nonexistent/x", &w), ERROR_SYSTEM, "/nonexistent/x");
	assert_error(run_writer_create("/tmp", &w), ERROR_SYSTEM, "Is a directory");
}

struct pipe_end {
	char path[32];
	int fd;
	struct run *run;
};

static void *load_from_pipe(void *arg)
{
	struct pipe_end *end = arg;
	struct error *err = run_load(end->path, &end->run);

	error_destroy(err);
	return NULL;
}

static void test_through_a_pipe(void **state)
{
	struct pipe_end end = { .run = NULL };
	char out[32];
	pthread_t thread;
	int fds[2];

	(void)state;
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	snprintf(end.path, sizeof(end.path), "/proc/self/fd/%d", fds[0]);
	snprintf(out, sizeof(out), "/proc/self/fd/%d", fds[1]);
	assert_int_equal(pthread_create(&thread, NULL, load_from_pipe, &end), 0);
	fixture_write_file(out);
	close(fds[1]);
	pthread_join(thread, NULL);
	close(fds[0]);
	assert_non_null(end.run);
	check_fixture(end.run);
	check_fixture_tasks(end.run);
	run_destroy(end.run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_empty_run),
		cmocka_unit_test(test_many_pcs_are_split),
		cmocka_unit_test(test_long_strings_are_cut),
		cmocka_unit_test(test_writer_refuses_nonsense),
		cmocka_unit_test(test_old_content_stays_until_the_first_flush),
		cmocka_unit_test(test_new_file_without_flush_is_removed),
		cmocka_unit_test(test_writing_errors_stick),
		cmocka_unit_test(test_through_a_pipe),
	};

	return cmocka_run_group_tests_name("run", tests, NULL, NULL);
}
