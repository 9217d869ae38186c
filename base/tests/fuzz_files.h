/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For fuzz entries whose reader takes paths: a directory in memory, removed when the process ends.
 */
#ifndef BASE_TESTS_FUZZ_FILES_H
#define BASE_TESTS_FUZZ_FILES_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/outfile.h"

static char fuzz_directory_path[64];

static inline int fuzz_remove_one(const char *path, const struct stat *st, int type,
				  struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline void fuzz_remove_directory(void)
{
	nftw(fuzz_directory_path, fuzz_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* The directory, created by the first call. */
static inline const char *fuzz_directory(void)
{
	if (fuzz_directory_path[0])
		return fuzz_directory_path;
	snprintf(fuzz_directory_path, sizeof(fuzz_directory_path), "%s/kcovreport-fuzz-XXXXXX",
		 access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
	if (!mkdtemp(fuzz_directory_path))
		abort();
	atexit(fuzz_remove_directory);
	return fuzz_directory_path;
}

/* Write a file in it. Its path, which may have directories, is in ret. */
static inline void fuzz_write(const char *name, const void *data, size_t size, char ret[128])
{
	snprintf(ret, 128, "%s/%s", fuzz_directory(), name);
	FILE *f = fopen(ret, "we");
	if (!f) {
		char *slash = strrchr(ret, '/');

		*slash = '\0';
		error_destroy(make_directories(ret));
		*slash = '/';
		f = fopen(ret, "we");
	}
	if (!f || (size && fwrite(data, 1, size, f) != size) || fclose(f))
		abort();
}

/* A copy with a NUL after its end, for readers of text. The caller frees it. */
static inline char *fuzz_text(const void *data, size_t size)
{
	char *text = malloc(size + 1);

	if (!text)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

#endif
