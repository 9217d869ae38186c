// SPDX-License-Identifier: GPL-2.0-or-later
/* io_uring and Linux AIO: most operations once with right and once with wrong arguments. */
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/io_uring.h>
#include <linux/stat.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

struct ring {
	int fd;
	unsigned *head, *tail, *array, mask, *seen, *ready;
	struct io_uring_sqe *entries;
};

static char data[8192] __attribute__((aligned(4096)));

static int ring_make(struct ring *ring, unsigned flags)
{
	struct io_uring_params params = { .flags = flags, .cq_entries = 64, .sq_thread_idle = 10 };
	char *map;

	ring->fd = syscall(SYS_io_uring_setup, 16, &params);
	if (ring->fd < 0)
		return -1;
	map = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring->fd,
		   IORING_OFF_SQ_RING);
	if (map == MAP_FAILED)
		map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd,
			   IORING_OFF_SQ_RING);
	ring->entries = mmap(NULL, 16 * sizeof(struct io_uring_sqe), PROT_READ | PROT_WRITE,
			     MAP_SHARED, ring->fd, IORING_OFF_SQES);
	ring->head = (unsigned *)(map + params.sq_off.head);
	ring->tail = (unsigned *)(map + params.sq_off.tail);
	ring->array = (unsigned *)(map + params.sq_off.array);
	ring->mask = params.sq_entries - 1;
	ring->seen = (unsigned *)(map + params.cq_off.head);
	ring->ready = (unsigned *)(map + params.cq_off.tail);
	return 0;
}

static void submit(struct ring *ring, struct io_uring_sqe entry, int wait)
{
	unsigned tail = *ring->tail, at = tail & ring->mask;
	struct __kernel_timespec limit = { .tv_nsec = 20000000 };
	struct io_uring_getevents_arg arg = { .ts = (uintptr_t)&limit };

	ring->entries[at] = entry;
	ring->array[at] = at;
	__atomic_store_n(ring->tail, tail + 1, __ATOMIC_RELEASE);
	syscall(SYS_io_uring_enter, ring->fd, 1, wait,
		IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG | IORING_ENTER_SQ_WAKEUP, &arg,
		sizeof(arg));
	*ring->seen = *ring->ready;
}

static void registrations(struct ring *ring, int file)
{
	struct iovec buffer = { data, sizeof(data) }, bad = { (void *)8, 4096 };
	int files[2] = { file, -1 }, event = eventfd(0, 0);
	struct io_uring_probe *probe =
		calloc(1, sizeof(*probe) + 64 * sizeof(struct io_uring_probe_op));

	syscall(SYS_io_uring_register, ring->fd, IORING_REGISTER_BUFFERS, &bad, 1);
	syscall(SYS_io_uring_register, ring->fd, IORING_REGISTER_BUFFERS, &buffer, 1);
	syscall(SYS_io_uring_register, ring->fd, IORING_REGISTER_FILES, files, 2);
	syscall(SYS_io_uring_register, ring->fd, IORING_REGISTER_FILES, files, 2);
	syscall(SYS_io_uring_register, ring->fd, IORING_REGISTER_EVENTFD, &event, 1);
	syscall(SYS_io_uring_register, ring->fd, IORING_REGISTER_PROBE, probe, 64);
	syscall(SYS_io_uring_register, ring->fd, IORING_REGISTER_PERSONALITY, NULL, 0);
	syscall(SYS_io_uring_register, ring->fd, 4711, NULL, 0);
	free(probe);
}

/* Set arguments that the operation can use. */
static void suit(struct io_uring_sqe *entry, int file)
{
	static struct __kernel_timespec soon = { .tv_nsec = 2000000 };
	static struct iovec part = { data, 1000 };
	static struct statx stx;

	switch (entry->opcode) {
	case IORING_OP_READV:
	case IORING_OP_WRITEV:
		entry->addr = (uintptr_t)&part;
		entry->fd = file;
		break;
	case IORING_OP_READ:
	case IORING_OP_WRITE:
	case IORING_OP_READ_FIXED:
	case IORING_OP_WRITE_FIXED:
	case IORING_OP_SEND:
	case IORING_OP_RECV:
		entry->addr = (uintptr_t)data;
		entry->len = 100;
		entry->fd = entry->opcode == IORING_OP_SEND || entry->opcode == IORING_OP_RECV
				    ? entry->fd
				    : file;
		break;
	case IORING_OP_TIMEOUT:
	case IORING_OP_LINK_TIMEOUT:
		entry->addr = (uintptr_t)&soon;
		break;
	case IORING_OP_OPENAT:
	case IORING_OP_MKDIRAT:
	case IORING_OP_UNLINKAT:
		entry->fd = AT_FDCWD;
		entry->addr = (uintptr_t)(entry->opcode == IORING_OP_MKDIRAT ? "dir" : "file");
		entry->len = 0;
		break;
	case IORING_OP_STATX:
		entry->fd = AT_FDCWD;
		entry->addr = (uintptr_t) "file";
		entry->off = (uintptr_t)&stx;
		entry->len = STATX_ALL;
		break;
	case IORING_OP_POLL_ADD:
		entry->poll32_events = POLLIN;
		break;
	case IORING_OP_FSYNC:
	case IORING_OP_FALLOCATE:
	case IORING_OP_SYNC_FILE_RANGE:
	case IORING_OP_FADVISE:
		entry->fd = file;
		entry->addr = 0;
		entry->len = 0;
		break;
	}
}

/* All operations, with arguments that suit some of them. */
static void operations(struct ring *ring, int file)
{
	struct iovec part = { data, 1000 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	int pair[2];

	socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
	for (int op = 0; op < IORING_OP_LAST + 1; op++) {
		struct io_uring_sqe entry = { .opcode = op,
					      .fd = pair[op & 1],
					      .user_data = op,
					      .addr = (uintptr_t)&message,
					      .len = 1 };

		suit(&entry, file);
		submit(ring, entry, 1);
		if (op == IORING_OP_CLOSE)
			socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
		entry.flags = IOSQE_ASYNC;
		submit(ring, entry, 1);
		entry.flags = IOSQE_IO_LINK | IOSQE_FIXED_FILE;
		entry.fd = 0;
		submit(ring, entry, 0);
		entry.flags = 0xff;
		submit(ring, entry, 0);
	}
	submit(ring,
	       (struct io_uring_sqe){ .opcode = IORING_OP_ASYNC_CANCEL,
				      .addr = IORING_OP_POLL_ADD },
	       1);
}

static void aio(int file)
{
	aio_context_t context = 0;
	struct iocb read = { .aio_lio_opcode = IOCB_CMD_PREAD,
			     .aio_fildes = file,
			     .aio_buf = (uintptr_t)data,
			     .aio_nbytes = 4096 },
		    poll = { .aio_lio_opcode = IOCB_CMD_POLL, .aio_fildes = file },
		    bad = { .aio_lio_opcode = 99, .aio_fildes = file };
	struct iocb *all[] = { &read, &poll, &bad };
	struct io_event found[4];
	struct timespec limit = { .tv_nsec = 2000000 };

	syscall(SYS_io_setup, 0, &context);
	syscall(SYS_io_setup, 4, &context);
	syscall(SYS_io_submit, context, 3, all);
	syscall(SYS_io_submit, context, 1, all + 2);
	syscall(SYS_io_cancel, context, &poll, found);
	syscall(SYS_io_getevents, context, 1, 4, found, &limit);
	syscall(SYS_io_destroy, context);
	syscall(SYS_io_destroy, context);
}

int main(void)
{
	const unsigned flags[] = { 0, IORING_SETUP_IOPOLL, IORING_SETUP_SQPOLL,
				   IORING_SETUP_CLAMP | IORING_SETUP_CQSIZE, 0xffffffff };
	int file = open("file", O_CREAT | O_RDWR, 0600);

	alarm(100); /* a polled ring may never complete a request */
	write(file, data, sizeof(data));
	for (unsigned i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		struct ring ring;

		if (ring_make(&ring, flags[i]))
			continue;
		registrations(&ring, file);
		operations(&ring, file);
		close(ring.fd);
	}
	aio(file);
	return 0;
}
