// SPDX-License-Identifier: GPL-2.0-or-later
/* Makes a view of a coverage: maps paths, filters files, checks sources, counts totals. */
#include "render/view.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "render/joined_file.h"
#include "render/path_map.h"
#include "render/view_evidence.h"
#include "render/view_sources.h"
#include "render/view_trees.h"

/* A file of the coverage and its path on this machine. */
struct placed {
	const struct coverage_file *file;
	char *path; /* owned */
};

DEFINE_VECTOR(placed_vector, struct placed);

static void cleanup_placed(struct placed_vector *placed)
{
	vector_for_each(placed, p)
		free(p->path);
	placed_vector_deinit(placed);
}

void view_destroy(struct view *view)
{
	if (!view)
		return;
	for (size_t i = 0; i < view->coverage.nr_files; i++)
		free((char *)view->coverage.files[i].path);
	arena_destroy(view->arena);
	free(view->coverage.files);
	free(view->source_states);
	free(view->source_sizes);
	view_evidence_destroy(view->evidence);
	free(view->missing.first);
	free(view->unreadable.first);
	free(view->too_short.first);
	free(view->outside.first);
	free(view->changed.first);
	free(view->newer.first);
	subsystems_destroy(view->subsystems);
	maintainers_destroy(view->maintainers);
	view_trees_destroy(view->trees);
	free(view->root);
	free(view->relative);
	free(view->file_of);
	free(view->not_below.first);
	free(view->unreadable_why);
	free(view);
}

/* relative: as in filter_keeps(). */
static struct error *ask_filter(const struct view *view, struct filter *filter, const char *path,
				const char *relative, bool *ret)
{
	_cleanup_(entry_vector_deinit) struct entry_vector found = VECTOR_INIT;
	struct error *err = NULL;

	*ret = !filter || filter_keeps(filter, path, relative);
	if (!filter || !filter->names.len)
		return NULL;
	if (relative)
		err = maintainers_find_subsystems(view->maintainers, relative, &found);
	*ret &= !err && filter_keeps_entries(filter, &found);
	return err;
}

/* Map every path, and keep the files that the filter keeps. */
static struct error *place_files(struct view *view, const struct coverage *coverage,
				 const struct path_map *map, struct filter *filter,
				 struct placed_vector *placed)
{
	bool changed = false;

	for (size_t i = 0; i < coverage->nr_files; i++) {
		struct placed p = { .file = &coverage->files[i] };
		struct error *err = path_map_apply(map, p.file->path, &p.path);
		bool keep;

		if (err)
			return err;
		changed |= strcmp(p.path, p.file->path) != 0;
		const char *relative = view->root ? path_inside(p.path, view->root) : NULL;
		err = ask_filter(view, filter, p.path, relative, &keep);
		if (err || !keep) {
			free(p.path);
			view->nr_files_left++;
			if (err)
				return err;
			continue;
		}
		if (!placed_vector_append(placed, &p)) {
			free(p.path);
			return &error_no_memory;
		}
	}
	view->unmapped &= !changed;
	return NULL;
}

static int compare_placed(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;
	int order = strcmp(x->path, y->path);

	return order ? order : (x->file > y->file) - (x->file < y->file);
}

static struct error *count_file(struct view_files *files, const char *path)
{
	if (!files->first)
		files->first = strdup(path);
	files->nr++;
	return files->first ? NULL : &error_no_memory;
}

static struct error *count_unreadable(struct view *view, const struct error *why, const char *path)
{
	if (why->code == ERROR_NO_MEMORY)
		return &error_no_memory;
	if (why->code == ERROR_NOT_FOUND)
		return count_file(&view->missing, path);
	if (!view->unreadable_why)
		view->unreadable_why = error_format(why);
	if (!view->unreadable_why)
		return &error_no_memory;
	return count_file(&view->unreadable, path);
}

static enum view_source_state source_state(const struct view *view,
					   const struct view_source *source, uint64_t beyond)
{
	if (source->err)
		return source->err->code == ERROR_NOT_FOUND ? VIEW_SOURCE_MISSING
							    : VIEW_SOURCE_UNREADABLE;
	if (source->outside)
		return VIEW_SOURCE_OUTSIDE;
	if (source->file.is_changed)
		return VIEW_SOURCE_CHANGED;
	if (beyond)
		return VIEW_SOURCE_TOO_SHORT;
	if (!source->file.is_compared && view_trees_older(view->trees, &source->file.modified))
		return VIEW_SOURCE_NEWER;
	return VIEW_SOURCE_READ;
}

/* Remove lines that the source does not have. If the source cannot be read, remove only line 0. */
static struct error *check_source(struct view *view, const struct view_source *source,
				  struct joined_file *joined, enum view_source_state *state)
{
	uint64_t beyond = joined_file_cut(joined, source->file.nr_lines);
	struct error *err = NULL;

	*state = source_state(view, source, beyond);
	if (source->err)
		return count_unreadable(view, source->err, source->path);
	if (source->outside)
		return count_file(&view->outside, source->path);
	if (beyond) {
		view->lines_beyond += beyond;
		err = count_file(&view->too_short, source->path);
	}
	if (!err && source->file.is_changed)
		err = count_file(&view->changed, source->path);
	if (!err && !source->file.is_compared &&
	    view_trees_older(view->trees, &source->file.modified))
		err = count_file(&view->newer, source->path);
	return err;
}

/* Make one file of the view from nr placed files with the same path. Takes that path. */
static struct error *add_file(struct view *view, const struct coverage *coverage,
			      struct joined_file *joined, struct placed *placed, size_t nr,
			      const struct view_source *source)
{
	struct coverage_file *file = &view->coverage.files[view->coverage.nr_files];
	struct error *err = NULL;

	for (size_t i = 0; !err && i < nr; i++) {
		coverage_refined_add(&view->coverage.refined, &placed[i].file->refined);
		err = joined_file_add(joined, placed[i].file);
	}
	if (!err)
		err = joined_file_join(joined);
	if (!err)
		err = check_source(view, source, joined,
				   &view->source_states[view->coverage.nr_files]);
	if (!err)
		err = joined_file_reconcile(joined);
	if (err)
		return err;
	/*
	 * Skip the file if nothing is left: the source is empty, so all of its lines are
	 * beyond the end.
	 */
	if (!joined->lines.len && !joined->points.found)
		return NULL;
	joined_file_count(joined, file);
	vector_for_each(&joined->lines, line)
		view->nr_branches_unknown += coverage_line_unknown(line);
	file->md5 = source->md5;
	view->source_sizes[view->coverage.nr_files] = source->file.size;
	if (view_writes(view, file))
		err = joined_file_keep(joined, placed->file, view->arena, file);
	if (err)
		return err;
	if (view->relative && !path_inside(placed->path, view->relative))
		err = count_file(&view->not_below, placed->path);
	if (err)
		return err;
	file->path = steal_ptr(&placed->path);
	for (size_t i = 0; i < nr; i++)
		view->file_of[placed[i].file - coverage->files] = file;
	view->coverage.nr_files++;
	for (size_t i = 0; !err && i < nr; i++)
		err = view_evidence_add_path(view->evidence, placed[i].file->path, file->path);
	return err;
}

/* How many files from the first one on have its path. */
static size_t nr_joined(const struct placed *placed, size_t nr)
{
	size_t n = 1;

	while (n < nr && !strcmp(placed[0].path, placed[n].path))
		n++;
	return n;
}

static struct error *read_sources(const struct view *view, const struct placed_vector *placed,
				  unsigned int jobs, struct view_source_vector *ret)
{
	for (size_t i = 0, n; i < placed->len; i += n) {
		struct view_source source = { .path = placed->data[i].path };

		n = nr_joined(&placed->data[i], placed->len - i);
		for (size_t j = i; j < i + n; j++)
			source_md5_join(&source.md5, &placed->data[j].file->md5);
		if (!view_source_vector_append(ret, &source))
			return &error_no_memory;
	}
	return view_sources_read(ret, view->trees, jobs);
}

static struct error *add_files(struct view *view, const struct coverage *coverage,
			       struct placed_vector *placed, unsigned int jobs)
{
	_cleanup_(joined_file_deinit) struct joined_file joined = { 0 };
	_cleanup_(view_sources_deinit) struct view_source_vector sources = VECTOR_INIT;
	const struct view_source *source;

	view->arena = arena_create();
	view->coverage.files = calloc(placed->len ? placed->len : 1, sizeof(struct coverage_file));
	view->source_states = calloc(placed->len ? placed->len : 1, sizeof(*view->source_states));
	view->source_sizes = calloc(placed->len ? placed->len : 1, sizeof(*view->source_sizes));
	view->file_of = calloc(coverage->nr_files + 1, sizeof(*view->file_of));
	if (!view->arena || !view->coverage.files || !view->source_states || !view->source_sizes ||
	    !view->file_of)
		return &error_no_memory;
	if (placed->len)
		qsort(placed->data, placed->len, sizeof(*placed->data), compare_placed);
	struct error *err = read_sources(view, placed, jobs, &sources);
	source = sources.data;
	for (size_t i = 0, n; !err && i < placed->len; i += n) {
		n = nr_joined(&placed->data[i], placed->len - i);
		joined_file_reset(&joined);
		err = add_file(view, coverage, &joined, &placed->data[i], n, source++);
	}
	return err;
}

static void count_totals(struct view *view)
{
	struct coverage *c = &view->coverage;
	struct coverage_ratio points = { 0 };

	c->lines = c->functions = c->branches = (struct coverage_ratio){ 0 };
	for (size_t i = 0; i < c->nr_files; i++) {
		coverage_ratio_add(&c->lines, c->files[i].line_ratio);
		coverage_ratio_add(&c->functions, c->files[i].function_ratio);
		coverage_ratio_add(&c->branches, c->files[i].branch_ratio);
		coverage_ratio_add(&points, c->files[i].point_ratio);
	}
	if (view->nr_files_left)
		c->points = points;
}

static void count_written(struct view *view)
{
	struct view_written *w = &view->written;

	for (size_t i = 0; i < view->coverage.nr_files; i++) {
		const struct coverage_file *file = &view->coverage.files[i];

		if (!view_writes(view, file))
			continue;
		w->nr_files++;
		coverage_ratio_add(&w->lines, file->line_ratio);
		coverage_ratio_add(&w->functions, file->function_ratio);
		coverage_ratio_add(&w->branches, file->branch_ratio);
	}
}

struct error *view_read_source(const struct view *view, const struct coverage_file *file,
			       char **ret, size_t *ret_size)
{
	return view_trees_read(view->trees, file->path, VIEW_SOURCE_MAX, ret, ret_size);
}

bool view_source_is_newer(const struct view *view, const struct timespec *modified)
{
	return view_trees_older(view->trees, modified);
}

static struct error *read_maintainers(struct view *view, const struct view_options *options)
{
	struct filter *filter = options->filter;
	struct error *err;

	view->has_names = filter && filter->names.len;
	if (!options->by_subsystem && !view->has_names)
		return NULL;
	err = view->root ? maintainers_read(view->root, &view->maintainers)
			 : error_create(ERROR_NOT_FOUND, "the source tree is not known");
	if (err)
		return error_hint(err, "%s; --source-dir DIR names the tree",
				  "subsystems are those of MAINTAINERS in the source tree");
	return view->has_names ? filter_choose(filter, view->maintainers) : NULL;
}

static struct error *count_subsystems(struct view *view)
{
	return subsystems_create(view->maintainers, view->root, view->coverage.files,
				 view->coverage.nr_files, &view->subsystems);
}

const char *view_path(const struct view *view, const struct coverage_file *file)
{
	const char *inside = view->relative ? path_inside(file->path, view->relative) : NULL;

	return inside ? inside : file->path;
}

const char *view_short_path(const struct view *view, const struct coverage_file *file)
{
	const char *base = view->relative ? view->relative : view->root;
	const char *inside = base ? path_inside(file->path, base) : NULL;

	return inside ? inside : file->path;
}

static bool is_below(const char *path, const char *directory)
{
	return !strcmp(path, directory) || path_inside(path, directory);
}

/*
 * Paths of files begin with the source root as the compiler saw it, which may lead through a
 * symbolic link. real: the directory without links; *ret: the same as paths have it.
 */
static struct error *name_relative(const struct view *view, const char *given, const char *real,
				   char **ret)
{
	_cleanup_free_ char *absolute = NULL;
	_cleanup_free_ char *real_root = view->root ? realpath(view->root, NULL) : NULL;
	struct error *err = *given == '/' ? path_absolute(given, &absolute) : NULL;
	int n = 0;

	if (err)
		return err;
	if (absolute && view->root &&
	    (is_below(absolute, view->root) || is_below(view->root, absolute)))
		n = asprintf(ret, "%s", absolute);
	else if (real_root && strcmp(real_root, "/") && is_below(real, real_root))
		n = asprintf(ret, "%s%s", view->root, real + strlen(real_root));
	else
		n = asprintf(ret, "%s", real);
	if (n >= 0)
		return NULL;
	*ret = NULL;
	return &error_no_memory;
}

static struct error *set_relative(struct view *view, const char *given)
{
	if (!given)
		return NULL;
	if (*given) {
		_cleanup_free_ char *real = realpath(given, NULL);

		return real ? name_relative(view, given, real, &view->relative)
			    : error_errno(errno, "cannot use directory '%s'", given);
	}
	if (!view->root)
		return error_hint(error_create(ERROR_INVALID, "cannot tell the source root"),
				  "name it with --relative=ROOT");
	view->relative = strdup(view->root);
	return view->relative ? NULL : &error_no_memory;
}

struct error *view_create(const struct coverage *coverage, const struct view_options *options,
			  struct view **ret)
{
	_cleanup_view_ struct view *view = calloc(1, sizeof(*view));
	_cleanup_(cleanup_placed) struct placed_vector placed = VECTOR_INIT;
	_cleanup_path_map_ struct path_map *map = NULL;
	struct error *err;

	if (!view)
		return &error_no_memory;
	view->coverage = *coverage;
	view->coverage.files = NULL;
	view->coverage.nr_files = 0;
	view->coverage.refined = (struct coverage_refined){ 0 };
	view->coverage.arena = NULL;
	view->unmapped = options->source_dir || options->strip;
	view->touched = options->touched;
	err = path_map_create(options->paths ? options->paths : coverage,
			      &(struct path_map_options){ options->source_dir, options->strip },
			      &map);
	if (err)
		return err;
	view->is_guess = path_map_is_guess(map);
	if (path_map_root(map)) {
		view->root = strdup(path_map_root(map));
		if (!view->root)
			return &error_no_memory;
	}
	err = set_relative(view, options->relative);
	if (!err)
		err = view_trees_create(coverage, view->root, options, &view->trees);
	if (!err)
		err = read_maintainers(view, options);
	if (!err)
		err = view_evidence_create(&view->evidence);
	if (!err)
		err = place_files(view, coverage, map, options->filter, &placed);
	if (!err)
		err = add_files(view, coverage, &placed, options->jobs);
	if (!err && options->by_subsystem)
		err = count_subsystems(view);
	if (!err)
		err = view_evidence_map(view->evidence, &view->coverage);
	if (err)
		return err;
	count_totals(view);
	count_written(view);
	*ret = steal_ptr(&view);
	return NULL;
}
