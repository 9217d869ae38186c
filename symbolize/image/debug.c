// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Find separate debug files in the places that GDB's manual ("Debugging
 * Information in Separate Files") and dwz(1) name, then on debuginfod servers. A
 * file of another build is skipped with a warning.
 */
#include <dwarf.h>
#include <elfutils/libdwelf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "symbolize/image/debuginfod.h"
#include "symbolize/image/dwarf_session.h"
#include "symbolize/image/private.h"
#include "symbolize/image/supplement.h"

#define DEFAULT_DEBUG_DIR "/usr/lib/debug"
#define CHUNK		  ((size_t)256 << 10)

/* What identifies the right separate file. */
struct debug_wanted {
	struct build_id build_id; /* size 0 = not known */
	bool is_checksum;	  /* build_id is the checksum of .debug_sup */
	bool is_supplement;
	bool has_crc;
	uint32_t crc;
};

/* The length of the directory of path, with its final '/'; 0 if it has none. */
static int directory_length(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash - path + 1 : 0;
}

static bool file_crc_matches(const struct elf_file *file, uint32_t crc)
{
	_cleanup_free_ Bytef *chunk = malloc(CHUNK);
	uLong sum = crc32_z(0, NULL, 0);
	off_t at = 0;
	ssize_t n = 0;

	while (chunk && (n = pread(file->fd, chunk, CHUNK, at)) > 0) {
		sum = crc32_z(sum, chunk, n);
		at += n;
	}
	return chunk && n == 0 && sum == crc;
}

static bool file_is_wanted(const struct elf_file *file, const struct debug_wanted *wanted)
{
	if (wanted->is_checksum)
		return supplement_has_checksum(file, &wanted->build_id);
	if (wanted->build_id.size && file->build_id.size)
		return build_id_equal(&wanted->build_id, &file->build_id);
	return wanted->has_crc && file_crc_matches(file, wanted->crc);
}

/* Open path if it exists and is the wanted file. Otherwise only warn: another file may fit. */
static bool try_file(struct image *image, const char *path, const struct debug_wanted *wanted,
		     struct elf_file *ret)
{
	struct elf_file file;

	strbuf_add(&image->looked_at, path, strlen(path) + 1);
	if (access(path, F_OK) && (errno == ENOENT || errno == ENOTDIR))
		return false;
	_cleanup_error_ struct error *err = elf_file_init(&file, path, image->budget);
	if (err) {
		_cleanup_free_ char *text = error_format(err);
		log_line(image->log, LOG_WARNING, "%s", text ? text : "out of memory");
		return false;
	}
	bool has_dwarf =
		wanted->is_supplement ? supplement_is_usable(&file) : elf_file_has_dwarf(&file);
	if (has_dwarf && file_is_wanted(&file, wanted)) {
		*ret = file;
		return true;
	}
	log_line(image->log, LOG_WARNING, "'%s' %s '%s'", path,
		 has_dwarf ? "is not the debug file of" : "has no debug info, so it cannot serve",
		 image->main.path);
	elf_file_deinit(&file);
	return false;
}

static bool try_build_id(struct image *image, const char *dir, const struct debug_wanted *wanted,
			 struct elf_file *ret)
{
	_cleanup_strbuf_ struct strbuf path = STRBUF_INIT;
	char hex[BUILD_ID_HEX_SIZE];

	if (wanted->build_id.size < 2)
		return false;
	build_id_format(&wanted->build_id, hex);
	strbuf_addf(&path, "%s/.build-id/%.2s/%s.debug", dir, hex, hex + 2);
	return !path.failed && try_file(image, strbuf_str(&path), wanted, ret);
}

/* Try dir, below and name joined as they are, but never the image itself. */
static bool try_named(struct image *image, const char *dir, const char *below, int below_len,
		      const char *name, const struct debug_wanted *wanted, struct elf_file *ret)
{
	_cleanup_strbuf_ struct strbuf path = STRBUF_INIT;

	strbuf_addf(&path, "%s%.*s%s", dir, below_len, below, name);
	return !path.failed && strcmp(strbuf_str(&path), image->main.path) &&
	       try_file(image, strbuf_str(&path), wanted, ret);
}

static bool try_debuglink(struct image *image, const char *const *dirs, const char *name,
			  const struct debug_wanted *wanted, struct elf_file *ret)
{
	_cleanup_free_ char *full = realpath(image->main.path, NULL);
	const char *path = full ? full : image->main.path;
	int len = directory_length(path);

	if (strchr(name, '/'))
		return false; /* debuglink names have no directory */
	if (try_named(image, "", path, len, name, wanted, ret))
		return true;
	_cleanup_strbuf_ struct strbuf hidden = STRBUF_INIT;
	strbuf_addf(&hidden, "%.*s.debug/", len, path);
	if (!hidden.failed && try_named(image, "", hidden.data, hidden.len, name, wanted, ret))
		return true;
	for (size_t i = 0; dirs && dirs[i]; i++)
		if (try_named(image, dirs[i], path, len, name, wanted, ret))
			return true;
	return try_named(image, DEFAULT_DEBUG_DIR, path, len, name, wanted, ret);
}

/*
 * Servers are asked only for images in files: the others are made by tests. *ret_why is NULL if no
 * server was asked, else it says why the file is not found.
 */
static bool try_servers(struct image *image, const struct build_id *build_id, struct elf_file *ret,
			struct error **ret_why)
{
	_cleanup_free_ char *path = NULL;
	struct elf_file file;

	*ret_why = NULL;
	if (image->main.fd < 0 || !debuginfod_is_set())
		return false;
	*ret_why = debuginfod_find_debug(build_id, image->log, &path);
	if (*ret_why)
		return false;
	strbuf_add(&image->looked_at, path, strlen(path) + 1);
	*ret_why = elf_file_init(&file, path, image->budget);
	if (*ret_why)
		return false;
	/* The path was checked, but another file may be there now. */
	if (build_id_equal(&file.build_id, build_id)) {
		*ret = file;
		return true;
	}
	elf_file_deinit(&file);
	*ret_why = error_hint(
		error_create(ERROR_MISMATCH, "'%s' was replaced while it was opened", path),
		"try again");
	return false;
}

static struct error *no_debug(const struct image *image, const char *link, const struct error *why)
{
	const char *hint = why ? why->hint : NULL;

	return error_hint(error_create(ERROR_NOT_FOUND, "'%s' has no debug info%s%s%s%s",
				       image->main.path, link ? ", and there is no usable " : "",
				       link ? link : "", why ? ": " : "", why ? why->message : ""),
			  "build the kernel with CONFIG_DEBUG_INFO_DWARF5=y, or install its debug "
			  "package%s%s",
			  hint ? ", or " : "", hint ? hint : "");
}

struct error *image_find_debug(struct image *image, const char *const *dirs)
{
	struct debug_wanted wanted = { .build_id = image->main.build_id };
	GElf_Word crc = 0;

	for (size_t i = 0; dirs && dirs[i]; i++)
		if (try_build_id(image, dirs[i], &wanted, &image->debug))
			return NULL;
	if (try_build_id(image, DEFAULT_DEBUG_DIR, &wanted, &image->debug))
		return NULL;
	const char *link = dwelf_elf_gnu_debuglink(image->main.elf, &crc);
	wanted.has_crc = link;
	wanted.crc = crc;
	if (link && try_debuglink(image, dirs, link, &wanted, &image->debug))
		return NULL;
	_cleanup_error_ struct error *why = NULL;
	if (try_servers(image, &wanted.build_id, &image->debug, &why))
		return NULL;
	return no_debug(image, link, why);
}

static bool try_alt(struct image *image, const char *const *dirs, const char *name,
		    const struct debug_wanted *wanted, struct elf_file *ret)
{
	const char *from = image_debug_path(image);

	if (name[0] == '/' && try_file(image, name, wanted, ret))
		return true;
	if (name[0] && name[0] != '/' &&
	    try_named(image, "", from, directory_length(from), name, wanted, ret))
		return true;
	for (size_t i = 0; dirs && dirs[i]; i++)
		if (try_build_id(image, dirs[i], wanted, ret))
			return true;
	return try_build_id(image, DEFAULT_DEBUG_DIR, wanted, ret);
}

static bool has_split_units(Dwarf *dwarf)
{
	Dwarf_CU *cu = NULL;
	uint8_t type;

	while (dwarf_get_units(dwarf, cu, &cu, NULL, &type, NULL, NULL) == 0)
		if (type == DW_UT_skeleton)
			return true;
	return false;
}

/* Goes on without the shared debug info. */
static void lack_alt(struct image *image, const char *name, const struct error *why)
{
	image->lacks_supplement = true;
	log_line(image->log, LOG_WARNING,
		 "'%s' shares debug info with '%s', which was not found: names will be missing%s%s",
		 image_debug_path(image), name, why ? ": " : "", why ? why->message : "");
}

/* libdw finds no DIE of a file that has only one of the two, and says nothing. */
static struct error *check_alt(const struct elf_file *alt)
{
	static const char *const needed[] = { ".debug_info", ".debug_abbrev" };

	if (!elf_file_has_dwarf(alt) && supplement_is_usable(alt))
		return NULL;
	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++)
		if (!elf_file_has_bytes(alt, needed[i]))
			return error_create(ERROR_FORMAT, "it has no section '%s'", needed[i]);
	return NULL;
}

/* libdw would unpack it once more in each session, without a limit, and ignore what it cannot. */
static struct error *unpack_alt(struct image *image)
{
	struct error *err = check_alt(&image->alt);

	if (!err)
		err = elf_file_decompress(&image->alt, image->budget);
	if (!err)
		err = supplement_complete(&image->alt, image->budget);
	if (!err || err->code == ERROR_NO_MEMORY)
		return err;
	image->lacks_supplement = true;
	log_line(
		image->log, LOG_WARNING,
		"'%s' shares debug info with '%s', which cannot be used: names will be missing: %s",
		image_debug_path(image), image->alt.path, err->message);
	error_destroy(err);
	elf_file_deinit(&image->alt);
	return NULL;
}

static struct error *find_alt(struct image *image, const char *const *dirs)
{
	const struct elf_file *file = image->debug.elf ? &image->debug : &image->main;
	_cleanup_error_ struct error *why = NULL;
	struct supplement_link link;

	switch (supplement_read_link(file, &link)) {
	case SUPPLEMENT_NONE:
		return NULL;
	case SUPPLEMENT_BROKEN:
		image->lacks_supplement = true;
		log_line(image->log, LOG_WARNING,
			 "'%s' shares debug info with a file whose name or build id cannot be "
			 "read: names will be missing",
			 file->path);
		return NULL;
	case SUPPLEMENT_NAMED:
		break;
	}
	const struct debug_wanted wanted = { .build_id = link.id,
					     .is_checksum = link.is_checksum,
					     .is_supplement = true };
	if (try_alt(image, dirs, link.name, &wanted, &image->alt))
		return unpack_alt(image);
	/* Servers know files by the build id in a note. */
	if (!link.is_checksum && try_servers(image, &link.id, &image->alt, &why))
		return unpack_alt(image);
	lack_alt(image, link.name, why);
	return NULL;
}

struct error *image_find_alt(struct image *image, const char *const *dirs)
{
	struct dwarf_session session;

	struct error *err = find_alt(image, dirs);
	if (!err)
		err = dwarf_session_init(&session, image);
	if (err)
		return err;
	dwarf_session_deinit(&session);
	return NULL;
}

bool image_has_split_units(const struct image *image)
{
	struct dwarf_session session;

	if (!image->has_debug)
		return false;
	_cleanup_error_ struct error *err = dwarf_session_init(&session, image);
	if (err)
		return true;
	bool found = has_split_units(session.dwarf);
	dwarf_session_deinit(&session);
	return found;
}
