// SPDX-License-Identifier: GPL-2.0-or-later
/* Every way to create a task: each must be covered from its first instruction. */
#define _GNU_SOURCE
#include "mark.h"
#include "bare.h"

#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <spawn.h>
#include <sys/stat.h>

#define STACK_SIZE 65536

static void by_fork(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		mark(M_EVENTFD);
		_exit(0);
	}
	expect(pid, BIT(M_EVENTFD) | BIT(M_EXIT));
	expect(self(), BIT(M_PIPE) | BIT(M_EXIT));
	expect_line("not %d kernel_clone", pid);
	expect_line("hit %d kernel_clone", self());
	expect_line("parent %d %d", pid, self());
	expect_line("tasks 2");
	mark(M_PIPE);
	reap(pid);
}

/* A set-uid program of root, executed by another user: tracing must not disable its set-uid bit. */
static void set_uid(void)
{
	must(getuid() != 0 && geteuid() == 0);
	by_fork();
}

/* Children of children, each with a mark of its own, created while others live. */
static void by_fork_tree(void)
{
	pid_t root = self(), pids[3];

	for (int i = 0; i < 3; i++) {
		pids[i] = fork();
		if (pids[i])
			continue;
		pid_t grandchild = fork();
		if (grandchild == 0) {
			mark_and_expect(M_SHMGET);
			_exit(0);
		}
		expect_line("parent %d %d", grandchild, self());
		mark_and_expect(M_EVENTFD + i);
		reap(grandchild);
		_exit(0);
	}
	for (int i = 0; i < 3; i++) {
		expect_line("parent %d %d", pids[i], root);
		reap(pids[i]);
	}
	expect(root, BIT(M_EXIT));
	expect_line("tasks 7");
}

static void by_vfork(void)
{
	pid_t pid = vfork();

	if (pid == 0) {
		mark(M_INOTIFY);
		_exit(0);
	}
	expect(pid, BIT(M_INOTIFY) | BIT(M_EXIT));
	expect(self(), BIT(M_EXIT));
	expect_line("tasks 2");
	reap(pid);
}

static void by_spawn(void)
{
	char *argv[] = { "/proc/self/exe", "spawned", NULL };
	pid_t pid;

	must(posix_spawn(&pid, "/proc/self/exe", NULL, NULL, argv, environ) == 0);
	expect(pid, BIT(M_EPOLL) | BIT(M_EXIT));
	expect_line("hit %d begin_new_exec", pid);
	expect(self(), BIT(M_EXIT));
	expect_line("not %d begin_new_exec", self());
	expect_line("tasks 2");
	reap(pid);
}

static void spawned(void)
{
	mark(M_EPOLL);
}

static void by_system(void)
{
	/* sh with a child: if there were only one command, sh would execute it without a fork. */
	must(system(": ; /bin/true; exit 0") == 0);
	expect(self(), BIT(M_EXIT));
	expect_line("tasks 3");
}

static void *thread(void *arg)
{
	mark_and_expect((enum mark)(intptr_t)arg);
	return NULL;
}

static void by_pthread(void)
{
	pthread_t threads[5];

	for (intptr_t i = 0; i < 5; i++)
		must(pthread_create(&threads[i], NULL, thread, (void *)(M_EVENTFD + i)) == 0);
	for (int i = 0; i < 5; i++)
		must(pthread_join(threads[i], NULL) == 0);
	expect(self(), BIT(M_EXIT));
	expect_line("tasks 6");
}

static int cloned(void *arg)
{
	mark((enum mark)(intptr_t)arg);
	return 0;
}

static pid_t do_clone(int flags, enum mark k)
{
	char *stack =
		mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	must(stack != MAP_FAILED);
	pid_t pid = clone(cloned, stack + STACK_SIZE, flags, (void *)(intptr_t)k);
	must(pid > 0);
	expect(pid, BIT(k) | BIT(M_EXIT));
	return pid;
}

static void by_clone_vm(void)
{
	expect(self(), BIT(M_EXIT));
	expect_line("tasks 2");
	reap(do_clone(CLONE_VM | SIGCHLD, M_SIGNALFD));
}

static void by_clone_files(void)
{
	expect(self(), BIT(M_EXIT));
	expect_line("tasks 2");
	reap(do_clone(CLONE_FILES | CLONE_FS | CLONE_SIGHAND | CLONE_VM | SIGCHLD, M_TIMES));
}

/* The parent gets no signal at all: only __WALL waits for this child. */
static void by_clone_silent(void)
{
	expect(self(), BIT(M_EXIT));
	expect_line("tasks 2");
	reap(do_clone(0, M_TIMES));
}

static void by_clone_vfork(void)
{
	expect(self(), BIT(M_EXIT));
	expect_line("tasks 2");
	reap(do_clone(CLONE_VFORK | CLONE_VM | SIGCHLD, M_SYSINFO));
}

/* The child is our parent's child, so we cannot reap it. */
static void by_clone_parent(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		pid_t sibling = do_clone(CLONE_PARENT | SIGCHLD, M_SHMGET);

		expect_line("parent %d %d", sibling, self());
		mark_and_expect(M_EPOLL);
		_exit(0);
	}
	reap(pid);
	must(waitpid(-1, NULL, 0) > 0);
	expect(self(), BIT(M_EXIT));
	expect_line("tasks 3");
}

static void by_clone_thread(void)
{
	/* The kernel clears this word when the thread has ended. */
	static _Atomic pid_t gone = 1;
	char *stack =
		mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pid_t pid = clone(cloned, stack + STACK_SIZE,
			  CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
				  CLONE_CHILD_CLEARTID,
			  (void *)M_SEMGET, NULL, NULL, &gone);

	must(pid > 0);
	expect(pid, BIT(M_SEMGET) | BIT(M_EXIT));
	expect(self(), BIT(M_EXIT));
	expect_line("parent %d %d", pid, self());
	expect_line("tasks 2");
	while (gone)
		usleep(1000);
}

/*
 * Two processes and a thread that no tracer is told about, between ordinary
 * tasks of all kinds and clones that fail. A follower must find out how many
 * were hidden.
 */
static void by_clone_untraced(void)
{
	pthread_t ordinary;
	pid_t hidden[2];

	for (int i = 0; i < 2; i++) {
		hidden[i] = syscall(SYS_clone, CLONE_UNTRACED | SIGCHLD, 0, 0, 0, 0);
		if (hidden[i] == 0)
			_exit(0);
		must(hidden[i] > 0);
		reap(do_clone(i ? SIGCHLD : CLONE_VFORK | CLONE_VM | SIGCHLD, M_EPOLL));
		must(syscall(SYS_clone, CLONE_THREAD | SIGCHLD, 0, 0, 0, 0) < 0);
		reap(hidden[i]);
	}
	must(pthread_create(&ordinary, NULL, thread, (void *)M_SIGNALFD) == 0);
	must(pthread_join(ordinary, NULL) == 0);
	_Atomic pid_t *gone = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	must(gone != MAP_FAILED);
	*gone = 1;
	must(clone(cloned, (char *)gone + STACK_SIZE,
		   CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
			   CLONE_CHILD_CLEARTID | CLONE_UNTRACED,
		   (void *)M_SEMGET, NULL, NULL, gone) > 0);
	while (*gone)
		usleep(1000);
	expect(self(), BIT(M_EXIT));
	expect_line("state 0 not-followed");
	expect_line("parent 0 %d", self());
	expect_line("tasks 7");
}

static pid_t do_clone3(struct clone_args *args, enum mark k)
{
	pid_t pid = syscall(SYS_clone3, args, sizeof(*args));

	if (pid == 0) {
		mark(k);
		syscall(SYS_exit, 0);
	}
	must(pid > 0);
	expect(pid, BIT(k) | BIT(M_EXIT));
	expect(self(), BIT(M_EXIT));
	expect_line("tasks 2");
	return pid;
}

static void by_clone3(void)
{
	reap(do_clone3(&(struct clone_args){ .exit_signal = SIGCHLD }, M_EVENTFD));
}

static void by_clone3_pidfd(void)
{
	int pidfd = -1;

	reap(do_clone3(&(struct clone_args){ .flags = CLONE_PIDFD | CLONE_CLEAR_SIGHAND,
					     .pidfd = (uintptr_t)&pidfd,
					     .exit_signal = SIGCHLD },
		       M_INOTIFY));
	must(pidfd >= 0);
}

static void by_clone3_set_tid(void)
{
	pid_t wanted = 31000;

	pid_t pid = do_clone3(&(struct clone_args){ .exit_signal = SIGCHLD,
						    .set_tid = (uintptr_t)&wanted,
						    .set_tid_size = 1 },
			      M_EPOLL);
	must(pid == wanted);
	reap(pid);
}

static void by_clone3_cgroup(void)
{
	const char *dir = "/sys/fs/cgroup/kcovreport-e2e";

	rmdir(dir);
	must(mkdir(dir, 0755) == 0);
	int fd = open(dir, O_RDONLY | O_DIRECTORY);
	must(fd >= 0);
	reap(do_clone3(&(struct clone_args){ .flags = CLONE_INTO_CGROUP,
					     .exit_signal = SIGCHLD,
					     .cgroup = fd },
		       M_TIMES));
	rmdir(dir);
}

static void by_clone3_stack(void)
{
	static char stack[STACK_SIZE] __attribute__((aligned(16)));

	struct clone_args args = { .exit_signal = SIGCHLD,
				   .stack = (uintptr_t)stack,
				   .stack_size = sizeof(stack) };

	pid_t pid = bare_child(SYS_clone3, (uintptr_t)&args, sizeof(args));
	expect(pid, BIT(M_TIMES) | BIT(M_EXIT));
	expect(self(), BIT(M_EXIT));
	expect_line("tasks 2");
	reap(pid);
}

/* The first task ends before the last task that it created. */
static void outlived(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		usleep(500000);
		mark_and_expect(M_EVENTFD);
		_exit(0);
	}
	expect(self(), BIT(M_EXIT));
	expect_line("tasks 2");
}

static void fork_uncovered(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		mark(M_EVENTFD);
		_exit(0);
	}
	expect(self(), BIT(M_TIMES) | BIT(M_EXIT));
	expect_line("tasks 1");
	mark(M_TIMES);
	reap(pid);
}

static void end(void)
{
	expect(self(), BIT(M_EXIT));
	expect_line("tasks 1");
}

static const struct way ways[] = {
	{ "fork", by_fork },
	{ "set-uid", set_uid },
	{ "fork-tree", by_fork_tree },
	{ "vfork", by_vfork },
	{ "spawn", by_spawn },
	{ "spawned", spawned },
	{ "system", by_system },
	{ "pthread", by_pthread },
	{ "clone-vm", by_clone_vm },
	{ "clone-files", by_clone_files },
	{ "clone-silent", by_clone_silent },
	{ "clone-vfork", by_clone_vfork },
	{ "clone-parent", by_clone_parent },
	{ "clone-thread", by_clone_thread },
	{ "clone-untraced", by_clone_untraced },
	{ "clone3", by_clone3 },
	{ "clone3-pidfd", by_clone3_pidfd },
	{ "clone3-set-tid", by_clone3_set_tid },
	{ "clone3-cgroup", by_clone3_cgroup },
	{ "clone3-stack", by_clone3_stack },
	{ "outlived", outlived },
	{ "fork-uncovered", fork_uncovered },
	{ "end", end },
	{ NULL, NULL },
};

int main(int argc, char **argv)
{
	return run_way(ways, argc, argv);
}
