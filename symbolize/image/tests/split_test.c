// SPDX-License-Identifier: GPL-2.0-or-later
/* Units whose debug info is in .dwo files: ranges, and files that cannot be used. */
#include "symbolize/image/tests/kept_log.h"

#include <errno.h>

#include "base/io.h"

/* Units with code in several sections have range lists. */
#define SPLIT "-gsplit-dwarf -ffunction-sections"

static const char *const compilers[] = { "gcc", "clang" };
static const char *const versions[] = { "-gdwarf-4", "-gdwarf-5" };
/* The points of fixture `name` with their frames; the caller frees it. lines get the log. */
static char *read_points(const char *name)
{
	_cleanup_image_ struct image *image = NULL;
	_cleanup_index_ struct index *index = read_logged(name, &image);

	return dump_index(index, true);
}

static void test_ranges(void **state)
{
	char flags[64];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		const char *cc = compilers[i / 2];

		if (!have_program(cc))
			continue;
		snprintf(flags, sizeof(flags), "%s -ffunction-sections", versions[i % 2]);
		build_kernel("kernel", cc, flags);
		_cleanup_free_ char *expected = read_points("kernel");
		assert_non_null(strstr(expected, "\tinnermost "));
		snprintf(flags, sizeof(flags), "%s " SPLIT, versions[i % 2]);
		build_kernel("kernel", cc, flags);
		_cleanup_free_ char *points = read_points("kernel");
		assert_string_equal(points, expected);
		assert_string_equal(strbuf_str(&lines), "");
	}
}

/* The points keep their lines, and one line says `why`. */
static void assert_says(const char *why)
{
	char text[512];

	_cleanup_free_ char *points = read_points("kernel");
	assert_non_null(strstr(points, "kernel_like.c:"));
	assert_null(strstr(points, "\tinnermost "));
	snprintf(text, sizeof(text),
		 ".dwo files that cannot be used, so functions and inlined code "
		 "are missing: %s",
		 why);
	assert_logged(text);
	assert_one_line();
}

/* Make kernel.dwo with a shell command: it `is` of no use. */
static void assert_unusable(const char *command, const char *is)
{
	char why[256];

	shell("cd %s && rm -f kernel.dwo && %s", fixture_dir, command);
	snprintf(why, sizeof(why), "'%s/kernel.dwo' %s", fixture_dir, is);
	assert_says(why);
}

/* A fifo would block, and a device may do anything. A link to one is one. */
static void test_unusable(void **state)
{
	(void)state;
	build_kernel("kernel", "gcc", "-gdwarf-5 " SPLIT);
	shell("cd %s && mv kernel.dwo whole.dwo", fixture_dir);
	assert_unusable("true", "does not exist");
	assert_unusable("mkdir kernel.dwo", "is not a regular file");
	shell("rmdir %s/kernel.dwo", fixture_dir);
	assert_unusable("mkfifo kernel.dwo", "is not a regular file");
	assert_unusable("ln -s /dev/zero kernel.dwo", "is not a regular file");
	assert_unusable("echo text >kernel.dwo",
			"is not of this build, or this version of libdw cannot read it (");
	assert_unusable("objcopy -R .debug_str.dwo whole.dwo kernel.dwo",
			"is not of this build, or this version of libdw cannot read it (");
	assert_unusable("objcopy -R .debug_str_offsets.dwo whole.dwo kernel.dwo",
			"is not of this build, or this version of libdw cannot read it (");
	assert_unusable("gcc " COMPILE " -gdwarf-5 " SPLIT " -c -o kernel.o -xc - </dev/null",
			"is not of this build, or this version of libdw cannot read it (");
}

/* It is there, so "does not exist" would be wrong. */
static void test_unreadable(void **state)
{
	char why[256];

	(void)state;
	shell("cd %s && rm -f kernel.dwo && ln -s kernel.dwo kernel.dwo", fixture_dir);
	snprintf(why, sizeof(why), "cannot open '%s/kernel.dwo': Too many levels of symbolic links",
		 fixture_dir);
	assert_says(why);
	shell("cd %s && rm kernel.dwo && cp whole.dwo kernel.dwo && chmod 0 kernel.dwo && "
	      "chmod 755 . kernel",
	      fixture_dir);
	/* Root reads all files, and may be the only user of a namespace. */
	if (geteuid() == 0 && seteuid(65534))
		return;
	snprintf(why, sizeof(why), "cannot open '%s/kernel.dwo': Permission denied", fixture_dir);
	assert_says(why);
	if (getuid() == 0)
		assert_return_code(seteuid(0), errno);
}

/* The units name their files, but the names were removed. */
static void test_unnamed(void **state)
{
	(void)state;
	shell("cd %s && objcopy -R .debug_str kernel unnamed", fixture_dir);
	free(read_points("unnamed"));
	assert_logged(": the name of a file cannot be read (");
	assert_logged("it has no section '.debug_str'\n");
}

/* libdw since 0.193 opens a package beside the image. */
static void test_package(void **state)
{
	(void)state;
	shell("cd %s && rm -f kernel.dwo && cp whole.dwo kernel.dwo && mkfifo kernel.dwp",
	      fixture_dir);
	free(read_points("kernel"));
	assert_logged("kernel.dwp' is not a regular file");
	shell("cd %s && rm kernel.dwo kernel.dwp && echo text >kernel.dwp", fixture_dir);
	free(read_points("kernel"));
	assert_logged(
		"kernel.dwp' is a package of .dwo files that is not of this build, or that this "
		"version of libdw cannot read (");
	assert_one_line();
}

/* An image in memory has no directory, and reads no file. */
static void test_memory(void **state)
{
	_cleanup_image_ struct image *image = NULL;
	_cleanup_index_ struct index *index = NULL;
	_cleanup_free_ char *data = NULL;
	size_t size;

	(void)state;
	shell("rm %s/kernel.dwp", fixture_dir);
	strbuf_reset(&lines);
	assert_ok(file_read(fixture("kernel"), 1 << 20, &data, &size));
	assert_ok(image_open_memory(data, size, "memory", NULL, &image));
	assert_ok(index_build(image, &(struct index_options){ .log = &keep }, &index));
	assert_logged("1 unit is in .dwo files");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranges),	   cmocka_unit_test(test_unusable),
		cmocka_unit_test(test_unreadable), cmocka_unit_test(test_unnamed),
		cmocka_unit_test(test_package),	   cmocka_unit_test(test_memory),
	};

	return cmocka_run_group_tests_name("split", tests, make_fixture_dir, remove_log);
}
