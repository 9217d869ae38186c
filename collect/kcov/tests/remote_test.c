// SPDX-License-Identifier: GPL-2.0-or-later
/* The arguments that --remote accepts. Handles themselves need a kernel: the end-to-end cases of
 * the boot `remote` test them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "collect/kcov/remote.h"

static void test_parse(void **state)
{
	struct remote_spec spec;

	(void)state;
	assert_true(remote_parse("usb:1", &spec));
	assert_int_equal(spec.kind, REMOTE_USB);
	assert_int_equal(spec.value, 1);
	assert_true(remote_parse("usb:all", &spec));
	assert_int_equal(spec.kind, REMOTE_USB_ALL);
	assert_true(remote_parse("handle:0x0100000000001234", &spec));
	assert_int_equal(spec.kind, REMOTE_HANDLE);
	assert_int_equal(spec.value, 0x0100000000001234);
	/* Any number is accepted: only the kernel knows which handles are valid. */
	assert_true(remote_parse("handle:0xffffffffffffffff", &spec));
}

static void test_refuse(void **state)
{
	static const char *const bad[] = {
		"",
		"usb",
		"usb:",
		"usb:0",
		"usb:-1",
		"usb:x",
		"usb:1 ",
		"usb:0x1",
		"usb:4294967296",
		"usb:ALL",
		"handle:",
		"handle:0x",
		"handle:0x0",
		"handle:1234",
		"handle:0xg",
		"handle:0x1 ",
		"handle:0x10000000000000000",
		"common",
	};
	struct remote_spec spec;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (remote_parse(bad[i], &spec))
			fail_msg("'%s' was taken", bad[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_refuse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
