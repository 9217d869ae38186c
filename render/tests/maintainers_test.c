// SPDX-License-Identifier: GPL-2.0-or-later
/* MAINTAINERS: which entries a file is in, as get_maintainer.pl says, and what is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "render/maintainers.h"

static struct maintainers *parse(const char *text, const char *root)
{
	struct maintainers *m;
	struct error *err = maintainers_parse(text, strlen(text), root, &m);

	if (err)
		fail_msg("%s", err->message);
	return m;
}

static void refuse_bytes(const char *text, size_t size, const char *message)
{
	struct maintainers *m;
	struct error *err = maintainers_parse(text, size, NULL, &m);

	assert_non_null(err);
	assert_int_equal(err->code, ERROR_FORMAT);
	if (!strstr(err->message, message))
		fail_msg("got '%s', expected '%s'", err->message, message);
	error_destroy(err);
}

static void refuse(const char *text, const char *message)
{
	refuse_bytes(text, strlen(text), message);
}

typedef struct error *find(const struct maintainers *m, const char *path, struct entry_vector *ret);

/* Check the titles, separated by commas, of the entries that path is in. */
static void check_found(const struct maintainers *m, find *find, const char *path,
			const char *expected)
{
	struct entry_vector found = VECTOR_INIT;
	struct strbuf sb = STRBUF_INIT;
	size_t nr;
	const struct maintainers_entry *entries = maintainers_entries(m, &nr);

	assert_null(find(m, path, &found));
	vector_for_each(&found, e) {
		assert_true(*e < nr);
		strbuf_addf(&sb, "%s%s", sb.len ? "," : "", entries[*e].title);
	}
	if (strcmp(strbuf_str(&sb), expected))
		fail_msg("%s: got '%s', expected '%s'", path, strbuf_str(&sb), expected);
	strbuf_deinit(&sb);
	entry_vector_deinit(&found);
}

/* Whether one pattern, a whole field, takes a path. */
static bool takes(const char *field, const char *path)
{
	_cleanup_strbuf_ struct strbuf text = STRBUF_INIT;
	_cleanup_(entry_vector_deinit) struct entry_vector found = VECTOR_INIT;

	strbuf_addf(&text, "ENTRY\n%s\n", field);
	_cleanup_maintainers_ struct maintainers *m = parse(strbuf_str(&text), NULL);
	assert_null(maintainers_find(m, path, &found));
	return found.len == 1;
}

/* get_maintainer.pl of Linux 6.12 says the same of each, but for the CR. */
static void test_files(void **state)
{
	(void)state;
	/* A directory, and all below. */
	assert_true(takes("F:\tfs/ext4/", "fs/ext4/inode.c"));
	assert_true(takes("F:\tfs/ext4/", "fs/ext4/a/b.c"));
	assert_false(takes("F:\tfs/ext4/", "fs/ext42/inode.c"));
	assert_false(takes("F:\text4/", "fs/ext4/inode.c"));
	/* A file; or all files that begin so. */
	assert_true(takes("F:\tfs/open.c", "fs/open.c"));
	assert_true(takes("F:\tfs/open", "fs/open.c"));
	assert_false(takes("F:\tfs/openXc", "fs/open.c"));
	assert_false(takes("F:\tfs/open.c", "fs/openXc"));
	assert_false(takes("F:\tfs/open", "fs/open/a.c"));
	assert_false(takes("F:\tfs/open.c", "fs/open"));
	/* '*' only takes a '/' in patterns of directories. */
	assert_true(takes("F:\tfs/*", "fs/open.c"));
	assert_false(takes("F:\tfs/*", "fs/ext4/inode.c"));
	assert_true(takes("F:\tdrivers/*/mt*.c", "drivers/spi/spi-mtk.c") == false);
	assert_true(takes("F:\tdrivers/*/*mt*.c", "drivers/spi/spi-mtk.c"));
	assert_true(takes("F:\tarch/*/kvm/", "arch/x86/kvm/vmx/vmx.c"));
	assert_true(takes("F:\tarch/*/kvm/", "arch/a/b/kvm/vmx.c"));
	assert_true(takes("F:\t*/", "fs/open.c"));
	assert_false(takes("F:\t*/", "Makefile"));
	assert_true(takes("F:\t*", "Makefile"));
	assert_false(takes("F:\t*", "fs/open.c"));
	assert_true(takes("F:\ta*b*c/*d", "axbxbc/xxd"));
	assert_false(takes("F:\ta*b*c/*d", "axbxb/xxd"));
	/* '?' is one character. */
	assert_true(takes("F:\tdrivers/da72??.[ch]", "drivers/da7212.h"));
	assert_false(takes("F:\tdrivers/da72??.[ch]", "drivers/da721.c"));
	assert_false(takes("F:\tdrivers/da72??.[ch]", "drivers/da7212.S"));
	assert_true(takes("F:\ta?b/", "a/b/c"));
	assert_false(takes("F:\ta?b", "a/b"));
	assert_false(takes("F:\ta?b", "a\nb"));
	assert_false(takes("F:\ta*b", "a\nb"));
	/* All else is a regular expression. */
	assert_true(takes("F:\tlib/(a|b).c", "lib/b.c"));
	assert_true(takes("F:\tlib/a|b.c", "lib/axx"));
	assert_true(takes("F:\tlib/a|b.c", "fs/b.c"));
	assert_false(takes("F:\tlib/a|b.c", "fs/d/b.c"));
	assert_true(takes("F:\tlib/+a.c", "lib/a.c"));
	assert_false(takes("F:\tlib/a.c$", "lib/a.cc"));
	/* Blanks before the value, none after. */
	assert_true(takes("F:fs/open.c", "fs/open.c"));
	assert_true(takes("F: \t fs/open.c", "fs/open.c"));
	assert_false(takes("F:\tfs/ext4/ ", "fs/ext4/inode.c"));
	assert_true(takes("F:\tfs/ext4/\r", "fs/ext4/inode.c"));
	assert_false(takes(" F:\tfs/open.c\nS:\tOdd", "fs/open.c"));
	/* An empty pattern has no '/'. */
	assert_true(takes("F:", "Makefile"));
	assert_false(takes("F:", "fs/open.c"));
}

static void test_names(void **state)
{
	(void)state;
	assert_true(takes("N:\tmtk", "drivers/spi/spi-mtk.c"));
	assert_true(takes("N:\t/pmac", "arch/powerpc/pmac/a.c"));
	assert_true(takes("N:\tsun[25]0i", "drivers/sun50i-ce.c"));
	assert_false(takes("N:\tsun[25]0i", "drivers/sun40i-ce.c"));
	assert_true(takes("N:\tbcm283*", "drivers/bcm2835.c"));
	assert_true(takes("N:\t^.*/vdso/[^/]*getrandom[^/]+$", "arch/x86/vdso/vgetrandom.c"));
	assert_false(takes("N:\t^.*/vdso/[^/]*getrandom[^/]+$", "arch/x86/vdso/vgetrandom"));
	/* '.' is any character, white space is nothing, '#' begins a comment. */
	assert_true(takes("N:\tasm/elf.h", "arch/x86/asm/elf_h"));
	assert_true(takes("N:\tm t k # what", "drivers/mtk.c"));
	/* What POSIX does not have. */
	assert_true(takes("N:\tmt\\d+(?!x)\\b", "drivers/mt65.c"));
	assert_false(takes("N:\tmt(?!k)", "drivers/mtk.c"));
	assert_false(takes("N:", "drivers/mtk.c"));
}

static const char entries[] = "List of maintainers\n"
			      "-------------------\n"
			      "\tM: *Mail* patches to\n"
			      "\n"
			      "Maintainers List\n"
			      "\n"
			      ".. note:: order\n"
			      "\n"
			      "EXT4 FILE SYSTEM\n"
			      "M:\t\"Theodore Ts'o\" <tytso@mit.edu>\n"
			      "R:\tSome One <one@example.org>\n"
			      "L:\tlinux-ext4@vger.kernel.org\n"
			      "# a comment\n"
			      "S:\tMaintained\n"
			      "\n"
			      "F:\tfs/ext4/\n"
			      "X:\tfs/ext4/sub/\n"
			      "\n"
			      "EXT4 SYMLINKS  \n"
			      "F:\tfs/ext4/symlink.c\n"
			      "F:\tfs/ext4/sym*\n"
			      "N:\tsymlink\n"
			      "A LINE\n"
			      "THE REST\n"
			      "M:\tLinus Torvalds <torvalds@linux-foundation.org>\n"
			      "F:\t*\n"
			      "F:\t*/\n";

static void test_entries(void **state)
{
	_cleanup_maintainers_ struct maintainers *m = parse(entries, NULL);
	const struct maintainers_entry *e;
	size_t nr;

	(void)state;
	e = maintainers_entries(m, &nr);
	assert_int_equal(nr, 3);
	assert_string_equal(e[0].title, "EXT4 FILE SYSTEM");
	assert_int_equal(e[0].line, 10);
	assert_int_equal(e[0].nr_contacts, 3);
	assert_string_equal(e[0].contacts[1], "Some One <one@example.org>");
	assert_int_equal(e[1].nr_contacts, 0);
	assert_string_equal(e[1].title, "EXT4 SYMLINKS");
	assert_string_equal(e[2].title, "THE REST");
	assert_string_equal(e[2].contacts[0], "Linus Torvalds <torvalds@linux-foundation.org>");
	assert_false(e[1].is_rest);
	assert_true(e[2].is_rest);
	check_found(m, maintainers_find, "fs/ext4/inode.c", "EXT4 FILE SYSTEM,THE REST");
	check_found(m, maintainers_find, "fs/ext4/symlink.c",
		    "EXT4 FILE SYSTEM,EXT4 SYMLINKS,THE REST");
	check_found(m, maintainers_find, "fs/ext4/sub/symlink.c", "EXT4 SYMLINKS,THE REST");
	check_found(m, maintainers_find, "Makefile", "THE REST");
	check_found(m, maintainers_find_subsystems, "fs/ext4/inode.c", "EXT4 FILE SYSTEM");
	check_found(m, maintainers_find_subsystems, "fs/ext4/sub/a.c", "THE REST");
	check_found(m, maintainers_find_subsystems, "", "THE REST");
}

/* The title is the line before the first field; there may be none. */
static void test_no_title(void **state)
{
	_cleanup_maintainers_ struct maintainers *m = parse("F:\tfs/\n\nF:\tmm/\nB\nF:\tmm/", NULL);

	(void)state;
	check_found(m, maintainers_find, "fs/a.c", "(no title)");
	check_found(m, maintainers_find, "mm/a.c", "(no title),B");
	check_found(m, maintainers_find_subsystems, "kernel/a.c", "");
}

static void test_has(void **state)
{
	_cleanup_maintainers_ struct maintainers *m = parse(entries, NULL);
	size_t nr;
	const struct maintainers_entry *e = maintainers_entries(m, &nr);

	(void)state;
	assert_true(maintainers_entry_has(&e[0], "ext4 file"));
	assert_true(maintainers_entry_has(&e[0], "TYTSO@"));
	assert_true(maintainers_entry_has(&e[0], "some one"));
	assert_true(maintainers_entry_has(&e[0], "linux-ext4@vger.kernel.org"));
	assert_false(maintainers_entry_has(&e[0], "fs/ext4"));
	assert_false(maintainers_entry_has(&e[0], "Maintained"));
	assert_false(maintainers_entry_has(&e[1], "tytso"));
}

/* A directory does not need its '/', if its name has no special character. */
static void test_directories(void **state)
{
	char root[] = "/tmp/maintainers.XXXXXX";
	_cleanup_strbuf_ struct strbuf path = STRBUF_INIT;
	static const char text[] = "DIRECTORY\nF:\text4\nTHREE\nF:\text3\nDOT\nF:\text.5\n"
				   "X\nF:\t*\nX:\text4\n";
	static const char *const directories[] = { "/ext4", "/ext.5" };

	(void)state;
	assert_non_null(mkdtemp(root));
	for (size_t i = 0; i < 2; i++) {
		strbuf_reset(&path);
		strbuf_addf(&path, "%s%s", root, directories[i]);
		assert_int_equal(mkdir(strbuf_str(&path), 0700), 0);
	}
	_cleanup_maintainers_ struct maintainers *m = parse(text, root);
	check_found(m, maintainers_find, "ext4/inode.c", "DIRECTORY");
	check_found(m, maintainers_find, "ext4.c", "X");
	check_found(m, maintainers_find, "ext3/inode.c", "");
	check_found(m, maintainers_find, "ext3.c", "THREE,X");
	check_found(m, maintainers_find, "ext.5/inode.c", "");
	for (size_t i = 0; i < 2; i++) {
		strbuf_reset(&path);
		strbuf_addf(&path, "%s%s", root, directories[i]);
		rmdir(strbuf_str(&path));
	}
	rmdir(root);
}

static void test_refused(void **state)
{
	_cleanup_strbuf_ struct strbuf many = STRBUF_INIT;

	(void)state;
	refuse("", "no entry");
	refuse("A\nB\n", "no entry");
	refuse_bytes("A\nF:\tfs/\n\0", 10, "not a text");
	refuse("A\nF:\tfs/\nN:\ta(b\n", "line 3: wrong pattern 'a(b': missing closing parenthesis");
	refuse("A\nF:\tfs/[a\n", "line 2: wrong pattern 'fs/[a'");
	refuse("A\nN:\t((((a{1,9999}){1,9999}){1,9999}){1,9999})\n", "line 2: wrong pattern");
	refuse("A\nN:\t(*UTF)a\n", "line 2: wrong pattern");
	strbuf_addstr(&many, "A\n");
	for (int i = 0; i < MAINTAINERS_REGEX_MAX; i++)
		strbuf_addstr(&many, "N:\ta.\n");
	maintainers_destroy(parse(strbuf_str(&many), NULL));
	strbuf_addstr(&many, "F:\t[ab]\n");
	refuse(strbuf_str(&many), "line 1002: more than 1000 regular expressions");
	strbuf_reset(&many);
	strbuf_addstr(&many, "A\nN:\t");
	for (int i = 0; i < 1001; i++)
		strbuf_addch(&many, '.');
	refuse(strbuf_str(&many), "line 2: wrong pattern");
}

static void refuse_path(const char *text, const char *path, const char *message)
{
	_cleanup_maintainers_ struct maintainers *m = parse(text, NULL);
	_cleanup_(entry_vector_deinit) struct entry_vector found = VECTOR_INIT;
	struct error *err = maintainers_find(m, path, &found);

	assert_non_null(err);
	assert_int_equal(err->code, ERROR_FORMAT);
	if (!strstr(err->message, message))
		fail_msg("got '%s', expected '%s'", err->message, message);
	error_destroy(err);
}

/* Patterns that would never end. */
static void test_slow(void **state)
{
	_cleanup_strbuf_ struct strbuf many = STRBUF_INIT, path = STRBUF_INIT;

	(void)state;
	for (int i = 0; i < 200; i++)
		strbuf_addch(&path, 'a');
	refuse_path("A\nS:\tOdd\nN:\t(a*)*[bc]\n", strbuf_str(&path),
		    "line 3: wrong pattern '(a*)*[bc]'");
	refuse_path("A\nF:\t(a|aa)+[bc]\n", strbuf_str(&path), "line 2: wrong pattern");
	strbuf_addstr(&many, "A\n");
	for (int i = 0; i < 2000; i++)
		strbuf_addstr(&many, "F:\t*aaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\n");
	refuse_path(strbuf_str(&many), strbuf_str(&path),
		    "the patterns take too long for one path");
	/* Each is short, but a path is in all of these entries, and there are thousands of paths. */
	strbuf_reset(&many);
	for (int i = 0; i < 100000; i++)
		strbuf_addf(&many, "A%d\nF:\t*/\n", i);
	refuse_path(strbuf_str(&many), "fs/a.c", "the patterns take too long for one path");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files),	cmocka_unit_test(test_names),
		cmocka_unit_test(test_entries), cmocka_unit_test(test_no_title),
		cmocka_unit_test(test_has),	cmocka_unit_test(test_directories),
		cmocka_unit_test(test_refused), cmocka_unit_test(test_slow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
