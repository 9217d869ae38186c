// SPDX-License-Identifier: GPL-2.0
/* The errno of each ioctl of linux/kcov.h except KCOV_REMOTE_ENABLE, in each state, with each
 * argument, from each task. */
#include <errno.h>
#include <limits.h>
#include <sys/socket.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "device.h"
#include "suite.h"
#include "symbols.h"

#define INIT	 "a.init:512=0 "
#define ENABLED	 INIT "a.enable:0=0 "
#define DISABLED ENABLED "a.disable:0=0 "
#define AGAIN	 DISABLED "a.enable:0=0 "
#define REMOTE	 INIT "a.remote:0,64,c0x101=0 "
#define SECOND	 "b.init:512=0 "

/* INT_MAX / 8 words are allowed. They are 2 GiB, more memory than a small machine has. */
static void init_largest(void)
{
	struct sysinfo info;
	int fd = kcov_open();

	sysinfo(&info);
	expect_errno(kcov_call(fd, KCOV_INIT_TRACE, INT_MAX / 8 + 1), EINVAL,
		     "INT_MAX / 8 + 1 words");
	if (info.totalram < (1ull << 31))
		expect_errno(kcov_call(fd, KCOV_INIT_TRACE, INT_MAX / 8), ENOMEM,
			     "more words than memory");
	expect_errno(kcov_call(fd, KCOV_INIT_TRACE, PAGE_WORDS), 0, "init after errors");
}

static void enable_comparisons(void)
{
	/* ENOTSUPP, an errno of the kernel that user space has no name for. */
	int expected = config_has("KCOV_ENABLE_COMPARISONS") ? 0 : 524;
	struct trace trace = trace_create(PAGE_WORDS);

	expect_errno(kcov_call(trace.fd, KCOV_ENABLE, KCOV_TRACE_CMP), expected, "KCOV_TRACE_CMP");
}

/* Arguments are words: their high bits are not cut off. */
static void enable_high_bits(void)
{
	struct trace trace = trace_create(PAGE_WORDS);

	expect_errno(kcov_call(trace.fd, KCOV_ENABLE, 1ul << 32), EINVAL, "mode 1 << 32");
	expect_errno(kcov_call(trace.fd, KCOV_ENABLE, 1ul << 63), EINVAL, "mode 1 << 63");
	expect_errno(kcov_call(trace.fd, KCOV_INIT_TRACE, 1ul << 32 | PAGE_WORDS), EINVAL,
		     "size 1 << 32 | 512");
}

static void read_and_write(void)
{
	char byte = 0;
	int fd = kcov_open();

	expect_errno(read(fd, &byte, 1) < 0 ? errno : 0, EINVAL, "read");
	expect_errno(write(fd, &byte, 1) < 0 ? errno : 0, EINVAL, "write");
	expect_errno(lseek(fd, 0, SEEK_SET) < 0 ? errno : 0, ESPIPE, "lseek");
}

static int fd_receive(int socket)
{
	char control[CMSG_SPACE(sizeof(int))], byte;
	struct iovec data = { &byte, 1 };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };

	if (recvmsg(socket, &message, 0) != 1 || !CMSG_FIRSTHDR(&message))
		quit("no descriptor came");
	return *(int *)CMSG_DATA(CMSG_FIRSTHDR(&message));
}

static void fd_send(int socket, int fd)
{
	char control[CMSG_SPACE(sizeof(int))] = "", byte = 0;
	struct iovec data = { &byte, 1 };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };

	CMSG_FIRSTHDR(&message)->cmsg_level = SOL_SOCKET;
	CMSG_FIRSTHDR(&message)->cmsg_type = SCM_RIGHTS;
	CMSG_FIRSTHDR(&message)->cmsg_len = CMSG_LEN(sizeof(int));
	*(int *)CMSG_DATA(CMSG_FIRSTHDR(&message)) = fd;
	if (sendmsg(socket, &message, 0) != 1)
		quit("cannot send a descriptor");
}

static void received_task(void *argument)
{
	int *sockets = argument, fd = fd_receive(sockets[1]);

	expect_errno(kcov_call(fd, KCOV_ENABLE, 0), 0, "enable of what was received");
	call_getpid(7);
	expect_errno(kcov_call(fd, KCOV_DISABLE, 0), 0, "disable of what was received");
}

static void received(void)
{
	int sockets[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, sockets))
		quit("cannot make sockets");
	pid_t pid = task_start(received_task, sockets);
	struct trace trace = trace_create(64 * PAGE_WORDS);
	fd_send(sockets[0], trace.fd);
	task_wait(pid);
	expect_equal(trace_entries(&trace, "__x64_sys_getpid"), 7, "calls of getpid");
}

/* A duplicated descriptor is the same open file. */
static void duplicated(void)
{
	struct trace trace = trace_create(PAGE_WORDS);
	int fd = dup(trace.fd);

	expect_errno(kcov_call(fd, KCOV_INIT_TRACE, PAGE_WORDS), EBUSY, "init of the duplicate");
	expect_errno(kcov_call(trace.fd, KCOV_ENABLE, 0), 0, "enable");
	expect_errno(kcov_call(fd, KCOV_DISABLE, 0), 0, "disable by the duplicate");
}

/* A line is a case. */
/* clang-format off */
const struct test_case ioctl_cases[] = {
	{ "open: read only, write only and both, without effect on ioctls", BOTH, "a.open:r=0 b.open:w=0 a.init:512=0 b.init:512=0 a.enable:0=0 a.disable:0=0 b.enable:0=0 b.disable:0=0" },
	{ "open: descriptors are independent", BOTH, INIT SECOND "a.enable:0=0 t.b.enable:0=0 a.disable:0=0 t.b.disable:0=0" },
	{ "open: no read, write, lseek", BOTH, .run = read_and_write },
	{ "dup: the same file", BOTH, .run = duplicated },

	{ "INIT_TRACE: 0 words", BOTH, "a.init:0=EINVAL" },
	{ "INIT_TRACE: 1 word", BOTH, "a.init:1=EINVAL" },
	{ "INIT_TRACE: 2 words", BOTH, "a.init:2=0 a.enable:0=0 a.disable:0=0" },
	{ "INIT_TRACE: 513 words", BOTH, "a.init:513=0 a.enable:0=0 a.disable:0=0" },
	{ "INIT_TRACE: -1", BOTH, "a.init:-1=EINVAL" },
	{ "INIT_TRACE: the largest, and one more", BOTH, .run = init_largest },
	{ "INIT_TRACE: after an error", BOTH, "a.init:0=EINVAL a.init:512=0" },
	{ "INIT_TRACE: when initialized", BOTH, INIT "a.init:512=EBUSY" },
	{ "INIT_TRACE: when initialized, wrong size", BOTH, INIT "a.init:0=EINVAL" },
	{ "INIT_TRACE: when initialized and mapped", BOTH, INIT "a.mmap:1=0 a.init:512=EBUSY" },
	{ "INIT_TRACE: when enabled", BOTH, ENABLED "a.init:512=EBUSY" },
	{ "INIT_TRACE: when disabled again", BOTH, DISABLED "a.init:512=EBUSY" },
	{ "INIT_TRACE: when enabled again", BOTH, AGAIN "a.init:512=EBUSY" },
	{ "INIT_TRACE: when remote", BOTH, REMOTE "a.init:512=EBUSY" },
	{ "INIT_TRACE: by another task, when enabled", BOTH, ENABLED "p.a.init:512=EBUSY t.a.init:512=EBUSY" },

	{ "ENABLE: when not initialized", BOTH, "a.enable:0=EINVAL a.enable:1=EINVAL a.enable:2=EINVAL" },
	{ "ENABLE: PCs", BOTH, INIT "a.enable:0=0" },
	{ "ENABLE: comparisons", BOTH, .run = enable_comparisons },
	{ "ENABLE: mode 2", BOTH, INIT "a.enable:2=EINVAL a.enable:0=0" },
	{ "ENABLE: mode 3", BOTH, INIT "a.enable:3=EINVAL" },
	{ "ENABLE: mode 4", BOTH, INIT "a.enable:4=EINVAL" },
	{ "ENABLE: mode -1", BOTH, INIT "a.enable:-1=EINVAL" },
	{ "ENABLE: mode 16, of a trace", BOTH, INIT "a.enable:16=EINVAL" },
	{ "ENABLE: mode 256, of a trace", BOTH, INIT "a.enable:256=EINVAL a.enable:257=EINVAL a.enable:272=EINVAL" },
	{ "ENABLE: high bits of arguments", BOTH, .run = enable_high_bits },
	{ "ENABLE: when enabled, by the same task", BOTH, ENABLED "a.enable:0=EINVAL a.enable:1=EINVAL a.disable:0=0" },
	{ "ENABLE: when enabled, wrong mode", BOTH, ENABLED "a.enable:2=EINVAL" },
	{ "ENABLE: when enabled, by another thread", BOTH, ENABLED "t.a.enable:0=EINVAL a.disable:0=0" },
	{ "ENABLE: when enabled, by another process", BOTH, ENABLED "p.a.enable:0=EINVAL a.disable:0=0" },
	{ "ENABLE: when enabled by a thread", BOTH, INIT "t.a.enable:0=0 a.enable:0=EINVAL u.a.enable:0=EINVAL" },
	{ "ENABLE: two descriptors in one task", BOTH, ENABLED SECOND "b.enable:0=EBUSY b.enable:1=EBUSY a.disable:0=0 b.enable:0=0" },
	{ "ENABLE: second descriptor not initialized", BOTH, ENABLED "b.enable:0=EINVAL" },
	{ "ENABLE: second descriptor, wrong mode", BOTH, ENABLED SECOND "b.enable:2=EBUSY" },
	{ "ENABLE: two descriptors in two threads", BOTH, ENABLED SECOND "t.b.enable:0=0 u.b.enable:0=EINVAL t.b.disable:0=0 u.b.enable:0=0" },
	{ "ENABLE: two descriptors in two processes", BOTH, ENABLED SECOND "p.b.enable:0=0 q.b.enable:0=EINVAL p.b.disable:0=0 q.b.enable:0=0" },
	{ "ENABLE: again, by the same task", BOTH, AGAIN "a.disable:0=0 a.enable:0=0 a.disable:0=0 a.enable:0=0" },
	{ "ENABLE: again, by another thread", BOTH, DISABLED "t.a.enable:0=0 a.enable:0=EINVAL t.a.disable:0=0 a.enable:0=0" },
	{ "ENABLE: again, by another process", BOTH, DISABLED "p.a.enable:0=0 a.enable:0=EINVAL p.a.disable:0=0 a.enable:0=0" },
	{ "ENABLE: by a forked task first", BOTH, INIT "p.a.enable:0=0 p.a.disable:0=0" },
	{ "ENABLE: by who was sent the descriptor", BOTH, .run = received },
	{ "ENABLE: after the thread that had it exited", BOTH, INIT "t.a.enable:0=0 t.exit=0 a.enable:0=0" },
	{ "ENABLE: after the process that had it exited", BOTH, INIT "p.a.enable:0=0 p.exit=0 a.enable:0=0" },
	{ "ENABLE: when remote", BOTH, REMOTE "a.enable:0=EINVAL p.a.enable:0=EINVAL" },

	{ "DISABLE: when not initialized", BOTH, "a.disable:0=EINVAL a.disable:1=EINVAL" },
	{ "DISABLE: when initialized", BOTH, INIT "a.disable:0=EINVAL" },
	{ "DISABLE: wrong argument", BOTH, ENABLED "a.disable:1=EINVAL a.disable:-1=EINVAL a.disable:0=0" },
	{ "DISABLE: when disabled", BOTH, DISABLED "a.disable:0=EINVAL" },
	{ "DISABLE: when enabled again", BOTH, AGAIN "a.disable:0=0 a.disable:0=EINVAL" },
	{ "DISABLE: by another thread", BOTH, ENABLED "t.a.disable:0=EINVAL a.disable:0=0" },
	{ "DISABLE: by another process", BOTH, ENABLED "p.a.disable:0=EINVAL a.disable:0=0" },
	{ "DISABLE: of the other descriptor", BOTH, ENABLED SECOND "b.disable:0=EINVAL a.disable:0=0" },
	{ "DISABLE: of what a thread has enabled", BOTH, INIT "t.a.enable:0=0 a.disable:0=EINVAL t.a.disable:0=0" },
	{ "DISABLE: when remote", BOTH, REMOTE "p.a.disable:0=EINVAL a.disable:1=EINVAL a.disable:0=0 a.disable:0=EINVAL" },
	{ "DISABLE: after remote, to local and back", BOTH, REMOTE "a.disable:0=0 a.enable:0=0 a.disable:0=0 a.remote:0,64,c0x101=0" },

	{ "unknown ioctls: when not initialized", BOTH, "a.raw:0x6363=ENOTTY a.raw:0=ENOTTY a.raw:0x6367=ENOTTY a.raw:0x6368=ENOTTY" },
	{ "unknown ioctls: when initialized", BOTH, INIT "a.raw:0x6363=ENOTTY a.raw:0=ENOTTY a.raw:0x6367=ENOTTY a.raw:0x6368=ENOTTY" },
	{ "unknown ioctls: when enabled", BOTH, ENABLED "a.raw:0x6363=ENOTTY a.raw:0x6367=ENOTTY t.a.raw:0x6363=ENOTTY a.disable:0=0" },
	{ "unknown ioctls: known numbers with other sizes", BOTH, INIT "a.raw:0x40086301=ENOTTY a.raw:0x80046301=ENOTTY a.raw:0x40086364=ENOTTY a.raw:0x40106366=ENOTTY" },
	{ "INIT_TRACE: the number of 32-bit programs", BOTH, "a.init32:512=ENOTTY a.init:512=0" },
	{ "set ioctls: there are none", STOCK, "a.set:0=ENOTTY a.setfault:0=ENOTTY a.share:a=ENOTTY a.reset=ENOTTY a.stats=ENOTTY" },
	{ "set ioctls: there are none when initialized", STOCK, INIT "a.set:0=ENOTTY a.share:a=ENOTTY a.reset=ENOTTY a.stats=ENOTTY" },
	{}
};
/* clang-format on */
