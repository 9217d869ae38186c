// SPDX-License-Identifier: GPL-2.0
/* KCOV_INHERIT when the creation of a child fails: nothing of the child is counted, and the
 * next child is recorded. */
#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"
#include "inherit.h"
#include "suite.h"

static void expect_still_one(struct set *set, uint64_t inherited)
{
	expect_tasks(set, 1, inherited);
	task_run(child_gettid, NULL);
	expect_gettid(set, true);
	expect_tasks(set, 1, inherited + 1);
	set_disable(set);
	expect_no_tasks(set);
}

/* Fails at once, and late: CLONE_PIDFD with an address that cannot be written fails when the
 * child is nearly complete. */
static void clone_fails(void)
{
	struct clone_args bad = { .flags = CLONE_THREAD },
			  late = { .flags = CLONE_PIDFD, .pidfd = 8, .exit_signal = SIGCHLD };
	struct set set = inherit_create();

	for (unsigned int i = 0; i < 20; i++) {
		expect_true(clone3(&bad) < 0 && errno == EINVAL,
			    "CLONE_THREAD without CLONE_SIGHAND is refused");
		expect_true(clone3(&late) < 0 && errno == EFAULT,
			    "CLONE_PIDFD to a bad address is refused");
	}
	expect_still_one(&set, 0);
}

/* No more processes for this user. The limit does not apply to root, so the case becomes
 * another user. */
static void no_more_processes(void)
{
	struct rlimit limit = { 1, 1 };
	struct set set = inherit_create();

	setrlimit(RLIMIT_NPROC, &limit);
	if (setresuid(12345, 12345, 0))
		quit("cannot be another user");
	for (unsigned int i = 0; i < 20; i++) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(0);
		expect_true(pid < 0 && errno == EAGAIN, "fork fails");
		if (pid > 0)
			waitpid(pid, NULL, 0);
	}
	if (setresuid(0, 0, 0))
		quit("cannot be root again");
	expect_still_one(&set, 0);
}

static bool file_write(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	return file && fputs(text, file) >= 0 && fclose(file) == 0;
}

/* The limit of a control group is checked later than that of the user: the child then has
 * everything except its PID. */
static void no_more_in_group(void)
{
	static const char group[] = "/sys/fs/cgroup/kcov_conformance";

	file_write("/sys/fs/cgroup/cgroup.subtree_control", "+pids");
	mkdir(group, 0755);
	if (!file_write("/sys/fs/cgroup/kcov_conformance/pids.max", "1"))
		skip("no control group with pids");
	if (!file_write("/sys/fs/cgroup/kcov_conformance/cgroup.procs", "0"))
		quit("cannot enter a control group");
	struct set set = inherit_create();
	for (unsigned int i = 0; i < 20; i++) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(0);
		expect_true(pid < 0 && errno == EAGAIN, "fork fails");
	}
	file_write("/sys/fs/cgroup/kcov_conformance/pids.max", "max");
	expect_still_one(&set, 0);
	file_write("/sys/fs/cgroup/cgroup.procs", "0");
	rmdir(group);
}

/* A line is a case. */
/* clang-format off */
const struct test_case inherit_fail_cases[] = {
	{ "inherit: clone that is refused", OURS, .run = clone_fails },
	{ "inherit: fork beyond RLIMIT_NPROC", OURS, .run = no_more_processes },
	{ "inherit: fork beyond the group's limit", OURS, .run = no_more_in_group },
	{}
};
/* clang-format on */
