// SPDX-License-Identifier: GPL-2.0-or-later
/* Output files that are in their place, and put back: where files can be exchanged, and where not.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <dirent.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/io.h"
#include "base/outfile.h"
#include "base/tests/output.h"

/* As on NFS: renameat2() with flags fails. */
static int forbid_exchange(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_renameat2, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EINVAL),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog filter = { sizeof(code) / sizeof(*code), code };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter);
}

/* Put a file in its place, and keep it or not. */
static void place(bool keep)
{
	struct outfile *out;

	assert_null(outfile_create(path, &out));
	fputs("new", outfile_stream(out));
	assert_null(outfile_place(out));
	assert_content("new");
	if (keep)
		outfile_keep(out);
	outfile_destroy(out);
}

static void place_each(bool can_exchange)
{
	if (!can_exchange && forbid_exchange())
		_exit(77);
	place(false);
	assert_int_equal(count_files(), 0);
	put("old", true);
	place(false);
	assert_content("old");
	assert_int_equal(count_files(), 1);
	place(true);
	assert_content("new");
	assert_int_equal(count_files(), 1);
	unlink(path);
}

/* In a child, whose failed assertions end it. */
static void test_put_back(void **state)
{
	int status;

	(void)state;
	unlink(path);
	place_each(true);
	pid_t pid = fork();
	if (pid == 0) {
		place_each(false);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		skip();
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_int_equal(count_files(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_put_back),
	};

	return cmocka_run_group_tests_name("outfile_put_back", tests, setup, teardown);
}
