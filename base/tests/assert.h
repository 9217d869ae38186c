/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Assertions on the struct error * that a call returns. */
#ifndef BASE_TESTS_ASSERT_H
#define BASE_TESTS_ASSERT_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"

/* The call succeeds; if not, fail with the message of its error. */
#define assert_ok(call)                                                                            \
	do {                                                                                       \
		struct error *_err = (call);                                                       \
		if (_err)                                                                          \
			fail_msg("%s", _err->message);                                             \
	} while (0)

/* The call fails with this code, and the text of its error contains part. */
#define assert_error(call, want_code, part)                                                        \
	do {                                                                                       \
		struct error *_err = (call);                                                       \
		assert_non_null(_err);                                                             \
		_cleanup_free_ char *_text = error_format(_err);                                   \
		if (_err->code != (want_code) || !strstr(_text, part))                             \
			fail_msg("got error %d: %s", _err->code, _text);                           \
		error_destroy(_err);                                                               \
	} while (0)

#endif
