// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes a run file: buffers encoded records and appends them to the file. */
#include "run/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/caller.h"
#include "base/cleanup.h"
#include "base/io.h"
#include "base/outpath.h"
#include "run/format.h"
#include "run/pack.h"

/* The writer flushes by itself when this many bytes are buffered. */
#define AUTO_FLUSH_SIZE ((size_t)8 << 20)

struct run_writer {
	char *path;
	int fd;
	bool created; /* the file did not exist before */
	bool flushed; /* the old content of the file is gone */
	bool ended;   /* the end record is in the buffer or in the file */
	int errnum;   /* the first error, returned by all later calls; 0 = none */
	struct strbuf buffer;
	struct run_packer *packer; /* the PCs that are not in the buffer yet */
	uint64_t nr_records;
};

static struct error *writer_error(const struct run_writer *w)
{
	struct error *err = error_errno(w->errnum, "cannot write '%s'", w->path);

	if (w->errnum == ENOSPC || w->errnum == EDQUOT)
		return error_hint(err, "free space, or write to another file system with -o");
	if (w->errnum == EFBIG)
		return error_hint(err, "raise the limit on the size of files ('ulimit -f')");
	return err;
}

static struct error *open_file(struct run_writer *w)
{
	const int flags = O_WRONLY | O_CLOEXEC | O_NOCTTY;

	/* O_EXCL tells whether we created the file and may remove it. */
	w->fd = open(w->path, flags | O_CREAT | O_EXCL, 0666);
	w->created = w->fd >= 0;
	/*
	 * In a directory like /tmp the kernel refuses O_CREAT for a file of another user, such as
	 * the caller of sudo (fs.protected_regular). A dangling link needs it.
	 */
	if (w->fd < 0 && errno == EEXIST)
		w->fd = open(w->path, flags);
	if (w->fd < 0 && errno == ENOENT)
		w->fd = open(w->path, flags | O_CREAT, 0666);
	if (w->fd < 0)
		return error_errno(errno, "cannot open '%s' for writing", w->path);
	if (w->created)
		caller_own(w->fd);
	return NULL;
}

struct error *run_writer_create(const char *path, struct run_writer **ret)
{
	_cleanup_run_writer_ struct run_writer *w = calloc(1, sizeof(*w));

	if (!w)
		return &error_no_memory;
	w->fd = -1;
	w->path = strdup(path);
	if (!w->path)
		return &error_no_memory;
	struct error *err = outpath_check_file(path);
	if (!err)
		err = open_file(w);
	if (err)
		return err;
	run_encode_header(&w->buffer);
	err = strbuf_check(&w->buffer);
	if (!err)
		err = run_packer_create(&w->packer);
	if (err)
		return err;
	*ret = steal_ptr(&w);
	return NULL;
}

/*
 * Remove the file only if the name still refers to it: another file may have been
 * renamed over it.
 */
static void remove_created(const struct run_writer *w)
{
	struct stat ours, named;

	if (fstat(w->fd, &ours) || lstat(w->path, &named))
		return;
	if (ours.st_dev == named.st_dev && ours.st_ino == named.st_ino)
		unlink(w->path);
}

void run_writer_destroy(struct run_writer *w)
{
	if (!w)
		return;
	if (w->created && !w->flushed)
		remove_created(w);
	if (w->fd >= 0)
		close(w->fd);
	strbuf_deinit(&w->buffer);
	run_packer_destroy(w->packer);
	free(w->path);
	free(w);
}

/* Called by the first flush. Until then the old content of an existing file is kept. */
static int drop_old_content(int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		return -1;
	/* A pipe, a terminal or /dev/null has nothing to drop. */
	return S_ISREG(st.st_mode) ? ftruncate(fd, 0) : 0;
}

/* Write the buffer to the file. */
static struct error *write_buffer(struct run_writer *w)
{
	if ((!w->flushed && drop_old_content(w->fd)) ||
	    write_all(w->fd, w->buffer.data, w->buffer.len)) {
		w->errnum = errno;
		w->flushed = true;
		return writer_error(w);
	}
	w->flushed = true;
	strbuf_reset(&w->buffer);
	return NULL;
}

/* Move the PCs that were added so far into the buffer. */
static struct error *pack(struct run_writer *w)
{
	struct error *err = run_packer_flush(w->packer, &w->buffer, &w->nr_records);

	if (!err)
		return NULL;
	error_destroy(err);
	w->errnum = ENOMEM;
	return writer_error(w);
}

struct error *run_writer_flush(struct run_writer *w)
{
	if (w->errnum)
		return writer_error(w);
	struct error *err = pack(w);
	return err ? err : write_buffer(w);
}

/* Called before a record is added. */
static struct error *writer_check(const struct run_writer *w)
{
	if (w->errnum)
		return writer_error(w);
	if (w->ended)
		return error_create(ERROR_INVALID, "'%s' already has its end record", w->path);
	return NULL;
}

/* Called after a record was added. */
static struct error *writer_added(struct run_writer *w)
{
	if (w->buffer.failed) {
		w->errnum = ENOMEM;
		return writer_error(w);
	}
	return w->buffer.len >= AUTO_FLUSH_SIZE ? write_buffer(w) : NULL;
}

static struct error *writer_add(struct run_writer *w, enum run_record_type type,
				const struct run_field *fields, const void *object)
{
	struct error *err = writer_check(w);

	if (err)
		return err;
	run_encode_fields(&w->buffer, type, fields, object);
	w->nr_records++;
	return writer_added(w);
}

struct error *run_writer_meta(struct run_writer *w, const struct run_meta *meta)
{
	return writer_add(w, RUN_RECORD_META, run_meta_fields, meta);
}

struct error *run_writer_module(struct run_writer *w, const struct run_module *module)
{
	return writer_add(w, RUN_RECORD_MODULE, run_module_fields, module);
}

struct error *run_writer_source(struct run_writer *w, const struct run_source *source)
{
	struct error *err = writer_check(w);

	if (err)
		return err;
	run_encode_source(&w->buffer, source);
	w->nr_records++;
	return writer_added(w);
}

struct error *run_writer_pcs(struct run_writer *w, uint32_t source_id, const struct pc_count *pcs,
			     size_t nr_pcs)
{
	struct error *err = writer_check(w);

	if (err)
		return err;
	err = run_packer_add(w->packer, source_id, pcs, nr_pcs, &w->buffer, &w->nr_records);
	if (err && err->code != ERROR_NO_MEMORY)
		return err;
	w->buffer.failed |= err != NULL;
	return writer_added(w);
}

struct error *run_writer_note(struct run_writer *w, const char *text)
{
	const struct run_note note = { .text = (char *)text };

	return writer_add(w, RUN_RECORD_NOTE, run_note_fields, &note);
}

struct error *run_writer_end(struct run_writer *w)
{
	struct error *err = writer_check(w);

	if (!err)
		err = pack(w);
	if (err)
		return err;
	const struct run_end end = { .nr_records = w->nr_records };
	err = writer_add(w, RUN_RECORD_END, run_end_fields, &end);
	if (!err)
		w->ended = true;
	return err;
}
