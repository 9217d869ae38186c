// SPDX-License-Identifier: GPL-2.0-or-later
/* One cached file: written under another name and renamed, mapped and checked when it is read. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/unfinished.h"
#include "symbolize/index/cache_private.h"
#include "symbolize/index/private.h"

#define FILE_MAGIC   0x656c6966766f636bULL /* "kcovfile"; another byte order reads it differently */
#define FILE_VERSION 1
/* For a list: paths and log lines. */
#define INFO_LIMIT ((size_t)1 << 20)

struct file_header {
	uint64_t magic;
	uint64_t version;
	uint64_t size;	   /* of the file */
	uint64_t checksum; /* XXH3_64 of all bytes after this member */
	char hash[40];	   /* the name of the file */
	uint64_t block_size;
	uint64_t info_size;
	uint64_t reserved;
	/* The block follows, then the information. */
};
_Static_assert(sizeof(struct file_header) % 8 == 0, "the block is aligned in the mapping");

#define CHECKED_FROM (offsetof(struct file_header, checksum) + sizeof(uint64_t))

/* The parts that can be checked without reading the whole file. */
static enum cache_result check_header(const struct file_header *h, uint64_t size,
				      const struct cache_hash *hash)
{
	if (h->magic != FILE_MAGIC)
		return CACHE_DAMAGED;
	if (h->version != FILE_VERSION)
		return CACHE_OTHER_VERSION;
	if (h->size != size || h->block_size % 8 || h->block_size > size - sizeof(*h) ||
	    h->info_size != size - sizeof(*h) - h->block_size || !h->info_size ||
	    memcmp(h->hash, hash->hex, sizeof(hash->hex)))
		return CACHE_DAMAGED;
	return CACHE_FOUND;
}

/* file: all size bytes of it. */
static enum cache_result check_file(const unsigned char *file, uint64_t size,
				    const struct cache_hash *hash, const char **ret_what)
{
	const struct file_header *h = (const struct file_header *)file;

	*ret_what = "header";
	enum cache_result result = check_header(h, size, hash);
	if (result != CACHE_FOUND)
		return result;
	*ret_what = "checksum";
	if (h->checksum != XXH3_64bits(file + CHECKED_FROM, size - CHECKED_FROM) || file[size - 1])
		return CACHE_DAMAGED;
	switch (index_validate(file + sizeof(*h), h->block_size, ret_what)) {
	case INDEX_VALID:
		return CACHE_FOUND;
	case INDEX_OTHER_VERSION:
		return CACHE_OTHER_VERSION;
	case INDEX_DAMAGED:
		break;
	}
	return CACHE_DAMAGED;
}

static enum cache_result map_file(int fd, size_t size, const struct cache_hash *hash,
				  const char *path, struct cached *ret, const char **ret_what)
{
	unsigned char *file = mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	const struct file_header *h = (const struct file_header *)file;

	*ret_what = "cannot be mapped";
	if (file == MAP_FAILED)
		return CACHE_DAMAGED;
	enum cache_result result = check_file(file, size, hash, ret_what);
	_cleanup_error_ struct error *err = NULL;
	if (result == CACHE_FOUND)
		err = index_create(file, file + sizeof(*h), size, path, &ret->index);
	if (result != CACHE_FOUND || err) {
		munmap(file, size);
		return err ? CACHE_ABSENT : result;
	}
	ret->info = (const char *)file + sizeof(*h) + h->block_size;
	ret->info_size = h->info_size;
	return CACHE_FOUND;
}

enum cache_result cache_file_read(int directory, const struct cache_hash *hash, const char *path,
				  struct cached *ret, const char **ret_what)
{
	const struct cache_name name = cache_name(hash, CACHE_INDEX_SUFFIX);
	struct stat st;
	_cleanup_close_ int fd = cache_open_file(directory, name.text, &st);

	*ret_what = "not a file of this user";
	if (fd < 0)
		return errno == ENOENT ? CACHE_ABSENT : CACHE_DAMAGED;
	*ret_what = "header";
	if (st.st_size < (off_t)sizeof(struct file_header))
		return CACHE_DAMAGED;
	enum cache_result result = map_file(fd, st.st_size, hash, path, ret, ret_what);
	/* The time of the last use. */
	if (result == CACHE_FOUND)
		(void)futimens(fd,
			       (const struct timespec[]){ { 0, UTIME_OMIT }, { 0, UTIME_NOW } });
	return result;
}

bool cache_file_describe(int directory, const struct cache_hash *hash, struct build_id *ret_id,
			 char **ret_info, size_t *ret_size)
{
	const struct cache_name name = cache_name(hash, CACHE_INDEX_SUFFIX);
	struct stat st;
	_cleanup_close_ int fd = cache_open_file(directory, name.text, &st);
	struct file_header h;
	struct index_header index;

	if (fd < 0 || st.st_size < (off_t)sizeof(h) || read_full(fd, &h, sizeof(h)) != sizeof(h) ||
	    check_header(&h, st.st_size, hash) != CACHE_FOUND || h.block_size < sizeof(index) ||
	    h.info_size > INFO_LIMIT || read_full(fd, &index, sizeof(index)) != sizeof(index) ||
	    index.version != INDEX_VERSION || index.build_id.size > BUILD_ID_MAX)
		return false;
	_cleanup_free_ char *info = malloc(h.info_size);
	if (!info || pread(fd, info, h.info_size, sizeof(h) + h.block_size) != h.info_size ||
	    info[h.info_size - 1])
		return false;
	*ret_id = index.build_id;
	*ret_size = h.info_size;
	*ret_info = steal_ptr(&info);
	return true;
}

uint64_t cache_file_size(const struct index *index, const struct strbuf *info)
{
	return sizeof(struct file_header) + index->header->size + info->len;
}

static void fill_header(struct file_header *h, const struct cache_hash *hash,
			const struct index *index, const struct strbuf *info, XXH3_state_t *state)
{
	*h = (struct file_header){
		.magic = FILE_MAGIC,
		.version = FILE_VERSION,
		.size = cache_file_size(index, info),
		.block_size = index->header->size,
		.info_size = info->len,
	};
	memcpy(h->hash, hash->hex, sizeof(hash->hex));
	XXH3_64bits_reset(state);
	XXH3_64bits_update(state, (const char *)h + CHECKED_FROM, sizeof(*h) - CHECKED_FROM);
	XXH3_64bits_update(state, index->block, index->header->size);
	XXH3_64bits_update(state, info->data, info->len);
	h->checksum = XXH3_64bits_digest(state);
}

/* Returns an errno value. */
static int write_file(int fd, const struct file_header *h, const struct index *index,
		      const struct strbuf *info)
{
	struct rlimit limit;

	/* A write beyond this limit would end the process (SIGXFSZ). */
	if (!getrlimit(RLIMIT_FSIZE, &limit) && h->size > limit.rlim_cur)
		return EFBIG;
	/* If there is no space for all of it, do not fill the rest of the disk. */
	if (fallocate(fd, 0, 0, h->size) && (errno == ENOSPC || errno == EDQUOT || errno == EFBIG))
		return errno;
	if (write_all(fd, h, sizeof(*h)) || write_all(fd, index->block, index->header->size) ||
	    write_all(fd, info->data, info->len))
		return errno;
	return 0;
}

static int write_temporary(int directory, const char *name, const struct file_header *h,
			   const struct index *index, const struct strbuf *info)
{
	/* One that is there is of a writer that died: we have the lock. */
	(void)unlinkat(directory, name, 0);
	int fd = openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno;
	int error = write_file(fd, h, index, info);
	if (close(fd) && !error)
		error = errno;
	return error;
}

struct error *cache_file_write(int directory, const char *directory_path,
			       const struct cache_hash *hash, const struct cache_hash *lock,
			       const struct index *index, const struct strbuf *info)
{
	const struct cache_name name = cache_name(hash, CACHE_INDEX_SUFFIX);
	const struct cache_name temporary = cache_name(lock, CACHE_TEMPORARY_SUFFIX);
	XXH3_state_t *state = XXH3_createState();
	_cleanup_free_ char *path = NULL;
	struct file_header h;

	if (!state || asprintf(&path, "%s/%s", directory_path, temporary.text) < 0) {
		path = NULL;
		XXH3_freeState(state);
		return &error_no_memory;
	}
	fill_header(&h, hash, index, info, state);
	XXH3_freeState(state);
	unfinished_add(path, UNFINISHED_FILE);
	int error = write_temporary(directory, temporary.text, &h, index, info);
	if (!error && renameat(directory, temporary.text, directory, name.text))
		error = errno;
	if (error)
		(void)unlinkat(directory, temporary.text, 0);
	unfinished_forget(path);
	return error ? error_errno(error, "cannot write to '%s'", directory_path) : NULL;
}

const char *cache_info_next(const char *info, size_t size, const char *at, char kind)
{
	const char *end = info + size;

	for (at = at ? at + strlen(at) + 1 : info; at < end; at += strlen(at) + 1)
		if (*at == kind)
			return at + 1;
	return NULL;
}
