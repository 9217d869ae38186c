// SPDX-License-Identifier: GPL-2.0-or-later
/* The symbols of an image, and the symbol whose code contains an address. */
#include "symbolize/image/tests/elf_text.h"

/* .text (1) has 64 bytes at 0, .exit.text (2) 32 at 64, .data (3) follows. */
#define SECTIONS ".text:x16+64 .exit.text:x16+32 .data:d8+32"

/* "NAME@ADDRESS+SIZE", then n: not a function, x: external, g: strong global, r: replaceable. */
static const struct {
	const char *name;
	const char *symbols;
	const char *want;
} tables[] = {
	{ "a function", "f@1+0:16", "f@0+16g" },
	{ "of the next section", "f@2+4:16", "f@68+16g" },
	{ "by address", "g@1+16:8 f@1+0:8", "f@0+8g g@16+8g" },
	{ "a local one", "f@1+0:16l", "f@0+16" },
	{ "a weak one", "f@1+0:16w", "f@0+16r" },
	{ "one that is chosen when it is linked", "f@1+0:16i", "f@0+16r" },
	{ "a label", "f@1+0:16 l@1+4:0nl", "f@0+16g l@4+0n" },
	{ "an object in code", "f@1+0:16 o@1+4:8o", "f@0+16g" },
	{ "data", "f@1+0:16 d@3+0:8", "f@0+16g" },
	{ "an absolute symbol", "f@1+0:16 a@a+4:8", "f@0+16g" },
	{ "of a section that is not there", "f@1+0:16 a@200+4:8", "f@0+16g" },
	{ "of a section whose number is elsewhere, but is not", "f@1+0:16 a@65535+4:8", "f@0+16g" },
	{ "without a name", "f@1+0:16 -@1+4:8", "f@0+16g" },
	{ "what is taken from elsewhere", "f@1+0:16 x@u+0:0n", "f@0+16g x@192+0xg" },
	{ "larger than its section", "f@2+4:100", "f@68+28g" },
	{ "as large as it can be", "f@2+0:32", "f@64+32g" },
	{ "behind the end of its section: the next one's", "f@1+0:4 g@1+68:4", "f@0+4g g@68+4g" },
	{ "behind all code", "f@1+0:4 g@2+32:4", "f@0+4g" },
	{ "two functions at one place: the global one", "a@1+0:8l b@1+0:8", "b@0+8g a@0+8" },
	{ "then the weak one", "a@1+0:8l b@1+0:8w", "b@0+8r a@0+8" },
	{ "a function before a label, global or not", "a@1+0:0n b@1+0:8l", "b@0+8 a@0+0ng" },
	{ "then the one with fewer underscores", "__a@1+0:8 _b@1+0:8 c@1+0:8",
	  "c@0+8g _b@0+8g __a@0+8g" },
	{ "more than fifteen are alike: by name",
	  "_________________a@1+0:8 ________________b@1+0:8",
	  "_________________a@0+8g ________________b@0+8g" },
	{ "then by name", "b@1+0:8 a@1+0:8", "a@0+8g b@0+8g" },
};

static void add_symbols(struct strbuf *text, const struct image *image)
{
	size_t nr;
	const struct image_symbol *s = image_symbols(image, &nr);

	for (size_t i = 0; i < nr; i++)
		strbuf_addf(text, "%s%s@%" PRIu64 "+%" PRIu64 "%s%s%s%s", i ? " " : "", s[i].name,
			    s[i].address, s[i].size, s[i].is_function ? "" : "n",
			    s[i].is_external ? "x" : "", s[i].is_global ? "g" : "",
			    s[i].is_replaceable ? "r" : "");
}

static void test_tables(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		const struct elf_text text = { .sections = SECTIONS, .symbols = tables[i].symbols };
		_cleanup_image_ struct image *image = elf_text_image(&text);
		_cleanup_strbuf_ struct strbuf got = STRBUF_INIT;

		add_symbols(&got, image);
		if (!strcmp(strbuf_str(&got), tables[i].want))
			continue;
		print_error("%s: \"%s\", not \"%s\"\n", tables[i].name, strbuf_str(&got),
			    tables[i].want);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

static const char *symbol_at(const struct image *image, uint64_t address)
{
	size_t symbol, nr;

	return image_find_symbol(image, address, &symbol) ? image_symbols(image, &nr)[symbol].name
							  : "-";
}

static const struct {
	const char *name;
	const char *symbols;
	uint64_t address;
	const char *want;
} places[] = {
	{ "the first byte of a function", "f@1+8:8", 8, "f" },
	{ "the last byte", "f@1+8:8", 15, "f" },
	{ "behind it", "f@1+8:8", 16, "-" },
	{ "before it", "f@1+8:8", 7, "-" },
	{ "a function of no size has its first byte", "f@1+8:0", 8, "f" },
	{ "and what follows, as a label has", "f@1+8:0", 20, "f" },
	{ "up to the end of its section", "f@1+8:0", 63, "f" },
	{ "not the next section", "f@1+8:0", 64, "-" },
	{ "nor what is behind all code", "f@2+8:0", 96, "-" },
	{ "a label has what follows", "l@1+8:0n", 20, "l" },
	{ "a label ends at a function", "l@1+0:0n f@1+8:8", 8, "f" },
	{ "and begins again behind it", "l@1+0:0n f@1+8:8", 16, "l" },
	{ "the nearest of two labels", "l@1+0:0n m@1+4:0n", 20, "m" },
	{ "a label within a function does not hide it", "f@1+0:32 l@1+4:0n", 8, "f" },
	{ "nor where it stands", "f@1+0:32 l@1+4:0n", 4, "f" },
	{ "behind the function it does", "f@1+0:32 l@1+4:0n", 40, "l" },
	{ "a function within another", "f@1+0:32 g@1+8:8", 9, "g" },
	{ "behind the inner one it is the outer one", "f@1+0:32 g@1+8:8", 20, "f" },
	{ "a function of no size within another, at its place", "f@1+0:32 g@1+8:0", 8, "g" },
	{ "behind that it is the outer one", "f@1+0:32 g@1+8:0", 9, "f" },
	{ "a label with a size", "l@1+8:8n", 12, "l" },
	{ "a label with a size ends", "l@1+8:8n", 16, "-" },
	{ "of several names the first in rank", "_f@1+0:8 f@1+0:8", 4, "f" },
	{ "the smaller of two at one place, behind its end: the first's size counts",
	  "a@1+0:4 b@1+0:8", 6, "-" },
	{ "the last address of all", "f@1+8:8", UINT64_MAX, "-" },
	{ "an external symbol, where it is called", "x@u+0:0n", 176, "x" },
	{ "not what follows it", "x@u+0:0n", 177, "-" },
};

static void test_places(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		const struct elf_text text = { .sections = SECTIONS, .symbols = places[i].symbols };
		_cleanup_image_ struct image *image = elf_text_image(&text);

		if (!strcmp(symbol_at(image, places[i].address), places[i].want))
			continue;
		print_error("%s: %s, not %s\n", places[i].name, symbol_at(image, places[i].address),
			    places[i].want);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

/* One-byte functions within one that spans all of them: the search goes 64 symbols back. */
static const char *behind_inner(unsigned int nr)
{
	_cleanup_strbuf_ struct strbuf symbols = STRBUF_INIT;
	_cleanup_image_ struct image *image = NULL;

	strbuf_addstr(&symbols, "outer@1+0:500");
	for (unsigned int i = 0; i < nr; i++)
		strbuf_addf(&symbols, " f%u@1+%u:1", i, 4 * (i + 1));
	const struct elf_text text = { .sections = ".text:x16+512",
				       .symbols = strbuf_str(&symbols) };
	image = elf_text_image(&text);
	return strcmp(symbol_at(image, 4 * nr + 2), "outer") ? "-" : "outer";
}

static void test_nesting(void **state)
{
	(void)state;
	assert_string_equal(behind_inner(0), "outer");
	assert_string_equal(behind_inner(63), "outer");
	assert_string_equal(behind_inner(64), "-");
}

static void test_no_symbols(void **state)
{
	const struct elf_text text = { .sections = SECTIONS, .symbols = "d@3+0:8 o@1+0:8o" };
	_cleanup_image_ struct image *image = NULL;
	_cleanup_error_ struct error *err = elf_text_open(&text, &image);

	(void)state;
	assert_non_null(err);
	assert_int_equal(err->code, ERROR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_nesting),
		cmocka_unit_test(test_no_symbols),
	};

	return cmocka_run_group_tests_name("elf_symbols", tests, NULL, NULL);
}
