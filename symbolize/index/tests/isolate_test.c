// SPDX-License-Identifier: GPL-2.0-or-later
/* Whatever happens to the process that builds an index, its parent gets an index or an error. */
#include "symbolize/index/tests/isolate_fixture.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "symbolize/image/unit_guard.h"

#define MIB (1 << 20)

static struct strbuf lines = STRBUF_INIT;
static uint64_t last_done, last_total;
static bool is_whole;

static void add_line(void *arg, enum log_level level, const char *text)
{
	(void)arg;
	strbuf_addf(&lines, "%d %s\n", level, text);
}

static void note_progress(void *arg, const char *what, uint64_t done, uint64_t total)
{
	(void)arg;
	assert_true(what[0]);
	last_done = done;
	last_total = total;
}

static const struct log test_log = { .line = add_line, .progress = note_progress };

static int teardown(void **state)
{
	strbuf_deinit(&lines);
	return close_kernel(state);
}

static struct error *build(index_builder *builder, const struct isolate_limits *limits,
			   unsigned int jobs, struct index **ret)
{
	const struct index_options options = { .log = &test_log, .jobs = jobs };

	strbuf_reset(&lines);
	return isolate_build(image, &options, limits, builder, &is_whole, ret);
}

static void test_same_index(void **state)
{
	_cleanup_index_ struct index *here = NULL, *there = NULL;

	(void)state;
	assert_ok(index_build(image, NULL, &here));
	assert_ok(build(index_build, NULL, 2, &there));
	assert_int_equal(here->header->size, there->header->size);
	assert_true(is_whole);
	assert_memory_equal(here->block, there->block, here->header->size);
	assert_string_equal(strbuf_str(&lines), "");
	assert_true(last_total > 0 && last_done == last_total);
}

static void crash(void)
{
	raise(SIGSEGV);
}

static void loop(void)
{
	for (volatile bool forever = true; forever;)
		;
}

static int overflow(volatile char *above)
{
	volatile char room[4096];

	room[0] = *above;
	if (room[0])
		return 0;
	return overflow(room) + room[0];
}

static void overflow_stack(void)
{
	char start = 0;

	overflow(&start);
}

static void exhaust_libdw(void)
{
	image_unit_guard(image)->no_memory();
}

/* Do a bad thing while the unit at offset 77 is read, unless that is skipped. */
static struct error *build_with(void (*bad)(void), const struct index_options *options,
				struct index **ret)
{
	const struct unit_guard *guard = image_unit_guard(image);

	if (!guard->nr_skipped) {
		guard->begin(guard->arg, 0, 77, NULL);
		guard->begin(guard->arg, 0, 77, "drivers/bad.c");
		bad();
		guard->end(guard->arg, 0);
	} else if (guard->nr_skipped != 1 || guard->skipped[0] != 77) {
		return error_create(ERROR_INVALID, "other units are skipped");
	}
	return index_build(image, options, ret);
}

#define DEFINE_BUILDER(name, bad)                                                                  \
	static struct error *name(const struct image *unused, const struct index_options *options, \
				  struct index **ret)                                              \
	{                                                                                          \
		(void)unused;                                                                      \
		return build_with(bad, options, ret);                                              \
	}                                                                                          \
	struct name##_semicolon

DEFINE_BUILDER(build_crash, crash);
DEFINE_BUILDER(build_abort, abort);
DEFINE_BUILDER(build_loop, loop);
DEFINE_BUILDER(build_overflow, overflow_stack);
DEFINE_BUILDER(build_no_memory, exhaust_libdw);

/* Use memory up to the limit, in small pieces, as a hash table or a list would. */
__attribute__((unused)) static struct error *
build_eat(const struct image *unused, const struct index_options *options, struct index **ret)
{
	const struct unit_guard *guard = image_unit_guard(image);

	(void)unused;
	if (guard->nr_skipped)
		return index_build(image, options, ret);
	guard->begin(guard->arg, 0, 77, NULL);
	guard->begin(guard->arg, 0, 77, "drivers/bad.c");
	for (int i = 0; i < 1024; i++) {
		char *memory = malloc(MIB);

		if (!memory)
			return &error_no_memory;
		memset(memory, i, MIB);
	}
	return error_create(ERROR_INVALID, "there is no limit");
}

static void test_unit_is_skipped(void **state)
{
	/* Only what loops may depend on time: 128 MiB of page faults can take a second. */
	static const struct {
		index_builder *build;
		unsigned int seconds;
		const char *want;
	} cases[] = {
		{ build_crash, 60, "ends in a crash (Segmentation fault)" },
		{ build_abort, 60, "ends in a crash (Aborted)" },
		{ build_loop, 1, "takes more than 1 s" },
		{ build_overflow, 60, "ends in a crash (Segmentation fault)" },
		{ build_no_memory, 60, "takes more than 128 MiB of memory" },
#ifndef __SANITIZE_ADDRESS__ /* which ends the process when malloc() fails */
		{ build_eat, 60, "takes more than 128 MiB of memory" },
#endif
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct isolate_limits limits = { .memory = 128 * MIB,
						       .seconds = 300,
						       .unit_seconds = cases[i].seconds };
		_cleanup_strbuf_ struct strbuf want = STRBUF_INIT;
		_cleanup_index_ struct index *index = NULL;

		assert_ok(build(cases[i].build, &limits, 1, &index));
		assert_non_null(index);
		assert_false(is_whole);
		strbuf_addf(&want,
			    "%d reading the debug info of unit 'drivers/bad.c' in '%s' %s: the "
			    "unit is skipped\n",
			    LOG_WARNING, image_path(image), cases[i].want);
		assert_string_equal(strbuf_str(&lines), strbuf_str(&want));
	}
}

/* A guard of the child that crashes when a real unit is read. */
static const struct unit_guard *inner;

static void begin_and_crash(void *arg, unsigned int worker, uint64_t unit, const char *name)
{
	inner->begin(arg, worker, unit, name);
	if (name && strstr(name, "kernel_like.c"))
		crash();
}

static struct error *build_real(const struct image *unused, const struct index_options *options,
				struct index **ret)
{
	static struct unit_guard guard;

	(void)unused;
	inner = image_unit_guard(image);
	guard = *inner;
	guard.begin = begin_and_crash;
	image_set_unit_guard(image, &guard);
	return index_build(image, options, ret);
}

/* Points of a unit that is skipped are in the index: they have the names of their symbols. */
static void test_real_unit(void **state)
{
	_cleanup_index_ struct index *index = NULL, *whole = NULL;
	size_t nr, nr_whole;

	(void)state;
	assert_ok(index_build(image, NULL, &whole));
	assert_ok(build(build_real, NULL, 2, &index));
	assert_non_null(strstr(strbuf_str(&lines), "kernel_like.c' in '"));
	index_points(index, &nr);
	index_points(whole, &nr_whole);
	assert_int_equal(nr, nr_whole);
	_cleanup_free_ char *text = dump_index(index, false);
	assert_null(strstr(text, "kernel_like.c"));
}

static struct error *build_many(const struct image *unused, const struct index_options *options,
				struct index **ret)
{
	const struct unit_guard *guard = image_unit_guard(image);

	(void)unused;
	if (guard->nr_skipped)
		return index_build(image, options, ret);
	if (options->jobs > 1) {
		guard->begin(guard->arg, 0, 5, NULL);
		guard->begin(guard->arg, 1, 77, NULL);
		_exit(EXIT_FAILURE);
	}
	guard->begin(guard->arg, 0, 77, NULL);
	guard->begin(guard->arg, 0, 77, "drivers/bad.c");
	raise(SIGKILL);
	return NULL;
}

/* With several units at once, it may not be known which one is to blame. */
static void test_many_threads(void **state)
{
	_cleanup_index_ struct index *index = NULL;

	(void)state;
	assert_ok(build(build_many, NULL, 2, &index));
	assert_non_null(strstr(strbuf_str(&lines), "'drivers/bad.c'"));
	assert_non_null(strstr(strbuf_str(&lines), "(Killed)"));
}

/* Another unit each time. */
static struct error *build_bad_image(const struct image *unused,
				     const struct index_options *options, struct index **ret)
{
	const struct unit_guard *guard = image_unit_guard(image);

	(void)unused;
	(void)options;
	(void)ret;
	guard->begin(guard->arg, 0, 100 - guard->nr_skipped, NULL);
	raise(SIGILL);
	return NULL;
}

/* The same unit each time, though it is skipped. */
static struct error *build_stubborn(const struct image *unused, const struct index_options *options,
				    struct index **ret)
{
	const struct unit_guard *guard = image_unit_guard(image);

	(void)unused;
	(void)options;
	(void)ret;
	guard->begin(guard->arg, 0, 77, NULL);
	raise(SIGILL);
	return NULL;
}

static void test_gives_up(void **state)
{
	const struct isolate_limits limits = { .nr_units_skipped = 3 };
	struct index *index;
	int nr = 0;

	(void)state;
	assert_error(build(build_bad_image, &limits, 1, &index), ERROR_FORMAT, "unit '?' in '");
	for (const char *p = strbuf_str(&lines); (p = strstr(p, "is skipped")); p++)
		nr++;
	assert_int_equal(nr, 3);
	assert_error(build(build_stubborn, &limits, 1, &index), ERROR_FORMAT,
		     "(Illegal instruction)");
}

/* Another unit never ends in each attempt. */
static struct error *build_loops(const struct image *unused, const struct index_options *options,
				 struct index **ret)
{
	const struct unit_guard *guard = image_unit_guard(image);

	(void)unused;
	(void)options;
	(void)ret;
	guard->begin(guard->arg, 0, guard->nr_skipped, NULL);
	loop();
	return NULL;
}

static void test_time_of_all_attempts(void **state)
{
	const struct isolate_limits limits = { .seconds = 2, .unit_seconds = 1 };
	struct index *index;
	int nr = 0;

	(void)state;
	assert_error(build(build_loops, &limits, 1, &index), ERROR_FORMAT,
		     "vmlinux' takes more than 2 s");
	for (const char *p = strbuf_str(&lines); (p = strstr(p, "is skipped")); p++)
		nr++;
	assert_in_range(nr, 1, 2);
}

#define DEFINE_BAD_BUILDER(name, ...)                                                              \
	static struct error *name(const struct image *unused, const struct index_options *options, \
				  struct index **ret)                                              \
	{                                                                                          \
		(void)unused;                                                                      \
		(void)options;                                                                     \
		(void)ret;                                                                         \
		__VA_ARGS__;                                                                       \
		return NULL;                                                                       \
	}                                                                                          \
	struct name##_semicolon

DEFINE_BAD_BUILDER(build_crash_elsewhere, crash());
DEFINE_BAD_BUILDER(build_loop_elsewhere, loop());
DEFINE_BAD_BUILDER(build_exit, _exit(EXIT_SUCCESS));

static void test_not_in_a_unit(void **state)
{
	const struct isolate_limits limits = { .seconds = 1 };
	struct index *index;

	(void)state;
	assert_error(build(build_crash_elsewhere, NULL, 2, &index), ERROR_FORMAT,
		     "vmlinux' ends in a crash (Segmentation fault)");
	assert_error(build(build_loop_elsewhere, &limits, 2, &index), ERROR_FORMAT,
		     "vmlinux' takes more than 1 s");
	assert_error(build(build_exit, NULL, 2, &index), ERROR_FORMAT, "vmlinux' ends in a crash");
}

static struct error *build_error(const struct image *unused, const struct index_options *options,
				 struct index **ret)
{
	(void)unused;
	(void)ret;
	log_line(options->log, LOG_INFO, "about to fail");
	log_progress(options->log, "failing", 3, 4);
	return error_hint(error_errno(EACCES, "cannot do it"), "try again");
}

static void test_error_and_log(void **state)
{
	struct index *index;

	(void)state;
	assert_error(build(build_error, NULL, 2, &index), ERROR_SYSTEM,
		     "cannot do it: Permission denied (try again)");
	assert_string_equal(strbuf_str(&lines), "1 about to fail\n");
	assert_int_equal(last_done, 3);
	assert_int_equal(last_total, 4);
}

static struct error *build_damaged(const struct image *unused, const struct index_options *options,
				   struct index **ret)
{
	struct error *err = index_build(image, options, ret);

	(void)unused;
	if (!err)
		((struct index_header *)(*ret)->block)->arrays[INDEX_STRINGS].nr = UINT32_MAX;
	return err;
}

static void test_damaged(void **state)
{
	struct index *index;

	(void)state;
	assert_error(build(build_damaged, NULL, 2, &index), ERROR_FORMAT, "damaged");
}

static void test_messages(void **state)
{
	static const struct isolate_message unended = { .kind = ISOLATE_LINE, .text = "abcd" };
	static const struct isolate_message hint = { .kind = ISOLATE_ERROR, .hint = 4 };
	struct isolate_message m;
	char text[2 * ISOLATE_TEXT_SIZE];
	int sockets[2];

	(void)state;
	assert_ok(isolate_connect(sockets));
	/* Text without an end, a hint outside of the message, and no message at all. */
	send(sockets[0], &unended, offsetof(struct isolate_message, text) + 3, 0);
	assert_true(isolate_receive(sockets[1], &m));
	assert_string_equal(m.text, "ab");
	send(sockets[0], &hint, offsetof(struct isolate_message, text) + 4, 0);
	assert_false(isolate_receive(sockets[1], &m));
	send(sockets[0], "abc", 3, 0);
	assert_false(isolate_receive(sockets[1], &m));
	/* Long ones are cut. */
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	isolate_send_error(sockets[0], error_hint(error_create(ERROR_FORMAT, "%s", text), "y"));
	assert_true(isolate_receive(sockets[1], &m));
	assert_in_range(strlen(m.text), 2048, ISOLATE_TEXT_SIZE - 1);
	assert_string_equal(m.text + m.hint, "y");
	close(sockets[0]);
	assert_false(isolate_receive(sockets[1], &m));
	close(sockets[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_index),    cmocka_unit_test(test_unit_is_skipped),
		cmocka_unit_test(test_real_unit),     cmocka_unit_test(test_many_threads),
		cmocka_unit_test(test_gives_up),      cmocka_unit_test(test_time_of_all_attempts),
		cmocka_unit_test(test_not_in_a_unit), cmocka_unit_test(test_error_and_log),
		cmocka_unit_test(test_damaged),	      cmocka_unit_test(test_messages),
	};

	return cmocka_run_group_tests_name("isolate", tests, open_kernel, teardown);
}
