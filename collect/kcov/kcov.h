/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The KCOV device, for the calling task and for buffers that somebody else's
 * task records into. Linux Documentation/dev-tools/kcov.rst, kernel/kcov.c,
 * include/uapi/linux/kcov.h; read in 6.12.
 *
 * The life of a buffer: open the device, give it a size (KCOV_INIT_TRACE), map
 * it, KCOV_ENABLE it for one task. area[0] is the number of PCs, area[1] ... the
 * PCs; the kernel stores the count before the PC, so a reader on another CPU can
 * see a slot that is counted and not written yet. At most words - 1 PCs fit;
 * more are dropped in silence. The area lives as long as any fd or mapping of
 * it, so it can be read after its task is dead.
 */
#ifndef COLLECT_KCOV_KCOV_H
#define COLLECT_KCOV_KCOV_H

#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>

#include "base/error.h"

#define KCOV_DEVICE "/sys/kernel/debug/kcov"

/*
 * The numbers of the 64-bit ABI: uint64_t where the kernel's header says
 * unsigned long, since the number holds the size of the kernel's word, not of
 * the caller's: a 32-bit program uses the same numbers (kcov_fops.compat_ioctl is
 * kcov_ioctl itself).
 */
#define KCOV_INIT_TRACE	   _IOR('c', 1, uint64_t)
#define KCOV_ENABLE	   _IO('c', 100)
#define KCOV_DISABLE	   _IO('c', 101)
#define KCOV_REMOTE_ENABLE _IOW('c', 102, struct kcov_remote_arg)

/* Arguments of KCOV_ENABLE. */
enum kcov_trace_mode {
	KCOV_TRACE_PC = 0,
	KCOV_TRACE_CMP = 1,
};

/* Linux 5.5 (commit eec028c9386e, kcov: remote coverage support). */
struct kcov_remote_arg {
	uint32_t trace_mode;
	uint32_t area_size;   /* words, of the buffer of each remote section */
	uint32_t num_handles; /* at most KCOV_REMOTE_MAX_HANDLES */
	uint64_t common_handle __attribute__((aligned(8)));
	uint64_t handles[];
};
_Static_assert(sizeof(struct kcov_remote_arg) == 24, "the ioctl number holds this size");

#define KCOV_REMOTE_MAX_HANDLES	    0x100
#define KCOV_SUBSYSTEM_COMMON	    (0x00ULL << 56)
#define KCOV_SUBSYSTEM_USB	    (0x01ULL << 56)
#define KCOV_REMOTE_SUBSYSTEM_MASK  (0xffULL << 56)
#define KCOV_REMOTE_INSTANCE_MASK   0xffffffffULL
#define kcov_remote_handle(s, inst) ((s) | ((uint64_t)(inst)&KCOV_REMOTE_INSTANCE_MASK))

struct kcov {
	int fd;		/* -1: not open */
	uint64_t *area; /* words of 8 bytes, shared with the kernel; NULL: not mapped */
	size_t words;
};

#define KCOV_CLOSED                                                                                \
	{                                                                                          \
		.fd = -1                                                                           \
	}

/* The device opened O_RDWR | O_CLOEXEC at path (KCOV_DEVICE but in tests); caller closes *ret. */
struct error *kcov_device_open(const char *path, int *ret);
/*
 * Give an open device its buffer size and map it. words: the whole buffer,
 * at least 2, a multiple of the page size / 8 (512 on x86). Fails with EBUSY
 * when the fd has a size already. fd stays the caller's on failure; on success
 * it belongs to *ret and kcov_close() closes it.
 */
struct error *kcov_init_fd(int fd, size_t words, struct kcov *ret);
/* Both of the above on KCOV_DEVICE. */
struct error *kcov_open(struct kcov *ret, size_t words);
/* Unmap and close; harmless on KCOV_CLOSED, and twice. */
void kcov_close(struct kcov *kcov);

/* Record the PCs of the calling task from now on, after resetting the count. */
struct error *kcov_enable_self(struct kcov *kcov);
/* Only in the task that enabled. */
struct error *kcov_disable_self(struct kcov *kcov);
/*
 * The calling task gets the remote sections of this handle recorded, until it
 * disables kcov or exits; it records nothing of its own meanwhile, and is not
 * to be enabled otherwise. A common handle is inherited by tasks that it makes
 * from now on. Each section's buffer is as large as kcov's: one that does not
 * fit into it fills the area, and shows. kcov can be used again after a failure.
 * errnum of the error: EEXIST: somebody has the handle. EINVAL: the kernel takes no
 * such handle. ENOTTY: it has no remote coverage (before Linux 5.5).
 */
struct error *kcov_enable_remote(struct kcov *kcov, uint64_t handle);
/* PCs recorded so far (never more than fit). Loaded with acquire semantics. */
size_t kcov_count(const struct kcov *kcov);

/*
 * Record what the calling task does in call(arg): the first `max` PCs to pcs[],
 * their number to *ret (0 on a kernel whose system calls are not instrumented).
 * Nothing of ENABLE and DISABLE is among them; work that the kernel did for the
 * task in between (a page fault, task work) can be. kcov must be open and
 * disabled, and is so afterwards.
 */
struct error *kcov_trace(struct kcov *kcov, void (*call)(void *arg), void *arg, uint64_t *pcs,
			 size_t max, size_t *ret);
/* The same for one system call with arg as its first argument and 0 as the others. */
struct error *kcov_trace_call(struct kcov *kcov, long number, long arg, uint64_t *pcs, size_t max,
			      size_t *ret);
/* The same for getpid(2). */
struct error *kcov_trace_getpid(struct kcov *kcov, uint64_t *pcs, size_t max, size_t *ret);

static inline void cleanup_kcov(struct kcov *kcov)
{
	kcov_close(kcov);
}
#define _cleanup_kcov_ __attribute__((__cleanup__(cleanup_kcov)))

#endif
