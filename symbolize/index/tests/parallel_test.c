// SPDX-License-Identifier: GPL-2.0-or-later
/* The index of an image with many units is the same with any number of threads. */
#include "symbolize/image/tests/image_fixture.h"

#include <string.h>

#include "symbolize/index/private.h"

/* More than two parts (symbolize/image/dwarf_units.c). */
#define UNITS 70

/*
 * Each unit has a function of its own, one that has the same name in all units, and an
 * inline function of a header. One in three has the source file of the unit before it.
 */
static void write_sources(void)
{
	shell("cd %s && printf '%%s\\n' 'extern int state;' 'static inline int twice(int x)' "
	      "'{ if (x > state) return 2 * x; state++; return x; }' >twice.h && "
	      "for i in $(seq %d); do printf '#include \"twice.h\"\\n"
	      "#line 1 \"dir/unit%%d.c\"\\n"
	      "__attribute__((noinline)) static int same(int x)\\n"
	      "{ return x & 1 ? twice(x + %%d) : 3; }\\n"
	      "int f%%d(int x) { return same(x) + twice(x); }\\n' $((i / 3 * 3)) $i $i >u$i.c; "
	      "done",
	      fixture_dir, UNITS);
}

static int setup(void **state)
{
	if (make_fixture_dir(state))
		return -1;
	write_sources();
	shell("cd %s && gcc " COMPILE " -c -o callback.o $OLDPWD/" SOURCES "/callback.c && "
	      "gcc " COMPILE " " COVERAGE " -g -c u*.c && echo 'int state;' | gcc " COMPILE
	      " -c -x c -o state.o - && "
	      "gcc " LINK " -o vmlinux u*.o state.o callback.o 2>/dev/null",
	      fixture_dir);
	return 0;
}

typedef struct error *builder(struct image *image, const struct index_options *options,
			      struct index **ret);

static struct error *build_here(struct image *image, const struct index_options *options,
				struct index **ret)
{
	return index_build(image, options, ret);
}

static struct error *build_isolated(struct image *image, const struct index_options *options,
				    struct index **ret)
{
	return index_build_isolated(image, options, NULL, ret);
}

static void test_same_bytes(void **state)
{
	static builder *const builders[] = { build_here, build_isolated };
	static const unsigned int jobs[] = { 0, 1, 2, 7, 100 };
	_cleanup_image_ struct image *image = NULL;
	_cleanup_index_ struct index *first = NULL;
	size_t nr;

	(void)state;
	assert_ok(image_open(fixture("vmlinux"), NULL, &image));
	assert_ok(index_build(image, NULL, &first));
	index_points(first, &nr);
	assert_true(nr > 4 * UNITS);
	for (size_t i = 0; i < sizeof(builders) / sizeof(*builders); i++) {
		for (size_t j = 0; j < sizeof(jobs) / sizeof(*jobs); j++) {
			_cleanup_index_ struct index *index = NULL;

			assert_ok(builders[i](image, &(struct index_options){ .jobs = jobs[j] },
					      &index));
			assert_int_equal(index->header->size, first->header->size);
			assert_memory_equal(index->block, first->block, first->header->size);
		}
	}
}

/* Functions and files of several parts are merged. */
static void test_merged(void **state)
{
	_cleanup_index_ struct index *index = read_index(fixture("vmlinux"), NULL);
	size_t nr, twice = 0, same = 0;
	const struct index_function *functions = index_functions(index, &nr);

	(void)state;
	for (size_t i = 0; i < nr; i++) {
		twice += !strcmp(index_string(index, functions[i].name), "twice");
		same += !strcmp(index_string(index, functions[i].name), "same");
	}
	assert_int_equal(twice, 1);
	assert_int_equal(same, UNITS / 3 + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_bytes),
		cmocka_unit_test(test_merged),
	};

	return cmocka_run_group_tests_name("parallel", tests, setup, remove_fixture_dir);
}
