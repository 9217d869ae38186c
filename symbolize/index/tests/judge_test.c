// SPDX-License-Identifier: GPL-2.0-or-later
/* Verdicts on a line from claims. Claims are text. */
#include "symbolize/index/judge.h"

#include "symbolize/index/tests/inference_text.h"

DEFINE_VECTOR(claim_vector, struct claim);

/*
 * A claim is STATE KINDS, as in "h5rs": h5 hit five times, m missed, ? not known; r is CLAIM_ROW, s
 * CLAIM_STMT, t CLAIM_TAIL.
 */
static struct claim parse_claim(const char *word)
{
	struct claim claim = { 0 };

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

/* All claims are of one function of one image; '/' begins the next function, or image. */
static struct verdict judge_text(const char *text)
{
	_cleanup_free_ char *copy = strdup(text);
	struct claim_vector claims = VECTOR_INIT;
	struct verdict verdict = { 0 };
	char *rest = copy;

	for (char *word; (word = strsep(&rest, " "));) {
		if (!strcmp(word, "/")) {
			judge_claims(&verdict, claims.data, claims.len);
			claims.len = 0;
		} else if (*word) {
			const struct claim claim = parse_claim(word);

			assert_non_null(claim_vector_append(&claims, &claim));
		}
	}
	judge_claims(&verdict, claims.data, claims.len);
	claim_vector_deinit(&claims);
	verdict_finish(&verdict);
	return verdict;
}

/* "h5 2/3": state, count, blocks hit and found. p is partial, m is missed, nothing is known. */
static void add_verdict(struct strbuf *text, const struct verdict *v)
{
	if (v->found)
		strbuf_addf(text, "%c%" PRIu64 " %" PRIu64 "/%" PRIu64,
			    v->hit == v->found ? 'h'
			    : v->hit	       ? 'p'
					       : 'm',
			    v->count, v->hit, v->found);
}

static const struct {
	const char *name;
	const char *claims;
	const char *want;
} line_cases[] = {
	{ "no claims", "", "" },
	{ "a statement that was executed", "h5rs", "h5 1/1" },
	{ "one that was not", "mrs", "m0 0/1" },
	{ "one of which nothing is known", "?rs", "" },
	{ "code alone that was executed", "h5r", "h5 1/1" },
	{ "code alone that was not", "mr", "m0 0/1" },
	{ "the largest count", "h5rs h9rs h2rs", "h9 3/3" },
	{ "statements of two blocks, one missed", "h5rs mrs", "p5 1/2" },
	{ "what is not known does not count", "h5rs ?rs", "h5 1/1" },
	{ "moved code is no sign where the statement was missed", "mrs h5r", "m0 0/1" },
	{ "in whatever order", "h5r mrs", "m0 0/1" },
	{ "moved code beside a statement that was executed", "h5rs mr", "h5 1/1" },
	{ "it does count where the statement is not known", "?rs h5r", "h5 1/1" },
	{ "a missed statement of another function says nothing of it", "mrs / h5r", "p5 1/2" },
	{ "nor one of another image", "mrs / h5r", "p5 1/2" },
	{ "code that was missed, in another function", "h5rs / mr", "h5 1/1" },
	{ "an end of the missed block in front was missed", "h5rst", "m0 0/1" },
	{ "it makes code alone count for nothing", "h5rst h3r", "m0 0/1" },
	{ "it is a missed statement beside one that was hit", "h5rst h3rs", "p3 1/2" },
	{ "a missed part of an inlined call", "h5rs ms", "h5 1/1" },
	{ "an inlined call that was missed as a whole", "ms ms", "m0 0/2" },
	{ "code and a missed part", "h5 m", "h5 1/1" },
	{ "counts of two functions add up", "h5rs h9rs / h2rs / mrs", "p11 3/4" },
	{ "they do not overflow", "h18446744073709551615rs / h2rs", "h18446744073709551615 2/2" },
	{ "the largest count there is", "h18446744073709551615rs", "h18446744073709551615 1/1" },
};

static void test_verdicts(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(line_cases) / sizeof(*line_cases); i++) {
		_cleanup_strbuf_ struct strbuf got = STRBUF_INIT;
		struct verdict verdict = judge_text(line_cases[i].claims);

		add_verdict(&got, &verdict);
		wrong += differs(line_cases[i].name, "verdict", &got, line_cases[i].want);
	}
	assert_int_equal(wrong, 0);
}

/* Owners are letters: Always, Row, Stmt, stmt unless Missed, stmt if Hit, Tail. */
static const struct {
	const char *name;
	const char *owner;
	const char *states; /* of the block in front and of the block */
	const char *want;   /* CLAIM_*, as above; NULL = no claim */
} owner_cases[] = {
	{ "only code of the line", "AR", "mh", "r" },
	{ "missed code", "AR", "hm", "r" },
	{ "a statement", "ARS", "mh", "rs" },
	{ "a statement of which nothing is known", "ARS", "m?", "rs" },
	{ "the line of the jump to the block: hit", "ARM", "hh", "rs" },
	{ "it was missed: the jump may have gone the other way", "ARM", "hm", "r" },
	{ "it is not known", "ARM", "h?", "rs" },
	{ "all code of a hit block", "AH", "mh", "s" },
	{ "no code of a missed one", "AH", "hm", "" },
	{ "a return, hit", "H", "mh", "s" },
	{ "a return, missed: there are other ways", "H", "hm", NULL },
	{ "a return of which nothing is known", "H", "h?", NULL },
	{ "hit by those who jump there", "ARST", "mh", "rst" },
	{ "the block in front was hit, too", "ARST", "hh", "rs" },
	{ "it is not known whether it was", "ARST", "?h", "rs" },
	{ "the tail was missed itself", "ARST", "mm", "rs" },
};

static enum block_state parse_state(char letter)
{
	return letter == 'h' ? BLOCK_HIT : letter == 'm' ? BLOCK_MISSED : BLOCK_UNKNOWN;
}

static void test_owners(void **state)
{
	static const uint32_t flags[] = { INDEX_OWNER_ALWAYS,	   INDEX_OWNER_ROW,
					  INDEX_OWNER_STMT,	   INDEX_OWNER_STMT_UNLESS_MISSED,
					  INDEX_OWNER_STMT_IF_HIT, INDEX_OWNER_TAIL };
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(owner_cases) / sizeof(*owner_cases); i++) {
		const struct inferred_block blocks[] = {
			{ .state = parse_state(owner_cases[i].states[0]) },
			{ .state = parse_state(owner_cases[i].states[1]), .count = 7 },
		};
		const struct index_owner owner = { 1, text_flags(owner_cases[i].owner, "ARSMHT",
								 flags) };
		_cleanup_strbuf_ struct strbuf got = STRBUF_INIT;
		struct claim claim;

		if (!judge_owner(blocks, owner, &claim)) {
			wrong += owner_cases[i].want != NULL;
			continue;
		}
		strbuf_addf(&got, "%s%s%s", claim.kinds & CLAIM_ROW ? "r" : "",
			    claim.kinds & CLAIM_STMT ? "s" : "",
			    claim.kinds & CLAIM_TAIL ? "t" : "");
		wrong += differs(owner_cases[i].name, "claim", &got,
				 owner_cases[i].want ? owner_cases[i].want : "none");
		assert_int_equal(claim.state, blocks[1].state);
		assert_int_equal(claim.count, 7);
	}
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_owners),
	};

	return cmocka_run_group_tests_name("judge", tests, NULL, NULL);
}
