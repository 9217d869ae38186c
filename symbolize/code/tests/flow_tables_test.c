// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's tables, whose entries have other sizes in other versions. */
#include "symbolize/code/flow.h"
#include "symbolize/image/tests/elf_text.h"

/* 16: jmp 48; 48, the replacement: jmp 32, if it is executed at 16. The table is at 64. */
#define CODE "1+16:e91b000000 1+48:e9ebffffff"

/*
 * want: "16-21" for code that may be patched, "16-21>32" if it may get a jump; "24~32" for an
 * instruction that may fault, and where it goes on; "!" for a warning that the table is not read;
 * "?" if there is none, but the code of an entry is not known.
 */
static const struct {
	const char *name;
	const char *table;
	const char *bytes;
	const char *want;
} cases[] = {
	{ "12 bytes", ".altinstructions:d1+36",
	  "d0ffffffecffffff11000505c4fffffff0ffffff11000500c0ffffffd4ffffff11000500",
	  "16-21 16-21>32" },
	{ "one of 12 bytes", ".altinstructions:d1+12", "d0ffffffecffffff11000505", "16-21>32" },
	{ "13 bytes", ".altinstructions:d1+39",
	  "d0ffffffecffffff1100050500c3ffffffefffffff1100050000beffffffd2ffffff1100050000",
	  "16-21 16-21>32" },
	{ "one of 13 bytes", ".altinstructions:d1+13", "d0ffffffecffffff1100050500", "16-21>32" },
	{ "14 bytes", ".altinstructions:d1+42",
	  "d0ffffffecffffff110000000505c2ffffffeeffffff110000000500bcffffffd0ffffff110000000500",
	  "16-21 16-21>32" },
	{ "one of 14 bytes", ".altinstructions:d1+14", "d0ffffffecffffff110000000505", "16-21>32" },
	{ "40 of 14 bytes, which 12 do not divide alike", ".altinstructions:d1+84",
	  "d0ffffffecffffff110000000505c2ffffffdeffffff110000000505b4ffffffd0ffffff110000000505a6ff"
	  "ffffc2ffffff11000000050598ffffffb4ffffff1100000005058affffffa6ffffff110000000505",
	  "16-21>32 16-21>32 16-21>32 16-21>32 16-21>32 16-21>32" },
	{ "a replacement longer than its room", ".altinstructions:d1+14",
	  "d0ffffffecffffff110000000205", "!" },
	{ "the jump is not the first instruction: nop; jmp 48", ".altinstructions:d1+14",
	  "cfffffffcfffffff110000000600", "15-21" },
	{ "nor that of the replacement", ".altinstructions:d1+14", "d8ffffffebffffff110000000606",
	  "24-30>32" },
	{ "a conditional jump", ".altinstructions:d1+14", "d8fffffff2ffffff110000000202 1+54:74f0",
	  "24-26>40" },
	{ "a jump within the replacement", ".altinstructions:d1+14",
	  "d8fffffff2ffffff110000000404 1+54:7401", "24-28" },
	{ "more jumps than any has", ".altinstructions:d1+14",
	  "d8fffffff2ffffff110000000c0a 1+54:ebf0ebf0ebf0ebf0ebf0",
	  "24-36>40 24-36>42 24-36>44 24-36>46 ?" },
	{ "in two sections", ".altinstructions:d1+14 .altinstructions:d1+14",
	  "cfffffffcfffffff110000000600 3+0:c2ffffffdeffffff110000000505", "15-21 16-21>32" },
	{ "an entry that leads out of the code", ".altinstructions:d1+56",
	  "d0ffffffecffffff110000000505c2ffffffeeffffff110000000500bcffffffd0ffffff110000000500960f"
	  "0000c2ffffff110000000505",
	  "!" },
	{ "entries of 15 bytes", ".altinstructions:d1+30",
	  "d0ffffffecffffff11000000050500d0ffffffecffffff11000000050500", "!" },
	{ "16 bytes", "__jump_table:d1+32",
	  "d0ffffffdcffffff0000000000000000c8ffffffccffffff0000000000000000", "16-21>32 24-25>32" },
	{ "24 bytes", "__jump_table:d1+48",
	  "1000000000000000200000000000000000000000000000001800000000000000200000000000000000000000"
	  "00000000",
	  "16-21>32 24-25>32" },
	{ "a key that leads nowhere", "__jump_table:d1+32",
	  "d0ffffffdcffffff0000000000000000c8ffffffac0f00000000000000000000", "!" },
	{ "one of 12 bytes, as on 32-bit machines", "__jump_table:d1+12",
	  "d0ffffffdcffffff00000000", "!" },
	{ "two of 12 bytes are not one of 24", "__jump_table:d1+24",
	  "d0ffffffdcffffff00000000ccffffffd0ffffff00000000", "!" },
	{ "four of 12 bytes are not three of 16", "__jump_table:d1+48",
	  "d0ffffffdcffffff00000000ccffffffd0ffffff00000000b8ffffffc4ffffff00000000b4ffffffb8ffffff"
	  "00000000",
	  "!" },
	{ "12 bytes", "__ex_table:d1+24", "d8ffffffdcffffff00000000ceffffffc0ffffff00000000",
	  "24~32 26~16" },
	{ "12 bytes, all three words of which refer to code", "__ex_table:d1+24",
	  "d8ffffffdcffffffd8ffffffceffffffc0ffffffccffffff", "24~32 26~16" },
	{ "4 of them", "__ex_table:d1+48",
	  "d8ffffffdcffffffd8ffffffceffffffc0ffffffccffffffc4ffffffd0ffffffc0ffffffbaffffffc4ffffff"
	  "b4ffffff",
	  "24~32 26~16 28~44 30~44" },
	{ "6 of 8 bytes, which 12 divide", "__ex_table:d1+48",
	  "d8ffffffdcffffffd2ffffffd4ffffffccffffffccffffffc6ffffffc4ffffffc0ffffffbcffffffbaffffff"
	  "b4ffffff",
	  "24~32 26~32 28~32 30~32 32~32 34~32" },
	{ "8 or 12 bytes: both make sense", "__ex_table:d1+24",
	  "d8ffffffdcffffffd2ffffffd4ffffffccffffffccffffff", "!" },
	{ "8 bytes", "__ex_table:d1+16", "d8ffffffdcffffffd2ffffffc4ffffff", "24~32 26~16" },
	{ "a fixup that leads nowhere", "__ex_table:d1+24",
	  "d8ffffffdcffffff00000000ceffffffb00f000000000000", "!" },
	{ "empty", "__ex_table:d1+0", "", "" },
};

static void take_line(void *arg, enum log_level level, const char *text)
{
	assert_int_equal(level, LOG_WARNING);
	assert_non_null(strstr(text, "no known format"));
	strbuf_addch(arg, '!');
}

static void add_tables(struct strbuf *text, const struct flow_tables *t)
{
	vector_for_each(&t->patches, p) {
		strbuf_addf(text, "%s%" PRIu64 "-%" PRIu64, text->len ? " " : "", p->address,
			    p->end);
		if (p->target)
			strbuf_addf(text, ">%" PRIu64, p->target);
	}
	for (size_t i = 0; i < t->faults.len; i++)
		strbuf_addf(text, "%s%" PRIu64 "~%" PRIu64, text->len ? " " : "", t->faults.data[i],
			    t->entries.data[i]);
	if (t->unknown.len && !strchr(strbuf_str(text), '!'))
		strbuf_addstr(text, " ?");
}

static void check_case(size_t i, struct strbuf *got, struct flow_tables *t)
{
	_cleanup_strbuf_ struct strbuf sections = STRBUF_INIT, code = STRBUF_INIT;
	const struct log log = { .line = take_line, .arg = got };

	strbuf_addf(&sections, ".text:x16+64 %s", cases[i].table);
	strbuf_addf(&code, "%s", CODE);
	if (*cases[i].bytes)
		strbuf_addf(&code, " 2+0:%s", cases[i].bytes);
	const struct elf_text text = { .sections = strbuf_str(&sections),
				       .symbols = "f@1+0:64",
				       .code = strbuf_str(&code) };
	_cleanup_image_ struct image *image = elf_text_image(&text);

	assert_null(flow_tables_init(t, image, &arch_x86_64, &log));
	add_tables(got, t);
}

static void test_formats(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		_cleanup_strbuf_ struct strbuf got = STRBUF_INIT;
		struct flow_tables t;

		check_case(i, &got, &t);
		/* A table that is not read makes the code unknown to which it refers. */
		assert_int_equal(t.unknown.len > 0, strpbrk(cases[i].want, "!?") != NULL);
		flow_tables_deinit(&t);
		if (!strcmp(strbuf_str(&got), cases[i].want))
			continue;
		print_error("%s: \"%s\", not \"%s\"\n", cases[i].name, strbuf_str(&got),
			    cases[i].want);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

static void add_starts(struct strbuf *text, const struct flow *flow)
{
	const uint32_t open = FLOW_OPEN_IN | FLOW_OPEN_OUT;

	vector_for_each(&flow->blocks, b) {
		strbuf_addf(text, "%s%" PRIu64, text->len ? " " : "", b->start);
		assert_int_equal(b->flags & open, open);
	}
}

/*
 * Entries of 12 bytes: the instruction at 21, between two points, may get a jump to 32. 22 is
 * within it: no block begins there.
 */
static void test_unknown_splits(void **state)
{
	const struct elf_text text = {
		.sections = ".text:x16+64 __jump_table:d1+24",
		.symbols = "__sanitizer_cov_trace_pc@1+0:16 f@1+16:48",
		.code = "1+16:e8ebffffff0f1f440000e8e1ffffff "
			"2+0:d5ffffffdcffffff00000000caffffffd0ffffff00000000",
	};
	_cleanup_image_ struct image *image = elf_text_image(&text);
	_cleanup_strbuf_ struct strbuf got = STRBUF_INIT, warning = STRBUF_INIT;
	const struct log log = { .line = take_line, .arg = &warning };
	const struct code_options options = { .jobs = 1, .log = &log };
	struct code code;
	struct flow flow;

	(void)state;
	assert_null(code_init(&code, image, &options));
	assert_null(flow_init(&flow, image, &code, 1, &log));
	add_starts(&got, &flow);
	assert_string_equal(strbuf_str(&warning), "!");
	assert_string_equal(strbuf_str(&got), "16 21 26 32 33");
	flow_deinit(&flow);
	code_deinit(&code);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_unknown_splits),
	};

	return cmocka_run_group_tests_name("flow_tables", tests, NULL, NULL);
}
