// SPDX-License-Identifier: GPL-2.0-or-later
/* Units that others share (partial units): one that cannot be read is skipped as any other. */
#include "symbolize/index/tests/isolate_fixture.h"

#include <signal.h>
#include <string.h>

#include "symbolize/image/unit_guard.h"

static struct strbuf lines;
static const struct unit_guard *inner;

static void add_line(void *arg, enum log_level level, const char *text)
{
	(void)arg;
	(void)level;
	strbuf_addf(&lines, "%s\n", text);
}

static const struct log test_log = { .line = add_line };

static int teardown(void **state)
{
	strbuf_deinit(&lines);
	return close_kernel(state);
}

static struct index *build(const char *name, const struct isolate_limits *limits,
			   index_builder *builder)
{
	const struct index_options options = { .log = &test_log };
	_cleanup_image_ struct image *shared = NULL;
	struct index *index;
	bool is_whole;

	strbuf_reset(&lines);
	assert_ok(image_open(fixture(name), NULL, &shared));
	assert_ok(isolate_build(shared, &options, limits, builder, &is_whole, &index));
	assert_false(is_whole);
	return index;
}

/* A partial unit of many functions whose abbreviation has 20,000 attributes without bytes. */
static const char slow[] =
	".globl f\n.type f, @function\nf: call __sanitizer_cov_trace_pc\nret\n.size f, .-f\n"
	".section .debug_abbrev\n.byte 1, 0x11, 1, 3, 8, 0x10, 0x17, 0, 0, 2, 0x2e, 0\n"
	".rept 20000\n.byte 2, 0x19\n.endr\n.byte 0, 0, 3, 0x3c, 1, 3, 8, 0, 0, 0\n"
	".section .debug_info\n.long 2f-1f\n1: .value 4\n.long 0\n.byte 8, 1\n.asciz \"plain.c\"\n"
	".long 0\n.byte 0\n2: .long 4f-3f\n3: .value 4\n.long 0\n.byte 8, 3\n.asciz \"shared.c\"\n"
	".rept 200000\n.byte 2\n.endr\n.byte 0\n4:\n";

static void test_slow(void **state)
{
	const struct isolate_limits limits = { .seconds = 8, .unit_seconds = 1 };
	_cleanup_fclose_ FILE *f = fopen(fixture("slow.s"), "we");
	size_t nr;

	(void)state;
	assert_non_null(f);
	assert_true(fputs(slow, f) >= 0 && !fflush(f));
	shell("as -o %s %s", fixture("slow.ko"), fixture("slow.s"));
	_cleanup_index_ struct index *index = build("slow.ko", &limits, index_build);
	assert_non_null(strstr(strbuf_str(&lines), "debug info of unit 'shared.c' in '"));
	assert_non_null(strstr(strbuf_str(&lines), "takes more than 1 s: the unit is skipped\n"));
	index_points(index, &nr);
	assert_int_equal(nr, 1);
}

static void begin_and_crash(void *arg, unsigned int worker, uint64_t unit, const char *name)
{
	inner->begin(arg, worker, unit, name);
	if (unit & UNIT_OF_SUPPLEMENT)
		raise(SIGSEGV);
}

/* Only units of the supplement crash. */
static struct error *build_crash(const struct image *shared, const struct index_options *options,
				 struct index **ret)
{
	static struct unit_guard guard;

	inner = image_unit_guard(shared);
	guard = *inner;
	guard.begin = begin_and_crash;
	image_set_unit_guard((struct image *)shared, &guard);
	return index_build(shared, options, ret);
}

/* The supplement has units at the same offsets as the image: those of the image are read. */
static void test_supplement(void **state)
{
	(void)state;
	if (!have_program("dwz"))
		skip();
	shell("cd %s && cp vmlinux one && cp vmlinux two && dwz -m common one two", fixture_dir);
	_cleanup_index_ struct index *index = build("one", NULL, build_crash);
	assert_non_null(strstr(strbuf_str(&lines), "the unit is skipped\n"));
	_cleanup_free_ char *text = dump_index(index, false);
	assert_non_null(strstr(text, "\tinnermost "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_slow),
		cmocka_unit_test(test_supplement),
	};

	return cmocka_run_group_tests_name("isolate_shared", tests, open_kernel, teardown);
}
