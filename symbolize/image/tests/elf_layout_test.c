// SPDX-License-Identifier: GPL-2.0-or-later
/* The addresses of sections, and their bytes after relocation. */
#include "symbolize/image/tests/elf_text.h"

/* Executable sections: "NAME@ADDRESS", then 'u' if the run-time address is not known. */
static const struct {
	const char *name;
	const char *sections;
	const char *want;
} layouts[] = {
	{ "one section", ".text:x16+32", ".text@0" },
	{ "code follows code, aligned", ".text:x16+33 .exit.text:x16+8", ".text@0 .exit.text@48" },
	{ "no alignment", ".text:x0+33 .exit.text:x0+8", ".text@0 .exit.text@33" },
	{ "alignment 1", ".text:x16+33 .text.unlikely:x1+8", ".text@0 .text.unlikely@33" },
	{ "data comes after all code", ".data:d8+64 .text:x16+32", ".text@0" },
	{ "init code is away", ".text:x16+32 .init.text:x16+8 .exit.text:x16+8",
	  ".text@0 .exit.text@32 .init.text@48u" },
	{ "what begins like .init is, too", ".text:x16+32 .init.other:x16+8",
	  ".text@0 .init.other@32u" },
	{ "a name within which it stands is not", ".text:x16+32 .text.init:x16+8",
	  ".text@0 .text.init@32" },
	{ "init code in front of .text", ".init.text:x16+8 .text:x16+32",
	  ".text@0 .init.text@32u" },
	{ "code in front of .text goes behind", ".first:x16+8 .text:x16+32 .last:x16+8",
	  ".text@0 .last@32 .first@48u" },
	{ "two in front of it", ".a:x16+8 .b:x16+8 .text:x16+32", ".text@0 .a@32u .b@48u" },
	{ "and init code after these", ".a:x16+8 .text:x16+32 .init.text:x16+8",
	  ".text@0 .a@32u .init.text@48u" },
	{ "no .text", ".other:x16+8 .more:x16+8", ".other@0 .more@16" },
	{ "init code alone", ".init.text:x16+8", ".init.text@0u" },
	{ "the second .text is one like others", ".text:x16+8 .text:x16+8", ".text@0 .text@16" },
	{ "empty code is none", ".text:x16+0 .exit.text:x16+8", ".exit.text@0" },
	{ "code without bytes is none, and takes its room",
	  ".text:x16+16 .gap:xb16+100 .exit.text:x16+8", ".text@0 .exit.text@128" },
	{ "what is not loaded takes no room", ".note:n1+100 .text:x16+32", ".text@0" },
};

static void add_sections(struct strbuf *text, const struct image *image)
{
	size_t nr;
	const struct image_section *s = image_sections(image, &nr);

	for (size_t i = 0; i < nr; i++)
		strbuf_addf(text, "%s%s@%" PRIu64 "%s", i ? " " : "", s[i].name, s[i].address,
			    s[i].is_known ? "" : "u");
}

static void test_layout(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(layouts) / sizeof(*layouts); i++) {
		const struct elf_text text = { .sections = layouts[i].sections,
					       .symbols = "taken@u+0:0n" };
		_cleanup_image_ struct image *image = elf_text_image(&text);
		_cleanup_strbuf_ struct strbuf got = STRBUF_INIT;

		add_sections(&got, image);
		if (strcmp(strbuf_str(&got), layouts[i].want))
			fail_msg("%s: \"%s\", not \"%s\"", layouts[i].name, strbuf_str(&got),
				 layouts[i].want);
	}
}

/* A file that is not relocatable has its own addresses. */
static void test_addresses(void **state)
{
	const struct elf_text text = {
		.sections = ".init.text:x16+8@8192 .text:x16+32@4096 .data:d8+8@16384",
		.symbols = "f@2+4096:8",
		.is_executable = true,
	};
	_cleanup_image_ struct image *image = elf_text_image(&text);
	_cleanup_strbuf_ struct strbuf got = STRBUF_INIT;

	(void)state;
	add_sections(&got, image);
	assert_string_equal(strbuf_str(&got), ".text@4096 .init.text@8192");
	assert_false(image_is_module(image));
}

static void test_impossible(void **state)
{
	static const struct {
		const char *name;
		const char *sections;
		bool is_executable;
		const char *want; /* NULL = it opens */
	} cases[] = {
		{ "half of all addresses", ".text:x16+32 .bss:db1+2147483647", false,
		  "impossible size" },
		{ "all but what is there", ".text:x16+32 .bss:db1+2147483616", false, NULL },
		{ "a byte more", ".text:x16+32 .bss:db1+2147483617", false, "impossible size" },
		{ "more than any", ".text:x16+32 .bss:db1+18446744073709551615", false,
		  "impossible size" },
		{ "together too much", ".text:x16+32 .a:db1+1500000000 .b:db1+1500000000", false,
		  "impossible size" },
		{ "aligned out of reach", ".text:x4294967296+32", false, "impossible size" },
		{ "aligned behind the end", ".text:x16+32 .a:x2147483648+8", false,
		  "impossible size" },
		{ "code without bytes, too large", ".text:x16+32 .a:xb1+2147483648", false,
		  "impossible size" },
		{ "code that overlaps", ".text:x16+32@4096 .a:x16+8@4112", true,
		  "overlapping sections '.a'" },
		{ "code side by side", ".text:x16+32@4096 .a:x16+8@4128", true, NULL },
		{ "code round the end of all addresses", ".text:x16+32@18446744073709551600", true,
		  "broken section '.text'" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct elf_text text = { .sections = cases[i].sections,
					       .symbols = cases[i].is_executable ? "f@1+4096:8"
										 : "f@1+0:8",
					       .is_executable = cases[i].is_executable };
		_cleanup_image_ struct image *image = NULL;
		_cleanup_error_ struct error *err = elf_text_open(&text, &image);

		if (!err != !cases[i].want ||
		    (err && (err->code != ERROR_FORMAT || !strstr(err->message, cases[i].want))))
			fail_msg("%s: %s", cases[i].name, err ? err->message : "it opens");
	}
}

/*
 * .text (1) is at 0 with 32 bytes, .exit.text (2) at 32, .data (3) after them. Symbols: 1 "f" at
 * 16 of .text, 2 "g" at 4 of .exit.text, 3 "taken" undefined, 4 "fixed" at 0x1234.
 */
static const struct {
	const char *name;
	const char *relocations;
	const char *want; /* bytes of .text from 0, or the beginning of an error */
} relocations[] = {
	{ "none", "", "90 90 90 90 90 90 90 90" },
	{ "a call within a section", "1+1=4>1-4", "90 0b 00 00 00 90 90 90" },
	{ "a call of another section", "1+1=4>2-4", "90 1f 00 00 00 90 90 90" },
	{ "back", "1+4=2>1-24", "90 90 90 90 f4 ff ff ff" },
	{ "an address", "1+0=1>2+0", "24 00 00 00 00 00 00 00" },
	{ "an absolute symbol", "1+0=10>4+1", "35 12 00 00 90 90 90 90" },
	{ "no symbol: 0", "1+0=10>0+7", "07 00 00 00 90 90 90 90" },
	{ "a symbol that is not there: 0", "1+0=10>77+7", "07 00 00 00 90 90 90 90" },
	{ "two of one section", "1+0=10>1+0 1+4=10>2+0", "10 00 00 00 24 00 00 00" },
	{ "an unknown type in code", "1+0=9>1+0", "90 90 90 90 90 90 90 90" },
	{ "of data: not needed", "3+0=10>1+0", "90 90 90 90 90 90 90 90" },
	{ "of data, broken: not needed", "3+1000=10>1+0", "90 90 90 90 90 90 90 90" },
	{ "of no section", "0+0=10>1+0", "90 90 90 90 90 90 90 90" },
	{ "of a section that is not there", "99+0=10>1+0", "90 90 90 90 90 90 90 90" },
	{ "behind the end", "1+29=10>1+0", "'elf' has a broken relocation of type 10" },
	{ "the last bytes", "1+28=10>1+0", "90 90 90 90 90 90 90 90" },
	{ "an unknown type in debug info", "5+0=9>1+0", "'elf' has a broken relocation of type 9" },
	{ "debug info", "5+0=10>1+0", "90 90 90 90 90 90 90 90" },
	{ "a table, behind its end", "4+1000=10>1+0", "90 90 90 90 90 90 90 90" },
	{ "a table, an unknown type", "4+0=9>1+0", "90 90 90 90 90 90 90 90" },
};

static void test_relocations(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(relocations) / sizeof(*relocations); i++) {
		const struct elf_text text = {
			.sections = ".text:x16+32 .exit.text:x16+8 .data:d8+16 __ex_table:d4+12 "
				    ".debug_str:n1+16",
			.symbols = "f@1+16:8 g@2+4:4 taken@u+0:0n fixed@a+4660:0",
			.relocations = relocations[i].relocations,
		};
		_cleanup_image_ struct image *image = NULL;
		_cleanup_error_ struct error *err = elf_text_open(&text, &image);
		_cleanup_strbuf_ struct strbuf got = STRBUF_INIT;
		size_t nr;

		for (size_t n = 0; !err && n < 8; n++)
			strbuf_addf(&got, "%s%02x", n ? " " : "",
				    image_sections(image, &nr)[0].data[n]);
		if (err)
			strbuf_addstr(&got, err->message);
		if (strcmp(strbuf_str(&got), relocations[i].want))
			fail_msg("%s: \"%s\", not \"%s\"", relocations[i].name, strbuf_str(&got),
				 relocations[i].want);
	}
}

/* Each symbol that a module takes from the kernel has its own address after all sections. */
static void test_external_addresses(void **state)
{
	const struct elf_text text = {
		.sections = ".text:x16+32 .data:d8+100",
		.symbols = "f@1+0:8 one@u+0:0n two@u+0:0n",
		.relocations = "1+0=10>2+0 1+4=10>3+0",
	};
	_cleanup_image_ struct image *image = elf_text_image(&text);
	uint32_t targets[2];
	size_t nr;
	const struct image_symbol *symbols = image_symbols(image, &nr);

	(void)state;
	memcpy(targets, image_sections(image, &(size_t){ 0 })[0].data, sizeof(targets));
	assert_int_equal(nr, 3);
	assert_string_equal(symbols[1].name, "one");
	assert_true(symbols[1].is_external && symbols[2].is_external && !symbols[0].is_external);
	assert_int_equal(targets[0], symbols[1].address);
	assert_int_equal(targets[1], symbols[2].address);
	assert_true(targets[0] > 132 && targets[1] > targets[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_impossible),
		cmocka_unit_test(test_relocations),
		cmocka_unit_test(test_external_addresses),
	};

	return cmocka_run_group_tests_name("elf_layout", tests, NULL, NULL);
}
