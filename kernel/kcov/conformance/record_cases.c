// SPDX-License-Identifier: GPL-2.0
/* What a trace of PCs contains, and when. */
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <unistd.h>

#include "device.h"
#include "suite.h"
#include "symbols.h"

#define WORDS (64 * PAGE_WORDS)

static void in_text(void)
{
	struct trace trace = trace_create(WORDS);
	struct range text = text_range();

	trace_enable(&trace);
	call_getpid(1);
	close(kcov_open());
	uint64_t count = trace_disable(&trace);
	expect_between(count, 10, WORDS - 1, "PCs");
	for (uint64_t i = 1; i <= count; i++)
		if (trace.area[i] < text.start || trace.area[i] >= text.end)
			quit("PC 0x%" PRIx64 " is not in text 0x%" PRIx64 " to 0x%" PRIx64,
			     trace.area[i], text.start, text.end);
}

static void in_function(void)
{
	struct trace trace = trace_create(WORDS);

	trace_enable(&trace);
	call_getpid(100);
	call_getppid(10);
	trace_disable(&trace);
	expect_equal(trace_entries(&trace, "__x64_sys_getpid"), 100, "calls of getpid");
	expect_equal(trace_entries(&trace, "__x64_sys_getppid"), 10, "calls of getppid");
	expect_equal(trace_entries(&trace, "__x64_sys_gettid"), 0, "calls of gettid");
}

static void nothing_when_off(void)
{
	struct trace trace = trace_create(WORDS);

	call_getpid(5);
	expect_equal(trace_count(&trace), 0, "PCs before ENABLE");
	trace_enable(&trace);
	call_getppid(1);
	trace_disable(&trace);
	uint64_t count = trace_count(&trace);
	call_getpid(5);
	expect_equal(trace_count(&trace), count, "PCs after DISABLE");
	expect_equal(trace_entries(&trace, "__x64_sys_getpid"), 0, "calls of getpid");
}

/* ENABLE does not clear the trace. User space does, by setting the count to 0. */
static void enabled_again(void)
{
	struct trace trace = trace_create(WORDS);

	expect_errno(kcov_call(trace.fd, KCOV_ENABLE, 0), 0, "enable");
	call_getpid(5);
	expect_errno(kcov_call(trace.fd, KCOV_DISABLE, 0), 0, "disable");
	expect_errno(kcov_call(trace.fd, KCOV_ENABLE, 0), 0, "enable again");
	call_getpid(6);
	expect_errno(kcov_call(trace.fd, KCOV_DISABLE, 0), 0, "disable");
	expect_equal(trace_entries(&trace, "__x64_sys_getpid"), 11, "calls of getpid");
}

static void count_reset(void)
{
	struct trace trace = trace_create(WORDS);

	trace_enable(&trace);
	call_getpid(7);
	__atomic_store_n(trace.area, 0, __ATOMIC_RELEASE);
	call_getppid(3);
	trace_disable(&trace);
	expect_equal(trace_entries(&trace, "__x64_sys_getpid"), 0,
		     "calls of getpid before the reset");
	expect_equal(trace_entries(&trace, "__x64_sys_getppid"), 3, "calls of getppid after it");
}

static void full(void)
{
	struct trace trace = trace_create(PAGE_WORDS);

	trace_enable(&trace);
	call_getpid(2000);
	expect_equal(trace_disable(&trace), PAGE_WORDS - 1, "PCs of what is full");
	expect_equal(trace_count(&trace), PAGE_WORDS - 1, "PCs after DISABLE");
	for (size_t i = 1; i < trace.words; i++)
		if (!trace.area[i])
			quit("word %zu of what is full is 0", i);
}

/* The trace was full, and user space makes room again. */
static void full_and_reset(void)
{
	struct trace trace = trace_create(WORDS);

	trace_enable(&trace);
	while (trace_count(&trace) < WORDS - 1)
		call_getpid(100);
	__atomic_store_n(trace.area, 0, __ATOMIC_RELEASE);
	call_getppid(3);
	trace_disable(&trace);
	expect_equal(trace_entries(&trace, "__x64_sys_getppid"), 3, "calls of getppid");
}

/* The smallest area has room for one PC and cannot be mapped. The case can only show that
 * nothing breaks. */
static void smallest(void)
{
	int fd = kcov_open();

	expect_errno(kcov_call(fd, KCOV_INIT_TRACE, 2), 0, "init");
	expect_errno(kcov_call(fd, KCOV_ENABLE, 0), 0, "enable");
	call_getpid(1000);
	expect_errno(kcov_call(fd, KCOV_DISABLE, 0), 0, "disable");
}

static void count_near_end(void)
{
	struct trace trace = trace_create(PAGE_WORDS);

	trace_enable(&trace);
	__atomic_store_n(trace.area, PAGE_WORDS - 3, __ATOMIC_RELEASE);
	call_getpid(100);
	expect_equal(trace_disable(&trace), PAGE_WORDS - 1, "count");
	expect_true(trace.area[PAGE_WORDS - 2] && trace.area[PAGE_WORDS - 1],
		    "the last two words are PCs");
}

static void count_beyond(void)
{
	static const uint64_t counts[] = { PAGE_WORDS - 1, PAGE_WORDS, PAGE_WORDS + 1, 1ull << 32,
					   1ull << 61,	   1ull << 63, UINT64_MAX - 1 };
	struct trace trace = trace_create(PAGE_WORDS);

	trace_enable(&trace);
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		__atomic_store_n(trace.area, counts[i], __ATOMIC_RELEASE);
		call_getpid(10);
		expect_equal(trace_count(&trace), counts[i], "a count that user space stored");
	}
	__atomic_store_n(trace.area, PAGE_WORDS, __ATOMIC_RELEASE);
	expect_errno(kcov_call(trace.fd, KCOV_DISABLE, 0), 0, "disable");
}

/* A count of -1 has no meaning but does no harm: nothing is stored after the first PCs. */
static void count_minus_one(void)
{
	struct trace trace = trace_create(PAGE_WORDS);

	trace_enable(&trace);
	__atomic_store_n(trace.area, UINT64_MAX, __ATOMIC_RELEASE);
	call_getpid(1);
	__atomic_store_n(trace.area, PAGE_WORDS, __ATOMIC_RELEASE);
	trace_disable(&trace);
	/* ENABLE itself recorded some at the start. */
	expect_equal(trace.area[PAGE_WORDS - 1], 0, "last word");
}

struct two {
	struct trace traces[2];
};

static void *thread_two(void *argument)
{
	struct two *two = argument;

	trace_enable(&two->traces[1]);
	call_getppid(40);
	trace_disable(&two->traces[1]);
	return NULL;
}

static void two_threads(void)
{
	struct two two = { { trace_create(WORDS), trace_create(WORDS) } };
	pthread_t thread;

	if (pthread_create(&thread, NULL, thread_two, &two))
		quit("cannot make a thread");
	trace_enable(&two.traces[0]);
	call_getpid(50);
	trace_disable(&two.traces[0]);
	pthread_join(thread, NULL);
	expect_equal(trace_entries(&two.traces[0], "__x64_sys_getpid"), 50, "getpid of the first");
	expect_equal(trace_entries(&two.traces[1], "__x64_sys_getppid"), 40,
		     "getppid of the second");
	expect_equal(trace_entries(&two.traces[0], "__x64_sys_getppid"), 0, "getppid of the first");
	expect_equal(trace_entries(&two.traces[1], "__x64_sys_getpid"), 0, "getpid of the second");
}

/* A line is a case. */
/* clang-format off */
const struct test_case record_cases[] = {
	{ "trace: PCs are in kernel text, without the KASLR offset", BOTH, .run = in_text },
	{ "trace: each call of a function", BOTH, .run = in_function },
	{ "trace: nothing before ENABLE and after DISABLE", BOTH, .run = nothing_when_off },
	{ "trace: ENABLE again goes on behind what is there", BOTH, .run = enabled_again },
	{ "trace: count reset while enabled", BOTH, .run = count_reset },
	{ "trace: full stays at the last word", BOTH, .run = full },
	{ "trace: full, and reset", BOTH, .run = full_and_reset },
	{ "trace: the smallest area", BOTH, .run = smallest },
	{ "trace: count stored near the end", BOTH, .run = count_near_end },
	{ "trace: count stored beyond the end", BOTH, .run = count_beyond },
	{ "trace: count -1", BOTH, .run = count_minus_one },
	{ "trace: two threads, each to its own", BOTH, .run = two_threads },
	{}
};
/* clang-format on */
