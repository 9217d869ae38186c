// SPDX-License-Identifier: GPL-2.0
/* KCOV_REMOTE_ENABLE: its arguments, and which task has a handle and until when.
 * section_cases.c tests what is recorded. */
#include <errno.h>

#include "device.h"
#include "suite.h"
#include "symbols.h"

#define INIT  "a.init:512=0 b.init:512=0 c.init:512=0 "
#define OWNED INIT "p.a.remote:0,64,c0x101,u3,u4=0 "

static void comparisons(void)
{
	int expected = config_has("KCOV_ENABLE_COMPARISONS") ? 0 : 524;
	struct trace trace = trace_create(PAGE_WORDS);

	expect_errno(remote_enable(trace.fd, KCOV_TRACE_CMP, 64, COMMON(1), NULL, 0), expected,
		     "KCOV_TRACE_CMP");
}

/* There must be some limit. */
static void far_too_many(void)
{
	struct kcov_remote_arg argument = { .area_size = 64, .num_handles = UINT32_MAX };
	struct trace trace = trace_create(PAGE_WORDS);

	expect_true(kcov_call_pointer(trace.fd, KCOV_REMOTE_ENABLE, &argument) != 0,
		    "2^32 - 1 handles are refused");
	expect_errno(remote_enable(trace.fd, KCOV_TRACE_PC, 64, COMMON(1), NULL, 0), 0,
		     "remote enable after it");
}

/* A line is a case. */
/* clang-format off */
const struct test_case remote_cases[] = {
	{ "REMOTE_ENABLE: bad address", BOTH, INIT "a.remotefault:0=EFAULT a.remotefault:1=EFAULT a.remotefault:0x7ffffffff000=EFAULT a.remotefault:-4096=EFAULT" },
	{ "REMOTE_ENABLE: bad address when not initialized", BOTH, "a.remotefault:0=EFAULT" },
	{ "REMOTE_ENABLE: when not initialized", BOTH, "a.remote:0,64,c0x101=EINVAL" },
	{ "REMOTE_ENABLE: when enabled", BOTH, INIT "a.enable:0=0 a.remote:0,64,c0x101=EINVAL p.a.remote:0,64,c0x101=EINVAL a.disable:0=0" },
	{ "REMOTE_ENABLE: twice", BOTH, INIT "a.remote:0,64,c0x101=0 a.remote:0,64,c0x102=EINVAL p.a.remote:0,64,c0x102=EINVAL a.disable:0=0" },
	{ "REMOTE_ENABLE: again after DISABLE", BOTH, INIT "a.remote:0,64,c0x101=0 a.disable:0=0 a.remote:0,64,c0x101=0 a.disable:0=0 p.a.remote:0,64,c0x101=0" },
	{ "REMOTE_ENABLE: mode 2", BOTH, INIT "a.remote:2,64,c0x101=EINVAL a.remote:0,64,c0x101=0" },
	{ "REMOTE_ENABLE: mode -1", BOTH, INIT "a.remote:0xffffffff,64,c0x101=EINVAL" },
	{ "REMOTE_ENABLE: mode 16, of a trace", BOTH, INIT "a.remote:16,64,c0x101=EINVAL a.remote:256,64,c0x101=EINVAL" },
	{ "REMOTE_ENABLE: comparisons", BOTH, .run = comparisons },
	{ "REMOTE_ENABLE: area of 0 words", BOTH, INIT "a.remote:0,0,c0x101=0 a.disable:0=0" },
	{ "REMOTE_ENABLE: area of 1 word", BOTH, INIT "a.remote:0,1,c0x101=0 a.disable:0=0" },
	{ "REMOTE_ENABLE: the largest area", BOTH, INIT "a.remote:0,0xffffffff,c0x101=0 a.disable:0=0" },
	{ "REMOTE_ENABLE: no handle", BOTH, INIT "a.remote:0,64=0 a.disable:0=0" },
	{ "REMOTE_ENABLE: no handle, and what it keeps from", BOTH, INIT "a.remote:0,64=0 a.remote:0,64=EINVAL" },
	{ "REMOTE_ENABLE: a USB handle", BOTH, INIT "a.remote:0,64,u1=0" },
	{ "REMOTE_ENABLE: the USB handle of instance 0", BOTH, INIT "a.remote:0,64,u0=0" },
	{ "REMOTE_ENABLE: the largest instances", BOTH, INIT "a.remote:0,64,u0xffffffff,c0xffffffff=0" },
	{ "REMOTE_ENABLE: common and USB handles", BOTH, INIT "a.remote:0,64,c0x101,u1,u2,u3=0" },
	{ "REMOTE_ENABLE: 256 handles", BOTH, INIT "a.remote:0,64,n256=0 p.b.remote:0,64,n1=EEXIST a.disable:0=0 p.b.remote:0,64,n256=0" },
	{ "REMOTE_ENABLE: 257 handles", STOCK, INIT "a.remote:0,64,n257=EINVAL a.remote:0,64,n256=0" },
	{ "REMOTE_ENABLE: 257 handles", OURS, INIT "a.remote:0,64,n257=0" },
	{ "REMOTE_ENABLE: 65,536 handles", STOCK, INIT "a.remote:0,64,n65536=EINVAL" },
	{ "REMOTE_ENABLE: 65,536 handles", OURS, INIT "a.remote:0,64,n65536=0 p.b.remote:0,64,u131071=EEXIST a.disable:0=0 p.b.remote:0,64,n65536,c0x101=0" },
	{ "REMOTE_ENABLE: 65,536 handles, the last in use", OURS, INIT "p.a.remote:0,64,u131071=0 b.remote:0,64,n65536=EEXIST p.a.disable:0=0 b.remote:0,64,n65536=0" },
	{ "REMOTE_ENABLE: 2^32 - 1 handles", STOCK, INIT "a.remote:0,64,N0xffffffff=EINVAL" },
	{ "REMOTE_ENABLE: 2^32 - 1 handles", OURS, .run = far_too_many },

	{ "handles: 0", BOTH, INIT "a.remote:0,64,h0=EINVAL" },
	{ "handles: a common one among the others", BOTH, INIT "a.remote:0,64,h0x101=EINVAL a.remote:0,64,c0x101,h0x102=EINVAL" },
	{ "handles: an unknown subsystem", BOTH, INIT "a.remote:0,64,h0x0200000000000001=EINVAL a.remote:0,64,h0xff00000000000001=EINVAL" },
	{ "handles: reserved bytes", BOTH, INIT "a.remote:0,64,h0x0100000100000001=EINVAL a.remote:0,64,h0x0180000000000001=EINVAL" },
	{ "handles: a common handle of a subsystem", BOTH, INIT "a.remote:0,64,c0x0100000000000001=EINVAL a.remote:0,64,c0x0200000000000001=EINVAL" },
	{ "handles: a common handle with instance 0", BOTH, INIT "a.remote:0,64,c0x0100000000000000=EINVAL" },
	{ "handles: a common handle with reserved bytes", BOTH, INIT "a.remote:0,64,c0x0000000100000001=EINVAL a.remote:0,64,c0x0080000000000001=EINVAL" },
	{ "handles: twice in one call", BOTH, INIT "a.remote:0,64,u1,u1=EEXIST a.remote:0,64,u1=0" },

	{ "all or nothing: a bad handle behind good ones", BOTH, INIT "a.remote:0,64,u1,u2,h0=EINVAL b.remote:0,64,u1,u2=0" },
	{ "all or nothing: a bad common handle", BOTH, INIT "a.remote:0,64,u1,u2,c0x0100000000000001=EINVAL p.b.remote:0,64,u1,u2=0" },
	{ "all or nothing: a handle in use behind free ones", BOTH, OWNED "b.remote:0,64,u1,u2,u3=EEXIST q.c.remote:0,64,u1,u2=0" },
	{ "all or nothing: the common handle in use", BOTH, OWNED "b.remote:0,64,u1,u2,c0x101=EEXIST q.c.remote:0,64,u1,u2=0" },
	{ "all or nothing: the same task and descriptor after it", BOTH, OWNED "b.remote:0,64,u3=EEXIST b.remote:0,64,u1=0 b.disable:0=0 b.enable:0=0" },
	{ "all or nothing: who has them keeps them", BOTH, OWNED "b.remote:0,64,u1,u3=EEXIST b.remote:0,64,u3=EEXIST b.remote:0,64,c0x101=EEXIST p.a.disable:0=0 b.remote:0,64,u3,u4,c0x101=0" },

	{ "EEXIST: in the same process, another thread", BOTH, INIT "t.a.remote:0,64,u1=0 u.b.remote:0,64,u1=EEXIST u.b.remote:0,64,u2=0" },
	{ "EEXIST: common and USB of one instance are two", BOTH, INIT "t.a.remote:0,64,u1=0 u.b.remote:0,64,c1=0" },
	{ "EBUSY: two remote descriptors in one task", BOTH, INIT "a.remote:0,64,u1=0 b.remote:0,64,u2=EBUSY a.disable:0=0 b.remote:0,64,u2=0" },
	{ "local, then remote, in one task", STOCK, INIT "a.enable:0=0 b.remote:0,64,u1=EBUSY a.disable:0=0 b.remote:0,64,u1=0" },
	{ "remote, then local, in one task", STOCK, INIT "a.remote:0,64,u1=0 b.enable:0=EBUSY a.disable:0=0 b.enable:0=0" },
	{ "local, then remote, in one task", OURS, INIT "a.enable:0=0 b.remote:0,64,u1=0 a.disable:0=0 b.disable:0=0 a.disable:0=EINVAL b.disable:0=EINVAL" },
	{ "remote, then local, in one task", OURS, INIT "a.remote:0,64,u1=0 b.enable:0=0 a.disable:0=0 p.a.remote:0,64,u1=0 b.disable:0=0" },
	{ "local and remote: not a third", OURS, INIT "a.remote:0,64,u1=0 b.enable:0=0 c.enable:0=EBUSY c.remote:0,64,u2=EBUSY" },

	{ "a handle is free again: after DISABLE", BOTH, INIT "p.a.remote:0,64,c0x101,u1=0 b.remote:0,64,u1=EEXIST p.a.disable:0=0 b.remote:0,64,c0x101,u1=0" },
	{ "a handle is free again: after exit of the process", BOTH, INIT "p.a.remote:0,64,c0x101,u1=0 b.remote:0,64,u1=EEXIST p.exit=0 b.remote:0,64,c0x101,u1=0" },
	{ "a handle is free again: after exit of the thread", BOTH, INIT "t.a.remote:0,64,c0x101,u1=0 t.exit=0 b.remote:0,64,c0x101,u1=0" },
	{ "a handle is not free: after close", BOTH, INIT "p.a.remote:0,64,c0x101,u1=0 p.a.close=0 a.close=0 b.remote:0,64,u1=EEXIST p.exit=0 b.remote:0,64,u1=0" },
	{ "a handle is not free: after fork of the owner and its child's end", BOTH, INIT "a.remote:0,64,c0x101=0 p.b.remote:0,64,c0x101=EEXIST p.exit=0 q.b.remote:0,64,c0x101=EEXIST" },
	{ "a descriptor of an owner that exited can be enabled", BOTH, INIT "p.a.remote:0,64,u1=0 p.exit=0 a.enable:0=0 a.disable:0=0 a.remote:0,64,u1=0" },
	{ "a child of the owner is not enabled", BOTH, INIT "a.remote:0,64,c0x101=0 p.a.disable:0=EINVAL p.b.enable:0=0 p.b.disable:0=0 p.b.remote:0,64,u1=0" },
	{}
};
/* clang-format on */
