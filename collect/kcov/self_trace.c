// SPDX-License-Identifier: GPL-2.0-or-later
/* Traces system calls of our own to find PCs of some, and the KASLR offset. */
#include "collect/kcov/self_trace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "collect/machine/identity.h"
#include "collect/kcov/kcov.h"
#include "collect/machine/vmcoreinfo.h"

#define MAX_PCS 4096

struct trace {
	uint64_t pcs[MAX_PCS];
	size_t len;
};

static bool trace_has(const struct trace *trace, uint64_t pc)
{
	for (size_t i = 0; i < trace->len; i++)
		if (trace->pcs[i] == pc)
			return true;
	return false;
}

/* Add the PCs of a call to trace. */
static struct error *append_call(struct kcov *kcov, const struct kcov_call *call,
				 struct trace *trace)
{
	size_t n;

	struct error *err =
		kcov_trace_call(kcov, call, trace->pcs + trace->len, MAX_PCS - trace->len, &n);
	if (!err)
		trace->len += n;
	return err;
}

/*
 * The first PC that a system call has and others do not have: in its handler, in the switch that
 * leads to it, or in what it calls. 0 if there is none. The call is made twice, since PCs of what
 * happens between two instructions may be in one trace: after an interrupt that took the processor
 * from the task, the kernel sets its rseq area.
 */
static struct error *find_call(struct kcov *kcov, const struct kcov_call *call,
			       const struct trace *others, uint64_t *ret)
{
	_cleanup_free_ struct trace *traces = calloc(2, sizeof(*traces));

	if (!traces)
		return &error_no_memory;
	struct error *err = append_call(kcov, call, &traces[0]);
	if (!err)
		err = append_call(kcov, call, &traces[1]);
	if (err)
		return err;
	for (size_t i = 0; i < traces[0].len && !*ret; i++) {
		uint64_t pc = traces[0].pcs[i];

		if (!trace_has(others, pc) && trace_has(&traces[1], pc))
			*ret = pc;
	}
	return NULL;
}

/*
 * The handlers of finit_module(2) and init_module(2) are not instrumented (kernel/module/Makefile).
 * So calls that fail at once show only PCs of capable() and of looking up the descriptor. Exclude
 * these, and let the calls go on until they read the module: kernel_read_file() refuses a pipe, and
 * there is no memory at -1.
 */
static struct error *find_loads(struct kcov *kcov, struct trace *others, uint64_t ret[2])
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return error_errno(errno, "cannot make a pipe");
	const struct kcov_call early[] = { { SYS_finit_module, { -1 } },
					   { SYS_init_module, { -1 } },
					   { SYS_fsync, { ends[0] } } };
	const struct kcov_call late[] = { { SYS_finit_module, { ends[0] } },
					  { SYS_init_module, { -1, 4096 } } };
	struct error *err = NULL;

	for (int i = 0; i < 3 && !err; i++)
		err = append_call(kcov, &early[i], others);
	for (int i = 0; i < 2 && !err; i++)
		err = find_call(kcov, &late[i], others, &ret[i]);
	close(ends[0]);
	close(ends[1]);
	return err;
}

/* Ask the kernel, otherwise compute it from symbols. Only modules need the offset, so a failure
 * is not an error. */
static void find_kaslr_offset(const struct trace *getpid_trace, struct self_trace *ret)
{
	struct kallsyms *kallsyms = NULL;

	struct error *err = vmcoreinfo_kaslr_offset(NULL, &ret->kaslr_offset);
	if (err) {
		error_destroy(err);
		err = kallsyms_load(NULL, &kallsyms);
		if (!err)
			err = identity_kaslr_offset(getpid_trace->pcs, getpid_trace->len, kallsyms,
						    &ret->kaslr_offset);
		kallsyms_destroy(kallsyms);
	}
	ret->kaslr_known = !err;
	error_destroy(err);
}

struct error *self_trace_run(struct self_trace *ret)
{
	_cleanup_free_ struct trace *trace = calloc(1, sizeof(*trace));
	_cleanup_kcov_ struct kcov kcov = KCOV_CLOSED;

	if (!trace)
		return &error_no_memory;
	*ret = (struct self_trace){ 0 };
	struct error *err = kcov_open(&kcov, MAX_PCS);
	if (!err)
		err = kcov_trace_getpid(&kcov, trace->pcs, MAX_PCS, &trace->len);
	if (err)
		return err;
	if (!trace->len)
		return error_hint(error_create(ERROR_UNSUPPORTED, "the kernel records no PCs"),
				  "is it built with CONFIG_KCOV_INSTRUMENT_ALL=y?");
	find_kaslr_offset(trace, ret);
	/* No request has this number. */
	err = find_call(&kcov, &(struct kcov_call){ SYS_ptrace, { -1 } }, trace, &ret->ptrace_pc);
	return err ? err : find_loads(&kcov, trace, ret->load_pcs);
}
