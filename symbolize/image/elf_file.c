// SPDX-License-Identifier: GPL-2.0-or-later
/* Open one ELF file, and check its headers before anything else reads it. */
#include <elfutils/libdwelf.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "symbolize/image/elf_file.h"

struct error *elf_error(const char *path, const char *what)
{
	return error_create(ERROR_FORMAT, "cannot read '%s': %s: %s", path, what, elf_errmsg(-1));
}

const uint8_t *elf_file_at(const struct elf_file *file, uint64_t address, size_t *ret_size)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;

	while ((scn = elf_nextscn(file->elf, scn))) {
		if (!gelf_getshdr(scn, &shdr) || !(shdr.sh_flags & SHF_ALLOC) ||
		    shdr.sh_type == SHT_NOBITS)
			continue;
		uint64_t start = file->addresses[elf_ndxscn(scn)];
		if (address < start || address - start >= shdr.sh_size)
			continue;
		Elf_Data *data = elf_getdata(scn, NULL);
		if (!data || !data->d_buf || address - start >= data->d_size)
			continue;
		*ret_size = data->d_size - (address - start);
		return (const uint8_t *)data->d_buf + (address - start);
	}
	return NULL;
}

const char *elf_file_section_name(const struct elf_file *file, Elf_Scn *scn)
{
	size_t names;
	GElf_Shdr shdr;

	if (!gelf_getshdr(scn, &shdr) || elf_getshdrstrndx(file->elf, &names))
		return "";
	const char *name = elf_strptr(file->elf, names, shdr.sh_name);
	return name ? name : "";
}

Elf_Scn *elf_file_section(const struct elf_file *file, const char *name)
{
	Elf_Scn *scn = NULL;

	while ((scn = elf_nextscn(file->elf, scn)))
		if (!strcmp(elf_file_section_name(file, scn), name))
			return scn;
	return NULL;
}

bool elf_file_has_dwarf(const struct elf_file *file)
{
	static const char *const names[] = { ".debug_info", ".zdebug_info" };
	GElf_Shdr shdr;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		Elf_Scn *scn = elf_file_section(file, names[i]);

		if (scn && gelf_getshdr(scn, &shdr) && shdr.sh_type != SHT_NOBITS && shdr.sh_size)
			return true;
	}
	return false;
}

bool elf_file_has_symbols(const struct elf_file *file)
{
	GElf_Shdr shdr;
	Elf_Scn *scn = NULL;

	while ((scn = elf_nextscn(file->elf, scn)))
		if (gelf_getshdr(scn, &shdr) && shdr.sh_type == SHT_SYMTAB)
			return true;
	return false;
}

static struct error *truncated(const struct elf_file *file)
{
	return error_hint(error_create(ERROR_FORMAT, "'%s' is truncated", file->path),
			  "copy or build it again");
}

/* libelf accepts section headers that point outside of the file: reject them here, once. */
static struct error *elf_file_check_sections(struct elf_file *file, size_t file_size)
{
	GElf_Shdr shdr;
	Elf_Scn *scn = NULL;

	if (elf_getshdrnum(file->elf, &file->nr_sections))
		return elf_error(file->path, "section headers");
	if (file->nr_sections > file_size / sizeof(Elf64_Shdr))
		return truncated(file);
	while ((scn = elf_nextscn(file->elf, scn))) {
		if (!gelf_getshdr(scn, &shdr))
			return elf_error(file->path, "section header");
		if (shdr.sh_type == SHT_NOBITS || shdr.sh_type == SHT_NULL)
			continue;
		if (shdr.sh_offset > file_size || shdr.sh_size > file_size - shdr.sh_offset)
			return truncated(file);
	}
	return NULL;
}

static struct error *elf_file_check(struct elf_file *file)
{
	GElf_Ehdr ehdr;
	size_t size;

	if (elf_kind(file->elf) != ELF_K_ELF)
		return error_create(ERROR_FORMAT, "'%s' is not an ELF file", file->path);
	const char *raw = elf_rawfile(file->elf, &size);
	if (!raw || !gelf_getehdr(file->elf, &ehdr))
		return truncated(file);
	file->type = ehdr.e_type;
	file->machine = ehdr.e_machine;
	if (gelf_getclass(file->elf) != ELFCLASS64 || ehdr.e_ident[EI_DATA] != ELFDATA2LSB)
		return error_create(ERROR_UNSUPPORTED,
				    "'%s' is not for a 64-bit little-endian machine", file->path);
	if (ehdr.e_type == ET_CORE)
		return error_create(ERROR_FORMAT, "'%s' is a core dump", file->path);
	if (ehdr.e_shoff > size ||
	    (ehdr.e_shnum * (uint64_t)ehdr.e_shentsize > size - ehdr.e_shoff))
		return truncated(file);
	if (ehdr.e_shnum && ehdr.e_shentsize != sizeof(Elf64_Shdr))
		return error_create(ERROR_FORMAT, "'%s' has broken section headers", file->path);
	return elf_file_check_sections(file, size);
}

/* build_id_from_notes() takes the notes of one section, but a file may have several. */
static void elf_file_read_build_id(struct elf_file *file)
{
	GElf_Shdr shdr;
	Elf_Scn *scn = NULL;

	while ((scn = elf_nextscn(file->elf, scn))) {
		if (!gelf_getshdr(scn, &shdr) || shdr.sh_type != SHT_NOTE)
			continue;
		Elf_Data *data = elf_rawdata(scn, NULL);
		if (data && data->d_buf &&
		    build_id_from_notes(data->d_buf, data->d_size, &file->build_id))
			return;
	}
}

static struct error *elf_file_finish(struct elf_file *file)
{
	struct error *err = elf_file_check(file);

	if (err) {
		elf_file_deinit(file);
		return err;
	}
	elf_file_read_build_id(file);
	return NULL;
}

struct error *elf_file_init(struct elf_file *file, const char *path)
{
	/* A debug link may name a fifo, which would block here without O_NONBLOCK. */
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		return error_errno(errno, "cannot open '%s'", path);
	if (!S_ISREG(st.st_mode))
		return error_create(ERROR_FORMAT, "'%s' is not a regular file", path);
	elf_version(EV_CURRENT);
	*file = (struct elf_file){ .fd = -1, .path = strdup(path) };
	if (!file->path)
		return &error_no_memory;
	/* Maps the file privately and writable, and unpacks gzip, xz, zstd and bzImage. */
	file->elf = dwelf_elf_begin(fd);
	if (!file->elf) {
		struct error *err =
			error_create(ERROR_FORMAT, "'%s' is not an ELF file", file->path);
		elf_file_deinit(file);
		return err;
	}
	file->fd = steal_fd(&fd);
	return elf_file_finish(file);
}

struct error *elf_file_init_memory(struct elf_file *file, const void *data, size_t size,
				   const char *name)
{
	elf_version(EV_CURRENT);
	*file = (struct elf_file){ .fd = -1, .path = strdup(name), .memory = malloc(size + 1) };
	if (!file->path || !file->memory) {
		elf_file_deinit(file);
		return &error_no_memory;
	}
	memcpy(file->memory, data, size);
	file->elf = elf_memory(file->memory, size);
	if (!file->elf) {
		struct error *err = error_create(ERROR_FORMAT, "'%s' is not an ELF file", name);
		elf_file_deinit(file);
		return err;
	}
	return elf_file_finish(file);
}

void elf_file_deinit(struct elf_file *file)
{
	if (file->elf)
		elf_end(file->elf);
	if (file->path && file->fd >= 0)
		close(file->fd);
	free(file->addresses);
	free(file->memory);
	free(file->path);
	*file = (struct elf_file){ .fd = -1 };
}

struct error *elf_file_prepare(struct elf_file *file, const struct machine *machine)
{
	struct error *err = elf_file_decompress(file);

	if (!err)
		err = elf_file_layout(file);
	if (!err)
		err = elf_file_relocate(file, machine);
	return err;
}
