/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Renderers turn coverage into a file format. They read `struct coverage` and
 * nothing else: no ELF, no /proc. The same coverage gives the same bytes.
 * Adding a format is one file and one row in render/renderers.c.
 */
#ifndef RENDER_RENDER_H
#define RENDER_RENDER_H

#include <stdio.h>

#include "base/error.h"
#include "symbolize/coverage/coverage.h"

struct render_options {
	const char *test_name; /* for lcov's TN, NULL = none */
	const char *generator; /* "kcovreport VERSION" */
};

struct renderer {
	const char *name;      /* "lcov" */
	const char *file_name; /* "coverage.info" */
	/* Write to out; write errors of out are found by its owner. */
	struct error *(*render)(const struct coverage *coverage,
				const struct render_options *options, FILE *out);
};

/* NULL-terminated. */
extern const struct renderer *const renderers[];

/*
 * "37.5" for 3/8: one decimal, rounded down, and "100.0" only when hit equals
 * found; "-" when nothing was found. buf holds 16 bytes. Returns buf.
 */
const char *render_percent(struct coverage_ratio ratio, char *buf);

#endif
