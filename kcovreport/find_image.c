// SPDX-License-Identifier: GPL-2.0-or-later
/* Finds the vmlinux of a run by its build id. */
#include "kcovreport/find_image.h"

#include <errno.h>
#include <glob.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "kcovreport/kcovreport.h"
#include "symbolize/image/debuginfod.h"
#include "symbolize/image/image.h"

/* A search for one vmlinux: all candidates tried so far, and the best ones. */
struct search {
	const struct find_options *options;
	char *found; /* has the right build id and DWARF */
	char *spare; /* has the right build id, but no DWARF */
	struct strbuf looked_at;
	char *server_hint; /* what to do so that debuginfod servers can be used, or NULL */
};

static void search_deinit(struct search *search)
{
	free(search->found);
	free(search->spare);
	strbuf_deinit(&search->looked_at);
	free(search->server_hint);
}

struct error *cache_directory(char **ret)
{
	const char *own = getenv("KCOVREPORT_CACHE"), *cache = getenv("XDG_CACHE_HOME");
	const char *home = getenv("HOME");
	char *path;
	int n;

	if (own && *own)
		n = asprintf(&path, "%s", own);
	else if (cache && *cache)
		n = asprintf(&path, "%s/kcovreport", cache);
	else if (home && *home)
		n = asprintf(&path, "%s/.cache/kcovreport", home);
	else
		return error_create(ERROR_NOT_FOUND,
				    "no cache directory: neither KCOVREPORT_CACHE nor HOME is set");
	if (n < 0)
		return &error_no_memory;
	*ret = path;
	return NULL;
}

static const char *id_text(const struct build_id *id, char hex[BUILD_ID_HEX_SIZE])
{
	return id->size ? build_id_format(id, hex) : "none";
}

__attribute__((format(printf, 2, 3))) static void note_candidate(struct search *search,
								 const char *format, ...)
{
	va_list ap;

	strbuf_addstr(&search->looked_at, search->looked_at.len ? ", " : "");
	va_start(ap, format);
	strbuf_vaddf(&search->looked_at, format, ap);
	va_end(ap);
}

static struct error *try_vmlinux(struct search *search, const char *path)
{
	struct image_identity identity;
	char hex[BUILD_ID_HEX_SIZE];

	if (search->found || access(path, F_OK))
		return NULL;
	_cleanup_error_ struct error *err = image_identify(path, &identity);
	if (err && err->code == ERROR_NO_MEMORY)
		return &error_no_memory;
	if (err) {
		note_candidate(search, "%s", err->message);
		return NULL;
	}
	if (!build_id_equal(&identity.build_id, &search->options->build_id)) {
		note_candidate(search, "'%s' has build id %s", path,
			       id_text(&identity.build_id, hex));
		return NULL;
	}
	if (identity.is_debug_only) {
		note_candidate(search, "'%s' has debug info but no code", path);
		return NULL;
	}
	char **slot = identity.has_dwarf ? &search->found : &search->spare;
	if (*slot)
		return NULL;
	*slot = strdup(path);
	return *slot ? NULL : &error_no_memory;
}

static struct error *try_joined(struct search *search, const char *prefix, const char *name,
				const char *suffix)
{
	_cleanup_free_ char *path = NULL;

	if (asprintf(&path, "%s%s%s", prefix, name, suffix) < 0) {
		path = NULL;
		return &error_no_memory;
	}
	return try_vmlinux(search, path);
}

/* The file that a distribution's debug package installs under the build id. */
static struct error *try_build_id(struct search *search)
{
	_cleanup_free_ char *name = NULL;
	char hex[BUILD_ID_HEX_SIZE];

	build_id_format(&search->options->build_id, hex);
	if (asprintf(&name, "%.2s/%s", hex, hex + 2) < 0) {
		name = NULL;
		return &error_no_memory;
	}
	return try_joined(search, "/usr/lib/debug/.build-id/", name, ".debug");
}

/* Each kernel in the cache. Sorted, so that the choice does not depend on the file system. */
static struct error *try_cache(struct search *search)
{
	_cleanup_free_ char *cache = NULL;
	_cleanup_free_ char *pattern = NULL;
	glob_t found = { 0 };

	_cleanup_error_ struct error *none = cache_directory(&cache);
	if (none)
		return NULL;
	if (asprintf(&pattern, "%s/kernel/*/vmlinux", cache) < 0) {
		pattern = NULL;
		return &error_no_memory;
	}
	struct error *err = NULL;
	if (glob(pattern, 0, NULL, &found) == 0)
		for (size_t i = 0; !err && i < found.gl_pathc; i++)
			err = try_vmlinux(search, found.gl_pathv[i]);
	globfree(&found);
	return err;
}

static struct error *try_all(struct search *search)
{
	const char *release = search->options->release;
	struct error *err = try_vmlinux(search, "./vmlinux");

	/* A release that contains '/' would lead out of these directories. */
	if (release && (!*release || strchr(release, '/')))
		release = NULL;
	if (!err)
		err = try_cache(search);
	if (!err && release)
		err = try_joined(search, "/usr/lib/debug/boot/vmlinux-", release, "");
	if (!err && release)
		err = try_joined(search, "/usr/lib/debug/lib/modules/", release, "/vmlinux");
	if (!err)
		err = try_build_id(search);
	if (!err && release)
		err = try_joined(search, "/lib/modules/", release, "/build/vmlinux");
	if (!err && release)
		err = try_joined(search, "/boot/vmlinux-", release, "");
	return err;
}

/* Not if a vmlinux without DWARF was found: its separate debug file may be on this machine. */
static struct error *try_servers(struct search *search)
{
	if (search->found || search->spare || !debuginfod_is_set())
		return NULL;
	_cleanup_error_ struct error *err =
		debuginfod_find_image(&search->options->build_id, &console_log, &search->found);
	if (!err)
		return NULL;
	if (err->code == ERROR_NO_MEMORY)
		return &error_no_memory;
	note_candidate(search, "%s", err->message);
	search->server_hint = steal_ptr(&err->hint);
	return NULL;
}

/* The vmlinux that the user named: its build id must match, unless forced. */
static struct error *check_given(const struct find_options *options, char **ret)
{
	struct image_identity identity;
	char wanted[BUILD_ID_HEX_SIZE], there[BUILD_ID_HEX_SIZE];
	struct error *err = image_identify(options->vmlinux, &identity);

	if (err)
		return err;
	if (!options->build_id.size)
		say_warning("the run has no build id of its kernel: '%s' is used unchecked",
			    options->vmlinux);
	else if (!build_id_equal(&identity.build_id, &options->build_id)) {
		err = error_hint(
			error_create(ERROR_MISMATCH,
				     "'%s' is not the kernel that ran: build id %s, not %s",
				     options->vmlinux, id_text(&identity.build_id, there),
				     id_text(&options->build_id, wanted)),
			"--force uses it anyway");
		if (!options->force)
			return err;
		say_warning("%s", err->message);
		error_destroy(err);
	}
	*ret = strdup(options->vmlinux);
	return *ret ? NULL : &error_no_memory;
}

static struct error *not_found(const struct search *search)
{
	const struct find_options *options = search->options;
	const char *looked_at = strbuf_str(&search->looked_at), *hint = search->server_hint;
	char hex[BUILD_ID_HEX_SIZE];

	return error_hint(
		error_create(ERROR_NOT_FOUND, "no vmlinux with build id %s found%s%s",
			     id_text(&options->build_id, hex), *looked_at ? ": " : "", looked_at),
		"name the vmlinux of this build of %s%s with --vmlinux%s%s",
		options->release ? "Linux " : "the kernel",
		options->release ? options->release : "", hint ? ", or " : "", hint ? hint : "");
}

struct error *find_vmlinux(const struct find_options *options, char **ret)
{
	_cleanup_(search_deinit) struct search search = { .options = options };

	if (options->vmlinux)
		return check_given(options, ret);
	if (!options->build_id.size)
		return error_hint(
			error_create(ERROR_NOT_FOUND, "the run has no build id of its kernel"),
			"name its vmlinux with --vmlinux");
	struct error *err = try_all(&search);
	if (!err)
		err = try_servers(&search);
	if (err)
		return err;
	if (!search.found && !search.spare)
		return not_found(&search);
	*ret = search.found ? steal_ptr(&search.found) : steal_ptr(&search.spare);
	return NULL;
}
