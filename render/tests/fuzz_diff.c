// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzz entry: read any bytes as a diff. What comes out must be in order, and inside of the text. */
#include "base/tests/fuzz_main.h"

#include <stdlib.h>
#include <string.h>

#include "render/diff.h"

static void check_file(const struct diff_file *file, const uint8_t *data, size_t size)
{
	uint32_t next = 1;

	if (!file->path || !*file->path || !file->given)
		abort();
	for (size_t i = 0; i < file->nr_lines; i++) {
		const struct diff_line *line = &file->lines[i];

		if (line->number < next || line->number > DIFF_NUMBER_MAX || !line->at)
			abort();
		if (line->text < (const char *)data ||
		    line->text + line->length > (const char *)data + size ||
		    memchr(line->text, '\n', line->length))
			abort();
		next = line->number + (line->kind != DIFF_REMOVED);
		diff_begins_hunk(file, i);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diff *diff;
	struct error *err = diff_parse((const char *)data, size, &diff);

	if (err) {
		if (err->code != ERROR_FORMAT && err->code != ERROR_UNSUPPORTED)
			abort();
		error_destroy(err);
		return 0;
	}
	for (size_t i = 0; i < diff->nr_files; i++)
		check_file(&diff->files[i], data, size);
	diff_destroy(diff);
	return 0;
}
