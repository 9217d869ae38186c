// SPDX-License-Identifier: GPL-2.0-or-later
/* Code of a unit without a line table, after that of a unit that has one. */
#include "symbolize/image/tests/image_fixture.h"

#include "symbolize/coverage/build.h"

#define POINTS_MAX 64

/* Link functions of two units: one with a line table, and one without, whose code comes next. */
static void link_without_lines(const char *cc)
{
	shell("cd %s && echo 'int called(int x); int listed(int x) { return x ? called(x) : 1; }' "
	      "| "
	      "%s " COMPILE " " COVERAGE " -g -c -x c -o listed.o - && "
	      "echo 'int called(int x); int unlisted(int x) { return x > 3 ? called(x + 1) : 2; }' "
	      "| %s " COMPILE " " COVERAGE " -g0 -c -x c -o unlisted.o - && "
	      "echo 'int called(int x) { return x; } void __sanitizer_cov_trace_pc(void) {}' | "
	      "gcc -c -x c -o others.o - && "
	      "ld -e listed -o unlisted listed.o unlisted.o others.o",
	      fixture_dir, cc, cc);
}

/* All points after those of the first unit were recorded. */
static struct coverage *cover_unlisted(struct index *index)
{
	const struct coverage_mapping mapping = { 0 };
	const struct coverage_input_image image = { .name = "vmlinux", .index = index };
	struct coverage_source source = { .mappings = &mapping, .nr_mappings = 1 };
	struct pc_count pcs[POINTS_MAX];
	struct coverage *coverage;
	size_t nr;
	const struct index_point *points = index_points(index, &nr);

	assert_true(nr < POINTS_MAX);
	for (size_t i = 0; i < nr; i++) {
		struct index_frame frame;

		index_frames_at(index, points[i].offset, &frame, 1);
		if (!strcmp(frame.function, "unlisted") && points[i].kind == INDEX_CALL)
			pcs[source.nr_pcs++] = (struct pc_count){
				index_base(index) + points[i].offset + points[i].size, 1
			};
	}
	assert_true(source.nr_pcs > 1);
	source.pcs = pcs;
	assert_ok(coverage_build(
		&(struct coverage_input){
			.images = &image, .nr_images = 1, .sources = &source, .nr_sources = 1 },
		&coverage));
	return coverage;
}

/* Code without lines does not own the last line before it. */
static void test_without_lines(void **state)
{
	static const char *const compilers[] = { "gcc", "clang" };

	(void)state;
	for (int i = 0; i < 2; i++) {
		if (!have_program(compilers[i]))
			continue;
		link_without_lines(compilers[i]);
		struct index *index = read_index(fixture("unlisted"), NULL);
		struct coverage *coverage = cover_unlisted(index);

		assert_true(coverage->lines.found > 0);
		assert_int_equal(coverage->lines.hit, 0);
		assert_int_equal(coverage->functions.found, 1);
		assert_int_equal(coverage->functions.hit, 0);
		assert_int_equal(coverage->branches.found, 2);
		coverage_destroy(coverage);
		index_destroy(index);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without_lines),
	};

	return cmocka_run_group_tests(tests, make_fixture_dir, remove_fixture_dir);
}
