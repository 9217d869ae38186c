// SPDX-License-Identifier: GPL-2.0-or-later
/* Verdicts on lines and functions. Claims are text. */
#include "symbolize/coverage/tests/draft_fixture.h"

/*
 * A claim is FILE LINE ':' STATE KINDS, as in "a10:h5rs": h5 hit five times, m missed, ? not known;
 * r is CLAIM_ROW, s CLAIM_STMT, t CLAIM_TAIL. All claims are of one function of one image; '/'
 * begins the next function, "//" the next image.
 */
static struct draft_claim parse_claim(struct draft_fixture *f, const char *word)
{
	struct draft_claim claim = { 0 };
	char path[] = "/src/a.c", file;
	int len;

	assert_int_equal(sscanf(word, "%c%u:%n", &file, &claim.id, &len), 2);
	path[5] = file;
	assert_ok(intern_id(f->draft.paths, path, &claim.file));
	word += len;
	claim.state = *word == 'h' ? BLOCK_HIT : *word == 'm' ? BLOCK_MISSED : BLOCK_UNKNOWN;
	if (*word++ == 'h') {
		char *end;

		claim.count = strtoull(word, &end, 10);
		word = end;
	}
	claim.kinds = (strchr(word, 'r') ? CLAIM_ROW : 0) | (strchr(word, 's') ? CLAIM_STMT : 0) |
		      (strchr(word, 't') ? CLAIM_TAIL : 0);
	return claim;
}

static void parse_claims(struct draft_fixture *f, struct draft_claim_vector *v, const char *text)
{
	_cleanup_free_ char *copy = strdup(text);
	char *rest = copy;
	uint32_t image = 0, function = 0, block = 0;

	for (char *word; (word = strsep(&rest, " "));) {
		if (!strcmp(word, "/")) {
			function++;
		} else if (!strcmp(word, "//")) {
			image++;
		} else if (*word) {
			struct draft_claim claim = parse_claim(f, word);

			claim.image = image;
			claim.function = function;
			claim.block = block++;
			assert_non_null(draft_claim_vector_append(v, &claim));
		}
	}
}

/* "a10 h5 2/3": file, line, state, count, blocks hit and found. p is partial, m is missed. */
static void add_file(struct strbuf *text, const struct coverage_file *file)
{
	static const char states[] = { [COVERAGE_LINE_MISSED] = 'm',
				       [COVERAGE_LINE_PARTIAL] = 'p',
				       [COVERAGE_LINE_HIT] = 'h' };

	for (size_t i = 0; i < file->nr_lines; i++) {
		const struct coverage_line *l = &file->lines[i];

		strbuf_addf(text, "%s%c%u %c%" PRIu64 " %" PRIu64 "/%" PRIu64,
			    text->len ? ", " : "", file->path[5], l->line, states[l->state],
			    l->count, l->blocks.hit, l->blocks.found);
	}
}

static const struct {
	const char *name;
	const char *claims;
	const char *want;
} line_cases[] = {
	{ "no claims", "", "" },
	{ "a statement that was executed", "a10:h5rs", "a10 h5 1/1" },
	{ "one that was not", "a10:mrs", "a10 m0 0/1" },
	{ "one of which nothing is known", "a10:?rs", "" },
	{ "code alone that was executed", "a10:h5r", "a10 h5 1/1" },
	{ "code alone that was not", "a10:mr", "a10 m0 0/1" },
	{ "the largest count", "a10:h5rs a10:h9rs a10:h2rs", "a10 h9 3/3" },
	{ "statements of two blocks, one missed", "a10:h5rs a10:mrs", "a10 p5 1/2" },
	{ "what is not known does not count", "a10:h5rs a10:?rs", "a10 h5 1/1" },
	{ "moved code is no sign where the statement was missed", "a10:mrs a10:h5r", "a10 m0 0/1" },
	{ "in whatever order", "a10:h5r a10:mrs", "a10 m0 0/1" },
	{ "moved code beside a statement that was executed", "a10:h5rs a10:mr", "a10 h5 1/1" },
	{ "it does count where the statement is not known", "a10:?rs a10:h5r", "a10 h5 1/1" },
	{ "a missed statement of another function says nothing of it", "a10:mrs / a10:h5r",
	  "a10 p5 1/2" },
	{ "nor one of another image", "a10:mrs // a10:h5r", "a10 p5 1/2" },
	{ "code that was missed, in another function", "a10:h5rs / a10:mr", "a10 h5 1/1" },
	{ "an end of the missed block in front was missed", "a10:h5rst", "a10 m0 0/1" },
	{ "it makes code alone count for nothing", "a10:h5rst a10:h3r", "a10 m0 0/1" },
	{ "it is a missed statement beside one that was hit", "a10:h5rst a10:h3rs", "a10 p3 1/2" },
	{ "a missed part of an inlined call", "a10:h5rs a10:ms", "a10 h5 1/1" },
	{ "an inlined call that was missed as a whole", "a10:ms a10:ms", "a10 m0 0/2" },
	{ "code and a missed part", "a10:h5 a10:m", "a10 h5 1/1" },
	{ "lines of a file", "a9:h1rs a10:mrs a11:?rs a12:h2rs",
	  "a9 h1 1/1, a10 m0 0/1, a12 h2 1/1" },
	{ "lines of two files", "a9:h1rs b9:mrs", "a9 h1 1/1, b9 m0 0/1" },
	{ "a file of which nothing is known", "a9:?rs b9:mrs", "b9 m0 0/1" },
	{ "the largest count there is", "a9:h18446744073709551615rs",
	  "a9 h18446744073709551615 1/1" },
};

static void make_files(struct draft_fixture *f)
{
	f->draft.file_points =
		calloc(intern_count(f->draft.paths) + 1, sizeof(*f->draft.file_points));
	assert_non_null(f->draft.file_points);
	assert_ok(coverage_make_files(&f->draft));
}

static void test_lines(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(line_cases) / sizeof(*line_cases); i++) {
		_cleanup_draft_fixture_ struct draft_fixture f;
		_cleanup_strbuf_ struct strbuf got = STRBUF_INIT;
		uint64_t hit = 0, found = 0;

		draft_fixture_init(&f, NULL, 0);
		parse_claims(&f, &f.draft.lines, line_cases[i].claims);
		make_files(&f);
		for (size_t n = 0; n < f.coverage.nr_files; n++) {
			add_file(&got, &f.coverage.files[n]);
			assert_true(f.coverage.files[n].nr_lines);
			hit += f.coverage.files[n].line_ratio.hit;
			found += f.coverage.files[n].line_ratio.found;
		}
		wrong += differs(line_cases[i].name, "lines", &got, line_cases[i].want);
		assert_int_equal(f.coverage.lines.hit, hit);
		assert_int_equal(f.coverage.lines.found, found);
	}
	assert_int_equal(wrong, 0);
}

/* Files are sorted by path, whatever the order of their ids. Each has the points of its own id. */
static void test_files(void **state)
{
	_cleanup_draft_fixture_ struct draft_fixture f;
	uint32_t id;

	(void)state;
	draft_fixture_init(&f, NULL, 0);
	assert_ok(intern_id(f.draft.paths, "/src/c.c", &id));
	assert_ok(intern_id(f.draft.paths, "/src/b.c", &id));
	parse_claims(&f, &f.draft.lines, "c1:h5rs c2:mrs a7:h1rs");
	f.draft.file_points = calloc(4, sizeof(*f.draft.file_points));
	f.draft.file_points[0] = (struct coverage_ratio){ 2, 3 };
	assert_ok(coverage_make_files(&f.draft));
	assert_int_equal(f.coverage.nr_files, 2);
	assert_string_equal(f.coverage.files[0].path, "/src/a.c");
	assert_string_equal(f.coverage.files[1].path, "/src/c.c");
	assert_int_equal(f.coverage.files[1].point_ratio.hit, 2);
	assert_int_equal(f.coverage.files[1].point_ratio.found, 3);
	assert_int_equal(f.coverage.files[1].line_ratio.hit, 1);
	assert_int_equal(f.coverage.files[1].line_ratio.found, 2);
	assert_int_equal(f.coverage.lines.hit, 2);
	assert_int_equal(f.coverage.lines.found, 3);
}

/* Functions are "f:a1": name, file, line. In their claims "-0:h5s" the 0 is the number of f. */
static const struct {
	const char *name;
	const char *functions, *claims;
	const char *want;
} function_cases[] = {
	{ "no functions", "", "", "" },
	{ "one without blocks is not found", "f:a1", "", "" },
	{ "one that was executed", "f:a1", "-0:h5s", "a:f 1 h5 1/1" },
	{ "one that was not", "f:a1", "-0:ms", "a:f 1 h0 0/1" },
	{ "in part, by the largest count", "f:a1", "-0:h5s -0:ms -0:h9s", "a:f 1 h9 2/3" },
	{ "no state of it is known", "f:a1", "-0:?s", "" },
	{ "code alone where a statement was missed", "f:a1", "-0:h5 -0:ms", "a:f 1 h0 0/1" },
	{ "each function that it is inlined into on its own", "f:a1", "-0:h5 / -0:ms",
	  "a:f 1 h5 1/2" },
	{ "an end of the missed block in front", "f:a1", "-0:h5st", "a:f 1 h0 0/1" },
	{ "by line, then by name", "z:a1 b:a7 a:a1 y:a3", "-0:h1s -1:h2s -2:h3s -3:h4s",
	  "a:a 1 h3 1/1, a:z 1 h1 1/1, a:y 3 h4 1/1, a:b 7 h2 1/1" },
	{ "of two files", "f:b1 g:a2", "-0:h1s -1:ms", "a:g 2 h0 0/1, b:f 1 h1 1/1" },
	{ "two of one name", "f:a1 f:a2", "-0:h1s -1:ms", "a:f 1 h1 1/1, a:f 2 h0 0/1" },
};

static void add_functions(struct draft_fixture *f, const char *text)
{
	struct draft_function function = { 0 };
	char path[] = "/src/a.c", name[16], file;
	int len;

	for (; sscanf(text, " %15[^:]:%c%u%n", name, &file, &function.line, &len) == 3;
	     text += len) {
		path[5] = file;
		assert_ok(intern_id(f->draft.paths, path, &function.file));
		assert_ok(intern_id(f->draft.names, name, &function.name));
		assert_non_null(draft_function_vector_append(&f->draft.functions, &function));
	}
}

static void test_functions(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(function_cases) / sizeof(*function_cases); i++) {
		_cleanup_draft_fixture_ struct draft_fixture f;
		_cleanup_strbuf_ struct strbuf got = STRBUF_INIT;
		uint64_t hit = 0, found = 0;

		draft_fixture_init(&f, NULL, 0);
		add_functions(&f, function_cases[i].functions);
		parse_claims(&f, &f.draft.calls, function_cases[i].claims);
		make_files(&f);
		for (size_t n = 0; n < f.coverage.nr_files; n++) {
			const struct coverage_file *file = &f.coverage.files[n];

			for (size_t k = 0; k < file->nr_functions; k++) {
				const struct coverage_function *c = &file->functions[k];

				strbuf_addf(&got, "%s%c:%s %u h%" PRIu64 " %" PRIu64 "/%" PRIu64,
					    got.len ? ", " : "", file->path[5], c->name, c->line,
					    c->count, c->blocks.hit, c->blocks.found);
				hit += c->count > 0;
				found++;
			}
		}
		wrong += differs(function_cases[i].name, "functions", &got, function_cases[i].want);
		assert_int_equal(f.coverage.functions.hit, hit);
		assert_int_equal(f.coverage.functions.found, found);
	}
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_functions),
	};

	return cmocka_run_group_tests_name("lines", tests, NULL, NULL);
}
