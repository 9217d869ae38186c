// SPDX-License-Identifier: GPL-2.0-or-later
/* Finding the image that a PC is in. Mappings are text. */
#include "symbolize/coverage/tests/draft_fixture.h"

#define MAPPINGS_MAX 80

/* Return PCs of points: 5 and 21 in .text, 45 in .exit.text, and 69: 5 bytes into .init.text. */
#define MODULE                                                                                     \
	{                                                                                          \
		.blocks = "1 ir; 1 ir; 1 @40+8 ir; 1 @64+16 ir",                                   \
		.sections = ".text@0+32 .exit.text@40+8 .init.text@64+16u", .calls = "30+2*",      \
		.is_module = true                                                                  \
	}

/* The base of the index of a kernel is 4096 here. A kernel is mapped at 0. */
#define KERNEL                                                                                     \
	{                                                                                          \
		.blocks = "1 ir; 1 ir; . ir; . ir", .sections = ".text@16+48", .base = 4096        \
	}

/* The images of the cases: vmlinux, and two equal modules, "one" and "two". Or "two" is unknown. */
static const struct index_text all_known[] = { KERNEL, MODULE, MODULE };
static const struct index_text two_unknown[] = { KERNEL, MODULE, { 0 } };

/*
 * A mapping is "IMAGE@BASE+SIZE", then "iBASE" for its .init.text. The expected result is the image
 * and the offset in its text: "one+5" is a point, "one+6 not-a-return" is not a point, "one" is
 * in the image, but not after an instruction of its text, "-" is in no image, or ambiguous.
 */
struct regions_case {
	const char *name;
	const char *mappings;
	uint64_t pc;
	const char *want;
};

static const struct regions_case kernel_cases[] = {
	{ "nothing is mapped", "", 4117, "-" },
	{ "a point", "0@0+0", 4096 + 21, "vmlinux+21" },
	{ "the return address before the first point", "0@0+0", 4096 + 17,
	  "vmlinux+17 not-a-return" },
	{ "the first byte is no return address of its own", "0@0+0", 4096 + 16, "vmlinux" },
	{ "a kernel does not begin at its base", "0@0+0", 4096 + 15, "-" },
	{ "nor at that of its mapping", "0@0+0", 0, "-" },
	{ "a call may end the text", "0@0+0", 4096 + 64, "vmlinux+64 outside-text" },
	{ "one byte behind it", "0@0+0", 4096 + 65, "-" },
	{ "a kernel that was moved", "0@100+0", 4196 + 21, "vmlinux+21" },
	{ "where it was not moved to", "0@100+0", 4096 + 10, "-" },
};

static const struct regions_case module_cases[] = {
	{ "a point", "1@1000+200", 1005, "one+5" },
	{ "no call is in front of it", "1@1000+200", 1006, "one+6 not-a-return" },
	{ "behind an indirect call", "1@1000+200", 1032, "one+32 indirect-call" },
	{ "its first byte", "1@1000+200", 1000, "one" },
	{ "before it", "1@1000+200", 999, "-" },
	{ "between two sections", "1@1000+200", 1036, "one" },
	{ "the next section", "1@1000+200", 1045, "one+45" },
	{ "behind its code", "1@1000+200", 1049, "one" },
	{ "its end", "1@1000+200", 1200, "one" },
	{ "behind its end", "1@1000+200", 1201, "-" },
	{ "no size: its code", "1@1000+0", 1048, "one+48 outside-text" },
	{ "no size: behind its code", "1@1000+0", 1049, "-" },
	{ "a size that is too small", "1@1000+8", 1045, "one+45" },
	{ "a module at 0", "1@0+100", 0, "one" },
	{ "init code of which nobody knows where it was", "1@1000+0", 1069, "-" },
	{ "init code", "1@1000+200i5000", 5005, "one+69" },
	{ "the first byte of init code", "1@1000+200i5000", 5000, "-" },
	{ "the end of init code", "1@1000+200i5000", 5016, "one+80 outside-text" },
	{ "behind init code", "1@1000+200i5000", 5017, "-" },
	{ "a size without end", "1@1000+18446744073709551615", UINT64_MAX, "one" },
	{ "a base without end", "1@18446744073709551605+100", 3, "-" },
	{ "the last address", "1@18446744073709551605+100", UINT64_MAX, "one" },
	{ "init code without end", "1@1000+0i18446744073709551611", UINT64_MAX - 3,
	  "one+65 not-a-return" },
};

static const struct regions_case overlap_cases[] = {
	{ "two texts at one place: nobody gets it", "1@1000+0 2@1000+0", 1005, "-" },
	{ "the same in the other order", "2@1000+0 1@1000+0", 1005, "-" },
	{ "no call in either: the first one's", "2@1000+0 1@1000+0", 1006, "one+6 not-a-return" },
	{ "one image twice at one place is one", "1@1000+0 1@1000+0", 1005, "one+5" },
	{ "a call in the first only", "1@1000+0 2@1001+0", 1005, "one+5" },
	{ "a call in the second only", "1@1000+0 2@1001+0", 1006, "two+5" },
	{ "one image twice, a byte apart", "1@1000+0 1@1001+0", 1006, "one+5" },
	{ "core text wins over init code", "1@9000+0i1000 2@1000+0", 1005, "two+5" },
	{ "in the other order, too", "2@1000+0 1@9000+0i1000", 1005, "two+5" },
	{ "init code where core text has no call", "1@9000+0i1001 2@1000+0", 1006, "one+69" },
	{ "two init codes", "1@9000+0i1000 2@8000+0i1000", 1005, "-" },
	{ "two init codes and a core text", "1@9000+0i1000 2@8000+0i1000 2@1000+0", 1005, "two+5" },
	{ "two core texts and an init code", "1@1000+0 2@1000+0 2@8000+0i1000", 1005, "-" },
	{ "a module loaded twice, its init code at one place", "1@9000+0i1000 1@8000+0i1000", 1005,
	  "one+69" },
	{ "a long text in front of a short one", "0@0+0 1@4130+0", 4096 + 21, "vmlinux+21" },
	{ "its end lies behind that", "0@0+0 1@4130+0", 4130 + 30, "vmlinux+64 outside-text" },
	{ "a module at the place of the kernel loses", "0@0+0 1@4112+0", 4096 + 21, "vmlinux+21" },
	{ "a call, and the end of a text that ends in none", "1@1000+0 2@1043+0", 1048, "two+5" },
	{ "behind a short text within a long one", "0@0+0 1@9000+0i4120", 4156,
	  "vmlinux+60 not-a-return" },
	{ "bounds end where the next begins", "1@1000+500 2@1200+100", 1199, "one" },
	{ "there it is the next one's", "1@1000+500 2@1200+100", 1200, "two" },
	{ "behind that nobody's, though the first may reach there", "1@1000+500 2@1200+100", 1301,
	  "-" },
};

static const struct regions_case unknown_cases[] = {
	{ "within a module without a file", "2@3000+100", 3050, "two" },
	{ "its end", "2@3000+100", 3100, "two" },
	{ "behind it", "2@3000+100", 3101, "-" },
	{ "of no size", "2@3000+0", 3000, "two" },
	{ "of no size, behind it", "2@3000+0", 3001, "-" },
	{ "init code at a place of its own", "1@9000+0i1000 2@3000+100", 1005, "one+69" },
	{ "init code where it may reach to", "1@9000+0i1000 2@1000+100", 1005, "two" },
	{ "core text where it may reach to", "1@1000+0 2@1002+100", 1005, "one+5" },
	{ "no call where it may reach to", "1@1000+0 2@1002+100", 1006, "one+6 not-a-return" },
};

static size_t parse_mappings(const char *text, struct coverage_mapping *mappings)
{
	size_t nr = 0;
	int len;

	for (; sscanf(text, " %zu@%" SCNu64 "+%" SCNu64 "%n", &mappings[nr].image,
		      &mappings[nr].base, &mappings[nr].size, &len) == 3;
	     text += len) {
		int init = 0;

		mappings[nr].init_base = 0;
		if (sscanf(text + len, "i%" SCNu64 "%n", &mappings[nr].init_base, &init) == 1)
			len += init;
		assert_true(++nr < MAPPINGS_MAX);
	}
	assert_string_equal(text, "");
	return nr;
}

static void add_place(struct strbuf *text, const struct draft_fixture *f,
		      const struct coverage_place *place)
{
	if (place->image == INDEX_NONE) {
		strbuf_addch(text, '-');
		return;
	}
	strbuf_addstr(text, f->inputs[place->image].name);
	if (!place->in_text)
		return;
	strbuf_addf(text, "+%" PRIu64, place->offset);
	if (place->match.point == INDEX_NONE)
		strbuf_addf(text, " %s", coverage_unmatched_name(place->match.class));
}

static int check_case(struct draft_fixture *f, const struct regions_case *c, bool pcs_are_calls)
{
	struct coverage_mapping mappings[MAPPINGS_MAX];
	const struct coverage_source source = { .pcs_are_calls = pcs_are_calls,
						.mappings = mappings,
						.nr_mappings =
							parse_mappings(c->mappings, mappings) };
	_cleanup_strbuf_ struct strbuf got = STRBUF_INIT;
	struct coverage_regions regions;

	assert_ok(coverage_regions_init(&regions, &f->input, &source));
	struct coverage_place place = coverage_regions_find(&regions, &f->draft, c->pc);
	add_place(&got, f, &place);
	coverage_regions_deinit(&regions);
	return differs(c->name, "place", &got, c->want);
}

static void check(const struct index_text *texts, const struct regions_case *cases, size_t nr,
		  bool pcs_are_calls)
{
	_cleanup_draft_fixture_ struct draft_fixture f;
	int wrong = 0;

	draft_fixture_init(&f, texts, 3);
	for (size_t i = 0; i < nr; i++)
		wrong += check_case(&f, &cases[i], pcs_are_calls);
	assert_int_equal(wrong, 0);
}

#define CHECK(texts, cases, calls) check(texts, cases, sizeof(cases) / sizeof(*(cases)), calls)

static void test_kernel(void **state)
{
	(void)state;
	CHECK(all_known, kernel_cases, false);
}

static void test_module(void **state)
{
	(void)state;
	CHECK(all_known, module_cases, false);
}

static void test_overlaps(void **state)
{
	(void)state;
	CHECK(all_known, overlap_cases, false);
}

static void test_unknown_images(void **state)
{
	(void)state;
	CHECK(two_unknown, unknown_cases, false);
}

/* PCs that are addresses of calls: the first byte of a text may be one, its end may not. */
static void test_calls(void **state)
{
	static const struct regions_case cases[] = {
		{ "the first byte", "1@1000+0", 1000, "one+0" },
		{ "what follows it", "1@1000+0", 1005, "one+5 not-a-return" },
		{ "the last byte of a section", "1@1000+0", 1031, "one+31 not-a-return" },
		{ "the end of a section", "1@1000+0", 1032, "one" },
		{ "the last byte", "1@1000+0", 1047, "one+47 not-a-return" },
		{ "the end", "1@1000+0", 1048, "one" },
		{ "init code", "1@1000+0i5000", 5000, "one+64" },
	};

	(void)state;
	CHECK(all_known, cases, true);
}

/* If a module has two sections named .init.text, a run knows the address of neither. */
static void test_odd_modules(void **state)
{
	const struct index_text texts[] = {
		KERNEL,
		{ .blocks = "1 ir; 1 ir; 1 ir",
		  .sections = ".text@0+16 .init.text@16+16u .init.text@32+16u",
		  .is_module = true },
		{ .blocks = "1 ir", .sections = ".init.text@0+16u", .is_module = true },
	};
	const struct index_text others[] = {
		KERNEL,
		{ .blocks = "1 ir @16+16", .sections = ".text@16+16", .is_module = true },
		{ .blocks = "1 ir; 1 ir; 1 ir",
		  .sections = ".text@0+16 .init.text@16+16u .other@32+16u",
		  .is_module = true },
	};
	static const struct regions_case cases[] = {
		{ "two", "1@1000+0i5000", 5005, "-" },
		{ "the core text is there", "1@1000+0i5000", 1005, "one+5" },
		{ "no core text", "2@1000+0i5000", 5005, "two+5" },
		{ "nothing but what the run says of its size", "2@1000+50i5000", 1050, "two" },
	};
	static const struct regions_case other_cases[] = {
		{ "a text that does not begin at 0", "1@1000+0", 1021, "one+21" },
		{ "the module begins at 0 all the same", "1@1000+0", 1003, "one" },
		{ "init code", "2@9000+0i5000", 5005, "two+21" },
		{ "behind it, where the file has other code", "2@9000+0i5000", 5021, "-" },
		{ "the same, within another text", "0@0+0 2@9000+0i4116", 4116 + 21,
		  "vmlinux+41 not-a-return" },
	};

	(void)state;
	CHECK(texts, cases, false);
	CHECK(others, other_cases, false);
}

/* n texts, each one byte after the previous one: a PC is a point in one of them only. */
static void find_among(uint32_t n, const char *want)
{
	const struct index_text texts[] = {
		{ .blocks = "1 ir @0+200", .sections = ".text@0+200", .is_module = true }
	};
	struct coverage_mapping mappings[MAPPINGS_MAX] = { 0 };
	const struct coverage_source source = { .mappings = mappings, .nr_mappings = n };
	_cleanup_draft_fixture_ struct draft_fixture f;
	_cleanup_strbuf_ struct strbuf got = STRBUF_INIT;
	struct coverage_regions regions;

	for (uint32_t i = 0; i < n; i++)
		mappings[i].base = 1000 + i;
	draft_fixture_init(&f, texts, 1);
	assert_ok(coverage_regions_init(&regions, &f.input, &source));
	/* A PC in the first text, which is tried last. */
	struct coverage_place place = coverage_regions_find(&regions, &f.draft, 1000 + POINT_SIZE);
	add_place(&got, &f, &place);
	if (n < MAPPINGS_MAX / 2)
		assert_string_equal(strbuf_str(&got), want);
	strbuf_reset(&got);
	place = coverage_regions_find(&regions, &f.draft, 1000 + n - 1 + POINT_SIZE);
	add_place(&got, &f, &place);
	assert_string_equal(strbuf_str(&got), want);
	coverage_regions_deinit(&regions);
}

/* More texts at one place than any run has are not all tried. */
static void test_many_texts(void **state)
{
	(void)state;
	find_among(1, "vmlinux+5");
	find_among(20, "vmlinux+5");
	find_among(64, "vmlinux+5");
	find_among(65, "-");
}

static void test_no_such_image(void **state)
{
	const struct coverage_mapping mapping = { .image = 3 };
	const struct coverage_source source = { .mappings = &mapping, .nr_mappings = 1 };
	_cleanup_draft_fixture_ struct draft_fixture f;
	struct coverage_regions regions;

	(void)state;
	draft_fixture_init(&f, all_known, 3);
	_cleanup_error_ struct error *err = coverage_regions_init(&regions, &f.input, &source);
	assert_non_null(err);
	assert_int_equal(err->code, ERROR_INVALID);
	coverage_regions_deinit(&regions);
	coverage_regions_deinit(&regions);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kernel),	   cmocka_unit_test(test_module),
		cmocka_unit_test(test_overlaps),   cmocka_unit_test(test_unknown_images),
		cmocka_unit_test(test_calls),	   cmocka_unit_test(test_odd_modules),
		cmocka_unit_test(test_many_texts), cmocka_unit_test(test_no_such_image),
	};

	return cmocka_run_group_tests_name("regions", tests, NULL, NULL);
}
