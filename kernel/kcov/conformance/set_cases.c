// SPDX-License-Identifier: GPL-2.0
/* Set mode (kcov_set.h): the errnos of its ioctls, and the contents of a set. */
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "section.h"
#include "suite.h"
#include "symbols.h"

#define TRACE	"a.init:512=0 "
#define SET	"a.set:0=0 "
#define ENABLED SET "a.enable:16=0 "
#define WORDS	(64 * PAGE_WORDS)

struct part {
	uint64_t offset, bytes;
};

/* The layout: no two parts overlap, and the bitmap covers all of text. */
static void outputs(void)
{
	struct range text = text_range();
	struct set set = set_create(0);
	const struct kcov_set_init *init = &set.init;
	const struct part parts[] = {
		{ init->bitmap_offset, ((init->text_size >> init->text_shift) + 7) / 8 },
		{ init->modules_offset, ((init->modules_size >> init->text_shift) + 7) / 8 },
		{ init->hash_offset, init->hash_slots * sizeof(uint64_t) },
	};

	expect_equal(init->hash_slots, 1 << 16, "hash_slots for 0");
	expect_equal(init->reserved, 0, "reserved");
	expect_true(init->text_start <= text.start &&
			    init->text_start + init->text_size >= text.end,
		    "text is in it");
	expect_true(init->text_shift < 3, "text_shift: two call sites never share a bit");
	expect_equal(init->map_size % 4096, 0, "map_size, of the last page");
	for (int i = 0; i < 3; i++) {
		const struct part *part = &parts[i], *other = &parts[(i + 1) % 3];

		expect_equal(part->offset % sizeof(uint64_t), 0, "alignment");
		expect_true(part->offset + part->bytes <= init->map_size, "it is in the mapping");
		expect_true(part->offset + part->bytes <= other->offset ||
				    other->offset + other->bytes <= part->offset,
			    "they do not overlap");
	}
	expect_equal(set_size(&set), 0, "PCs of a new set");
}

static void slots(void)
{
	static const uint64_t good[] = { 1, 2, 64, 1 << 16, 1 << 20 };

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		struct set set = set_create_small(good[i]);

		expect_equal(set.init.hash_slots, good[i], "hash_slots");
		set_destroy(&set);
	}
}

/* Work that always takes the same path. */
static void work(void)
{
	int fds[2];

	call_getpid(3);
	if (pipe(fds))
		quit("cannot make a pipe");
	if (write(fds[1], "1234", 4) != 4)
		quit("cannot write to a pipe");
	close(fds[0]);
	close(fds[1]);
	call_getppid(3);
}

static struct trace work_trace(void)
{
	struct trace trace = trace_create(WORDS);

	trace_enable(&trace);
	work();
	trace.area[0] = trace_disable(&trace);
	return trace;
}

static bool trace_has(const struct trace *trace, uint64_t pc)
{
	for (uint64_t i = 1; i <= trace->area[0]; i++)
		if (trace->area[i] == pc)
			return true;
	return false;
}

/* The set must have all PCs that two traces have in common. PCs of only one trace may
 * come from an interruption. */
static void as_trace(void)
{
	work();
	struct trace first = work_trace(), second = work_trace();
	struct set set = set_create_small(0);
	uint64_t both = 0;

	/* Some paths run only when the clock has advanced, such as a new change time of a file. */
	set_enable(&set, 0);
	for (unsigned int i = 0; i < 300; i++)
		work();
	set_disable(&set);
	for (uint64_t i = 1; i <= first.area[0]; i++) {
		if (!trace_has(&second, first.area[i]))
			continue;
		both++;
		if (!set_has(&set, first.area[i]))
			fail("PC 0x%" PRIx64 " of the trace is not in the set", first.area[i]);
	}
	expect_between(both, 50, WORDS, "PCs that two traces have");
	/* The PCs of ENABLE and DISABLE are in the set, but in neither trace. */
	expect_between(set_size(&set), 20, both + 1000, "PCs of the set");
	expect_true(!set_has_function(&set, "__x64_sys_gettid"),
		    "what was not called is not in it");
	expect_equal(stats_get(set.fd).dropped_pcs, 0, "dropped_pcs");
}

static void only_when_enabled(void)
{
	struct set set = set_create_small(0);

	call_getpid(1);
	expect_equal(set_size(&set), 0, "PCs before ENABLE");
	set_enable(&set, 0);
	call_getppid(1);
	set_disable(&set);
	call_getpid(1);
	expect_true(set_has_function(&set, "__x64_sys_getppid"), "getppid is in it");
	expect_true(!set_has_function(&set, "__x64_sys_getpid"),
		    "getpid before ENABLE and after DISABLE is not");
	set_enable(&set, 0);
	call_getpid(1);
	set_disable(&set);
	expect_true(set_has_function(&set, "__x64_sys_getpid"),
		    "getpid after ENABLE again is in it");
	expect_true(set_has_function(&set, "__x64_sys_getppid"), "what was in it still is");
}

/* A trace would be full after a few of these calls. The last PCs are in the set all the same. */
static void never_full(void)
{
	struct set set = set_create_small(0);
	struct trace trace = trace_create(PAGE_WORDS);

	set_enable(&set, 0);
	for (unsigned int i = 0; i < 2000; i++)
		work();
	call_gettid(1);
	set_disable(&set);
	expect_true(set_has_function(&set, "__x64_sys_gettid"), "what came last is in the set");
	expect_equal(stats_get(set.fd).dropped_pcs, 0, "dropped_pcs of the set");
	trace_enable(&trace);
	for (unsigned int i = 0; i < 50; i++)
		work();
	call_gettid(1);
	trace_disable(&trace);
	expect_equal(trace_entries_kept(&trace, "__x64_sys_gettid"), 0, "what came last in a trace");
}

static void record_module(const struct set *set)
{
	set_enable((struct set *)set, 0);
	sections_run(KCOVREPORT_WORK, COMMON(0x701), 1, 1);
	set_disable((struct set *)set);
	expect_true(set_has_function(set, "remote_ioctl"), "PCs of the module's ioctl");
	expect_equal(stats_get(set->fd).dropped_pcs, 0, "dropped_pcs");
}

/* With a single hash slot: so all of the module's PCs are bits. */
static void module(void)
{
	struct set set = set_create(1);

	if (!set.init.modules_size)
		skip("modules have no bitmap here");
	record_module(&set);
	expect_equal(set_hashed(&set, 0, UINT64_MAX), 0, "PCs in the hash table");
}

static void module_hashed(void)
{
	struct set set = set_create_small(0);
	struct range range = function_range("remote_ioctl"), text = text_range();

	expect_equal(set.init.modules_size, 0, "modules_size");
	record_module(&set);
	expect_between(set_hashed(&set, range.start, range.end), 1, 100,
		       "PCs of the module's ioctl in the hash table");
	expect_equal(set_hashed(&set, text.start, text.end), 0,
		     "PCs of kernel text in the hash table");
}

static void module_no_room(void)
{
	struct set set = set_create_small(1);

	set_enable(&set, 0);
	sections_run(KCOVREPORT_WORK, COMMON(0x701), 1, 1);
	call_gettid(1);
	set_disable(&set);
	expect_equal(set_hashed(&set, 0, UINT64_MAX), 1, "PCs of a hash table with 1 slot");
	expect_between(stats_get(set.fd).dropped_pcs, 1, 10000, "dropped_pcs");
	expect_true(set_has_function(&set, "__x64_sys_gettid"), "kernel text is not hashed");
}

static void remote_context(unsigned int context)
{
	struct set set = set_create_small(0);

	expect_errno(remote_enable(set.fd, KCOV_TRACE_SET, PAGE_WORDS, COMMON(0x702), NULL, 0), 0,
		     "remote enable");
	for (unsigned int i = 0; i < 3; i++)
		sections_run(context, 0, 20, 4);
	set_disable(&set);
	expect_true(set_has_function(&set, section_function(context)), section_function(context));
	expect_true(!set_has_function(&set, "remote_ioctl"), "the owner itself is not recorded");
	expect_equal(stats_get(set.fd).dropped_remote_pcs, 0, "dropped_remote_pcs");
}

static void remote(void)
{
	for (unsigned int context = KCOVREPORT_KTHREAD; context <= KCOVREPORT_SOFTIRQ; context++)
		remote_context(context);
}

static void shared(void)
{
	struct set first = set_create_small(0), second = set_share(&first),
		   third = set_share(&second);

	set_enable(&second, 0);
	call_getpid(1);
	set_disable(&second);
	expect_true(set_has_function(&first, "__x64_sys_getpid"), "it is in the first");
	expect_equal(set_size(&third), set_size(&first), "PCs of all are the same");
	close(first.fd);
	munmap(first.map, first.init.map_size);
	close(second.fd);
	set_enable(&third, 0);
	call_getppid(1);
	set_disable(&third);
	expect_true(set_has_function(&second, "__x64_sys_getppid"), "after the first was closed");
	expect_true(set_has_function(&third, "__x64_sys_getpid"), "what was in it still is");
}

static void reset(void)
{
	struct set set = set_create_small(0);

	set_enable(&set, 0);
	call_getpid(1);
	set_disable(&set);
	expect_errno(kcov_call(set.fd, KCOV_RESET_SET, 0), 0, "reset");
	expect_equal(set_size(&set), 0, "PCs after the reset");
	set_enable(&set, 0);
	call_getpid(1);
	expect_errno(kcov_call(set.fd, KCOV_RESET_SET, 0), 0, "reset when enabled");
	call_getppid(1);
	set_disable(&set);
	expect_true(!set_has_function(&set, "__x64_sys_getpid"), "before the reset is not in it");
	expect_true(set_has_function(&set, "__x64_sys_getppid"), "after the reset is in it");
}

/* Only the mapping is left. */
static void closed(void)
{
	struct set set = set_create_small(0);

	set_enable(&set, 0);
	close(set.fd);
	call_getpid(1);
	expect_true(set_has_function(&set, "__x64_sys_getpid"), "recorded after close");
	munmap(set.map, set.init.map_size);
	call_getpid(1000);
}

static pthread_barrier_t traced;

static void *thread_work(void *argument)
{
	struct set *set = argument;

	set_enable(set, 0);
	for (unsigned int i = 0; i < 300; i++)
		work();
	call_gettid(1);
	set_disable(set);
	pthread_barrier_wait(&traced);
	return NULL;
}

static void two_tasks(void)
{
	struct set set = set_create_small(0);
	pthread_t thread;

	pthread_barrier_init(&traced, NULL, 2);
	if (pthread_create(&thread, NULL, thread_work, &set))
		quit("cannot make a thread");
	set_enable(&set, 0);
	for (unsigned int i = 0; i < 300; i++)
		work();
	set_disable(&set);
	/* The process still has two threads; with one thread it looks up files in another way. */
	struct trace trace = work_trace(), again = work_trace();
	pthread_barrier_wait(&traced);
	pthread_join(thread, NULL);
	for (uint64_t i = 1; i <= trace.area[0]; i++)
		if (trace_has(&again, trace.area[i]) && !set_has(&set, trace.area[i]))
			fail("PC 0x%" PRIx64 " of the trace is not in the set", trace.area[i]);
	expect_true(set_has_function(&set, "__x64_sys_gettid"), "what only the thread did");
	expect_equal(stats_get(set.fd).tasks, 0, "tasks after both");
}

/* What user space stores in the mapping can lose PCs of its own set and nothing else. */
static void overwritten(void)
{
	struct set set = set_create_small(64);

	set_enable(&set, 0);
	memset(set.map, 0xff, set.init.map_size);
	sections_run(KCOVREPORT_WORK, COMMON(0x703), 1, 1);
	memset(set.map, 0, set.init.map_size);
	sections_run(KCOVREPORT_WORK, COMMON(0x703), 1, 1);
	call_getppid(1);
	set_disable(&set);
	expect_errno(kcov_call(set.fd, KCOV_RESET_SET, 0), 0, "reset");
	set_enable(&set, 0);
	call_getpid(1);
	set_disable(&set);
	expect_true(set_has_function(&set, "__x64_sys_getpid"), "recorded after it");
}

/* A line is a case. */
/* clang-format off */
const struct test_case set_cases[] = {
	{ "INIT_SET: wrong size", OURS, "a.setsize:0=EINVAL a.setsize:63=EINVAL a.setsize:65=EINVAL a.set:0=0" },
	{ "INIT_SET: flags", OURS, "a.setflags:3=EINVAL a.setflags:4=EINVAL a.setflags:0x80000001=EINVAL a.setflags:1=0" },
	{ "INIT_SET: slots that are no power of two", OURS, "a.set:3=EINVAL a.set:65535=EINVAL a.set:-1=EINVAL a.set:64=0" },
	{ "INIT_SET: too many slots", OURS, "a.set:0x2000000=EINVAL a.set:0x100000000=EINVAL a.set:0x8000000000000000=EINVAL" },
	{ "INIT_SET: bad address", OURS, "a.setfault:0=EFAULT a.setfault:0x7ffffffff000=EFAULT a.set:0=0" },
	{ "INIT_SET: twice", OURS, SET "a.set:0=EBUSY a.set:64=EBUSY a.mapset=0" },
	{ "INIT_SET: of a trace", OURS, TRACE "a.set:0=EBUSY a.mmap:1=0 a.enable:0=0" },
	{ "INIT_SET: when enabled", OURS, ENABLED "a.set:0=EBUSY a.disable:0=0 a.set:0=EBUSY" },
	{ "INIT_TRACE: of a set", OURS, SET "a.init:512=EBUSY a.init:0=EINVAL" },
	{ "INIT_SET: what it says", OURS, .run = outputs },
	{ "INIT_SET: numbers of slots", OURS, .run = slots },
	{ "set, mmap: map_size, and other sizes", OURS, SET "a.mapset=0 a.mapset:1=EINVAL a.mapset:-1=EINVAL a.mmap:1,1=EINVAL p.a.mapset=0" },
	{ "set, mmap: when enabled", OURS, ENABLED "a.mapset=0 t.a.mapset=0 a.disable:0=0 a.mapset=0" },
	{ "set, ENABLE: modes of a trace", OURS, SET "a.enable:0=EINVAL a.enable:256=EINVAL a.enable:16=0" },
	{ "set, ENABLE: unknown bits", OURS, SET "a.enable:17=EINVAL a.enable:528=EINVAL a.enable:-1=EINVAL a.enable:0x100000010=EINVAL a.enable:272=0" },
	{ "set, ENABLE: twice in one task", OURS, ENABLED "a.enable:16=EBUSY a.enable:272=EBUSY a.disable:0=0 a.enable:272=0 a.enable:16=EBUSY" },
	{ "set, ENABLE: two sets in one task", OURS, ENABLED "b.set:0=0 b.enable:16=EBUSY a.disable:0=0 b.enable:16=0" },
	{ "set, ENABLE: a set and a trace in one task", OURS, ENABLED "b.init:512=0 b.enable:0=EBUSY a.disable:0=0 b.enable:0=0 a.enable:16=EBUSY" },
	{ "set, ENABLE: many tasks at a time", OURS, ENABLED "t.a.enable:16=0 u.a.enable:272=0 p.a.enable:16=0 q.a.enable:272=0 t.a.disable:0=0 p.a.disable:0=0 a.disable:0=0 u.a.disable:0=0 q.a.disable:0=0" },
	{ "set, DISABLE: of who is not enabled", OURS, SET "a.disable:0=EINVAL a.enable:16=0 t.a.disable:0=EINVAL p.a.disable:0=EINVAL a.disable:1=EINVAL a.disable:0=0 a.disable:0=EINVAL" },
	{ "set, REMOTE_ENABLE: modes", OURS, SET "a.remote:0,64,u1=EINVAL a.remote:272,64,u1=EINVAL a.remote:16,64,u1=0" },
	{ "set, REMOTE_ENABLE: handles in use", OURS, SET "b.set:0=0 t.a.remote:16,64,u1=0 b.remote:16,64,u1=EEXIST t.a.disable:0=0 b.remote:16,64,u1=0" },
	{ "set, local and remote of one set", OURS, SET "b.share:a=0 a.enable:16=0 b.remote:16,64,u1=0 a.disable:0=0 b.disable:0=0" },
	{ "SHARE_SET: of a set", OURS, SET "b.share:a=0 b.share:a=EBUSY a.share:b=EBUSY a.share:a=EBUSY c.share:b=0" },
	{ "SHARE_SET: of no set", OURS, "a.share:b=EINVAL a.share:a=EINVAL b.init:512=0 a.share:b=EINVAL a.init:512=0" },
	{ "SHARE_SET: of no descriptor", OURS, "a.share:-1=EBADF a.share:900=EBADF a.set:0=0" },
	{ "SHARE_SET: of another file", OURS, "a.share:0=EINVAL a.share:1=EINVAL" },
	{ "SHARE_SET: to a trace", OURS, "a.init:512=0 b.set:0=0 a.share:b=EBUSY" },
	{ "SHARE_SET: then all that a set can do", OURS, SET "b.share:a=0 b.set:0=EBUSY b.init:512=EBUSY b.enable:272=0 b.reset=0 b.stats=0 b.disable:0=0 a.close=0 b.enable:16=0" },
	{ "SHARE_SET: two descriptors of one set in one task", OURS, ENABLED "b.share:a=0 b.enable:16=EBUSY t.b.enable:16=0" },
	{ "SHARE_SET: of who is enabled, in another process", OURS, ENABLED "p.b.share:a=0 p.b.enable:16=0 p.exit=0 b.share:a=EBUSY" },
	{ "RESET_SET: of no set", OURS, "a.reset=EINVAL a.init:512=0 a.reset=EINVAL a.enable:0=0 a.reset=EINVAL" },
	{ "RESET_SET: of a set", OURS, SET "a.reset=0 a.enable:16=0 a.reset=0 t.a.reset=0 a.disable:0=0 a.reset=0" },
	{ "set: what a trace of the same has", OURS, .run = as_trace },
	{ "set: only while enabled, and nothing is forgotten", OURS, .run = only_when_enabled },
	{ "set: never full where a trace is", OURS, .run = never_full },
	{ "set: modules have bits", OURS, .run = module },
	{ "set: modules in the hash table", OURS, .run = module_hashed },
	{ "set: a hash table without room", OURS, .run = module_no_room },
	{ "set: remote sections", OURS, .run = remote },
	{ "set: shared by descriptors", OURS, .run = shared },
	{ "set: reset", OURS, .run = reset },
	{ "set: close and munmap while enabled", OURS, .run = closed },
	{ "set: two tasks at a time", OURS, .run = two_tasks },
	{ "set: overwritten by user space", OURS, .run = overwritten },
	{}
};
/* clang-format on */
