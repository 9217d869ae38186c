/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files and directories that are not to stay when a signal ends us: SIGINT, SIGTERM and SIGHUP
 * remove them, the last one first, and then do what they do by default. One that was ignored or
 * handled when the first path was added stays so. For one thread.
 */
#ifndef BASE_UNFINISHED_H
#define BASE_UNFINISHED_H

enum unfinished_kind {
	UNFINISHED_FILE,
	UNFINISHED_DIRECTORY, /* removed if it is empty */
};

/* path: borrowed until unfinished_forget(). With more than a few at a time, one stays. */
void unfinished_add(const char *path, enum unfinished_kind kind);
/* It is finished, or was removed. Same pointer; harmless when there is none. */
void unfinished_forget(const char *path);

#endif
