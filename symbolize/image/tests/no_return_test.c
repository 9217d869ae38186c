// SPDX-License-Identifier: GPL-2.0-or-later
/* Functions that do not return: dwz(1) moves what says so to partial units and to another file. */
#include "symbolize/image/tests/image_fixture.h"

#include <string.h>

#include "symbolize/image/image.h"
#include "symbolize/image/no_return.h"

/* leave() is defined elsewhere; stop() is inlined, and called through a pointer. */
#define HEADER                                                                                     \
	"struct big { int a, b, c, d; struct big *next; char name[32]; long x[8]; };\n"            \
	"union other { struct big big; long y[20]; double z; };\n"                                 \
	"void leave(struct big *big, union other *other) __attribute__((noreturn));\n"             \
	"int enter(struct big *big, union other *other);\n"                                        \
	"static inline __attribute__((noreturn)) void stop(struct big *big, union other *other)\n" \
	"{\n"                                                                                      \
	"\tfor (;;)\n"                                                                             \
	"\t\tenter(big, other);\n"                                                                 \
	"}\n"
/* Two units of each program have it. */
#define UNIT                                                                                       \
	"#include \"shared.h\"\n"                                                                  \
	"void (*volatile NAME(pointer))(struct big *, union other *) = stop;\n"                    \
	"int NAME(use)(struct big *big, union other *other)\n"                                     \
	"{\n"                                                                                      \
	"\tif (big->a == 3)\n"                                                                     \
	"\t\tleave(big, other);\n"                                                                 \
	"\tif (big->a == 4)\n"                                                                     \
	"\t\tstop(big, other);\n"                                                                  \
	"\treturn enter(big, other);\n"                                                            \
	"}\n"

static void write_file(const char *name, const char *text)
{
	_cleanup_fclose_ FILE *f = fopen(fixture(name), "we");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
}

static void build(const char *name)
{
	for (int i = 0; i < 2; i++)
		shell("cd %s && gcc " COMPILE " -gdwarf-5 '-DNAME(x)=x##_%s_%d' -c -o %d.o unit.c",
		      fixture_dir, name, i, i);
	shell("cd %s && echo 'void leave(void) {} int enter(void) { return 1; } void start(void) "
	      "{}' | gcc -c -xc -o rest.o - && gcc " LINK " -o %s 0.o 1.o rest.o && cp %s %s.plain",
	      fixture_dir, name, name, name);
}

static int setup(void **state)
{
	if (make_fixture_dir(state))
		return -1;
	write_file("shared.h", HEADER);
	write_file("unit.c", UNIT);
	build("one");
	build("two");
	return 0;
}

static void check(const char *name)
{
	_cleanup_image_ struct image *image = NULL;
	struct no_return found;
	uint32_t id;

	assert_ok(image_open(fixture(name), NULL, &image));
	assert_false(image_lacks_supplement(image));
	assert_ok(no_return_init(&found, image, 2));
	assert_int_equal(intern_count(found.declarations), 1);
	assert_ok(intern_id(found.declarations, "leave", &id));
	assert_int_equal(id, 0);
	assert_int_equal(found.definitions.len, 2);
	no_return_deinit(&found);
}

static void test_plain(void **state)
{
	(void)state;
	check("one");
}

/* NEEDLE is what readelf shows of a file in which it was moved. */
static void check_moved(const char *command, const char *file, const char *needle)
{
	if (!have_program("dwz"))
		skip();
	shell("cd %s && rm -f common && cp one.plain one && cp two.plain two && %s", fixture_dir,
	      command);
	shell("cd %s && readelf -wi %s 2>/dev/null | grep -q %s", fixture_dir, file, needle);
	check("one");
}

static void test_partial_unit(void **state)
{
	(void)state;
	check_moved("dwz one", "one", "DW_TAG_partial_unit");
}

static void test_supplement(void **state)
{
	(void)state;
	check_moved("dwz -m common one two", "common", "DW_AT_noreturn");
}

static void test_debug_sup(void **state)
{
	(void)state;
	check_moved("dwz -5 -m common one two", "common", "DW_AT_noreturn");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_partial_unit),
		cmocka_unit_test(test_supplement),
		cmocka_unit_test(test_debug_sup),
	};

	return cmocka_run_group_tests_name("no return", tests, setup, remove_fixture_dir);
}
