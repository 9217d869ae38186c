/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The user's cache of indexes (symbolize/index/cache.h), as the environment says. */
#ifndef KCOVREPORT_INDEX_CACHE_H
#define KCOVREPORT_INDEX_CACHE_H

#include <stdbool.h>

#include "base/error.h"
#include "symbolize/index/cache.h"

/*
 * CACHE/index, where CACHE is as in find_image.h. The caller frees *ret. ERROR_NOT_FOUND if there
 * is no home directory.
 */
struct error *index_cache_directory(char **ret);
/* Bytes: $KCOVREPORT_CACHE_SIZE, or 2 GiB. */
struct error *index_cache_size(uint64_t *ret);
/* A number of bytes, or of KiB, MiB, GiB with K, M or G after it. */
bool parse_size(const char *text, uint64_t *ret);

/*
 * index_get() with the user's cache, or without a cache. An image is read in `jobs` threads. Notes
 * and progress go to console_log.
 */
struct error *index_open(const char *path, const char *const *debug_dirs, bool no_cache,
			 unsigned int jobs, struct index **ret);

#endif
