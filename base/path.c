// SPDX-License-Identifier: GPL-2.0-or-later
/* Joins and normalises source paths as text. */
#include "base/path.h"

#include <string.h>

/* Remove the last component of the text in sb after `keep` bytes; false if there is none. */
static bool drop_component(struct strbuf *sb, size_t keep)
{
	size_t len = sb->len;

	while (len > keep && sb->data[len - 1] != '/')
		len--;
	if (sb->len == keep || !strcmp(sb->data + len, ".."))
		return false;
	sb->len = len > keep ? len - 1 : keep;
	sb->data[sb->len] = '\0';
	return true;
}

static void add_component(struct strbuf *sb, const char *component, size_t len, bool absolute)
{
	size_t root = absolute ? 1 : 0;

	if (len == 0 || (len == 1 && component[0] == '.'))
		return;
	if (len == 2 && !memcmp(component, "..", 2) && !sb->failed) {
		/* "/.." is "/"; a relative path keeps its leading "..". */
		if (drop_component(sb, root) || absolute) {
			if (absolute && sb->len == 0)
				strbuf_addch(sb, '/');
			return;
		}
	}
	if (sb->len > root)
		strbuf_addch(sb, '/');
	strbuf_add(sb, component, len);
}

static void add_components(struct strbuf *sb, const char *path, bool absolute)
{
	while (*path) {
		size_t len = strcspn(path, "/");

		add_component(sb, path, len, absolute);
		path += len;
		path += strspn(path, "/");
	}
}

void path_normalise(const char *directory, const char *path, struct strbuf *ret)
{
	bool joined = path[0] != '/' && directory && *directory;
	bool absolute = joined ? directory[0] == '/' : path[0] == '/';

	strbuf_reset(ret);
	if (absolute)
		strbuf_addch(ret, '/');
	if (joined)
		add_components(ret, directory, absolute);
	add_components(ret, path, absolute);
}
