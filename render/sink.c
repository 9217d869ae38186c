// SPDX-License-Identifier: GPL-2.0-or-later
/* Collects the outputs of a report under temporary names and puts them in place together. */
#include "render/sink.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/caller.h"
#include "base/cleanup.h"
#include "base/io.h"
#include "base/outfile.h"
#include "base/outpath.h"
#include "base/unfinished.h"
#include "base/vector.h"

struct output {
	char *path; /* as the user would write it, for messages; NULL = the stream; owned */
	struct outfile *file;  /* NULL = the stream */
	struct writer *writer; /* NULL = finished */
};

DEFINE_VECTOR(output_vector, struct output);
DEFINE_VECTOR(path_vector, char *);

struct sink {
	char *directory; /* NULL: all output goes to the stream */
	FILE *stream;
	pthread_mutex_t lock; /* of what follows, until sink_commit() */
	struct output_vector outputs;
	struct path_vector made;  /* directories that were created, parents first; owned */
	struct path_vector stale; /* files to remove; owned */
};

static struct sink *new_sink(void)
{
	struct sink *sink = calloc(1, sizeof(*sink));

	if (sink)
		pthread_mutex_init(&sink->lock, NULL);
	return sink;
}

struct error *sink_create_stream(FILE *out, struct sink **ret)
{
	struct sink *sink = new_sink();

	if (!sink)
		return &error_no_memory;
	sink->stream = out;
	*ret = sink;
	return NULL;
}

/* All outputs are in place: keep the directories. */
static void keep_directories(struct sink *sink)
{
	vector_for_each(&sink->made, path) {
		unfinished_forget(*path);
		free(*path);
	}
	sink->made.len = 0;
}

void sink_destroy(struct sink *sink)
{
	if (!sink)
		return;
	vector_for_each(&sink->outputs, output) {
		outfile_destroy(output->file);
		free(output->writer);
		free(output->path);
	}
	for (size_t i = sink->made.len; i--;)
		rmdir(sink->made.data[i]);
	keep_directories(sink);
	vector_for_each(&sink->stale, path)
		free(*path);
	output_vector_deinit(&sink->outputs);
	path_vector_deinit(&sink->made);
	path_vector_deinit(&sink->stale);
	pthread_mutex_destroy(&sink->lock);
	free(sink->directory);
	free(sink);
}

static struct error *make_directory(struct sink *sink, const char *path)
{
	_cleanup_free_ char *copy = strdup(path);

	if (!copy || !path_vector_reserve(&sink->made, sink->made.len + 1))
		return &error_no_memory;
	if (mkdir(copy, 0777) == 0) {
		caller_own_path(copy);
		unfinished_add(copy, UNFINISHED_DIRECTORY);
		path_vector_append(&sink->made, &copy);
		(void)steal_ptr(&copy);
	} else {
		return errno == EEXIST ? directory_check(path)
				       : error_errno(errno, "cannot create directory '%s'", path);
	}
	return NULL;
}

/* Create the directories of path that end after byte `start`. */
static struct error *make_parents(struct sink *sink, char *path, size_t start)
{
	struct error *err = NULL;

	for (char *slash = strchr(path + start, '/'); !err && slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		err = make_directory(sink, path);
		*slash = '/';
	}
	return err;
}

static struct error *make_whole_directory(struct sink *sink, const char *directory)
{
	_cleanup_free_ char *copy = strdup(directory);

	if (!copy)
		return &error_no_memory;
	struct error *err = outpath_check(directory);
	if (!err)
		err = make_parents(sink, copy, *copy == '/');
	if (!err)
		err = make_directory(sink, copy);
	if (!err && access(directory, W_OK | X_OK))
		err = error_errno(errno, "cannot write to directory '%s'", directory);
	return err;
}

struct error *sink_create(const char *directory, struct sink **ret)
{
	_cleanup_sink_ struct sink *sink = new_sink();

	if (!sink)
		return &error_no_memory;
	sink->directory = strdup(directory);
	if (!sink->directory)
		return &error_no_memory;
	struct error *err = make_whole_directory(sink, directory);
	if (err)
		return err;
	*ret = steal_ptr(&sink);
	return NULL;
}

/* Add an output. file and path: taken on success; NULL for the stream. */
static struct error *add_output(struct sink *sink, struct outfile *file, char *path,
				struct writer **ret)
{
	_cleanup_free_ struct writer *writer = malloc(sizeof(*writer));

	if (!writer)
		return &error_no_memory;
	writer_init(writer, file ? outfile_stream(file) : sink->stream);
	if (!output_vector_append(&sink->outputs, &(struct output){ path, file, writer }))
		return &error_no_memory;
	*ret = steal_ptr(&writer);
	return NULL;
}

static struct error *open_output(struct sink *sink, const char *name, struct writer **ret)
{
	_cleanup_outfile_ struct outfile *file = NULL;
	_cleanup_free_ char *path = NULL;

	if (!sink->directory)
		return add_output(sink, NULL, NULL, ret);
	if (asprintf(&path, "%s/%s", sink->directory, name) < 0) {
		path = NULL;
		return &error_no_memory;
	}
	struct error *err = make_parents(sink, path, strlen(sink->directory) + 1);
	if (!err)
		err = outfile_create(path, &file);
	if (!err)
		err = add_output(sink, file, path, ret);
	if (err)
		return err;
	(void)steal_ptr(&path);
	(void)steal_ptr(&file);
	return NULL;
}

struct error *sink_open(struct sink *sink, const char *name, struct writer **ret)
{
	pthread_mutex_lock(&sink->lock);
	struct error *err = open_output(sink, name, ret);
	pthread_mutex_unlock(&sink->lock);
	return err;
}

/* A full disk is found here. */
static struct error *finish(struct output *output)
{
	if (!output->writer)
		return NULL;
	int errnum = writer_flush(output->writer);

	free(output->writer);
	output->writer = NULL;
	if (!output->file)
		return NULL;
	FILE *out = outfile_stream(output->file);
	errno = 0;
	if (!errnum && (fflush(out) || ferror(out)))
		errnum = errno ? errno : EIO;
	if (errnum)
		return error_errno(errnum, "cannot write '%s'", output->path);
	return outfile_finish(output->file);
}

struct error *sink_finish(struct sink *sink, struct writer *writer)
{
	struct error *err = NULL;

	pthread_mutex_lock(&sink->lock);
	/* Nearly always one of the last. */
	for (size_t i = sink->outputs.len; i--;)
		if (sink->outputs.data[i].writer == writer) {
			err = finish(&sink->outputs.data[i]);
			break;
		}
	pthread_mutex_unlock(&sink->lock);
	return err;
}

static bool begins_with(const char *path, const char *start)
{
	_cleanup_free_ char *head = malloc(strlen(start) + 1);
	_cleanup_close_ int fd = -1;
	size_t len = strlen(start);
	struct stat st;
	_cleanup_error_ struct error *err = file_open_regular(path, &fd, &st);

	return !err && head && read_full(fd, head, len) == (ssize_t)len &&
	       !memcmp(head, start, len);
}

struct error *sink_remove(struct sink *sink, const char *name, const char *start, bool *ret)
{
	_cleanup_free_ char *path = NULL;

	*ret = false;
	if (!sink->directory)
		return NULL;
	if (asprintf(&path, "%s/%s", sink->directory, name) < 0) {
		path = NULL;
		return &error_no_memory;
	}
	if (!begins_with(path, start))
		return NULL;
	pthread_mutex_lock(&sink->lock);
	*ret = path_vector_append(&sink->stale, &path);
	pthread_mutex_unlock(&sink->lock);
	if (!*ret)
		return &error_no_memory;
	(void)steal_ptr(&path);
	return NULL;
}

/* The new report does not name them, so that it is whole if this fails. */
static struct error *remove_stale(const struct sink *sink)
{
	vector_for_each(&sink->stale, path)
		if (unlink(*path) && errno != ENOENT)
			return error_errno(errno, "cannot remove '%s'", *path);
	return NULL;
}

struct error *sink_commit(struct sink *sink)
{
	vector_for_each(&sink->outputs, output) {
		struct error *err = finish(output);

		if (err)
			return err;
	}
	vector_for_each(&sink->outputs, output) {
		struct error *err = output->file ? outfile_place(output->file) : NULL;

		/* sink_destroy() then puts those before it back. */
		if (err)
			return err;
	}
	vector_for_each(&sink->outputs, output)
		if (output->file)
			outfile_keep(output->file);
	keep_directories(sink);
	return remove_stale(sink);
}
