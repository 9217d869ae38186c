// SPDX-License-Identifier: GPL-2.0-or-later
/* Open one ELF file, and check its headers before anything else reads it. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/search.h"
#include "symbolize/image/elf_file.h"
#include "symbolize/image/elf_unpack.h"
#include "symbolize/image/image.h"

/* A file with more holes weighs what it has bytes. */
#define HOLES_MAX 10000

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

bool elf_file_strings_end(const struct elf_file *file, size_t section)
{
	Elf_Scn *scn = elf_getscn(file->elf, section);
	Elf_Data *data = scn ? elf_getdata(scn, NULL) : NULL;

	return data && data->d_buf && data->d_size &&
	       !((const char *)data->d_buf)[data->d_size - 1];
}

bool elf_file_has_bytes(const struct elf_file *file, const char *section)
{
	char packed[64];
	GElf_Shdr shdr;

	Elf_Scn *scn = elf_file_section(file, section);
	snprintf(packed, sizeof(packed), ".z%s", section + 1);
	if (!scn)
		scn = elf_file_section(file, packed);
	return scn && gelf_getshdr(scn, &shdr) && shdr.sh_type != SHT_NOBITS;
}

struct error *elf_file_lacks(const struct elf_file *file, const char *what, const char *section)
{
	if (elf_file_has_bytes(file, section))
		return NULL;
	return error_create(ERROR_FORMAT, "cannot read '%s': %s: it has no section '%s'",
			    file->path, what, section);
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

bool elf_file_is_debug_only(const struct elf_file *file)
{
	bool has_header = false;
	GElf_Shdr shdr;
	Elf_Scn *scn = NULL;

	while ((scn = elf_nextscn(file->elf, scn))) {
		if (!gelf_getshdr(scn, &shdr) || !(shdr.sh_flags & SHF_ALLOC) ||
		    !(shdr.sh_flags & SHF_EXECINSTR) || !shdr.sh_size)
			continue;
		if (shdr.sh_type != SHT_NOBITS)
			return false;
		has_header = true;
	}
	return has_header;
}

static struct error *truncated(const struct elf_file *file)
{
	return error_hint(error_create(ERROR_FORMAT, "'%s' is truncated", file->path),
			  "copy or build it again");
}

/* Where a section lies in the file. */
struct extent {
	uint64_t start, end;
};

static int compare_extents(const void *va, const void *vb)
{
	const struct extent *a = va, *b = vb;

	return compare_values(a->start, b->start);
}

/* Many sections over the same bytes would add up to any amount of data. */
static struct error *check_overlap(const struct elf_file *file, struct extent *extents, size_t nr)
{
	if (nr)
		qsort(extents, nr, sizeof(*extents), compare_extents);
	for (size_t i = 1; i < nr; i++)
		if (extents[i].start < extents[i - 1].end)
			return error_create(ERROR_FORMAT,
					    "'%s' is broken: sections share bytes of the file",
					    file->path);
	return NULL;
}

/* libelf accepts section headers that point outside of the file: reject them here, once. */
static struct error *check_sections(const struct elf_file *file, struct extent *extents)
{
	GElf_Shdr shdr;
	Elf_Scn *scn = NULL;
	size_t nr = 0;

	while ((scn = elf_nextscn(file->elf, scn))) {
		if (!gelf_getshdr(scn, &shdr))
			return elf_error(file->path, "section header");
		if (shdr.sh_type == SHT_NOBITS || shdr.sh_type == SHT_NULL)
			continue;
		if (shdr.sh_offset > file->size || shdr.sh_size > file->size - shdr.sh_offset)
			return truncated(file);
		if (shdr.sh_size && nr < file->nr_sections)
			extents[nr++] =
				(struct extent){ shdr.sh_offset, shdr.sh_offset + shdr.sh_size };
	}
	return check_overlap(file, extents, nr);
}

/*
 * Names may share bytes, so count them all. The last one must be terminated: if it is not,
 * elf_strptr() searches back for a terminator in every call.
 */
static struct error *check_section_names(const struct elf_file *file, struct budget *budget)
{
	Elf_Scn *scn = NULL;
	uint64_t size = 0;
	size_t names;

	if (!file->nr_sections)
		return NULL;
	if (elf_getshdrstrndx(file->elf, &names) || !elf_file_strings_end(file, names))
		return error_create(ERROR_FORMAT, "'%s' has broken section names", file->path);
	while ((scn = elf_nextscn(file->elf, scn))) {
		size += strlen(elf_file_section_name(file, scn)) + 1;
		struct error *err = budget_check(budget, BUDGET_NAMES, size);
		if (err)
			return err;
	}
	return NULL;
}

static struct error *elf_file_check_sections(struct elf_file *file, struct budget *budget)
{
	if (elf_getshdrnum(file->elf, &file->nr_sections))
		return elf_error(file->path, "section headers");
	if (file->nr_sections > file->size / sizeof(Elf64_Shdr))
		return truncated(file);
	/* libdw looks at all of them in each of its sessions. */
	struct error *err = budget_check(budget, BUDGET_SECTIONS, file->nr_sections);
	if (err)
		return err;
	_cleanup_free_ struct extent *extents = calloc(file->nr_sections + 1, sizeof(*extents));
	if (!extents)
		return &error_no_memory;
	err = check_sections(file, extents);
	return err ? err : check_section_names(file, budget);
}

static struct error *elf_file_check(struct elf_file *file, struct budget *budget)
{
	const uint64_t size = file->size;
	GElf_Ehdr ehdr;

	if (elf_kind(file->elf) != ELF_K_ELF)
		return error_create(ERROR_FORMAT, "'%s' is not an ELF file", file->path);
	if (!gelf_getehdr(file->elf, &ehdr))
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
	return elf_file_check_sections(file, budget);
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

/* Open file->elf, over file->memory if there is one, and check it. */
static struct error *open_elf(struct elf_file *file, struct budget *budget)
{
	elf_version(EV_CURRENT);
	/*
	 * Mapped: a vmlinux has 200 MB, and what was read of it need not stay
	 * (elf_file_forget()). If it is truncated meanwhile, SIGBUS says so
	 * (base/unfinished.h, symbolize/index/isolate.h).
	 */
	file->elf = file->memory ? elf_memory(file->memory, file->size)
				 : elf_begin(file->fd, ELF_C_READ_MMAP_PRIVATE, NULL);
	if (!file->elf)
		return error_create(ERROR_FORMAT, "'%s' is not an ELF file", file->path);
	struct error *err = elf_file_check(file, budget);
	if (!err)
		elf_file_read_build_id(file);
	return err;
}

/* Read the whole file and unpack it, if it is compressed. */
static struct error *unpack_file(struct elf_file *file, struct budget *budget)
{
	char head[ELF_PACKING_HEAD];
	ssize_t n = pread(file->fd, head, sizeof(head), 0);
	const struct elf_packing *packing = n > 0 ? elf_find_packing(head, n) : NULL;
	size_t size = file->size;

	if (!packing)
		return NULL;
	_cleanup_free_ void *packed = malloc(size + 1);
	if (!packed)
		return &error_no_memory;
	n = read_full(file->fd, packed, size);
	if (n < 0)
		return error_errno(errno, "cannot read '%s'", file->path);
	struct error *err =
		elf_unpack(packing, file->path, packed, n, budget, &file->memory, &size);
	if (!err)
		file->size = file->weight = size;
	return err;
}

/* file has path, and either memory or fd. */
static struct error *elf_file_open(struct elf_file *file, struct budget *budget)
{
	if (!budget->path)
		budget->path = file->path;
	budget->size += file->weight;
	struct error *err = file->memory ? NULL : unpack_file(file, budget);
	if (!err)
		err = open_elf(file, budget);
	if (err)
		elf_file_deinit(file);
	return err;
}

/*
 * Bytes of the file that are not in holes. st_blocks does not say it: file systems compress, and
 * some have no number yet when a file was just written. One without holes has data up to the end.
 */
static uint64_t weigh(int fd, uint64_t size)
{
	uint64_t weight = 0, at = 0;
	int n = 0;

	for (; at < size && n < HOLES_MAX; n++) {
		off_t data = lseek(fd, at, SEEK_DATA);
		off_t hole = data < 0 ? -1 : lseek(fd, data, SEEK_HOLE);

		if (data < 0 && errno == ENXIO)
			break;
		if (hole <= data)
			return size;
		weight += hole - data;
		at = hole;
	}
	lseek(fd, 0, SEEK_SET);
	return n < HOLES_MAX && weight < size ? weight : size;
}

struct error *elf_file_init(struct elf_file *file, const char *path, struct budget *budget)
{
	/* A debug link may name anything. */
	_cleanup_close_ int fd = -1;
	struct stat st;
	struct error *err = file_open_regular(path, &fd, &st);

	/* image_open() says with ERROR_NOT_FOUND that there is no DWARF. */
	if (err && err->code == ERROR_NOT_FOUND) {
		error_destroy(err);
		return error_errno(ENOENT, "cannot open '%s'", path);
	}
	if (err)
		return err;
	if ((uint64_t)st.st_size > IMAGE_SIZE_MAX)
		return error_create(ERROR_UNSUPPORTED,
				    "'%s' has %jd bytes: no kernel is that large", path,
				    (intmax_t)st.st_size);
	*file = (struct elf_file){ .fd = -1, .path = strdup(path), .size = st.st_size };
	file->weight = weigh(fd, st.st_size);
	if (!file->path)
		return &error_no_memory;
	file->fd = steal_fd(&fd);
	return elf_file_open(file, budget);
}

/* A copy, in case libelf could not map the file, does not begin at a page: malloc() made it. */
void elf_file_forget(const struct elf_file *file)
{
	size_t size, page = sysconf(_SC_PAGESIZE);

	if (!file->elf || file->memory || file->is_changed)
		return;
	char *bytes = elf_rawfile(file->elf, &size);
	if (bytes && (uintptr_t)bytes % page == 0)
		madvise(bytes, size, MADV_DONTNEED);
}

struct error *elf_file_init_memory(struct elf_file *file, const void *data, size_t size,
				   const char *name, struct budget *budget)
{
	*file = (struct elf_file){
		.fd = -1, .path = strdup(name), .memory = malloc(size + 1), .size = size
	};
	file->weight = size;
	if (!file->path || !file->memory) {
		elf_file_deinit(file);
		return &error_no_memory;
	}
	memcpy(file->memory, data, size);
	return elf_file_open(file, budget);
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

struct error *elf_file_prepare(struct elf_file *file, const struct machine *machine,
			       struct budget *budget)
{
	struct error *err = elf_file_decompress(file, budget);

	if (!err)
		err = elf_file_layout(file);
	if (!err)
		err = elf_file_relocate(file, machine);
	return err;
}
