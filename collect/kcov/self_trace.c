// SPDX-License-Identifier: GPL-2.0-or-later
/* Traces system calls of our own to find PCs of some, and the KASLR offset. */
#include "collect/kcov/self_trace.h"

#include <stdlib.h>
#include <sys/syscall.h>

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

/*
 * The first PC that a system call has and getpid(2) does not have: in its handler, or in the switch
 * that leads to it. With -1 as its first argument, and 0 for the others, the call must do nothing.
 */
static struct error *find_call(struct kcov *kcov, long number, const struct trace *getpid_trace,
			       uint64_t *ret)
{
	_cleanup_free_ struct trace *trace = calloc(1, sizeof(*trace));

	if (!trace)
		return &error_no_memory;
	struct error *err = kcov_trace_call(kcov, number, -1, trace->pcs, MAX_PCS, &trace->len);
	if (err)
		return err;
	for (size_t i = 0; i < trace->len && !*ret; i++)
		if (!trace_has(getpid_trace, trace->pcs[i]))
			*ret = trace->pcs[i];
	return NULL;
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
	/* No request has this number; no file has this descriptor; no module has 0 bytes. */
	err = find_call(&kcov, SYS_ptrace, trace, &ret->ptrace_pc);
	if (!err)
		err = find_call(&kcov, SYS_finit_module, trace, &ret->load_pcs[0]);
	if (!err)
		err = find_call(&kcov, SYS_init_module, trace, &ret->load_pcs[1]);
	return err;
}
