// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * TASK records of all kinds of sources: the kind follows from the fields, and the
 * fields from the kind.
 */
#include "run/tests/fixture.h"

#include "base/strbuf.h"
#include "run/format.h"

/* Encode source, compare the payload if hex is given, decode into ret. The caller deinits ret. */
static void round_trip(const struct run_source *source, const char *hex, struct run_source *ret)
{
	_cleanup_strbuf_ struct strbuf sb = STRBUF_INIT, text = STRBUF_INIT;
	bool ok;

	run_encode_source(&sb, source);
	assert_ok(strbuf_check(&sb));
	for (size_t i = RUN_RECORD_HEADER; i < sb.len; i++)
		strbuf_addf(&text, "%02x", (uint8_t)sb.data[i]);
	if (hex)
		assert_string_equal(strbuf_str(&text), hex);
	*ret = (struct run_source){ 0 };
	assert_ok(run_decode_source((uint8_t *)sb.data + RUN_RECORD_HEADER,
				    sb.len - RUN_RECORD_HEADER, ret, &ok));
	assert_true(ok);
}

static const struct kind_case {
	const char *what;
	struct run_source source;
	const char *payload; /* key and value of each field, in hex */
	enum run_counts counts;
} kind_cases[] = {
	{ "task",
	  { .kind = RUN_SOURCE_TASK, .pid = 5, .tgid = 4, .parent = -1, .nr_tasks = 1 },
	  "0405"
	  "0604",
	  RUN_COUNTS_EXACT },
	{ "task whose thread id is not known",
	  { .kind = RUN_SOURCE_TASK, .id = 3, .parent = 2, .nr_tasks = 1 },
	  "0203"
	  "0802",
	  RUN_COUNTS_EXACT },
	{ "remote handle",
	  { .kind = RUN_SOURCE_REMOTE, .id = 1, .parent = -1, .handle = 42 },
	  "0201"
	  "142a",
	  RUN_COUNTS_EXACT },
	{ "set of one task",
	  { .kind = RUN_SOURCE_SET, .pid = 5, .tgid = 5, .parent = -1, .nr_tasks = 1 },
	  "0405"
	  "0605"
	  "1601",
	  RUN_COUNTS_LEAST },
	{ "set of many tasks",
	  { .kind = RUN_SOURCE_SET, .pid = 5, .tgid = 5, .parent = -1, .nr_tasks = 300 },
	  "0405"
	  "0605"
	  "16ac02",
	  RUN_COUNTS_LEAST },
	{ "import",
	  { .kind = RUN_SOURCE_IMPORT, .parent = -1, .nr_tasks = 1 },
	  "1601",
	  RUN_COUNTS_NONE },
	/* Without field 15, a reader takes it for an import. */
	{ "softirq",
	  { .kind = RUN_SOURCE_SOFTIRQ, .id = 1, .parent = -1 },
	  "1601"
	  "0201"
	  "1e01",
	  RUN_COUNTS_LEAST },
	{ "work",
	  { .kind = RUN_SOURCE_WORK, .parent = -1, .losses.dropped_sections = 3, .pending = 4 },
	  "1601"
	  "1e04"
	  "2003"
	  "2204",
	  RUN_COUNTS_LEAST },
	{ "system",
	  { .kind = RUN_SOURCE_SYSTEM, .parent = -1, .losses.dropped_pcs = 2 },
	  "1601"
	  "1802"
	  "1e05",
	  RUN_COUNTS_LEAST },
};

static void test_kinds(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(kind_cases) / sizeof(*kind_cases); i++) {
		const struct kind_case *c = &kind_cases[i];
		struct run_source got;

		round_trip(&c->source, c->payload, &got);
		if (got.kind != c->source.kind || got.nr_tasks != c->source.nr_tasks ||
		    got.pid != c->source.pid || got.parent != c->source.parent ||
		    got.handle != c->source.handle)
			fail_msg("%s: kind %d, %ju tasks", c->what, got.kind,
				 (uintmax_t)got.nr_tasks);
		assert_int_equal(run_source_counts(&got), c->counts);
		run_source_deinit(&got);
	}
}

/* A record that no collection writes: a handle makes it a remote source. */
static void test_handle_of_many_tasks(void **state)
{
	static const uint8_t payload[] = { 0x14, 42, 0x16, 7 };
	struct run_source source = { 0 }, again;
	bool ok;

	(void)state;
	assert_ok(run_decode_source(payload, sizeof(payload), &source, &ok));
	assert_true(ok);
	assert_int_equal(source.kind, RUN_SOURCE_REMOTE);
	assert_int_equal(source.nr_tasks, 0);
	round_trip(&source, "142a", &again);
	assert_int_equal(again.kind, RUN_SOURCE_REMOTE);
}

/* Contexts of newer writers are taken for imports; a handle comes before a context. */
static void test_contexts(void **state)
{
	static const struct {
		const uint8_t payload[8];
		size_t len;
		enum run_source_kind kind;
	} cases[] = {
		{ { 0x16, 1, 0x1e, 2 }, 4, RUN_SOURCE_INTERRUPT },
		{ { 0x1e, 3 }, 2, RUN_SOURCE_KTHREAD },
		{ { 0x16, 1, 0x1e, 6 }, 4, RUN_SOURCE_IMPORT },
		{ { 0x16, 1, 0x1e, 0xff, 0xff, 0xff, 0xff, 0x0f }, 8, RUN_SOURCE_IMPORT },
		{ { 0x14, 42, 0x1e, 3 }, 4, RUN_SOURCE_REMOTE },
		{ { 0x04, 5, 0x16, 9, 0x1e, 4 }, 6, RUN_SOURCE_WORK },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct run_source source = { 0 }, again;
		bool ok;

		assert_ok(run_decode_source(cases[i].payload, cases[i].len, &source, &ok));
		assert_true(ok);
		assert_int_equal(source.kind, cases[i].kind);
		if (run_kind_is_context(source.kind))
			assert_int_equal(source.nr_tasks, 0);
		round_trip(&source, NULL, &again);
		assert_int_equal(again.kind, source.kind);
		assert_int_equal(again.nr_tasks, source.nr_tasks);
		run_source_deinit(&again);
		run_source_deinit(&source);
	}
}

static void test_kind_words(void **state)
{
	(void)state;
	for (int kind = 0; kind < RUN_SOURCE_KINDS; kind++) {
		const struct run_kind_words *words = run_kind_words(kind);

		assert_true(words->name && words->title && words->by);
		for (int other = 0; other < kind; other++)
			assert_string_not_equal(words->name, run_kind_words(other)->name);
	}
	assert_true(run_kind_has_tasks(RUN_SOURCE_SET) && run_kind_has_tasks(RUN_SOURCE_SYSTEM));
	assert_false(run_kind_has_tasks(RUN_SOURCE_REMOTE) || run_kind_has_tasks(RUN_SOURCE_WORK));
}

/* A source of this kind whose integers all differ. */
static struct run_source numbered(enum run_source_kind kind)
{
	struct run_source source = { .kind = kind, .parent = -1 };
	uint32_t narrow;
	uint64_t wide;

	for (const struct run_field *field = run_source_fields; field->number; field++) {
		void *member = (char *)&source + field->offset;

		narrow = wide = field->max == RUN_STATE_CUT ? RUN_STATE_CUT : 100 + field->number;
		if (!run_field_is_of(field, kind))
			continue;
		if (field->kind == RUN_FIELD_U64)
			memcpy(member, &wide, sizeof(wide));
		else if (field->kind == RUN_FIELD_U32)
			memcpy(member, &narrow, sizeof(narrow));
		if (field->known_offset)
			*(bool *)((char *)&source + field->known_offset) = true;
	}
	/* This one follows from the kind. */
	source.context = run_kind_is_context(kind) ? kind - RUN_SOURCE_SOFTIRQ + 1 : 0;
	return source;
}

/* Write and read each row, for each kind that has it. A new row is tested without further code. */
static void test_every_field(void **state)
{
	static const enum run_source_kind kinds[] = { RUN_SOURCE_TASK,	  RUN_SOURCE_REMOTE,
						      RUN_SOURCE_SET,	  RUN_SOURCE_SOFTIRQ,
						      RUN_SOURCE_KTHREAD, RUN_SOURCE_WORK,
						      RUN_SOURCE_SYSTEM };
	struct run_source got;

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		const struct run_source source = numbered(kinds[i]);

		round_trip(&source, NULL, &got);
		assert_int_equal(got.kind, kinds[i]);
		for (const struct run_field *field = run_source_fields; field->number; field++) {
			if (field->kind == RUN_FIELD_STRING || !run_field_is_of(field, kinds[i]))
				continue;
			if (run_field_integer(field, &got) != run_field_integer(field, &source))
				fail_msg("field %u of kind %d", field->number, kinds[i]);
		}
		run_source_deinit(&got);
	}
}

/* Numbers ascend, names are unique, and each counter of lost things has all its words. */
static void test_rows(void **state)
{
	const struct run_field *row = run_source_fields;

	(void)state;
	for (size_t i = 0; row[i].number; i++) {
		assert_true(!i || row[i].number > row[i - 1].number);
		for (size_t j = 0; row[i].name && j < i; j++)
			assert_true(!row[j].name || strcmp(row[i].name, row[j].name));
		const struct run_loss *loss = row[i].loss;
		if (!loss)
			continue;
		assert_true(row[i].kind == RUN_FIELD_U64 && row[i].unit == RUN_UNIT_COUNT);
		assert_true(row[i].name && loss->before && loss->one && loss->many);
		assert_true(!loss->title || (loss->entry_one && loss->entry_many && loss->advice));
	}
}

static void test_losses_are_said(void **state)
{
	struct run_source source = { .losses.dropped_tasks = 1 };
	_cleanup_strbuf_ struct strbuf text = STRBUF_INIT;

	(void)state;
	assert_true(run_source_has_losses(&source));
	run_for_each_loss(field)
	{
		run_loss_write(field->loss, run_field_integer(field, &source), &text);
		strbuf_addstr(&text, "\n");
	}
	assert_string_equal(
		strbuf_str(&text),
		"filled its buffer 0 times: PCs may be lost (a larger --buffer may help)\n"
		"the kernel had no room for PCs of modules 0 times: some are missing (collect with "
		"a larger --buffer)\n"
		"1 task and its descendants were not recorded: the kernel was out of memory\n"
		"work in other contexts was not recorded 0 times: the kernel could not attribute "
		"it to the tasks\n");
	source.losses.dropped_tasks = 0;
	assert_false(run_source_has_losses(&source));
}

static void test_strings_of_a_copy(void **state)
{
	char name[] = "sh";
	const struct run_source source = { .name = name };
	struct run_source copy = source;

	(void)state;
	assert_ok(run_fields_own_strings(run_source_fields, &copy));
	assert_ptr_not_equal(copy.name, name);
	assert_string_equal(copy.name, "sh");
	assert_null(copy.reason);
	run_source_deinit(&copy);
}

static const struct state_case {
	enum run_source_kind kind;
	enum run_state state;
	struct run_state_words want;
} state_cases[] = {
	{ RUN_SOURCE_TASK, RUN_STATE_COVERED, { "covered", NULL, NULL } },
	{ RUN_SOURCE_SET,
	  RUN_STATE_CUT,
	  { "cut", "is covered only in part", "recorded only in part" } },
	{ RUN_SOURCE_TASK,
	  RUN_STATE_NOT_FOLLOWED,
	  { "not-followed", "was not followed", "not followed and not recorded" } },
	{ RUN_SOURCE_REMOTE, RUN_STATE_COVERED, { "recorded", NULL, NULL } },
	{ RUN_SOURCE_REMOTE,
	  RUN_STATE_NOT_FOLLOWED,
	  { "not-recorded", "was not recorded", "not recorded" } },
	{ RUN_SOURCE_WORK, RUN_STATE_COVERED, { "recorded", NULL, NULL } },
	{ RUN_SOURCE_SYSTEM,
	  RUN_STATE_NOT_FOLLOWED,
	  { "not-recorded", "was not recorded", "not recorded" } },
};

static void assert_same_text(const char *a, const char *b)
{
	assert_string_equal(a ? a : "(none)", b ? b : "(none)");
}

static void test_state_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(state_cases) / sizeof(*state_cases); i++) {
		const struct state_case *c = &state_cases[i];
		const struct run_source source = { .kind = c->kind, .state = c->state };
		const struct run_state_words *words = run_source_state_words(&source);

		assert_same_text(words->name, c->want.name);
		assert_same_text(words->said, c->want.said);
		assert_same_text(words->listed, c->want.listed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),		cmocka_unit_test(test_handle_of_many_tasks),
		cmocka_unit_test(test_every_field),	cmocka_unit_test(test_rows),
		cmocka_unit_test(test_losses_are_said), cmocka_unit_test(test_strings_of_a_copy),
		cmocka_unit_test(test_state_words),	cmocka_unit_test(test_contexts),
		cmocka_unit_test(test_kind_words),
	};

	return cmocka_run_group_tests_name("run source", tests, NULL, NULL);
}
