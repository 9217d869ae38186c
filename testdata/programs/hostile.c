// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tasks that stand in the way of their tracer: without a stack, at the limit of processes, with KCOV
 * of their own. All of them must be covered.
 */
#define _GNU_SOURCE
#include "mark.h"
#include "bare.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <sys/resource.h>

#define NOBODY		65534
#define PAGE		4096
#define PROCESSES	24
#define AREA_WORDS	512

#define KCOV_DEVICE	"/sys/kernel/debug/kcov"
#define KCOV_INIT_TRACE _IOR('c', 1, uint64_t)
#define KCOV_ENABLE	_IO('c', 100)
#define KCOV_DISABLE	_IO('c', 101)

/* The top of a new page with this protection. */
static uintptr_t stack_in(int protection, int flags)
{
	char *page = mmap(NULL, PAGE, protection, flags | MAP_ANONYMOUS, -1, 0);

	must(page != MAP_FAILED);
	return (uintptr_t)page + PAGE;
}

static uintptr_t stack_in_nothing(void)
{
	uintptr_t top = stack_in(PROT_READ, MAP_PRIVATE);

	must(munmap((void *)(top - PAGE), PAGE) == 0);
	return top;
}

/* Children whose stack pointers are good for nothing. */
static void bad_stacks(void)
{
	const uintptr_t stacks[] = {
		stack_in_nothing(),
		stack_in(PROT_NONE, MAP_PRIVATE),
		stack_in(PROT_READ, MAP_PRIVATE),
		stack_in(PROT_READ, MAP_SHARED),
		stack_in(PROT_NONE, MAP_SHARED),
		stack_in(PROT_READ | PROT_EXEC, MAP_PRIVATE),
		(uintptr_t)bad_stacks, /* in our code */
		16,		       /* below it the addresses wrap around */
		(uintptr_t)-16,	       /* the kernel's */
	};
	const int n = sizeof(stacks) / sizeof(*stacks);

	for (int i = 0; i < n; i++) {
		pid_t pid = bare_child(SYS_clone, SIGCHLD, stacks[i]);

		expect(pid, BIT(M_TIMES) | BIT(M_EXIT));
		reap(pid);
	}
	expect(self(), BIT(M_EXIT));
	expect_line("tasks %d", n + 1);
}

#ifdef __x86_64__
/*
 * A process unmaps its stack, creates a child, waits for it and ends, all in registers. The child
 * executes times(2).
 */
static void without_stack(void)
{
	pid_t *child = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uintptr_t here = (uintptr_t)__builtin_frame_address(0) & ~(uintptr_t)(PAGE - 1);

	must(child != MAP_FAILED);
	pid_t pid = fork();
	if (pid == 0) {
		mark(M_SHMGET);
		/* munmap(), clone(SIGCHLD), the child: times(), exit(); the parent: wait4(), exit()
		 */
		__asm__ volatile("mov %%rax, %%r12\n\t"
				 "mov $11, %%eax\n\t"
				 "syscall\n\t"
				 "mov $56, %%eax\n\t"
				 "mov $17, %%edi\n\t"
				 "xor %%esi, %%esi\n\t"
				 "xor %%edx, %%edx\n\t"
				 "xor %%r10d, %%r10d\n\t"
				 "xor %%r8d, %%r8d\n\t"
				 "syscall\n\t"
				 "test %%eax, %%eax\n\t"
				 "jz 1f\n\t"
				 "mov %%eax, (%%r12)\n\t"
				 "mov %%eax, %%edi\n\t"
				 "xor %%esi, %%esi\n\t"
				 "xor %%edx, %%edx\n\t"
				 "xor %%r10d, %%r10d\n\t"
				 "mov $61, %%eax\n\t"
				 "syscall\n\t"
				 "jmp 2f\n"
				 "1:\n\t"
				 "mov $100, %%eax\n\t"
				 "xor %%edi, %%edi\n\t"
				 "syscall\n"
				 "2:\n\t"
				 "mov $60, %%eax\n\t"
				 "xor %%edi, %%edi\n\t"
				 "syscall\n\t"
				 :
				 : "a"(child), "D"(here - 4 * PAGE), "S"(16 * PAGE)
				 : "memory");
	}
	reap(pid);
	must(*child > 0);
	expect(pid, BIT(M_SHMGET) | BIT(M_EXIT));
	expect(*child, BIT(M_TIMES) | BIT(M_EXIT));
	expect_line("tasks 3");
}

#endif

/* Creates processes until there may be no more, and goes on trying. */
static void fork_to_the_limit(void)
{
	struct rlimit limit = { PROCESSES, PROCESSES };
	pid_t children[PROCESSES];
	int n, go[2];
	char byte;

	must(setresgid(NOBODY, NOBODY, NOBODY) == 0 && setresuid(NOBODY, NOBODY, NOBODY) == 0);
	must(setrlimit(RLIMIT_NPROC, &limit) == 0 && pipe2(go, O_CLOEXEC) == 0);
	for (n = 0; n < PROCESSES; n++) {
		children[n] = fork();
		if (children[n] == 0) {
			close(go[1]);
			must(read(go[0], &byte, 1) == 0);
			mark(M_TIMES);
			_exit(0);
		}
		if (children[n] < 0)
			break;
		expect(children[n], BIT(M_TIMES) | BIT(M_EXIT));
	}
	must(n == PROCESSES - 1);
	for (int i = 0; i < 200; i++)
		must(fork() < 0 && errno == EAGAIN);
	close(go[1]);
	for (int i = 0; i < n; i++)
		reap(children[i]);
	expect_line("hit %d do_exit", self());
	expect_line("tasks %d", n + 1);
}

/* A descriptor of the device for a task that is recorded already. */
static void use_own(void)
{
	char bytes[64] = { 0 };
	int fd = open(KCOV_DEVICE, O_RDWR | O_CLOEXEC);

	must(fd >= 0);
	must(write(fd, bytes, sizeof(bytes)) < 0 && read(fd, bytes, sizeof(bytes)) < 0);
	must(ioctl(fd, KCOV_ENABLE, 0) < 0);
	must(ioctl(fd, KCOV_INIT_TRACE, AREA_WORDS) == 0);
	uint64_t *area = mmap(NULL, AREA_WORDS * 8, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	must(area != MAP_FAILED);
	memset(area, 0xff, AREA_WORDS * 8);
	must(ioctl(fd, KCOV_ENABLE, 0) < 0 && errno == EBUSY);
	must(ioctl(fd, KCOV_DISABLE, 0) < 0 && errno == EINVAL);
	must(munmap(area, AREA_WORDS * 8) == 0 && close(fd) == 0);
}

/* A workload that uses KCOV itself gets EBUSY; other tasks are recorded as ever. */
static void own_kcov(void)
{
	use_own();
	mark(M_SHMGET);
	pid_t pid = fork();
	if (pid == 0) {
		use_own();
		mark(M_TIMES);
		_exit(0);
	}
	expect(pid, BIT(M_TIMES) | BIT(M_EXIT));
	expect(self(), BIT(M_SHMGET) | BIT(M_EXIT));
	expect_line("tasks 2");
	reap(pid);
}

static const struct way ways[] = {
	{ "bad-stacks", bad_stacks },
#ifdef __x86_64__
	{ "without-stack", without_stack },
#endif
	{ "fork-to-the-limit", fork_to_the_limit },
	{ "own-kcov", own_kcov },
	{ NULL, NULL },
};

int main(int argc, char **argv)
{
	return run_way(ways, argc, argv);
}
