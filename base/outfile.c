// SPDX-License-Identifier: GPL-2.0-or-later
/* Output files that replace the old file atomically; see outfile.h. */
#include "base/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/caller.h"
#include "base/cleanup.h"
#include "base/outpath.h"
#include "base/unfinished.h"

/* What outfile_place() did. */
enum placed {
	PLACED_NOT,
	PLACED_NEW,	  /* there was no file */
	PLACED_LINKED,	  /* the old file has the name `backup` */
	PLACED_OVER,	  /* the old file is gone */
	PLACED_EXCHANGED, /* the old file has the temporary name */
};

struct outfile {
	char *path;
	char *temporary; /* NULL if the path is written directly */
	char *backup;	 /* NULL if no such name was made */
	FILE *stream;
	bool replaces;	 /* a regular file, whose owner and mode are kept */
	struct stat old; /* that file */
	enum placed placed;
};

/* Other threads may make files meanwhile: none may get more than it would with the real mask. */
static mode_t current_umask(void)
{
	mode_t mask = umask(0777);

	umask(mask);
	return mask;
}

/* Only we can read the file until it is complete. */
static struct error *open_temporary(struct outfile *out, int *ret)
{
	if (asprintf(&out->temporary, "%s.XXXXXX", out->path) < 0) {
		out->temporary = NULL;
		return &error_no_memory;
	}
	int fd = mkostemp(out->temporary, O_CLOEXEC);
	if (fd < 0) {
		struct error *err = error_errno(errno, "cannot create '%s'", out->path);

		free(steal_ptr(&out->temporary));
		return err;
	}
	unfinished_add(out->temporary, UNFINISHED_FILE);
	*ret = fd;
	return NULL;
}

/*
 * Owner and mode of the old file, or those of a new one. If we may not give the file to the old
 * group, that group's permissions must not go to ours.
 */
static void set_owner(const struct outfile *out, int fd)
{
	mode_t mode = out->replaces ? out->old.st_mode & 0777 : 0666 & ~current_umask();
	struct stat st;

	if (!out->replaces) {
		caller_own(fd);
	} else if (!fstat(fd, &st)) {
		bool same = st.st_uid == out->old.st_uid && st.st_gid == out->old.st_gid;

		if (!same && fchown(fd, out->old.st_uid, out->old.st_gid) &&
		    fchown(fd, -1, out->old.st_gid))
			mode = (mode & ~070) | (mode & 007) << 3;
	}
	fchmod(fd, mode);
}

static struct error *open_direct(struct outfile *out, int *ret)
{
	int fd = open(out->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return error_errno(errno, "cannot open '%s' for writing", out->path);
	*ret = fd;
	return NULL;
}

struct error *outfile_create(const char *path, struct outfile **ret)
{
	_cleanup_outfile_ struct outfile *out = calloc(1, sizeof(*out));
	_cleanup_close_ int fd = -1;

	if (!out)
		return &error_no_memory;
	if (!*path)
		return error_errno(ENOENT, "cannot create '%s'", path);
	struct error *err = outpath_resolve(path, &out->path);
	if (err)
		return err;
	bool exists = stat(out->path, &out->old) == 0;
	out->replaces = exists && S_ISREG(out->old.st_mode);
	if (exists && !out->replaces)
		err = open_direct(out, &fd);
	else
		err = open_temporary(out, &fd);
	if (err)
		return err;
	out->stream = fdopen(fd, "w");
	if (!out->stream)
		return error_errno(errno, "cannot open '%s'", path);
	steal_fd(&fd);
	*ret = steal_ptr(&out);
	return NULL;
}

FILE *outfile_stream(struct outfile *out)
{
	return out->stream;
}

static struct error *write_error(const struct outfile *out, int errnum)
{
	struct error *err = error_errno(errnum, "cannot write '%s'", out->path);

	if (errnum == EFBIG)
		return error_hint(err, "raise the limit on the size of files ('ulimit -f')");
	return err;
}

struct error *outfile_write(struct outfile *out, const void *data, size_t size)
{
	errno = 0;
	if (fwrite(data, 1, size, out->stream) != size)
		return write_error(out, errno ? errno : EIO);
	return NULL;
}

struct error *outfile_finish(struct outfile *out)
{
	errno = 0;
	bool failed = ferror(out->stream);

	if (fflush(out->stream) || failed)
		return write_error(out, errno ? errno : EIO);
	if (out->temporary)
		set_owner(out, fileno(out->stream));
	FILE *stream = steal_ptr(&out->stream);
	if (fclose(stream))
		return write_error(out, errno);
	return NULL;
}

struct error *outfile_commit(struct outfile *out)
{
	struct error *err = out->stream ? outfile_finish(out) : NULL;

	if (err || !out->temporary)
		return err;
	if (rename(out->temporary, out->path))
		return error_errno(errno, "cannot rename '%s' to '%s'", out->temporary, out->path);
	unfinished_forget(out->temporary);
	free(steal_ptr(&out->temporary));
	return NULL;
}

/* Only a regular file is exchanged: a directory could not be removed after that. */
static bool exchange(const struct outfile *out)
{
	struct stat st;

	return !lstat(out->path, &st) && S_ISREG(st.st_mode) &&
	       !renameat2(AT_FDCWD, out->temporary, AT_FDCWD, out->path, RENAME_EXCHANGE);
}

static void drop_backup(struct outfile *out)
{
	if (out->backup)
		unlink(out->backup);
	unfinished_forget(out->backup);
	free(steal_ptr(&out->backup));
}

/* Give the old file a second name: NFS has links, but cannot exchange two files. */
static bool link_old(struct outfile *out)
{
	if (asprintf(&out->backup, "%s.old", out->temporary) < 0)
		out->backup = NULL;
	if (out->backup && !link(out->path, out->backup)) {
		unfinished_add(out->backup, UNFINISHED_FILE);
		return true;
	}
	free(steal_ptr(&out->backup));
	return false;
}

struct error *outfile_place(struct outfile *out)
{
	struct error *err = out->stream ? outfile_finish(out) : NULL;

	if (err || !out->temporary)
		return err;
	if (exchange(out)) {
		out->placed = PLACED_EXCHANGED;
		return NULL;
	}
	enum placed placed = access(out->path, F_OK) && errno == ENOENT ? PLACED_NEW : PLACED_OVER;
	if (placed == PLACED_OVER && link_old(out))
		placed = PLACED_LINKED;
	if (rename(out->temporary, out->path)) {
		err = error_errno(errno, "cannot rename '%s' to '%s'", out->temporary, out->path);
		drop_backup(out);
		return err;
	}
	out->placed = placed;
	return NULL;
}

void outfile_keep(struct outfile *out)
{
	if (out->placed == PLACED_EXCHANGED)
		unlink(out->temporary);
	if (out->placed != PLACED_NOT) {
		unfinished_forget(out->temporary);
		free(steal_ptr(&out->temporary));
	}
	drop_backup(out);
	out->placed = PLACED_NOT;
}

/* Afterwards the temporary name has our file again, which is removed. */
static void take_back(struct outfile *out)
{
	if (out->placed == PLACED_EXCHANGED)
		(void)renameat2(AT_FDCWD, out->temporary, AT_FDCWD, out->path, RENAME_EXCHANGE);
	if (out->placed == PLACED_NEW)
		(void)rename(out->path, out->temporary);
	if (out->placed == PLACED_LINKED)
		(void)rename(out->backup, out->path);
	out->placed = PLACED_NOT;
}

void outfile_destroy(struct outfile *out)
{
	if (!out)
		return;
	take_back(out);
	drop_backup(out);
	if (out->stream)
		fclose(out->stream);
	if (out->temporary)
		unlink(out->temporary);
	unfinished_forget(out->temporary);
	free(out->temporary);
	free(out->path);
	free(out);
}

struct error *directory_check(const char *path)
{
	char target[PATH_MAX];
	struct stat st;

	if (!stat(path, &st))
		return S_ISDIR(st.st_mode)
			       ? NULL
			       : error_errno(ENOTDIR, "cannot use directory '%s'", path);
	int errnum = errno;
	ssize_t n = errnum == ENOENT ? readlink(path, target, sizeof(target) - 1) : -1;
	if (n < 0)
		return error_errno(errnum, "cannot use directory '%s'", path);
	target[n] = '\0';
	return error_errno(errnum, "cannot use directory '%s', a symbolic link to '%s'", path,
			   target);
}

static struct error *make_directory(const char *path)
{
	if (!mkdir(path, 0777))
		return NULL;
	return errno == EEXIST ? directory_check(path)
			       : error_errno(errno, "cannot create directory '%s'", path);
}

struct error *make_directories(const char *path)
{
	_cleanup_free_ char *copy = strdup(path);
	struct error *err = NULL;

	if (!copy)
		return &error_no_memory;
	for (char *p = copy; !err && *p; p++) {
		if (p == copy || *p != '/')
			continue;
		*p = '\0';
		err = make_directory(copy);
		*p = '/';
	}
	return err ? err : make_directory(copy);
}
