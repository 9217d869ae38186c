// SPDX-License-Identifier: GPL-2.0-or-later
#include <elf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "collect/machine/vmcoreinfo.h"

/* An ELF core with one segment of notes, as /proc/kcore begins. */
struct core {
	Elf64_Ehdr header;
	Elf64_Phdr segment;
	char notes[1024];
};

static struct core core_with_notes(void)
{
	struct core core = { .header = { .e_ident = ELFMAG,
					 .e_phoff = offsetof(struct core, segment),
					 .e_phentsize = sizeof(Elf64_Phdr),
					 .e_phnum = 1 },
			     .segment = { .p_type = PT_NOTE,
					  .p_offset = offsetof(struct core, notes) } };

	core.header.e_ident[EI_CLASS] = ELFCLASS64;
	return core;
}

static void add_note(struct core *core, const char *name, const char *text)
{
	Elf64_Nhdr header = { .n_namesz = strlen(name) + 1, .n_descsz = strlen(text) };
	char *end = core->notes + core->segment.p_filesz;

	memcpy(end, &header, sizeof(header));
	memcpy(end + sizeof(header), name, header.n_namesz);
	memcpy(end + sizeof(header) + (header.n_namesz + 3) / 4 * 4, text, header.n_descsz);
	core->segment.p_filesz +=
		sizeof(header) + (header.n_namesz + 3) / 4 * 4 + (header.n_descsz + 3) / 4 * 4;
}

/* The offset found in the first `size` bytes of the core; 0 if there is none. */
static uint64_t offset_in(const struct core *core, size_t size)
{
	char root[] = "/tmp/vmcoreinfo.XXXXXX";
	char dir[64], path[96];
	uint64_t offset = 0;

	assert_non_null(mkdtemp(root));
	snprintf(dir, sizeof(dir), "%s/proc", root);
	assert_int_equal(mkdir(dir, 0755), 0);
	snprintf(path, sizeof(path), "%s/kcore", dir);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(core, 1, size, file), size);
	fclose(file);
	struct identity_options options = { .root = root };
	struct error *err = vmcoreinfo_kaslr_offset(&options, &offset);
	assert_int_equal(!err, offset != 0);
	error_destroy(err);
	unlink(path);
	rmdir(dir);
	rmdir(root);
	return offset;
}

static void test_offset(void **state)
{
	struct core core = core_with_notes();

	(void)state;
	add_note(&core, "CORE", "something of 19 b..");
	add_note(&core, "VMCOREINFO", "OSRELEASE=6.12\nKERNELOFFSET=2a000000\nX=KERNELOFFSET=1\n");
	assert_int_equal(offset_in(&core, sizeof(core)), 0x2a000000);
}

static void test_none(void **state)
{
	struct core core = core_with_notes();

	(void)state;
	assert_int_equal(offset_in(&core, sizeof(core)), 0);
	add_note(&core, "VMCOREINFO", "OSRELEASE=6.12\nXKERNELOFFSET=1\nKERNELOFFSET=1x\n");
	assert_int_equal(offset_in(&core, sizeof(core)), 0);
	core.header.e_ident[0] = 'x';
	assert_int_equal(offset_in(&core, sizeof(core)), 0);
}

/* Truncated anywhere, and with wrong sizes. */
static void test_damaged(void **state)
{
	struct core core = core_with_notes();

	(void)state;
	add_note(&core, "VMCOREINFO", "KERNELOFFSET=2a000000\n");
	for (size_t size = 0; size < offsetof(struct core, notes) + core.segment.p_filesz - 8;
	     size++)
		assert_int_equal(offset_in(&core, size), 0);
	for (size_t at = 0; at < 8; at++) {
		struct core wrong = core;

		wrong.notes[at] = (char)0xff;
		assert_int_equal(offset_in(&wrong, sizeof(wrong)), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_offset),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_damaged),
	};

	return cmocka_run_group_tests_name("vmcoreinfo", tests, NULL, NULL);
}
