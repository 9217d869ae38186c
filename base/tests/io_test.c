// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <errno.h>
#include <fcntl.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "base/io.h"

static char path[] = "/tmp/kcovreport-test-XXXXXX";

static int setup(void **state)
{
	(void)state;
	int fd = mkstemp(path);
	return fd < 0 || close(fd);
}

static int teardown(void **state)
{
	(void)state;
	return unlink(path);
}

static void put(const char *data, size_t len)
{
	_cleanup_close_ int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);

	assert_int_equal(write_all(fd, data, len), 0);
}

static void assert_fails(struct error *err, enum error_code code, int errnum)
{
	assert_non_null(err);
	assert_int_equal(err->code, code);
	assert_int_equal(err->errnum, errnum);
	error_destroy(err);
}

static void test_write_and_read(void **state)
{
	_cleanup_close_ int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	char data[10];
	int fds[2];

	(void)state;
	assert_int_equal(write_all(full, "x", 1), -1);
	assert_int_equal(errno, ENOSPC);
	assert_int_equal(write_all(full, "", 0), 0);
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	assert_int_equal(write_all(fds[1], "abc", 3), 0);
	assert_int_equal(write_all(fds[1], "def", 3), 0);
	assert_int_equal(read_full(fds[0], data, 2), 2);
	close(fds[1]);
	assert_int_equal(read_full(fds[0], data, sizeof(data)), 4);
	assert_memory_equal(data, "cdef", 4);
	assert_int_equal(read_full(fds[1], data, 1), -1);
	close(fds[0]);
}

static void test_file_read(void **state)
{
	_cleanup_free_ char *text = NULL, *proc = NULL, *exact = NULL;
	_cleanup_free_ char *large = calloc(1, 100000);
	char *none = NULL;
	size_t len;

	(void)state;
	put("a\0b", 3);
	assert_null(file_read(path, 100, &text, &len));
	assert_int_equal(len, 3);
	assert_memory_equal(text, "a\0b", 4);
	assert_null(file_read("/proc/self/maps", 1 << 20, &proc, NULL));
	assert_true(strlen(proc) > 0);

	put(large, 100000);
	assert_null(file_read(path, 100000, &exact, &len));
	assert_int_equal(len, 100000);
	assert_fails(file_read(path, 99999, &none, NULL), ERROR_FORMAT, 0);
	assert_fails(file_read("/dev/zero", 100, &none, NULL), ERROR_FORMAT, 0);
	assert_fails(file_read("/nonexistent", 100, &none, NULL), ERROR_SYSTEM, ENOENT);
	assert_fails(file_read("/", 100, &none, NULL), ERROR_SYSTEM, EISDIR);
	assert_null(none);
}

static void test_file_map(void **state)
{
	struct file_map map;

	(void)state;
	put("abc", 3);
	assert_null(file_map_init(&map, path));
	assert_int_equal(map.size, 3);
	assert_true(map.is_mapped);
	assert_memory_equal(map.data, "abc", 3);
	file_map_deinit(&map);

	put("", 0);
	assert_null(file_map_init(&map, path));
	assert_int_equal(map.size, 0);
	assert_non_null(map.data);
	file_map_deinit(&map);

	/* This file reports size 0. */
	assert_null(file_map_init(&map, "/proc/self/status"));
	assert_true(map.size > 0);
	assert_false(map.is_mapped);
	file_map_deinit(&map);
	file_map_deinit(&map);

	assert_fails(file_map_init(&map, "/nonexistent"), ERROR_SYSTEM, ENOENT);
	assert_fails(file_map_init(&map, "/tmp"), ERROR_SYSTEM, EISDIR);
}

/* A FIFO would block, and a device may act on being opened. */
static void test_regular(void **state)
{
	char name[80], *text = NULL;
	struct stat st;
	size_t len;
	int fd = -1;

	(void)state;
	put("abc", 3);
	assert_null(file_read_regular(path, 3, &text, &len));
	assert_int_equal(len, 3);
	assert_string_equal(text, "abc");
	free(text);
	assert_fails(file_read_regular(path, 2, &text, &len), ERROR_FORMAT, 0);
	assert_fails(file_open_regular("/nonexistent/x", &fd, &st), ERROR_NOT_FOUND, 0);
	assert_fails(file_open_regular("/dev/null/x", &fd, &st), ERROR_NOT_FOUND, 0);
	assert_fails(file_open_regular("/dev/null", &fd, &st), ERROR_FORMAT, 0);
	assert_fails(file_open_regular("/", &fd, &st), ERROR_FORMAT, 0);
	snprintf(name, sizeof(name), "%s.fifo", path);
	assert_int_equal(mkfifo(name, 0600), 0);
	assert_fails(file_open_regular(name, &fd, &st), ERROR_FORMAT, 0);
	unlink(name);
	/* A link to one is one. */
	assert_int_equal(symlink("/dev/null", name), 0);
	assert_fails(file_open_regular(name, &fd, &st), ERROR_FORMAT, 0);
	unlink(name);
	assert_int_equal(fd, -1);
	/* Not read: procfs says that its files are empty. */
	assert_null(file_read_regular("/proc/self/status", 100000, &text, &len));
	assert_int_equal(len, 0);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_regular),
		cmocka_unit_test(test_write_and_read),
		cmocka_unit_test(test_file_read),
		cmocka_unit_test(test_file_map),
	};

	return cmocka_run_group_tests_name("io", tests, setup, teardown);
}
