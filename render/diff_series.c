// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Puts patches that follow each other together. A patch has a part for each file, and these parts
 * start from the same state: a path that one leaves may be the one that another moves to. The lines
 * of a file are what earlier patches left, with their numbers in the last state so far; the next
 * patch keeps, moves or removes them.
 */
#include <string.h>

#include "render/diff_private.h"

#define NO_FILE UINT32_MAX

void file_patch_deinit(struct file_patch *patch)
{
	free(patch->old_given);
	free(patch->new_given);
	free(patch->old_path);
	free(patch->new_path);
	free(patch->bare_old);
	free(patch->bare_new);
	hunk_line_vector_deinit(&patch->lines);
	*patch = (struct file_patch){ 0 };
}

static void file_deinit(struct diff_file *file)
{
	free(file->path);
	free(file->given);
	free(file->old_path);
	free(file->lines);
}

struct error *series_init(struct series *series)
{
	return intern_create(&series->paths);
}

void series_deinit(struct series *series)
{
	vector_for_each(&series->files, file)
		file_deinit(file);
	diff_file_vector_deinit(&series->files);
	intern_destroy(series->paths);
	series_path_vector_deinit(&series->by_path);
	id_vector_deinit(&series->touched);
	vector_for_each(&series->kept, kept)
		free(kept->lines);
	kept_lines_vector_deinit(&series->kept);
}

void diff_destroy(struct diff *diff)
{
	for (size_t i = 0; diff && i < diff->nr_files; i++)
		file_deinit(&diff->files[i]);
	if (diff)
		free(diff->files);
	free(diff);
}

bool diff_begins_hunk(const struct diff_file *file, size_t line)
{
	if (!line)
		return true;
	const struct diff_line *before = &file->lines[line - 1];
	uint32_t next = before->number + (before->kind != DIFF_REMOVED);

	return file->lines[line].number != next;
}

/* Takes the lines. Those before this patch stay until it ends: other parts may copy the file. */
static void set_lines(struct series *series, uint32_t number, struct diff_line *lines, size_t nr)
{
	struct diff_file *file = &series->files.data[number];
	struct kept_lines *kept = &series->kept.data[number];

	if (kept->is_kept)
		free(file->lines);
	else
		*kept = (struct kept_lines){ file->lines, file->nr_lines, true };
	file->lines = lines;
	file->nr_lines = nr;
}

static void drop_kept(struct kept_lines *kept)
{
	free(kept->lines);
	*kept = (struct kept_lines){ 0 };
}

static struct error *find_path(struct series *series, const char *path, uint32_t *ret)
{
	struct error *err = intern_id(series->paths, path, ret);

	for (size_t nr = series->by_path.len; !err && nr <= *ret; nr++)
		if (!series_path_vector_append(
			    &series->by_path,
			    &(struct series_path){ .file = NO_FILE, .next = NO_FILE }))
			err = &error_no_memory;
	return err;
}

/* Another file has the path now, and no patch says what became of the one that had it. */
static void overwrite_file(struct diff_file *file)
{
	free(file->lines);
	file->lines = NULL;
	file->nr_lines = 0;
	file->is_deleted = true;
}

/*
 * The path has another file after the patch, unless none of its parts moved the old one away: then
 * that file begun anew, or was overwritten.
 */
static void take_path(struct series *series, struct series_path *path)
{
	if (path->file != NO_FILE && path->file != path->next && !path->is_left) {
		struct diff_file *old = &series->files.data[path->file];
		struct diff_file *new = &series->files.data[path->next];

		if (path->is_begun) {
			file_deinit(old);
			*old = *new;
			*new = (struct diff_file){ 0 };
			return;
		}
		overwrite_file(old);
	}
	path->file = path->next;
}

void series_end_patch(struct series *series)
{
	vector_for_each(&series->touched, id) {
		struct series_path *path = &series->by_path.data[*id];

		if (path->is_target) {
			drop_kept(&series->kept.data[path->next]);
			take_path(series, path);
		} else if (path->is_left) {
			path->file = NO_FILE;
		}
		path->is_source = path->is_target = path->is_left = path->is_begun = false;
	}
	series->touched.len = 0;
}

void series_take(struct series *series, struct diff *ret)
{
	size_t nr = 0;

	series_end_patch(series);
	vector_for_each(&series->files, file)
		if (file->path)
			series->files.data[nr++] = *file;
	*ret = (struct diff){ series->files.data, nr };
	series->files = (struct diff_file_vector)VECTOR_INIT;
}

struct merge {
	struct series *series;
	const struct diff_file *file; /* as earlier patches left it */
	size_t next;		      /* of its lines */
	int64_t shift;		      /* of numbers, up to the next hunk */
	struct diff_line_vector result;
};

static struct error *misfit(const struct diff_line *line, const struct diff_line *before)
{
	return error_hint(
		error_create(
			ERROR_FORMAT,
			"line %u of the diff does not follow from line %u, of a patch before it",
			line->at, before->at),
		"patches of one file have to be in their order");
}

static struct error *put(struct merge *m, struct diff_line line, int64_t number)
{
	const struct diff_line *last = m->result.len ? &m->result.data[m->result.len - 1] : NULL;

	if (number < 1 || number > DIFF_NUMBER_MAX)
		return error_create(ERROR_FORMAT, "line %u of the diff: line numbers are wrong",
				    line.at);
	line.number = (uint32_t)number;
	if (last && line.number < last->number + (last->kind != DIFF_REMOVED))
		return misfit(&line, last);
	return diff_line_vector_append(&m->result, &line) ? NULL : &error_no_memory;
}

/* Move lines before `number`, and those that were removed before the line `number`. */
static struct error *keep_before(struct merge *m, uint32_t number)
{
	struct error *err = NULL;

	for (; !err && m->next < m->file->nr_lines; m->next++) {
		const struct diff_line *line = &m->file->lines[m->next];

		if (line->number > number || (line->number == number && line->kind != DIFF_REMOVED))
			break;
		err = put(m, *line, line->number + m->shift);
	}
	return err;
}

/* What is known of the line `number` from earlier patches; NULL = nothing. */
static const struct diff_line *known_line(const struct merge *m, uint32_t number)
{
	if (m->next == m->file->nr_lines || m->file->lines[m->next].number != number)
		return NULL;
	return &m->file->lines[m->next];
}

static struct error *merge_line(struct merge *m, const struct hunk_line *h)
{
	struct diff_line line = h->line;
	struct error *err = NULL;

	if (line.kind == DIFF_ADDED)
		return put(m, line, line.number);
	/* Removed lines before this one stand at its number. */
	m->shift = (int64_t)line.number - h->old;
	err = keep_before(m, h->old);
	if (err)
		return err;
	const struct diff_line *known = known_line(m, h->old);
	if (!known)
		return put(m, line, line.number);
	m->next++;
	if (known->length != line.length || memcmp(known->text, line.text, line.length))
		return misfit(&line, known);
	if (line.kind == DIFF_REMOVED && known->kind == DIFF_ADDED)
		return NULL;
	if (line.kind == DIFF_CONTEXT)
		line.kind = known->kind;
	return put(m, line, line.number);
}

static struct error *merge_lines(struct merge *m, const struct file_patch *patch)
{
	const struct hunk_line_vector *lines = &patch->lines;
	struct error *err = NULL;

	for (size_t i = 0; !err && i < lines->len; i++) {
		const struct hunk_line *h = &lines->data[i];
		const struct hunk_line *before = i ? &lines->data[i - 1] : NULL;
		bool begins = !before || h->old > before->old + (before->line.kind != DIFF_ADDED);

		/* What is before an added line is moved as far as what is before its hunk. */
		if (begins && !err)
			err = keep_before(m, h->old);
		if (!err)
			err = merge_line(m, h);
		m->shift = (int64_t)h->line.number + (h->line.kind != DIFF_REMOVED) -
			   (h->old + (h->line.kind != DIFF_ADDED));
	}
	if (!err)
		err = keep_before(m, UINT32_MAX);
	return err;
}

static struct error *apply_lines(struct series *series, uint32_t number,
				 const struct file_patch *patch)
{
	const struct diff_file *file = &series->files.data[number];
	struct merge m = { .series = series, .file = file };

	if (!patch->lines.len)
		return NULL;
	series->steps += file->nr_lines + patch->lines.len;
	if (series->steps > DIFF_STEPS_MAX)
		return error_create(ERROR_UNSUPPORTED,
				    "line %u of the diff: too many patches of one file", patch->at);
	struct error *err = merge_lines(&m, patch);
	if (err) {
		diff_line_vector_deinit(&m.result);
		return err;
	}
	set_lines(series, number, m.result.data, m.result.len);
	return NULL;
}

static struct error *replace(char **path, const char *by)
{
	char *copy = strdup(by);

	if (!copy)
		return &error_no_memory;
	free(*path);
	*path = copy;
	return NULL;
}

/* A copy has the lines that earlier patches gave the file that it is of. */
static struct error *copy_lines(struct series *series, uint32_t number,
				const struct file_patch *patch)
{
	uint32_t id;

	if (!patch->is_git || !patch->is_copied || !patch->old_path)
		return NULL;
	struct error *err = find_path(series, patch->old_path, &id);
	uint32_t of = err ? NO_FILE : series->by_path.data[id].file;
	if (of == NO_FILE || of == number)
		return err;
	const struct diff_file *file = &series->files.data[of];
	const struct kept_lines *kept = &series->kept.data[of];
	const struct diff_line *lines = kept->is_kept ? kept->lines : file->lines;
	size_t nr = kept->is_kept ? kept->nr : file->nr_lines;
	if (file->old_path)
		err = replace(&series->files.data[number].old_path, file->old_path);
	if (err || !nr)
		return err;
	series->nr_copied += nr;
	if (series->nr_copied > DIFF_LINES_MAX)
		return error_create(ERROR_UNSUPPORTED,
				    "line %u of the diff: too many copies of files", patch->at);
	struct diff_line *copy = calloc(nr, sizeof(*copy));
	if (!copy)
		return &error_no_memory;
	memcpy(copy, lines, nr * sizeof(*copy));
	set_lines(series, number, copy, nr);
	return NULL;
}

static struct error *add_file(struct series *series, uint32_t *ret)
{
	if (!kept_lines_vector_append(&series->kept, NULL) ||
	    !diff_file_vector_append(&series->files, NULL))
		return &error_no_memory;
	*ret = (uint32_t)series->files.len - 1;
	return NULL;
}

/* The path in the state before the patch of the file that is changed; NULL = none. */
static const char *source_path(const struct file_patch *patch)
{
	return patch->is_new || patch->is_copied ? NULL : patch->old_path;
}

static const char *target_path(const struct file_patch *patch)
{
	return patch->new_path && !(patch->is_deleted && patch->old_path) ? patch->new_path
									  : patch->old_path;
}

/* A later part of the patch may move the file that has the path to another one. */
static bool begins_file(const struct file_patch *patch)
{
	return patch->is_git && (patch->is_new || patch->is_copied);
}

/*
 * Whether the patch may be of the file that has its new path: one that was deleted, or that
 * another tool than git calls by two names.
 */
static bool may_continue(const struct series *series, const struct file_patch *patch,
			 const struct series_path *source, const struct series_path *target)
{
	if (!patch->new_path || target->is_left || target->file == NO_FILE)
		return false;
	return !patch->is_git || source == target || (!source && !begins_file(patch)) ||
	       series->files.data[target->file].is_deleted;
}

/* The file that the patch is of: one that is there already, or a new one. */
static struct error *choose_file(struct series *series, const struct file_patch *patch,
				 const struct series_path *source, const struct series_path *target,
				 uint32_t *ret)
{
	if (target->is_target)
		*ret = target->next; /* see begins_patch() */
	else
		*ret = source ? source->file : NO_FILE;
	if (*ret == NO_FILE && may_continue(series, patch, source, target))
		*ret = target->file;
	return *ret == NO_FILE ? add_file(series, ret) : NULL;
}

/*
 * Whether what is added belongs to another patch than what is there: a patch changes each file
 * once, and its parts do not start from what others of them have made. git writes several patches
 * without anything between them if asked for no headers. A file that becomes a symbolic link is
 * deleted and new in one patch.
 */
static bool begins_patch(const struct series *series, const struct file_patch *patch,
			 const struct series_path *source, const struct series_path *target)
{
	if (target->is_target)
		return !patch->is_git || !patch->is_new ||
		       !series->files.data[target->next].is_deleted;
	return source && (source->is_source ||
			  (source->is_target && diff_blobs_equal(source->blob, patch->old_blob)));
}

/*
 * Find the file of the patch, and the path that it has afterwards. All patches to files that are
 * parts of one patch start from the same state, so that two files can exchange their names.
 */
static struct error *place_file(struct series *series, const struct file_patch *patch,
				uint32_t *ret)
{
	const char *from = source_path(patch);
	uint32_t ids[2];
	struct error *err = find_path(series, target_path(patch), &ids[0]);

	ids[1] = ids[0];
	if (!err && from)
		err = find_path(series, from, &ids[1]);
	if (err)
		return err;
	struct series_path *target = &series->by_path.data[ids[0]];
	struct series_path *source = from ? &series->by_path.data[ids[1]] : NULL;
	if (begins_patch(series, patch, source, target))
		series_end_patch(series);
	if (!id_vector_reserve(&series->touched, series->touched.len + 2))
		return &error_no_memory;
	err = choose_file(series, patch, source, target, ret);
	if (err)
		return err;
	id_vector_append(&series->touched, &ids[0]);
	target->is_target = true;
	target->next = *ret;
	target->is_begun = begins_file(patch);
	memcpy(target->blob, patch->new_blob, sizeof(target->blob));
	if (!source)
		return NULL;
	id_vector_append(&series->touched, &ids[1]);
	source->is_source = true;
	source->is_left = source != target;
	return NULL;
}

static struct error *name_file(struct diff_file *file, const struct file_patch *patch,
			       const char *path)
{
	const char *given = path == patch->old_path ? patch->old_given : patch->new_given;
	bool is_renamed = patch->old_path && patch->new_path && !patch->is_new &&
			  strcmp(patch->old_path, patch->new_path);
	struct error *err = NULL;

	/* The path in the first state. */
	if (is_renamed && !file->old_path)
		err = replace(&file->old_path, patch->old_path);
	if (!err)
		err = replace(&file->path, path);
	return err ? err : replace(&file->given, given ? given : path);
}

struct error *series_add(struct series *series, struct file_patch *patch)
{
	const char *path = target_path(patch);
	uint32_t number;

	/* Commentary that looks like the begin of a diff. */
	if (!path || (!patch->is_git && !patch->lines.len && !patch->is_binary))
		return NULL;
	struct error *err = place_file(series, patch, &number);
	if (err)
		return err;
	struct diff_file *file = &series->files.data[number];
	if (patch->is_new || file->is_deleted)
		set_lines(series, number, NULL, 0);
	err = copy_lines(series, number, patch);
	if (!err)
		err = name_file(file, patch, path);
	if (!err)
		err = apply_lines(series, number, patch);
	if (err)
		return err;
	file->is_new |= patch->is_new;
	file->is_deleted = patch->is_deleted;
	file->is_copied |= patch->is_copied;
	file->is_binary |= patch->is_binary;
	file->is_mode_changed |= patch->is_mode_changed;
	return NULL;
}
