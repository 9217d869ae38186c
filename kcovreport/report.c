// SPDX-License-Identifier: GPL-2.0-or-later
/* Loads runs and images, computes coverage, and writes reports. */
#include "kcovreport/report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/outfile.h"
#include "kcovreport/all_paths.h"
#include "kcovreport/find_image.h"
#include "kcovreport/index_cache.h"
#include "kcovreport/jobs.h"
#include "kcovreport/kcovreport.h"
#include "kcovreport/least.h"
#include "kcovreport/overlaps.h"
#include "kcovreport/recognise_calls.h"
#include "kcovreport/report_files.h"
#include "kcovreport/report_runs.h"
#include "kcovreport/texts.h"
#include "kcovreport/unmeasured.h"
#include "render/formats.h"
#include "symbolize/coverage/build.h"
#include "symbolize/index/index.h"

void report_images_deinit(struct report_images *images)
{
	for (size_t i = 0; images->indexes && i <= images->nr_modules; i++)
		index_destroy(images->indexes[i]);
	free(images->indexes);
	free(images->inputs);
	free(images->build_ids);
	free(images->vmlinux);
	found_modules_destroy(images->found, images->nr_modules);
}

/* If a module cannot be used, the report says why; this is not an error. */
static struct error *index_module(struct report_images *images, size_t i)
{
	struct found_module *found = &images->found[i];
	_cleanup_error_ struct error *err = NULL;

	if (!found->path)
		return NULL;
	err = index_open(found->path, images->debug_dirs, images->no_cache, images->jobs,
			 &images->indexes[i + 1]);
	if (!err)
		return NULL;
	found->problem = error_format(err);
	return found->problem ? NULL : &error_no_memory;
}

static void describe_images(struct report_images *images, const struct report_runs *runs)
{
	images->inputs[0] = (struct coverage_input_image){
		.name = "vmlinux",
		.index = images->indexes[0],
		.path = images->vmlinux,
	};
	for (size_t i = 0; i < images->nr_modules; i++) {
		const struct run_module *module = &runs->modules.data[i];

		images->inputs[i + 1] = (struct coverage_input_image){
			.name = module->name,
			.index = images->indexes[i + 1],
			.path = images->found[i].path,
			.build_id = build_id_format(&module->build_id, images->build_ids[i]),
			.problem = images->found[i].problem,
		};
	}
}

static struct error *images_find(struct report_images *images, const struct report_runs *runs)
{
	size_t nr = runs->modules.len;
	struct error *err;

	images->indexes = calloc(nr + 1, sizeof(*images->indexes));
	images->inputs = calloc(nr + 1, sizeof(*images->inputs));
	images->build_ids = calloc(nr + 1, sizeof(*images->build_ids));
	if (!images->indexes || !images->inputs || !images->build_ids)
		return &error_no_memory;
	err = find_vmlinux(&images->find, &images->vmlinux);
	if (!err)
		err = find_modules(&images->find, images->vmlinux, runs->modules.data, nr,
				   &images->found);
	if (err)
		return err;
	images->nr_modules = nr;
	err = index_open(images->vmlinux, images->debug_dirs, images->no_cache, images->jobs,
			 &images->indexes[0]);
	for (size_t i = 0; !err && i < nr; i++)
		err = index_module(images, i);
	if (err)
		return err;
	describe_images(images, runs);
	warn_of_overlaps(runs, images->indexes);
	return NULL;
}

struct error *report_images_find(const struct report_options *options,
				 const struct report_runs *runs, struct report_images *images)
{
	images->debug_dirs = options->debug_dirs;
	images->no_cache = options->no_cache;
	images->jobs = jobs_or_default(options->jobs);
	images->find = (struct find_options){
		.vmlinux = options->vmlinux,
		.modules = options->modules,
		.release = runs->release,
		.build_id = runs->build_id,
		.force = options->force,
	};
	return images_find(images, runs);
}

static struct error *build_coverage(const struct report_options *options,
				    const struct report_runs *runs,
				    const struct report_images *images, struct coverage **ret)
{
	size_t nr = runs->nr - runs->nr_operands, nr_sources;
	_cleanup_free_ struct coverage_run *descriptions = calloc(nr + 1, sizeof(*descriptions));
	_cleanup_free_ struct coverage_operand *operands =
		calloc(runs->nr_operands + 1, sizeof(*operands));

	if (!descriptions || !operands)
		return &error_no_memory;
	for (size_t i = 0; i < nr; i++)
		descriptions[i] = runs->runs[i].description;
	for (size_t i = 0; i < runs->nr_operands; i++) {
		operands[i].sources = report_runs_sources(runs, 1 + i, &operands[i].nr_sources);
		operands[i].is_subtracted = options->operands[i].is_subtracted;
	}
	const struct coverage_source *sources = report_runs_sources(runs, 0, &nr_sources);
	return coverage_build(&(struct coverage_input){ .images = images->inputs,
							.nr_images = images->nr_modules + 1,
							.sources = sources,
							.nr_sources = nr_sources,
							.operands = operands,
							.nr_operands = runs->nr_operands,
							.runs = descriptions,
							.nr_runs = nr,
							.question = options->question,
							.recordings = runs->recordings.data,
							.nr_recordings = runs->recordings.len,
							.files_named = options->files_named,
							.list_points = report_needs_points(options),
							.jobs = images->jobs,
							.log = &console_log },
			      ret);
}

static struct error *read_coverage(const struct report_options *options,
				   struct report_images *images, struct coverage **ret)
{
	static const char *const default_file[] = { "kcov.data" };
	_cleanup_(report_runs_deinit) struct report_runs runs = { 0 };
	enum report_keep keep = !options->question		? REPORT_KEEP_NONE
				: options->question->is_reached ? REPORT_KEEP_ALL
								: REPORT_KEEP_CONTEXTS;
	struct error *err;

	err = report_runs_load(&runs, options->nr_files ? options->files : default_file,
			       options->nr_files ? options->nr_files : 1, options->operands,
			       options->nr_operands, options->pcs, keep);
	if (err)
		return err;
	err = report_images_find(options, &runs, images);
	if (err)
		return err;
	recognise_calls(&runs, images->indexes);
	return build_coverage(options, &runs, images, ret);
}

/* Without a source file there is no summary that says which images could not be used. */
void report_warn_of_images(const struct coverage *coverage)
{
	for (size_t i = 0; i < coverage->nr_images; i++) {
		const struct coverage_image *image = &coverage->images[i];

		if (image->problem && image->pcs)
			say_warning("%s (%" PRIu64 " PC%s) is not in the report: %s", image->name,
				    image->pcs, image->pcs == 1 ? "" : "s", image->problem);
	}
}

/* There is not a single line: say what the images lack. */
static struct error *no_lines(const struct coverage *coverage)
{
	uint64_t points = 0;

	for (size_t i = 0; i < coverage->nr_images; i++)
		points += coverage->images[i].points.found;
	if (!points)
		return error_hint(error_create(ERROR_NOT_FOUND, "'%s' has no coverage points",
					       coverage->images[0].path),
				  "build the kernel with CONFIG_KCOV_INSTRUMENT_ALL=y, or with "
				  "KCOV_INSTRUMENT := y in a Makefile");
	return error_hint(error_create(ERROR_NOT_FOUND, "no coverage point has a source line"),
			  "the kernel needs CONFIG_DEBUG_INFO");
}

/* A pattern such as "fs/ext4" stands for a file of that name. */
static bool may_mean_directory(const char *pattern)
{
	const char *slash = strrchr(pattern, '/'), *name = slash ? slash + 1 : pattern;

	return *name && !strpbrk(pattern, "*?[") && !strchr(name, '.');
}

static void warn_of_filter(const struct filter *filter)
{
	vector_for_each(&filter->patterns, p)
		if (!p->matches)
			say_warning("--%s '%s' matches no source file%s",
				    p->exclude ? "exclude" : "include", p->given,
				    may_mean_directory(p->given) ? " (a directory ends with '/')"
								 : "");
	vector_for_each(&filter->names, name)
		if (!name->matches)
			say_warning("--maintainer '%s' matches no %s", name->given,
				    name->nr_entries ? "source file" : "entry of MAINTAINERS");
}

/* --source-dir names the directory where the sources are anyhow. */
static bool is_source_root(const struct view *view, const struct report_options *options)
{
	_cleanup_free_ char *real =
		options->source_dir && !options->strip ? realpath(options->source_dir, NULL) : NULL;

	return real && view->root && !strcmp(real, view->root);
}

void report_say_guess(const struct view *view)
{
	if (view->is_guess)
		say("the source tree that was compiled is not there: taking that in '%s'",
		    view->root);
}

/* Warn about options that had no effect. Fail if no source file is left. */
static struct error *check_view(const struct view *view, const struct report_options *options)
{
	if (options->filter)
		warn_of_filter(options->filter);
	report_say_guess(view);
	if (view->unmapped && !is_source_root(view, options))
		say_warning("%s '%s' changes no path: the sources are in '%s'",
			    options->strip ? "--strip" : "--source-dir",
			    options->strip ? options->strip : options->source_dir,
			    view->root ? view->root : "/");
	if (view->relative && view->not_below.nr == view->coverage.nr_files)
		say_warning("--relative: no source file is below '%s'", view->relative);
	if (view->coverage.nr_files && !view->written.nr_files)
		say_warning("--touched leaves no source file: no instrumented line was executed");
	if (view->coverage.nr_files)
		return NULL;
	report_warn_of_images(&view->coverage);
	if (view->nr_files_left)
		return error_create(ERROR_INVALID, "%s leave no source file",
				    view->has_names ? "--include, --exclude and --maintainer"
						    : "--include and --exclude");
	return no_lines(&view->coverage);
}

struct view_options report_view_options(const struct report_options *options)
{
	return (struct view_options){
		.source_dir = options->source_dir,
		.strip = options->strip,
		.filter = options->filter,
		.by_subsystem = options->by_subsystem,
		.touched = options->touched,
		.relative = options->relative,
		.read_all = options->files_named,
		.jobs = jobs_or_default(options->jobs),
	};
}

struct error *report_read(const struct report_options *options, struct report_images *images,
			  struct coverage **ret_coverage, struct view **ret)
{
	_cleanup_(all_paths_deinit) struct coverage all = { 0 };
	struct view_options view_options = report_view_options(options);
	struct error *err = read_coverage(options, images, ret_coverage);

	if (!err && options->files_named) {
		err = all_paths_init(&all, images);
		view_options.paths = &all;
	}
	/* What an operand left is no flow of control: statements would add again what was removed.
	 */
	if (!err && !options->no_sources && !options->nr_operands)
		err = refine_by_sources(*ret_coverage, &view_options, options->question);
	return err ? err : view_create(*ret_coverage, &view_options, ret);
}

/* directory NULL: write no files. */
static struct error *write_report(const struct report_options *options, const char *directory)
{
	_cleanup_coverage_ struct coverage *coverage = NULL;
	_cleanup_view_ struct view *view = NULL;
	_cleanup_sink_ struct sink *sink = NULL;
	_cleanup_(report_images_deinit) struct report_images images = { 0 };
	_cleanup_(unmeasured_deinit) struct unmeasured unmeasured = { 0 };

	/* Fail before the long computation, not after it. */
	struct error *err = directory ? sink_create(directory, &sink) : NULL;
	if (!err)
		err = report_read(options, &images, &coverage, &view);
	if (!err)
		err = check_view(view, options);
	if (!err && sink && report_has_format(options, &renderer_html))
		err = unmeasured_find(&images, coverage, view, jobs_or_default(options->jobs),
				      &unmeasured);
	if (!err && options->nr_operands && !view->coverage.points.hit)
		say("--subtract and --intersect leave nothing: no point is left");
	if (!err && sink)
		err = report_files_write(options, view, &unmeasured, sink, directory);
	if (!err && !options->compare && !options->quiet)
		err = report_summary_print(options, view);
	return err ? err : report_gates_check(&options->gates, &view->coverage);
}

struct error *report_write(const struct report_options *options)
{
	static const struct renderer *const defaults[] = { &renderer_lcov, &renderer_json,
							   &renderer_summary };
	static const struct coverage_question everything = { "", 0, .is_reached = true };
	struct report_options o = *options;

	if (!o.nr_formats) {
		o.formats = defaults;
		o.nr_formats = sizeof(defaults) / sizeof(*defaults);
	}
	if (report_has_format(&o, &renderer_html))
		o.question = &everything;
	const char *directory = o.output ? o.output : "coverage";
	return write_report(&o, report_has_files(&o) ? directory : NULL);
}

static struct error *print_least(const struct report_options *options,
				 const struct report_images *images,
				 const struct coverage *coverage, const struct view *asked,
				 uint64_t rows)
{
	struct view_options all_files = report_view_options(options);
	_cleanup_path_map_ struct path_map *map = NULL;
	_cleanup_view_ struct view *all = NULL;
	_cleanup_least_ struct least *least = NULL;
	struct error *err = path_map_create(
		coverage, &(struct path_map_options){ options->source_dir, options->strip }, &map);

	/* A caller counts even if it is in a file that is not asked for. */
	all_files.filter = NULL;
	if (!err && asked->nr_files_left)
		err = view_create(coverage, &all_files, &all);
	if (!err)
		err = least_create(all ? all : asked, asked, map, images, &least);
	if (!err)
		least_print(least, rows);
	return err;
}

struct error *report_least(const struct report_options *options, uint64_t rows)
{
	_cleanup_(report_images_deinit) struct report_images images = { 0 };
	_cleanup_coverage_ struct coverage *coverage = NULL;
	_cleanup_view_ struct view *view = NULL;
	struct report_options o = *options;

	/* Functions of files in which nothing was reached, too. */
	o.touched = false;
	o.by_subsystem = false;
	struct error *err = report_read(&o, &images, &coverage, &view);
	if (!err)
		err = check_view(view, &o);
	return err ? err : print_least(&o, &images, coverage, view, rows);
}
