// SPDX-License-Identifier: GPL-2.0-or-later
/* A file that is not a usable image is rejected, with the reason and with what to do. */
#include "symbolize/image/tests/image_fixture.h"

#include <elf.h>

#include "base/io.h"

static int setup(void **state)
{
	if (make_fixture_dir(state))
		return -1;
	build_kernel("kernel", "gcc", "-g");
	return 0;
}

static struct error *open_fixture(const char *name)
{
	_cleanup_image_ struct image *image = NULL;

	return image_open(fixture(name), NULL, &image);
}

/* The kernel with a byte of its ELF header changed, and bytes at its end cut off. */
static struct error *open_changed(size_t at, uint8_t value, size_t cut)
{
	_cleanup_image_ struct image *image = NULL;
	_cleanup_free_ char *data = NULL;
	size_t len;

	assert_ok(file_read(fixture("kernel"), 1 << 20, &data, &len));
	data[at] = value;
	return image_open_memory(data, len - cut, "changed", NULL, &image);
}

static void test_no_elf(void **state)
{
	(void)state;
	assert_error(open_fixture("nowhere"), ERROR_SYSTEM, "cannot open '");
	shell("echo text > %s/text && : > %s/empty && mkdir %s/dir && mkfifo %s/fifo", fixture_dir,
	      fixture_dir, fixture_dir, fixture_dir);
	assert_error(open_fixture("text"), ERROR_FORMAT, "is not an ELF file");
	assert_error(open_fixture("empty"), ERROR_FORMAT, "is not an ELF file");
	assert_error(open_fixture("dir"), ERROR_FORMAT, "is not a regular file");
	assert_error(open_fixture("fifo"), ERROR_FORMAT, "is not a regular file");
	assert_error(open_changed(0, 'x', 0), ERROR_FORMAT, "'changed' is not an ELF file");
	shell("ar r %s/archive %s/kernel.o 2>/dev/null", fixture_dir, fixture_dir);
	assert_error(open_fixture("archive"), ERROR_FORMAT, "is not an ELF file");
}

static void test_other_machine(void **state)
{
	const size_t at = offsetof(Elf64_Ehdr, e_machine);

	(void)state;
	assert_error(open_changed(at, EM_AARCH64, 0), ERROR_UNSUPPORTED, "arm64 not yet");
	assert_error(open_changed(at, 0xee, 0), ERROR_UNSUPPORTED, "unknown machine");
	assert_error(open_changed(EI_CLASS, ELFCLASS32, 0), ERROR_UNSUPPORTED, "64-bit");
	assert_error(open_changed(EI_DATA, ELFDATA2MSB, 0), ERROR_UNSUPPORTED, "little-endian");
	assert_error(open_changed(offsetof(Elf64_Ehdr, e_type), ET_CORE, 0), ERROR_FORMAT,
		     "core dump");
}

static void test_truncated(void **state)
{
	(void)state;
	assert_error(open_changed(0, 0x7f, 1), ERROR_FORMAT, "'changed' is truncated");
	assert_error(open_changed(0, 0x7f, 3000), ERROR_FORMAT, "is truncated");
	shell("cd %s && head -c -64 kernel > cut", fixture_dir);
	assert_error(open_fixture("cut"), ERROR_FORMAT, "is truncated (copy or build it again)");
}

static void test_no_debug_info(void **state)
{
	_cleanup_image_ struct image *image = NULL;
	const struct image_options allow = { .allow_no_debug = true };

	(void)state;
	shell("cd %s && strip -g -o no-debug kernel && strip -o no-symbols kernel", fixture_dir);
	assert_error(open_fixture("no-debug"), ERROR_NOT_FOUND, "CONFIG_DEBUG_INFO_DWARF5=y");
	assert_ok(image_open(fixture("no-debug"), &allow, &image));
	assert_false(image_has_debug(image));
	image_close(image);
	image = NULL;
	assert_error(image_open(fixture("no-symbols"), &allow, &image), ERROR_NOT_FOUND,
		     "has no symbols");
}

/* Debug info alone: not "stripped", since the code is in another file. */
static void test_debug_only(void **state)
{
	struct image_identity identity;

	(void)state;
	shell("cd %s && objcopy --only-keep-debug kernel kernel.debug", fixture_dir);
	assert_error(open_fixture("kernel.debug"), ERROR_NOT_FOUND,
		     "has debug info but no code: it is the separate debug file of another file "
		     "(name that other file; its debug info is looked for beside it");
	assert_ok(image_identify(fixture("kernel.debug"), &identity));
	assert_true(identity.is_debug_only);
	assert_ok(image_identify(fixture("kernel"), &identity));
	assert_false(identity.is_debug_only);
}

static void test_no_callback(void **state)
{
	_cleanup_image_ struct image *image = NULL;
	struct index *index;

	(void)state;
	shell("cd %s && objcopy -N __sanitizer_cov_trace_pc kernel no-kcov", fixture_dir);
	assert_ok(image_open(fixture("no-kcov"), NULL, &image));
	assert_error(index_build(image, NULL, &index), ERROR_NOT_FOUND, "CONFIG_KCOV=y");
}

/* A module without coverage is fine: it has no points. */
static void test_module_without_points(void **state)
{
	size_t nr;

	(void)state;
	shell("gcc %s -g -c -o %s/plain.ko " SOURCES "/callback.c", COMPILE, fixture_dir);
	shell("objcopy -N __sanitizer_cov_trace_pc %s/plain.ko --add-symbol other=.text:0",
	      fixture_dir);
	_cleanup_index_ struct index *index = read_index(fixture("plain.ko"), NULL);
	index_points(index, &nr);
	assert_int_equal(nr, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_elf),
		cmocka_unit_test(test_other_machine),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_no_debug_info),
		cmocka_unit_test(test_debug_only),
		cmocka_unit_test(test_no_callback),
		cmocka_unit_test(test_module_without_points),
	};

	return cmocka_run_group_tests_name("image_error", tests, setup, remove_fixture_dir);
}
