// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/io.h"
#include "base/outfile.h"

static char directory[] = "/tmp/kcovreport-test-XXXXXX";
static char path[64];

static int setup(void **state)
{
	(void)state;
	if (!mkdtemp(directory))
		return -1;
	snprintf(path, sizeof(path), "%s/out", directory);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(directory);
}

static size_t count_files(void)
{
	DIR *dir = opendir(directory);
	size_t n = 0;

	while (readdir(dir))
		n++;
	closedir(dir);
	return n - 2;
}

static void put(const char *text, bool commit)
{
	struct outfile *out;

	assert_null(outfile_create(path, &out));
	fputs(text, outfile_stream(out));
	if (commit)
		assert_null(outfile_commit(out));
	outfile_destroy(out);
}

static void assert_content(const char *want)
{
	_cleanup_free_ char *text = NULL;

	assert_null(file_read(path, 1000, &text, NULL));
	assert_string_equal(text, want);
}

static void assert_system_error(struct error *err, int errnum, const char *part)
{
	assert_non_null(err);
	assert_int_equal(err->errnum, errnum);
	assert_non_null(strstr(err->message, part));
	error_destroy(err);
}

static void test_whole_or_not_there(void **state)
{
	struct stat st;
	mode_t mask = umask(027);

	(void)state;
	put("lost", false);
	assert_int_equal(count_files(), 0);
	put("first", true);
	assert_content("first");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	put("second is lost", false);
	assert_content("first");
	put("third", true);
	assert_content("third");
	assert_int_equal(count_files(), 1);
	umask(mask);
}

static void test_ended_by_a_signal(void **state)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	int status;

	(void)state;
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
		struct outfile *out;
		pid_t pid = fork();

		if (pid == 0) {
			if (!outfile_create(path, &out) && count_files() == 1)
				raise(signals[i]);
			_exit(1);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == signals[i]);
		assert_int_equal(count_files(), 0);
	}
}

static void test_signal_ignored(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		signal(SIGHUP, SIG_IGN);
		put("old\n", true);
		raise(SIGHUP);
		put("new\n", true);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_content("new\n");
	unlink(path);
}

static void test_link_stays_a_link(void **state)
{
	char link[80];
	struct stat st;

	(void)state;
	snprintf(link, sizeof(link), "%s/link", directory);
	put("old", true);
	assert_int_equal(symlink("out", link), 0);

	struct outfile *out;
	assert_null(outfile_create(link, &out));
	fputs("new", outfile_stream(out));
	assert_null(outfile_commit(out));
	outfile_destroy(out);
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_content("new");
	unlink(link);
}

static void test_not_a_regular_file(void **state)
{
	struct outfile *out;
	struct stat st;

	(void)state;
	assert_null(outfile_create("/dev/null", &out));
	fputs("x", outfile_stream(out));
	assert_null(outfile_commit(out));
	outfile_destroy(out);
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
}

/* The reason must survive, whether the disk is found to be full at the end or long before it. */
static void test_disk_full(void **state)
{
	static const size_t sizes[] = { 1, 1000000 };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct outfile *out;

		assert_null(outfile_create("/dev/full", &out));
		for (size_t n = 0; n < sizes[i]; n++)
			fputc('x', outfile_stream(out));
		assert_system_error(outfile_commit(out), ENOSPC, "cannot write '/dev/full'");
		outfile_destroy(out);
	}
}

static void fill_small_disk(void)
{
	struct outfile *out;

	assert_null(outfile_create(path, &out));
	for (size_t n = 0; n < 100000; n++)
		fputc('x', outfile_stream(out));
	assert_system_error(outfile_commit(out), ENOSPC, "cannot write");
	outfile_destroy(out);
	assert_content("old");
	assert_int_equal(count_files(), 1);
}

static void test_small_disk(void **state)
{
	(void)state;
	unlink(path);
	if (mount("none", directory, "tmpfs", 0, "size=16k"))
		skip();
	put("old", true);
	fill_small_disk();
	assert_int_equal(umount(directory), 0);
}

static void test_unwritable(void **state)
{
	struct outfile *out;

	(void)state;
	assert_system_error(outfile_create("/nonexistent/x", &out), ENOENT, "/nonexistent/x");
	assert_system_error(outfile_create(directory, &out), EISDIR, directory);
	assert_system_error(outfile_create("/proc/x", &out), ENOENT, "'/proc/x'");
}

static void test_make_directories(void **state)
{
	char deep[80], file[80];

	(void)state;
	snprintf(deep, sizeof(deep), "%s/a//b/c/", directory);
	assert_null(make_directories(deep));
	assert_null(make_directories(deep));
	assert_null(make_directories("/"));
	snprintf(file, sizeof(file), "%s/a/b/c/file", directory);
	FILE *f = fopen(file, "we");
	assert_non_null(f);
	fclose(f);
	assert_system_error(make_directories(file), ENOTDIR, file);
	unlink(file);
	for (const char *d = "a/b/c\0a/b\0a\0"; *d; d += strlen(d) + 1) {
		snprintf(deep, sizeof(deep), "%s/%s", directory, d);
		assert_int_equal(rmdir(deep), 0);
	}
	assert_system_error(make_directories("/proc/x/y"), ENOENT, "'/proc/x'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ended_by_a_signal),  cmocka_unit_test(test_signal_ignored),
		cmocka_unit_test(test_whole_or_not_there), cmocka_unit_test(test_link_stays_a_link),
		cmocka_unit_test(test_not_a_regular_file), cmocka_unit_test(test_disk_full),
		cmocka_unit_test(test_small_disk),	   cmocka_unit_test(test_unwritable),
		cmocka_unit_test(test_make_directories),
	};

	return cmocka_run_group_tests_name("outfile", tests, setup, teardown);
}
