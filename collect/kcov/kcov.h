/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The KCOV device, for the calling task and for buffers that other tasks record
 * into. Source: Linux Documentation/dev-tools/kcov.rst, kernel/kcov.c,
 * include/uapi/linux/kcov.h; read in 6.12.
 *
 * The life of a buffer: open the device, give it a size (KCOV_INIT_TRACE), map it,
 * KCOV_ENABLE it for one task. area[0] is the number of PCs, area[1] ... are the
 * PCs. The kernel stores the count before the PC, so a reader on another CPU may
 * see a slot that is counted and not written yet. At most words - 1 PCs fit; the
 * kernel drops more of them silently. The area lives as long as any fd or mapping
 * of it, so it can be read after its task has died.
 */
#ifndef COLLECT_KCOV_KCOV_H
#define COLLECT_KCOV_KCOV_H

#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>

#include "base/error.h"

#define KCOV_DEVICE "/sys/kernel/debug/kcov"

/*
 * The ioctl numbers of the 64-bit ABI. They use uint64_t where the kernel's header
 * has unsigned long, because the number contains the size of the kernel's word, not
 * the caller's. A 32-bit program uses the same numbers (kcov_fops.compat_ioctl is
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
	uint32_t area_size;   /* buffer of each remote section, in words */
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

/*
 * Open the device O_RDWR | O_CLOEXEC at path (KCOV_DEVICE except in tests). The
 * caller closes *ret.
 */
struct error *kcov_device_open(const char *path, int *ret);
/*
 * Give an open device its buffer size and map it. words: size of the whole buffer,
 * at least 2, a multiple of the page size / 8 (512 on x86). Fails with EBUSY if the
 * fd has a size already. On failure fd stays the caller's; on success it belongs to
 * *ret, and kcov_close() closes it.
 */
struct error *kcov_init_fd(int fd, size_t words, struct kcov *ret);
/* Both of the above, with KCOV_DEVICE. */
struct error *kcov_open(struct kcov *ret, size_t words);
/* Unmap and close. Does nothing on KCOV_CLOSED, or when called again. */
void kcov_close(struct kcov *kcov);

/* Record the PCs of the calling task from now on, after resetting the count. */
struct error *kcov_enable_self(struct kcov *kcov);
/* Only in the task that enabled it. */
struct error *kcov_disable_self(struct kcov *kcov);
/*
 * Record the remote sections of this handle into kcov, on behalf of the calling
 * task, until the task disables kcov or exits. Meanwhile the task records nothing
 * of its own and must not be enabled otherwise. Tasks that it creates from now on
 * inherit a common handle. The buffer of each section is as large as kcov's, so a
 * section that does not fit fills the area, and this shows. kcov can be used again
 * after a failure. errnum of the error: EEXIST: another task has the handle.
 * EINVAL: the kernel does not accept such a handle. ENOTTY: the kernel has no
 * remote coverage (before Linux 5.5).
 */
struct error *kcov_enable_remote(struct kcov *kcov, uint64_t handle);
/* PCs recorded so far (never more than fit). Loads the count with acquire semantics. */
size_t kcov_count(const struct kcov *kcov);

/*
 * Record what the calling task does in call(arg): store the first `max` PCs in
 * pcs[], and their number in *ret (0 on a kernel whose system calls are not
 * instrumented). No PCs of ENABLE and DISABLE are among them. Work that the kernel
 * did for the task meanwhile (a page fault, task work) may be. kcov must be open
 * and disabled, and is so afterwards.
 */
struct error *kcov_trace(struct kcov *kcov, void (*call)(void *arg), void *arg, uint64_t *pcs,
			 size_t max, size_t *ret);
/* A system call whose other arguments are 0. */
struct kcov_call {
	long number;
	long args[2];
};

/* The same for one system call. */
struct error *kcov_trace_call(struct kcov *kcov, const struct kcov_call *call, uint64_t *pcs,
			      size_t max, size_t *ret);
/* The same for getpid(2). */
struct error *kcov_trace_getpid(struct kcov *kcov, uint64_t *pcs, size_t max, size_t *ret);

static inline void cleanup_kcov(struct kcov *kcov)
{
	kcov_close(kcov);
}
#define _cleanup_kcov_ __attribute__((__cleanup__(cleanup_kcov)))

#endif
