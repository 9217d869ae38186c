/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Between maintainers.c, which has entries, and maintainers_pattern.c, which has their patterns. */
#ifndef RENDER_MAINTAINERS_PRIVATE_H
#define RENDER_MAINTAINERS_PRIVATE_H

#include "render/maintainers.h"

struct maintainers_regex;

/* An F:, X: or N:. */
struct maintainers_pattern {
	const char *text; /* as in the file, perhaps with a '/' more; borrowed */
	size_t length;
	size_t head; /* bytes of text that every match begins with, up to and with a '/' */
	uint32_t entry;
	uint32_t line;
	uint32_t slashes;
	bool is_tree;			 /* F: and X: ends with '/' */
	bool is_plain;			 /* N: text without special characters */
	struct maintainers_regex *regex; /* NULL: the text is enough */
};

DEFINE_VECTOR(maintainers_pattern_vector, struct maintainers_pattern);

/*
 * Fill in a pattern of F: or X: whose text, entry and line are set; *nr_regex counts regular
 * expressions. ERROR_FORMAT if it is wrong.
 */
struct error *maintainers_path_init(struct maintainers_pattern *pattern, size_t *nr_regex);
/* The same of N:. */
struct error *maintainers_name_init(struct maintainers_pattern *pattern, size_t *nr_regex);
void maintainers_pattern_deinit(struct maintainers_pattern *pattern);

/* The path that is looked for. */
struct maintainers_question {
	const char *path;
	size_t length;
	uint32_t slashes;
	uint64_t steps; /* that were needed until now */
};

/* ERROR_FORMAT if a pattern, or all that were tried, take too many steps. */
struct error *maintainers_path_matches(const struct maintainers_pattern *pattern,
				       struct maintainers_question *question, bool *ret);
struct error *maintainers_name_matches(const struct maintainers_pattern *pattern,
				       struct maintainers_question *question, bool *ret);

#endif
