// SPDX-License-Identifier: GPL-2.0-or-later
/* Follows the links of an output's path, unless another user may have planted them. */
#include "base/outpath.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/caller.h"
#include "base/cleanup.h"

/* As many as the kernel follows. */
#define LINKS_MAX 40

/* The directory that path is in, with the '/'; "./" if it has none. */
static char *directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? strndup(path, slash + 1 - path) : strdup("./");
}

/* Whether anyone may make a file in the directory of path, but only its owner may remove it. */
static struct error *in_shared_directory(const char *path, bool *shared, uid_t *owner)
{
	_cleanup_free_ char *directory = directory_of(path);
	struct stat st;

	if (!directory)
		return &error_no_memory;
	if (stat(directory, &st))
		return error_errno(errno, "cannot use directory '%s'", directory);
	*shared = (st.st_mode & S_ISVTX) && (st.st_mode & S_IWOTH);
	*owner = st.st_uid;
	return NULL;
}

/* st: of path itself, not of what it points to. */
static struct error *check_planted(const char *path, const struct stat *st)
{
	/* A link leads elsewhere, and opening a pipe may last forever. */
	bool is_plain = S_ISREG(st->st_mode) || S_ISDIR(st->st_mode), shared;
	uid_t owner;

	if (caller_trusts(st->st_uid))
		return NULL;
	struct error *err = in_shared_directory(path, &shared, &owner);
	if (err)
		return err;
	if ((is_plain || geteuid() != 0) && (!shared || st->st_uid == owner))
		return NULL;
	return error_hint(error_create(ERROR_INVALID, "'%s' is a %s of another user (uid %u)", path,
				       S_ISLNK(st->st_mode) ? "link" : "file", st->st_uid),
			  "choose another output");
}

static struct error *check_link(const char *path)
{
	struct stat st;

	return !lstat(path, &st) && S_ISLNK(st.st_mode) ? check_planted(path, &st) : NULL;
}

/* Check the directories of path. */
static struct error *check_parents(char *path)
{
	struct error *err = NULL;

	for (char *slash = strchr(path + (*path == '/'), '/'); !err && slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		err = check_link(path);
		*slash = '/';
	}
	return err;
}

/* Replace *path by what the link points to. */
static struct error *follow(int fd, char **path)
{
	_cleanup_free_ char *directory = directory_of(*path);
	char target[PATH_MAX], *next;
	ssize_t n = readlinkat(fd, "", target, sizeof(target) - 1);

	if (n < 0)
		return error_errno(errno, "cannot read link '%s'", *path);
	target[n] = '\0';
	if (!directory || asprintf(&next, "%s%s", *target == '/' ? "" : directory, target) < 0)
		return &error_no_memory;
	free(*path);
	*path = next;
	return NULL;
}

/* Links such as /proc/self/fd/1 do not contain a path. */
static bool is_of_proc(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC;
}

/* Sets *followed if the file at *path was a link, and *path is now what it points to. */
static struct error *step(char **path, bool *followed)
{
	/* The link whose owner is checked is the one that is read: it is opened. */
	_cleanup_close_ int fd = open(*path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	*followed = false;
	struct error *err = check_parents(*path);
	if (err)
		return err;
	/* What cannot be opened fails later, with a better message; what does not exist is new. */
	if (fd < 0 || fstat(fd, &st))
		return NULL;
	err = check_planted(*path, &st);
	if (err || !S_ISLNK(st.st_mode))
		return err;
	if (is_of_proc(fd)) {
		char *real = realpath(*path, NULL);

		if (real) {
			free(*path);
			*path = real;
		}
		return NULL;
	}
	*followed = true;
	return follow(fd, path);
}

struct error *outpath_resolve(const char *path, char **ret)
{
	_cleanup_free_ char *at = strdup(path);
	bool followed = true;

	if (!at)
		return &error_no_memory;
	for (int i = 0; followed; i++) {
		if (i > LINKS_MAX)
			return error_errno(ELOOP, "cannot open '%s' for writing", path);
		struct error *err = step(&at, &followed);
		if (err)
			return err;
	}
	*ret = steal_ptr(&at);
	return NULL;
}

struct error *outpath_check_file(const char *path)
{
	_cleanup_free_ char *resolved = NULL;

	return outpath_resolve(path, &resolved);
}

struct error *outpath_check(const char *path)
{
	_cleanup_free_ char *copy = strdup(path);

	if (!copy)
		return &error_no_memory;
	struct error *err = check_parents(copy);
	return err ? err : check_link(copy);
}
