// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The cache under attack: damaged files, planted links, a directory of another user, no space, many
 * processes at once, and a writer that is killed. The index is right in each case.
 */
#include "symbolize/index/tests/cache_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/io.h"

#define STEP	 256
#define HEADERS	 (96 + sizeof(struct index_header))
#define BUILDERS 2
#define READERS	 10

static char *one;

static int setup(void **state)
{
	if (make_fixture_dir(state))
		return -1;
	build_kernel("one", "gcc", "-g");
	shell("cd %s && mkdir debug && sleep 3", fixture_dir);
	one = expect(fixture("one"));
	return 0;
}

static int teardown(void **state)
{
	free(one);
	return remove_fixture_dir(state);
}

static int clear(void **state)
{
	(void)state;
	shell("rm -rf %s", fixture("cache"));
	return 0;
}

/* Make the one index of the cache. Its path is then in cache_path. */
static void fill_cache(void)
{
	check_get(fixture("one"), one, false);
	assert_int_equal(count_files(".index"), 1);
}

static void write_bytes(const char *path, const char *data, size_t size)
{
	int fd = open(path, O_WRONLY | O_TRUNC);

	assert_true(fd >= 0);
	assert_int_equal(write_all(fd, data, size), 0);
	close(fd);
}

/* The damaged file is replaced by a good one, with a note. */
static void check_repair(size_t at)
{
	check_get(fixture("one"), one, false);
	if (!strstr(logged, "is damaged") && !strstr(logged, "is of another version"))
		fail_msg("no note about the damage at %zu: %s", at, logged);
	check_get(fixture("one"), one, true);
	assert_string_equal(logged, "");
}

static void test_cut(void **state)
{
	_cleanup_free_ char *data = NULL;
	size_t size;

	(void)state;
	fill_cache();
	assert_ok(file_read(cache_path, 1 << 20, &data, &size));
	assert_true(size > 4 * STEP);
	for (size_t cut = 0; cut < size; cut += STEP) {
		write_bytes(cache_path, data, cut);
		check_repair(cut);
		write_bytes(cache_path, data, size - cut / STEP - 1);
		check_repair(size - cut / STEP - 1);
	}
	char *longer = calloc(1, size + STEP);
	assert_non_null(longer);
	memcpy(longer, data, size);
	write_bytes(cache_path, longer, size + STEP);
	free(longer);
	check_repair(size + STEP);
}

static void test_flipped(void **state)
{
	_cleanup_free_ char *data = NULL;
	size_t size;

	(void)state;
	fill_cache();
	assert_ok(file_read(cache_path, 1 << 20, &data, &size));
	for (size_t at = 0; at < size; at = at < HEADERS ? at + 1 : (at / STEP + 1) * STEP) {
		data[at] ^= 1 << at % 8;
		write_bytes(cache_path, data, size);
		check_repair(at);
		data[at] ^= 1 << at % 8;
	}
}

static void test_other_version(void **state)
{
	_cleanup_free_ char *data = NULL;
	size_t size;

	(void)state;
	fill_cache();
	assert_ok(file_read(cache_path, 1 << 20, &data, &size));
	data[8]--; /* the version of the file */
	write_bytes(cache_path, data, size);
	check_get(fixture("one"), one, false);
	assert_non_null(strstr(logged, "is of another version: reading the image again"));
	check_get(fixture("one"), one, true);
}

/* A file of the right form under the name of another one. */
static void test_renamed(void **state)
{
	char name[512];

	(void)state;
	fill_cache();
	snprintf(name, sizeof(name), "%s", cache_path);
	build_kernel("other", "gcc", "-g -fno-inline");
	_cleanup_free_ char *other = expect(fixture("other"));
	check_get(fixture("other"), other, false);
	shell("cd %s && for f in *.index; do [ $f = %s ] || mv $f %s; done", fixture("cache"),
	      strrchr(name, '/') + 1, name);
	check_repair(0);
}

static void test_links(void **state)
{
	(void)state;
	fill_cache();
	/* In place of the file: it is replaced, and what it points to is left alone. */
	shell("cd %s && mv %s victim && cp victim before && ln -s $PWD/victim %s", fixture_dir,
	      cache_path, cache_path);
	check_repair(0);
	shell("cd %s && cmp victim before && [ ! -L %s ]", fixture_dir, cache_path);
	/* In place of the content of the image. */
	shell("cd %s && rm -f *.image && rm -f cache/*.image", fixture_dir);
	check_get(fixture("one"), one, true);
	assert_int_equal(count_files(".image"), 1);
	shell("cd %s && mv %s victim && cp victim before && ln -s $PWD/victim %s", fixture_dir,
	      cache_path, cache_path);
	check_get(fixture("one"), one, true);
	shell("cd %s && cmp victim before && [ ! -L %s ]", fixture_dir, cache_path);
	/* In place of the temporary file and of the lock. */
	assert_int_equal(count_files(".index"), 1);
	cache_path[strlen(cache_path) - strlen(".index")] = '\0';
	shell("cd %s && echo victim >victim && rm %s.index && ln -s $PWD/victim %s.tmp",
	      fixture_dir, cache_path, cache_path);
	check_get(fixture("one"), one, false);
	check_get(fixture("one"), one, true);
	shell("cd %s && rm %s.index && ln -s $PWD/victim %s.lock", fixture_dir, cache_path,
	      cache_path);
	check_get(fixture("one"), one, false);
	assert_non_null(strstr(logged, "is not kept: cannot lock it in"));
	shell("[ \"$(cat %s)\" = victim ]", fixture("victim"));
	/* In place of the directory. */
	shell("cd %s && rm -rf cache && mkdir elsewhere && ln -s elsewhere cache", fixture_dir);
	check_get(fixture("one"), one, false);
	assert_non_null(strstr(logged, "is not kept: cannot open directory"));
	shell("cd %s && rmdir elsewhere && rm cache", fixture_dir);
}

static void test_other_types(void **state)
{
	(void)state;
	fill_cache();
	shell("rm %s && mkfifo %s", cache_path, cache_path);
	check_repair(0);
	shell("rm %s && mkdir %s", cache_path, cache_path);
	check_get(fixture("one"), one, false);
	assert_non_null(strstr(logged, "is not kept: cannot write to"));
	shell("rm -rf %s && : >%s", fixture("cache"), fixture("cache"));
	check_get(fixture("one"), one, false);
	assert_non_null(strstr(logged, "is not kept: cannot open directory"));
}

static void test_other_owner(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	fill_cache();
	shell("chown 12345 %s", cache_path);
	check_repair(0);
	shell("chown 12345 %s", fixture("cache"));
	check_get(fixture("one"), one, false);
	assert_non_null(strstr(logged, "belongs to another user"));
	shell("chown 0 %s && chmod 770 %s", fixture("cache"), fixture("cache"));
	check_get(fixture("one"), one, false);
	assert_non_null(strstr(logged, "other users may write to"));
	/* Under sudo, nothing is made below the home of another user. */
	shell("rm -rf %s && mkdir %s && chown 12345 %s", fixture("cache"), fixture("cache"),
	      fixture("cache"));
	struct index *index;
	const struct index_get_options options = { .directory = fixture("cache/a/index"),
						   .size_limit = UINT64_MAX,
						   .log = &text_log };
	logged[0] = '\0';
	assert_ok(index_get(fixture("one"), &options, &index));
	index_destroy(index);
	assert_non_null(strstr(logged, "belongs to another user"));
	assert_int_not_equal(access(fixture("cache/a"), F_OK), 0);
}

static void test_no_space(void **state)
{
	struct rlimit old;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &(struct rlimit){ STEP, old.rlim_max }), 0);
	check_get(fixture("one"), one, false);
	setrlimit(RLIMIT_FSIZE, &old);
	assert_non_null(strstr(logged, "is not kept: cannot write to"));
	assert_int_equal(count_files(".index") + count_files(".tmp"), 0);
	fill_cache();
}

static void in_child(void (*run)(void), pid_t *ret)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid) {
		run();
		_exit(0);
	}
	*ret = pid;
}

static void get_and_compare(void)
{
	_cleanup_index_ struct index *index = get(fixture("one"));
	_cleanup_free_ char *text = dump_index(index, true);

	if (strcmp(text, one))
		_exit(1);
}

static void build_many(void)
{
	for (int i = 0; i < 20; i++) {
		if (count_files(".index"))
			unlink(cache_path);
		get_and_compare();
	}
}

static void read_many(void)
{
	for (int i = 0; i < 50; i++)
		get_and_compare();
}

static void test_many_processes(void **state)
{
	pid_t pids[BUILDERS + READERS];
	int status;

	(void)state;
	for (int i = 0; i < BUILDERS + READERS; i++)
		in_child(i < BUILDERS ? build_many : read_many, &pids[i]);
	for (int i = 0; i < BUILDERS + READERS; i++) {
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
	check_get(fixture("one"), one, count_files(".index"));
	assert_int_equal(count_files(".index"), 1);
	assert_int_equal(count_files(".tmp") + count_files(".lock"), 0);
}

/* Two processes want the same index at the same time: only one makes it. */
static void log_waiting(void)
{
	_cleanup_index_ struct index *index = get(fixture("one"));

	if (!strstr(logged, "waiting for another kcovreport to read") || !is_from_cache(index))
		_exit(1);
}

/* Hold the lock of the index, with a file that is half written, until killed. */
static int ready[2];
static struct cache_hash held;

static void hold_lock(void)
{
	const struct cache_name name = cache_name(&held, CACHE_TEMPORARY_SUFFIX);
	int directory = open(fixture("cache"), O_RDONLY | O_DIRECTORY);

	if (cache_lock(directory, &held, NULL, NULL) < 0)
		_exit(1);
	int fd = openat(directory, name.text, O_WRONLY | O_CREAT | O_EXCL, 0600);
	(void)!write(fd, "half", 4);
	(void)!write(ready[1], "x", 1);
	pause();
}

static void wait_for_killed(void)
{
	_cleanup_index_ struct index *index = get(fixture("one"));

	if (!strstr(logged, "waiting for another kcovreport to read") || is_from_cache(index))
		_exit(1);
}

static void start_holder(pid_t *ret)
{
	char byte;

	assert_int_equal(count_files(".index"), 1);
	assert_true(cache_name_parse(strrchr(cache_path, '/') + 1, ".index", &held));
	assert_int_equal(pipe(ready), 0);
	in_child(hold_lock, ret);
	assert_int_equal(read(ready[0], &byte, 1), 1);
}

static void test_killed(void **state)
{
	pid_t holder, waiter;
	int status;

	(void)state;
	fill_cache();
	start_holder(&holder);
	unlink(cache_path);
	in_child(wait_for_killed, &waiter);
	sleep_ns(500000000);
	assert_int_equal(waitpid(waiter, &status, WNOHANG), 0);
	kill(holder, SIGKILL);
	assert_int_equal(waitpid(waiter, &status, 0), waiter);
	assert_int_equal(status, 0);
	assert_int_equal(waitpid(holder, &status, 0), holder);
	assert_int_equal(count_files(".tmp") + count_files(".lock"), 0);
	check_get(fixture("one"), one, true);
}

/* What a writer of another index left is removed, too; not if that writer is alive. */
static void test_left_behind(void **state)
{
	pid_t holder;
	uint64_t freed;
	int status;

	(void)state;
	fill_cache();
	start_holder(&holder);
	shell("cd %s && echo half >%032d.tmp && echo half >%032d.image.7.tmp && "
	      "touch -d '2 hours ago' *.7.tmp",
	      fixture("cache"), 0, 0);
	assert_ok(index_cache_prune(fixture("cache"), UINT64_MAX, &freed));
	assert_int_equal(count_files(".tmp"), 1);
	kill(holder, SIGKILL);
	assert_int_equal(waitpid(holder, &status, 0), holder);
	assert_ok(index_cache_prune(fixture("cache"), UINT64_MAX, &freed));
	assert_int_equal(count_files(".tmp") + count_files(".lock"), 0);
	assert_int_equal(count_files(".index"), 1);
}

/* A process that waits uses what the other one made. */
static void test_waiting(void **state)
{
	pid_t waiter;
	int status;

	(void)state;
	fill_cache();
	assert_true(cache_name_parse(strrchr(cache_path, '/') + 1, ".index", &held));
	int directory = open(fixture("cache"), O_RDONLY | O_DIRECTORY);
	int lock = cache_lock(directory, &held, NULL, NULL);
	assert_true(lock >= 0);
	shell("cd %s && mv %s kept", fixture_dir, cache_path);
	in_child(log_waiting, &waiter);
	sleep_ns(500000000);
	shell("cd %s && mv kept %s", fixture_dir, cache_path);
	/* The child has this lock open, too, but must not keep it locked. */
	cache_unlock(directory, &held, lock);
	close(directory);
	assert_int_equal(waitpid(waiter, &status, 0), waiter);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_cut, clear),
		cmocka_unit_test_setup(test_flipped, clear),
		cmocka_unit_test_setup(test_other_version, clear),
		cmocka_unit_test_setup(test_renamed, clear),
		cmocka_unit_test_setup(test_links, clear),
		cmocka_unit_test_setup(test_other_types, clear),
		cmocka_unit_test_setup(test_other_owner, clear),
		cmocka_unit_test_setup(test_no_space, clear),
		cmocka_unit_test_setup(test_many_processes, clear),
		cmocka_unit_test_setup(test_killed, clear),
		cmocka_unit_test_setup(test_left_behind, clear),
		cmocka_unit_test_setup(test_waiting, clear),
	};

	return cmocka_run_group_tests_name("cache_attack", tests, setup, teardown);
}
