// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz entry: take any lines as patterns and paths. Lines "+GLOB" and "-GLOB" are --include and
 * --exclude; all others are paths, which debug info chose.
 */
#include "base/tests/fuzz_main.h"

#include "base/cleanup.h"
#include "base/tests/fuzz_files.h"
#include "render/filter.h"
#include "render/path_map.h"

/* Bounds the time: fnmatch(3) tries each '*' at each place. */
#define LINE_SHOWN 200
#define LINES_MAX  64

static void check_absolute(const char *path)
{
	_cleanup_free_ char *absolute = NULL, *again = NULL;

	if (path_absolute(path, &absolute) || path_absolute(absolute, &again))
		abort();
	if (absolute[0] != '/' || strcmp(absolute, again) || strstr(absolute, "//") ||
	    strstr(absolute, "/./") || strstr(absolute, "/../"))
		abort();
}

static void try_path(struct filter *filter, const char *path)
{
	const char *inside = path_inside(path, "/src/linux");
	uint64_t before = 0, after = 0;

	if (inside && (inside < path || inside > path + strlen(path)))
		abort();
	check_absolute(path);
	vector_for_each(&filter->patterns, p)
		before += p->matches;
	bool keeps = filter_keeps(filter, path, inside);
	vector_for_each(&filter->patterns, p)
		after += p->matches;
	if (!keeps && after == before && !filter->patterns.len)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = fuzz_text(data, size);
	_cleanup_(filter_deinit) struct filter filter = { VECTOR_INIT };
	char *rest = text, *line;

	for (int i = 0; i < LINES_MAX && (line = strsep(&rest, "\n")); i++) {
		if (strlen(line) > LINE_SHOWN)
			line[LINE_SHOWN] = '\0';
		if (line[0] != '+' && line[0] != '-')
			try_path(&filter, line);
		else if (filter_add(&filter, line + 1, line[0] == '-'))
			abort();
	}
	return 0;
}
