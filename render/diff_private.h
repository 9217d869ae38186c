/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between the parts of diff_parse(): diff.c reads the text, diff_paths.c what it says of files,
 * diff_series.c puts the patches of one file together.
 */
#ifndef RENDER_DIFF_PRIVATE_H
#define RENDER_DIFF_PRIVATE_H

#include "base/intern.h"
#include "base/vector.h"
#include "render/diff.h"

/* A line of a hunk. */
struct hunk_line {
	struct diff_line line; /* number: in the new state */
	uint32_t old;	       /* number in the old state; of an added line: that of the next one */
};

DEFINE_VECTOR(hunk_line_vector, struct hunk_line);
DEFINE_VECTOR(diff_line_vector, struct diff_line);
DEFINE_VECTOR(diff_file_vector, struct diff_file);

/* The begin of an object's name in git's "index OLD..NEW", which may be cut; "" = not known. */
#define DIFF_BLOB_SIZE 17

/* What one patch does to one file. */
struct file_patch {
	char *old_given, *new_given; /* as in the text, unquoted; NULL = none, as /dev/null */
	char *old_path, *new_path;   /* the same without prefix: diff_paths_finish() */
	char *bare_old, *bare_new;   /* of "rename from", "copy to" ...: they have no prefix */
	bool is_git;		     /* has a line "diff --git" */
	bool has_names;		     /* has lines "---" and "+++" */
	bool is_new, is_deleted, is_copied, is_binary, is_mode_changed;
	char old_blob[DIFF_BLOB_SIZE], new_blob[DIFF_BLOB_SIZE];
	uint32_t at;		       /* where it begins in the text */
	struct hunk_line_vector lines; /* of all hunks */
};

void file_patch_deinit(struct file_patch *patch);

/* A path that a file has or had. The flags are of the patch that is being read. */
struct series_path {
	uint32_t file; /* that had the path before this patch */
	uint32_t next; /* of a target: the file that has it after the patch */
	bool is_source, is_target;
	bool is_left;		   /* `file` gets another path */
	bool is_begun;		   /* of a target: `next` has no file before this patch */
	char blob[DIFF_BLOB_SIZE]; /* of a target: its content after the patch */
};

/* The lines that a file had before this patch, if it changes them. */
struct kept_lines {
	struct diff_line *lines;
	size_t nr;
	bool is_kept;
};

DEFINE_VECTOR(kept_lines_vector, struct kept_lines);
DEFINE_VECTOR(series_path_vector, struct series_path);
DEFINE_VECTOR(id_vector, uint32_t);

/* The files so far. */
struct series {
	struct diff_file_vector files;
	struct intern *paths;
	struct series_path_vector by_path; /* by the number of the path */
	struct id_vector touched;	   /* paths with flags */
	struct kept_lines_vector kept;	   /* by the number of the file */
	uint64_t steps, nr_copied;
};

struct error *series_init(struct series *series);
void series_deinit(struct series *series);
/* Apply what a patch does to one file. Its paths are taken. */
struct error *series_add(struct series *series, struct file_patch *patch);
/* What follows belongs to another patch: its paths are those of the state after this one. */
void series_end_patch(struct series *series);
/* End the last patch, and hand over the files. */
void series_take(struct series *series, struct diff *ret);

/* Read "OLD..NEW" of an "index" line. */
void diff_blobs_read(const char *text, size_t length, struct file_patch *patch);
/* Whether both may be the name of one object. */
bool diff_blobs_equal(const char *a, const char *b);

/*
 * The path at text, which ends at a tab, or with its closing quote; NULL in *ret for /dev/null.
 * ERROR_FORMAT if the quotes or escapes are wrong.
 */
struct error *diff_path_read(const char *text, size_t length, uint32_t at, char **ret);
/* The two paths of "diff --git A B": only if they are the same but for a prefix. */
struct error *diff_paths_of_git(const char *text, size_t length, uint32_t at,
				struct file_patch *patch);
/* Set old_path and new_path. */
struct error *diff_paths_finish(struct file_patch *patch);

#endif
