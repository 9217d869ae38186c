/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * System calls run by a stopped tracee on our behalf.
 *
 * A new task stops for the first time with its instruction pointer behind the
 * system call instruction that made it (fork, clone, clone3, vfork): that
 * instruction is run again, with our registers. A task that was just
 * executed has none: two bytes at its entry point are replaced for a moment.
 * Nothing is ever written to code that other tasks may be running.
 *
 * While injecting, all signals but SIGKILL and SIGSTOP are blocked; a SIGSTOP
 * is kept and sent again at the end. Seccomp filters are suspended where the
 * kernel can do that (PTRACE_O_SUSPEND_SECCOMP, CONFIG_CHECKPOINT_RESTORE,
 * Linux 4.3); a task with a filter is refused where it cannot, since one
 * forbidden call may kill it.
 *
 * 64-bit and 32-bit tasks of an x86-64 kernel.
 */
#ifndef COLLECT_FOLLOW_INJECT_H
#define COLLECT_FOLLOW_INJECT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/user.h>

#include "base/error.h"

enum inject_call {
	INJECT_SOCKETPAIR,
	INJECT_RECVMSG,
	INJECT_IOCTL,
	INJECT_CLOSE,
	INJECT_CLOSE_RANGE,
	INJECT_MMAP, /* mmap2 for 32-bit tasks: the offset must be 0 */
	INJECT_MUNMAP,
	INJECT_CALLS,
};

struct inject {
	pid_t pid;
	unsigned long options;	      /* of ptrace, as they are without us */
	struct user_regs_struct regs; /* the task's own */
	uint64_t sigmask;	      /* the task's own */
	uint64_t insn;		      /* address of the system call instruction */
	bool is_32bit;
	bool patched;	   /* two bytes at insn are ours, insn_word is what was there */
	bool suspended;	   /* PTRACE_O_SUSPEND_SECCOMP is set */
	bool stop_pending; /* a SIGSTOP came while injecting */
	long insn_word;
};

/*
 * pid: stopped, at its birth or (after_exec) at the exit of execve. options:
 * its ptrace options, kept. A task that dies meanwhile gives ERROR_NOT_FOUND:
 * from all functions here; its wait status is left for the caller's waitpid().
 */
struct error *inject_begin(struct inject *inject, pid_t pid, unsigned long options,
			   bool after_exec);
/* Give everything back as it was. The task stays stopped. Call it whatever failed since begin. */
struct error *inject_end(struct inject *inject);
/* Run one call. *ret: its result, -errno when it failed. */
struct error *inject_syscall(struct inject *inject, enum inject_call call, const uint64_t args[6],
			     int64_t *ret);
/* Copy between us and the tracee, in words of 8 bytes; size is a multiple of 8. */
struct error *inject_read(const struct inject *inject, uint64_t address, void *data, size_t size);
struct error *inject_write(const struct inject *inject, uint64_t address, const void *data,
			   size_t size);

#endif
