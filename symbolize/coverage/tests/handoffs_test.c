// SPDX-License-Identifier: GPL-2.0-or-later
/* What was handed on, in the code of testdata/symbolize/handoffs.c. */
#include "symbolize/image/tests/image_fixture.h"

#include "symbolize/coverage/build.h"
#include "symbolize/index/handoff.h"

static struct index *built[2]; /* by gcc, by clang */

static int setup(void **state)
{
	static const char *const compilers[] = { "gcc", "clang" };

	if (make_fixture_dir(state))
		return -1;
	for (int i = 0; i < 2; i++) {
		shell("cd %s && %s " COMPILE " -c -o callback.o $OLDPWD/" SOURCES "/callback.c && "
		      "%s " COMPILE " " COVERAGE " -g -c -o code.o $OLDPWD/" SOURCES
		      "/handoffs.c && ld --build-id -e start -o %s code.o callback.o",
		      fixture_dir, compilers[i], compilers[i], compilers[i]);
		built[i] = read_index(fixture(compilers[i]), NULL);
	}
	return 0;
}

static int teardown(void **state)
{
	index_destroy(built[0]);
	index_destroy(built[1]);
	return remove_fixture_dir(state);
}

static bool has_word(const char *words, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = words; (at = strstr(at, word)); at += length)
		if ((at == words || at[-1] == ' ') && (at[length] == ' ' || !at[length]))
			return true;
	return false;
}

/* "queue_work_on 2, call_rcu 1": what is handed on if all points of functions ran n times. */
static char *handed_on(const struct index *index, const char *functions, uint64_t n)
{
	_cleanup_free_ struct pc_count *pcs = NULL;
	_cleanup_coverage_ struct coverage *c = NULL;
	_cleanup_strbuf_ struct strbuf text = STRBUF_INIT;
	const struct coverage_input_image image = { .name = "vmlinux", .index = index };
	const struct coverage_mapping mapping = { 0 };
	size_t nr, used = 0;
	const struct index_point *points = index_points(index, &nr);
	char *ret;

	pcs = calloc(nr, sizeof(*pcs));
	assert_non_null(pcs);
	for (size_t i = 0; i < nr; i++) {
		struct index_frame frame;

		index_frames_at(index, points[i].offset, &frame, 1);
		if (has_word(functions, frame.function))
			pcs[used++] = (struct pc_count){
				index_base(index) + points[i].offset + points[i].size, n
			};
	}
	assert_true(used > 0);
	const struct coverage_source source = { pcs, used, false, &mapping, 1 };
	const struct coverage_input input = {
		.images = &image, .nr_images = 1, .sources = &source, .nr_sources = 1
	};
	assert_ok(coverage_build(&input, &c));
	for (size_t i = 0; i < c->nr_handoffs; i++) {
		assert_false(c->handoffs[i].is_least);
		strbuf_addf(&text, "%s%s %s %" PRIu64, i ? ", " : "",
			    coverage_handoff_name(c->handoffs[i].kind), c->handoffs[i].function,
			    c->handoffs[i].count);
	}
	assert_ok(strbuf_steal(&text, &ret));
	return ret;
}

static void test_functions(void **state)
{
	static const struct {
		const char *functions, *want;
	} cases[] = {
		{ "works", "work-item queue_work_on 14" }, /* two calls, seven times */
		{ "frees", "rcu-callback call_rcu 7" },
		{ "sometimes", "softirq raise_softirq 7" },
		{ "sleeps", "" },
		{ "queue_work_on", "" },
		{ "schedule_timeout", "" },
		{ "unix_stream_connect unix_stream_sendmsg", "process unix_stream_connect 7" },
		/* nobody was there; it got a connected socket; the other side was recorded */
		{ "unix_stream_connect", "" },
		{ "unix_stream_sendmsg", "" },
		{ "unix_stream_connect unix_stream_sendmsg unix_accept", "" },
		{ "unix_stream_connect tcp_sendmsg", "" },
		{ "inet_stream_connect tcp_sendmsg unix_accept frees",
		  "rcu-callback call_rcu 7, process inet_stream_connect 7" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		for (int k = 0; k < 2; k++) {
			_cleanup_free_ char *got = handed_on(built[k], cases[i].functions, 7);

			if (strcmp(got, cases[i].want))
				fail_msg("%s (%d): '%s', not '%s'", cases[i].functions, k, got,
					 cases[i].want);
		}
}

static void test_names(void **state)
{
	static const struct {
		const char *function;
		enum index_handoff_kind kind;
	} cases[] = {
		{ "____napi_schedule", INDEX_HANDOFF_SOFTIRQ }, /* the first and the last one */
		{ "user_mode_thread", INDEX_HANDOFF_THREAD },
		{ "call_rcu", INDEX_HANDOFF_RCU },
		{ "call_rcu_hurry", INDEX_HANDOFF_RCU },
		{ "__call_rcu_common.constprop.0", INDEX_HANDOFF_RCU },
		{ "queue_work_on", INDEX_HANDOFF_WORK },
		{ "add_timer", INDEX_HANDOFF_TIMER },
		{ "add_timer_on", INDEX_HANDOFF_TIMER },
		{ "smp_call_function", INDEX_HANDOFF_INTERRUPT },
		{ "smp_call_function_single_async", INDEX_HANDOFF_INTERRUPT },
		{ "schedule_timeout", INDEX_HANDOFF_INNER },
		{ "call_rc", INDEX_HANDOFF_NONE },
		{ "call_rcu_of_ours", INDEX_HANDOFF_NONE },
		{ "", INDEX_HANDOFF_NONE },
		{ ".call_rcu", INDEX_HANDOFF_NONE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (index_handoff_kind(cases[i].function) != cases[i].kind)
			fail_msg("%s: %d", cases[i].function,
				 index_handoff_kind(cases[i].function));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_functions),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
