// SPDX-License-Identifier: GPL-2.0
/* The area in user space: which mappings are possible, and what they contain. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "device.h"
#include "suite.h"
#include "symbols.h"

#define PAGE  4096
#define PAGES 64 /* room for munmap(), and for what a preempted task records */
#define WORDS (PAGES * PAGE_WORDS)
#define BYTES (PAGES * PAGE)
#define INIT4 "a.init:2048=0 "

static void *must_map(int fd, size_t bytes, int protection, int flags)
{
	void *area = mmap(NULL, bytes, protection, flags, fd, 0);

	if (area == MAP_FAILED)
		quit("mmap: %s", errno_name(errno));
	return area;
}

static void record(struct trace *trace, unsigned int calls)
{
	trace_enable(trace);
	call_getpid(calls);
	trace_disable(trace);
	expect_equal(trace_entries(trace, "__x64_sys_getpid"), calls, "calls of getpid");
}

static void zeroed(void)
{
	struct trace trace = trace_create(WORDS);

	for (size_t i = 0; i < trace.words; i++)
		if (trace.area[i])
			quit("word %zu of a new area is not 0", i);
}

static void mapped_twice(void)
{
	struct trace trace = trace_create(WORDS);
	uint64_t *other = must_map(trace.fd, BYTES, PROT_READ, MAP_SHARED);

	record(&trace, 11);
	expect_true(trace_count(&trace) > 11 && !memcmp(other, trace.area, BYTES),
		    "both mappings have the same");
}

/* A mapping that a child inherited is the same memory. */
static void child_reads(void *argument)
{
	struct trace *trace = argument;

	expect_equal(trace_entries(trace, "__x64_sys_getpid"), 5, "calls of getpid, in the child");
	trace->area[1] = 0x1234;
}

static void child_maps(void *argument)
{
	struct trace *trace = argument;
	struct trace own = *trace;

	own.area = must_map(trace->fd, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED);
	expect_equal(own.area[1], 0x1234, "what another process stored");
	own.area[1] = 0x5678;
}

static void two_processes(void)
{
	struct trace trace = trace_create(WORDS);

	record(&trace, 5);
	task_run(child_reads, &trace);
	expect_equal(trace.area[1], 0x1234, "what the child stored");
	task_run(child_maps, &trace);
	expect_equal(trace.area[1], 0x5678, "what the child stored in its own mapping");
}

static void after_close(void)
{
	struct trace trace = trace_create(WORDS);

	record(&trace, 5);
	close(trace.fd);
	expect_equal(trace_entries(&trace, "__x64_sys_getpid"), 5, "calls of getpid, after close");
}

/* A private mapping shows what is recorded until the program stores to it. */
static void private_mapping(void)
{
	struct trace trace = trace_create(WORDS);
	uint64_t *own = must_map(trace.fd, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE);

	trace_enable(&trace);
	call_getpid(3);
	uint64_t count = trace_disable(&trace);
	expect_true(own[0] >= count && own[0] == trace.area[0],
		    "the private mapping has what was recorded");
	own[0] = 0;
	expect_true(trace.area[0] >= count, "a store to it is not in the area");
	trace_enable(&trace);
	call_getpid(3);
	trace_disable(&trace);
	expect_equal(own[0], 0, "count of the private mapping after the store");
	expect_true(trace.area[0] > 0, "recorded after the store");
}

static void remapped(void)
{
	struct trace trace = trace_create(WORDS);
	void *place = mmap(NULL, 2 * BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *moved;

	expect_true(mremap(trace.area, BYTES, 2 * BYTES, MREMAP_MAYMOVE) == MAP_FAILED,
		    "it does not grow");
	expect_errno(errno, EFAULT, "mremap to a larger size");
	moved = mremap(trace.area, BYTES, BYTES, MREMAP_MAYMOVE | MREMAP_FIXED, place);
	expect_true(moved == place, "it is moved");
	if (moved != place)
		return;
	trace.area = moved;
	record(&trace, 9);
	moved = mremap(trace.area, BYTES, BYTES / 2, 0);
	expect_true(moved == trace.area, "it shrinks");
}

static void unmapped_while_enabled(void)
{
	struct trace trace = trace_create(WORDS);

	trace_enable(&trace);
	munmap(trace.area, BYTES);
	call_getpid(13);
	trace.area = must_map(trace.fd, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED);
	expect_errno(kcov_call(trace.fd, KCOV_DISABLE, 0), 0, "disable");
	expect_equal(trace_entries(&trace, "__x64_sys_getpid"), 13,
		     "calls of getpid while there was no mapping");
}

static void partly_unmapped(void)
{
	struct trace trace = trace_create(WORDS);

	munmap((char *)trace.area + BYTES - PAGE, PAGE);
	record(&trace, 6);
}

/* User space stores and the kernel reads, then the other way round, through a read-only mapping. */
static void read_only(void)
{
	struct trace trace = trace_create(WORDS), other = trace;

	other.area = must_map(trace.fd, BYTES, PROT_READ, MAP_SHARED);
	record(&trace, 4);
	expect_equal(trace_entries(&other, "__x64_sys_getpid"), 4,
		     "calls of getpid, in what is read only");
	expect_true(mprotect(other.area, BYTES, PROT_READ | PROT_WRITE) == 0,
		    "mprotect makes it writable");
}

/* Nothing is mapped while the task is recorded: the memory exists since KCOV_INIT_TRACE. */
static void mapped_after_record(void)
{
	struct trace trace = { .fd = kcov_open(), .words = WORDS };

	expect_errno(kcov_call(trace.fd, KCOV_INIT_TRACE, trace.words), 0, "init");
	expect_errno(kcov_call(trace.fd, KCOV_ENABLE, 0), 0, "enable");
	call_getpid(8);
	expect_errno(kcov_call(trace.fd, KCOV_DISABLE, 0), 0, "disable");
	trace.area = must_map(trace.fd, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED);
	expect_equal(trace_entries(&trace, "__x64_sys_getpid"), 8, "calls of getpid");
}

/* A pipe can hold a page that is not mapped any more. The kernel must not write to it. */
static void held_after_close(void)
{
	struct trace trace = trace_create(WORDS);
	struct iovec page = { trace.area, PAGE };
	uint64_t words[PAGE_WORDS];
	int pipe_ends[2];

	for (unsigned int i = 0; i < PAGE_WORDS; i++)
		trace.area[i] = i + 1000;
	if (pipe(pipe_ends) || vmsplice(pipe_ends[1], &page, 1, 0) != PAGE)
		quit("vmsplice: %s", errno_name(errno));
	trace_destroy(&trace);
	usleep(100000);
	expect_equal(read(pipe_ends[0], words, PAGE), PAGE, "bytes in the pipe");
	for (unsigned int i = 0; i < PAGE_WORDS; i++)
		if (!expect_equal(words[i], i + 1000, "a word of the page"))
			break;
}

/* A line is a case. */
/* clang-format off */
const struct test_case mmap_cases[] = {
	{ "mmap: before INIT_TRACE", BOTH, "a.mmap:1=EINVAL" },
	{ "mmap: exact size", BOTH, INIT4 "a.mmap:4=0" },
	{ "mmap: smaller", BOTH, INIT4 "a.mmap:3=EINVAL a.mmap:1=EINVAL" },
	{ "mmap: larger", BOTH, INIT4 "a.mmap:5=EINVAL" },
	{ "mmap: at an offset", BOTH, INIT4 "a.mmap:4,1=EINVAL a.mmap:3,1=EINVAL a.mmap:1,3=EINVAL" },
	{ "mmap: of what is no multiple of a page", BOTH, "a.init:2=0 a.mmap:1=EINVAL b.init:513=0 b.mmap:1=EINVAL b.mmap:2=EINVAL" },
	{ "mmap: private", BOTH, INIT4 "a.mmap:4,0,prw=0 a.mmap:4,0,pr=0 a.mmap:3,0,prw=EINVAL" },
	{ "mmap: read only, write only, executable", BOTH, INIT4 "a.mmap:4,0,sr=0 a.mmap:4,0,sw=0 a.mmap:4,0,s=0" },
	{ "mmap: of a descriptor that is read only", BOTH, "a.open:r=0 " INIT4 "a.mmap:4,0,sr=0 a.mmap:4=EACCES a.mmap:4,0,prw=0" },
	{ "mmap: of a descriptor that is write only", BOTH, "a.open:w=0 " INIT4 "a.mmap:4,0,sw=EACCES a.mmap:4=EACCES" },
	{ "mmap: twice", BOTH, INIT4 "a.mmap:4=0 a.mmap:4=0 p.a.mmap:4=0" },
	{ "mmap: when enabled, disabled, remote", BOTH, INIT4 "a.enable:0=0 a.mmap:4=0 a.disable:0=0 a.mmap:4=0 a.remote:0,64,u1=0 a.mmap:4=0" },
	{ "mmap: by another task, when enabled", BOTH, INIT4 "a.enable:0=0 t.a.mmap:4=0 p.a.mmap:4=0 p.a.mmap:3=EINVAL" },
	{ "area: zeroed", BOTH, .run = zeroed },
	{ "area: mapped twice, the same", BOTH, .run = mapped_twice },
	{ "area: in two processes, the same", BOTH, .run = two_processes },
	{ "area: there after close", BOTH, .run = after_close },
	{ "area: held by a pipe after munmap and close", BOTH, .run = held_after_close },
	{ "area: private mapping", BOTH, .run = private_mapping },
	{ "area: mremap", BOTH, .run = remapped },
	{ "area: unmapped while enabled", BOTH, .run = unmapped_while_enabled },
	{ "area: partly unmapped", BOTH, .run = partly_unmapped },
	{ "area: read only mapping", BOTH, .run = read_only },
	{ "area: mapped after it was recorded", BOTH, .run = mapped_after_record },
	{}
};
/* clang-format on */
