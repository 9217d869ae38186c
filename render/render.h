/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Renderers turn a view (render/view.h) into a format. They read the view and nothing else: no ELF,
 * no /proc. The same view gives the same bytes. To add a format, add a file and a row in
 * render/renderers.c.
 */
#ifndef RENDER_RENDER_H
#define RENDER_RENDER_H

#include "base/error.h"
#include "render/sink.h"
#include "render/view.h"

struct render_options {
	const char *test_name; /* for lcov's TN, NULL = none */
	const char *generator; /* "kcovreport VERSION" */
};

enum renderer_kind {
	RENDER_FILE,	  /* opens one output */
	RENDER_DIRECTORY, /* opens any number, in a directory that has the renderer's name */
};

struct renderer {
	const char *name;    /* "lcov": what --format takes */
	const char *summary; /* "coverage.info, for genhtml ...": a line of --help */
	enum renderer_kind kind;
	/* Write to outputs of the sink, which the caller commits. The sink finds write errors. */
	struct error *(*render)(const struct view *view, const struct render_options *options,
				struct sink *sink);
};

/* NULL-terminated. */
extern const struct renderer *const renderers[];

/* NULL when no renderer has this name. */
const struct renderer *renderer_find(const char *name);

/*
 * "37.5" for 3/8: one decimal, rounded down, and "100.0" only when hit equals
 * found; "-" when nothing was found. buf holds 16 bytes. Returns buf.
 */
const char *render_percent(struct coverage_ratio ratio, char *buf);

#endif
