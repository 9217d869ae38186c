// SPDX-License-Identifier: GPL-2.0-or-later
/* Is there a vmlinux of the running kernel, with the debug information a report needs? */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "collect/doctor/checks.h"

/*
 * With these options gcc keeps lines apart that it merges otherwise; docs/accuracy.md has what they
 * bring and cost. No configuration says whether they were used, but debug information does.
 */
static const char *const options_for_lines[] = {
	"-fno-thread-jumps",
	"-fno-tree-dominator-opts",
	"-fno-tree-tail-merge",
	"-fno-crossjumping",
};

struct vmlinux {
	struct build_id build_id;
	bool has_debug_info;
	bool is_gcc;		    /* the compiler of an instrumented unit is known, and is gcc */
	bool has_options_for_lines; /* it was called with all of them */
};

static void cleanup_elf(Elf **elf)
{
	elf_end(*elf);
}

static bool has_option(const char *producer, const char *option)
{
	size_t length = strlen(option);

	while ((producer = strstr(producer, option))) {
		producer += length;
		if (*producer == ' ' || !*producer)
			return true;
	}
	return false;
}

/* Find the first "GNU C11 12.2.0 OPTION..." of an instrumented unit: so gcc describes itself. */
static void look_at_strings(const char *text, size_t size, struct vmlinux *ret)
{
	const char *end = text + size;

	if (!size || end[-1])
		return;
	while (!ret->is_gcc && (text = memmem(text, end - text, "GNU C", 5))) {
		ret->is_gcc = has_option(text, "-fsanitize-coverage=trace-pc");
		if (ret->is_gcc) {
			ret->has_options_for_lines = true;
			for (size_t i = 0;
			     i < sizeof(options_for_lines) / sizeof(*options_for_lines); i++)
				ret->has_options_for_lines &=
					has_option(text, options_for_lines[i]);
		}
		text += strlen(text);
	}
}

static void look_at_section(Elf *elf, size_t names, Elf_Scn *section, struct vmlinux *ret)
{
	GElf_Shdr header;

	if (!gelf_getshdr(section, &header))
		return;
	const char *name = elf_strptr(elf, names, header.sh_name);
	if (name && (!strcmp(name, ".debug_info") || !strcmp(name, ".zdebug_info")))
		ret->has_debug_info = true;
	if (name && !strcmp(name, ".debug_str") && !(header.sh_flags & SHF_COMPRESSED)) {
		Elf_Data *strings = elf_rawdata(section, NULL);

		if (strings && strings->d_buf)
			look_at_strings(strings->d_buf, strings->d_size, ret);
	}
	if (header.sh_type != SHT_NOTE || ret->build_id.size)
		return;
	Elf_Data *data = elf_getdata(section, NULL);
	if (data && data->d_buf)
		build_id_from_notes(data->d_buf, data->d_size, &ret->build_id);
}

/* Returns 0, or errno if the file cannot be opened; *is_elf tells whether it is an ELF file. */
static int read_vmlinux(const char *path, struct vmlinux *ret, bool *is_elf)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	_cleanup_(cleanup_elf) Elf *elf = NULL;
	size_t names;

	*is_elf = false;
	if (fd < 0)
		return errno;
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	if (!elf || elf_kind(elf) != ELF_K_ELF || elf_getshdrstrndx(elf, &names))
		return 0;
	*is_elf = true;
	for (Elf_Scn *s = NULL; (s = elf_nextscn(elf, s));)
		look_at_section(elf, names, s, ret);
	return 0;
}

/* Why this file cannot be used, or NULL. */
static const char *judge(const struct vmlinux *vmlinux, bool is_elf, const struct build_id *running)
{
	if (!is_elf)
		return "is not an ELF file";
	if (!vmlinux->build_id.size)
		return "has no build id";
	if (running->size && !build_id_equal(&vmlinux->build_id, running))
		return "is of another kernel (its build id differs)";
	if (!vmlinux->has_debug_info)
		return "has no debug information (.debug_info)";
	return NULL;
}

static void add_good(struct doctor *d, const char *path, const struct vmlinux *vmlinux)
{
	_cleanup_strbuf_ struct strbuf options = STRBUF_INIT;

	doctor_add(d, DOCTOR_OK, "vmlinux", NULL,
		   "'%s' belongs to the running kernel and has debug information", path);
	if (!vmlinux->is_gcc)
		return;
	if (vmlinux->has_options_for_lines) {
		doctor_add(d, DOCTOR_OK, "compiler options", NULL,
			   "gcc was called with those that keep lines apart");
		return;
	}
	for (size_t i = 0; i < sizeof(options_for_lines) / sizeof(*options_for_lines); i++)
		strbuf_addf(&options, "%s%s", i ? " " : "", options_for_lines[i]);
	doctor_add(d, DOCTOR_INFO, "compiler options", NULL,
		   "gcc merged lines; reports without the sources have more of them with "
		   "KCFLAGS=\"%s\" (docs/accuracy.md)",
		   strbuf_str(&options));
}

static void check_given(struct doctor *d)
{
	const char *path = d->options->vmlinux;
	struct vmlinux vmlinux = { 0 };
	bool is_elf;

	int errnum = read_vmlinux(path, &vmlinux, &is_elf);
	if (errnum) {
		doctor_add_error(d, DOCTOR_PROBLEM, "vmlinux",
				 error_errno(errnum, "cannot open '%s'", path));
		return;
	}
	const char *wrong = judge(&vmlinux, is_elf, &d->meta.build_id);
	if (wrong)
		doctor_add(d, DOCTOR_PROBLEM, "vmlinux",
			   "give the vmlinux of the same build, uncompressed, not stripped",
			   "'%s' %s", path, wrong);
	else
		add_good(d, path, &vmlinux);
}

/* Adds the reason to *rejected, or adds the finding and returns true. */
static bool try_place(struct doctor *d, const char *path, struct strbuf *rejected)
{
	struct vmlinux vmlinux = { 0 };
	bool is_elf;

	if (read_vmlinux(path, &vmlinux, &is_elf))
		return false;
	const char *wrong = judge(&vmlinux, is_elf, &d->meta.build_id);
	if (wrong) {
		strbuf_addf(rejected, "%s'%s' %s", rejected->len ? ", " : "", path, wrong);
		return false;
	}
	add_good(d, path, &vmlinux);
	return true;
}

static void check_places(struct doctor *d)
{
	static const char *const places[][2] = {
		{ "/usr/lib/debug/boot/vmlinux-", "" },
		{ "/usr/lib/debug/lib/modules/", "/vmlinux" },
		{ "/lib/modules/", "/build/vmlinux" },
		{ "/boot/vmlinux-", "" },
	};
	_cleanup_strbuf_ struct strbuf rejected = STRBUF_INIT;

	if (!d->options->root && try_place(d, "./vmlinux", &rejected))
		return;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		_cleanup_strbuf_ struct strbuf path = STRBUF_INIT;

		strbuf_addf(&path, "%s%s%s%s", d->options->root ? d->options->root : "",
			    places[i][0], d->meta.release ? d->meta.release : "", places[i][1]);
		if (try_place(d, strbuf_str(&path), &rejected))
			return;
	}
	doctor_add(d, DOCTOR_WARNING, "vmlinux",
		   "reports need the vmlinux of this build: 'kcovreport report --vmlinux PATH'",
		   "no vmlinux of the running kernel found%s%s", rejected.len ? ": " : "",
		   strbuf_str(&rejected));
}

void doctor_check_vmlinux(struct doctor *d)
{
	if (d->options->vmlinux)
		check_given(d);
	else
		check_places(d);
}
