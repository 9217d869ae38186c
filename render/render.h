/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Renderers write a view (render/view.h) in one format. They read the view and
 * nothing else: no ELF, no /proc. The same view always gives the same bytes. To
 * add a format, add a file and a row in render/renderers.c.
 */
#ifndef RENDER_RENDER_H
#define RENDER_RENDER_H

#include "base/error.h"
#include "render/sink.h"
#include "render/view.h"

struct compare;
struct compare_names;
struct unmeasured;

struct render_options {
	const char *test_name; /* for lcov's TN, NULL = none */
	const char *generator; /* "kcovreport VERSION" */
	uint64_t time;	       /* of the report, in seconds since 1970; for Cobertura */
	unsigned int jobs;     /* threads that write html; 0 counts as 1 */
	/* What the runs of the view are compared by, for html; NULL = they are not compared. */
	const struct compare *compare;
	const struct compare_names *compare_names;
	/* Why lines have no coverage, for html; NULL = not known. */
	const struct unmeasured *unmeasured;
};

enum renderer_kind {
	RENDER_FILE,	  /* opens one output */
	RENDER_DIRECTORY, /* opens any number of outputs, in a directory with the renderer's name */
};

struct renderer {
	const char *name;    /* as --format takes it: "lcov" */
	const char *summary; /* its line in --help: "coverage.info, for genhtml ..." */
	enum renderer_kind kind;
	bool needs_points; /* coverage.each_point */
	/* Write to outputs of the sink, which the caller commits. The sink reports write errors. */
	struct error *(*render)(const struct view *view, const struct render_options *options,
				struct sink *sink);
};

/* NULL-terminated. */
extern const struct renderer *const renderers[];

/* Returns NULL if no renderer has this name. */
const struct renderer *renderer_find(const char *name);

/*
 * Format a ratio as a percentage with one decimal, rounded down: "37.5" for 3/8.
 * "100.0" only if hit equals found; "-" if found is 0. buf holds 16 bytes. Returns
 * buf.
 */
const char *render_percent(struct coverage_ratio ratio, char *buf);

#endif
