// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the flow of the statements makes of lines. The cases are in testdata/symbolize/flow.txt,
 * which says how they are written.
 */
#include "base/tests/assert.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "base/strbuf.h"
#include "symbolize/source/flow.h"

#define CASES	  "testdata/symbolize/flow.txt"
#define LINES_MAX 64
#define JUMPS_MAX 16

struct flow_case {
	const char *name;
	struct strbuf text; /* the C source */
	struct flow_observation observations[LINES_MAX];
	char *wants[LINES_MAX];
	size_t nr_lines;
	struct flow_jump jumps[JUMPS_MAX];
	size_t nr_jumps;
	bool counts_are_least, shows_tests;
};

/* "-"; "COUNT" or "COUNT..MOST", then '~' if it is only code of the line. */
static struct flow_observation read_observation(const char *text)
{
	struct flow_observation o = { .is_known = true, .is_statement = true };
	int length = 0;

	if (!strcmp(text, "-"))
		return (struct flow_observation){ 0 };
	assert_int_equal(sscanf(text, "%" SCNu64 "%n", &o.count, &length), 1);
	text += length;
	o.most = o.count;
	if (!strncmp(text, "..", 2)) {
		assert_int_equal(sscanf(text, "..%" SCNu64 "%n", &o.most, &length), 1);
		text += length;
	}
	if (*text == '~') {
		o.is_statement = false;
		text++;
	}
	assert_string_equal(text, "");
	return o;
}

/* "LINE:COUNT"; '?' is a count that is not known. */
static struct flow_outcome read_outcome(const char *text)
{
	struct flow_outcome o = { 0 };
	int got = sscanf(text, "%" SCNu32 ":%" SCNu64, &o.to, &o.count);

	o.is_known = got == 2;
	assert_true(o.is_known || (got == 1 && strchr(text, '?')));
	return o;
}

/* "LINE>OUTCOME,OUTCOME" and so on, between blanks. */
static void read_jumps(struct flow_case *c, char *text)
{
	char *save;

	for (char *word = strtok_r(text, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		struct flow_jump *jump = &c->jumps[c->nr_jumps++];
		const char *comma = strchr(word, ',');

		assert_true(c->nr_jumps <= JUMPS_MAX && comma);
		assert_int_equal(sscanf(word, "%" SCNu32 ">", &jump->line), 1);
		jump->outcomes[0] = read_outcome(strchr(word, '>') + 1);
		jump->outcomes[1] = read_outcome(comma + 1);
	}
}

/* "OBSERVED WANTED|text" */
static void read_line(struct flow_case *c, char *line)
{
	char *bar = strchr(line, '|'), *save;

	if (!bar)
		fail_msg("%s: no '|' in '%s'", c->name, line);
	*bar = '\0';
	assert_true(c->nr_lines < LINES_MAX);
	c->observations[c->nr_lines] = read_observation(strtok_r(line, " ", &save));
	c->wants[c->nr_lines++] = strtok_r(NULL, " ", &save);
	strbuf_addf(&c->text, "%s\n", bar + 1);
}

static void show_way(const struct flow_way *way, struct strbuf *out)
{
	if (way->is_known)
		strbuf_addf(out, "%" PRIu64, way->count);
	else
		strbuf_addch(out, '?');
}

static void show_test(const struct flow_test *test, struct strbuf *out)
{
	if (!test->is_found)
		return;
	strbuf_addch(out, ':');
	show_way(&test->if_true, out);
	strbuf_addch(out, '/');
	show_way(&test->if_false, out);
	if (test->has_operands)
		strbuf_addch(out, '&');
}

/* A line that the flow has, if a report has it too. */
static void show_result(const struct flow_result *r, bool is_known, struct strbuf *out)
{
	if (!r->is_found || (!is_known && !r->has_code))
		strbuf_addch(out, '-');
	else
		strbuf_addf(out, "%" PRIu64 "%s%s", r->count, r->may_be_less ? "-" : "",
			    r->may_be_more ? "+" : "");
}

static bool run_case(const struct flow_case *c)
{
	_cleanup_(cleanup_source_file) struct source_file *file = NULL;
	struct flow_result results[LINES_MAX] = { 0 };
	uint64_t steps = FLOW_STEPS_MAX;
	bool done, is_right = true;

	assert_ok(source_parse(c->text.data, c->text.len, NULL, &file));
	assert_int_equal(file->nr_functions, 1);
	const struct source_function *f = &file->functions[0];
	assert_int_equal(f->first_line, 1);
	assert_int_equal(f->close_line, c->nr_lines);
	if (f->reason)
		fail_msg("%s: %s in line %u", c->name, source_reason_name(f->reason),
			 f->reason_line);
	const struct flow_machine machine = {
		.observations = c->observations,
		.jumps = c->jumps,
		.nr_jumps = c->nr_jumps,
		.counts_are_least = c->counts_are_least,
		.calls = c->observations[0].is_known ? &c->observations[0].count : NULL,
	};
	assert_ok(flow_balance(file, f, &machine, &steps, results, &done));
	assert_true(done);
	for (size_t i = 0; i < c->nr_lines; i++) {
		_cleanup_strbuf_ struct strbuf got = STRBUF_INIT;

		show_result(&results[i], c->observations[i].is_known, &got);
		if (c->shows_tests)
			show_test(&results[i].test, &got);
		if (!strcmp(strbuf_str(&got), c->wants[i]))
			continue;
		print_error("%s: line %zu: %s, not %s\n", c->name, i + 1, strbuf_str(&got),
			    c->wants[i]);
		is_right = false;
	}
	return is_right;
}

static void finish_case(struct flow_case *c, int *nr, int *nr_wrong)
{
	if (c->nr_lines) {
		++*nr;
		*nr_wrong += !run_case(c);
	}
	strbuf_deinit(&c->text);
	*c = (struct flow_case){ .text = STRBUF_INIT };
}

static void test_cases(void **state)
{
	_cleanup_free_ char *text = NULL;
	struct flow_case c = { .text = STRBUF_INIT };
	int nr = 0, nr_wrong = 0;
	size_t size;
	char *save;

	(void)state;
	assert_ok(file_read_regular(CASES, 1 << 20, &text, &size));
	_cleanup_free_ char *copy = strndup(text, size);
	for (char *line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (*line == '=') {
			finish_case(&c, &nr, &nr_wrong);
			c.name = line + 2;
		} else if (*line == '+') {
			c.counts_are_least = true;
		} else if (*line == ':') {
			c.shows_tests = true;
		} else if (*line == '>') {
			read_jumps(&c, line + 1);
		} else if (*line != '#') {
			read_line(&c, line);
		}
	}
	finish_case(&c, &nr, &nr_wrong);
	assert_true(nr > 20);
	assert_int_equal(nr_wrong, 0);
}

/* Balance a function of which nothing was observed but its first line. */
static bool is_done(const char *text, uint64_t *steps)
{
	_cleanup_(cleanup_source_file) struct source_file *file = NULL;
	bool done;

	assert_ok(source_parse(text, strlen(text), NULL, &file));
	assert_int_equal(file->nr_functions, 1);
	const struct source_function *f = &file->functions[0];
	size_t nr = f->close_line - f->first_line + 1;
	_cleanup_free_ struct flow_observation *observations = calloc(nr, sizeof(*observations));
	_cleanup_free_ struct flow_result *results = calloc(nr, sizeof(*results));
	assert_int_equal(f->reason, SOURCE_UNDERSTOOD);
	observations[0] = (struct flow_observation){ 5, 5, true, true };
	const struct flow_machine machine = { .observations = observations };
	assert_ok(flow_balance(file, f, &machine, steps, results, &done));
	return done;
}

static void test_steps_of_a_file(void **state)
{
	const char *text = "void f(int a)\n{\n\twhile (a)\n\t\tb();\n\tc();\n}\n";
	uint64_t steps = 100000, taken;

	(void)state;
	assert_true(is_done(text, &steps));
	taken = 100000 - steps;
	assert_true(taken > 0 && steps > 0);
	steps = 2 * taken - 1;
	assert_true(is_done(text, &steps));
	assert_false(is_done(text, &steps));
	assert_int_equal(steps, 0);
}

/* Each computed goto may lead to each label: these would be 100 million arcs. */
static void test_too_many_arcs(void **state)
{
	_cleanup_strbuf_ struct strbuf text = STRBUF_INIT;
	uint64_t steps = FLOW_STEPS_MAX;

	(void)state;
	strbuf_addstr(&text, "void f(int a)\n{\n");
	for (int i = 0; i < 10000; i++)
		strbuf_addf(&text, "l%d: x = &&l%d; goto *x;\n", i, i);
	strbuf_addstr(&text, "}\n");
	assert_false(is_done(strbuf_str(&text), &steps));
	assert_true(steps == FLOW_STEPS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_steps_of_a_file),
		cmocka_unit_test(test_too_many_arcs),
	};

	return cmocka_run_group_tests_name("flow", tests, NULL, NULL);
}
