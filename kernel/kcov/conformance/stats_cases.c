// SPDX-License-Identifier: GPL-2.0
/* KCOV_GET_STATS: whatever is lost is counted. */
#include <errno.h>
#include <unistd.h>

#include "device.h"
#include "section.h"
#include "suite.h"
#include "symbols.h"

#define WORDS (256 * PAGE_WORDS)
#define CALLS 2000

static void expect_stats(int fd, struct kcov_stats expected)
{
	struct kcov_stats stats = stats_get(fd);

	expect_equal(stats.reserved, 0, "reserved");
	expect_equal(stats.dropped_pcs, expected.dropped_pcs, "dropped_pcs");
	expect_equal(stats.dropped_remote_pcs, expected.dropped_remote_pcs, "dropped_remote_pcs");
	expect_equal(stats.dropped_sections, expected.dropped_sections, "dropped_sections");
	expect_equal(stats.dropped_tasks, expected.dropped_tasks, "dropped_tasks");
	expect_equal(stats.tasks, expected.tasks, "tasks");
	expect_equal(stats.inherited_tasks, expected.inherited_tasks, "inherited_tasks");
}

static void of_trace(void)
{
	struct trace trace = trace_create(WORDS);

	expect_stats(trace.fd, (struct kcov_stats){});
	trace_enable(&trace);
	call_getpid(10);
	expect_stats(trace.fd, (struct kcov_stats){ .tasks = 1 });
	trace_disable(&trace);
	expect_stats(trace.fd, (struct kcov_stats){});
}

static void of_set(void)
{
	struct set set = set_create_small(0), other = set_share(&set);

	expect_stats(set.fd, (struct kcov_stats){});
	set_enable(&set, KCOV_INHERIT);
	expect_stats(set.fd, (struct kcov_stats){ .tasks = 1 });
	expect_stats(other.fd, (struct kcov_stats){ .tasks = 1 });
	set_disable(&set);
	expect_stats(other.fd, (struct kcov_stats){});
}

/* PCs of CALLS calls of getpid, recorded and dropped. */
static uint64_t getpid_pcs(size_t words, uint64_t *dropped)
{
	struct trace trace = trace_create(words);

	trace_enable(&trace);
	uint64_t before = stats_get(trace.fd).dropped_pcs;
	__atomic_store_n(trace.area, 0, __ATOMIC_RELEASE);
	call_getpid(CALLS);
	uint64_t count = trace_count(&trace);
	*dropped = stats_get(trace.fd).dropped_pcs - before;
	trace_disable(&trace);
	trace_destroy(&trace);
	return count;
}

static void dropped_pcs(void)
{
	uint64_t none, some, all = getpid_pcs(WORDS, &none);
	uint64_t recorded = getpid_pcs(PAGE_WORDS, &some);

	expect_equal(none, 0, "dropped_pcs where there was room");
	expect_equal(recorded, PAGE_WORDS - 1, "PCs of a full area");
	/* GET_STATS records PCs itself before it reads the count. An interrupt may add some to
	 * either. */
	expect_between(recorded + some, all - CALLS / 4, all + CALLS / 2, "recorded and dropped");
}

static void dropped_comparisons(void)
{
	struct trace trace = trace_create(PAGE_WORDS);

	if (kcov_call(trace.fd, KCOV_ENABLE, KCOV_TRACE_CMP))
		skip("a kernel without comparisons");
	for (unsigned int i = 0; i < 500; i++)
		close(-1);
	for (unsigned int i = 0; i < 100; i++)
		close(kcov_open());
	trace_disable(&trace);
	expect_between(stats_get(trace.fd).dropped_pcs, 100, 1000000, "dropped comparisons");
}

static void dropped_remote(void)
{
	struct trace trace = trace_create(WORDS), small = trace_create(PAGE_WORDS);

	remote_own(trace.fd, 100, COMMON(0x801));
	section_steps(KCOVREPORT_WORK, 0, 1000);
	uint64_t dropped = stats_get(trace.fd).dropped_remote_pcs, count = trace_disable(&trace);
	expect_equal(count, 99, "PCs of a section without room");
	/* The same, but with room. */
	remote_own(trace.fd, WORDS, COMMON(0x801));
	__atomic_store_n(trace.area, 0, __ATOMIC_RELEASE);
	section_steps(KCOVREPORT_WORK, 0, 1000);
	expect_equal(stats_get(trace.fd).dropped_remote_pcs, dropped,
		     "dropped_remote_pcs where there was room");
	expect_equal(count + dropped, trace_count(&trace),
		     "recorded and dropped in the section's area");
	uint64_t all = trace_disable(&trace);
	/* The section's buffer has room, the area that it is copied to has none. */
	remote_own(small.fd, WORDS, COMMON(0x801));
	section_steps(KCOVREPORT_WORK, 0, 1000);
	expect_equal(trace_count(&small) + stats_get(small.fd).dropped_remote_pcs, all,
		     "recorded and dropped when moved");
}

/* Needs more memory than any machine has, so the section cannot begin. */
static void dropped_sections(void)
{
	struct trace trace = trace_create(WORDS);

	remote_own(trace.fd, 0xffffffff, COMMON(0x801));
	sections_run(KCOVREPORT_WORK, 0, 3, 1);
	expect_equal(stats_get(trace.fd).dropped_sections, 3, "dropped_sections");
	expect_equal(trace_count(&trace), 0, "PCs");
}

/* A line is a case. */
/* clang-format off */
const struct test_case stats_cases[] = {
	{ "GET_STATS: when not initialized", OURS, "a.stats=EINVAL a.init:512=0 a.stats=0" },
	{ "GET_STATS: wrong size", OURS, "a.init:512=0 a.statssize:0=EINVAL a.statssize:55=EINVAL a.statssize:57=EINVAL b.set:0=0 b.statssize:64=EINVAL b.stats=0" },
	{ "GET_STATS: bad address", OURS, "a.init:512=0 a.statsfault:0=EFAULT a.statsfault:0x7ffffffff000=EFAULT" },
	{ "GET_STATS: in each state, from each task", OURS, "a.init:512=0 a.enable:0=0 a.stats=0 t.a.stats=0 p.a.stats=0 a.disable:0=0 a.stats=0 a.remote:0,64,u1=0 a.stats=0" },
	{ "stats: of a trace", OURS, .run = of_trace },
	{ "stats: of a set", OURS, .run = of_set },
	{ "stats: PCs that a full trace dropped", OURS, .run = dropped_pcs },
	{ "stats: comparisons that a full trace dropped", OURS, .run = dropped_comparisons },
	{ "stats: PCs that sections dropped", OURS, .run = dropped_remote },
	{ "stats: sections without memory", OURS, .run = dropped_sections },
	{}
};
/* clang-format on */
