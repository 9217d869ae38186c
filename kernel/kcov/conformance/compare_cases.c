// SPDX-License-Identifier: GPL-2.0
/* Comparison traces: records of a type, two operands and a PC. */
#include <errno.h>
#include <inttypes.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "device.h"
#include "script.h"
#include "section.h"
#include "suite.h"
#include "symbols.h"

#define WORDS (64 * PAGE_WORDS)
/* reboot() compares its first argument with this value, and prctl() has a switch over it. */
#define REBOOT_MAGIC 0xfee1dead
#define ODD_NUMBER   0x5a5a1234

struct record {
	uint64_t type, arguments[2], pc;
};

static const struct record *records(const struct trace *trace)
{
	return (const struct record *)(trace->area + 1);
}

static struct trace compare_create(size_t words)
{
	if (!config_has("KCOV_ENABLE_COMPARISONS"))
		skip("a kernel without CONFIG_KCOV_ENABLE_COMPARISONS");
	return trace_create(words);
}

static void compare_enable(struct trace *trace)
{
	if (!expect_errno(kcov_call(trace->fd, KCOV_ENABLE, KCOV_TRACE_CMP), 0, "enable"))
		quit("no comparisons");
	__atomic_store_n(trace->area, 0, __ATOMIC_RELEASE);
}

static void record_check(const struct record *record)
{
	struct range text = text_range();
	unsigned int bytes = 1 << (record->type >> 1 & 3);
	uint64_t mask = bytes == 8 ? UINT64_MAX : (1ull << 8 * bytes) - 1;

	if (record->type & ~7ull)
		fail("type 0x%" PRIx64, record->type);
	if (record->pc < text.start || record->pc >= text.end)
		fail("PC 0x%" PRIx64 " is not in text", record->pc);
	/* Operands of less than 64 bits are zero-extended. */
	if ((record->arguments[0] | record->arguments[1]) & ~mask)
		fail("0x%" PRIx64 " and 0x%" PRIx64 " of %u bytes", record->arguments[0],
		     record->arguments[1], bytes);
}

static void well_formed(void)
{
	struct trace trace = compare_create(WORDS);

	compare_enable(&trace);
	close(kcov_open());
	uint64_t count = trace_disable(&trace);
	expect_between(count, 5, (WORDS - 1) / 4, "comparisons");
	for (uint64_t i = 0; i < count; i++)
		record_check(&records(&trace)[i]);
}

static unsigned int count_operands(const struct trace *trace, uint64_t first, uint64_t second)
{
	unsigned int count = 0;

	for (uint64_t i = 0; i < trace_count(trace); i++)
		count += records(trace)[i].arguments[0] == first &&
			 records(trace)[i].arguments[1] == second;
	return count;
}

static void constant(void)
{
	struct trace trace = compare_create(WORDS);

	compare_enable(&trace);
	for (unsigned int i = 0; i < 3; i++)
		syscall(SYS_reboot, ODD_NUMBER, 0, 0, NULL);
	trace_disable(&trace);
	/* The constant is the first operand. */
	expect_equal(count_operands(&trace, REBOOT_MAGIC, ODD_NUMBER), 3,
		     "comparisons of the magic number");
	for (uint64_t i = 0; i < trace_count(&trace); i++)
		if (records(&trace)[i].arguments[0] == REBOOT_MAGIC)
			expect_equal(records(&trace)[i].type, KCOV_CMP_CONST | KCOV_CMP_SIZE(2),
				     "type");
}

static void switches(void)
{
	struct trace trace = compare_create(WORDS);
	unsigned int count = 0;

	compare_enable(&trace);
	syscall(SYS_prctl, ODD_NUMBER, 0, 0, 0, 0);
	trace_disable(&trace);
	for (uint64_t i = 0; i < trace_count(&trace); i++) {
		const struct record *record = &records(&trace)[i];

		count += record->arguments[1] == ODD_NUMBER && record->type & KCOV_CMP_CONST;
	}
	expect_between(count, 10, WORDS, "cases that the number was compared with");
}

static void full(void)
{
	struct trace trace = compare_create(PAGE_WORDS);

	compare_enable(&trace);
	for (unsigned int i = 0; i < 300; i++)
		syscall(SYS_prctl, ODD_NUMBER, 0, 0, 0, 0);
	expect_equal(trace_disable(&trace), (PAGE_WORDS - 1) / 4, "comparisons of what is full");
	/* 127 records and the count are 509 words. */
	for (size_t i = 509; i < PAGE_WORDS; i++)
		expect_equal(trace.area[i], 0, "word behind the last record");
	for (size_t i = 0; i < 127; i++)
		record_check(&records(&trace)[i]);
}

static void smallest(void)
{
	struct trace trace = compare_create(PAGE_WORDS);
	int fd = kcov_open();

	for (unsigned int words = 2; words < 8; words++) {
		fd = kcov_open();
		expect_errno(kcov_call(fd, KCOV_INIT_TRACE, words), 0, "init");
		expect_errno(kcov_call(fd, KCOV_ENABLE, KCOV_TRACE_CMP), 0, "enable");
		syscall(SYS_prctl, ODD_NUMBER, 0, 0, 0, 0);
		expect_errno(kcov_call(fd, KCOV_DISABLE, 0), 0, "disable");
	}
	trace_destroy(&trace);
}

static void modes_change(void)
{
	struct trace trace = compare_create(WORDS);

	compare_enable(&trace);
	syscall(SYS_reboot, ODD_NUMBER, 0, 0, NULL);
	trace_disable(&trace);
	expect_equal(count_operands(&trace, REBOOT_MAGIC, ODD_NUMBER), 1,
		     "comparisons of the magic number");
	trace_enable(&trace);
	call_getpid(4);
	trace_disable(&trace);
	expect_equal(trace_entries(&trace, "__x64_sys_getpid"), 4, "calls of getpid");
}

static void remote(void)
{
	struct trace trace = compare_create(WORDS);

	expect_errno(remote_enable(trace.fd, KCOV_TRACE_CMP, WORDS, COMMON(0x201), NULL, 0), 0,
		     "remote enable");
	section_steps(KCOVREPORT_KTHREAD, COMMON(0x201), 100);
	uint64_t count = trace_disable(&trace);
	expect_between(count, 100, (WORDS - 1) / 4, "comparisons of a loop of 100 turns");
	expect_between(count_operands(&trace, 0, 50), 1, 10, "comparisons of 50 with 0");
}

static void into_a_set(void)
{
	struct trace trace = compare_create(WORDS);

	trace_destroy(&trace);
	script_run("a.set:0=0 a.enable:1=EINVAL a.remote:1,64,u1=EINVAL a.enable:16=0");
}

/* A line is a case. */
/* clang-format off */
const struct test_case compare_cases[] = {
	{ "comparisons: types, operands and PCs", BOTH, .run = well_formed },
	{ "comparisons: with a constant", BOTH, .run = constant },
	{ "comparisons: of a switch", BOTH, .run = switches },
	{ "comparisons: full at the last whole record", BOTH, .run = full },
	{ "comparisons: the smallest areas", BOTH, .run = smallest },
	{ "comparisons: then PCs in the same area", BOTH, .run = modes_change },
	{ "comparisons: of remote sections", BOTH, .run = remote },
	{ "comparisons: not into a set", OURS, .run = into_a_set },
	{}
};
/* clang-format on */
