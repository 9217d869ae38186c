// SPDX-License-Identifier: GPL-2.0-or-later
/* Matching recorded PCs of every class, in the hand-written code of testdata/symbolize/calls.s. */
#include "symbolize/image/tests/image_fixture.h"

#include "symbolize/coverage/build.h"

static struct index *calls;

static int setup(void **state)
{
	_cleanup_image_ struct image *image = NULL;
	const struct image_options options = { .allow_no_debug = true };

	if (make_fixture_dir(state))
		return -1;
	shell("as -o %s/calls.o " SOURCES "/calls.s && ld -e plain -o %s/calls %s/calls.o",
	      fixture_dir, fixture_dir, fixture_dir);
	assert_ok(image_open(fixture("calls"), &options, &image));
	assert_ok(index_build(image, NULL, &calls));
	return 0;
}

static int teardown(void **state)
{
	index_destroy(calls);
	return remove_fixture_dir(state);
}

static uint32_t offset_of(const char *name)
{
	uint32_t symbol = index_find_name(calls, name);
	size_t nr;

	if (symbol == INDEX_NONE)
		fail_msg("no symbol %s", name);
	return index_symbols(calls, &nr)[symbol].offset;
}

static void assert_class(uint32_t offset, bool is_call, enum coverage_unmatched_class class)
{
	struct coverage_match match = coverage_match(calls, offset, is_call, NULL);

	if (match.point != INDEX_NONE || match.class != class)
		fail_msg("offset %#x: %s, not %s", offset,
			 match.point != INDEX_NONE ? "point" : coverage_unmatched_name(match.class),
			 coverage_unmatched_name(class));
}

static uint32_t point_at(uint32_t offset, bool is_call)
{
	return coverage_match(calls, offset, is_call, NULL).point;
}

static void test_points(void **state)
{
	size_t nr;
	const struct index_point *points = index_points(calls, &nr);

	(void)state;
	/* plain 2; tail 1 and 2 jumps; with_cold.cold 1 jump; out_of_step 1; has_exit 1 */
	assert_int_equal(nr, 8);
	static const char *const after[] = { "point_1", "point_2", "point_3" };
	for (size_t i = 0; i < 3; i++) {
		uint32_t p = point_at(offset_of(after[i]), false);

		assert_int_equal(p, i);
		assert_int_equal(points[p].kind, INDEX_CALL);
		/* The address of the call gives the same point. */
		assert_int_equal(point_at(points[p].offset, true), p);
	}
	assert_int_equal(points[0].size, 5);
	assert_int_equal(points[1].size, 6);
	for (size_t i = 3; i < 6; i++) {
		assert_int_equal(points[i].kind, INDEX_JUMP);
		/* A tail jump records no PC of its own. */
		assert_int_equal(point_at(points[i].offset + points[i].size, false), INDEX_NONE);
		assert_int_equal(point_at(points[i].offset, true), INDEX_NONE);
	}
	assert_int_equal(points[6].offset, offset_of("out_of_step") + 4);
	assert_int_equal(points[7].kind, INDEX_EXIT);
	assert_int_equal(point_at(offset_of("point_exit"), false), 7);
	assert_int_equal(point_at(points[7].offset, true), 7);
}

static void test_classes(void **state)
{
	static const struct {
		const char *label;
		enum coverage_unmatched_class class;
	} rows[] = {
		{ "ret_tail_1", COVERAGE_TAIL_CALL },
		{ "ret_tail_2", COVERAGE_TAIL_CALL },
		{ "ret_tail_3", COVERAGE_TAIL_CALL },
		{ "ret_indirect_1", COVERAGE_INDIRECT_CALL },
		{ "ret_indirect_2", COVERAGE_INDIRECT_CALL },
		{ "ret_indirect_3", COVERAGE_INDIRECT_CALL },
		{ "ret_indirect_4", COVERAGE_INDIRECT_CALL },
		{ "ret_indirect_5", COVERAGE_INDIRECT_CALL },
		{ "ret_other_1", COVERAGE_OTHER_CALL },
		{ "ret_other_2", COVERAGE_OTHER_CALL },
		{ "ret_nothing_1", COVERAGE_NOT_A_RETURN },
		{ "plain", COVERAGE_NOT_A_RETURN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_class(offset_of(rows[i].label), false, rows[i].class);
	assert_class(UINT32_MAX - 1, false, COVERAGE_OUTSIDE_TEXT);
	/* PCs that are addresses of calls. */
	assert_class(offset_of("calls"), true, COVERAGE_TAIL_CALL);
	assert_class(offset_of("calls") + 1, true, COVERAGE_NOT_A_RETURN);
}

/* Calls that the kernel patches at run time: of a thunk, and through pv_ops. */
static void test_patched_calls(void **state)
{
	(void)state;
	assert_class(offset_of("ret_indirect_2") - 3, false, COVERAGE_INDIRECT_CALL);
	assert_class(offset_of("ret_indirect_5") - 1, false, COVERAGE_INDIRECT_CALL);
	assert_class(offset_of("ret_tail_1") - 1, false, COVERAGE_NOT_A_RETURN);
}

static void test_symbols(void **state)
{
	uint32_t symbol;
	size_t nr;

	(void)state;
	/* A label inside a function does not hide the function. */
	symbol = index_find_symbol(calls, offset_of("ret_tail_2") + 1);
	assert_string_equal(index_string(calls, index_symbols(calls, &nr)[symbol].name), "calls");
	assert_int_equal(index_find_symbol(calls, UINT32_MAX - 1), INDEX_NONE);
}

/* Without debug info a point has one frame: its symbol. */
static void test_frame_of_symbol(void **state)
{
	struct index_frame frames[2];
	size_t nr;

	(void)state;
	assert_int_equal(index_frames_at(calls, index_points(calls, &nr)[0].offset, frames, 2), 1);
	assert_string_equal(frames[0].function, "plain");
	assert_int_equal(frames[0].file, INDEX_NONE);
	assert_int_equal(frames[0].line, 0);
}

static void test_names_of_classes(void **state)
{
	(void)state;
	for (int i = 0; i < COVERAGE_UNMATCHED_CLASSES; i++) {
		assert_non_null(coverage_unmatched_name(i));
		assert_non_null(coverage_unmatched_text(i));
		for (int j = 0; j < i; j++)
			assert_string_not_equal(coverage_unmatched_name(i),
						coverage_unmatched_name(j));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_points),		cmocka_unit_test(test_classes),
		cmocka_unit_test(test_patched_calls),	cmocka_unit_test(test_symbols),
		cmocka_unit_test(test_frame_of_symbol), cmocka_unit_test(test_names_of_classes),
	};

	return cmocka_run_group_tests_name("match", tests, setup, teardown);
}
