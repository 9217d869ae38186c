// SPDX-License-Identifier: GPL-2.0-or-later
/* Choose among the files that debuginfod servers have of one build, and check what they sent. */
#include "symbolize/image/debuginfod.h"

#include <string.h>

#include "base/cleanup.h"
#include "symbolize/image/debuginfod_client.h"
#include "symbolize/image/elf_file.h"

/* What a file is wanted for. */
typedef bool file_check(const struct elf_file *file);

static bool has_code(const struct elf_file *file)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;

	/* In a separate debug file sections of code are there, but have no bytes. */
	while ((scn = elf_nextscn(file->elf, scn)))
		if (gelf_getshdr(scn, &shdr) && shdr.sh_flags & SHF_EXECINSTR &&
		    shdr.sh_type == SHT_PROGBITS && shdr.sh_size)
			return true;
	return false;
}

/* *ret is set if the file is of the wanted build. */
static struct error *check_file(const char *path, const struct build_id *build_id,
				file_check *check, bool *ret)
{
	char wanted[BUILD_ID_HEX_SIZE], there[BUILD_ID_HEX_SIZE];
	struct budget budget = { 0 };
	struct elf_file file;

	struct error *err = elf_file_init(&file, path, &budget);
	if (err)
		return err;
	if (build_id_equal(&file.build_id, build_id))
		*ret = check(&file);
	else
		err = error_create(ERROR_MISMATCH, "'%s' has build id %s, not %s", path,
				   file.build_id.size ? build_id_format(&file.build_id, there)
						      : "none",
				   build_id_format(build_id, wanted));
	elf_file_deinit(&file);
	return err;
}

/* *ret_fits: the file can be used for what it is wanted for. */
static struct error *find_checked(enum debuginfod_file what, const struct build_id *build_id,
				  file_check *check, const struct log *log, char **ret,
				  bool *ret_fits)
{
	_cleanup_free_ char *path = NULL;

	struct error *err = debuginfod_download(what, build_id, log, &path);
	if (err)
		return err;
	_cleanup_error_ struct error *bad = check_file(path, build_id, check, ret_fits);
	if (!bad) {
		*ret = steal_ptr(&path);
		return NULL;
	}
	if (bad->code == ERROR_NO_MEMORY)
		return &error_no_memory;
	return error_hint(error_create(ERROR_NOT_FOUND,
				       "a server of $DEBUGINFOD_URLS sent a "
				       "wrong file: %s",
				       bad->message),
			  "remove '%s' to ask again", path);
}

static struct error *unfit(const char *path, const char *what)
{
	return error_create(ERROR_NOT_FOUND, "'%s' from $DEBUGINFOD_URLS has no %s", path, what);
}

struct error *debuginfod_find_debug(const struct build_id *build_id, const struct log *log,
				    char **ret)
{
	_cleanup_free_ char *path = NULL;
	bool fits;

	struct error *err =
		find_checked(DEBUGINFOD_DEBUGINFO, build_id, elf_file_has_dwarf, log, &path, &fits);
	if (err)
		return err;
	if (!fits)
		return unfit(path, "debug info");
	*ret = steal_ptr(&path);
	return NULL;
}

static struct error *find_code(enum debuginfod_file what, const struct build_id *build_id,
			       const struct log *log, char **ret)
{
	_cleanup_free_ char *path = NULL;
	bool fits;

	struct error *err = find_checked(what, build_id, has_code, log, &path, &fits);
	if (err)
		return err;
	if (!fits)
		return unfit(path, "code");
	*ret = steal_ptr(&path);
	return NULL;
}

/*
 * Distributions ship a vmlinux with code and DWARF, which servers call debug info. Where the two
 * are separate files, the one with the code is the executable.
 */
struct error *debuginfod_find_image(const struct build_id *build_id, const struct log *log,
				    char **ret)
{
	struct error *first = find_code(DEBUGINFOD_DEBUGINFO, build_id, log, ret);

	if (!first || first->code != ERROR_NOT_FOUND)
		return first;
	_cleanup_error_ struct error *err = find_code(DEBUGINFOD_EXECUTABLE, build_id, log, ret);
	if (err)
		return first;
	error_destroy(first);
	return NULL;
}
