// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/tests/assert.h"

#include "symbolize/source/config.h"

static const char text[] = "# CONFIG_A is not set\nCONFIG_Y=y\nCONFIG_M=m\r\nCONFIG_N=n\n"
			   "CONFIG_HZ=250\nCONFIG_HEX=0x1f\nCONFIG_S=\"y\"\nCONFIG_Y_LONGER=m\n"
			   "CONFIG_E=\nX=y\nCONFIG_=y\nCONFIG_LAST=y";

static enum source_config get(const struct source_config_file *file, const char *name,
			      int64_t *value)
{
	*value = -1;
	return source_config_file_get(file, name, strlen(name), value);
}

static void test_options(void **state)
{
	_cleanup_(cleanup_source_config_file) struct source_config_file *file = NULL;
	int64_t value;

	(void)state;
	assert_ok(source_config_file_create(text, sizeof(text) - 1, &file));
	assert_int_equal(get(file, "CONFIG_A", &value), SOURCE_CONFIG_NO);
	assert_int_equal(get(file, "CONFIG_B", &value), SOURCE_CONFIG_NO);
	assert_int_equal(get(file, "CONFIG_Y", &value), SOURCE_CONFIG_YES);
	assert_int_equal(get(file, "CONFIG_Y_LONGER", &value), SOURCE_CONFIG_MODULE);
	assert_int_equal(get(file, "CONFIG_M", &value), SOURCE_CONFIG_MODULE);
	assert_int_equal(get(file, "CONFIG_N", &value), SOURCE_CONFIG_NO);
	assert_int_equal(get(file, "CONFIG_S", &value), SOURCE_CONFIG_STRING);
	assert_int_equal(get(file, "CONFIG_E", &value), SOURCE_CONFIG_STRING);
	assert_int_equal(get(file, "CONFIG_LAST", &value), SOURCE_CONFIG_YES);
	assert_int_equal(get(file, "CONFIG_HZ", &value), SOURCE_CONFIG_NUMBER);
	assert_int_equal(value, 250);
	assert_int_equal(get(file, "CONFIG_HEX", &value), SOURCE_CONFIG_NUMBER);
	assert_int_equal(value, 31);
}

static void test_other_files(void **state)
{
	struct source_config_file *file = NULL;

	(void)state;
	assert_error(source_config_file_create("", 0, &file), ERROR_FORMAT,
		     "not a kernel configuration");
	assert_error(source_config_file_create("A=B\n", 4, &file), ERROR_FORMAT,
		     "not a kernel configuration");
	assert_null(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_other_files),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
