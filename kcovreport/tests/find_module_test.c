// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Without arguments, a suite: which file names belong to which module. With
 * `OUT BUILD_ID PCS [NAME BASE BUILD_ID]`, all in hex, where PCS is a file
 * with one PC per line, it writes a run file of a kernel with that module,
 * for report_test.sh.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/parse.h"

/* The code of kcovreport/ is not in the library that suites are linked with. */
#include "kcovreport/find_module.c"

const struct log console_log;

void say_warning(const char *format, ...)
{
	(void)format;
}

static void test_file_names(void **state)
{
	static const struct {
		const char *file, *module;
		bool is;
	} rows[] = {
		{ "ext4.ko", "ext4", true },
		{ "snd-hda-intel.ko", "snd_hda_intel", true },
		{ "snd_hda_intel.ko.xz", "snd_hda_intel", true },
		{ "a-b_c.ko.zst", "a_b-c", true },
		{ "ext4.ko.gz", "ext4", true },
		{ "ext4.ko.debug", "ext4", false },
		{ "ext4.o", "ext4", false },
		{ "ext4", "ext4", false },
		{ "ext", "ext4", false },
		{ "ext4x.ko", "ext4", false },
		{ "xext4.ko", "ext4", false },
		{ ".ko", "", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(is_file_of(rows[i].file, rows[i].module), rows[i].is);
}

static void test_nothing_found(void **state)
{
	struct run_module modules[] = { { .name = (char *)"no_such_module" },
					{ .name = (char *)"../x" } };
	struct found_module *found;

	(void)state;
	/* The release is part of a path, and must not lead out of it. */
	assert_null(find_modules(&(struct find_options){ .release = "../../../etc" },
				 "/nonexistent", modules, 2, &found));
	assert_null(found[0].path);
	assert_string_equal(
		found[0].problem,
		"no file 'no_such_module.ko' found (name its directory with --modules)");
	assert_null(found[1].path);
	found_modules_destroy(found, 2);

	struct error *err = find_modules(&(struct find_options){ .modules = "/nonexistent" },
					 "/nonexistent", modules, 2, &found);
	assert_non_null(err);
	assert_int_equal(err->code, ERROR_SYSTEM);
	error_destroy(err);
}

static void fail_if(bool failed, const char *what)
{
	if (!failed)
		return;
	fprintf(stderr, "bad %s\n", what);
	exit(99);
}

static void add_module(struct run *run, char **argv)
{
	struct run_module module = { .name = strdup(argv[0]), .size = 0x1000 };

	fail_if(!parse_u64(argv[1], 16, UINT64_MAX, &module.base), "base");
	fail_if(*argv[2] && !build_id_parse(argv[2], &module.build_id), "build id of module");
	fail_if(!run_module_vector_append(&run->modules, &module), "memory");
}

static int make_run(int argc, char **argv)
{
	_cleanup_run_ struct run *run = NULL;
	struct run_source task = { .nr_tasks = 1, .name = strdup("task") };
	_cleanup_fclose_ FILE *pcs = fopen(argv[3], "r");
	_cleanup_(pc_map_deinit) struct pc_map map = PC_MAP_INIT;
	char line[64];
	uint64_t pc;

	fail_if(!pcs || run_create(&run), "arguments");
	fail_if(!build_id_parse(argv[2], &run->meta.build_id), "build id");
	while (fgets(line, sizeof(line), pcs)) {
		line[strcspn(line, "\n")] = '\0';
		fail_if(!parse_u64(line, 16, UINT64_MAX, &pc), "PC");
		fail_if(!pc_map_add(&map, pc, 1), "memory");
	}
	fail_if(pc_map_sorted(&map, &task.pcs, &task.nr_pcs) != NULL, "memory");
	fail_if(!run_source_vector_append(&run->sources, &task), "memory");
	if (argc == 7)
		add_module(run, argv + 4);
	run->finished = true;
	fail_if(run_save(run, argv[1]) != NULL, "output");
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_file_names),
		cmocka_unit_test(test_nothing_found),
	};

	if (argc >= 4)
		return make_run(argc, argv);
	return cmocka_run_group_tests_name("find_module", tests, NULL, NULL);
}
