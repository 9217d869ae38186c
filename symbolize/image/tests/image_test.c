// SPDX-License-Identifier: GPL-2.0-or-later
/* The same code gives the same index, whatever the form and place of its debug info. */
#include "symbolize/image/tests/image_fixture.h"

#include <string.h>

static const char *const compilers[] = { "gcc", "clang" };

static char *dump_of(const char *path, const char *debug_dir)
{
	_cleanup_index_ struct index *index = read_index(path, debug_dir);

	return dump_index(index, true);
}

static void assert_same(const char *path, const char *debug_dir, const char *expected)
{
	_cleanup_free_ char *dump = dump_of(path, debug_dir);

	assert_string_equal(dump, expected);
}

/* The number of the line of testdata/symbolize/FILE that contains text. */
static uint32_t line_with(const char *file, const char *text)
{
	char path[128], line[256];
	uint32_t number = 0;

	snprintf(path, sizeof(path), SOURCES "/%s", file);
	_cleanup_fclose_ FILE *f = fopen(path, "re");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		number++;
		if (strstr(line, text))
			return number;
	}
	fail_msg("no '%s' in %s", text, path);
	return 0;
}

static void test_inlined_functions(void **state)
{
	char chain[2048], cwd[512];

	(void)state;
	assert_non_null(getcwd(cwd, sizeof(cwd)));
	snprintf(chain, sizeof(chain),
		 "\tinnermost %s/" SOURCES "/chain.h:%u\n"
		 "\tmiddle %s/" SOURCES "/chain.h:%u\n"
		 "\toutermost %s/" SOURCES "/kernel_like.c:%u\n",
		 cwd, line_with("chain.h", "LINE innermost") + 1, cwd,
		 line_with("chain.h", "CALL innermost"), cwd,
		 line_with("kernel_like.c", "CALL middle"));
	for (size_t i = 0; i < 2; i++) {
		if (!have_program(compilers[i]))
			continue;
		for (int version = 4; version <= 5; version++) {
			char flags[32];

			snprintf(flags, sizeof(flags), "-gdwarf-%d", version);
			build_kernel("kernel", compilers[i], flags);
			_cleanup_free_ char *dump = dump_of(fixture("kernel"), NULL);
			if (!strstr(dump, chain))
				fail_msg("%s %s: no\n%sin\n%s", compilers[i], flags, chain, dump);
		}
	}
}

static void test_dwarf_versions_agree(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		if (!have_program(compilers[i]))
			continue;
		build_kernel("kernel", compilers[i], "-gdwarf-5");
		_cleanup_free_ char *expected = dump_of(fixture("kernel"), NULL);
		assert_non_null(strstr(expected, "call"));
		build_kernel("kernel", compilers[i], "-gdwarf-4");
		assert_same(fixture("kernel"), NULL, expected);
	}
}

/* The file of the index with this name, which it must have once. */
static const struct index_file *find_file(const struct index *index, const char *name)
{
	const struct index_file *found = NULL;
	size_t nr;
	const struct index_file *files = index_files(index, &nr);

	for (size_t i = 0; i < nr; i++) {
		const char *slash = strrchr(index_file_path(index, i), '/');

		if (slash && !strcmp(slash + 1, name)) {
			assert_null(found);
			found = &files[i];
		}
	}
	assert_non_null(found);
	return found;
}

/* As `md5sum` says it. */
static void assert_md5(const struct index *index, const char *name)
{
	const struct index_file *file = find_file(index, name);
	char path[128], line[256], hex[2 * SOURCE_MD5_SIZE + 1];

	snprintf(path, sizeof(path), "md5sum " SOURCES "/%s", name);
	FILE *f = popen(path, "re");
	assert_non_null(f);
	assert_non_null(fgets(line, sizeof(line), f));
	pclose(f);
	for (size_t i = 0; i < SOURCE_MD5_SIZE; i++)
		snprintf(&hex[2 * i], 3, "%02x", file->md5.bytes[i]);
	assert_int_equal(file->md5.state, SOURCE_MD5_ONE);
	assert_memory_equal(line, hex, sizeof(hex) - 1);
}

static void test_md5s(void **state)
{
	static const char *const flags[] = { "-gdwarf-5", "-gdwarf-5 -gdwarf64",
					     "-gdwarf-5 -gsplit-dwarf" };

	(void)state;
	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags) && have_program("clang"); i++) {
		build_kernel("kernel", "clang", flags[i]);
		_cleanup_index_ struct index *index = read_index(fixture("kernel"), NULL);
		assert_md5(index, "kernel_like.c");
		/* Without its .dwo file, too: the line table is in the image. */
		assert_md5(index, "chain.h");
	}
	for (int version = 4; version <= 5; version++) {
		build_kernel("kernel", "gcc", version == 4 ? "-gdwarf-4" : "-gdwarf-5");
		_cleanup_index_ struct index *index = read_index(fixture("kernel"), NULL);
		assert_int_equal(find_file(index, "chain.h")->md5.state, SOURCE_MD5_NONE);
	}
}

/* A header that was changed between two units has no MD5 that is right for both. */
static void test_several_md5s(void **state)
{
	(void)state;
	if (!have_program("clang"))
		skip();
	shell("cd %s && for i in 1 2 3; do "
	      "[ $i = 3 ] || printf 'static volatile int s;\\nstatic inline int a(int x)\\n"
	      "{\\nif (x > %%d) s = x;\\nreturn s; }\\n' $i >a.h; "
	      "printf '#include \"a.h\"\\nint f%%d(int x) { return a(x) + 1; }\\n' $i >a$i.c; "
	      "clang " COMPILE " " COVERAGE " -gdwarf-5 -c a$i.c; done; "
	      "clang " COMPILE " -c $OLDPWD/" SOURCES "/callback.c && "
	      "clang " LINK " -Wl,-e,f1 -o several a1.o a2.o a3.o callback.o && "
	      "clang " LINK " -Wl,-e,f2 -o one a2.o a3.o callback.o",
	      fixture_dir);
	_cleanup_index_ struct index *several = read_index(fixture("several"), NULL);
	_cleanup_index_ struct index *one = read_index(fixture("one"), NULL);
	assert_int_equal(find_file(several, "a.h")->md5.state, SOURCE_MD5_SEVERAL);
	assert_int_equal(find_file(several, "a1.c")->md5.state, SOURCE_MD5_ONE);
	assert_int_equal(find_file(one, "a.h")->md5.state, SOURCE_MD5_ONE);
}

static void test_compressed(void **state)
{
	_cleanup_free_ char *expected = NULL;

	(void)state;
	build_kernel("kernel", "gcc", "-g");
	expected = dump_of(fixture("kernel"), NULL);
	shell("cd %s && objcopy --compress-debug-sections=zlib kernel zlib", fixture_dir);
	assert_same(fixture("zlib"), NULL, expected);
	shell("cd %s && objcopy --compress-debug-sections=zlib-gnu kernel zlib-gnu", fixture_dir);
	assert_same(fixture("zlib-gnu"), NULL, expected);
	shell("cd %s && xz -k kernel && gzip -k kernel", fixture_dir);
	assert_same(fixture("kernel.xz"), NULL, expected);
	assert_same(fixture("kernel.gz"), NULL, expected);
}

/* Two streams in a file; before those of zstd an empty one that is to be skipped, as of pzstd. */
static void test_streams(void **state)
{
	static const char *const programs[] = { "gzip", "xz", "zstd" };
	_cleanup_free_ char *expected = NULL;

	(void)state;
	build_kernel("kernel", "gcc", "-g");
	expected = dump_of(fixture("kernel"), NULL);
	for (size_t i = 0; i < sizeof(programs) / sizeof(*programs); i++) {
		if (!have_program(programs[i]))
			continue;
		shell("cd %s && : >streams && if [ %zu = 2 ]; then "
		      "printf 'P*M\\030\\004\\000\\000\\000size' >streams; fi && "
		      "head -c 3000 kernel | %s >>streams && tail -c +3001 kernel | %s >>streams",
		      fixture_dir, i, programs[i], programs[i]);
		assert_same(fixture("streams"), NULL, expected);
	}
}

/* Assemble a module whose code follows this many empty sections. */
static void build_sections(const char *name, int nr_empty)
{
	_cleanup_fclose_ FILE *f = fopen(fixture("sections.s"), "we");

	assert_non_null(f);
	for (int i = 0; i < nr_empty; i++)
		fprintf(f, ".section .empty.%d\n", i);
	/* A file of its size may have as many. */
	fprintf(f, ".section .rodata\n.space %d\n.file \"s.c\"\n.file 1 \"s.c\"\n",
		nr_empty * 800 + 1);
	for (int i = 0; i < 2; i++)
		fprintf(f,
			".section .text.f%d, \"ax\"\n.type f%d, @function\nf%d: .loc 1 %d\n"
			"call __sanitizer_cov_trace_pc\nret\n.size f%d, .-f%d\n",
			i, i, i, i + 1, i, i);
	assert_int_equal(fflush(f), 0);
	shell("cd %s && as -o %s sections.s", fixture_dir, name);
}

/* A symbol has no room for the number of a section above 65,279. */
static void test_many_sections(void **state)
{
	(void)state;
	build_sections("few.ko", 0);
	_cleanup_free_ char *expected = dump_of(fixture("few.ko"), NULL);
	assert_non_null(strstr(expected, "f1"));
	build_sections("many.ko", 66000);
	assert_same(fixture("many.ko"), NULL, expected);
}

static void test_separate(void **state)
{
	_cleanup_free_ char *expected = NULL;
	struct image_identity identity;
	char hex[BUILD_ID_HEX_SIZE];

	(void)state;
	build_kernel("kernel", "gcc", "-g");
	expected = dump_of(fixture("kernel"), NULL);
	shell("cd %s && objcopy --only-keep-debug kernel kernel.debug && "
	      "strip -o stripped kernel && strip -g -o linked kernel && "
	      "objcopy --add-gnu-debuglink=kernel.debug linked",
	      fixture_dir);
	assert_same(fixture("linked"), NULL, expected);
	shell("cd %s && mkdir .debug && mv kernel.debug .debug/", fixture_dir);
	assert_same(fixture("linked"), NULL, expected);
	/* Found by build id; the symbols come from the debug file, too. */
	assert_ok(image_identify(fixture("stripped"), &identity));
	assert_false(identity.has_dwarf || identity.has_symbols || identity.is_module);
	build_id_format(&identity.build_id, hex);
	shell("cd %s && mkdir -p dir/.build-id/%.2s && mv .debug/kernel.debug "
	      "dir/.build-id/%.2s/%s.debug",
	      fixture_dir, hex, hex, hex + 2);
	assert_same(fixture("stripped"), fixture("dir"), expected);
	assert_same(fixture("linked"), fixture("dir"), expected);
}

/* Whether looked is one of the paths where an image looked for debug info. */
static bool looked_at(const struct image *image, const char *looked)
{
	size_t size;
	const char *paths = image_looked_at(image, &size);

	for (const char *path = paths; path < paths + size; path += strlen(path) + 1)
		if (!strcmp(path, looked))
			return true;
	return false;
}

/* What is needed to see later whether the same debug info would be found. */
static void test_looked_at(void **state)
{
	const char *dirs[] = { fixture("no-dir"), NULL };
	const struct image_options options = { .debug_dirs = dirs, .allow_no_debug = true };
	_cleanup_image_ struct image *whole = NULL;
	_cleanup_image_ struct image *linked = NULL;
	_cleanup_image_ struct image *stripped = NULL;
	size_t size;

	(void)state;
	build_kernel("kernel", "gcc", "-g");
	shell("cd %s && objcopy --only-keep-debug kernel looked.debug && strip -g -o looked kernel "
	      "&& strip -g -o none kernel && objcopy --add-gnu-debuglink=looked.debug looked && "
	      "mkdir -p .debug && mv looked.debug .debug/",
	      fixture_dir);
	assert_ok(image_open(fixture("kernel"), &options, &whole));
	image_looked_at(whole, &size);
	assert_int_equal(size, 0);
	assert_false(image_has_split_units(whole));
	assert_ok(image_open(fixture("looked"), &options, &linked));
	/* Missing files count, up to the one that was found. */
	assert_true(looked_at(linked, fixture("looked.debug")));
	assert_true(looked_at(linked, fixture(".debug/looked.debug")));
	assert_false(looked_at(linked, fixture("no-dir/looked.debug")));
	assert_ok(image_open(fixture("none"), &options, &stripped));
	image_looked_at(stripped, &size);
	assert_true(size > strlen(fixture("no-dir")) + strlen("/usr/lib/debug"));
}

/* A debug file of another build is not used. */
static void test_wrong_debug_file(void **state)
{
	_cleanup_image_ struct image *image = NULL;

	(void)state;
	build_kernel("kernel", "gcc", "-g");
	shell("cd %s && strip -g -o linked kernel && objcopy --only-keep-debug kernel k.debug && "
	      "objcopy --add-gnu-debuglink=k.debug linked",
	      fixture_dir);
	build_kernel("kernel", "gcc", "-g -O1");
	shell("cd %s && objcopy --only-keep-debug kernel k.debug", fixture_dir);
	assert_error(image_open(fixture("linked"), NULL, &image), ERROR_NOT_FOUND,
		     "CONFIG_DEBUG_INFO");
}

static void test_dwz(void **state)
{
	(void)state;
	if (!have_program("dwz"))
		skip();
	for (int version = 4; version <= 5; version++) {
		char flags[32];

		snprintf(flags, sizeof(flags), "-gdwarf-%d", version);
		/* Two files with the same declarations, so that dwz has something to move. */
		build_kernel("one", "gcc", flags);
		build_kernel("two", "gcc", flags);
		_cleanup_free_ char *expected = dump_of(fixture("one"), NULL);
		shell("cd %s && dwz -m common one two && "
		      "readelf -SW one | grep -q gnu_debugaltlink",
		      fixture_dir);
		assert_same(fixture("one"), NULL, expected);
	}
}

/* Of two different files dwz shares no declarations, only strings. libdw opens no such file. */
static void test_dwz_strings(void **state)
{
	(void)state;
	if (!have_program("dwz"))
		skip();
	build_kernel("one", "gcc", "-g");
	_cleanup_free_ char *expected = dump_of(fixture("one"), NULL);
	shell("cd %s && gcc %s %s -g -c -o two.o $OLDPWD/" SOURCES "/handoffs.c && "
	      "gcc " LINK " -Wl,-e,0 -o two two.o callback.o && dwz -m strings one two && "
	      "readelf -SW strings >sections && grep -q debug_str sections && "
	      "! grep -q debug_info sections",
	      fixture_dir, COMPILE, COVERAGE);
	assert_same(fixture("one"), NULL, expected);
	shell("cd %s && objcopy --compress-debug-sections=zlib-gnu strings", fixture_dir);
	assert_same(fixture("one"), NULL, expected);
}

/* dwz makes partial units when it shares debug info within one file. */
static void test_partial_units(void **state)
{
	(void)state;
	if (!have_program("dwz"))
		skip();
	shell("cd %s && for i in 1 2 3; do gcc %s %s -g -Dstart=start$i -Dloops=loops$i "
	      "-Doutermost=outermost$i -Dsink=sink$i -c -o k$i.o $OLDPWD/" SOURCES
	      "/kernel_like.c || exit 1; done; gcc %s -c -o callback.o $OLDPWD/" SOURCES
	      "/callback.c && gcc " LINK " -Wl,-e,start1 -o many k1.o k2.o k3.o callback.o",
	      fixture_dir, COMPILE, COVERAGE, COMPILE);
	_cleanup_free_ char *expected = dump_of(fixture("many"), NULL);
	shell("cd %s && dwz many && readelf --debug-dump=info many 2>/dev/null | "
	      "grep -q DW_TAG_partial_unit",
	      fixture_dir);
	assert_same(fixture("many"), NULL, expected);
}

static void test_split_dwarf(void **state)
{
	(void)state;
	build_kernel("kernel", "gcc", "-g");
	_cleanup_free_ char *expected = dump_of(fixture("kernel"), NULL);
	build_kernel("kernel", "gcc", "-g -gsplit-dwarf");
	assert_same(fixture("kernel"), NULL, expected);
	_cleanup_image_ struct image *image = NULL;
	assert_ok(image_open(fixture("kernel"), NULL, &image));
	assert_true(image_has_split_units(image));
}

static const struct index_section *section_named(const struct index *index, const char *name)
{
	size_t nr;
	const struct index_section *s = index_sections(index, &nr);

	for (size_t i = 0; i < nr; i++)
		if (!strcmp(index_string(index, s[i].name), name))
			return &s[i];
	fail_msg("no section %s", name);
	return NULL;
}

static void test_module(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		if (!have_program(compilers[i]))
			continue;
		build_module("module.ko", compilers[i], "-g");
		_cleanup_index_ struct index *index = read_index(fixture("module.ko"), NULL);
		assert_true(index_is_module(index));
		assert_int_equal(index_base(index), 0);
		/* As the module loader does: .exit.text after .text, .init.text elsewhere. */
		const struct index_section *text = section_named(index, ".text");
		const struct index_section *exit = section_named(index, ".exit.text");
		const struct index_section *init = section_named(index, ".init.text");
		assert_int_equal(text->offset, 0);
		assert_true(text->is_known && exit->is_known && !init->is_known);
		assert_in_range(exit->offset, text->size, text->size + 15);
		assert_true(init->offset >= exit->offset + exit->size);
		/* Relocations tell how many calls of the callback there must be. */
		_cleanup_free_ char *dump = dump_index(index, false);
		assert_non_null(strstr(dump, "\tinit_module "));
		assert_non_null(strstr(dump, "\tcleanup_module "));
		assert_non_null(strstr(dump, "\tinnermost "));
		shell("test $(objdump -dr %s | grep -c 'PLT32.*__sanitizer_cov_trace_pc-0x4') = "
		      "$(echo '%s' | grep -c '^[cj]')",
		      fixture("module.ko"), dump);
	}
}

/* Debug info of a module is also relocated in a separate file and in compressed sections. */
static void test_module_forms(void **state)
{
	(void)state;
	build_module("module.ko", "gcc", "-g");
	_cleanup_free_ char *expected = dump_of(fixture("module.ko"), NULL);
	shell("cd %s && objcopy --compress-debug-sections=zlib module.ko zlib.ko", fixture_dir);
	assert_same(fixture("zlib.ko"), NULL, expected);
	shell("cd %s && objcopy --only-keep-debug module.ko module.ko.debug && "
	      "strip -g -o stripped.ko module.ko && "
	      "objcopy --add-gnu-debuglink=module.ko.debug stripped.ko",
	      fixture_dir);
	assert_same(fixture("stripped.ko"), NULL, expected);
	shell("cd %s && xz -k module.ko", fixture_dir);
	assert_same(fixture("module.ko.xz"), NULL, expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inlined_functions),
		cmocka_unit_test(test_dwarf_versions_agree),
		cmocka_unit_test(test_md5s),
		cmocka_unit_test(test_several_md5s),
		cmocka_unit_test(test_compressed),
		cmocka_unit_test(test_streams),
		cmocka_unit_test(test_many_sections),
		cmocka_unit_test(test_separate),
		cmocka_unit_test(test_looked_at),
		cmocka_unit_test(test_wrong_debug_file),
		cmocka_unit_test(test_dwz),
		cmocka_unit_test(test_dwz_strings),
		cmocka_unit_test(test_partial_units),
		cmocka_unit_test(test_split_dwarf),
		cmocka_unit_test(test_module),
		cmocka_unit_test(test_module_forms),
	};

	return cmocka_run_group_tests_name("image", tests, make_fixture_dir, remove_fixture_dir);
}
