// SPDX-License-Identifier: GPL-2.0-or-later
/* Locks of run files. Two locks in one process exclude each other as those of two processes do. */
#include "run/tests/fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "run/lock.h"

static bool is_protected; /* open() refuses as in a directory like /tmp */
static bool is_locked;	  /* flock() refuses */
static int raised;	  /* by flock(); 0 = none */

/* In place of libc's: with fs.protected_regular (Linux fs/namei.c, may_create_in_sticky()). */
int open(const char *path, int flags, ...)
{
	struct stat st;
	va_list ap;

	va_start(ap, flags);
	mode_t mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	if (is_protected && (flags & (O_CREAT | O_EXCL)) == O_CREAT && !stat(path, &st) &&
	    st.st_uid != geteuid()) {
		errno = EACCES;
		return -1;
	}
	return openat(AT_FDCWD, path, flags, mode);
}

/* In place of libc's. */
int flock(int fd, int operation)
{
	if (raised)
		raise(raised);
	if (!is_locked)
		return syscall(SYS_flock, fd, operation);
	errno = EWOULDBLOCK;
	return -1;
}

static void assert_busy(const char *path)
{
	struct run_lock lock = RUN_LOCK_NONE;
	_cleanup_error_ struct error *err = run_lock_take(path, &lock);
	char who[32];

	snprintf(who, sizeof(who), "process %d (", getpid());
	assert_non_null(err);
	assert_int_equal(err->code, ERROR_INVALID);
	assert_non_null(strstr(err->message, who));
	assert_int_equal(lock.fd, -1);
}

static void test_one_at_a_time(void **state)
{
	struct run_lock lock = RUN_LOCK_NONE;
	char path[32];

	(void)state;
	fixture_path(path);
	fixture_put(path, "old", 3);
	for (int i = 0; i < 2; i++) {
		assert_null(run_lock_take(path, &lock));
		assert_false(lock.is_new);
		assert_busy(path);
		run_lock_release(&lock);
	}
	assert_int_equal(access(path, F_OK), 0);
	unlink(path);
}

/* Over 9p, as in the guest of `collect --vm`, the lock is a POSIX lock of the whole file. */
static void test_on_9p(void **state)
{
	struct flock part = { .l_type = F_WRLCK, .l_len = 1 }, whole = { .l_type = F_WRLCK };
	struct run_lock lock = RUN_LOCK_NONE;
	char path[32];

	(void)state;
	fixture_put(fixture_path(path), "old", 3);
	is_locked = true;
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_int_equal(fcntl(fd, F_SETLK, &whole), 0);
	assert_busy(path);
	/* A lock of a part of the file is for something else. */
	assert_int_equal(fcntl(fd, F_SETLK, &part), 0);
	assert_error(run_lock_take(path, &lock), ERROR_INVALID, "' (wait until it ends");
	is_locked = false;
	close(fd);
	unlink(path);
}

static void test_new_file(void **state)
{
	struct run_lock lock = RUN_LOCK_NONE;
	char path[32];

	(void)state;
	unlink(fixture_path(path));
	assert_null(run_lock_take(path, &lock));
	assert_true(lock.is_new);
	run_lock_release(&lock);
	assert_int_equal(access(path, F_OK), -1);

	/* Not empty: it stays. */
	assert_null(run_lock_take(path, &lock));
	assert_int_equal(write(lock.fd, "x", 1), 1);
	run_lock_release(&lock);
	assert_int_equal(access(path, F_OK), 0);

	/* Replaced: the other file is not ours to remove, and has a lock of its own. */
	unlink(path);
	assert_null(run_lock_take(path, &lock));
	unlink(path);
	fixture_put(path, "", 0);
	struct run_lock other = RUN_LOCK_NONE;
	assert_null(run_lock_take(path, &other));
	run_lock_release(&lock);
	assert_int_equal(access(path, F_OK), 0);
	run_lock_release(&other);
	unlink(path);
}

/* The status of a child that gets the signal while it takes the lock, or after it wrote n bytes. */
static int take_and_signal(const char *path, bool is_early, size_t n, int number)
{
	int status;

	pid_t pid = fork();
	if (!pid) {
		struct run_lock lock = RUN_LOCK_NONE;

		raised = is_early ? number : 0;
		if (!run_lock_take(path, &lock) && write(lock.fd, "x", n) == (ssize_t)n)
			raise(number);
		_exit(9);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void test_signal(void **state)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	char path[32];

	(void)state;
	fixture_path(path);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		for (int is_early = 0; is_early < 2; is_early++) {
			unlink(path);
			assert_int_equal(take_and_signal(path, is_early, 0, numbers[i]),
					 numbers[i]);
			assert_int_equal(access(path, F_OK), -1);
		}
		/* It has a part of a run, or was there before. */
		assert_int_equal(take_and_signal(path, false, 1, numbers[i]), numbers[i]);
		assert_int_equal(access(path, F_OK), 0);
		assert_int_equal(truncate(path, 0), 0);
		assert_int_equal(take_and_signal(path, false, 0, numbers[i]), numbers[i]);
		assert_int_equal(access(path, F_OK), 0);
	}
	unlink(path);
}

static void test_through_a_dangling_link(void **state)
{
	struct run_lock lock = RUN_LOCK_NONE;
	char path[32], link[40];

	(void)state;
	unlink(fixture_path(path));
	snprintf(link, sizeof(link), "%s-link", path);
	assert_int_equal(symlink(path, link), 0);
	assert_null(run_lock_take(link, &lock));
	assert_true(lock.is_new);
	assert_busy(path);
	run_lock_release(&lock);
	/* The link was there before. */
	assert_int_equal(unlink(link), 0);
	unlink(path);
}

static void test_not_a_regular_file(void **state)
{
	static const char *const paths[] = { "/dev/null", "/", "/tmp" };
	struct run_lock lock = RUN_LOCK_NONE;
	char path[32];

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		assert_null(run_lock_take(paths[i], &lock));
		assert_int_equal(lock.fd, -1);
		run_lock_release(&lock);
	}
	/* Opening it for writing would wait for a reader. */
	unlink(fixture_path(path));
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_null(run_lock_take(path, &lock));
	assert_int_equal(lock.fd, -1);
	run_lock_release(&lock);
	unlink(path);
}

static void test_closed_stdio(void **state)
{
	struct run_lock lock = RUN_LOCK_NONE;
	char path[32];
	int saved = fcntl(0, F_DUPFD_CLOEXEC, 3);

	(void)state;
	unlink(fixture_path(path));
	close(0);
	struct error *err = run_lock_take(path, &lock);
	bool is_free = fcntl(0, F_GETFD) < 0;
	dup2(saved, 0);
	close(saved);
	assert_null(err);
	assert_true(is_free);
	assert_true(lock.fd > 2);
	assert_busy(path);
	run_lock_release(&lock);
	assert_int_equal(access(path, F_OK), -1);
}

static void test_cannot_open(void **state)
{
	struct run_lock lock = RUN_LOCK_NONE;

	(void)state;
	struct error *err = run_lock_take("/nonexistent/run", &lock);
	assert_non_null(err);
	assert_int_equal(err->errnum, ENOENT);
	error_destroy(err);
}

/* As root: a link that another user planted in /tmp, and a new file under sudo. */
static void test_other_users(void **state)
{
	struct run_lock lock = RUN_LOCK_NONE;
	struct run_writer *writer = NULL;
	struct stat st;
	char path[32];

	(void)state;
	if (geteuid() != 0)
		skip();
	unlink(fixture_path(path));
	assert_int_equal(symlink("/nonexistent/secret", path), 0);
	assert_int_equal(lchown(path, 4711, 4711), 0);
	for (int i = 0; i < 2; i++) {
		_cleanup_error_ struct error *err =
			i ? run_writer_create(path, &writer) : run_lock_take(path, &lock);

		assert_non_null(err);
		assert_non_null(strstr(err->message, "is a link of another user (uid 4711)"));
	}
	unlink(path);
	setenv("SUDO_UID", "4711", 1);
	setenv("SUDO_GID", "4712", 1);
	assert_null(run_lock_take(path, &lock));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_uid, 4711);
	assert_int_equal(st.st_gid, 4712);
	run_lock_release(&lock);
	unsetenv("SUDO_UID");
	unsetenv("SUDO_GID");
}

/* Under sudo a new file belongs to the caller, so root must open it as it is. */
static void test_file_of_the_caller(void **state)
{
	struct run_lock lock = RUN_LOCK_NONE;
	struct run_writer *writer;
	char path[32];

	(void)state;
	if (geteuid() != 0)
		skip();
	setenv("SUDO_UID", "65534", 1);
	setenv("SUDO_GID", "65534", 1);
	is_protected = true;
	unlink(fixture_path(path));
	for (int i = 0; i < 2; i++) {
		assert_ok(run_lock_take(path, &lock));
		assert_ok(run_writer_create(path, &writer));
		assert_ok(run_writer_flush(writer));
		run_writer_destroy(writer);
		run_lock_release(&lock);
	}
	is_protected = false;
	unsetenv("SUDO_UID");
	unsetenv("SUDO_GID");
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		/* First: a child of a process that has taken a lock removes nothing. */
		cmocka_unit_test(test_signal),
		cmocka_unit_test(test_one_at_a_time),
		cmocka_unit_test(test_on_9p),
		cmocka_unit_test(test_new_file),
		cmocka_unit_test(test_through_a_dangling_link),
		cmocka_unit_test(test_not_a_regular_file),
		cmocka_unit_test(test_closed_stdio),
		cmocka_unit_test(test_cannot_open),
		cmocka_unit_test(test_other_users),
		cmocka_unit_test(test_file_of_the_caller),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
