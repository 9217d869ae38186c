/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each fuzz_NAME.c defines LLVMFuzzerTestOneInput() and includes this file. Built by `make tests`,
 * the program runs every file on its command line once; `make check` does that with the corpus
 * (check/corpus.sh). `make fuzz FUZZ=fuzz_run` builds a libFuzzer program, which has
 * its own main().
 */
#ifndef BASE_TESTS_FUZZ_MAIN_H
#define BASE_TESTS_FUZZ_MAIN_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#ifndef LIBFUZZER
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/io.h"

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		struct file_map map;
		struct error *err = file_map_init(&map, argv[i]);

		if (err) {
			fprintf(stderr, "%s: %s\n", argv[i], err->message);
			error_destroy(err);
			return 1;
		}
		/* A copy of exactly this size, so that ASan sees a read past its end. */
		uint8_t *copy = malloc(map.size ? map.size : 1);
		if (!copy)
			return 1;
		memcpy(copy, map.data, map.size);
		LLVMFuzzerTestOneInput(copy, map.size);
		free(copy);
		file_map_deinit(&map);
	}
	return 0;
}
#endif

#endif
