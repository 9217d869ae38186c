// SPDX-License-Identifier: GPL-2.0-or-later
/* Find the units of .dwo files, and say which files are missing. */
#include "symbolize/image/split.h"

#include <dwarf.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "symbolize/image/private.h"

/* What is known of the .dwo file of a skeleton. */
struct search {
	bool may_open;	    /* all paths that libdw would open are regular files */
	struct strbuf text; /* why there is none: "'PATH' does not exist" */
};

static const char *string_of(Dwarf_Die *die, unsigned int name)
{
	Dwarf_Attribute attr;

	return dwarf_formstring(dwarf_attr(die, name, &attr));
}

/* The file with the debug info, as libdw names it; NULL = not known. */
static char *debug_file(const struct image *image)
{
	const struct elf_file *file = image->debug.elf ? &image->debug : &image->main;
	char link[64];

	/* libdw does not know where a file in memory comes from. */
	if (file->memory)
		return NULL;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", file->fd);
	return realpath(link, NULL);
}

static void describe(struct search *search, const char *path, const char *what)
{
	strbuf_reset(&search->text);
	strbuf_addf(&search->text, "'%s' %s", path, what);
}

/* Old versions of libdw open no package, and find no unit in what gcc wrote with type units. */
static const char no_use_file[] = "is not of this build, or this version of libdw cannot read it";
static const char no_use_package[] =
	"is a package of .dwo files that is not of this build, or that "
	"this version of libdw cannot read";

/*
 * Whether there is a file that can be opened. If it is not a regular one, nothing may be opened.
 * no_use: why libdw may find no unit in it.
 */
static bool check_path(struct search *search, const char *path, const char *no_use)
{
	_cleanup_close_ int fd = -1;
	struct stat st;

	if (!search->may_open)
		return false;
	_cleanup_error_ struct error *err = file_open_regular(path, &fd, &st);
	if (err && err->code == ERROR_NOT_FOUND)
		return false;
	if (err) {
		_cleanup_free_ char *text = error_format(err);

		strbuf_reset(&search->text);
		strbuf_addstr(&search->text, text ? text : "out of memory");
		search->may_open = err->code != ERROR_FORMAT;
		return !search->may_open;
	}
	describe(search, path, no_use);
	return true;
}

/*
 * Join as libdw does: relative paths begin at the directory of `file`. False if the result is
 * not absolute.
 */
static bool join(struct strbuf *path, const char *file, const char *directory, const char *name)
{
	bool relative = name[0] != '/';

	strbuf_reset(path);
	if (relative && (!directory || directory[0] != '/')) {
		const char *slash = file ? strrchr(file, '/') : NULL;

		if (!slash)
			return false;
		strbuf_add(path, file, slash + 1 - file);
	}
	if (relative && directory)
		strbuf_addf(path, "%s/", directory);
	strbuf_addstr(path, name);
	return !path->failed;
}

/* libdw looks beside the image, then in the directory of the compilation. */
static void find_file(struct search *search, const struct image *image, Dwarf_Die *skeleton)
{
	_cleanup_free_ char *file = debug_file(image);
	_cleanup_strbuf_ struct strbuf path = STRBUF_INIT;
	const char *name = string_of(skeleton, DW_AT_dwo_name);

	if (!name)
		name = string_of(skeleton, DW_AT_GNU_dwo_name);
	if (!name || !*name) {
		/* The strings may have been removed: unit_read() says so. */
		bool is_unread = !name && (dwarf_hasattr(skeleton, DW_AT_dwo_name) ||
					   dwarf_hasattr(skeleton, DW_AT_GNU_dwo_name));

		strbuf_addstr(&search->text, is_unread ? "the name of a file cannot be read"
						       : "a unit does not name its file");
		return;
	}
	bool found =
		join(&path, file, NULL, name) && check_path(search, strbuf_str(&path), no_use_file);
	if (join(&path, file, string_of(skeleton, DW_AT_comp_dir), name))
		found |= check_path(search, strbuf_str(&path), no_use_file);
	if (!found && !search->text.len)
		describe(search, path.len ? strbuf_str(&path) : name, "does not exist");
	/* A package of .dwo files, which newer libdw opens. */
	strbuf_reset(&path);
	strbuf_addf(&path, "%s.dwp", file ? file : "");
	found |= check_path(search, strbuf_str(&path), no_use_package);
	search->may_open &= found && !path.failed;
}

static bool is_skeleton(Dwarf_Die *die)
{
	uint8_t type;

	return !dwarf_cu_info(die->cu, NULL, &type, NULL, NULL, NULL, NULL, NULL) &&
	       type == DW_UT_skeleton;
}

/*
 * Every unit has a name. If it cannot be read, then the strings are cut off, or libdw could not
 * unpack them, and functions would have no names or wrong ones.
 */
static bool has_strings(Dwarf_Die *split, const struct dwarf_session *session)
{
	dwarf_setalt(dwarf_cu_getdwarf(split->cu), session->empty.dwarf);
	return dwarf_diename(split);
}

void split_open_unit(const struct image *image, const struct dwarf_session *session,
		     uint64_t offset, struct dwarf_unit *ret, struct split_missing *missing)
{
	/* An image in memory refers to no files. */
	struct search search = { .may_open = image->main.fd >= 0 };
	Dwarf_Die split = { 0 };

	if (!dwarf_offdie(session->dwarf, offset, &ret->ranges))
		ret->ranges = (Dwarf_Die){ 0 };
	ret->die = ret->ranges;
	if (!ret->die.cu || !is_skeleton(&ret->die))
		return;
	find_file(&search, image, &ret->ranges);
	if (search.may_open &&
	    !dwarf_cu_info(ret->ranges.cu, NULL, NULL, NULL, &split, NULL, NULL, NULL) &&
	    split.cu && has_strings(&split, session)) {
		ret->die = split;
		strbuf_deinit(&search.text);
		return;
	}
	const struct split_missing one = { 1, offset, search.text };
	split_missing_add(missing, &one);
	strbuf_deinit(&search.text);
}

void split_missing_add(struct split_missing *missing, const struct split_missing *from)
{
	if (from->nr && (!missing->nr || from->first < missing->first)) {
		missing->first = from->first;
		strbuf_reset(&missing->text);
		strbuf_addstr(&missing->text, strbuf_str(&from->text));
	}
	missing->nr += from->nr;
}

void split_missing_warn(const struct split_missing *missing, const struct image *image,
			const struct log *log)
{
	if (missing->nr)
		log_line(log, LOG_WARNING,
			 "'%s': the debug info of %zu unit%s is in .dwo files that cannot be used, "
			 "so functions and inlined code are missing: %s (keep the .dwo files of "
			 "the build, or build without CONFIG_DEBUG_INFO_SPLIT)",
			 image_debug_path(image), missing->nr, missing->nr == 1 ? "" : "s",
			 strbuf_str(&missing->text));
}

void split_missing_deinit(struct split_missing *missing)
{
	strbuf_deinit(&missing->text);
}
