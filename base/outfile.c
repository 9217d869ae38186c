// SPDX-License-Identifier: GPL-2.0-or-later
/* Output files that replace the old file atomically; see outfile.h. */
#include "base/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/unfinished.h"

struct outfile {
	char *path;
	char *temporary; /* NULL if the path is written directly */
	FILE *stream;
};

static mode_t current_umask(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return mask;
}

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
	fchmod(fd, 0666 & ~current_umask());
	*ret = fd;
	return NULL;
}

static struct error *open_direct(struct outfile *out, int *ret)
{
	int fd = open(out->path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return error_errno(errno, "cannot open '%s' for writing", out->path);
	*ret = fd;
	return NULL;
}

struct error *outfile_create(const char *path, struct outfile **ret)
{
	_cleanup_outfile_ struct outfile *out = calloc(1, sizeof(*out));
	_cleanup_close_ int fd = -1;
	struct error *err;
	struct stat st;

	if (!out)
		return &error_no_memory;
	/* A symbolic link stays a link: the file that it points to is replaced. */
	out->path = realpath(path, NULL);
	if (!out->path)
		out->path = strdup(path);
	if (!out->path)
		return &error_no_memory;
	if (stat(out->path, &st) == 0 && !S_ISREG(st.st_mode))
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

struct error *outfile_finish(struct outfile *out)
{
	errno = 0;
	bool failed = ferror(out->stream);

	if (fflush(out->stream) || failed)
		return error_errno(errno ? errno : EIO, "cannot write '%s'", out->path);
	FILE *stream = steal_ptr(&out->stream);
	if (fclose(stream))
		return error_errno(errno, "cannot write '%s'", out->path);
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

void outfile_destroy(struct outfile *out)
{
	if (!out)
		return;
	if (out->stream)
		fclose(out->stream);
	if (out->temporary)
		unlink(out->temporary);
	unfinished_forget(out->temporary);
	free(out->temporary);
	free(out->path);
	free(out);
}

struct error *make_directories(const char *path)
{
	_cleanup_free_ char *copy = strdup(path);

	if (!copy)
		return &error_no_memory;
	for (char *p = copy; *p; p++) {
		if (p == copy || *p != '/')
			continue;
		*p = '\0';
		if (mkdir(copy, 0777) && errno != EEXIST)
			return error_errno(errno, "cannot create directory '%s'", copy);
		*p = '/';
	}
	struct stat st;
	if (mkdir(copy, 0777) && errno != EEXIST)
		return error_errno(errno, "cannot create directory '%s'", copy);
	if (stat(copy, &st))
		return error_errno(errno, "cannot use directory '%s'", copy);
	if (!S_ISDIR(st.st_mode))
		return error_errno(ENOTDIR, "cannot use directory '%s'", copy);
	return NULL;
}
