/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Indexes that are kept on disk, so that an image is read once and not by every command.
 *
 *	struct index_get_options options = { .directory = directory, .size_limit = 2ULL << 30 };
 *	err = index_get("vmlinux", &options, &index);
 *
 * Which index belongs to which image? The name of a cached file is a hash of
 *	- all bytes of the image. A build id is not enough: objcopy, strip and editing in place
 *	  keep it. Path and time stamps do not count, so a moved or copied image has the same index,
 *	  and an image that replaced another one under its path has its own.
 *	- the build ids of this program, and of the libdw and libelf that it was loaded with:
 *	  others may make another index. libdw since 0.191 reads units that older ones do not.
 *	- if separate debug info was looked for: the path of the image and the debug directories,
 *	  which decide where.
 * The file lists all paths at which debug info was looked for, with inode, size, mtime and ctime of
 * what was there. If any of that has changed, the index is made again. An image with units in .dwo
 * files is not kept, since it is not known which of these libdw opens. Nor is one whose dwz
 * supplement was not found: a debuginfod server may have it next time.
 *
 * Hashing a vmlinux takes longer than using its index. So a second kind of file says which content
 * an image file had, by its device, inode, size, mtime and ctime. The kernel changes the ctime of a
 * file with every write, and programs cannot set it. A file that was changed less than two seconds
 * ago may change again without a new ctime: it is hashed each time. So is a file whose ctime is a
 * whole second: the program that made the image of its file system may have set it.
 *
 * A cached file is mapped. Before that its owner, type and size are checked, after that its
 * version, its checksum and every number in it. If anything is wrong, the index is made again and
 * the log gets a note. Files are written under another name and renamed, and are never changed. So
 * a mapping stays valid, unless another program of the same user cuts the file at that moment:
 * then this process gets a SIGBUS. Reading the file into memory would avoid that, but takes 4 to
 * 40 times as long (docs/cache.md).
 *
 * The directory must belong to the caller, and nobody else may write to it. It may hold:
 *	HASH.index	an index
 *	HASH.image	the content of an image file
 *	HASH.lock	flock(2): one process makes the index, others wait for it
 *	*.tmp		unfinished; removed when the cache is written to and the writer has died
 * Symbolic links are not followed in it. Other files are left alone.
 *
 * If the cache cannot be used (no space, no permission, no locks), the log gets a note, and
 * index_get() does what it would do without a cache.
 */
#ifndef SYMBOLIZE_INDEX_CACHE_H
#define SYMBOLIZE_INDEX_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/build_id.h"
#include "base/error.h"
#include "base/log.h"
#include "base/vector.h"
#include "symbolize/index/index.h"

struct index_get_options {
	/* The cache. Created with mode 0700 if it does not exist. NULL = do not use a cache. */
	const char *directory;
	/*
	 * Bytes of all indexes in the cache. After one was added, those that were not used for the
	 * longest time are removed. An index that is larger is not kept.
	 */
	uint64_t size_limit;
	const char *const *debug_dirs; /* as in struct image_options */
	unsigned int jobs;	       /* as in struct index_options */
	const struct log *log;	       /* NULL = silence */
};

/*
 * The index of the image at path, from the cache, or else made and put there. index_path() is path,
 * whatever it was when the index was made. Warnings about the image are logged in both cases.
 * options may be NULL. All is borrowed during the call. Fails as image_open() and
 * index_build_isolated() do, never because of the cache. An index without all units is not kept:
 * perhaps only this machine had too little memory for them. The caller destroys the index with
 * index_destroy().
 */
struct error *index_get(const char *path, const struct index_get_options *options,
			struct index **ret);

struct index_cache_entry {
	char *path; /* of the image, when the index was made or last used; absolute */
	struct build_id build_id;
	uint64_t size;	  /* of the file, in bytes */
	int64_t last_use; /* seconds since the epoch */
	bool is_usable;	  /* false: made by another version, or damaged; no path and build id */
};
DEFINE_VECTOR(index_cache_entry_vector, struct index_cache_entry);

/*
 * What is in the cache, last used first. A directory that does not exist is an empty cache.
 * Checksums are not checked. The caller passes ret to index_cache_entries_deinit().
 */
struct error *index_cache_list(const char *directory, struct index_cache_entry_vector *ret);
void index_cache_entries_deinit(struct index_cache_entry_vector *entries);

/*
 * Remove the indexes that were not used for the longest time, until all have at most size bytes,
 * and what unfinished writers left. ret_freed gets the bytes of the indexes that were removed.
 * With size 0 nothing remains but the directory and what is locked.
 */
struct error *index_cache_prune(const char *directory, uint64_t size, uint64_t *ret_freed);

#endif
