/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole reads, whole writes, and files as bytes in memory. */
#ifndef BASE_IO_H
#define BASE_IO_H

#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/error.h"

/* Write all of it, across short writes and EINTR. Returns 0, or -1 with errno. */
int write_all(int fd, const void *data, size_t len);
/* Read until len bytes or end of file. Returns the number of bytes, or -1 with errno. */
ssize_t read_full(int fd, void *data, size_t len);

/*
 * The content of a small file (/proc, /sys, options), NUL-terminated; the
 * caller frees *ret. ret_len may be NULL. More than `limit` bytes is an error.
 */
struct error *file_read(const char *path, size_t limit, char **ret, size_t *ret_len);

/*
 * Open a file for reading whose path comes from a file, such as debug info. It is opened only
 * if it is a regular file: opening a device may act on the machine (/dev/watchdog starts it), a
 * FIFO waits for a writer. The path is first opened with O_PATH, which asks no driver, and what
 * is then read is the file that was looked at, even if its name has another one now.
 *
 * The caller closes *ret. ERROR_NOT_FOUND: there is no such file;
 * ERROR_FORMAT: it is not a regular one.
 */
struct error *file_open_regular(const char *path, int *ret, struct stat *st);
/*
 * The content of such a file, at most the size that it had when it was opened: reading a file of
 * procfs, which says that it is empty, may act on the machine too. Otherwise as file_read().
 */
struct error *file_read_regular(const char *path, size_t limit, char **ret, size_t *ret_len);

/* The same of a file that file_open_regular() opened. path: for messages. */
struct error *file_read_opened(int fd, const struct stat *st, const char *path, size_t limit,
			       char **ret, size_t *ret_len);
/*
 * The path of an open file, without symbolic links; the caller frees *ret. NULL if it is not known:
 * without /proc.
 */
struct error *file_name(int fd, char **ret);

/* A whole file in memory. A regular file is mapped, anything else is read (at most 4 GiB). */
struct file_map {
	const unsigned char *data; /* never NULL */
	size_t size;
	void *base; /* start of the mapping or of the heap block */
	int is_mapped;
};

struct error *file_map_init(struct file_map *map, const char *path);
void file_map_deinit(struct file_map *map);

/*
 * Keep files out of the numbers of closed standard streams: an output file there would get
 * messages, too. Reading and writing such a stream still fails, and so does opening it by a name
 * like /dev/stdin: the descriptor only names a socket (O_PATH). execve() closes it, so the stream
 * stays closed for a command.
 */
void io_hold_closed_streams(void);

#endif
