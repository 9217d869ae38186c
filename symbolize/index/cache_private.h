/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of the cache of indexes (cache.h). Private to symbolize/index/. */
#ifndef SYMBOLIZE_INDEX_CACHE_PRIVATE_H
#define SYMBOLIZE_INDEX_CACHE_PRIVATE_H

#include <sys/stat.h>

#include "base/strbuf.h"
#include "symbolize/index/cache.h"

/* A hash of 128 bits in hex: the name of a cached file without its suffix. */
#define CACHE_HASH_SIZE 33
struct cache_hash {
	char hex[CACHE_HASH_SIZE];
};

#define CACHE_INDEX_SUFFIX     ".index"
#define CACHE_IMAGE_SUFFIX     ".image"
#define CACHE_LOCK_SUFFIX      ".lock"
#define CACHE_TEMPORARY_SUFFIX ".tmp"

/* HASH and a suffix. */
#define CACHE_NAME_SIZE (CACHE_HASH_SIZE + 16)
struct cache_name {
	char text[CACHE_NAME_SIZE];
};

/* cache_directory.c */
struct cache_name cache_name(const struct cache_hash *hash, const char *suffix);
/* True if name is a hash and this suffix. ret may be NULL. */
bool cache_name_parse(const char *name, const char *suffix, struct cache_hash *ret);
/*
 * Open the directory of a cache and check its owner and mode. With create, make it and its parents
 * if they do not exist; otherwise *ret is then -1.
 */
struct error *cache_directory_open(const char *path, bool create, int *ret);
/* Open a file for reading, if it is a regular one of this user. Returns -1 with errno. */
int cache_open_file(int directory, const char *name, struct stat *ret);
/*
 * Lock a hash, so that no other process does. With wait NULL, fails with EWOULDBLOCK if another
 * process has the lock; else calls it every 20 ms with the time since its first call, until it
 * returns false. Returns -1 with errno.
 */
typedef bool cache_waiter(void *arg, uint64_t waited_ns);
int cache_lock(int directory, const struct cache_hash *hash, cache_waiter *wait, void *arg);
void cache_unlock(int directory, const struct cache_hash *hash, int lock);
/* As index_cache_prune(), but never removes the index `keep` (NULL = none). */
struct error *cache_prune(int directory, uint64_t size, const char *keep, uint64_t *ret_freed);

/*
 * cache_image.c: inode, size and time stamps of a file as text; "-" if there is none. Returns
 * false if it was changed so recently that another change may give the same text.
 */
#define CACHE_STATE_SIZE 128
bool cache_state(const struct stat *st, char text[CACHE_STATE_SIZE]);
bool cache_state_of(const char *path, char text[CACHE_STATE_SIZE]);
/*
 * Whether the ctime tells this content of a file from any other: the kernel set it at the last
 * write, and would set another one now. In the image of a file system (squashfs, erofs, ISO 9660,
 * mke2fs -d) it may be any time. If such images are built reproducibly, two of them may have
 * different files with the same inode, size and times, and be mounted from the same device one
 * after the other. But their times are whole seconds, and the kernel's are not.
 */
bool cache_ctime_is_known(const struct stat *st);

/* Which content a file has. */
struct cache_image {
	struct cache_hash content;
	struct stat st;
	bool is_settled; /* a later change of the file will change its ctime */
	char *path;	 /* real, absolute */
};
/*
 * Hash the file at path, unless the cache knows its content. False if there is no such regular
 * file, or it cannot be read: image_open() will say why.
 */
bool cache_image_init(struct cache_image *image, int directory, const char *path);
void cache_image_deinit(struct cache_image *image);
/* Whether the file at path has had this content all the time since cache_image_init(). */
bool cache_image_is_same(const struct cache_image *image, const char *path);
/* The path and content that the cache knows of an image file. False if it is none. */
bool cache_image_read(int directory, const char *name, struct cache_hash *ret_content,
		      char **ret_path);

/*
 * cache_file.c: one cached file. It has an index and information about it: strings one after the
 * other, whose first byte says what they are.
 */
enum {
	CACHE_INFO_PATH = 'P',	  /* of the image */
	CACHE_INFO_CONTENT = 'C', /* its hash */
	CACHE_INFO_LOOKED = 'L',  /* state, tab, path where debug info was looked for */
	CACHE_INFO_WARNING = 'W', /* log lines; '\1' stands for the path of the image */
	CACHE_INFO_LINE = 'I',
};

enum cache_result {
	CACHE_FOUND,
	CACHE_ABSENT,
	CACHE_DAMAGED,
	CACHE_OTHER_VERSION,
};

struct cached {
	struct index *index;
	const char *info; /* in the memory of the index */
	size_t info_size; /* not 0; the last byte is NUL */
};
/* path: of the image. ret_what gets what is damaged. */
enum cache_result cache_file_read(int directory, const struct cache_hash *hash, const char *path,
				  struct cached *ret, const char **ret_what);
/* Headers and information only, without the checksum. The caller frees *ret_info. */
bool cache_file_describe(int directory, const struct cache_hash *hash, struct build_id *ret_id,
			 char **ret_info, size_t *ret_size);
/*
 * The caller has locked `lock`, whose temporary file is used. directory_path: for cleaning up on a
 * signal.
 */
struct error *cache_file_write(int directory, const char *directory_path,
			       const struct cache_hash *hash, const struct cache_hash *lock,
			       const struct index *index, const struct strbuf *info);
/* Bytes of the file. */
uint64_t cache_file_size(const struct index *index, const struct strbuf *info);

/* The next string of info after at (NULL: the first) that is of this kind, without its first byte.
 */
const char *cache_info_next(const char *info, size_t size, const char *at, char kind);

#endif
