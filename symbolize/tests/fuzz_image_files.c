// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz entry: take any bytes as an image and as a file that it refers to (a .dwo file, a dwz
 * supplement or a debug file), and do with it what fuzz_image.c does. The first 4 bytes are the
 * size of the image. The corpus names the other file "second".
 */
#include "base/tests/fuzz_main.h"

#include "base/tests/fuzz_files.h"
#include "symbolize/tests/read_everything.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char image[128], second[128];
	uint32_t first;

	if (size < sizeof(first))
		return 0;
	memcpy(&first, data, sizeof(first));
	data += sizeof(first);
	size -= sizeof(first);
	first = first < size ? first : size;
	fuzz_write("image", data, first, image);
	fuzz_write("second", data + first, size - first, second);
	error_destroy(read_file_and_everything(image));
	return 0;
}
