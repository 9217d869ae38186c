// SPDX-License-Identifier: GPL-2.0-or-later
/* The directory of the cache: whose it is, its locks, what is in it, and what to remove. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/outfile.h"
#include "base/search.h"
#include "symbolize/index/cache_private.h"

#define LOCK_POLL_NS   20000000L
#define IMAGE_KEEP_S   (90 * 24 * 3600)
#define UNFINISHED_S   3600 /* of an .image file: its writer has long been done, or died */
#define HEX_DIGITS     "0123456789abcdef"
#define HASH_HEX_CHARS (CACHE_HASH_SIZE - 1)

struct cache_name cache_name(const struct cache_hash *hash, const char *suffix)
{
	struct cache_name name;

	snprintf(name.text, sizeof(name.text), "%s%s", hash->hex, suffix);
	return name;
}

bool cache_name_parse(const char *name, const char *suffix, struct cache_hash *ret)
{
	if (strspn(name, HEX_DIGITS) != HASH_HEX_CHARS || strcmp(name + HASH_HEX_CHARS, suffix))
		return false;
	if (ret)
		snprintf(ret->hex, sizeof(ret->hex), "%.*s", HASH_HEX_CHARS, name);
	return true;
}

/*
 * Under sudo, HOME may be that of another user. That user could not use what root makes there:
 * root makes nothing below a directory of another user.
 */
static struct error *check_parents(const char *path)
{
	_cleanup_free_ char *parent = strdup(path);
	struct stat st;
	char *slash;

	if (!parent)
		return &error_no_memory;
	if (geteuid() != 0)
		return NULL;
	while (stat(parent, &st) && (slash = strrchr(parent, '/')) && slash != parent)
		*slash = '\0';
	if (!stat(parent, &st) && st.st_uid != 0)
		return error_create(ERROR_INVALID, "'%s' belongs to another user", parent);
	return NULL;
}

static struct error *create_directory(const char *path)
{
	_cleanup_free_ char *parent = strdup(path);

	if (!parent)
		return &error_no_memory;
	struct error *err = check_parents(path);
	char *slash = strrchr(parent, '/');
	if (!err && slash && slash != parent) {
		*slash = '\0';
		err = make_directories(parent);
	}
	if (!err && mkdir(path, 0700) && errno != EEXIST)
		err = error_errno(errno, "cannot create directory '%s'", path);
	return err;
}

struct error *cache_directory_open(const char *path, bool create, int *ret)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	_cleanup_close_ int fd = open(path, flags);
	struct stat st;

	if (fd < 0 && errno == ENOENT) {
		if (!create) {
			*ret = -1;
			return NULL;
		}
		struct error *err = create_directory(path);
		if (err)
			return err;
		fd = open(path, flags);
	}
	if (fd < 0 || fstat(fd, &st))
		return error_errno(errno, "cannot open directory '%s'", path);
	if (st.st_uid != geteuid())
		return error_create(ERROR_INVALID, "'%s' belongs to another user", path);
	if (st.st_mode & (S_IWGRP | S_IWOTH))
		return error_hint(
			error_create(ERROR_INVALID, "other users may write to '%s'", path),
			"chmod 700 it");
	*ret = steal_fd(&fd);
	return NULL;
}

int cache_open_file(int directory, const char *name, struct stat *ret)
{
	_cleanup_close_ int fd =
		openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -1;
	if (fstat(fd, ret) || !S_ISREG(ret->st_mode) || ret->st_uid != geteuid()) {
		errno = EPERM;
		return -1;
	}
	return steal_fd(&fd);
}

/* 0, or -1 with errno. */
static int wait_for_lock(int fd, cache_waiter *wait, void *arg)
{
	uint64_t start = 0;

	while (flock(fd, LOCK_EX | LOCK_NB)) {
		if (errno == EINTR)
			continue;
		if (errno != EWOULDBLOCK)
			return -1;
		if (!wait || !wait(arg, start ? now_ns() - start : 0)) {
			errno = EWOULDBLOCK;
			return -1;
		}
		start = start ? start : now_ns();
		sleep_ns(LOCK_POLL_NS);
	}
	return 0;
}

int cache_lock(int directory, const struct cache_hash *hash, cache_waiter *wait, void *arg)
{
	const struct cache_name name = cache_name(hash, CACHE_LOCK_SUFFIX);

	for (;;) {
		struct stat held, named;
		_cleanup_close_ int fd = openat(directory, name.text,
						O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

		if (fd < 0 || wait_for_lock(fd, wait, arg) || fstat(fd, &held))
			return -1;
		/* cache_prune() may have removed the file before we had the lock. */
		if (!fstatat(directory, name.text, &named, AT_SYMLINK_NOFOLLOW) &&
		    named.st_ino == held.st_ino && named.st_dev == held.st_dev)
			return steal_fd(&fd);
	}
}

void cache_unlock(int directory, const struct cache_hash *hash, int lock)
{
	/* One that waits for it will see that it has another file than the next one, and try again.
	 */
	(void)unlinkat(directory, cache_name(hash, CACHE_LOCK_SUFFIX).text, 0);
	/* A child that was forked meanwhile has it open, too, so close() alone may not be enough.
	 */
	(void)flock(lock, LOCK_UN);
	close(lock);
}

/* A file in the directory. */
struct file {
	struct cache_name name;
	struct timespec used;
	uint64_t size;
};
DEFINE_VECTOR(file_vector, struct file);
DEFINE_VECTOR(name_vector, struct cache_name);

struct files {
	struct file_vector indexes;
	struct file_vector images;
	struct name_vector locks;
	struct name_vector unfinished;
};

static void files_deinit(struct files *files)
{
	file_vector_deinit(&files->indexes);
	file_vector_deinit(&files->images);
	name_vector_deinit(&files->locks);
	name_vector_deinit(&files->unfinished);
}

static bool add_name(struct name_vector *names, const char *name)
{
	struct cache_name *n = name_vector_append(names, NULL);

	if (n)
		snprintf(n->text, sizeof(n->text), "%s", name);
	return n;
}

static bool add_file(struct file_vector *files, int directory, const char *name)
{
	struct file file = { 0 };
	struct stat st;

	if (fstatat(directory, name, &st, AT_SYMLINK_NOFOLLOW) || S_ISDIR(st.st_mode))
		return true;
	snprintf(file.name.text, sizeof(file.name.text), "%s", name);
	file.used = st.st_mtim;
	file.size = st.st_size;
	return file_vector_append(files, &file);
}

/* HASH.image.NUMBER.tmp: it is an old one. */
static bool is_old_image_temporary(int directory, const char *name)
{
	struct stat st;

	return strspn(name, HEX_DIGITS) == HASH_HEX_CHARS &&
	       string_starts_with(name + HASH_HEX_CHARS, CACHE_IMAGE_SUFFIX ".") &&
	       string_ends_with(name, CACHE_TEMPORARY_SUFFIX) &&
	       !fstatat(directory, name, &st, AT_SYMLINK_NOFOLLOW) &&
	       time(NULL) - st.st_mtime > UNFINISHED_S;
}

static bool add_entry(struct files *files, int directory, const char *name)
{
	if (cache_name_parse(name, CACHE_INDEX_SUFFIX, NULL))
		return add_file(&files->indexes, directory, name);
	if (cache_name_parse(name, CACHE_IMAGE_SUFFIX, NULL))
		return add_file(&files->images, directory, name);
	if (cache_name_parse(name, CACHE_LOCK_SUFFIX, NULL))
		return add_name(&files->locks, name);
	if (cache_name_parse(name, CACHE_TEMPORARY_SUFFIX, NULL))
		return add_name(&files->unfinished, name);
	if (is_old_image_temporary(directory, name))
		(void)unlinkat(directory, name, 0);
	return true;
}

static int compare_used(const void *va, const void *vb)
{
	const struct file *a = va, *b = vb;

	if (a->used.tv_sec != b->used.tv_sec)
		return compare_values(b->used.tv_sec, a->used.tv_sec);
	if (a->used.tv_nsec != b->used.tv_nsec)
		return compare_values(b->used.tv_nsec, a->used.tv_nsec);
	return strcmp(a->name.text, b->name.text);
}

/* All files, those that were used last first. */
static struct error *files_read(struct files *files, int directory)
{
	int fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	bool ok = true;

	if (!stream) {
		struct error *err = error_errno(errno, "cannot list the cache");

		if (fd >= 0)
			close(fd);
		return err;
	}
	while (ok && (entry = readdir(stream)))
		ok = add_entry(files, directory, entry->d_name);
	closedir(stream);
	if (!ok)
		return &error_no_memory;
	if (files->indexes.len)
		qsort(files->indexes.data, files->indexes.len, sizeof(*files->indexes.data),
		      compare_used);
	if (files->images.len)
		qsort(files->images.data, files->images.len, sizeof(*files->images.data),
		      compare_used);
	return NULL;
}

static uint64_t remove_indexes(const struct files *files, int directory, uint64_t size,
			       const char *keep)
{
	uint64_t total = 0, freed = 0;

	vector_for_each(&files->indexes, file)
		total += file->size;
	for (size_t i = files->indexes.len; i-- && total > size;) {
		const struct file *file = &files->indexes.data[i];

		if ((keep && !strcmp(file->name.text, keep)) ||
		    unlinkat(directory, file->name.text, 0))
			continue;
		total -= file->size;
		freed += file->size;
	}
	return freed;
}

/* Files that belong to a lock, and the lock, unless another process has it. */
static void remove_unlocked(const struct name_vector *names, int directory, const char *suffix)
{
	struct cache_hash hash;

	vector_for_each(names, name) {
		if (!cache_name_parse(name->text, suffix, &hash))
			continue;
		int lock = cache_lock(directory, &hash, NULL, NULL);
		if (lock < 0)
			continue;
		(void)unlinkat(directory, name->text, 0);
		cache_unlock(directory, &hash, lock);
	}
}

struct error *cache_prune(int directory, uint64_t size, const char *keep, uint64_t *ret_freed)
{
	_cleanup_(files_deinit) struct files files = { 0 };
	struct error *err = files_read(&files, directory);
	time_t now = time(NULL);

	if (err)
		return err;
	*ret_freed = remove_indexes(&files, directory, size, keep);
	remove_unlocked(&files.unfinished, directory, CACHE_TEMPORARY_SUFFIX);
	remove_unlocked(&files.locks, directory, CACHE_LOCK_SUFFIX);
	vector_for_each(&files.images, file)
		if (!size || now - file->used.tv_sec > IMAGE_KEEP_S)
			(void)unlinkat(directory, file->name.text, 0);
	return NULL;
}

struct error *index_cache_prune(const char *directory, uint64_t size, uint64_t *ret_freed)
{
	_cleanup_close_ int fd = -1;
	struct error *err = cache_directory_open(directory, false, &fd);

	if (!err && fd < 0)
		*ret_freed = 0;
	else if (!err)
		err = cache_prune(fd, size, NULL, ret_freed);
	return err;
}

/* The path by which an image with this content was last used; NULL if it is not known. */
static char *find_path(const struct files *files, int directory, const char *content)
{
	vector_for_each(&files->images, file) {
		_cleanup_free_ char *path = NULL;
		struct cache_hash hash;

		if (cache_image_read(directory, file->name.text, &hash, &path) &&
		    !strcmp(hash.hex, content))
			return steal_ptr(&path);
	}
	return NULL;
}

static struct error *describe(const struct files *files, int directory, const struct file *file,
			      struct index_cache_entry_vector *ret)
{
	struct index_cache_entry e = { .size = file->size, .last_use = file->used.tv_sec };
	_cleanup_free_ char *info = NULL;
	struct cache_hash hash;
	size_t size;

	if (!cache_name_parse(file->name.text, CACHE_INDEX_SUFFIX, &hash))
		return NULL;
	if (cache_file_describe(directory, &hash, &e.build_id, &info, &size)) {
		const char *content = cache_info_next(info, size, NULL, CACHE_INFO_CONTENT);
		const char *path = cache_info_next(info, size, NULL, CACHE_INFO_PATH);

		e.is_usable = true;
		e.path = content ? find_path(files, directory, content) : NULL;
		if (!e.path)
			e.path = strdup(path ? path : "");
		if (!e.path)
			return &error_no_memory;
	}
	if (!index_cache_entry_vector_append(ret, &e)) {
		free(e.path);
		return &error_no_memory;
	}
	return NULL;
}

struct error *index_cache_list(const char *directory, struct index_cache_entry_vector *ret)
{
	_cleanup_(files_deinit) struct files files = { 0 };
	_cleanup_(index_cache_entries_deinit) struct index_cache_entry_vector entries = VECTOR_INIT;
	_cleanup_close_ int fd = -1;
	struct error *err = cache_directory_open(directory, false, &fd);

	if (!err && fd >= 0)
		err = files_read(&files, fd);
	for (size_t i = 0; !err && i < files.indexes.len; i++)
		err = describe(&files, fd, &files.indexes.data[i], &entries);
	if (err)
		return err;
	*ret = entries;
	entries = (struct index_cache_entry_vector)VECTOR_INIT;
	return NULL;
}

void index_cache_entries_deinit(struct index_cache_entry_vector *entries)
{
	vector_for_each(entries, e)
		free(e->path);
	index_cache_entry_vector_deinit(entries);
}
