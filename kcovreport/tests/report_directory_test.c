// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether a report can be written is found out without the name that the user gave. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <limits.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/tests/assert.h"

/* The code of kcovreport/ is not in the library that suites are linked with. */
#include "kcovreport/report_directory.c"

static char directory[] = "/tmp/report_directory_test.XXXXXX";

/* Takes the events that were noted. Returns how many directories were made, none with this name. */
static int count_made(int notes, const char *name)
{
	char buffer[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
	int nr_made = 0;

	for (ssize_t n; (n = read(notes, buffer, sizeof(buffer))) > 0;) {
		const struct inotify_event *event;

		for (char *p = buffer; p < buffer + n; p += sizeof(*event) + event->len) {
			event = (const struct inotify_event *)p;
			assert_string_not_equal(event->name, name);
			nr_made += (event->mask & IN_CREATE) != 0;
		}
	}
	return nr_made;
}

static void test_name_is_not_used(void **state)
{
	_cleanup_close_ int notes = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	static const char *const below[] = { "out", "out/a/b", "out/" };

	(void)state;
	assert_true(inotify_add_watch(notes, directory, IN_CREATE | IN_DELETE) >= 0);
	for (size_t i = 0; i < sizeof(below) / sizeof(*below); i++) {
		_cleanup_free_ char *path = NULL;

		assert_true(asprintf(&path, "%s/%s", directory, below[i]) > 0);
		assert_ok(report_check_directory(path));
		assert_int_equal(count_made(notes, "out"), 1);
	}
	/* Nothing is left: this fails if the directory is not empty. */
	assert_int_equal(rmdir(directory), 0);
}

static int setup(void **state)
{
	(void)state;
	return mkdtemp(directory) ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_name_is_not_used),
	};

	return cmocka_run_group_tests_name("report_directory", tests, setup, NULL);
}
