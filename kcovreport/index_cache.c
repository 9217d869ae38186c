// SPDX-License-Identifier: GPL-2.0-or-later
/* Where the cache of indexes is, and how large it may become. */
#include "kcovreport/index_cache.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "kcovreport/find_image.h"
#include "kcovreport/kcovreport.h"

/* About 40 kernels with the options of kernel/config. */
#define DEFAULT_SIZE ((uint64_t)2 << 30)

struct error *index_cache_directory(char **ret)
{
	_cleanup_free_ char *cache = NULL;
	char *path;
	struct error *err = cache_directory(&cache);

	if (err)
		return err;
	if (asprintf(&path, "%s/index", cache) < 0)
		return &error_no_memory;
	*ret = path;
	return NULL;
}

bool parse_size(const char *text, uint64_t *ret)
{
	static const char units[] = "KMG";
	_cleanup_free_ char *number = strdup(text);
	size_t len = strlen(text);
	const char *unit = len ? strchr(units, text[len - 1]) : NULL;
	int shift = unit ? 10 * (unit - units + 1) : 0;
	uint64_t value;

	if (!number)
		return false;
	if (unit)
		number[len - 1] = '\0';
	if (!parse_u64(number, 10, UINT64_MAX >> shift, &value))
		return false;
	*ret = value << shift;
	return true;
}

struct error *index_cache_size(uint64_t *ret)
{
	const char *text = getenv("KCOVREPORT_CACHE_SIZE");

	*ret = DEFAULT_SIZE;
	if (text && *text && !parse_size(text, ret))
		return error_hint(error_create(ERROR_INVALID,
					       "KCOVREPORT_CACHE_SIZE is not a size: '%s'", text),
				  "as in 500M or 4G; 0 keeps no index");
	return NULL;
}

struct error *index_open(const char *path, const char *const *debug_dirs, bool no_cache,
			 unsigned int jobs, struct index **ret)
{
	struct index_get_options options = { .debug_dirs = debug_dirs,
					     .log = &console_log,
					     .jobs = jobs };
	_cleanup_free_ char *directory = NULL;
	struct error *err = no_cache ? NULL : index_cache_size(&options.size_limit);

	if (err)
		return err;
	/* Without a home directory there is no cache. */
	if (!no_cache)
		error_destroy(index_cache_directory(&directory));
	options.directory = directory;
	return index_get(path, &options, ret);
}
