// SPDX-License-Identifier: GPL-2.0-or-later
/* Finds the files of a diff in the source tree, and checks that they are what was compiled. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/intern.h"
#include "base/io.h"
#include "base/path.h"
#include "base/search.h"
#include "kcovreport/kcovreport.h"
#include "kcovreport/patch.h"
#include "render/source_file.h"

/* How many directories above the source root, or at the begin of a path, may be in between. */
#define ANCESTORS_MAX 3

struct error *patch_check_text(const struct diff_text *text, const struct diff *diff)
{
	if (!diff->nr_files && memchr(text->text, '\0', text->size))
		return error_create(ERROR_FORMAT, "'%s' is not a diff", text->name);
	return NULL;
}

bool patch_is_source(const char *path)
{
	static const char *const ends[] = { ".c", ".h", ".S", ".rs", ".inc", ".cc" };

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (string_ends_with(path, ends[i]))
			return true;
	return false;
}

/* DIRECTORY/PATH, if it is inside of the directory and exists. */
static struct error *try_path(const char *directory, const char *path, char **ret)
{
	_cleanup_strbuf_ struct strbuf sb = STRBUF_INIT;

	path_normalise(*directory ? directory : "/", path, &sb);
	if (sb.failed)
		return &error_no_memory;
	if (!path_inside(strbuf_str(&sb), directory) || access(strbuf_str(&sb), F_OK))
		return NULL;
	return strbuf_steal(&sb, ret);
}

/* The root, and what is above it: the diff may be of a tree that the kernel is a part of. */
static struct error *try_roots(const char *root, const char *path, char **ret)
{
	_cleanup_free_ char *directory = strdup(root);
	struct error *err = directory ? NULL : &error_no_memory;

	for (int i = 0; !err && !*ret && i <= ANCESTORS_MAX && *directory; i++) {
		char *slash;

		err = try_path(directory, path, ret);
		slash = strrchr(directory, '/');
		if (!slash || slash == directory)
			break;
		*slash = '\0';
	}
	return err;
}

/* A plain diff names the files of two trees: the tree's own name, or more, is in front. */
static struct error *try_parts(const char *root, const struct diff_file *file,
			       struct patch_source *source)
{
	char **ret = &source->path;
	const char *path = file->path;
	struct error *err = try_roots(root, path, ret);

	if (!err && !*ret && strcmp(file->given, path))
		err = try_roots(root, file->given, ret);
	for (int i = 0; !err && !*ret && !strcmp(file->given, file->path) && i < ANCESTORS_MAX;
	     i++) {
		path = strchr(path, '/');
		if (!path || !*++path)
			break;
		err = try_path(root, path, ret);
		source->part = path;
	}
	return err;
}

static struct error *find_source(const struct patch_job *job, const struct diff_file *file,
				 struct patch_source *source)
{
	const char *root = job->view->root ? job->view->root : "/";
	const char *inside = file->path[0] == '/' ? path_inside(file->path, root) : NULL;
	struct error *err =
		inside ? try_path(root, inside, &source->path) : try_parts(root, file, source);

	if (!source->path)
		source->part = NULL;
	source->is_source = patch_is_source(file->path);
	if (err || !source->path)
		return err;
	source->relative = path_inside(source->path, root);
	const struct coverage *c = &job->view->coverage;
	size_t at = search_first(c->nr_files, i, strcmp(c->files[i].path, source->path) >= 0);
	if (at < c->nr_files && !strcmp(c->files[at].path, source->path))
		source->file = &c->files[at];
	return NULL;
}

static struct error *split_lines(struct patch_source *source)
{
	size_t nr = 0;

	for (size_t i = 0; i < source->size; i++)
		nr += source->text[i] == '\n';
	nr += source->size && source->text[source->size - 1] != '\n';
	source->starts = calloc(nr + 2, sizeof(*source->starts));
	source->lines = calloc(nr + 2, 1);
	if (!source->starts || !source->lines)
		return &error_no_memory;
	for (size_t i = 0, line = 0; i < source->size; line++) {
		const char *newline = memchr(source->text + i, '\n', source->size - i);

		source->starts[line] = (uint32_t)i;
		i = newline ? (size_t)(newline + 1 - source->text) : source->size;
	}
	source->starts[nr] = (uint32_t)source->size;
	source->nr_lines = (uint32_t)nr;
	return NULL;
}

static bool is_same(const struct patch_source *source, const struct diff_line *line)
{
	if (line->number > source->nr_lines)
		return false;
	const char *text = source->text + source->starts[line->number - 1];
	const char *end = source->text + source->starts[line->number];

	while (end > text && (end[-1] == '\n' || end[-1] == '\r'))
		end--;
	return (size_t)(end - text) == line->length && !memcmp(text, line->text, line->length);
}

static struct error *not_that_tree(struct error *err, const struct patch_job *job)
{
	return error_hint(err,
			  "'%s' has to be the tree that was compiled, with the diff applied; "
			  "--source-dir names another one",
			  job->view->root ? job->view->root : "/");
}

static struct error *check_lines(const struct patch_job *job, const struct diff_file *file,
				 const struct patch_source *source)
{
	for (size_t i = 0; i < file->nr_lines; i++) {
		const struct diff_line *line = &file->lines[i];

		if (line->kind == DIFF_REMOVED || is_same(source, line))
			continue;
		return not_that_tree(
			error_create(ERROR_MISMATCH,
				     "'%s:%" PRIu32 "' is not what the diff has (line %" PRIu32
				     " of the diff): the tree is not the one of the diff",
				     file->path, line->number, line->at),
			job);
	}
	return NULL;
}

static struct error *stale(const struct report_options *options, const char *path, const char *why)
{
	if (options->force) {
		say_warning("'%s' %s: its lines may be others", path, why);
		return NULL;
	}
	return error_hint(error_create(ERROR_MISMATCH, "'%s' %s", path, why),
			  "build the kernel from this tree and run the tests again, or use --force "
			  "if the source is the same");
}

/* Is the source what was compiled, as far as can be told? */
static struct error *check_age(const struct patch_job *job, const struct patch_source *source)
{
	static const struct source_md5 none;
	const struct view *view = job->view;
	struct source_facts facts;
	struct error *err =
		source_file_read(source->path, source->file ? &source->file->md5 : &none, &facts);

	if (err)
		return err;
	if (facts.is_changed)
		return stale(job->options, source->path,
			     "changed since the kernel was built (the debug info has another MD5)");
	if (!facts.is_compared && view_source_is_newer(view, &facts.modified))
		return stale(job->options, source->path, "is newer than the image");
	if (view->too_short.nr && !strcmp(view->too_short.first, source->path))
		return stale(job->options, source->path,
			     "is shorter than when the kernel was built");
	return NULL;
}

static bool has_new_side(const struct diff_file *file)
{
	for (size_t i = 0; i < file->nr_lines; i++)
		if (file->lines[i].kind != DIFF_REMOVED)
			return true;
	return false;
}

/* A later patch may have given the path of a file that was deleted to another one. */
static struct error *read_deleted(const struct patch_job *job, struct intern *there,
				  const struct diff_file *file, struct patch_source *source)
{
	uint32_t nr = intern_count(there), id;

	if (!source->path)
		return NULL;
	struct error *err = intern_id(there, file->path, &id);
	if (err)
		return err;
	if (id >= nr)
		return not_that_tree(error_create(ERROR_MISMATCH,
						  "'%s' exists, and the diff deletes it",
						  source->path),
				     job);
	free(source->path);
	*source = (struct patch_source){ .is_source = source->is_source };
	return NULL;
}

/* there: the paths of all files that are not deleted. */
static struct error *read_source(struct patch_job *job, struct intern *there,
				 const struct diff_file *file, struct patch_source *source)
{
	struct error *err = find_source(job, file, source);

	if (err)
		return err;
	if (file->is_deleted)
		return read_deleted(job, there, file, source);
	if (!source->path)
		return has_new_side(file)
			       ? not_that_tree(error_create(ERROR_MISMATCH,
							    "'%s' of the diff is not in the tree",
							    file->path),
					       job)
			       : NULL;
	if (file->is_binary || !file->nr_lines)
		return NULL;
	err = file_read_regular(source->path, DIFF_SIZE_MAX, &source->text, &source->size);
	if (!err)
		err = split_lines(source);
	if (!err)
		err = check_lines(job, file, source);
	if (!err && source->is_source)
		err = check_age(job, source);
	return err;
}

struct error *patch_read_sources(struct patch_job *job)
{
	const struct diff *diff = job->diff;
	struct intern *there = NULL;
	struct error *err = intern_create(&there);

	for (size_t i = 0; !err && i < diff->nr_files; i++)
		if (!diff->files[i].is_deleted)
			err = intern_id(there, diff->files[i].path, &(uint32_t){ 0 });
	job->sources = err ? NULL : calloc(diff->nr_files + 1, sizeof(*job->sources));
	if (!err && !job->sources)
		err = &error_no_memory;
	for (size_t i = 0; !err && i < diff->nr_files; i++)
		err = read_source(job, there, &diff->files[i], &job->sources[i]);
	intern_destroy(there);
	return err;
}
