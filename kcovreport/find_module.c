// SPDX-License-Identifier: GPL-2.0-or-later
/* Finds the files of modules by name and build id. */
#include <errno.h>
#include <fts.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "kcovreport/find_image.h"
#include "kcovreport/kcovreport.h"
#include "symbolize/image/debuginfod.h"
#include "symbolize/image/image.h"

/* All modules of a run together, so that each directory is walked only once. */
struct module_search {
	const struct find_options *options;
	const struct run_module *modules;
	struct found_module *found;
	char **spares; /* right build id, but without DWARF: stripped, or DWARF is in another
			* file */
	size_t nr;
	size_t nr_open; /* modules without a path so far */
};

static void search_deinit(struct module_search *search)
{
	found_modules_destroy(search->found, search->nr);
	for (size_t i = 0; search->spares && i < search->nr; i++)
		free(search->spares[i]);
	free(search->spares);
}

static const char *const suffixes[] = { ".ko", ".ko.xz", ".ko.zst", ".ko.gz" };

void found_modules_destroy(struct found_module *found, size_t nr)
{
	for (size_t i = 0; found && i < nr; i++) {
		free(found[i].path);
		free(found[i].problem);
	}
	free(found);
}

static char same_letter(char c)
{
	return c == '-' ? '_' : c;
}

/* Can a file of this name contain the module? depmod and the kernel replace '-' by '_'. */
static bool is_file_of(const char *file, const char *module)
{
	while (*module && same_letter(*file) == same_letter(*module)) {
		file++;
		module++;
	}
	if (*module)
		return false;
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++)
		if (!strcmp(file, suffixes[i]))
			return true;
	return false;
}

static struct error *set_problem(struct found_module *found, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Keep the first problem: it comes from the directories with the highest priority. */
static struct error *set_problem(struct found_module *found, const char *format, ...)
{
	va_list ap;

	if (found->problem)
		return NULL;
	va_start(ap, format);
	int n = vasprintf(&found->problem, format, ap);
	va_end(ap);
	if (n >= 0)
		return NULL;
	found->problem = NULL;
	return &error_no_memory;
}

static struct error *take(struct module_search *search, size_t i, const char *path)
{
	struct found_module *found = &search->found[i];

	found->path = strdup(path);
	if (!found->path)
		return &error_no_memory;
	free(steal_ptr(&found->problem));
	search->nr_open--;
	return NULL;
}

static struct error *try_module(struct module_search *search, size_t i, const char *path)
{
	const struct run_module *module = &search->modules[i];
	struct found_module *found = &search->found[i];
	struct image_identity identity;
	char wanted[BUILD_ID_HEX_SIZE], there[BUILD_ID_HEX_SIZE];

	_cleanup_error_ struct error *err = image_identify(path, &identity);
	/* A broken file may claim any size: that ends neither the search nor the report. */
	if (err && err->code == ERROR_NO_MEMORY)
		return set_problem(found, "reading '%s' takes too much memory", path);
	if (err)
		return set_problem(found, "%s", err->message);
	if (identity.is_debug_only)
		return set_problem(found, "'%s' has debug info but no code", path);
	if (module->build_id.size && build_id_equal(&identity.build_id, &module->build_id)) {
		if (identity.has_dwarf)
			return take(search, i, path);
		if (!search->spares[i])
			search->spares[i] = strdup(path);
		return search->spares[i] ? NULL : &error_no_memory;
	}
	if (search->options->force) {
		say_warning("module '%s': using '%s' without a matching build id", module->name,
			    path);
		return take(search, i, path);
	}
	if (!module->build_id.size)
		return set_problem(found,
				   "the run has no build id for it, so '%s' cannot be checked "
				   "(--force uses it anyway)",
				   path);
	return set_problem(found, "'%s' has build id %s, not %s", path,
			   identity.build_id.size ? build_id_format(&identity.build_id, there)
						  : "none",
			   build_id_format(&module->build_id, wanted));
}

static int compare_entries(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/*
 * Searches all files below directory, in order of names. Links to directories are not
 * followed (the build and source links of /lib/modules lead far away), but a link to a
 * module is used. Files that cannot be read are skipped: the module is then not found.
 */
static struct error *search_directory(struct module_search *search, const char *directory)
{
	char *const roots[] = { (char *)directory, NULL };
	struct error *err = NULL;
	FTSENT *entry;

	if (!search->nr_open)
		return NULL;
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR | FTS_XDEV,
			    compare_entries);
	if (!fts)
		return error_errno(errno, "cannot search '%s'", directory);
	while (!err && search->nr_open && (entry = fts_read(fts))) {
		if (entry->fts_info == FTS_D && entry->fts_level && entry->fts_name[0] == '.')
			fts_set(fts, entry, FTS_SKIP);
		if (entry->fts_info != FTS_F && entry->fts_info != FTS_SL)
			continue;
		for (size_t i = 0; !err && i < search->nr; i++)
			if (!search->found[i].path &&
			    is_file_of(entry->fts_name, search->modules[i].name))
				err = try_module(search, i, entry->fts_path);
	}
	fts_close(fts);
	return err;
}

/* The user's path must be a directory; the others may be missing. */
static struct error *search_given(struct module_search *search)
{
	const char *directory = search->options->modules;
	struct stat st;

	if (!directory)
		return NULL;
	if (stat(directory, &st))
		return error_errno(errno, "cannot search '%s' for modules", directory);
	if (!S_ISDIR(st.st_mode))
		return error_errno(ENOTDIR, "cannot search '%s' for modules", directory);
	return search_directory(search, directory);
}

static struct error *search_beside(struct module_search *search, const char *vmlinux)
{
	_cleanup_free_ char *real = realpath(vmlinux, NULL);

	if (!real)
		return NULL;
	*strrchr(real, '/') = '\0';
	/* A vmlinux in / is not in a build tree: searching there would walk the whole machine. */
	return *real ? search_directory(search, real) : NULL;
}

static struct error *search_release(struct module_search *search)
{
	static const char *const prefixes[] = { "", "/usr/lib/debug", "/usr/lib/debug/usr" };
	const char *release = search->options->release;
	struct error *err = NULL;

	if (!release || !*release || strchr(release, '/'))
		return NULL;
	for (size_t i = 0; !err && i < sizeof(prefixes) / sizeof(*prefixes); i++) {
		_cleanup_free_ char *path = NULL;

		if (asprintf(&path, "%s/lib/modules/%s", prefixes[i], release) < 0) {
			path = NULL;
			return &error_no_memory;
		}
		if (!access(path, X_OK))
			err = search_directory(search, path);
	}
	return err;
}

static struct error *try_servers(struct module_search *search, size_t i)
{
	const struct run_module *module = &search->modules[i];
	_cleanup_error_ struct error *why = NULL;
	_cleanup_free_ char *path = NULL;

	if (module->build_id.size && debuginfod_is_set())
		why = debuginfod_find_image(&module->build_id, &console_log, &path);
	if (path)
		return take(search, i, path);
	if (why && why->code == ERROR_NO_MEMORY)
		return &error_no_memory;
	return set_problem(&search->found[i],
			   "no file '%s.ko' found%s%s (name its directory with --modules%s%s)",
			   module->name, why ? ": " : "", why ? why->message : "",
			   why && why->hint ? ", or " : "", why && why->hint ? why->hint : "");
}

/* For a module without a file take the spare one, or ask servers, or say why there is none. */
static struct error *finish(struct module_search *search)
{
	struct error *err = NULL;

	for (size_t i = 0; !err && i < search->nr; i++) {
		if (search->found[i].path)
			continue;
		if (search->spares[i])
			err = take(search, i, search->spares[i]);
		else
			err = try_servers(search, i);
	}
	return err;
}

struct error *find_modules(const struct find_options *options, const char *vmlinux,
			   const struct run_module *modules, size_t nr, struct found_module **ret)
{
	_cleanup_(search_deinit) struct module_search search = {
		.options = options, .modules = modules, .nr = nr, .nr_open = nr
	};
	struct error *err;

	search.found = calloc(nr ? nr : 1, sizeof(*search.found));
	search.spares = calloc(nr ? nr : 1, sizeof(*search.spares));
	if (!search.found || !search.spares)
		return &error_no_memory;
	err = search_given(&search);
	if (!err)
		err = search_beside(&search, vmlinux);
	if (!err)
		err = search_release(&search);
	if (!err)
		err = finish(&search);
	if (!err)
		*ret = steal_ptr(&search.found);
	return err;
}
