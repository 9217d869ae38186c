// SPDX-License-Identifier: GPL-2.0-or-later
/* How the scopes and the line table of a unit divide its code, also if they are odd. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/strbuf.h"
#include "symbolize/image/tests/elf_text.h"
#include "symbolize/image/unit.h"

/*
 * ranges "0-32"; spans "0-16:1": bytes and depth, each of a scope of its own; rows "4=7": address
 * and line, "8=e" is an end of sequence. Expected: "0:-=7", offset in the range, scope and line of
 * each place; '|' before each range but the first.
 */
static const struct {
	const char *name;
	const char *ranges, *spans, *rows, *places;
} cases[] = {
	{ "nothing", "", "0-16:1", "0=7", "" },
	{ "no scopes and no rows", "8-16", "", "", "0:-=0" },
	{ "one scope, one row", "0-16", "0-16:1", "0=7", "0:0=7" },
	{ "the row begins later", "0-16", "0-16:1", "4=7", "0:0=0 4:0=7" },
	{ "the row began before the range", "8-16", "8-16:1", "4=7", "0:0=7" },
	{ "the last row at an address counts", "0-16", "0-16:1", "0=7 4=8 4=9 4=10 8=7",
	  "0:0=7 4:0=10 8:0=7" },
	{ "equal rows one after the other", "0-16", "0-16:1", "0=7 4=7 8=7 12=8", "0:0=7 12:0=8" },
	{ "an end of sequence", "0-16", "0-16:1", "0=7 8=e", "0:0=7 8:0=0" },
	{ "another sequence begins where one ends", "0-16", "0-16:1", "0=7 8=e 8=9",
	  "0:0=7 8:0=9" },
	{ "scopes one after the other", "0-16", "0-8:1 8-16:1", "0=7", "0:0=7 8:1=7" },
	{ "with a gap", "0-16", "0-4:1 8-16:1", "0=7", "0:0=7 4:-=7 8:1=7" },
	{ "nested", "0-16", "0-16:1 4-12:2 6-8:3", "0=7", "0:0=7 4:1=7 6:2=7 8:1=7 12:0=7" },
	{ "rows and scopes in turn", "0-16", "0-16:1 4-12:2", "0=1 2=2 4=3 8=4 12=5 14=e",
	  "0:0=1 2:0=2 4:1=3 8:1=4 12:0=5 14:0=0" },
	{ "a deep scope sticks out", "0-32", "0-16:1 12-20:2 16-32:1", "0=7",
	  "0:0=7 12:1=7 20:2=7" },
	{ "deep scopes that overlap: the first one", "0-16", "0-16:1 2-8:2 4-12:2", "0=7",
	  "0:0=7 2:1=7 8:2=7 12:0=7" },
	{ "a deeper one below the order of the debug info", "0-16", "0-16:3 4-8:1", "0=7",
	  "0:0=7" },
	{ "a scope in two pieces", "0-32", "0-32:1 4-8:2 12-16:2", "0=7",
	  "0:0=7 4:1=7 8:0=7 12:2=7 16:0=7" },
	{ "empty and reversed scopes", "0-16", "0-16:1 4-4:2 12-8:2", "0=7", "0:0=7" },
	{ "several ranges", "0-8 16-24", "0-8:1 16-24:1", "0=7 8=e 16=9 20=10 24=e",
	  "0:0=7|0:1=9 4:1=10" },
	{ "code between ranges is not of the unit", "0-8 16-24", "0-24:1", "0=7 12=8 20=9",
	  "0:0=7|0:0=8 4:0=9" },
	{ "up to the last address", "18446744073709551600-18446744073709551615",
	  "18446744073709551608-18446744073709551615:1", "18446744073709551604=7",
	  "0:-=0 4:-=7 8:0=7" },
};

static void unit_init(struct unit *unit, struct unit_part *part, size_t number)
{
	const char *ranges = cases[number].ranges, *spans = cases[number].spans;
	const char *rows = cases[number].rows;
	char word[64];

	*unit = (struct unit){ .part = part };
	assert_null(unit_part_init(part));
	while (elf_next_word(&ranges, word, sizeof(word))) {
		struct address_range r;

		assert_int_equal(sscanf(word, "%" SCNu64 "-%" SCNu64, &r.start, &r.end), 2);
		assert_non_null(address_range_vector_append(&unit->ranges, &r));
	}
	while (elf_next_word(&spans, word, sizeof(word))) {
		struct part_scope scope = { .parent = PART_NONE, .function = PART_NONE };
		struct unit_span s = { .scope = part->scopes.len };

		assert_int_equal(
			sscanf(word, "%" SCNu64 "-%" SCNu64 ":%u", &s.start, &s.end, &s.depth), 3);
		assert_non_null(unit_span_vector_append(&unit->spans, &s));
		assert_non_null(part_scope_vector_append(&part->scopes, &scope));
	}
	while (elf_next_word(&rows, word, sizeof(word))) {
		struct unit_row r = { .is_end = strchr(word, 'e') };
		unsigned int line = 0;

		assert_true(sscanf(word, "%" SCNu64 "=%u", &r.row.address, &line) >= 1);
		r.row.line = line;
		assert_non_null(unit_row_vector_append(&unit->rows, &r));
	}
}

static void add_places(struct strbuf *text, const struct unit_part *part)
{
	size_t region = 1;

	for (size_t i = 0; i < part->places.len; i++) {
		const struct part_place *p = &part->places.data[i];
		bool is_next =
			region < part->regions.len && part->regions.data[region].first_place == i;

		region += is_next;
		strbuf_addstr(text, is_next ? "|" : i ? " " : "");
		strbuf_addf(text, "%u:", p->offset);
		if (p->scope == PART_NONE)
			strbuf_addf(text, "-=%u", p->line);
		else
			strbuf_addf(text, "%u=%u", p->scope, p->line);
	}
}

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		_cleanup_strbuf_ struct strbuf text = STRBUF_INIT;
		struct unit_part part;
		struct unit unit;

		unit_init(&unit, &part, i);
		assert_null(unit_make_places(&unit));
		add_places(&text, &part);
		if (strcmp(strbuf_str(&text), cases[i].places))
			fail_msg("%s: \"%s\"", cases[i].name, strbuf_str(&text));
		address_range_vector_deinit(&unit.ranges);
		unit_span_vector_deinit(&unit.spans);
		unit_row_vector_deinit(&unit.rows);
		unit_part_deinit(&part);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
	};

	return cmocka_run_group_tests_name("unit_places", tests, NULL, NULL);
}
