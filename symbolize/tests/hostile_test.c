// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Truncated and damaged images give an error or less information, but never a
 * crash or a hang. The damage is the same in every run; fuzz_image.c tries more.
 */
#include "symbolize/image/tests/image_fixture.h"

#include <sys/resource.h>

#include "base/io.h"
#include "symbolize/tests/read_everything.h"

#define FLIPS	      2000
#define CUTS	      300
#define SECONDS_LIMIT 100 /* of processor time: a slow machine is not a hang */

static const char *const names[] = { "dwarf4", "dwarf5", "clang", "zlib", "module.ko", "flow.ko" };

static int setup(void **state)
{
	if (make_fixture_dir(state))
		return -1;
	build_kernel("dwarf4", "gcc", "-gdwarf-4");
	build_kernel("dwarf5", "gcc", "-gdwarf-5");
	/* Its file tables have MD5s. */
	build_kernel("clang", have_program("clang") ? "clang" : "gcc", "-gdwarf-5");
	shell("cd %s && objcopy --compress-debug-sections=zlib dwarf5 zlib", fixture_dir);
	build_module("module.ko", "gcc", "-gdwarf-5");
	shell("as -g -o %s/flow.o " SOURCES "/module.s && "
	      "gcc -O2 -g -c -o %s/no_return.o " SOURCES "/no_return.c && "
	      "cd %s && ld -r -o flow.ko flow.o no_return.o",
	      fixture_dir, fixture_dir, fixture_dir);
	return setrlimit(RLIMIT_CPU, &(struct rlimit){ SECONDS_LIMIT, SECONDS_LIMIT });
}

static uint32_t next_random(uint32_t *state)
{
	/* xorshift32 */
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static void test_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		_cleanup_free_ char *data = NULL;
		size_t size;

		assert_ok(file_read(fixture(names[i]), 1 << 20, &data, &size));
		assert_ok(read_everything(data, size));
	}
}

static void test_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		_cleanup_free_ char *data = NULL;
		size_t size;

		assert_ok(file_read(fixture(names[i]), 1 << 20, &data, &size));
		for (size_t cut = 0; cut < CUTS; cut++) {
			/* Section headers are at the end of the file: each cut removes some. */
			struct error *err = read_everything(data, size * cut / CUTS);

			assert_non_null(err);
			assert_int_equal(err->code, ERROR_FORMAT);
			error_destroy(err);
		}
	}
}

static void test_flipped(void **state)
{
	uint32_t random = 20261121;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		_cleanup_free_ char *data = NULL;
		size_t size;

		assert_ok(file_read(fixture(names[i]), 1 << 20, &data, &size));
		for (int n = 0; n < FLIPS; n++) {
			_cleanup_free_ char *copy = malloc(size);

			assert_non_null(copy);
			memcpy(copy, data, size);
			for (uint32_t flips = next_random(&random) % 8 + 1; flips; flips--)
				copy[next_random(&random) % size] = next_random(&random);
			error_destroy(read_everything(copy, size));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_flipped),
	};

	return cmocka_run_group_tests_name("hostile", tests, setup, remove_fixture_dir);
}
