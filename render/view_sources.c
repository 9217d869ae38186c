// SPDX-License-Identifier: GPL-2.0-or-later
/* Looks at the sources of a view. */
#include "render/view_sources.h"

#include <unistd.h>

#include "base/cleanup.h"
#include "base/workers.h"

struct reading {
	struct view_source *sources;
	const struct view_trees *trees;
};

/* That a source cannot be read is a result, not an error. */
static struct error *read_source(void *arg, unsigned int worker, size_t number)
{
	struct reading *reading = arg;
	struct view_source *s = &reading->sources[number];

	(void)worker;
	s->file.nr_lines = UINT32_MAX;
	s->outside = !view_trees_have(reading->trees, s->path);
	/* Only look whether it exists, so that missing sources are counted wherever they are. */
	if (!s->outside || access(s->path, F_OK))
		s->err = source_file_read(s->path, &s->md5, &s->file);
	return s->err && error_is_shortage(s->err) ? steal_ptr(&s->err) : NULL;
}

struct error *view_sources_read(struct view_source_vector *sources, const struct view_trees *trees,
				unsigned int jobs)
{
	struct reading reading = { sources->data, trees };

	return workers_run(jobs, sources->len, read_source, &reading);
}

void view_sources_deinit(struct view_source_vector *sources)
{
	vector_for_each(sources, s)
		error_destroy(s->err);
	view_source_vector_deinit(sources);
}
