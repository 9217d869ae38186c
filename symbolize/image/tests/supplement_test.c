// SPDX-License-Identifier: GPL-2.0-or-later
/* Debug info that dwz shares among files: how it is found, and files that cannot be used. */
#include "symbolize/image/tests/kept_log.h"

/* Longer than a fifo or a hang may take. */
#define SECONDS_MAX  60
#define LINK_SECTION ".gnu_debugaltlink"

/* The points of `one` with their frames; the caller frees it. lines get the log. */
static char *read_points(bool *ret_lacks)
{
	_cleanup_image_ struct image *image = NULL;

	alarm(SECONDS_MAX);
	_cleanup_index_ struct index *index = read_logged("one", &image);
	alarm(0);
	*ret_lacks = image_lacks_supplement(image);
	return dump_index(index, false);
}

/* Two files with the same declarations, so that dwz has something to move; kept as *.dwz. */
static void build_shared(const char *dwz)
{
	build_kernel("one", "gcc", "-gdwarf-5");
	build_kernel("two", "gcc", "-gdwarf-5");
	shell("cd %s && cp one plain && %s -m common one two && cp one one.dwz && "
	      "cp common common.dwz",
	      fixture_dir, dwz);
}

static int setup(void **state)
{
	if (make_fixture_dir(state))
		return -1;
	if (have_program("dwz"))
		build_shared("dwz");
	return 0;
}

/* Spoil a file with a shell command. Names are missing then, and the last line says `why`. */
static void assert_lacks(const char *command, const char *why)
{
	bool lacks;

	shell("cd %s && rm -rf common && cp one.dwz one && cp common.dwz common && %s", fixture_dir,
	      command);
	_cleanup_free_ char *points = read_points(&lacks);
	assert_true(lacks);
	assert_non_null(strstr(points, "kernel_like.c:"));
	assert_null(strstr(points, "innermost"));
	assert_logged(why);
}

/* libdw finds no DIE in what is damaged: functions would have no name, or that of their caller. */
static void test_damaged(void **state)
{
	static const struct {
		const char *command, *said;
	} rows[] = {
		{ "printf '\\011' | dd of=info bs=1 seek=4 conv=notrunc", "names of functions" },
		{ "truncate -s 40 info", "names of functions" },
		{ "printf '\\177' | dd of=info bs=1 seek=12 conv=notrunc", "files of functions" },
	};
	bool lacks;

	(void)state;
	if (!have_program("dwz"))
		skip();
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char text[64];

		shell("cd %s && cp one.dwz one && cp common.dwz common && "
		      "objcopy --dump-section .debug_info=info common && (%s) 2>/dev/null && "
		      "objcopy --update-section .debug_info=info common",
		      fixture_dir, rows[i].command);
		free(read_points(&lacks));
		assert_false(lacks);
		snprintf(text, sizeof(text), "common': %s: invalid ", rows[i].said);
		assert_logged(text);
		assert_one_line();
	}
}

/* libdw by itself would open the file that the link names, whatever it is. */
static void test_unusable(void **state)
{
	(void)state;
	if (!have_program("dwz"))
		skip();
	assert_lacks("rm common && mkfifo common", "common' is not a regular file\n");
	assert_lacks("rm common && ln -s /dev/zero common", "common' is not a regular file\n");
	assert_lacks("rm common && ln -s common common",
		     "common': Too many levels of symbolic links\n");
	assert_lacks("printf '\\001\\002\\003' >id && objcopy --update-section "
		     ".note.gnu.build-id=id common",
		     "common' is not the debug file of");
	assert_lacks("objcopy -R .debug_info common", "common' has no debug info, so it cannot");
	assert_lacks("objcopy -R .debug_abbrev common",
		     "cannot be used: names will be missing: it has no section '.debug_abbrev'\n");
	assert_lacks("rm common", "with 'common', which was not found: names will be missing\n");
}

/* Of the link, the id is missing, has too many bytes, or the name has no end. */
static void test_broken_link(void **state)
{
	static const char *const bytes[] = { "common\\0", "common\\0%0100d", "common", "" };
	char command[256];

	(void)state;
	if (!have_program("dwz"))
		skip();
	for (size_t i = 0; i < sizeof(bytes) / sizeof(*bytes); i++) {
		snprintf(command, sizeof(command),
			 "printf '%s' >link && objcopy --update-section " LINK_SECTION "=link one",
			 bytes[i]);
		assert_lacks(command, "whose name or build id cannot be read: names will be");
	}
}

/* What libdw cannot read of a supplement it ignores. */
static void test_unpacked(void **state)
{
	(void)state;
	if (!have_program("dwz"))
		skip();
	assert_lacks("objcopy --dump-section .debug_str=str common && truncate -s 64M str && "
		     "objcopy --update-section .debug_str=str common large && "
		     "objcopy --compress-debug-sections=zlib large common",
		     "common', which cannot be used: names will be missing: ");
	assert_logged("bytes of unpacked data");
}

/* DWARF 5 names the file in .debug_sup; dwz writes no build id into it. */
static void test_debug_sup(void **state)
{
	bool lacks;

	(void)state;
	if (!have_program("dwz"))
		skip();
	build_shared("dwz -5");
	shell("cd %s && readelf -SW one | grep -q debug_sup", fixture_dir);
	_cleanup_free_ char *points = read_points(&lacks);
	assert_string_equal(strbuf_str(&lines), "");
	assert_false(lacks);
	assert_non_null(strstr(points, "innermost"));
	shell("cd %s && cp plain one", fixture_dir);
	_cleanup_free_ char *expected = read_points(&lacks);
	assert_string_equal(points, expected);
	assert_lacks("cp plain common", "common' is not the debug file of");
	assert_lacks("objcopy --dump-section .debug_sup=sup one && truncate -s -1 sup && "
		     "objcopy --update-section .debug_sup=sup one",
		     "whose name or build id cannot be read");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unusable),    cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_broken_link), cmocka_unit_test(test_unpacked),
		cmocka_unit_test(test_debug_sup),
	};

	return cmocka_run_group_tests_name("supplement", tests, setup, remove_log);
}
