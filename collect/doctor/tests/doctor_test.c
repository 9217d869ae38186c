// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/machine/tests/tree_fixture.h"

#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <zlib.h>

#include "collect/doctor/doctor.h"

static const char good_config[] = "CONFIG_KCOV=y\n"
				  "CONFIG_KCOV_INSTRUMENT_ALL=y\n"
				  "CONFIG_DEBUG_FS=y\n"
				  "CONFIG_DEBUG_INFO=y\n";

/* A machine that lacks nothing, as far as files can tell. */
static void put_machine(struct tree *tree)
{
	tree_init(tree);
	tree_puts(tree, "/proc/sys/kernel/osrelease", "6.12.0\n");
	tree_puts(tree, "/proc/sys/kernel/version", "#1 SMP\n");
	tree_puts(tree, "/proc/version",
		  "Linux version 6.12.0 (u@h) (gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld "
		  "(GNU Binutils for Debian) 2.40) #1 SMP\n");
	tree_puts(tree, "/proc/cmdline", "root=/dev/sda\n");
	tree_puts(tree, "/proc/mounts",
		  "/dev/root / ext4 rw 0 0\n"
		  "debugfs /sys/kernel/debug debugfs rw 0 0\n");
	tree_puts(tree, "/proc/kallsyms", "ffffffff81000000 T _text\n");
	tree_puts(tree, "/boot/config-6.12.0", good_config);
	tree_put(tree, "/sys/kernel/notes", BUILD_ID_NOTE("\x01\x02\x03\x04"), BUILD_ID_NOTE_SIZE);
	tree_puts(tree, "/sys/kernel/debug/kcov", "a file, no device");
}

static struct doctor_report *run_doctor(const struct tree *tree, const char *vmlinux)
{
	const struct doctor_options options = { .root = tree->root, .vmlinux = vmlinux };
	struct doctor_report *report;

	assert_ok(doctor_run(&options, &report));
	return report;
}

static const struct doctor_finding *find(const struct doctor_report *report, const char *check)
{
	vector_for_each(&report->findings, finding)
		if (!strcmp(finding->check, check))
			return finding;
	return NULL;
}

/* Takes the report. */
static void assert_finding(struct doctor_report *report, const char *check,
			   enum doctor_status status, const char *text, const char *remedy)
{
	const struct doctor_finding *finding = find(report, check);

	if (!finding)
		fail_msg("nothing found about %s", check);
	if (finding->status != status || !strstr(finding->text, text))
		fail_msg("%s: %s: %s", check, doctor_status_name(finding->status), finding->text);
	if (remedy && (!finding->remedy || !strstr(finding->remedy, remedy)))
		fail_msg("%s -> %s", check, finding->remedy ? finding->remedy : "(nothing)");
	doctor_report_destroy(report);
}

static void test_everything_but_a_device(void **state)
{
	_cleanup_tree_ struct tree tree;
	struct doctor_report *report;

	(void)state;
	put_machine(&tree);
	report = run_doctor(&tree, NULL);
	assert_int_equal(doctor_count_problems(report), 1);
	assert_finding(report, "buffer", DOCTOR_PROBLEM, "KCOV_INIT_TRACE", NULL);
	assert_finding(run_doctor(&tree, NULL), "CONFIG_KCOV", DOCTOR_OK, "/boot/config-6.12.0",
		       NULL);
	assert_finding(run_doctor(&tree, NULL), "debugfs", DOCTOR_OK, "mounted", NULL);
	assert_finding(run_doctor(&tree, NULL), "build id", DOCTOR_OK, "01020304", NULL);
	assert_finding(run_doctor(&tree, NULL), "kallsyms", DOCTOR_OK, "addresses", NULL);
	assert_finding(run_doctor(&tree, NULL), "vmlinux", DOCTOR_WARNING, "no vmlinux",
		       "--vmlinux");
}

/* Each row replaces one thing of the machine and names the check that must report it. */
static void test_what_can_be_wrong(void **state)
{
	static const struct {
		const char *path, *content, *check;
		enum doctor_status status;
		const char *text, *remedy;
	} rows[] = {
		{ "/boot/config-6.12.0", "# CONFIG_KCOV is not set\nCONFIG_KCOVER=y\n",
		  "CONFIG_KCOV", DOCTOR_PROBLEM, "without KCOV", "CONFIG_KCOV=y" },
		{ "/boot/config-6.12.0", "CONFIG_KCOV=y\n", "CONFIG_KCOV_INSTRUMENT_ALL",
		  DOCTOR_WARNING, "only directories", "INSTRUMENT_ALL=y" },
		{ "/boot/config-6.12.0", "CONFIG_KCOV=y\n", "CONFIG_DEBUG_INFO", DOCTOR_WARNING,
		  "no report can name lines", "DEBUG_INFO" },
		{ "/boot/config-6.12.0", "no options", "configuration", DOCTOR_UNKNOWN, "6.12.0",
		  NULL },
		{ "/proc/mounts", "/dev/root / ext4 rw 0 0\n", "debugfs", DOCTOR_PROBLEM,
		  "not mounted", "mount -t debugfs" },
		{ "/proc/mounts", "debugfs /mnt debugfs rw 0 0\nx", "debugfs", DOCTOR_PROBLEM,
		  "not mounted", NULL },
		{ "/sys/kernel/notes", "", "build id", DOCTOR_WARNING, "no build id",
		  "--build-id" },
		{ "/proc/kallsyms", "0000000000000000 T _text\n", "kallsyms", DOCTOR_WARNING,
		  "hidden", "as root" },
		{ "/proc/sys/kernel/yama/ptrace_scope", "3\n", "yama", DOCTOR_PROBLEM, "is 3",
		  "below 3" },
		{ "/proc/sys/kernel/yama/ptrace_scope", "1\n", "yama", DOCTOR_OK, "is 1", NULL },
		{ "/proc/version", "Linux version 6.12.0 (u@h) (gcc (GCC) 14.1.0, GNU ld 2.42) #1",
		  "compiler", DOCTOR_OK, "gcc 14", NULL },
		{ "/proc/version", "Linux version 5.4.0 (u@h) (gcc version 9.4.0 (U 9.4.0-1)) #1",
		  "compiler", DOCTOR_INFO, "gcc 9", NULL },
		{ "/proc/version",
		  "Linux version 6.1 (gccbot@h) (Debian clang version 14.0.6, LLD 14.0.6) #1",
		  "compiler", DOCTOR_OK, "clang", NULL },
		{ "/proc/version", "gcc", "compiler", DOCTOR_OK, "not gcc", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		_cleanup_tree_ struct tree tree;

		put_machine(&tree);
		tree_puts(&tree, rows[i].path, rows[i].content);
		assert_finding(run_doctor(&tree, NULL), rows[i].check, rows[i].status, rows[i].text,
			       rows[i].remedy);
	}
}

static void test_device_missing(void **state)
{
	_cleanup_tree_ struct tree tree;
	char path[64];

	(void)state;
	put_machine(&tree);
	snprintf(path, sizeof(path), "%s/sys/kernel/debug/kcov", tree.root);
	unlink(path);
	assert_finding(run_doctor(&tree, NULL), "device", DOCTOR_PROBLEM, "No such file",
		       "CONFIG_KCOV=y");
	tree_puts(&tree, "/proc/mounts", "");
	assert_finding(run_doctor(&tree, NULL), "device", DOCTOR_PROBLEM, "No such file",
		       "problems above");
}

static void test_empty_machine(void **state)
{
	_cleanup_tree_ struct tree tree;

	(void)state;
	tree_init(&tree);
	assert_finding(run_doctor(&tree, NULL), "debugfs", DOCTOR_UNKNOWN, "/proc/mounts", NULL);
	assert_finding(run_doctor(&tree, NULL), "configuration", DOCTOR_UNKNOWN, "?", NULL);
}

/* /proc/config.gz comes first, and is unpacked. */
static void test_compressed_config(void **state)
{
	_cleanup_tree_ struct tree tree;
	char path[64];

	(void)state;
	put_machine(&tree);
	snprintf(path, sizeof(path), "%s/proc/config.gz", tree.root);
	gzFile file = gzopen(path, "wb");
	assert_true(gzputs(file, "# first line\nCONFIG_KCOV=m\n") > 0);
	gzclose(file);
	assert_finding(run_doctor(&tree, NULL), "CONFIG_KCOV", DOCTOR_PROBLEM, "/proc/config.gz",
		       NULL);
	/* A truncated file must not be trusted. */
	assert_int_equal(truncate(path, 30), 0);
	assert_finding(run_doctor(&tree, NULL), "CONFIG_KCOV", DOCTOR_OK, "/boot/config", NULL);
}

static void add_section(Elf *elf, size_t name, size_t type, const void *data, size_t size)
{
	Elf_Scn *section = elf_newscn(elf);
	Elf_Data *d = elf_newdata(section);
	GElf_Shdr header;

	d->d_buf = (void *)data;
	d->d_size = size;
	d->d_align = 4;
	assert_non_null(gelf_getshdr(section, &header));
	header.sh_name = name;
	header.sh_type = type;
	assert_true(gelf_update_shdr(section, &header));
}

/* An ELF file with a build id (of 4 bytes, or none), perhaps .debug_info, and .debug_str unless
 * size is 0. */
static void put_vmlinux_with(const char *path, const char *note, bool debug_info,
			     const char *strings, size_t size)
{
	static const char names[] = "\0.notes\0.debug_info\0.shstrtab\0.debug_str";
	_cleanup_close_ int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	GElf_Ehdr header;

	elf_version(EV_CURRENT);
	Elf *elf = elf_begin(fd, ELF_C_WRITE, NULL);
	assert_non_null(gelf_newehdr(elf, ELFCLASS64));
	assert_non_null(gelf_getehdr(elf, &header));
	header.e_machine = EM_X86_64;
	header.e_type = ET_EXEC;
	if (note)
		add_section(elf, 1, SHT_NOTE, note, BUILD_ID_NOTE_SIZE);
	if (debug_info)
		add_section(elf, 8, SHT_PROGBITS, "x", 1);
	if (size)
		add_section(elf, 30, SHT_PROGBITS, strings, size);
	add_section(elf, 20, SHT_STRTAB, names, sizeof(names));
	header.e_shstrndx = 1 + (note != NULL) + debug_info + (size > 0);
	assert_true(gelf_update_ehdr(elf, &header));
	assert_true(elf_update(elf, ELF_C_WRITE) > 0);
	elf_end(elf);
}

static void put_vmlinux(const char *path, const char *note, bool debug_info)
{
	put_vmlinux_with(path, note, debug_info, NULL, 0);
}

static void test_given_vmlinux(void **state)
{
	_cleanup_tree_ struct tree tree;
	char path[64];

	(void)state;
	put_machine(&tree);
	snprintf(path, sizeof(path), "%s/vmlinux", tree.root);
	assert_finding(run_doctor(&tree, path), "vmlinux", DOCTOR_PROBLEM, "No such file", NULL);
	tree_puts(&tree, "/vmlinux", "MZ no ELF");
	assert_finding(run_doctor(&tree, path), "vmlinux", DOCTOR_PROBLEM, "is not an ELF file",
		       "same build");
	put_vmlinux(path, NULL, true);
	assert_finding(run_doctor(&tree, path), "vmlinux", DOCTOR_PROBLEM, "has no build id", NULL);
	put_vmlinux(path, BUILD_ID_NOTE("\x01\x02\x03\x05"), true);
	assert_finding(run_doctor(&tree, path), "vmlinux", DOCTOR_PROBLEM, "of another kernel",
		       NULL);
	put_vmlinux(path, BUILD_ID_NOTE("\x01\x02\x03\x04"), false);
	assert_finding(run_doctor(&tree, path), "vmlinux", DOCTOR_PROBLEM, "no debug information",
		       NULL);
	put_vmlinux(path, BUILD_ID_NOTE("\x01\x02\x03\x04"), true);
	assert_finding(run_doctor(&tree, path), "vmlinux", DOCTOR_OK, "belongs to", NULL);
}

static void test_found_vmlinux(void **state)
{
	_cleanup_tree_ struct tree tree;
	char path[80];

	(void)state;
	put_machine(&tree);
	tree_puts(&tree, "/usr/lib/debug/boot/vmlinux-6.12.0", "no ELF");
	assert_finding(run_doctor(&tree, NULL), "vmlinux", DOCTOR_WARNING, "is not an ELF file",
		       NULL);
	tree_puts(&tree, "/lib/modules/6.12.0/build/vmlinux", "");
	snprintf(path, sizeof(path), "%s/lib/modules/6.12.0/build/vmlinux", tree.root);
	put_vmlinux(path, BUILD_ID_NOTE("\x01\x02\x03\x04"), true);
	assert_finding(run_doctor(&tree, NULL), "vmlinux", DOCTOR_OK, "6.12.0/build/vmlinux", NULL);
}

/* The first instrumented unit tells which options the compiler had. */
static void test_compiler_options(void **state)
{
#define FOUR	      "-fno-crossjumping -fno-tree-tail-merge -fno-thread-jumps -fno-tree-dominator-opts"
#define POINTS	      "-fsanitize-coverage=trace-pc"
#define STRINGS(text) text, sizeof(text)
	static const struct {
		const char *strings;
		size_t size;
		enum doctor_status status;
		const char *text; /* NULL: no finding */
	} rows[] = {
		{ STRINGS("int\0GNU C11 12.2.0 -O2 " POINTS), DOCTOR_INFO, "-fno-thread-jumps" },
		{ STRINGS("GNU C11 12.2.0 " FOUR " -O2 " POINTS "\0int"), DOCTOR_OK,
		  "keep lines apart" },
		{ STRINGS("GNU C11 12.2.0 " POINTS " " FOUR), DOCTOR_OK, "keep lines apart" },
		{ STRINGS("GNU C11 12.2.0 " POINTS " " FOUR "-2"), DOCTOR_INFO,
		  "-fno-thread-jumps" },
		{ STRINGS("GNU C11 " FOUR "\0GNU C11 " POINTS), DOCTOR_INFO, "-fno-thread-jumps" },
		{ STRINGS("GNU C11 " FOUR), DOCTOR_INFO, NULL },
		{ STRINGS("clang version 14.0.6 " POINTS), DOCTOR_INFO, NULL },
		{ STRINGS(""), DOCTOR_INFO, NULL },
		{ "GNU C11 " POINTS, sizeof("GNU C11 " POINTS) - 1, DOCTOR_INFO, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		_cleanup_tree_ struct tree tree;
		char path[64];

		put_machine(&tree);
		snprintf(path, sizeof(path), "%s/vmlinux", tree.root);
		put_vmlinux_with(path, BUILD_ID_NOTE("\x01\x02\x03\x04"), true, rows[i].strings,
				 rows[i].size);
		struct doctor_report *report = run_doctor(&tree, path);
		if (rows[i].text) {
			assert_finding(report, "compiler options", rows[i].status, rows[i].text,
				       NULL);
			continue;
		}
		assert_null(find(report, "compiler options"));
		doctor_report_destroy(report);
	}
}

/* On any machine: no crash, and the verdict is the first problem. */
static void test_this_machine(void **state)
{
	_cleanup_error_ struct error *verdict = doctor_verdict();
	struct doctor_report *report;

	(void)state;
	assert_ok(doctor_run(NULL, &report));
	assert_int_equal(verdict != NULL, doctor_count_problems(report) > 0);
	vector_for_each(&report->findings, finding) {
		if (finding->status != DOCTOR_PROBLEM)
			continue;
		assert_string_equal(verdict->message, finding->text);
		break;
	}
	doctor_report_destroy(report);
	doctor_report_destroy(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_everything_but_a_device),
		cmocka_unit_test(test_what_can_be_wrong),
		cmocka_unit_test(test_device_missing),
		cmocka_unit_test(test_empty_machine),
		cmocka_unit_test(test_compressed_config),
		cmocka_unit_test(test_given_vmlinux),
		cmocka_unit_test(test_found_vmlinux),
		cmocka_unit_test(test_compiler_options),
		cmocka_unit_test(test_this_machine),
	};

	return cmocka_run_group_tests_name("doctor", tests, NULL, NULL);
}
