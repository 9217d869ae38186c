// SPDX-License-Identifier: GPL-2.0-or-later
/* A section of debug info that units refer to was removed: one warning says which, and what for. */
#include "symbolize/image/tests/image_fixture.h"

#include <string.h>

/* Code in several sections has range lists. */
#define LISTS " -ffunction-sections"

/* All lines that the log got. */
static struct strbuf lines;

static void add_line(void *arg, enum log_level level, const char *text)
{
	(void)arg;
	(void)level;
	strbuf_addf(&lines, "%s\n", text);
}

static const struct log keep = { .line = add_line };

static void read_fixture(const char *name)
{
	_cleanup_image_ struct image *image = NULL;
	_cleanup_index_ struct index *index = NULL;
	const struct image_options options = { .log = &keep };

	strbuf_reset(&lines);
	assert_ok(image_open(fixture(name), &options, &image));
	assert_ok(index_build(image, &(struct index_options){ .log = &keep }, &index));
}

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
	read_fixture("kernel");
	assert_string_equal(strbuf_str(&lines), "");
	shell("cd %s && objcopy -R %s kernel removed", fixture_dir, r->section);
	read_fixture("removed");
	snprintf(text, sizeof(text),
		 " is not complete: cannot read '%s': %s: it has no section '%s'\n",
		 fixture("removed"), r->what, r->section);
	if (!strstr(strbuf_str(&lines), text))
		fail_msg("no '%s' in '%s'", text, strbuf_str(&lines));
	assert_ptr_equal(strchr(strbuf_str(&lines), '\n') + 1, lines.data + lines.len);
}

static void test_removed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(removed) / sizeof(*removed); i++)
		if (have_program(removed[i].cc))
			check_removed(&removed[i]);
}

/* gcc keeps names of up to three characters out of .debug_str; then paths alone are affected. */
static void test_directory(void **state)
{
	(void)state;
	shell("cd %s && echo 'void f(void);void f(void){}' >f.c && "
	      "gcc " COMPILE " " COVERAGE " -gdwarf-4 -c f.c && gcc -nostdlib -static "
	      "-Wl,-e,f -o f f.o callback.o && objcopy -R .debug_str f removed",
	      fixture_dir);
	read_fixture("removed");
	assert_non_null(
		strstr(strbuf_str(&lines), "names of directories: it has no section '.debug_str'"));
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
		read_fixture("kernel");
		snprintf(text, sizeof(text), "common': %s: it has no section '%s'\n", rows[i].what,
			 rows[i].section);
		if (!strstr(strbuf_str(&lines), text))
			fail_msg("%s: no '%s' in '%s'", rows[i].link, text, strbuf_str(&lines));
		assert_ptr_equal(strchr(strbuf_str(&lines), '\n') + 1, lines.data + lines.len);
	}
}

static int teardown(void **state)
{
	strbuf_deinit(&lines);
	return remove_fixture_dir(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_removed),
		cmocka_unit_test(test_directory),
		cmocka_unit_test(test_abbreviations),
		cmocka_unit_test(test_supplement),
	};

	return cmocka_run_group_tests_name("unit_unread", tests, make_fixture_dir, teardown);
}
