// SPDX-License-Identifier: GPL-2.0-or-later
/* Blocks that are not what index_validate() promises are refused: one number is wrong each time. */
#include "symbolize/index/tests/index_text.h"
#include "symbolize/tests/read_everything.h"

#define NONE INDEX_NONE

/*
 * Five blocks in two groups: the first one has a branch, and a block after the one of the second
 * group. g was inlined into f. Something is in each array.
 */
static const struct index_text good = {
	.blocks = "1 ib > 1 2; 0,3 > 2; 1 r; 1 @64+16 s1 ir; 1 @96+16 ir",
	.rows = "0:a1s 16:b2 32:-0 64:b5se 72:b6s",
	.spans = "0-48:0 16-32:1@b5 64-80:1",
	.functions = "f:a1b g:b5b",
	.symbols = "f@0+48 g@64+16=3",
	.sections = ".text@0+128 .init.text@128+16u",
	.calls = "8+5>1 16+2*",
	.tail_calls = "20>1 70>0",
	.handoffs = "8>1:3 72>0:0",
};

/* A copy of the block of the text above. */
struct copy {
	struct index_header *header;
	unsigned char *block;
};

static struct copy make_copy(void)
{
	_cleanup_index_ struct index *index = text_index(&good, NULL);
	unsigned char *block = malloc(index->header->size);

	assert_non_null(block);
	memcpy(block, index->block, index->header->size);
	return (struct copy){ (struct index_header *)block, block };
}

static void test_whole(void **state)
{
	const struct index_text nothing = { .symbols = "", .sections = "" };
	_cleanup_index_ struct index *full = text_index(&good, NULL);
	_cleanup_index_ struct index *empty = text_index(&nothing, NULL);
	const char *what;

	(void)state;
	assert_int_equal(index_validate(full->block, full->header->size, &what), INDEX_VALID);
	assert_int_equal(index_validate(empty->block, empty->header->size, &what), INDEX_VALID);
}

/* Put a value into a 32-bit field of an element. Is the block then still valid? */
static const struct {
	enum index_array array;
	uint32_t element, at, value;
	bool is_valid;
} numbers[] = {
#define IN(type, member) offsetof(struct index_##type, member)
	{ INDEX_POINTS, 1, IN(point, offset), 100, false }, /* not ascending */
	{ INDEX_POINTS, 5, IN(point, offset), NONE, true },
	{ INDEX_FUNCTIONS, 1, IN(function, name), NONE, false },
	{ INDEX_FUNCTIONS, 1, IN(function, name), 0, true },
	{ INDEX_FUNCTIONS, 1, IN(function, file), 3, false },
	{ INDEX_FILES, 2, IN(file, path), 1000, false },
	{ INDEX_FILES, 3, IN(file, path), 1000, false },
	{ INDEX_FILES, 3, IN(file, first_line), 1, false },   /* less than that of the last file */
	{ INDEX_FILES, 3, IN(file, first_line), 100, false }, /* more lines than bytes */
	{ INDEX_FILES, 1, IN(file, first_line), 100, false },
	{ INDEX_FILES, 1, IN(file, lines), 1000, false },
	{ INDEX_FILES, 1, IN(file, first_function), 3, false },
	{ INDEX_FILES, 1, IN(file, first_branch), 3, false },
	{ INDEX_SECTIONS, 1, IN(section, name), 1000, false },
	{ INDEX_SECTIONS, 0, IN(section, offset), 129, false },
	{ INDEX_SYMBOLS, 0, IN(symbol, name), 1000, false },
	{ INDEX_SYMBOLS, 0, IN(symbol, offset), 65, false },
	{ INDEX_SYMBOLS, 1, IN(symbol, tail_point), 6, false },
	{ INDEX_SYMBOLS, 1, IN(symbol, tail_point), NONE, true },
	{ INDEX_CALLS, 0, IN(call, target), 2, false },
	{ INDEX_CALLS, 1, IN(call, offset), 7, false },
	{ INDEX_TAIL_CALLS, 0, IN(tail_call, target), 2, false },
	{ INDEX_TAIL_CALLS, 0, IN(tail_call, target), NONE, false },
	{ INDEX_TAIL_CALLS, 1, IN(tail_call, offset), 19, false },
	{ INDEX_HANDOFFS, 0, IN(handoff, symbol), 2, false },
	{ INDEX_HANDOFFS, 0, IN(handoff, symbol), NONE, false },
	{ INDEX_HANDOFFS, 1, IN(handoff, offset), 7, false },
	{ INDEX_HANDOFFS, 1, IN(handoff, kind), 1000, true }, /* coverage leaves it out */
	{ INDEX_BLOCKS, 1, IN(block, offset), 33, true },     /* found by extents */
	{ INDEX_BLOCKS, 1, IN(block, symbol), 2, false },
	{ INDEX_BLOCKS, 1, IN(block, symbol), NONE, true },
	{ INDEX_BLOCKS, 2, IN(block, first_edge), 4, false },
	{ INDEX_BLOCKS, 2, IN(block, first_edge), 1, false },
	{ INDEX_BLOCKS, 1, IN(block, first_edge), 1, false }, /* a branch with one way */
	{ INDEX_BLOCKS, 0, IN(block, first_edge), 1, false },
	{ INDEX_BLOCKS, 0, IN(block, offset) + 4, 16, false }, /* a branch that is none */
	{ INDEX_EXTENTS, 0, IN(extent, offset), 65, false },
	{ INDEX_EXTENTS, 0, IN(extent, nr_blocks), 6, false },
	{ INDEX_EXTENTS, 0, IN(extent, first_block), 6, false },
	{ INDEX_EDGES, 0, 0, 5, false },
	{ INDEX_EDGES, 0, 0, 4, false }, /* into the other group */
	{ INDEX_EDGES, 2, 0, NONE, false },
	{ INDEX_GROUPS, 0, IN(group, first_block), 1, false },
	{ INDEX_GROUPS, 1, IN(group, first_block), 6, false },
	{ INDEX_GROUPS, 1, IN(group, first_block), 2, false }, /* an edge leaves it */
	{ INDEX_GROUPS, 2, IN(group, first_block), 4, false },
	{ INDEX_GROUPS, 1, IN(group, line_owners), 1000, false },
	{ INDEX_GROUPS, 0, IN(group, function_owners), 1000, false },
	{ INDEX_BRANCHES, 0, IN(branch, line), 100, false },
	{ INDEX_BRANCHES, 0, IN(branch, block), 5, false },
	{ INDEX_BRANCHES, 0, IN(branch, block), 2, false },
	{ INDEX_ENTRY_LINES, 0, IN(entry_line, function), 2, false },
	{ INDEX_ENTRY_LINES, 0, IN(entry_line, line), 100, false },
	{ INDEX_PLACE_CHUNKS, 0, IN(place_chunk, start), 1000, false },
	{ INDEX_PLACE_CHUNKS, 0, IN(place_chunk, offset), 0, true },
#undef IN
};

static void test_numbers(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		struct copy c = make_copy();
		const struct index_array_header *a = &c.header->arrays[numbers[i].array];
		const char *what;

		if (numbers[i].element >= a->nr)
			fail_msg("case %zu: there are %u", i, a->nr);
		memcpy(c.block + a->offset + (size_t)numbers[i].element * a->size + numbers[i].at,
		       &numbers[i].value, sizeof(numbers[i].value));
		bool is_valid = index_validate(c.block, c.header->size, &what) == INDEX_VALID;
		if (is_valid != numbers[i].is_valid) {
			print_error("case %zu: array %d, element %u\n", i, numbers[i].array,
				    numbers[i].element);
			wrong++;
		}
		free(c.block);
	}
	assert_int_equal(wrong, 0);
}

/* Every array of the directory, with every member wrong. */
static void test_directory(void **state)
{
	(void)state;
	for (enum index_array i = 0; i < INDEX_ARRAYS; i++) {
		for (int wrong = 0; wrong < 7; wrong++) {
			struct copy c = make_copy();
			struct index_array_header *a = &c.header->arrays[i];
			const char *what;

			a->nr = wrong == 0 ? UINT32_MAX : a->nr;
			a->size += wrong == 1 ? 4 : 0;
			a->offset += wrong == 2 ? 4 : 0;
			a->offset = wrong == 3 ? 8 : a->offset;
			a->offset = wrong == 4 ? (uint64_t)-8 : a->offset;
			a->offset = wrong == 5 ? c.header->size + 8 : a->offset;
			a->size = wrong == 6 ? 0 : a->size;
			if (index_validate(c.block, c.header->size, &what) != INDEX_DAMAGED)
				fail_msg("array %d, case %d", i, wrong);
			free(c.block);
		}
	}
}

static void test_header(void **state)
{
	struct copy c = make_copy();
	size_t size = c.header->size;
	const char *what;

	(void)state;
	for (size_t cut = 0; cut < size; cut++)
		assert_int_equal(index_validate(c.block, cut, &what), INDEX_DAMAGED);
	assert_int_equal(index_validate(c.block, size, &what), INDEX_VALID);
	c.header->version++;
	assert_int_equal(index_validate(c.block, size, &what), INDEX_OTHER_VERSION);
	c.header->version--;
	c.header->magic ^= 1;
	assert_int_equal(index_validate(c.block, size, &what), INDEX_DAMAGED);
	c.header->magic ^= 1;
	c.header->is_module = 2;
	assert_int_equal(index_validate(c.block, size, &what), INDEX_DAMAGED);
	c.header->is_module = 0;
	c.header->build_id.size = BUILD_ID_MAX + 1;
	assert_int_equal(index_validate(c.block, size, &what), INDEX_DAMAGED);
	free(c.block);
}

/* The first string is "", and the last one ends. */
static void test_strings(void **state)
{
	struct copy c = make_copy();
	const struct index_array_header *a = &c.header->arrays[INDEX_STRINGS];
	unsigned char *strings = c.block + a->offset;
	const char *what;

	(void)state;
	strings[0] = 'x';
	assert_int_equal(index_validate(c.block, c.header->size, &what), INDEX_DAMAGED);
	strings[0] = '\0';
	strings[a->nr - 1] = 'x';
	assert_int_equal(index_validate(c.block, c.header->size, &what), INDEX_DAMAGED);
	assert_string_equal(what, "strings");
	free(c.block);
}

static uint32_t next_random(uint32_t *state)
{
	/* xorshift32 */
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* Put up to four numbers into the arrays, wherever. True if the block is still valid. */
static bool damage(const struct copy *c, uint32_t *random)
{
	static const uint32_t values[] = { 0, 1, 2, 3, 4, 16, 48, 64, 0x7fffffff, NONE - 1, NONE };
	const size_t words = (c->header->size - sizeof(*c->header)) / sizeof(uint32_t);
	const char *what;

	for (uint32_t n = next_random(random) % 4 + 1; n; n--) {
		uint32_t value = values[next_random(random) % (sizeof(values) / sizeof(*values))];
		size_t at = next_random(random) % words;

		memcpy(c->block + sizeof(*c->header) + at * sizeof(value), &value, sizeof(value));
	}
	return index_validate(c->block, c->header->size, &what) == INDEX_VALID;
}

/* Whatever is valid does no harm to those who read it. */
static void test_readers(void **state)
{
	uint32_t random = 20261129, valid = 0;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct copy c = make_copy();

		if (!damage(&c, &random)) {
			free(c.block);
			continue;
		}
		_cleanup_index_ struct index *index = NULL;
		assert_ok(index_create(c.block, c.block, 0, "image", &index));
		error_destroy(cover_everything(index));
		for (uint32_t offset = 0; offset < 100; offset++) {
			index_find_symbol(index, offset);
			index_find_block(index, offset);
		}
		valid++;
	}
	assert_true(valid > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),	  cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_directory), cmocka_unit_test(test_header),
		cmocka_unit_test(test_strings),	  cmocka_unit_test(test_readers),
	};

	return cmocka_run_group_tests_name("validate", tests, NULL, NULL);
}
