// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Small files that refer to the same bytes many times, or unpack to a large size: an error names
 * what is too much. Without limits each of these takes GB of memory, or minutes.
 */
#include "symbolize/image/tests/image_fixture.h"

#include <elf.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "symbolize/image/elf_file.h"

/* Of processor time; each name for each jump would take more. */
#define ALIASES_SECONDS 15
/* Of processor time; with the debug info it would take more. */
#define OPEN_SECONDS 5

/* A module with one function. */
#define CODE ".text\n.globl f\n.type f, @function\nf: ret\n.size f, .-f\n"
/* A line table whose program has `rows` rows. */
#define LINES(rows) LINES_UNTIL(rows, "1")
/* The same with another size of its end of sequence: 2 is wrong. */
#define LINES_UNTIL(rows, size)                                                                    \
	".section .debug_line\n.long 2f-1f\n1: .value 4\n.long 4f-3f\n"                            \
	"3: .byte 1, 1, 1, -5, 14, 13, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1, 0\n"                    \
	".asciz \"a.c\"\n.byte 0, 0, 0, 0\n4: .byte 0, 9, 2\n.quad f\n"                            \
	".rept " rows "\n.byte 19\n.endr\n.byte 0, " size ", 1\n2:\n"
/* Number 1 is a unit, number 2 a function: { attribute, form } each. */
#define ABBREV(unit, function)                                                                     \
	".section .debug_abbrev\n.byte 1, 0x11, 1, " unit " 0, 0, 2, 0x2e, 0, " function           \
	" 0, 0, 0\n"
/* Units that share their abbreviations. */
#define UNITS(nr, dies)                                                                            \
	".section .debug_info\n.rept " nr "\n.long 6f-5f\n5: .value 4\n.long 0\n.byte 8, 1\n" dies \
	".byte 0\n6:\n.endr\n"
/* Units with another root. */
#define UNITS_OF(nr, root)                                                                         \
	".rept " nr "\n.long 6f-5f\n5: .value 4\n.long 0\n.byte 8\n" root "6:\n.endr\n"
#define PRODUCER   "0x25, 0xe," /* DW_FORM_strp */
#define NAME	   "3, 8,"	/* DW_AT_name, DW_FORM_string */
#define SHARED	   "3, 0xe,"	/* DW_FORM_strp */
#define LINE_TABLE "0x10, 0x17,"
#define RANGES	   "0x55, 0x17,"
#define LOW	   "0x11, 1,"
#define HIGH	   "0x12, 0xb,"

static const struct {
	const char *name, *source, *want;
} hostile[] = {
	{ "units share a line table",
	  CODE LINES("50000") ABBREV(LINE_TABLE, "") UNITS("100", ".long 0\n"),
	  "rows of line tables" },
	{ "functions share ranges",
	  CODE ABBREV(LOW HIGH, RANGES) UNITS("1", ".quad f\n.byte 1\n.rept 100\n.byte 2\n.long "
						   "0\n.endr\n") ".section .debug_ranges\n.quad "
								 "-1, 0\n.rept 20000\n.quad f, "
								 "f+1\n.endr\n.quad 0, 0\n",
	  "address ranges" },
	{ "names are suffixes of one",
	  CODE ABBREV(LOW HIGH, SHARED LOW HIGH)
		  UNITS("1", ".quad f\n.byte 1\n.set n, 0\n.rept 200\n.byte 2\n.long n\n.quad f\n"
			     ".byte 1\n.set n, n+1\n.endr\n") ".section .debug_str\n.fill 200000, "
							      "1, 'x\n.byte 0\n",
	  "bytes of names" },
	{ "units share a broken line table",
	  CODE LINES_UNTIL("50000", "2") ABBREV(LINE_TABLE, "") UNITS("100", ".long 0\n"),
	  "rows of line tables" },
	{ "units share the name of a compiler",
	  CODE LINES("1") ABBREV(PRODUCER LINE_TABLE, "") UNITS(
		  "300", ".long 0, 0\n") ".section .debug_str\n.fill 200000, 1, 'x\n.byte 0\n",
	  "bytes of names" },
	{ "there are many units of other kinds",
	  CODE ABBREV(NAME, "") UNITS("1", ".asciz \"a\"\n") UNITS_OF("40000", ".byte 2\n"),
	  " units" },
	{ "there are many units", CODE ABBREV(NAME, "") UNITS("40000", ".asciz \"a\"\n"),
	  " units" },
};

static void assemble(const char *name, const char *source)
{
	_cleanup_fclose_ FILE *f = fopen(fixture("source.s"), "we");

	assert_non_null(f);
	assert_true(fputs(source, f) >= 0);
	assert_int_equal(fflush(f), 0);
	shell("as -o %s %s", fixture(name), fixture("source.s"));
}

static struct error *read_fixture(const char *name, const struct log *log)
{
	_cleanup_image_ struct image *image = NULL;
	_cleanup_index_ struct index *index = NULL;
	const struct image_options options = { .log = log, .allow_no_debug = true };
	struct error *err = image_open(fixture(name), &options, &image);

	return err ? err
		   : index_build(image, &(struct index_options){ .log = log, .jobs = 2 }, &index);
}

static void test_debug_info(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(hostile) / sizeof(*hostile); i++) {
		print_message("%s\n", hostile[i].name);
		assemble("hostile.ko", hostile[i].source);
		assert_error(read_fixture("hostile.ko", NULL), ERROR_UNSUPPORTED, hostile[i].want);
	}
	/* What an ordinary module has is far below. */
	assemble("plain.ko", CODE LINES("5000") ABBREV(LINE_TABLE, "") UNITS("100", ".long 0\n"));
	assert_ok(read_fixture("plain.ko", NULL));
}

/* A file in memory, and its section headers. */
struct file {
	char *data;
	size_t size;
	Elf64_Shdr *sections;
	uint32_t nr, names; /* names: the number of the section of names */
};

static struct file read_file(const char *name)
{
	struct file f;

	assert_ok(file_read(fixture(name), 4 << 20, &f.data, &f.size));
	const Elf64_Ehdr *ehdr = (const void *)f.data;
	f.sections = (void *)(f.data + ehdr->e_shoff);
	f.nr = ehdr->e_shnum;
	f.names = ehdr->e_shstrndx;
	return f;
}

static struct error *open_file(const struct file *f)
{
	_cleanup_image_ struct image *image = NULL;
	const struct image_options options = { .allow_no_debug = true };

	return image_open_memory(f->data, f->size, "changed", &options, &image);
}

static Elf64_Shdr *find_type(const struct file *f, uint32_t type)
{
	for (uint32_t i = 0; i < f->nr; i++)
		if (f->sections[i].sh_type == type)
			return &f->sections[i];
	fail_msg("no section of type %u", type);
	return NULL;
}

/*
 * The process that opens an image has no limit of time: another one reads the debug info. The
 * abbreviation of these units has 300,000 attributes without bytes (DW_FORM_flag_present).
 */
static void test_open(void **state)
{
	struct image *image;
	int status;

	(void)state;
	assemble("open.ko", CODE
		 ".section .debug_abbrev\n.byte 1, 0x11, 0\n.rept 300000\n.byte 2, 0x19\n"
		 ".endr\n.byte 0, 0, 0\n.section .debug_info\n" UNITS_OF("30000", ".byte 1\n"));
	pid_t pid = fork();
	if (!pid) {
		setrlimit(RLIMIT_CPU, &(struct rlimit){ OPEN_SECONDS, OPEN_SECONDS });
		_exit(image_open(fixture("open.ko"), NULL, &image) ? 1 : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void test_sections(void **state)
{
	struct file f;

	(void)state;
	assemble("plain.ko", CODE);
	f = read_file("plain.ko");
	assert_ok(open_file(&f));
	Elf64_Shdr *text = find_type(&f, SHT_PROGBITS), *names = &f.sections[f.names];
	text->sh_offset = names->sh_offset + 1;
	assert_error(open_file(&f), ERROR_FORMAT, "sections share bytes of the file");
	free(f.data);
	f = read_file("plain.ko");
	names = &f.sections[f.names];
	f.data[names->sh_offset + names->sh_size - 1] = 'x';
	assert_error(open_file(&f), ERROR_FORMAT, "broken section names");
	free(f.data);
	assemble("many.ko", CODE ".altmacro\n.macro many n\n.section .n\\n\n.endm\n.set i, 0\n"
				 ".rept 20000\nmany %i\n.set i, i+1\n.endr\n");
	assert_error(read_fixture("many.ko", NULL), ERROR_UNSUPPORTED, " sections");
}

/* Each of 100 symbols has a name of 300,000 bytes, in a file of 300 kB. */
static void test_symbol_names(void **state)
{
	(void)state;
	assemble("names.ko", CODE ".macro many n\ng\\n\\(): nop\n.type g\\n\\(), @function\n.endm\n"
				  ".altmacro\n.set i, 0\n.rept 100\nmany %i\n.set i, i+1\n.endr\n");
	shell("cd %s && head -c 300000 /dev/zero | tr '\\0' x >long && "
	      "(printf 'f '; cat long; echo) >renames && objcopy --redefine-syms=renames names.ko",
	      fixture_dir);
	struct file f = read_file("names.ko");
	Elf64_Shdr *table = find_type(&f, SHT_SYMTAB);
	Elf64_Sym *symbols = (void *)(f.data + table->sh_offset);
	const char *strings = f.data + f.sections[table->sh_link].sh_offset;
	uint32_t name = 0;

	assert_ok(open_file(&f));
	for (size_t i = 0; i < table->sh_size / sizeof(*symbols); i++)
		if (strings[symbols[i].st_name] == 'x')
			name = symbols[i].st_name;
	assert_true(name);
	for (size_t i = 1; i < table->sh_size / sizeof(*symbols); i++)
		symbols[i].st_name = name + i;
	assert_error(open_file(&f), ERROR_UNSUPPORTED, "bytes of names");
	free(f.data);
}

static void test_compressed(void **state)
{
	static const char *const programs[] = { "gzip", "xz", "zstd" };
	char name[32], text[64];

	(void)state;
	build_kernel("kernel", "gcc", "-g");
	shell("cd %s && head -c 30000000 /dev/zero >zero", fixture_dir);
	for (size_t i = 0; i < 3; i++) {
		const char *program = programs[i];

		if (!have_program(program))
			continue;
		shell("cd %s && %s <kernel >kernel.%s && head -c -20 kernel.%s >cut.%s && "
		      "%s <zero >bomb.%s",
		      fixture_dir, program, program, program, program, program, program);
		snprintf(name, sizeof(name), "kernel.%s", program);
		assert_ok(read_fixture(name, NULL));
		snprintf(name, sizeof(name), "cut.%s", program);
		snprintf(text, sizeof(text), "is %s-compressed, and damaged", program);
		assert_error(read_fixture(name, NULL), ERROR_FORMAT, text);
		snprintf(name, sizeof(name), "bomb.%s", program);
		assert_error(read_fixture(name, NULL), ERROR_UNSUPPORTED, "bytes of unpacked data");
	}
	shell("cd %s && printf 'BZh91AY' >packed.bz2 && (head -c 514 zero; printf HdrS) >bzImage",
	      fixture_dir);
	assert_error(read_fixture("packed.bz2", NULL), ERROR_FORMAT,
		     "is not an ELF file but bzip2-compressed (unpack it with bunzip2)");
	assert_error(read_fixture("bzImage", NULL), ERROR_FORMAT, "use the vmlinux");
	shell("cd %s && printf '\\004\\042\\115\\030' >packed.lz4", fixture_dir);
	assert_error(read_fixture("packed.lz4", NULL), ERROR_FORMAT, "lz4-compressed");
	shell("cd %s && objcopy --add-section .debug_x=zero kernel larger && "
	      "objcopy --compress-debug-sections=zlib larger large",
	      fixture_dir);
	assert_error(read_fixture("large", NULL), ERROR_UNSUPPORTED, "bytes of unpacked data");
}

static void add_line(void *arg, enum log_level level, const char *text)
{
	(void)level;
	strbuf_addf(arg, "%s\n", text);
}

static void test_broken_line_table(void **state)
{
	_cleanup_strbuf_ struct strbuf lines = STRBUF_INIT;
	const struct log log = { .line = add_line, .arg = &lines };

	(void)state;
	assemble("lines.ko", CODE LINES("1") ABBREV(NAME LINE_TABLE, "")
				     UNITS("1", ".asciz \"a.c\"\n.long 1000\n"));
	assert_ok(read_fixture("lines.ko", &log));
	assert_non_null(strstr(strbuf_str(&lines), "unit 'a.c' is not complete"));
	assert_non_null(strstr(strbuf_str(&lines), "line table"));
	/* 70 units are read by several threads. */
	assemble("lines.ko", CODE LINES("1") ABBREV(NAME LINE_TABLE, "")
				     UNITS("70", ".asciz \"a.c\"\n.long 1000\n"));
	strbuf_reset(&lines);
	assert_ok(read_fixture("lines.ko", &log));
	assert_non_null(strstr(strbuf_str(&lines),
			       "of 70 units is not complete, the first is 'a.c': cannot read"));
	assert_ptr_equal(strchr(strbuf_str(&lines), '\n') + 1, lines.data + lines.len);
}

/* Holes cost nothing on disk, so they raise no limit. */
static void test_sparse(void **state)
{
	_cleanup_image_ struct image *image = NULL;

	(void)state;
	build_kernel("kernel", "gcc", "-g");
	shell("cd %s && cp kernel sparse && truncate -s 8G sparse", fixture_dir);
	assert_ok(image_open(fixture("sparse"), NULL, &image));
	assert_true(image_size(image) < 64 << 20);
	shell("cd %s && truncate -s 1T sparse", fixture_dir);
	assert_error(read_fixture("sparse", NULL), ERROR_UNSUPPORTED, "no kernel is that large");
}

/* A function has 20,000 names, and 400,000 jumps to another one: may that be a part of it? */
static void test_aliases(void **state)
{
	clock_t start = clock();

	(void)state;
	assemble(
		"aliases.ko", CODE
		".globl __sanitizer_cov_trace_pc\n.macro many n\n.globl a\\n\n.type a\\n, "
		"@function\n"
		"a\\n\\():\n.endm\n.altmacro\n.set i, 0\n.rept 20000\nmany %i\n.set i, i+1\n.endr\n"
		"call __sanitizer_cov_trace_pc\n.rept 400000\njmp f\n.endr\n");
	assert_ok(read_fixture("aliases.ko", NULL));
	assert_true(clock() - start < ALIASES_SECONDS * CLOCKS_PER_SEC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_debug_info), cmocka_unit_test(test_open),
		cmocka_unit_test(test_sections),   cmocka_unit_test(test_symbol_names),
		cmocka_unit_test(test_compressed), cmocka_unit_test(test_broken_line_table),
		cmocka_unit_test(test_sparse),	   cmocka_unit_test(test_aliases),
	};

	return cmocka_run_group_tests_name("budget", tests, make_fixture_dir, remove_fixture_dir);
}
