// SPDX-License-Identifier: GPL-2.0-or-later
/* What a call of a function of another image can end in, by its name. */
#include "symbolize/coverage/tests/draft_fixture.h"

enum {
	POINT = INDEX_TAIL_POINT,
	INDIRECT = INDEX_TAIL_INDIRECT,
	EXTERNAL = INDEX_TAIL_EXTERNAL,
	LABEL = INDEX_LABEL,
};

static const struct {
	const char *name;
	const char *symbols[FIXTURE_IMAGES_MAX]; /* of each image; "": no index */
	const char *asked;
	uint32_t want;
} cases[] = {
	{ "a single image calls no other", { "f@0+8p" }, "f", 0 },
	{ "a function of another image", { "f@0+8p", "g@0+8" }, "f", POINT },
	{ "one that ends in nothing", { "f@0+8p", "g@0+8" }, "g", 0 },
	{ "a name that nobody has", { "f@0+8p", "g@0+8" }, "h", 0 },
	{ "the beginning of a name", { "func@0+8p", "g@0+8" }, "fun", 0 },
	{ "no name", { "f@0+8p", "g@0+8" }, "", 0 },
	{ "of two with a name any may be meant", { "f@0+8p", "f@0+8i" }, "f", POINT | INDIRECT },
	{ "of two in one image, too", { "f@0+8p f@8+8e", "g@0+8" }, "f", POINT | EXTERNAL },
	{ "of three images", { "f@0+8p", "f@0+8e", "f@0+8i" }, "f", POINT | EXTERNAL | INDIRECT },
	{ "those who take it from elsewhere do not have it", { "f@0+8p", "f@16+0xi" }, "f", POINT },
	{ "who takes it has it not", { "g@0+8p", "f@16+0xp" }, "f", 0 },
	{ "an image without an index", { "", "f@0+8p" }, "f", POINT },
	{ "a label has a name, too", { "f@0+0lp", "g@0+8" }, "f", POINT | LABEL },
};

static void init(struct draft_fixture *f, const char *const *symbols)
{
	struct index_text texts[FIXTURE_IMAGES_MAX] = { 0 };
	size_t nr = 0;

	for (; nr < FIXTURE_IMAGES_MAX && symbols[nr]; nr++)
		texts[nr].symbols = *symbols[nr] ? symbols[nr] : NULL;
	draft_fixture_init(f, texts, nr);
	assert_ok(externals_init(&f->draft));
}

static void test_flags(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		_cleanup_draft_fixture_ struct draft_fixture f;

		init(&f, cases[i].symbols);
		uint32_t got = external_tail_flags(&f.draft, cases[i].asked);
		if (got == cases[i].want)
			continue;
		print_error("%s: %#x, not %#x\n", cases[i].name, got, cases[i].want);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

/* Asking for a name does not add it. */
static void test_questions_add_nothing(void **state)
{
	static const char *const symbols[FIXTURE_IMAGES_MAX] = { "f@0+8p", "g@0+8" };
	_cleanup_draft_fixture_ struct draft_fixture f;

	(void)state;
	init(&f, symbols);
	assert_int_equal(external_tail_flags(&f.draft, "unheard_of"), 0);
	assert_int_equal(intern_count(f.draft.symbols), 2);
}

/* The class of a return address after a call of "ext" depends on what ext can end in. */
static void test_classes(void **state)
{
	static const struct {
		const char *name;
		const char *kernel, *module;
		enum coverage_unmatched_class want;
	} rows[] = {
		{ "the kernel's ends in the callback", "ext@0+8p", "f@0+16 ext@64+0x",
		  COVERAGE_TAIL_CALL },
		{ "it jumps through a register", "ext@0+8i", "f@0+16 ext@64+0x",
		  COVERAGE_INDIRECT_CALL },
		{ "it jumps to another image", "ext@0+8e", "f@0+16 ext@64+0x",
		  COVERAGE_INDIRECT_CALL },
		{ "it does both: the callback explains it", "ext@0+8pi", "f@0+16 ext@64+0x",
		  COVERAGE_TAIL_CALL },
		{ "it does none of it", "ext@0+8", "f@0+16 ext@64+0x", COVERAGE_OTHER_CALL },
		{ "there is no such function", "other@0+8p", "f@0+16 ext@64+0x",
		  COVERAGE_OTHER_CALL },
		{ "it is the module's own", "ext@0+8p", "f@0+16 ext@16+16", COVERAGE_OTHER_CALL },
		{ "the module's own jumps to another image", "ext@0+8p", "f@0+16 ext@16+16e",
		  COVERAGE_INDIRECT_CALL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct index_text texts[] = {
			{ .symbols = rows[i].kernel },
			{ .blocks = ". ir; . ir", .symbols = rows[i].module, .calls = "0+5>1" },
		};
		_cleanup_draft_fixture_ struct draft_fixture f;

		draft_fixture_init(&f, texts, 2);
		assert_ok(externals_init(&f.draft));
		const struct coverage_externals externals = { external_tail_flags, &f.draft };
		struct coverage_match match = coverage_match(f.indexes[1], 5, false, &externals);
		if (match.class != rows[i].want)
			fail_msg("%s: %s", rows[i].name, coverage_unmatched_name(match.class));
		/* Without externals nothing is known of functions of other images. */
		match = coverage_match(f.indexes[1], 5, false, NULL);
		if (string_ends_with(rows[i].module, "x"))
			assert_int_equal(match.class, COVERAGE_OTHER_CALL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_questions_add_nothing),
		cmocka_unit_test(test_classes),
	};

	return cmocka_run_group_tests_name("externals", tests, NULL, NULL);
}
