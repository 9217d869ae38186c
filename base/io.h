/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole reads, whole writes, and files as bytes in memory. */
#ifndef BASE_IO_H
#define BASE_IO_H

#include <stddef.h>
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

/* A whole file in memory. A regular file is mapped, anything else is read (at most 4 GiB). */
struct file_map {
	const unsigned char *data; /* never NULL */
	size_t size;
	void *base; /* start of the mapping or of the heap block */
	int is_mapped;
};

struct error *file_map_init(struct file_map *map, const char *path);
void file_map_deinit(struct file_map *map);

#endif
