// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Enables KCOV in a stopped tracee: sends it our fd through a socket pair and runs the
 * ioctl there.
 */
#include "collect/follow/attach.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "collect/follow/inject.h"
#include "collect/kcov/kcov.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif
/* Linux 6.9: opens a pidfd of a thread that is not the group leader. */
#define PIDFD_OF_THREAD O_EXCL

#define RED_ZONE	128 /* System V ABI, x86-64: bytes in use below the stack pointer */
#define PAGE_BYTES	4096
#define EXTRA_FDS	16
#define KERNEL_WORD	8

/*
 * What recvmsg() needs in the task's memory. One layout serves both ABIs: the
 * 32-bit structures are stored in these 64-bit words at their own, smaller
 * offsets.
 */
struct scratch {
	uint64_t message[8]; /* struct msghdr; before that, a pair of fds */
	uint64_t vector[2];  /* struct iovec */
	uint64_t control[4]; /* struct cmsghdr and one fd */
	uint64_t byte;
};
_Static_assert(sizeof(struct scratch) % KERNEL_WORD == 0, "copied in words");
_Static_assert(sizeof(struct msghdr) <= 64, "fits message");

struct attach {
	struct inject inject;
	pid_t tgid;
	uint64_t scratch;      /* address in the task */
	struct scratch before; /* the previous contents of that memory */
	bool on_stack;
	int32_t pair[2]; /* fds of the task, -1 = none */
	int32_t kcov;
	bool lifted; /* its limit of fds was raised from fd_limit */
	struct rlimit fd_limit;
};

static struct error *call_failed(const char *call, int64_t result)
{
	return error_errno((int)-result, "%s in the task failed", call);
}

/* Run a call that must succeed. */
static struct error *attach_call(struct attach *at, enum inject_call call, const char *name,
				 const uint64_t args[6], int64_t *ret)
{
	struct error *err = inject_syscall(&at->inject, call, args, ret);

	if (!err && *ret < 0 && *ret >= -4095)
		err = call_failed(name, *ret);
	return err;
}

static struct error *map_scratch(struct attach *at)
{
	const uint64_t args[6] = {
		0, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, (uint64_t)-1, 0
	};
	int64_t address;
	struct error *err = attach_call(at, INJECT_MMAP, "mmap", args, &address);

	if (err)
		return err;
	at->scratch = at->inject.is_32bit ? (uint32_t)address : (uint64_t)address;
	at->on_stack = false;
	return NULL;
}

/* Use the memory below the stack if it is mapped, otherwise a new page. */
static struct error *get_scratch(struct attach *at)
{
	uint64_t sp = at->inject.regs.rsp;

	at->scratch = (sp - RED_ZONE - sizeof(struct scratch)) & ~63ULL;
	at->on_stack = true;
	struct error *err = inject_read(&at->inject, at->scratch, &at->before, sizeof(at->before));
	if (!err)
		err = inject_write(&at->inject, at->scratch, &at->before, sizeof(at->before));
	if (!err || err->code == ERROR_NOT_FOUND)
		return err;
	error_destroy(err);
	return map_scratch(at);
}

static struct error *put_scratch(struct attach *at)
{
	const uint64_t args[6] = { at->scratch, PAGE_BYTES };
	int64_t result;

	if (!at->scratch)
		return NULL;
	if (at->on_stack)
		return inject_write(&at->inject, at->scratch, &at->before, sizeof(at->before));
	return attach_call(at, INJECT_MUNMAP, "munmap", args, &result);
}

/* The task is at its limit of fds: raise the limit while we need the fds. */
static bool lift_fd_limit(struct attach *at)
{
	struct rlimit more;

	if (at->lifted || prlimit(at->tgid, RLIMIT_NOFILE, NULL, &at->fd_limit))
		return false;
	more.rlim_cur = at->fd_limit.rlim_cur + EXTRA_FDS;
	more.rlim_max =
		at->fd_limit.rlim_max > more.rlim_cur ? at->fd_limit.rlim_max : more.rlim_cur;
	at->lifted = prlimit(at->tgid, RLIMIT_NOFILE, &more, NULL) == 0;
	return at->lifted;
}

static struct error *call_socketpair(struct attach *at, int64_t *ret)
{
	const uint64_t args[6] = { AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, at->scratch };

	return inject_syscall(&at->inject, INJECT_SOCKETPAIR, args, ret);
}

static struct error *make_pair(struct attach *at)
{
	int64_t result;

	struct error *err = call_socketpair(at, &result);
	if (!err && result == -EFAULT && at->on_stack) {
		/* We can write below its stack (a guard page), but the task itself cannot. */
		err = put_scratch(at);
		if (!err)
			err = map_scratch(at);
		if (!err)
			err = call_socketpair(at, &result);
	}
	if (!err && result == -EMFILE && lift_fd_limit(at))
		err = call_socketpair(at, &result);
	if (err)
		return err;
	if (result < 0)
		return call_failed("socketpair", result);
	return inject_read(&at->inject, at->scratch, at->pair, sizeof(at->pair));
}

/* Is copy the file that the task itself has at fd? */
static bool is_fd_of_task(const struct attach *at, int fd, int copy)
{
	struct stat own, theirs;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", at->inject.pid, fd);
	return !stat(path, &theirs) && !fstat(copy, &own) && theirs.st_dev == own.st_dev &&
	       theirs.st_ino == own.st_ino;
}

/* Make our own copy of an fd of the task. */
static struct error *take_fd(struct attach *at, int fd, int *ret)
{
	_cleanup_close_ int pidfd = syscall(SYS_pidfd_open, at->inject.pid, PIDFD_OF_THREAD);
	bool of_leader = pidfd < 0 && errno == EINVAL;

	/* Before 6.9 a pidfd needs the leader. Its threads almost always share its fd table. */
	if (of_leader)
		pidfd = syscall(SYS_pidfd_open, at->tgid, 0);
	if (pidfd >= 0)
		*ret = syscall(SYS_pidfd_getfd, pidfd, fd, 0);
	bool is_gone = (pidfd < 0 || *ret < 0) && errno == ESRCH;
	if (is_gone && of_leader && at->inject.pid != at->tgid)
		return error_create(
			ERROR_UNSUPPORTED,
			"the first thread of its process has ended, which needs Linux 6.9 "
			"(PIDFD_THREAD)");
	/* The task is being killed, and may have closed its fds before we see that. */
	if (is_gone)
		return error_create(ERROR_NOT_FOUND, "task %d has exited", at->inject.pid);
	if (pidfd < 0)
		return error_errno(errno, "pidfd_open failed");
	if (*ret < 0)
		return error_errno(errno, "pidfd_getfd failed");
	if (of_leader && at->inject.pid != at->tgid && !is_fd_of_task(at, fd, *ret))
		return error_create(ERROR_UNSUPPORTED,
				    "it does not share the files of its process, which needs "
				    "Linux 6.9 (PIDFD_THREAD)");
	return NULL;
}

static struct error *send_fd(int socket, int fd)
{
	union {
		char data[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	char byte = 0;
	struct iovec vector = { &byte, 1 };
	struct msghdr message = { .msg_iov = &vector,
				  .msg_iovlen = 1,
				  .msg_control = control.data,
				  .msg_controllen = sizeof(control.data) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	if (sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL) != 1)
		return error_errno(errno, "sendmsg failed");
	return NULL;
}

/* Lay out a struct msghdr in the task's ABI. *fd_offset: offset of the fd in control. */
static void fill_scratch(const struct attach *at, struct scratch *s, size_t *fd_offset)
{
	uint64_t base = at->scratch;
	uint64_t vector = base + offsetof(struct scratch, vector);
	uint64_t control = base + offsetof(struct scratch, control);
	uint64_t byte = base + offsetof(struct scratch, byte);

	memset(s, 0, sizeof(*s));
	if (at->inject.is_32bit) {
		/* struct compat_msghdr, compat_iovec: include/linux/compat.h, net/compat.h */
		uint32_t message[7] = { 0, 0, vector, 1, control, 16, 0 };
		uint32_t iov[2] = { byte, 1 };

		memcpy(s->message, message, sizeof(message));
		memcpy(s->vector, iov, sizeof(iov));
		*fd_offset = 12;
	} else {
		uint64_t message[7] = { 0, 0, vector, 1, control, CMSG_SPACE(sizeof(int)), 0 };
		uint64_t iov[2] = { byte, 1 };

		memcpy(s->message, message, sizeof(message));
		memcpy(s->vector, iov, sizeof(iov));
		*fd_offset = sizeof(struct cmsghdr);
	}
}

static struct error *receive_fd(struct attach *at)
{
	const uint64_t args[6] = { at->pair[1], at->scratch, MSG_CMSG_CLOEXEC | MSG_DONTWAIT };
	struct scratch scratch;
	size_t fd_offset;
	int64_t result;

	fill_scratch(at, &scratch, &fd_offset);
	struct error *err = inject_write(&at->inject, at->scratch, &scratch, sizeof(scratch));
	if (!err)
		err = attach_call(at, INJECT_RECVMSG, "recvmsg", args, &result);
	if (!err)
		err = inject_read(&at->inject, at->scratch, &scratch, sizeof(scratch));
	if (err)
		return err;
	int32_t level;
	memcpy(&level, (char *)scratch.control + fd_offset - 8, sizeof(level));
	memcpy(&at->kcov, (char *)scratch.control + fd_offset, sizeof(at->kcov));
	if (level != SOL_SOCKET) {
		at->kcov = -1;
		return error_create(ERROR_SYSTEM, "the task could not receive the kcov fd");
	}
	return NULL;
}

static struct error *hand_over_fd(struct attach *at, int kcov_fd)
{
	_cleanup_close_ int socket = -1;

	struct error *err = take_fd(at, at->pair[0], &socket);
	if (!err)
		err = send_fd(socket, kcov_fd);
	if (!err)
		err = receive_fd(at);
	return err;
}

static struct error *enable_in_task(struct attach *at, int kcov_fd)
{
	struct error *err = get_scratch(at);

	if (!err)
		err = make_pair(at);
	if (!err)
		err = hand_over_fd(at, kcov_fd);
	/* There was room for the pair, but not for a third fd: the message came without its fd. */
	if (err && at->pair[1] >= 0 && at->kcov < 0 && lift_fd_limit(at)) {
		error_destroy(err);
		err = hand_over_fd(at, kcov_fd);
	}
	if (err)
		return err;
	const uint64_t args[6] = { at->kcov, KCOV_ENABLE, 0 };
	int64_t result;
	return attach_call(at, INJECT_IOCTL, "ioctl(KCOV_ENABLE)", args, &result);
}

/* Return the first of two errors and destroy the other. */
static struct error *first_error(struct error *first, struct error *second)
{
	if (!first)
		return second;
	error_destroy(second);
	return first;
}

/*
 * Each call costs the task two stops. Usually the three fds are adjacent, and
 * one close_range() is enough.
 */
static bool close_at_once(struct attach *at)
{
	const int32_t first = at->pair[0] < at->pair[1] ? at->pair[0] : at->pair[1];
	const uint64_t args[6] = { first, first + 2 };
	int64_t result;

	if (first < 0 || at->kcov != first + 2 || at->pair[0] + at->pair[1] != 2 * first + 1)
		return false;
	struct error *err = attach_call(at, INJECT_CLOSE_RANGE, "close_range", args, &result);
	error_destroy(err);
	return !err;
}

static struct error *close_each(struct attach *at)
{
	const int32_t fds[] = { at->kcov, at->pair[0], at->pair[1] };
	struct error *err = NULL;
	int64_t result;

	for (size_t i = 0; i < sizeof(fds) / sizeof(*fds); i++) {
		const uint64_t args[6] = { fds[i] };

		if (fds[i] >= 0)
			err = first_error(err,
					  attach_call(at, INJECT_CLOSE, "close", args, &result));
	}
	return err;
}

static struct error *clean_up(struct attach *at)
{
	struct error *err = close_at_once(at) ? NULL : close_each(at);

	if (at->lifted)
		prlimit(at->tgid, RLIMIT_NOFILE, &at->fd_limit, NULL);
	return first_error(err, put_scratch(at));
}

/*
 * A task that is being killed leaves its stop, whatever we are doing in it, and closes its fds.
 * Then any call here may fail, with an error that says nothing of the cause: sendmsg() with
 * ECONNREFUSED, pidfd_getfd() with EBADF.
 */
static struct error *unless_exited(const struct attach *at, struct error *err)
{
	if (!err || err->code == ERROR_NOT_FOUND || !inject_has_exited(&at->inject))
		return err;
	error_destroy(err);
	return error_create(ERROR_NOT_FOUND, "task %d has exited", at->inject.pid);
}

struct error *attach_kcov(pid_t pid, pid_t tgid, unsigned long options, bool after_exec,
			  int kcov_fd)
{
	struct attach at = { .tgid = tgid, .pair = { -1, -1 }, .kcov = -1 };

	struct error *err = inject_begin(&at.inject, pid, options, after_exec);
	if (err)
		return err;
	err = unless_exited(&at, enable_in_task(&at, kcov_fd));
	err = first_error(err, clean_up(&at));
	return err ? inject_give_up(&at.inject, err) : inject_end(&at.inject);
}
