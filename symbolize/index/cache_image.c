// SPDX-License-Identifier: GPL-2.0-or-later
/* Which content does an image file have? Hashed once, then known by the file's inode and ctime. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "symbolize/image/image.h"
#include "symbolize/index/cache_private.h"

/* Time stamps of some file systems count in units of 2 s. */
#define SETTLE_SECONDS 2
#define HASH_CHUNK     ((size_t)256 << 10)

bool cache_state(const struct stat *st, char text[CACHE_STATE_SIZE])
{
	struct timespec now;

	snprintf(text, CACHE_STATE_SIZE, "%jx:%jx:%jx.%lx:%jx.%lx", (uintmax_t)st->st_ino,
		 (uintmax_t)st->st_size, (uintmax_t)st->st_mtim.tv_sec, st->st_mtim.tv_nsec,
		 (uintmax_t)st->st_ctim.tv_sec, st->st_ctim.tv_nsec);
	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec - SETTLE_SECONDS > st->st_ctim.tv_sec;
}

bool cache_state_of(const char *path, char text[CACHE_STATE_SIZE])
{
	struct stat st;

	if (!stat(path, &st))
		return cache_state(&st, text);
	snprintf(text, CACHE_STATE_SIZE, "-");
	return true;
}

bool cache_ctime_is_known(const struct stat *st)
{
	char state[CACHE_STATE_SIZE];

	return st->st_ctim.tv_nsec && cache_state(st, state);
}

static struct cache_hash to_hex(XXH128_hash_t hash)
{
	struct cache_hash ret;

	snprintf(ret.hex, sizeof(ret.hex), "%016jx%016jx", (uintmax_t)hash.high64,
		 (uintmax_t)hash.low64);
	return ret;
}

/* The name of the file that tells the content of this one. */
static struct cache_name name_of(const struct stat *st)
{
	char state[CACHE_STATE_SIZE], text[CACHE_STATE_SIZE + 32];

	cache_state(st, state);
	int n = snprintf(text, sizeof(text), "%jx %s", (uintmax_t)st->st_dev, state);
	const struct cache_hash hash = to_hex(XXH3_128bits(text, n));
	return cache_name(&hash, CACHE_IMAGE_SUFFIX);
}

static bool hash_file(int fd, struct cache_hash *ret)
{
	_cleanup_free_ char *chunk = malloc(HASH_CHUNK);
	XXH3_state_t *state = XXH3_createState();
	ssize_t n = -1;

	if (chunk && state && XXH3_128bits_reset(state) == XXH_OK)
		while ((n = read_full(fd, chunk, HASH_CHUNK)) > 0)
			XXH3_128bits_update(state, chunk, n);
	if (n == 0)
		*ret = to_hex(XXH3_128bits_digest(state));
	XXH3_freeState(state);
	return n == 0;
}

/* "HASH PATH\n" */
bool cache_image_read(int directory, const char *name, struct cache_hash *ret_content,
		      char **ret_path)
{
	struct stat st;
	_cleanup_close_ int fd = cache_open_file(directory, name, &st);
	char text[CACHE_HASH_SIZE + PATH_MAX + 2];

	if (fd < 0)
		return false;
	ssize_t n = read_full(fd, text, sizeof(text));
	if (n < CACHE_HASH_SIZE + 2 || n == sizeof(text) || text[n - 1] != '\n' ||
	    text[CACHE_HASH_SIZE - 1] != ' ' || memchr(text, '\0', n))
		return false;
	text[n - 1] = text[CACHE_HASH_SIZE - 1] = '\0';
	if (!cache_name_parse(text, "", ret_content))
		return false;
	*ret_path = strdup(text + CACHE_HASH_SIZE);
	return *ret_path;
}

/* If it fails, the image will be hashed again. */
static void remember(int directory, const struct cache_image *image)
{
	const struct cache_name name = name_of(&image->st);
	char temporary[CACHE_NAME_SIZE + 32];

	snprintf(temporary, sizeof(temporary), "%s.%d" CACHE_TEMPORARY_SUFFIX, name.text, gettid());
	(void)unlinkat(directory, temporary, 0);
	int fd = openat(directory, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	bool ok = dprintf(fd, "%s %s\n", image->content.hex, image->path) > 0;
	ok &= close(fd) == 0;
	if (!ok || renameat(directory, temporary, directory, name.text))
		(void)unlinkat(directory, temporary, 0);
}

/* -1: there is no such file, or it is not a regular one. */
static int open_image(const char *path, struct stat *ret)
{
	int fd;
	_cleanup_error_ struct error *err = file_open_regular(path, &fd, ret);

	/* Its content is not worth reading: image_open() says why. */
	if (!err && (uint64_t)ret->st_size > IMAGE_SIZE_MAX) {
		close(fd);
		return -1;
	}
	return err ? -1 : fd;
}

static bool find_content(struct cache_image *image, int directory, int fd)
{
	const struct cache_name name = name_of(&image->st);
	_cleanup_free_ char *last_path = NULL;

	image->is_settled = cache_ctime_is_known(&image->st);
	bool is_known = image->is_settled &&
			cache_image_read(directory, name.text, &image->content, &last_path);
	if (!is_known && !hash_file(fd, &image->content))
		return false;
	/* cache_prune() removes those that were not used for a long time. */
	if (is_known)
		(void)utimensat(directory, name.text,
				(const struct timespec[]){ { 0, UTIME_OMIT }, { 0, UTIME_NOW } },
				AT_SYMLINK_NOFOLLOW);
	if (image->is_settled && (!is_known || strcmp(last_path, image->path)))
		remember(directory, image);
	return true;
}

bool cache_image_init(struct cache_image *image, int directory, const char *path)
{
	struct cache_image i = { 0 };
	_cleanup_close_ int fd = open_image(path, &i.st);

	if (fd < 0)
		return false;
	i.path = realpath(path, NULL);
	if (!i.path || !find_content(&i, directory, fd)) {
		cache_image_deinit(&i);
		return false;
	}
	*image = i;
	return true;
}

void cache_image_deinit(struct cache_image *image)
{
	free(image->path);
	*image = (struct cache_image){ 0 };
}

bool cache_image_is_same(const struct cache_image *image, const char *path)
{
	char before[CACHE_STATE_SIZE], now[CACHE_STATE_SIZE];
	struct cache_hash content;
	struct stat st;
	_cleanup_close_ int fd = open_image(path, &st);

	if (fd < 0)
		return false;
	cache_state(&image->st, before);
	cache_state(&st, now);
	if (strcmp(before, now) || st.st_dev != image->st.st_dev)
		return false;
	return image->is_settled ||
	       (hash_file(fd, &content) && !strcmp(content.hex, image->content.hex));
}
