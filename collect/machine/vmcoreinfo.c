// SPDX-License-Identifier: GPL-2.0-or-later
/* Finds the VMCOREINFO note in /proc/kcore and reads the KASLR offset from it. */
#include "collect/machine/vmcoreinfo.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/parse.h"

#define NOTES_MAX   (1 << 20)
#define HEADERS_MAX 4096

/* All notes of the ELF file behind fd in one block, followed by a NUL. *ret stays NULL: none. */
static struct error *read_notes(int fd, char **ret, size_t *ret_size)
{
	Elf64_Ehdr header;
	Elf64_Phdr segment;

	if (pread(fd, &header, sizeof(header), 0) != sizeof(header) ||
	    memcmp(header.e_ident, ELFMAG, SELFMAG) || header.e_ident[EI_CLASS] != ELFCLASS64 ||
	    header.e_phentsize != sizeof(segment) || header.e_phnum > HEADERS_MAX)
		return NULL;
	for (size_t i = 0; i < header.e_phnum; i++) {
		off_t offset = header.e_phoff + i * sizeof(segment);

		if (pread(fd, &segment, sizeof(segment), offset) != sizeof(segment))
			return NULL;
		if (segment.p_type != PT_NOTE || segment.p_filesz > NOTES_MAX)
			continue;
		*ret = calloc(1, segment.p_filesz + 1);
		if (!*ret)
			return &error_no_memory;
		ssize_t n = pread(fd, *ret, segment.p_filesz, segment.p_offset);
		*ret_size = n > 0 ? n : 0;
		return NULL;
	}
	return NULL;
}

static size_t align4(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

/* The text of the note, with a NUL put at its end. */
static char *find_note(char *notes, size_t size, const char *name)
{
	Elf64_Nhdr header;

	for (size_t at = 0; at <= size && size - at >= sizeof(header);) {
		memcpy(&header, notes + at, sizeof(header));
		at += sizeof(header);
		if (header.n_namesz > size - at || align4(header.n_namesz) > size - at)
			return NULL;
		const char *found = notes + at;
		size_t name_size = header.n_namesz;
		at += align4(name_size);
		if (header.n_descsz > size - at)
			return NULL;
		if (name_size == strlen(name) + 1 && !memcmp(found, name, name_size)) {
			notes[at + header.n_descsz] = '\0';
			return notes + at;
		}
		at += align4(header.n_descsz);
	}
	return NULL;
}

struct error *vmcoreinfo_kaslr_offset(const struct identity_options *options, uint64_t *ret)
{
	_cleanup_free_ char *path = identity_path(options, "/proc/kcore");
	_cleanup_free_ char *notes = NULL;
	static const char key[] = "KERNELOFFSET=";
	size_t size = 0;

	if (!path)
		return &error_no_memory;
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return error_errno(errno, "cannot open '%s'", path);
	struct error *err = read_notes(fd, &notes, &size);
	if (err)
		return err;
	char *rest = notes ? find_note(notes, size, "VMCOREINFO") : NULL;
	for (char *line; (line = strsep(&rest, "\n"));)
		if (!strncmp(line, key, strlen(key)) &&
		    parse_u64(line + strlen(key), 16, UINT64_MAX, ret))
			return NULL;
	return error_create(ERROR_NOT_FOUND, "there is no KERNELOFFSET in '%s'", path);
}
