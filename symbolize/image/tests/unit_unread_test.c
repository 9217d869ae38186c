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

/* What dwz moved to another file is read from there, by references and by strings. */
static void test_supplement(void **state)
{
	static const char *const links[] = { "dwz", "dwz -5" };

	(void)state;
	if (!have_program("dwz"))
		skip();
	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++) {
		build_kernel("kernel", "gcc", "-gdwarf-5");
		shell("cd %s && cp kernel other && rm -f common && %s -m common kernel other && "
		      "objcopy -R .debug_str common",
		      fixture_dir, links[i]);
		read_fixture("kernel");
		if (!strstr(strbuf_str(&lines),
			    "common': names of functions: it has no section '.debug_str'\n"))
			fail_msg("%s: %s", links[i], strbuf_str(&lines));
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
		cmocka_unit_test(test_supplement),
	};

	return cmocka_run_group_tests_name("unit_unread", tests, make_fixture_dir, teardown);
}
