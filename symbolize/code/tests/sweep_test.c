// SPDX-License-Identifier: GPL-2.0-or-later
/* The points and calls in code, and what its functions can end in. Cases give code as bytes. */
#include "symbolize/code/callbacks.h"
#include "symbolize/code/code.h"
#include "symbolize/image/tests/elf_text.h"

/* The callback is at 0, f at 16, g at 48, and code at 80 has no symbol. */
#define CALLBACK "__sanitizer_cov_trace_pc@1+0:16 "
#define LINKED	 "__sanitizer_cov_trace_pc@1+4096:16 f@1+4112:32 g@1+4144:32"
#define F_AND_G	 CALLBACK "f@1+16:32 g@1+48:32"

/*
 * want lists points, "c16+5" for a call, "x16+5" for one on exit and "j16+5" for a tail jump; other
 * calls, "16+5>g" and "16+2*" for an indirect one; and what functions can end in: "f=pie" for a
 * point, an indirect jump and another image, "f=p0" if the only such point is point 0.
 */
static const struct {
	const char *name;
	const char *symbols, *code;
	const char *want;
	const char *relocations;
} cases[] = {
	{ "no code but nops", F_AND_G, "", "" },
	{ "a call of the callback", F_AND_G, "1+16:e8ebffffff", "c16+5" },
	{ "two", F_AND_G, "1+16:e8ebffffff 1+24:e8e3ffffff", "c16+5 c24+5" },
	{ "with a prefix", F_AND_G, "1+16:2ee8eaffffff", "c16+6" },
	{ "addr32, as the linker relaxes an indirect call", F_AND_G, "1+16:67e8eaffffff", "c16+6" },
	{ "data16: processors of Intel ignore it", F_AND_G, "1+16:66e8eaffffff", "c16+6" },
	{ "rex.w and data16", F_AND_G, "1+16:6648e8e9ffffff", "c16+7" },
	{ "repne and cs", F_AND_G, "1+16:f22ee8e9ffffff", "c16+7" },
	{ "a tail jump with a prefix", F_AND_G, "1+16:3ee9eaffffff", "j16+6 f=p0" },
	{ "jmpabs", F_AND_G, "1+16:d500a10000000000000000", "j16+11 f=p0" },
	{ "after ud1 as clang makes it", F_AND_G, "1+16:670fb94012e8e6ffffff", "c21+5" },
	{ "after ud0", F_AND_G, "1+16:0fff45e8e8e7ffffff", "c20+5" },
	{ "after udb", F_AND_G, "1+16:d6e8eaffffff", "c17+5" },
	{ "after lkgs", F_AND_G, "1+16:f20f00f7e8e7ffffff", "c20+5" },
	{ "after bytes that are not an instruction", F_AND_G, "1+16:0648b8e8e8ffffff", "c19+5" },
	{ "a symbol in its middle", F_AND_G " h@1+20:8", "1+16:e8ebffffffc3", "c16+5" },
	{ "into the middle of the callback: a call like others", F_AND_G, "1+16:e8ecffffff",
	  "16+5>__sanitizer_cov_trace_pc" },
	{ "a tail jump", F_AND_G, "1+16:e9ebffffff", "j16+5 f=p0" },
	{ "a conditional tail jump", F_AND_G, "1+16:0f84eaffffff", "j16+6 f=p0" },
	{ "code behind a function, up to the next symbol, is taken for its own", F_AND_G,
	  "1+80:e9abffffff", "j80+5 g=p0" },
	{ "a call behind all symbols", F_AND_G, "1+91:e8a0ffffff", "c91+5" },
	{ "one that is cut off", F_AND_G, "1+92:e89fffff", "" },
	{ "two tail jumps of a function: which is not certain", F_AND_G,
	  "1+16:e9ebffffff 1+24:e9e3ffffff", "j16+5 j24+5 f=p" },
	{ "tail jumps of two functions", F_AND_G, "1+16:e9ebffffff 1+48:e9cbffffff",
	  "j16+5 j48+5 f=p0 g=p1" },
	{ "a jump to who jumps there", F_AND_G, "1+16:e91b000000 1+48:e9cbffffff",
	  "j48+5 f=p0 g=p0" },
	{ "a call of who jumps there", F_AND_G, "1+16:e81b000000 1+48:e9cbffffff",
	  "j48+5 16+5>g g=p0" },
	{ "a call into the middle of a function", F_AND_G, "1+16:e81c000000", "16+5>g" },
	{ "a call of nothing", F_AND_G, "1+16:e800100000", "16+5>-" },
	{ "an indirect call", F_AND_G, "1+16:ffd0", "16+2*" },
	{ "an indirect jump", F_AND_G, "1+16:ffe0", "f=i" },
	{ "a jump within the function", F_AND_G, "1+16:eb02 1+48:ffe0", "g=i" },
	{ "a jump into the next", F_AND_G, "1+16:eb1e 1+48:ffe0", "f=i g=i" },
	{ "a branch there, too", F_AND_G, "1+16:741e 1+48:ffe0", "f=i g=i" },
	{ "a jump to nothing", F_AND_G, "1+16:e900100000", "" },
	{ "both ends", F_AND_G, "1+16:ffe0 1+24:e9e3ffffff", "j24+5 f=pi0" },
	{ "a call of a thunk is an indirect one",
	  CALLBACK "f@1+16:32 __x86_indirect_thunk_rax@1+48:16", "1+16:e81b000000", "16+5*" },
	{ "a jump there an indirect one", CALLBACK "f@1+16:32 __x86_indirect_thunk_rax@1+48:16",
	  "1+16:e91b000000", "f=i" },
	{ "a static call's trampoline may lead anywhere",
	  CALLBACK "f@1+16:32 __SCT__might_resched@1+48:16", "1+16:e81b000000", "16+5*" },
	{ "a jump to the return thunk is a return", CALLBACK "f@1+16:32 __x86_return_thunk@1+48:16",
	  "1+16:e91b000000 1+48:ffe0", "__x86_return_thunk=i" },
	{ "what only begins like it is none", CALLBACK "f@1+16:32 __x86_return_thunk_x@1+48:16",
	  "1+16:e91b000000 1+48:ffe0", "f=i __x86_return_thunk_x=i" },
	{ "all names of a function", CALLBACK "f@1+16:32 f_alias@1+16:32", "1+16:e9ebffffff",
	  "j16+5 f=p0 f_alias=p0" },
	{ "a veneer of the callback is one", "____sanitizer_cov_trace_pc_veneer@1+0:16 f@1+16:32",
	  "1+16:e8ebffffff", "c16+5" },
	{ "two callbacks, in the order of the code",
	  CALLBACK "f@1+16:32 __AArch64ADRPThunk___sanitizer_cov_trace_pc@1+48:16",
	  "1+16:e81b000000 1+24:e8e3ffffff", "c16+5 c24+5" },
	{ "callbacks of entry and exit",
	  "__sanitizer_cov_trace_pc_entry@1+0:8 __sanitizer_cov_trace_pc_exit@1+8:8 f@1+16:32",
	  "1+16:e8ebffffff 1+24:e8ebffffff", "c16+5 x24+5" },
	{ "no callback", "f@1+16:32 g@1+48:32", "1+16:e81b000000", "16+5>g" },
	{ "a function of another image", F_AND_G " x@u+0:0n", "1+16:e800000000 1+24:e900000000",
	  "16+5>x f=e", "1+17=4>4-4 1+25=4>4-4" },
	{ "the callback of another image", "f@1+16:32 __sanitizer_cov_trace_pc@u+0:0n",
	  "1+16:e800000000", "c16+5", "1+17=4>2-4" },
};

static void add_code(struct strbuf *text, const struct image *image, const struct code *code)
{
	size_t nr;
	const struct image_symbol *symbols = image_symbols(image, &nr);

	vector_for_each(&code->points, p)
		strbuf_addf(text, "%s%c%" PRIu64 "+%u", text->len ? " " : "",
			    p->kind == CODE_CALL   ? 'c'
			    : p->kind == CODE_EXIT ? 'x'
						   : 'j',
			    p->address, p->size);
	vector_for_each(&code->calls, c) {
		strbuf_addf(text, "%s%" PRIu64 "+%u", text->len ? " " : "", c->address, c->size);
		if (c->kind == CODE_CALL_INDIRECT)
			strbuf_addch(text, '*');
		else
			strbuf_addf(text, ">%s",
				    c->target == CODE_NO_SYMBOL ? "-" : symbols[c->target].name);
	}
	for (size_t i = 0; i < nr; i++) {
		uint8_t flags = code->symbol_flags[i];

		if (!flags && code->tail_points[i] == CODE_NO_POINT)
			continue;
		strbuf_addf(text, "%s%s=%s%s%s", text->len ? " " : "", symbols[i].name,
			    flags & CODE_TAIL_POINT ? "p" : "",
			    flags & CODE_TAIL_INDIRECT ? "i" : "",
			    flags & CODE_TAIL_EXTERNAL ? "e" : "");
		if (code->tail_points[i] < CODE_MANY_POINTS)
			strbuf_addf(text, "%u", code->tail_points[i]);
	}
}

/* How the code is divided makes no difference: a piece for each segment, or one for all. */
static const struct code_options ways[] = { { .jobs = 0 }, { .jobs = 3, .piece_size = 1 } };

static void test_code(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t n = 0; n < 2 * sizeof(cases) / sizeof(*cases); n++) {
		size_t i = n / 2;
		const struct elf_text text = { .sections = ".text:x16+96",
					       .symbols = cases[i].symbols,
					       .code = cases[i].code,
					       .relocations = cases[i].relocations };
		_cleanup_image_ struct image *image = elf_text_image(&text);
		_cleanup_strbuf_ struct strbuf got = STRBUF_INIT;
		struct code code;

		assert_null(code_init(&code, image, &ways[n % 2]));
		add_code(&got, image, &code);
		assert_int_equal(code.has_callback,
				 strstr(cases[i].symbols, "sanitizer_cov_trace_pc") != NULL);
		code_deinit(&code);
		if (!strcmp(strbuf_str(&got), cases[i].want))
			continue;
		print_error("%s: \"%s\", not \"%s\"\n", cases[i].name, strbuf_str(&got),
			    cases[i].want);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

static void take_line(void *arg, enum log_level level, const char *text)
{
	assert_int_equal(level, LOG_WARNING);
	strbuf_addstr(arg, text);
}

/* In step, what looks like a call within an instruction is not a point, but it is named. */
static void test_doubtful(void **state)
{
	static const struct {
		const char *code;
		const char *want; /* in the warning; NULL = there is none */
		const char *relocations;
		bool is_linked; /* at 4096 */
	} doubts[] = {
		{ "1+16:e8ebffffff 1+24:67e8e2ffffff 1+32:2e0f84d9ffffff", NULL },
		{ "1+16:06b8e8e9ffffff", NULL },
		{ "1+16:48b8e8e9ffffff000000", ": 1 calls" },
		{ "1+16:48b8e8e9ffffff000000", "first at 0x12;" },
		{ "1+16:48b8e8e9ffffff000000 1+64:48b8e9b9ffffff000000", ": 2 calls" },
		{ "1+64:48b8e9b9ffffff000000", "first at 0x42;" },
		/* PC32, then GOTPCRELX of call *(%rip), and 64 of movabs */
		{ "1+16:e800000000", NULL, "1+17=2>1-4" },
		{ "1+16:e800000000 1+24:ff1500000000", ": 1 relocations",
		  "1+17=2>1-4 1+26=41>1-4" },
		{ "1+16:48b80000000000000000ffd0", "first at 0x12;", "1+18=1>1+0" },
		{ "1+16:48b80000000000000000ffd0", NULL, "1+18=1>2+0" },
		/* linked with --emit-relocs: the places of relocations are addresses */
		{ "1+16:48b80010000000000000ffd0", "first at 0x1012;", "1+4114=1>1+0", true },
		{ "1+16:48b80010000000000000ffd0", NULL, "1+4114=1>2+0", true },
	};

	(void)state;
	for (size_t n = 0; n < 2 * sizeof(doubts) / sizeof(*doubts); n++) {
		bool is_linked = doubts[n / 2].is_linked;
		const struct elf_text text = { .sections = is_linked ? ".text:x16+96@4096"
								     : ".text:x16+96",
					       .symbols = is_linked ? LINKED : F_AND_G,
					       .code = doubts[n / 2].code,
					       .relocations = doubts[n / 2].relocations,
					       .is_executable = is_linked };
		_cleanup_image_ struct image *image = elf_text_image(&text);
		_cleanup_strbuf_ struct strbuf got = STRBUF_INIT;
		const struct log log = { .line = take_line, .arg = &got };
		struct code_options options = ways[n % 2];
		struct code code;

		options.log = &log;
		assert_null(code_init(&code, image, &options));
		code_deinit(&code);
		if (doubts[n / 2].want ? !strstr(strbuf_str(&got), doubts[n / 2].want) : got.len)
			fail_msg("%s: %s", doubts[n / 2].code, strbuf_str(&got));
	}
}

/* What the linker leaves of -fno-plt: the pointer is data, and no relocation tells what it is. */
static void test_pointers(void **state)
{
	static const struct {
		const char *code;
		const char *want; /* in the warning; NULL = there is none */
	} calls[] = {
		{ "1+16:ff15ea0f0000 1+32:ff15da0f0000 2+0:0010000000000000",
		  ": 2 calls of the coverage callback go through a pointer, the first at 0x1010;" },
		{ "1+16:ff15ea0f0000 2+0:1010000000000000", NULL }, /* of f */
		{ "1+16:ff15f30f0000 2+0:0010000000000000", NULL }, /* behind the data */
		{ "1+16:ff25ea0f0000 2+0:0010000000000000", NULL }, /* a jump */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		const struct elf_text text = { .sections = ".text:x16+96@4096 .got:d8+8@8192",
					       .symbols = "__sanitizer_cov_trace_pc@1+4096:16 "
							  "f@1+4112:32",
					       .code = calls[i].code,
					       .is_executable = true };
		_cleanup_image_ struct image *image = elf_text_image(&text);
		_cleanup_strbuf_ struct strbuf got = STRBUF_INIT;
		const struct log log = { .line = take_line, .arg = &got };
		const struct code_options options = { .log = &log };
		struct code code;

		assert_null(code_init(&code, image, &options));
		assert_int_equal(code.points.len, 0);
		code_deinit(&code);
		if (calls[i].want ? !strstr(strbuf_str(&got), calls[i].want) : got.len)
			fail_msg("%s: %s", calls[i].code, strbuf_str(&got));
	}
}

/* 06 is not a 64-bit instruction: the sweep may then be out of step. b8 takes four more bytes. */
static void test_out_of_step(void **state)
{
	static const struct {
		const char *name;
		const char *code;
		const char *want;
	} steps[] = {
		{ "a call right behind unknown bytes", "1+16:06e8eaffffff", "c17+5" },
		{ "within what would be an instruction, out of step", "1+16:06b8e8e9ffffff",
		  "c18+5" },
		{ "within an instruction, in step", "1+16:b8e8eaffffff", "" },
		{ "in step again at the call: what follows is code",
		  "1+16:06b8e8e9ffffffb8e8e3ffffff", "c18+5" },
		{ "the next symbol is in step", "1+47:06 1+48:b8e8caffffff", "" },
		{ "unknown bytes up to the end", "1+95:06", "" },
		{ "several unknown bytes", "1+16:0606060606e8e6ffffff", "c21+5" },
	};

	(void)state;
	for (size_t n = 0; n < 2 * sizeof(steps) / sizeof(*steps); n++) {
		size_t i = n / 2;
		const struct elf_text text = { .sections = ".text:x16+96",
					       .symbols = F_AND_G,
					       .code = steps[i].code };
		_cleanup_image_ struct image *image = elf_text_image(&text);
		_cleanup_strbuf_ struct strbuf got = STRBUF_INIT;
		struct code code;

		assert_null(code_init(&code, image, &ways[n % 2]));
		vector_for_each(&code.points, p)
			strbuf_addf(&got, "%s%c%" PRIu64 "+%u", got.len ? " " : "",
				    p->kind == CODE_CALL ? 'c' : 'j', p->address, p->size);
		code_deinit(&code);
		if (strcmp(strbuf_str(&got), steps[i].want))
			fail_msg("%s: \"%s\", not \"%s\"", steps[i].name, strbuf_str(&got),
				 steps[i].want);
	}
}

/* All code is in a segment, which has the symbol of that code. */
static void test_segments(void **state)
{
	static const struct {
		uint64_t start, end;
		const char *symbol;
	} want[] = {
		{ 0, 8, NULL },	     { 8, 16, "a" },	  { 16, 20, "outer" },
		{ 20, 24, "inner" }, { 24, 40, "label" }, { 48, 64, NULL },
	};
	/* inner is within outer and takes over its end; label follows outer and has no size. */
	const struct elf_text text = { .sections = ".text:x16+40 .exit.text:x16+16",
				       .symbols = "a@1+8:8 outer@1+16:8 inner@1+20:4 "
						  "label@1+24:0n" };
	_cleanup_image_ struct image *image = elf_text_image(&text);
	struct code code;
	size_t nr;

	(void)state;
	assert_null(code_init(&code, image, &ways[1]));
	assert_int_equal(code.segments.len, sizeof(want) / sizeof(*want));
	for (size_t i = 0; i < code.segments.len; i++) {
		const struct code_segment *s = &code.segments.data[i];

		assert_int_equal(s->start, want[i].start);
		assert_int_equal(s->end, want[i].end);
		if (!want[i].symbol)
			assert_int_equal(s->symbol, CODE_NO_SYMBOL);
		else
			assert_string_equal(image_symbols(image, &nr)[s->symbol].name,
					    want[i].symbol);
	}
	code_deinit(&code);
	code_deinit(&code);
}

/* All code is searched once for each callback, so the number of callbacks must be limited. */
static void test_many_callbacks(void **state)
{
	(void)state;
	for (unsigned int nr = 64; nr <= 65; nr++) {
		_cleanup_strbuf_ struct strbuf symbols = STRBUF_INIT;

		for (unsigned int i = 0; i < nr; i++)
			strbuf_addf(&symbols, " __sanitizer_cov_trace_pc@1+%u:1", i);
		const struct elf_text text = { .sections = ".text:x16+96",
					       .symbols = strbuf_str(&symbols) };
		_cleanup_image_ struct image *image = elf_text_image(&text);
		struct code code;
		_cleanup_error_ struct error *err = code_init(&code, image, NULL);

		if (nr == 64) {
			assert_null(err);
			code_deinit(&code);
		} else {
			assert_non_null(err);
			assert_int_equal(err->code, ERROR_FORMAT);
			assert_non_null(strstr(err->message, "65 coverage callbacks"));
		}
	}
}

static void test_callback_names(void **state)
{
	static const struct {
		const char *name;
		bool want, is_exit;
	} names[] = {
		{ "__sanitizer_cov_trace_pc", true },
		{ "____sanitizer_cov_trace_pc_veneer", true },
		{ "__sanitizer_cov_trace_pc_entry", true },
		{ "__sanitizer_cov_trace_pc_exit", true, .is_exit = true },
		{ "__AArch64ADRPThunk___sanitizer_cov_trace_pc", true },
		{ "__AArch64AbsLongThunk___sanitizer_cov_trace_pc", true },
		{ "__sanitizer_cov_trace_pc_guard", false },
		{ "__sanitizer_cov_trace_cmp1", false },
		{ "sanitizer_cov_trace_pc", false },
		{ "__pfx___sanitizer_cov_trace_pc", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (callback_is_name(names[i].name) != names[i].want ||
		    callback_is_exit(names[i].name) != names[i].is_exit)
			fail_msg("%s", names[i].name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_code),	       cmocka_unit_test(test_doubtful),
		cmocka_unit_test(test_out_of_step),    cmocka_unit_test(test_segments),
		cmocka_unit_test(test_many_callbacks), cmocka_unit_test(test_callback_names),
		cmocka_unit_test(test_pointers),
	};

	return cmocka_run_group_tests_name("sweep", tests, NULL, NULL);
}
