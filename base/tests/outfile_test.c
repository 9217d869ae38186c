// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/io.h"
#include "base/outfile.h"
#include "base/tests/output.h"
#include "base/outpath.h"

/* The only file that is not the output. */
static char *temporary_name(void)
{
	DIR *dir = opendir(directory);
	char *name = NULL;

	for (struct dirent *e; (e = readdir(dir));)
		if (strncmp(e->d_name, "out.", 4) == 0 &&
		    asprintf(&name, "%s/%s", directory, e->d_name) < 0)
			name = NULL;
	closedir(dir);
	assert_non_null(name);
	return name;
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
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXCPU, SIGPIPE };
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

/* A worker process that is killed does not remove the outputs of its parent. */
static void test_child_ended(void **state)
{
	struct outfile *out;
	int status;

	(void)state;
	assert_null(outfile_create(path, &out));
	pid_t pid = fork();
	if (pid == 0) {
		raise(SIGTERM);
		_exit(1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(count_files(), 1);
	outfile_destroy(out);
	assert_int_equal(count_files(), 0);
}

/* A limit for the size of files is an error like a full disk. */
static void test_size_limit(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		struct outfile *out;

		setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 10, 10 });
		if (outfile_create(path, &out))
			_exit(1);
		fputs("more than ten bytes", outfile_stream(out));
		struct error *err = outfile_commit(out);
		outfile_destroy(out);
		_exit(err && err->errnum == EFBIG && count_files() == 0 ? 0 : 2);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
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

static void assert_owned(const char *name, mode_t mode, uid_t uid, gid_t gid)
{
	struct stat st;

	assert_int_equal(stat(name, &st), 0);
	assert_int_equal(st.st_mode & 07777, mode);
	assert_int_equal(st.st_uid, uid);
	assert_int_equal(st.st_gid, gid);
}

/* The file that is replaced keeps its mode. Until then only we can read the new one. */
static void test_mode_is_kept(void **state)
{
	struct outfile *out;
	mode_t mask = umask(0);

	(void)state;
	put("old", true);
	assert_owned(path, 0666, geteuid(), getegid());
	assert_int_equal(chmod(path, 0604), 0);
	assert_null(outfile_create(path, &out));
	_cleanup_free_ char *temporary = temporary_name();
	assert_owned(temporary, 0600, geteuid(), getegid());
	assert_null(outfile_commit(out));
	outfile_destroy(out);
	assert_owned(path, 0604, geteuid(), getegid());
	umask(mask);
	unlink(path);
}

#define OTHER 4711

/* As root: the owner is kept, and under sudo new files belong to its caller. */
static void test_owner(void **state)
{
	char link[80];

	(void)state;
	if (geteuid() != 0)
		skip();
	put("old", true);
	assert_int_equal(chown(path, OTHER, OTHER + 1), 0);
	put("new", true);
	assert_owned(path, 0644, OTHER, OTHER + 1);
	unlink(path);

	setenv("SUDO_UID", "4711", 1);
	setenv("SUDO_GID", "4713", 1);
	put("new", true);
	assert_owned(path, 0644, OTHER, OTHER + 2);
	/* A link of the caller is followed. */
	snprintf(link, sizeof(link), "%s/link", directory);
	assert_int_equal(symlink("out", link), 0);
	assert_int_equal(lchown(link, OTHER, OTHER), 0);
	assert_null(outpath_check(link));
	unlink(link);
	unlink(path);
	for (const char *bad = "-1\0004294967295\0x\0 4711\0"; *bad; bad += strlen(bad) + 1) {
		setenv("SUDO_UID", bad, 1);
		put("new", true);
		assert_owned(path, 0644, 0, 0);
		unlink(path);
	}
	unsetenv("SUDO_UID");
	unsetenv("SUDO_GID");
}

static void assert_refused(const char *name, const char *why)
{
	struct outfile *out;
	struct error *err = outfile_create(name, &out);

	assert_non_null(err);
	assert_int_equal(err->code, ERROR_INVALID);
	assert_non_null(strstr(err->message, why));
	error_destroy(err);
}

/* As another user than the one that planted something. */
static void try_planted(const char *shared)
{
	char name[100], real[100];
	struct outfile *out;

	snprintf(name, sizeof(name), "%s/link", shared);
	assert_refused(name, "is a link of another user (uid 4711)");
	snprintf(name, sizeof(name), "%s/dangling", shared);
	assert_refused(name, "is a link of another user (uid 4711)");
	snprintf(name, sizeof(name), "%s/fifo", shared);
	assert_refused(name, "is a file of another user (uid 4711)");
	snprintf(name, sizeof(name), "%s/file", shared);
	assert_refused(name, "is a file of another user (uid 4711)");
	snprintf(name, sizeof(name), "%s/directory/x", shared);
	assert_refused(name, "directory' is a link of another user (uid 4711)");
	/* A link of ours to a link of theirs. */
	snprintf(name, sizeof(name), "%s/ours", shared);
	assert_refused(name, "is a link of another user (uid 4711)");
	snprintf(real, sizeof(real), "%s/new", shared);
	assert_null(outfile_create(real, &out));
	outfile_destroy(out);
}

static void plant(const char *shared, const char *name, const char *target)
{
	char at[100];

	snprintf(at, sizeof(at), "%s/%s", shared, name);
	if (target)
		assert_int_equal(symlink(target, at), 0);
	else
		assert_int_equal(mkfifo(at, 0666), 0);
	assert_int_equal(lchown(at, OTHER, OTHER), 0);
}

/* In a directory of another user root follows no links, and waits for no pipes. */
static void test_others_directory(void **state)
{
	char other[80], name[100];

	(void)state;
	if (geteuid() != 0)
		skip();
	snprintf(other, sizeof(other), "%s/other", directory);
	assert_int_equal(mkdir(other, 0755), 0);
	assert_int_equal(chown(other, OTHER, OTHER), 0);
	plant(other, "fifo", NULL);
	plant(other, "link", "fifo");
	alarm(60); /* open() waits for a reader */
	snprintf(name, sizeof(name), "%s/fifo", other);
	assert_refused(name, "is a file of another user (uid 4711)");
	snprintf(name, sizeof(name), "%s/link", other);
	assert_refused(name, "is a link of another user (uid 4711)");
	alarm(0);
	unlink(name);
	snprintf(name, sizeof(name), "%s/fifo", other);
	unlink(name);
	assert_int_equal(rmdir(other), 0);
}

static void test_planted(void **state)
{
	char shared[80], command[200];
	int status;

	(void)state;
	if (geteuid() != 0)
		skip();
	put("old", true);
	snprintf(shared, sizeof(shared), "%s/shared", directory);
	assert_int_equal(mkdir(shared, 0777), 0);
	assert_int_equal(chmod(shared, 01777), 0);
	plant(shared, "link", path);
	plant(shared, "dangling", "nothing");
	plant(shared, "directory", directory);
	plant(shared, "fifo", NULL);
	snprintf(command, sizeof(command),
		 "cd %s && ln -s link ours && echo x >file && chown 4711 file && chmod 755 ..",
		 shared);
	assert_int_equal(system(command), 0);
	try_planted(shared);
	pid_t pid = fork();
	if (pid == 0) {
		/* Neither root nor the one that planted them, but the owner of one link. */
		snprintf(command, sizeof(command), "%s/ours", shared);
		if (lchown(command, OTHER + 5, OTHER + 5) || setuid(OTHER + 5))
			_exit(1);
		try_planted(shared);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_content("old");
	snprintf(command, sizeof(command), "rm -r %s", shared);
	assert_int_equal(system(command), 0);
	unlink(path);
}

static void test_link_loop(void **state)
{
	struct outfile *out;

	(void)state;
	assert_int_equal(symlink("out", path), 0);
	assert_system_error(outfile_create(path, &out), ELOOP, path);
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

static void test_disk_full_at_once(void **state)
{
	static const char data[1000000];
	struct outfile *out;

	(void)state;
	assert_null(outfile_create("/dev/full", &out));
	assert_system_error(outfile_write(out, data, sizeof(data)), ENOSPC,
			    "cannot write '/dev/full'");
	outfile_destroy(out);
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
	assert_system_error(outfile_create("", &out), ENOENT, "cannot create ''");
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

static void test_dangling_link(void **state)
{
	static const char *const below[] = { "", "/", "/sub" };
	char link[80], at[96], cause[120];

	(void)state;
	snprintf(link, sizeof(link), "%s/link", directory);
	assert_int_equal(symlink("nowhere", link), 0);
	snprintf(cause, sizeof(cause), "'%s', a symbolic link to 'nowhere'", link);
	for (size_t i = 0; i < sizeof(below) / sizeof(*below); i++) {
		snprintf(at, sizeof(at), "%s%s", link, below[i]);
		assert_system_error(make_directories(at), ENOENT, cause);
	}
	unlink(link);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ended_by_a_signal), cmocka_unit_test(test_signal_ignored),
		cmocka_unit_test(test_child_ended),	  cmocka_unit_test(test_size_limit),
		cmocka_unit_test(test_mode_is_kept),	  cmocka_unit_test(test_owner),
		cmocka_unit_test(test_others_directory),  cmocka_unit_test(test_planted),
		cmocka_unit_test(test_link_loop),	  cmocka_unit_test(test_whole_or_not_there),
		cmocka_unit_test(test_link_stays_a_link), cmocka_unit_test(test_not_a_regular_file),
		cmocka_unit_test(test_disk_full),	  cmocka_unit_test(test_disk_full_at_once),
		cmocka_unit_test(test_small_disk),	  cmocka_unit_test(test_unwritable),
		cmocka_unit_test(test_make_directories),  cmocka_unit_test(test_dangling_link),
	};

	return cmocka_run_group_tests_name("outfile", tests, setup, teardown);
}
