// SPDX-License-Identifier: GPL-2.0-or-later
/* What is asked of one file: show, and report --explain. */
#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "kcovreport/explain.h"
#include "kcovreport/kcovreport.h"
#include "kcovreport/report.h"
#include "render/source_file.h"
#include "render/source_view.h"

/* The file that was asked for may be of an image that could not be used. */
static struct error *no_code(const struct coverage *coverage, const char *file)
{
	report_warn_of_images(coverage);
	return error_create(ERROR_NOT_FOUND, "no instrumented code belongs to '%s'", file);
}

/* NULL if path is empty: any file. */
static const char *last_component(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;

	return *name ? name : NULL;
}

/* show and --explain have no summary that says it. */
static void warn_of_source(const struct view *view, const struct coverage_file *file)
{
	const char *path = file->path;
	struct source_facts source;
	_cleanup_error_ struct error *err = source_file_read(path, &file->md5, &source);

	if (!err && source.is_changed)
		say_warning(
			"'%s' changed since the build: lines may be shifted (the debug info has "
			"another MD5)",
			path);
	else if (!err && !source.is_compared && view_source_is_newer(view, &source.modified))
		say_warning(
			"'%s' is newer than the image: if it changed since the build, lines are "
			"shifted",
			path);
	if (view->too_short.nr && !strcmp(view->too_short.first, path))
		say_warning("'%s' is shorter than when the kernel was compiled: %" PRIu64
			    " line%s beyond its end",
			    path, view->lines_beyond, view->lines_beyond == 1 ? "" : "s");
}

/* Whether a filter left out a file that was asked for. */
static bool is_left_out(const struct view *view, const struct coverage *coverage,
			const struct coverage_question *q)
{
	bool left_out = false;

	/* A file is not in the view either if all its lines are beyond the end of the source. */
	if (!view->nr_files_left)
		return false;
	for (size_t i = 0; i < coverage->nr_files; i++)
		left_out |= !view->file_of[i] && coverage_question_has(q, coverage->files[i].path);
	/* How its path would be printed is not known. */
	return left_out || *q->file == '/';
}

static struct error *nothing_explained(const struct view *view, const struct coverage *coverage,
				       const struct coverage_question *q)
{
	if (is_left_out(view, coverage, q))
		return error_create(ERROR_INVALID, "%s leave no line that --explain asks for",
				    view->has_names ? "--include, --exclude and --maintainer"
						    : "--include and --exclude");
	if (!q->line)
		return no_code(coverage, q->file);
	report_warn_of_images(coverage);
	return error_create(ERROR_NOT_FOUND, "no instrumented code belongs to '%s:%u'", q->file,
			    q->line);
}

struct error *report_explain(const struct report_options *options)
{
	const struct coverage_question *q = options->question;
	_cleanup_(report_images_deinit) struct report_images images = { 0 };
	_cleanup_coverage_ struct coverage *coverage = NULL;
	_cleanup_view_ struct view *view = NULL;
	_cleanup_free_ bool *is_printed = NULL;
	struct report_options o = *options;
	struct coverage_question by_name = *q;
	bool has_any = false;

	/* Lines of files without a hit are asked for, too. */
	o.touched = o.by_subsystem = false;
	o.relative = NULL;
	o.files_named = last_component(q->file);
	/* The beginning of a path of this machine may be another one in the debug info. */
	if (*q->file == '/' && o.files_named)
		by_name.file = o.files_named;
	o.question = &by_name;
	struct error *err = report_read(&o, &images, &coverage, &view);

	if (!err)
		err = print_evidence(view, coverage, q, &is_printed);
	if (err)
		return err;
	for (size_t i = 0; i < view->coverage.nr_files; i++)
		has_any |= is_printed[i];
	if (!has_any)
		return nothing_explained(view, coverage, q);
	report_say_guess(view);
	for (size_t i = 0; i < view->coverage.nr_files; i++)
		if (is_printed[i])
			warn_of_source(view, &view->coverage.files[i]);
	return NULL;
}

static struct error *show_file(const struct view *view, const struct report_selection *selection)
{
	const struct coverage_file *file;
	size_t nr = source_view_find(&view->coverage, selection->file, &file);

	if (!nr)
		return no_code(&view->coverage, selection->file);
	if (nr > 1)
		return error_hint(
			error_create(ERROR_INVALID, "'%s' matches %zu files", selection->file, nr),
			"give more of the path, as in '%s'", file->path);
	warn_of_source(view, file);
	return source_view_render(file, selection->function, selection->color, stdout);
}

struct error *report_show(const struct report_options *options,
			  const struct report_selection *selection)
{
	_cleanup_(report_images_deinit) struct report_images images = { 0 };
	_cleanup_coverage_ struct coverage *coverage = NULL;
	_cleanup_view_ struct view *view = NULL;
	struct report_options o = *options;

	o.files_named = last_component(selection->file);
	struct error *err = report_read(&o, &images, &coverage, &view);
	if (err)
		return err;
	report_say_guess(view);
	return show_file(view, selection);
}
