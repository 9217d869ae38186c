// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tasks that gave up or lack something that a follower might need: their children
 * must be covered.
 */
#define _GNU_SOURCE
#include "mark.h"
#include "bare.h"

#include <errno.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define NOBODY 65534

static void *thread(void *arg)
{
	(void)arg;
	mark(M_SYSINFO);
	syscall(SYS_exit, 0);
	return NULL;
}

/* The task has the mark that it left before, and a child has its own. */
static void fork_and_expect(enum mark before)
{
	pid_t pid = fork();

	if (pid == 0) {
		mark(M_TIMES);
		_exit(0);
	}
	expect(pid, BIT(M_TIMES) | BIT(M_EXIT));
	expect(self(), BIT(before) | BIT(M_EXIT));
	expect_line("tasks 2");
	reap(pid);
}

static void drop_privileges(void)
{
	gid_t group = NOBODY;

	must(setgroups(1, &group) == 0);
	must(setresgid(NOBODY, NOBODY, NOBODY) == 0);
	must(setresuid(NOBODY, NOBODY, NOBODY) == 0);
	must(open("/sys/kernel/debug/kcov", O_RDWR) < 0);
	mark(M_SHMGET);
	fork_and_expect(M_SHMGET);
}

/* Not dumpable, not even for root's supervisor. */
static void undumpable(void)
{
	must(prctl(PR_SET_DUMPABLE, 0) == 0);
	mark(M_SHMGET);
	fork_and_expect(M_SHMGET);
}

static void drop_capabilities(void)
{
	for (int cap = 0; cap < 64; cap++)
		prctl(PR_CAPBSET_DROP, cap);
	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	drop_privileges();
}

static void in_chroot(void)
{
	must(chroot("/proc/self/fdinfo") == 0 && chdir("/") == 0);
	must(open("/sys/kernel/debug/kcov", O_RDWR) < 0);
	mark(M_EPOLL);
	fork_and_expect(M_EPOLL);
}

/* The caller has created the directory, with a static copy of exec and the expectation file. */
static void chroot_exec(void)
{
	must(chroot("root") == 0 && chdir("/") == 0);
	must(setenv("KCOVREPORT_EXPECT", "/expect", 1) == 0);
	pid_t pid = fork();
	if (pid == 0) {
		execl("/exec", "exec", "end", NULL);
		_exit(99);
	}
	expect(self(), BIT(M_EXIT));
	expect_line("tasks 2");
	reap(pid);
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	must(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static void without_debugfs(void)
{
	must(unshare(CLONE_NEWNS) == 0);
	must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
	must(umount2("/sys", MNT_DETACH) == 0);
	must(open("/sys/kernel/debug/kcov", O_RDWR) < 0 && errno == ENOENT);
	mark(M_EPOLL);
	fork_and_expect(M_EPOLL);
}

/* A user without privileges becomes root of a user namespace with a pid namespace in it. */
static void in_namespaces(void)
{
	must(setresgid(NOBODY, NOBODY, NOBODY) == 0 && setresuid(NOBODY, NOBODY, NOBODY) == 0);
	must(prctl(PR_SET_DUMPABLE, 1) == 0);
	must(unshare(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC) ==
	     0);
	write_file("/proc/self/setgroups", "deny");
	write_file("/proc/self/uid_map", "0 65534 1");
	mark(M_EPOLL);
	fork_and_expect(M_EPOLL);
}

static void without_fds(void)
{
	must(syscall(SYS_close_range, 0, ~0U, 0) == 0);
	mark(M_SIGNALFD);
	fork_and_expect(M_SIGNALFD);
}

static void at_fd_limit(void)
{
	struct rlimit limit = { 64, 64 };

	must(setrlimit(RLIMIT_NOFILE, &limit) == 0);
	while (dup(STDERR_FILENO) >= 0)
		;
	must(errno == EMFILE);
	mark(M_TIMES + 1);
	fork_and_expect(M_TIMES + 1);
	must(dup(STDERR_FILENO) < 0 && errno == EMFILE);
	must(getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur == 64 && limit.rlim_max == 64);
}

static void without_memory(void)
{
	struct rlimit limit = { 0, 0 };

	must(setrlimit(RLIMIT_AS, &limit) == 0);
	must(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
	mark(M_SEMGET);
	fork_and_expect(M_SEMGET);
}

/*
 * The child's stack pointer is at the lowest byte of its mapping, with nothing
 * below it: no room there for a follower's data.
 */
static void at_stack_bottom(void)
{
	char *pages =
		mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pid_t pid;

	must(pages != MAP_FAILED && mprotect(pages, 4096, PROT_NONE) == 0);
	pid = bare_child(SYS_clone, SIGCHLD, (uintptr_t)(pages + 4096));
	expect(pid, BIT(M_TIMES) | BIT(M_EXIT));
	expect(self(), BIT(M_EXIT));
	expect_line("tasks 2");
	reap(pid);
}

#ifdef __x86_64__
#define ARCH AUDIT_ARCH_X86_64
#else
#define ARCH AUDIT_ARCH_I386
#endif
#define DENY(nr)                                                                                   \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1),                                             \
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)

/* This filter kills the task on calls that a follower may want it to make. */
static void set_filter(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		DENY(SYS_socketpair),
		DENY(SYS_recvmsg),
		DENY(SYS_ioctl),
		DENY(SYS_open),
		DENY(SYS_openat),
		DENY(SYS_socket),
		DENY(SYS_dup),
		DENY(SYS_close),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(filter) / sizeof(*filter), filter };

	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	must(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
}

static void behind_filter(void)
{
	pthread_t thread_id;
	pid_t pid;

	set_filter();
	must(pthread_create(&thread_id, NULL, thread, NULL) == 0);
	must(pthread_join(thread_id, NULL) == 0);
	pid = fork();
	if (pid == 0) {
		mark_and_expect(M_TIMES);
		_exit(0);
	}
	expect(self(), BIT(M_EXIT));
	expect_line("tasks 3");
	reap(pid);
}

/* The filter must still work in the child after coverage was enabled. */
static void filter_kills(void)
{
	int status;

	set_filter();
	pid_t pid = fork();
	if (pid == 0) {
		mark(M_TIMES);
		syscall(SYS_socketpair, 0, 0, 0, 0);
		_exit(0);
	}
	expect(pid, BIT(M_TIMES) | BIT(M_EXIT));
	must(waitpid(pid, &status, 0) == pid);
	must(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
}

static void behind_strict_seccomp(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		mark(M_TIMES);
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
		syscall(SYS_exit, 0);
	}
	expect(pid, BIT(M_TIMES) | BIT(M_EXIT));
	expect(self(), BIT(M_EXIT));
	expect_line("tasks 2");
	reap(pid);
}

/* Another session, another group, all signals blocked or ignored. */
static void with_signals_blocked(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	for (int s = 1; s < 32; s++)
		signal(s, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	mark(M_EPOLL);
	fork_and_expect(M_EPOLL);
}

static const struct way ways[] = {
	{ "drop-privileges", drop_privileges },
	{ "undumpable", undumpable },
	{ "drop-capabilities", drop_capabilities },
	{ "chroot", in_chroot },
	{ "chroot-exec", chroot_exec },
	{ "no-debugfs", without_debugfs },
	{ "namespaces", in_namespaces },
	{ "no-fds", without_fds },
	{ "fd-limit", at_fd_limit },
	{ "no-memory", without_memory },
	{ "stack-bottom", at_stack_bottom },
	{ "filter", behind_filter },
	{ "filter-kills", filter_kills },
	{ "strict-seccomp", behind_strict_seccomp },
	{ "signals-blocked", with_signals_blocked },
	{ NULL, NULL },
};

int main(int argc, char **argv)
{
	return run_way(ways, argc, argv);
}
