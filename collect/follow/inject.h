/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * System calls that a stopped tracee runs on our behalf.
 *
 * When a new task stops for the first time, its instruction pointer is after
 * the system call instruction that created it (fork, clone, clone3, vfork).
 * That instruction is executed again, with our registers. A task right after
 * execve has no such instruction: two bytes at its entry point are replaced
 * for a moment. Nothing is ever written to code that other tasks may be
 * running.
 *
 * While injecting, all signals but SIGKILL and SIGSTOP are blocked. The task
 * runs through a stop of its process, which takes effect at the end, unless the
 * process has been continued by then (PTRACE_INTERRUPT). Seccomp filters are
 * suspended if the kernel can do that (PTRACE_O_SUSPEND_SECCOMP,
 * CONFIG_CHECKPOINT_RESTORE, Linux 4.3). If it cannot, a task with a filter is
 * refused, since one forbidden call may kill it. If the tracer is killed, or
 * cannot restore the task, the task's process is killed: it could not go on with
 * our registers.
 *
 * Works for 64-bit and 32-bit tasks of an x86-64 kernel.
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
	unsigned long options;	      /* the task's ptrace options outside of injection */
	struct user_regs_struct regs; /* the task's own */
	uint64_t sigmask;	      /* the task's own */
	uint64_t insn;		      /* address of the system call instruction */
	bool is_32bit;
	bool patched;	  /* the two bytes at insn are ours, insn_word is the original */
	bool options_set; /* PTRACE_O_EXITKILL, and PTRACE_O_SUSPEND_SECCOMP if possible */
	bool stopped;	  /* its process was stopped while injecting */
	long insn_word;
};

/*
 * pid: seized, and stopped at its birth or (after_exec) at the exit of execve.
 * options: its ptrace options, which are kept. If the task dies meanwhile, all
 * functions here return ERROR_NOT_FOUND; its wait status is left for the
 * caller's waitpid().
 */
struct error *inject_begin(struct inject *inject, pid_t pid, unsigned long options,
			   bool after_exec);
/*
 * Restore everything. The task stays stopped. When it is continued, it reports
 * a stop of its process that came meanwhile. Must be called even if something
 * failed after begin. If it fails, the task is dead or being killed.
 */
struct error *inject_end(struct inject *inject);
/* The same after an error, which it takes. Returns that of inject_end(), if it fails, or err. */
struct error *inject_give_up(struct inject *inject, struct error *err);
/* Whether the task left its stop because it is being killed. */
bool inject_has_exited(const struct inject *inject);
/* Run one call. *ret: its result, or -errno if it failed. */
struct error *inject_syscall(struct inject *inject, enum inject_call call, const uint64_t args[6],
			     int64_t *ret);
/*
 * Copy between us and the tracee: all at once (process_vm_readv(2), -writev(2)), or where that
 * is not possible word by word. size is a multiple of 8.
 */
struct error *inject_read(const struct inject *inject, uint64_t address, void *data, size_t size);
struct error *inject_write(const struct inject *inject, uint64_t address, const void *data,
			   size_t size);

#endif
