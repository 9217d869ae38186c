// SPDX-License-Identifier: GPL-2.0-or-later
/* The names in a diff: quotes and prefixes of paths, what comes from which line, objects. */
#include <ctype.h>
#include <string.h>

#include "base/strbuf.h"
#include "render/diff_private.h"

/* As git quotes. */
static const char escapes[][2] = {
	{ 'a', '\a' }, { 'b', '\b' }, { 'f', '\f' }, { 'n', '\n' },  { 'r', '\r' },
	{ 't', '\t' }, { 'v', '\v' }, { '"', '"' },  { '\\', '\\' },
};

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

/* How many bytes the escape after a backslash has; 0 = it is none. */
static size_t read_escape(const char *text, size_t length, char *ret)
{
	if (length >= 3 && text[0] <= '3' && is_octal(text[0]) && is_octal(text[1]) &&
	    is_octal(text[2])) {
		*ret = (char)((text[0] - '0') << 6 | (text[1] - '0') << 3 | (text[2] - '0'));
		return *ret ? 3 : 0;
	}
	for (size_t i = 0; length && i < sizeof(escapes) / sizeof(*escapes); i++)
		if (escapes[i][0] == text[0]) {
			*ret = escapes[i][1];
			return 1;
		}
	return 0;
}

/* Unquote from the opening quote on. *ret_length: with both quotes; 0 = wrong. */
static struct error *unquote(const char *text, size_t length, size_t *ret_length, char **ret)
{
	_cleanup_strbuf_ struct strbuf sb = STRBUF_INIT;
	size_t i = 1;

	*ret_length = 0;
	while (i < length && text[i] != '"') {
		char c = text[i++];

		if (c == '\\') {
			size_t n = read_escape(text + i, length - i, &c);

			if (!n)
				return NULL;
			i += n;
		}
		strbuf_addch(&sb, c);
	}
	if (i == length || !sb.len || memchr(sb.data, '\0', sb.len))
		return NULL;
	*ret_length = i + 1;
	return strbuf_steal(&sb, ret);
}

static struct error *bad_path(uint32_t at)
{
	return error_create(ERROR_FORMAT, "line %u of the diff: this is not a path", at);
}

struct error *diff_path_read(const char *text, size_t length, uint32_t at, char **ret)
{
	size_t quoted;

	if (length && *text == '"') {
		struct error *err = unquote(text, length, &quoted, ret);

		return err || quoted ? err : bad_path(at);
	}
	/* After a tab there is a date. git writes one after a path with blanks, too. */
	const char *tab = memchr(text, '\t', length);
	if (tab)
		length = (size_t)(tab - text);
	if (!length || memchr(text, '\0', length))
		return bad_path(at);
	if (length == 9 && !memcmp(text, "/dev/null", 9))
		return NULL;
	*ret = strndup(text, length);
	return *ret ? NULL : &error_no_memory;
}

/* After the prefix, if there is one. */
static const char *after_prefix(const char *path)
{
	/* a/ b/, and those of diff.mnemonicPrefix */
	return path[0] && strchr("abciow12", path[0]) && path[1] == '/' && path[2] ? path + 2
										   : NULL;
}

static bool same_but_prefix(const char *old, const char *new)
{
	const char *a = after_prefix(old), *b = after_prefix(new);

	return a && b && old[0] != new[0] && !strcmp(a, b);
}

/* "A B" where both are the same, or the same after a prefix: then the middle is known. */
static struct error *split_unquoted(const char *text, size_t length, uint32_t at,
				    struct file_patch *patch)
{
	size_t half = length / 2;

	if (length % 2 == 0 || text[half] != ' ' || half == 0)
		return NULL;
	struct error *err = diff_path_read(text, half, at, &patch->old_given);
	if (!err)
		err = diff_path_read(text + half + 1, half, at, &patch->new_given);
	if (err)
		return err;
	if (patch->old_given && patch->new_given &&
	    (!strcmp(patch->old_given, patch->new_given) ||
	     same_but_prefix(patch->old_given, patch->new_given)))
		return NULL;
	free(patch->old_given);
	free(patch->new_given);
	patch->old_given = patch->new_given = NULL;
	return NULL;
}

struct error *diff_paths_of_git(const char *text, size_t length, uint32_t at,
				struct file_patch *patch)
{
	size_t quoted;

	if (!length || *text != '"')
		return split_unquoted(text, length, at, patch);
	struct error *err = unquote(text, length, &quoted, &patch->old_given);
	if (err || !quoted)
		return err;
	if (length <= quoted + 1 || text[quoted] != ' ')
		return bad_path(at);
	return diff_path_read(text + quoted + 1, length - quoted - 1, at, &patch->new_given);
}

static struct error *copy_path(const char *path, char **ret)
{
	free(*ret);
	*ret = path ? strdup(path) : NULL;
	return !path || *ret ? NULL : &error_no_memory;
}

/* Which prefix the path has shows in the other one: it is not taken off where they differ. */
static void take_prefixes(const struct file_patch *p, const char **old, const char **new)
{
	*old = p->old_given;
	*new = p->new_given;
	if (p->old_given && p->new_given) {
		if (!same_but_prefix(p->old_given, p->new_given) &&
		    !(p->is_git && strcmp(p->old_given, p->new_given)))
			return;
	} else if (!p->is_git) {
		return;
	}
	const char *a = p->old_given ? after_prefix(p->old_given) : NULL;
	const char *b = p->new_given ? after_prefix(p->new_given) : NULL;
	if ((p->old_given && !a) || (p->new_given && !b))
		return;
	*old = a;
	*new = b;
}

struct error *diff_paths_finish(struct file_patch *patch)
{
	const char *old, *new;

	take_prefixes(patch, &old, &new);
	/* Of a file that is empty only "diff --git" has the path. */
	if (patch->has_names) {
		patch->is_new |= !patch->old_given && new;
		patch->is_deleted |= !patch->new_given && old;
	}
	if (patch->bare_old && patch->bare_new) {
		old = patch->bare_old;
		new = patch->bare_new;
	} else if (new) {
		/* Two names are those of two trees, or of a copy that `diff -u` compared with. */
		old = patch->is_new ? NULL : new;
	}
	struct error *err = copy_path(old, &patch->old_path);
	return err ? err : copy_path(new, &patch->new_path);
}

/* Returns how many digits it has. */
static size_t read_blob(const char *text, size_t length, char *ret)
{
	size_t n = 0;

	while (n < length && isxdigit((unsigned char)text[n]))
		n++;
	size_t kept = n < DIFF_BLOB_SIZE ? n : DIFF_BLOB_SIZE - 1;
	memcpy(ret, text, kept);
	ret[kept] = '\0';
	return n;
}

void diff_blobs_read(const char *text, size_t length, struct file_patch *patch)
{
	size_t n = read_blob(text, length, patch->old_blob);

	if (length - n > 2 && text[n] == '.' && text[n + 1] == '.')
		read_blob(text + n + 2, length - n - 2, patch->new_blob);
}

bool diff_blobs_equal(const char *a, const char *b)
{
	size_t n = strlen(a) < strlen(b) ? strlen(a) : strlen(b);

	/* Zeros are of no object, or of one that git has not named yet. */
	return n >= 4 && !strncmp(a, b, n) && strspn(a, "0") < n;
}
