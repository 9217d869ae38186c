// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz entry: correct the lines of a file by any text. The first line of the input describes them,
 * with two bytes for each: how far it is from the one before, and its count; the rest is the text.
 * Whatever it is, lines stay in order, and none is lost.
 */
#include "base/tests/fuzz_main.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "symbolize/coverage/build.h"
#include "symbolize/coverage/refine.h"

#define LINES_MAX 200

struct input {
	const uint8_t *text;
	size_t size;
};

static void require(bool condition)
{
	if (!condition)
		abort();
}

static struct error *read_text(void *data, const struct coverage_file *file,
			       enum coverage_source_state *ret_state, char **ret, size_t *ret_size)
{
	const struct input *input = data;

	(void)file;
	*ret = malloc(input->size + 1);
	require(*ret);
	memcpy(*ret, input->text, input->size);
	*ret_size = input->size;
	*ret_state = COVERAGE_SOURCE_USED;
	return NULL;
}

/* Counts are small, or so large that sums of them may overflow. */
static uint64_t make_count(uint8_t byte)
{
	return byte < 128 ? byte % 16 : byte == 255 ? UINT64_MAX : 1ULL << (byte - 128) % 64;
}

static void add_line(struct coverage_file *file, struct coverage_branch *branch, uint8_t step,
		     uint8_t count)
{
	struct coverage_line *line = &file->lines[file->nr_lines];
	uint32_t last = file->nr_lines ? line[-1].line : 0;

	line->line = step == 255 ? UINT32_MAX : last + 1 + step % 8;
	if (line->line <= last)
		return;
	line->count = make_count(count);
	line->most = step & 64 ? line->count + count : line->count;
	line->most = line->most < line->count ? line->count : line->most;
	line->is_statement = !(step & 32);
	line->state = line->count ? COVERAGE_LINE_HIT : COVERAGE_LINE_MISSED;
	if (step & 16) {
		*branch = (struct coverage_branch){ .is_reached = line->count > 0 };
		branch->outcomes[0] =
			(struct coverage_outcome){ count % 3, line->count, line->line + step % 5 };
		branch->outcomes[1] = (struct coverage_outcome){ step % 3, line->count / 2,
								 line->line + count % 7 };
		line->branches = branch;
		line->nr_branches = 1;
	}
	file->nr_lines++;
	file->line_ratio.hit += line->count > 0;
}

static void check(const struct coverage_file *file, const uint32_t *before, size_t nr_before)
{
	size_t found = 0;

	for (size_t i = 0; i < file->nr_lines; i++) {
		const struct coverage_line *line = &file->lines[i];

		require(!i || line->line > line[-1].line);
		require((line->state == COVERAGE_LINE_MISSED) == !line->count);
		found += found < nr_before && line->line == before[found];
	}
	require(found == nr_before);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = memchr(data, '\n', size);
	size_t nr = end ? (size_t)(end - data) : 0;
	struct coverage_branch branches[LINES_MAX];
	uint32_t before[LINES_MAX] = { 0 };
	struct arena *arena = arena_create();
	struct coverage_file file = { .path = "/a.c" };
	struct coverage c = { .files = &file, .nr_files = 1, .arena = arena };

	file.lines = arena_alloc(arena, LINES_MAX, sizeof(*file.lines));
	for (size_t i = 0; i + 1 < nr && file.nr_lines < LINES_MAX; i += 2)
		add_line(&file, &branches[file.nr_lines], data[i], data[i + 1]);
	for (size_t i = 0; i < file.nr_lines; i++)
		before[i] = file.lines[i].line;
	size_t nr_before = file.nr_lines;
	struct coverage_function f = { "f", before[0], 5, { 0 }, true };
	if (nr_before && nr % 2)
		file.functions = &f, file.nr_functions = 1;
	c.counts_are_least = nr % 3 == 2;
	struct input input = { end ? end + 1 : data, end ? size - nr - 1 : size };
	const struct coverage_texts texts = { .read = read_text, .data = &input };
	require(!coverage_refine(&c, &texts));
	check(&file, before, nr_before);
	arena_destroy(arena);
	return 0;
}
