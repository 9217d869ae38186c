/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MAINTAINERS of a kernel tree: its entries (subsystems), and which of them a file is in. The rules
 * are those of scripts/get_maintainer.pl:
 *
 * - A line that begins with a capital letter and ':' is a field. Any other line is the title of the
 *   fields that follow it, unless it is blank or begins with '#'.
 * - F: and X: are patterns for the beginning of a path: '*' is any text, '?' any character. '.' is
 *   itself; all else has its meaning in a regular expression, so that "[ch]" is 'c' or 'h'. If a
 *   pattern ends with '/', or is a directory of the tree and has no '*', '?' and '.', then it takes
 *   everything below. Any other pattern takes only paths with as many '/' as it has itself.
 * - N: is a regular expression of Perl, searched for in the path. White space in it is ignored.
 * - A file is in an entry if an F: or N: matches and no X: does.
 *
 * K: is about the content of a patch, and is not used. An empty N: matches nothing. A CR at the end
 * of a line is ignored.
 *
 * The text is hostile: it has at most MAINTAINERS_SIZE_MAX bytes, and a regular expression that is
 * wrong, or takes too many steps for a path, is an error that names its line.
 */
#ifndef RENDER_MAINTAINERS_H
#define RENDER_MAINTAINERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/vector.h"

#define MAINTAINERS_SIZE_MAX (16U << 20)
/* Regular expressions in one file; Linux 6.12 has 62. */
#define MAINTAINERS_REGEX_MAX 1000

struct maintainers;

struct maintainers_entry {
	const char *title;
	uint32_t line; /* of its first field */
	bool is_rest;  /* "THE REST", which every file is in */
	/* The values of M:, R: and L:, as in the file. */
	const char *const *contacts;
	size_t nr_contacts;
};

/* Numbers of entries. */
DEFINE_VECTOR(entry_vector, uint32_t);

/*
 * Read a text, which is copied. root: the tree whose directories count, NULL = none. ERROR_FORMAT:
 * not such a text, or a regular expression is wrong.
 */
struct error *maintainers_parse(const char *text, size_t size, const char *root,
				struct maintainers **ret);
/* The same for ROOT/MAINTAINERS. */
struct error *maintainers_read(const char *root, struct maintainers **ret);
/* Accepts NULL. */
void maintainers_destroy(struct maintainers *maintainers);
DEFINE_CLEANUP(maintainers, struct maintainers, maintainers_destroy);
#define _cleanup_maintainers_ _cleanup_(cleanup_maintainers)

/* Valid as long as the maintainers. In the order of the text. */
const struct maintainers_entry *maintainers_entries(const struct maintainers *maintainers,
						    size_t *ret_nr);

/*
 * The entries that a file is in, ascending; path is relative to the tree. ret is emptied first.
 */
struct error *maintainers_find(const struct maintainers *maintainers, const char *path,
			       struct entry_vector *ret);
/* The same without THE REST, unless the file is in no other entry. */
struct error *maintainers_find_subsystems(const struct maintainers *maintainers, const char *path,
					  struct entry_vector *ret);

/* Whether the title or a contact of an entry has this text in it, in upper or lower case. */
bool maintainers_entry_has(const struct maintainers_entry *entry, const char *text);

#endif
