// SPDX-License-Identifier: GPL-2.0-or-later
/* Counting: recorded PCs to points, and PCs that are not points. Sources and mappings are text. */
#include "symbolize/coverage/tests/draft_fixture.h"

#define PCS_MAX	    16
#define SOURCES_MAX 4

/*
 * "f" calls the callback; "g" ends in a tail jump to it. "h" makes five calls: of g at 32, of f at
 * 37, through a register at 42, of "ext" in another image at 44, and at 49 of "either", which can
 * end in g or elsewhere.
 */
#define MODULE                                                                                     \
	{                                                                                          \
		.blocks = "0 ir; j0 ir s1; . ir s2 @32+32",                                        \
		.symbols = "f@0+16 g@16+16p=1 h@32+32 ext@64+0x either@80+0p",                     \
		.calls = "32+5>1 37+5>0 42+2* 44+5>3 49+5>4", .is_module = true                    \
	}

static const struct index_text images[] = {
	{ .blocks = "0 ir; 0 ir", .symbols = "f@0+16 ext@16+16p", .base = 4096 },
	MODULE,
	{ 0 },
};

/*
 * A source is "IMAGE@BASE+SIZE ... : PCxCOUNT ...", then '+' if its counts are lower bounds. The
 * expected result has "NAME: COUNTS" for each image, then "PCxCOUNT CLASS" for its PCs that are not
 * points.
 */
static const struct {
	const char *name;
	const char *sources[SOURCES_MAX];
	const char *want;
} cases[] = {
	{ "no source", { NULL }, "vmlinux: 0 0 | one: 0 0 | two:" },
	{ "a source without PCs", { "1@1000+0 :" }, "vmlinux: 0 0 | one: 0 0 | two:" },
	{ "a point", { "1@1000+0 : 1005x3" }, "vmlinux: 0 0 | one: 3 0 | two:" },
	{ "points of two images",
	  { "0@0+0 1@8000+0 : 4117x2 8005x3" },
	  "vmlinux: 0 2 | one: 3 0 | two:" },
	{ "of two sources",
	  { "1@1000+0 : 1005x3", "1@1000+0 : 1005x4" },
	  "vmlinux: 0 0 | one: 7 0 | two:" },
	{ "at two places",
	  { "1@1000+0 : 1005x3", "1@2000+0 : 2005x4" },
	  "vmlinux: 0 0 | one: 7 0 | two:" },
	{ "more often than a number holds",
	  { "1@1000+0 : 1005x18446744073709551615", "1@1000+0 : 1005x2" },
	  "vmlinux: 0 0 | one: 18446744073709551615 0 | two:" },
	{ "one of two sources is a set",
	  { "1@1000+0 : 1005x3", "1@1000+0 : 1005x4+" },
	  "vmlinux: 0 0 | one: 7+ 0 | two:" },
	{ "the set has another point",
	  { "0@0+0 : 4101x3", "0@0+0 : 4117x4+" },
	  "vmlinux: 3 4+ | one: 0 0 | two:" },
	{ "a tail call executed a point",
	  { "1@1000+0 : 1037x3" },
	  "vmlinux: 0 0 | one: 0 3 | two: 1037x3 tail-call one" },
	{ "a tail call of a set",
	  { "1@1000+0 : 1037x3+" },
	  "vmlinux: 0 0 | one: 0 3+ | two: 1037x3+ tail-call one" },
	{ "tail calls of two sources",
	  { "1@1000+0 : 1037x3", "1@1000+0 : 1037x5" },
	  "vmlinux: 0 0 | one: 0 8 | two: 1037x8 tail-call one" },
	{ "a call that can end in one of several points executed none for certain",
	  { "1@1000+0 : 1054x3" },
	  "vmlinux: 0 0 | one: 0 0 | two: 1054x3 tail-call one" },
	{ "calls of other kinds",
	  { "1@1000+0 : 1006x1 1042x1 1044x1 1049x1" },
	  "vmlinux: 0 0 | one: 0 0 | two: 1006x1 not-a-return one 1042x1 other-call one "
	  "1044x1 indirect-call one 1049x1 tail-call one" },
	{ "nowhere",
	  { "1@1000+0 : 7x1 9999x2" },
	  "vmlinux: 0 0 | one: 0 0 | two: 7x1 outside-text - 9999x2 outside-text -" },
	{ "within a module, and in none of its code",
	  { "1@1000+500 : 1300x1" },
	  "vmlinux: 0 0 | one: 0 0 | two: 1300x1 outside-text one" },
	{ "in a module without a file",
	  { "2@3000+100 : 3005x1" },
	  "vmlinux: 0 0 | one: 0 0 | two: 3005x1 no-image two" },
	{ "one PC of two sources",
	  { "1@1000+0 : 1006x1", "1@1000+0 : 1006x2+" },
	  "vmlinux: 0 0 | one: 0 0 | two: 1006x3+ not-a-return one" },
	{ "more of them than a number holds",
	  { "1@1000+0 : 1006x18446744073709551615", "1@1000+0 : 1006x1" },
	  "vmlinux: 0 0 | one: 0 0 | two: 1006x18446744073709551615 not-a-return one" },
	{ "one PC in two images",
	  { "1@1000+0 : 1006x1", "2@1000+100 : 1006x2" },
	  "vmlinux: 0 0 | one: 0 0 | two: 1006x1 not-a-return one 1006x2 no-image two" },
	{ "the order of sources does not show",
	  { "2@1000+100 : 1006x2", "1@1000+0 : 1006x1" },
	  "vmlinux: 0 0 | one: 0 0 | two: 1006x1 not-a-return one 1006x2 no-image two" },
	{ "one PC at two places of an image",
	  { "1@1000+0 : 1006x1", "1@969+0 : 1006x2" },
	  "vmlinux: 0 0 | one: 0 2 | two: 1006x2 tail-call one 1006x1 not-a-return one" },
	{ "one PC in an image and nowhere",
	  { "2@9000+1 : 1006x2", "1@1000+500 : 1300x1 1006x1", "1@9000+0 : 1300x4" },
	  "vmlinux: 0 0 | one: 0 0 | two: 1006x1 not-a-return one 1006x2 outside-text - "
	  "1300x1 outside-text one 1300x4 outside-text -" },
};

struct source_fixture {
	struct coverage_mapping mappings[PCS_MAX];
	struct pc_count pcs[PCS_MAX];
};

static struct coverage_source parse_source(const char *text, struct source_fixture *f)
{
	struct coverage_source source = { .mappings = f->mappings, .pcs = f->pcs };
	int len;

	for (; sscanf(text, " %zu@%" SCNu64 "+%" SCNu64 "%n",
		      &f->mappings[source.nr_mappings].image, &f->mappings[source.nr_mappings].base,
		      &f->mappings[source.nr_mappings].size, &len) == 3;
	     text += len)
		assert_true(++source.nr_mappings < PCS_MAX);
	text = strchr(text, ':') + 1;
	for (; sscanf(text, " %" SCNu64 "x%" SCNu64 "%n", &f->pcs[source.nr_pcs].pc,
		      &f->pcs[source.nr_pcs].count, &len) == 2;
	     text += len)
		assert_true(++source.nr_pcs < PCS_MAX);
	source.counts_are_least = *text == '+';
	return source;
}

static void add_counts(struct strbuf *text, const struct draft_fixture *f)
{
	for (size_t i = 0; i < f->input.nr_images; i++) {
		size_t nr = 0;

		strbuf_addf(text, "%s%s:", i ? " | " : "", f->inputs[i].name);
		if (f->indexes[i])
			index_points(f->indexes[i], &nr);
		for (size_t p = 0; p < nr; p++)
			strbuf_addf(text, " %" PRIu64 "%s", f->images[i].counts[p],
				    f->images[i].is_least[p] ? "+" : "");
	}
	vector_for_each(&f->draft.unmatched, u)
		strbuf_addf(text, " %" PRIu64 "x%" PRIu64 "%s %s %s", u->pc, u->count,
			    u->is_least ? "+" : "", coverage_unmatched_name(u->class),
			    u->image == INDEX_NONE ? "-" : f->inputs[u->image].name);
}

/* Count the sources of a case, up to the first NULL. */
static void count(struct draft_fixture *f, const char *const *texts)
{
	struct source_fixture fixtures[SOURCES_MAX] = { 0 };
	struct coverage_source sources[SOURCES_MAX];

	draft_fixture_init(f, images, 3);
	f->input.sources = sources;
	for (; f->input.nr_sources < SOURCES_MAX && texts[f->input.nr_sources];
	     f->input.nr_sources++)
		sources[f->input.nr_sources] =
			parse_source(texts[f->input.nr_sources], &fixtures[f->input.nr_sources]);
	assert_ok(coverage_count(&f->draft));
	f->input.sources = NULL;
}

static void test_cases(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		_cleanup_draft_fixture_ struct draft_fixture f;
		_cleanup_strbuf_ struct strbuf got = STRBUF_INIT;

		count(&f, cases[i].sources);
		add_counts(&got, &f);
		wrong += differs(cases[i].name, "counts", &got, cases[i].want);
	}
	assert_int_equal(wrong, 0);
}

/* A PC counts once for its image, whatever sources have it. A tail call is not a point's PC. */
static void test_distinct(void **state)
{
	static const char *const sources[SOURCES_MAX] = {
		"0@0+0 1@8000+0 : 4101x3 8005x1 8037x1",
		"0@0+0 1@7000+0 : 4101x3 4117x1 7005x2 7037x9",
		"1@9000+500 2@20000+9 : 9005x1 9006x1 9300x1 20001x5",
	};
	_cleanup_draft_fixture_ struct draft_fixture f;

	(void)state;
	count(&f, sources);
	assert_int_equal(f.images[0].nr_pcs, 2);
	assert_int_equal(f.images[0].nr_unmatched, 0);
	assert_int_equal(f.images[0].base, 0);
	/* One point, at 0, wherever the module was. PCs that are not points count by address. */
	assert_int_equal(f.images[1].nr_pcs, 1);
	assert_int_equal(f.images[1].nr_unmatched, 4);
	assert_int_equal(f.images[1].base, 7000);
	assert_int_equal(f.images[2].nr_unmatched, 1);
	assert_int_equal(f.images[2].base, 20000);
	assert_int_equal(f.draft.unmatched.len, 5);
}

static void test_no_mapping(void **state)
{
	static const char *const sources[SOURCES_MAX] = { " : 4101x1" };
	_cleanup_draft_fixture_ struct draft_fixture f;

	(void)state;
	count(&f, sources);
	assert_int_equal(f.images[1].base, 0);
	assert_int_equal(f.draft.unmatched.len, 1);
	assert_int_equal(f.draft.unmatched.data[0].class, COVERAGE_OUTSIDE_TEXT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_distinct),
		cmocka_unit_test(test_no_mapping),
	};

	return cmocka_run_group_tests_name("count", tests, NULL, NULL);
}
