/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files and directories that must not stay when a signal ends us. Fatal signals remove them,
 * the last one first, and then take their default action, but not in a child process. SIGXFSZ
 * does nothing: the write fails instead. A signal that was ignored or handled when the first path
 * was added stays so. For use by one thread.
 *
 * SIGBUS also says what has happened: which file that is mapped was truncated, or cannot be read.
 */
#ifndef BASE_UNFINISHED_H
#define BASE_UNFINISHED_H

enum unfinished_kind {
	UNFINISHED_FILE,
	UNFINISHED_DIRECTORY, /* removed if it is empty */
	UNFINISHED_EMPTY,     /* a file: removed if it is empty */
};

/* Handle the signals from now on, though there is no path yet. */
void unfinished_init(void);
/*
 * path: borrowed until unfinished_forget(). At most 16 paths are tracked at a time; further
 * ones are not removed.
 */
void unfinished_add(const char *path, enum unfinished_kind kind);
/*
 * The path is finished, or was removed. Pass the same pointer; does nothing if it is not
 * tracked.
 */
void unfinished_forget(const char *path);

#endif
