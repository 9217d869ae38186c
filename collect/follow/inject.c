// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs system calls in a stopped tracee, with ptrace. */
#include "collect/follow/inject.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/io.h"

/* From <linux/ptrace.h>, which cannot be included together with <sys/ptrace.h>. */
#ifndef PTRACE_O_SUSPEND_SECCOMP
#define PTRACE_O_SUSPEND_SECCOMP (1 << 21)
#endif
#ifndef PTRACE_GETSIGMASK
#define PTRACE_GETSIGMASK 0x420a
#endif
#ifndef PTRACE_SETSIGMASK
#define PTRACE_SETSIGMASK 0x420b
#endif

#define CODE_SEGMENT_32 0x23 /* __USER32_CS, arch/x86/include/asm/segment.h */

/* The instructions as the low 16 bits of a word in memory. */
#define INSN_SYSCALL 0x050f /* syscall */
#define INSN_INT80   0x80cd /* int $0x80 */

/* Numbers from arch/x86/entry/syscalls/syscall_64.tbl and syscall_32.tbl. */
static const struct {
	uint16_t nr_64;
	uint16_t nr_32;
} call_numbers[INJECT_CALLS] = {
	[INJECT_SOCKETPAIR] = { 53, 360 },   [INJECT_RECVMSG] = { 47, 372 },
	[INJECT_IOCTL] = { 16, 54 },	     [INJECT_CLOSE] = { 3, 6 },
	[INJECT_CLOSE_RANGE] = { 436, 436 }, [INJECT_MMAP] = { 9, 192 },
	[INJECT_MUNMAP] = { 11, 91 },
};

static struct error *inject_failed(const struct inject *inject, const char *what)
{
	if (errno == ESRCH)
		return error_create(ERROR_NOT_FOUND, "task %d has exited", inject->pid);
	return error_errno(errno, "cannot %s task %d", what, inject->pid);
}

bool inject_has_exited(const struct inject *inject)
{
	uint64_t mask;

	return ptrace(PTRACE_GETSIGMASK, inject->pid, sizeof(mask), &mask) && errno == ESRCH;
}

struct error *inject_read(const struct inject *inject, uint64_t address, void *data, size_t size)
{
	const struct iovec ours = { data, size }, theirs = { (void *)address, size };

	if (process_vm_readv(inject->pid, &ours, 1, &theirs, 1, 0) == (ssize_t)size)
		return NULL;
	for (size_t i = 0; i < size; i += sizeof(long)) {
		errno = 0;
		long word = ptrace(PTRACE_PEEKDATA, inject->pid, address + i, 0);

		if (errno)
			return inject_failed(inject, "read memory of");
		memcpy((char *)data + i, &word, sizeof(word));
	}
	return NULL;
}

struct error *inject_write(const struct inject *inject, uint64_t address, const void *data,
			   size_t size)
{
	const struct iovec ours = { (void *)data, size }, theirs = { (void *)address, size };

	if (process_vm_writev(inject->pid, &ours, 1, &theirs, 1, 0) == (ssize_t)size)
		return NULL;
	/* Code is not writable, except for a tracer. */
	for (size_t i = 0; i < size; i += sizeof(long)) {
		long word;

		memcpy(&word, (const char *)data + i, sizeof(word));
		if (ptrace(PTRACE_POKEDATA, inject->pid, address + i, word))
			return inject_failed(inject, "write memory of");
	}
	return NULL;
}

/* Without PTRACE_O_SUSPEND_SECCOMP we can inject only into tasks without a filter. */
static struct error *refuse_filtered_task(const struct inject *inject)
{
	_cleanup_free_ char *status = NULL;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/status", inject->pid);
	struct error *err = file_read(path, 1 << 20, &status, NULL);
	if (err && !inject_has_exited(inject)) {
		error_destroy(err);
		return error_create(ERROR_UNSUPPORTED,
				    "it may have a seccomp filter, but /proc hides it (is that "
				    "mounted with hidepid=?)");
	}
	if (err)
		return err;
	const char *line = strstr(status, "\nSeccomp:\t");
	if (!line || line[10] == '0')
		return NULL;
	return error_create(ERROR_UNSUPPORTED,
			    "it has a seccomp filter that cannot be suspended ('kcovreport doctor' "
			    "says why)");
}

/*
 * If the tracer is killed meanwhile, the task must not go on: it has our registers and signal mask,
 * and may have our instruction in its code.
 */
static struct error *set_options(struct inject *inject)
{
	unsigned long options = inject->options | PTRACE_O_EXITKILL;

	if (ptrace(PTRACE_SETOPTIONS, inject->pid, 0, options))
		return inject_failed(inject, "set options of");
	inject->options_set = true;
	if (!ptrace(PTRACE_SETOPTIONS, inject->pid, 0, options | PTRACE_O_SUSPEND_SECCOMP))
		return NULL;
	if (errno == ESRCH)
		return inject_failed(inject, "set options of");
	return refuse_filtered_task(inject);
}

static struct error *patch_instruction(struct inject *inject)
{
	uint16_t insn = inject->is_32bit ? INSN_INT80 : INSN_SYSCALL;

	inject->insn = inject->regs.rip;
	struct error *err =
		inject_read(inject, inject->insn, &inject->insn_word, sizeof(inject->insn_word));
	if (err)
		return err;
	long word = (inject->insn_word & ~0xffffL) | insn;
	err = inject_write(inject, inject->insn, &word, sizeof(word));
	if (err)
		return err;
	inject->patched = true;
	return NULL;
}

static struct error *find_instruction(struct inject *inject)
{
	uint64_t word;

	inject->insn = inject->regs.rip - 2;
	/* Read the word that ends with the instruction: the next page may not be mapped. */
	struct error *err =
		inject_read(inject, inject->regs.rip - sizeof(word), &word, sizeof(word));
	if (err)
		return err;
	uint16_t insn = word >> 48;
	if (insn == INSN_SYSCALL && !inject->is_32bit)
		return NULL;
	if (insn == INSN_INT80 && inject->is_32bit)
		return NULL;
	return error_create(
		ERROR_UNSUPPORTED,
		"it was created by an instruction that is neither syscall nor int $0x80 (bytes "
		"%02x %02x)",
		insn & 0xff, insn >> 8);
}

struct error *inject_begin(struct inject *inject, pid_t pid, unsigned long options, bool after_exec)
{
	uint64_t all = ~0ULL;
	struct error *err;

	*inject = (struct inject){ .pid = pid, .options = options };
	if (ptrace(PTRACE_GETREGS, pid, 0, &inject->regs))
		return inject_failed(inject, "read registers of");
	if (ptrace(PTRACE_GETSIGMASK, pid, sizeof(all), &inject->sigmask))
		return inject_failed(inject, "read the signal mask of");
	inject->is_32bit = inject->regs.cs == CODE_SEGMENT_32;
	err = set_options(inject);
	if (!err)
		err = after_exec ? patch_instruction(inject) : find_instruction(inject);
	if (!err && ptrace(PTRACE_SETSIGMASK, pid, sizeof(all), &all))
		err = inject_failed(inject, "block signals of");
	return err ? inject_give_up(inject, err) : NULL;
}

struct error *inject_give_up(struct inject *inject, struct error *err)
{
	struct error *worse = inject_end(inject);

	if (!worse)
		return err;
	error_destroy(err);
	return worse;
}

/*
 * The kernel sets one after the other. The last ones are segment registers, which a task may load
 * with values that cannot be set (null selectors but 0 and 3): then it still has them.
 */
static struct error *restore_registers(const struct inject *inject)
{
	struct user_regs_struct now;

	if (!ptrace(PTRACE_SETREGS, inject->pid, 0, &inject->regs))
		return NULL;
	struct error *err = inject_failed(inject, "restore registers of");
	if (ptrace(PTRACE_GETREGS, inject->pid, 0, &now) ||
	    memcmp(&now, &inject->regs, sizeof(now)) != 0)
		return err;
	error_destroy(err);
	return NULL;
}

static struct error *restore(struct inject *inject)
{
	struct error *err = NULL;
	pid_t pid = inject->pid;

	if (inject->patched)
		err = inject_write(inject, inject->insn, &inject->insn_word,
				   sizeof(inject->insn_word));
	inject->patched = false;
	if (!err)
		err = restore_registers(inject);
	if (!err && ptrace(PTRACE_SETSIGMASK, pid, sizeof(inject->sigmask), &inject->sigmask))
		err = inject_failed(inject, "restore the signal mask of");
	if (!err && inject->options_set && ptrace(PTRACE_SETOPTIONS, pid, 0, inject->options))
		err = inject_failed(inject, "restore options of");
	inject->options_set = false;
	return err;
}

/*
 * It would go on with our registers or in our code, with signals blocked and without its seccomp
 * filters. So it ends as it does if we are killed here. A thread ends with its process, whose
 * memory it would write to.
 */
static struct error *kill_broken_task(const struct inject *inject, struct error *err)
{
	_cleanup_free_ char *text = error_format(err);

	kill(inject->pid, SIGKILL);
	error_destroy(err);
	return error_create(ERROR_SYSTEM, "kcovreport had to kill it: %s",
			    text ? text : "out of memory");
}

struct error *inject_end(struct inject *inject)
{
	struct error *err = restore(inject);

	if (err && err->code != ERROR_NOT_FOUND)
		err = kill_broken_task(inject, err);
	/*
	 * A signal instead of this could come after the SIGCONT that ended the stop, and would
	 * begin another one.
	 */
	if (inject->stopped)
		(void)ptrace(PTRACE_INTERRUPT, inject->pid, 0, 0);
	return err;
}

/* Let the task run to its next system-call stop. */
static struct error *run_to_syscall_stop(struct inject *inject)
{
	siginfo_t info;
	long signal = 0;
	int status;

	for (;;) {
		if (ptrace(PTRACE_SYSCALL, inject->pid, 0, signal))
			return inject_failed(inject, "resume");
		/* Leave a death to be reaped by the event loop. */
		info.si_pid = 0;
		while (waitid(P_PID, inject->pid, &info, WEXITED | WSTOPPED | WNOWAIT | __WALL))
			if (errno != EINTR)
				return inject_failed(inject, "wait for");
		if (info.si_code != CLD_TRAPPED && info.si_code != CLD_STOPPED)
			return error_create(ERROR_NOT_FOUND, "task %d has exited", inject->pid);
		if (waitpid(inject->pid, &status, __WALL) != inject->pid || !WIFSTOPPED(status))
			return error_create(ERROR_NOT_FOUND, "task %d has exited", inject->pid);
		if (WSTOPSIG(status) == (SIGTRAP | 0x80))
			return NULL;
		/* The delivery of a signal (only SIGSTOP is possible here) begins a group stop,
		 * which is reported next, as one is that another thread began. */
		signal = status >> 16 ? 0 : WSTOPSIG(status);
		if (status >> 16 == PTRACE_EVENT_STOP && WSTOPSIG(status) != SIGTRAP)
			inject->stopped = true;
	}
}

static void set_arguments(struct user_regs_struct *regs, bool is_32bit, const uint64_t args[6])
{
	if (is_32bit) {
		regs->rbx = args[0];
		regs->rcx = args[1];
		regs->rdx = args[2];
		regs->rsi = args[3];
		regs->rdi = args[4];
		regs->rbp = args[5];
	} else {
		regs->rdi = args[0];
		regs->rsi = args[1];
		regs->rdx = args[2];
		regs->r10 = args[3];
		regs->r8 = args[4];
		regs->r9 = args[5];
	}
}

struct error *inject_syscall(struct inject *inject, enum inject_call call, const uint64_t args[6],
			     int64_t *ret)
{
	struct user_regs_struct regs = inject->regs;

	regs.rip = inject->insn;
	regs.rax = inject->is_32bit ? call_numbers[call].nr_32 : call_numbers[call].nr_64;
	/* Marks that the task is not in a system call, so the kernel restarts none. */
	regs.orig_rax = -1;
	set_arguments(&regs, inject->is_32bit, args);
	if (ptrace(PTRACE_SETREGS, inject->pid, 0, &regs))
		return inject_failed(inject, "set registers of");
	struct error *err = run_to_syscall_stop(inject);
	if (!err)
		err = run_to_syscall_stop(inject);
	if (err)
		return err;
	if (ptrace(PTRACE_GETREGS, inject->pid, 0, &regs))
		return inject_failed(inject, "read registers of");
	*ret = inject->is_32bit ? (int32_t)regs.rax : (int64_t)regs.rax;
	return NULL;
}
