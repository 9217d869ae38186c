// SPDX-License-Identifier: GPL-2.0-or-later
/* A section of debug info that units refer to was removed: one warning says which, and what for. */
#include "symbolize/image/tests/kept_log.h"

/* Code in several sections has range lists. */
#define LISTS " -ffunction-sections"

static const struct removed {
	const char *cc, *flags, *section, *what;
} removed[] = {
	{ "gcc", "-gdwarf-5", ".debug_str", "names of functions" },
	{ "gcc", "-gdwarf-5", ".debug_line_str", "line table" },
	{ "gcc", "-gdwarf-5", ".debug_line", "line table" },
	{ "gcc", "-gdwarf-5" LISTS, ".debug_rnglists", "address ranges" },
	{ "gcc", "-gdwarf-4", ".debug_str", "names of functions" },
	{ "gcc", "-gdwarf-4" LISTS, ".debug_ranges", "address ranges" },
	{ "clang", "-gdwarf-5", ".debug_str", "names of functions" },
	{ "clang", "-gdwarf-5", ".debug_str_offsets", "names of functions" },
	{ "clang", "-gdwarf-5", ".debug_addr", "addresses of code" },
	{ "clang", "-gdwarf-5" LISTS, ".debug_addr", "address ranges" },
	{ "clang", "-gdwarf-5" LISTS, ".debug_rnglists", "address ranges" },
	{ "clang", "-gdwarf-5", ".debug_line_str", "line table" },
};

static void check_removed(const struct removed *r)
{
	char text[256];

	build_kernel("kernel", r->cc, r->flags);
	log_fixture("kernel");
	assert_string_equal(strbuf_str(&lines), "");
	shell("cd %s && objcopy -R %s kernel removed", fixture_dir, r->section);
	log_fixture("removed");
	snprintf(text, sizeof(text),
		 " is not complete: cannot read '%s': %s: it has no section '%s'\n",
		 fixture("removed"), r->what, r->section);
	assert_logged(text);
	assert_one_line();
}

static void test_removed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(removed) / sizeof(*removed); i++)
		if (have_program(removed[i].cc))
			check_removed(&removed[i]);
}

/* One that is damaged is not blamed on a section that units do not refer to: gcc has no addresses.
 */
static void test_damaged(void **state)
{
	(void)state;
	build_kernel("kernel", "gcc", "-gdwarf-5" LISTS);
	shell("cd %s && objcopy --dump-section .debug_rnglists=lists kernel damaged && "
	      "head -c 100 lists >cut && objcopy --update-section .debug_rnglists=cut damaged",
	      fixture_dir);
	log_fixture("damaged");
	assert_logged("damaged': address ranges: ");
	assert_null(strstr(strbuf_str(&lines), "it has no section"));
	assert_one_line();
}

/* gcc keeps names of up to three characters out of .debug_str; then paths alone are affected. */
static void test_directory(void **state)
{
	(void)state;
	shell("cd %s && echo 'void f(void);void f(void){}' >f.c && "
	      "gcc " COMPILE " " COVERAGE " -gdwarf-4 -c f.c && gcc -nostdlib -static "
	      "-Wl,-e,f -o f f.o callback.o && objcopy -R .debug_str f removed",
	      fixture_dir);
	log_fixture("removed");
	assert_logged("names of directories: it has no section '.debug_str'");
}

/* No unit can be read without it. */
static void test_abbreviations(void **state)
{
	static const char *const flags[] = { "-gdwarf-4", "-gdwarf-5" };

	(void)state;
	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		_cleanup_image_ struct image *image = NULL;
		struct index *index;

		build_kernel("kernel", "gcc", flags[i]);
		shell("cd %s && objcopy -R .debug_abbrev kernel removed", fixture_dir);
		assert_ok(image_open(fixture("removed"), NULL, &image));
		_cleanup_error_ struct error *err = index_build(image, NULL, &index);
		assert_non_null(err);
		if (!strstr(err->message, "removed': units of debug info: it has no section "
					  "'.debug_abbrev'"))
			fail_msg("%s: %s", flags[i], err->message);
	}
}

/* What dwz moved to another file is read from there, by references, strings and file numbers. */
static void test_supplement(void **state)
{
	static const struct {
		const char *link, *flags, *section, *what;
	} rows[] = {
		{ "dwz", "-gdwarf-5", ".debug_str", "names of functions" },
		{ "dwz -5", "-gdwarf-5", ".debug_str", "names of functions" },
		{ "dwz", "-gdwarf-4", ".debug_line", "files of functions" },
		{ "dwz", "-gdwarf-5", ".debug_line", "files of functions" },
		{ "dwz -5", "-gdwarf-5", ".debug_line", "files of functions" },
	};

	(void)state;
	if (!have_program("dwz"))
		skip();
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char text[128];

		build_kernel("kernel", "gcc", rows[i].flags);
		shell("cd %s && cp kernel other && rm -f common && %s -m common kernel other && "
		      "objcopy -R %s common",
		      fixture_dir, rows[i].link, rows[i].section);
		log_fixture("kernel");
		snprintf(text, sizeof(text), "common': %s: it has no section '%s'\n", rows[i].what,
			 rows[i].section);
		assert_logged(text);
		assert_one_line();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_removed),	   cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_directory),  cmocka_unit_test(test_abbreviations),
		cmocka_unit_test(test_supplement),
	};

	return cmocka_run_group_tests_name("unit_unread", tests, make_fixture_dir, remove_log);
}
