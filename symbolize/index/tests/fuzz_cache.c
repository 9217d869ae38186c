// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz entry: take any bytes as a cached file (symbolize/index/cache_file.c), and as the file that
 * names an image (cache_image.c). Size, name and checksum in the header are corrected: a fuzzer
 * cannot guess them.
 */
#include "base/tests/fuzz_main.h"

#include <dirent.h>
#include <fcntl.h>
#include <xxhash.h>

#include "base/tests/fuzz_files.h"
#include "symbolize/index/cache_private.h"
#include "symbolize/tests/read_everything.h"

/* As in struct file_header of cache_file.c. */
#define SIZE_AT	    16
#define CHECKSUM_AT 24
#define HASH_AT	    32
#define HEADER_SIZE 96

static const struct cache_hash hash = { "0123456789abcdef0123456789abcdef" };

static void repair_header(uint8_t *file, uint64_t size)
{
	uint64_t checksum;

	if (size < HEADER_SIZE)
		return;
	memcpy(file + SIZE_AT, &size, sizeof(size));
	memcpy(file + HASH_AT, hash.hex, sizeof(hash.hex));
	checksum = XXH3_64bits(file + HASH_AT, size - HASH_AT);
	memcpy(file + CHECKSUM_AT, &checksum, sizeof(checksum));
}

static int open_cache(void)
{
	int fd = -1;

	if (cache_directory_open(fuzz_directory(), false, &fd) || fd < 0)
		abort();
	return fd;
}

/* Every string ends in the information. */
static void read_info(const char *info, size_t size)
{
	static const char kinds[] = { CACHE_INFO_PATH, CACHE_INFO_CONTENT, CACHE_INFO_LOOKED,
				      CACHE_INFO_WARNING, CACHE_INFO_LINE };

	for (size_t i = 0; i < sizeof(kinds); i++)
		for (const char *at = NULL; (at = cache_info_next(info, size, at, kinds[i]));)
			if (at + strlen(at) >= info + size)
				abort();
}

static void read_index(int directory)
{
	struct cached cached;
	const char *what = NULL;

	if (cache_file_read(directory, &hash, "image", &cached, &what) != CACHE_FOUND) {
		if (!what)
			abort();
		return;
	}
	read_info(cached.info, cached.info_size);
	find_all_frames(cached.index);
	error_destroy(cover_everything(cached.index));
	index_destroy(cached.index);
}

static void read_list(void)
{
	struct index_cache_entry_vector entries = VECTOR_INIT;

	if (index_cache_list(fuzz_directory(), &entries) || entries.len != 1)
		abort();
	index_cache_entries_deinit(&entries);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ uint8_t *copy = (uint8_t *)fuzz_text(data, size);
	_cleanup_free_ char *image_path = NULL;
	struct cache_hash content;
	struct cache_name name = cache_name(&hash, CACHE_INDEX_SUFFIX);
	char path[128];

	repair_header(copy, size);
	fuzz_write(name.text, copy, size, path);
	name = cache_name(&hash, CACHE_IMAGE_SUFFIX);
	fuzz_write(name.text, data, size, path);
	_cleanup_close_ int directory = open_cache();
	read_index(directory);
	read_list();
	cache_image_read(directory, name.text, &content, &image_path);
	return 0;
}
