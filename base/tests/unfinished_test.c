// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/mapping.h"
#include "base/tests/failing_read.h"
#include "base/unfinished.h"

#define PAGE 4096

static char directory[PATH_MAX]; /* as the kernel names it */

/* A file of two pages, mapped. The caller unmaps it. */
static char *map(const char *name, char **ret_path)
{
	static const char bytes[2 * PAGE];

	assert_true(asprintf(ret_path, "%s/%s", directory, name) > 0);
	_cleanup_close_ int fd = open(*ret_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(write_all(fd, bytes, sizeof(bytes)), 0);
	char *p = mmap(NULL, sizeof(bytes), PROT_READ, MAP_PRIVATE, fd, 0);
	assert_true(p != MAP_FAILED);
	return p;
}

/* Sanitizers have handlers of their own. */
static void begin_child(int standard_error)
{
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	dup2(standard_error, STDERR_FILENO);
	signal(SIGBUS, SIG_DFL);
	unfinished_init();
}

/* What the child that was forked prints, and its status. */
static int end_child(pid_t pid, int output[2], char *ret, size_t size)
{
	int status;

	close(output[1]);
	ssize_t n = read_full(output[0], ret, size - 1);
	assert_true(n >= 0);
	ret[n] = '\0';
	close(output[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void assert_said(const char *name, const char *shown, const char *what)
{
	_cleanup_free_ char *path = NULL, *expected = NULL;
	volatile char *p = map(name, &path);
	char text[500];
	int output[2];

	assert_int_equal(pipe2(output, O_CLOEXEC), 0);
	pid_t pid = fork();
	if (!pid) {
		begin_child(output[1]);
		if (!truncate(path, PAGE))
			(void)p[PAGE];
		_exit(9);
	}
	int status = end_child(pid, output, text, sizeof(text));
	assert_true(asprintf(&expected, "kcovreport: error: '%s/%s' %s\n", directory, shown, what) >
		    0);
	assert_string_equal(text, expected);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FAILURE);
	munmap((char *)p, 2 * PAGE);
	unlink(path);
}

static void test_truncated(void **state)
{
	static const char *const what = "was truncated while it was read";

	(void)state;
	assert_said("a file", "a file", what);
	assert_said("k\033[2J", "k?[2J", what);
}

static void test_read_error(void **state)
{
	(void)state;
	read_fails_with = EIO;
	assert_said("a file", "a file", "cannot be read (I/O error)");
	read_fails_with = 0;
}

static void *read_byte(void *p)
{
	(void)*(volatile char *)p;
	return NULL;
}

/* Threads that read the same file get the signal at the same time. */
static void test_threads(void **state)
{
	(void)state;
	for (int i = 0; i < 50; i++) {
		_cleanup_free_ char *path = NULL;
		char *p = map("read by threads", &path), text[500];
		int output[2];

		assert_int_equal(pipe2(output, O_CLOEXEC), 0);
		pid_t pid = fork();
		if (!pid) {
			pthread_t threads[4];

			begin_child(output[1]);
			if (truncate(path, PAGE))
				_exit(9);
			for (int t = 0; t < 4; t++)
				pthread_create(&threads[t], NULL, read_byte, p + PAGE);
			pthread_join(threads[0], NULL);
			_exit(9);
		}
		int status = end_child(pid, output, text, sizeof(text));
		assert_non_null(strstr(text, "read by threads' was truncated"));
		assert_ptr_equal(strchr(text, '\n'), strrchr(text, '\n'));
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FAILURE);
		munmap(p, 2 * PAGE);
		unlink(path);
	}
}

/* The signal of another process tells nothing about files. */
static void test_sent(void **state)
{
	char text[500];
	int output[2];

	(void)state;
	assert_int_equal(pipe2(output, O_CLOEXEC), 0);
	pid_t pid = fork();
	if (!pid) {
		begin_child(output[1]);
		kill(getpid(), SIGBUS);
		_exit(9);
	}
	int status = end_child(pid, output, text, sizeof(text));
	assert_string_equal(text, "");
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS);
}

static void test_mapping_path(void **state)
{
	_cleanup_free_ char *path = NULL;
	char *p = map("mapped", &path), found[200];
	int errnum;

	(void)state;
	assert_true(mapping_path(p, found, sizeof(found), NULL));
	assert_string_equal(found, path);
	assert_true(mapping_path(p + 2 * PAGE - 1, found, sizeof(found), NULL));
	assert_true(mapping_path(p, found, 5, NULL));
	assert_int_equal(strlen(found), 4);
	assert_memory_equal(found, path, 4);
	munmap(p, PAGE);
	assert_true(mapping_path(p + PAGE + 3, found, sizeof(found), &errnum));
	assert_int_equal(errnum, 0);
	assert_int_equal(last_read_at, PAGE + 3);
	munmap(p + PAGE, PAGE);
	assert_false(mapping_path(p, found, sizeof(found), NULL));
	assert_false(mapping_path(NULL, found, sizeof(found), NULL));
	assert_false(mapping_path(found, found, sizeof(found), NULL));
	assert_string_equal(found, "");
	unlink(path);
}

static int setup(void **state)
{
	char made[] = "/tmp/unfinished_test.XXXXXX";

	(void)state;
	return mkdtemp(made) && realpath(made, directory) ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	return rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_truncated),    cmocka_unit_test(test_read_error),
		cmocka_unit_test(test_threads),	     cmocka_unit_test(test_sent),
		cmocka_unit_test(test_mapping_path),
	};

	return cmocka_run_group_tests_name("unfinished", tests, setup, teardown);
}
