// SPDX-License-Identifier: GPL-2.0-or-later
/* Whole reads and writes, and files mapped or read into memory. */
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"

#define FILE_MAP_READ_LIMIT ((size_t)4 << 30)

int write_all(int fd, const void *data, size_t len)
{
	const char *p = data;

	while (len) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		p += n;
		len -= n;
	}
	return 0;
}

ssize_t read_full(int fd, void *data, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = read(fd, (char *)data + done, len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		done += n;
	}
	return done;
}

static struct error *fd_read(int fd, const char *path, size_t limit, char **ret, size_t *ret_len)
{
	_cleanup_free_ char *data = NULL;
	size_t len = 0, capacity = 4096;

	for (;;) {
		char *grown = realloc(data, capacity + 1);

		if (!grown)
			return &error_no_memory;
		data = grown;
		ssize_t n = read_full(fd, data + len, capacity - len);
		if (n < 0)
			return error_errno(errno, "cannot read '%s'", path);
		len += n;
		if (len > limit)
			return error_create(ERROR_FORMAT, "'%s' is larger than %zu bytes", path,
					    limit);
		if (len < capacity)
			break;
		capacity *= 2;
	}
	data[len] = '\0';
	if (ret_len)
		*ret_len = len;
	*ret = steal_ptr(&data);
	return NULL;
}

struct error *file_read(const char *path, size_t limit, char **ret, size_t *ret_len)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return error_errno(errno, "cannot open '%s'", path);
	return fd_read(fd, path, limit, ret, ret_len);
}

/* Open for reading the file that fd, opened with O_PATH, refers to. */
static int reopen(int fd, const char *path, const struct stat *st)
{
	const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
	char link[40];
	struct stat again;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	_cleanup_close_ int opened = open(link, flags);
	/* Without /proc by name: then another file may be there by now. */
	if (opened < 0 && errno == ENOENT)
		opened = open(path, flags);
	if (opened < 0 || fstat(opened, &again))
		return -1;
	if (again.st_dev != st->st_dev || again.st_ino != st->st_ino) {
		errno = ESTALE;
		return -1;
	}
	return steal_fd(&opened);
}

struct error *file_open_regular(const char *path, int *ret, struct stat *st)
{
	_cleanup_close_ int fd = open(path, O_PATH | O_CLOEXEC);

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return error_create(ERROR_NOT_FOUND, "no file '%s'", path);
	if (fd < 0 || fstat(fd, st))
		return error_errno(errno, "cannot open '%s'", path);
	if (!S_ISREG(st->st_mode))
		return error_create(ERROR_FORMAT, "'%s' is not a regular file", path);
	int opened = reopen(fd, path, st);
	if (opened < 0)
		return error_errno(errno, "cannot open '%s'", path);
	*ret = opened;
	return NULL;
}

struct error *file_read_opened(int fd, const struct stat *st, const char *path, size_t limit,
			       char **ret, size_t *ret_len)
{
	if ((uint64_t)st->st_size > limit)
		return error_create(ERROR_FORMAT, "'%s' is larger than %zu bytes", path, limit);
	_cleanup_free_ char *data = malloc(st->st_size + 1);
	if (!data)
		return &error_no_memory;
	ssize_t n = read_full(fd, data, st->st_size);
	if (n < 0)
		return error_errno(errno, "cannot read '%s'", path);
	data[n] = '\0';
	if (ret_len)
		*ret_len = n;
	*ret = steal_ptr(&data);
	return NULL;
}

struct error *file_read_regular(const char *path, size_t limit, char **ret, size_t *ret_len)
{
	_cleanup_close_ int fd = -1;
	struct stat st;
	struct error *err = file_open_regular(path, &fd, &st);

	return err ? err : file_read_opened(fd, &st, path, limit, ret, ret_len);
}

struct error *file_name(int fd, char **ret)
{
	char link[40], name[PATH_MAX];

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	ssize_t n = readlink(link, name, sizeof(name));
	*ret = NULL;
	if (n < 0 || (size_t)n == sizeof(name))
		return NULL;
	*ret = strndup(name, n);
	return *ret ? NULL : &error_no_memory;
}

struct error *file_map_init(struct file_map *map, const char *path)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		return error_errno(errno, "cannot open '%s'", path);
	if (S_ISDIR(st.st_mode))
		return error_errno(EISDIR, "cannot read '%s'", path);
	if (S_ISREG(st.st_mode) && st.st_size > 0 && (uint64_t)st.st_size <= SIZE_MAX) {
		void *p = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);

		if (p == MAP_FAILED)
			return error_errno(errno, "cannot map '%s'", path);
		*map = (struct file_map){ p, st.st_size, p, true };
		return NULL;
	}
	char *data;
	size_t len;
	struct error *err = fd_read(fd, path, FILE_MAP_READ_LIMIT, &data, &len);
	if (err)
		return err;
	*map = (struct file_map){ (unsigned char *)data, len, data, false };
	return NULL;
}

void file_map_deinit(struct file_map *map)
{
	if (map->is_mapped)
		munmap(map->base, map->size);
	else
		free(map->base);
	*map = (struct file_map){ 0 };
}

/* Without /proc: of a directory. */
static int open_nothing(void)
{
	_cleanup_close_ int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char path[40];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", s);
	int fd = s >= 0 ? open(path, O_PATH | O_CLOEXEC) : -1;
	return fd >= 0 ? fd : open("/", O_PATH | O_CLOEXEC);
}

void io_hold_closed_streams(void)
{
	for (int i = 0; i <= STDERR_FILENO; i++) {
		if (fcntl(i, F_GETFD) >= 0)
			continue;
		int fd = open_nothing();
		if (fd < 0 || fd == i)
			continue;
		dup3(fd, i, O_CLOEXEC);
		close(fd);
	}
}
