// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzz entry: show any bytes as a source file. What is written must be plain text. */
#include "base/tests/fuzz_main.h"

#include "base/cleanup.h"
#include "base/tests/fuzz_files.h"
#include "base/utf8.h"
#include "render/source_file.h"
#include "render/source_view.h"

#define LINES 64

static void check_plain(const char *text, size_t size)
{
	bool is_plain;

	for (size_t i = 0, n; i < size; i += n) {
		n = text_next(text + i, size - i, &is_plain);
		if (!is_plain && text[i] != '\n' && text[i] != '\t')
			abort();
	}
}

static void show(const struct coverage_file *file, const char *function, uint64_t nr_lines)
{
	_cleanup_free_ char *text = NULL;
	uint64_t shown = 0;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out || source_view_render(file, function, false, out) || fclose(out))
		abort();
	check_plain(text, size);
	for (size_t i = 0; i < size; i++)
		shown += text[i] == '\n';
	if (function ? shown > nr_lines : shown != nr_lines)
		abort();
}

/* The first byte says which lines are covered, and where the function begins. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct coverage_branch branches[8] = { { .is_reached = true } };
	struct coverage_line lines[LINES];
	struct coverage_function function = { .name = "f" };
	struct coverage_file file = { .lines = lines, .functions = &function, .nr_functions = 1 };
	struct source_facts source;
	char path[128];

	if (!size)
		return 0;
	for (uint32_t i = 1; i <= LINES; i++)
		if (i % 8 != data[0] % 8)
			lines[file.nr_lines++] =
				(struct coverage_line){ .line = i,
							.count = (uint64_t)data[0] << i % 57,
							.branches = branches,
							.nr_branches = i % 9 };
	function.line = data[0] % 16;
	fuzz_write("source.c", data + 1, size - 1, path);
	file.path = path;
	file.md5.state = data[0] % 3;
	if (source_file_read(path, &file.md5, &source))
		abort();
	show(&file, NULL, source.nr_lines);
	show(&file, "f", source.nr_lines);
	return 0;
}
