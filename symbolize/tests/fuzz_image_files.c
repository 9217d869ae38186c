// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz entry: take any bytes as an image and as a file that it refers to (a .dwo file, a dwz
 * supplement or a debug file), and do with it what fuzz_image.c does. The first 4 bytes are the
 * size of the image. The corpus names the other file "second".
 */
#include "base/tests/fuzz_main.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "symbolize/tests/read_everything.h"

static char directory[] = "/tmp/kcovreport-fuzz-XXXXXX";
static char first_path[64], second_path[64];

static void remove_files(void)
{
	unlink(first_path);
	unlink(second_path);
	rmdir(directory);
}

static void make_directory(void)
{
	if (first_path[0])
		return;
	if (!mkdtemp(directory))
		abort();
	snprintf(first_path, sizeof(first_path), "%s/image", directory);
	snprintf(second_path, sizeof(second_path), "%s/second", directory);
	atexit(remove_files);
}

static void write_file(const char *path, const uint8_t *data, size_t size)
{
	FILE *f = fopen(path, "we");

	if (!f || fwrite(data, 1, size, f) != size || fclose(f))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint32_t first;

	if (size < sizeof(first))
		return 0;
	memcpy(&first, data, sizeof(first));
	data += sizeof(first);
	size -= sizeof(first);
	first = first < size ? first : size;
	make_directory();
	write_file(first_path, data, first);
	write_file(second_path, data + first, size - first);
	error_destroy(read_file_and_everything(first_path));
	return 0;
}
