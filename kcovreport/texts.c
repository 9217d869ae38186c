// SPDX-License-Identifier: GPL-2.0-or-later
#include "kcovreport/texts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "render/path_map.h"
#include "render/source_file.h"
#include "render/view_trees.h"
#include "symbolize/source/config.h"

void texts_deinit(struct texts *texts)
{
	path_map_destroy(texts->map);
	view_trees_destroy(texts->trees);
	config_deinit(&texts->config);
}

void config_read(const struct coverage *coverage, const struct view_trees *trees,
		 struct kernel_config *ret)
{
	_cleanup_free_ char *path = NULL;
	const char *vmlinux = coverage->nr_images ? coverage->images[0].path : NULL;
	const char *slash = vmlinux ? strrchr(vmlinux, '/') : NULL;
	struct timespec modified;
	size_t size;

	if (asprintf(&path, "%.*s.config", slash ? (int)(slash + 1 - vmlinux) : 0,
		     vmlinux ? vmlinux : "") < 0) {
		path = NULL;
		return;
	}
	if (!source_file_image_time(path, &modified) || view_trees_older(trees, &modified))
		return;
	struct error *err = file_read_regular(path, SOURCE_SIZE_MAX, &ret->text, &size);
	if (!err)
		err = source_config_file_create(ret->text, size, &ret->options);
	error_destroy(err);
}

void config_deinit(struct kernel_config *config)
{
	source_config_file_destroy(config->options);
	free(config->text);
}

/* Whether the source is, as far as can be told, what was compiled. */
static enum coverage_source_state judge_source(const struct texts *texts, const char *path,
					       const struct source_md5 *md5)
{
	struct source_facts facts;
	_cleanup_error_ struct error *err = NULL;

	if (!view_trees_have(texts->trees, path))
		return access(path, F_OK) ? COVERAGE_SOURCE_MISSING : COVERAGE_SOURCE_OUTSIDE;
	err = source_file_read(path, md5, &facts);
	if (err)
		return err->code == ERROR_NOT_FOUND ? COVERAGE_SOURCE_MISSING
						    : COVERAGE_SOURCE_UNREADABLE;
	if (facts.is_changed)
		return COVERAGE_SOURCE_CHANGED;
	if (!facts.is_compared && view_trees_older(texts->trees, &facts.modified))
		return COVERAGE_SOURCE_NEWER;
	return COVERAGE_SOURCE_USED;
}

/* Called by several threads. */
static struct error *read_text(void *data, const struct coverage_file *file,
			       enum coverage_source_state *ret_state, char **ret, size_t *ret_size)
{
	const struct texts *texts = data;
	_cleanup_free_ char *path = NULL;
	_cleanup_error_ struct error *unreadable = NULL;
	struct error *err = path_map_apply(texts->map, file->path, &path);

	if (err)
		return err;
	*ret_state = judge_source(texts, path, &file->md5);
	if (*ret_state != COVERAGE_SOURCE_USED)
		return NULL;
	unreadable = file_read_regular(path, SOURCE_SIZE_MAX, ret, ret_size);
	if (unreadable)
		*ret_state = COVERAGE_SOURCE_UNREADABLE;
	return NULL;
}

struct error *texts_init(struct texts *texts, const struct coverage *coverage,
			 const struct view_options *options)
{
	struct error *err = path_map_create(
		options->paths ? options->paths : coverage,
		&(struct path_map_options){ options->source_dir, options->strip }, &texts->map);

	if (!err)
		err = view_trees_create(coverage, path_map_root(texts->map), options,
					&texts->trees);
	if (err)
		return err;
	config_read(coverage, texts->trees, &texts->config);
	return NULL;
}

struct coverage_texts texts_of_coverage(struct texts *texts)
{
	return (struct coverage_texts){
		.read = read_text,
		.data = texts,
		.config = texts->config.options,
	};
}

struct error *refine_by_sources(struct coverage *coverage, const struct view_options *options,
				const struct coverage_question *question)
{
	_cleanup_(texts_deinit) struct texts texts = { 0 };
	struct error *err = texts_init(&texts, coverage, options);
	struct coverage_texts of_coverage = texts_of_coverage(&texts);

	if (err)
		return err;
	of_coverage.jobs = options->jobs;
	of_coverage.question = question;
	return coverage_refine(coverage, &of_coverage);
}
