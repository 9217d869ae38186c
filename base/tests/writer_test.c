// SPDX-License-Identifier: GPL-2.0-or-later
/* Numbers, the ends of the buffer, and write errors. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <errno.h>
#include <inttypes.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "base/writer.h"

/* A writer into memory. */
struct memory {
	struct writer w;
	FILE *stream;
	char *text;
	size_t size;
};

static void memory_init(struct memory *m)
{
	m->stream = open_memstream(&m->text, &m->size);
	assert_non_null(m->stream);
	writer_init(&m->w, m->stream);
}

static void memory_close(struct memory *m)
{
	assert_int_equal(writer_flush(&m->w), 0);
	fclose(m->stream);
}

static void assert_number(uint64_t value)
{
	_cleanup_free_ char *text = NULL;
	struct memory m;
	char want[24];

	memory_init(&m);
	writer_u64(&m.w, value);
	memory_close(&m);
	text = m.text;
	snprintf(want, sizeof(want), "%" PRIu64, value);
	assert_string_equal(text, want);
}

static void test_numbers(void **state)
{
	(void)state;
	for (uint64_t value = 0; value < 1200; value++)
		assert_number(value);
	for (uint64_t power = 10; power; power = power > UINT64_MAX / 10 ? 0 : power * 10) {
		assert_number(power - 1);
		assert_number(power);
		assert_number(power + 1);
	}
	assert_number(UINT64_MAX - 1);
	assert_number(UINT64_MAX);
}

/* Pieces of every length that matters, so that some end at the end of the buffer and some cross it.
 */
static void test_pieces(void **state)
{
	static const size_t lengths[] = { 0,
					  1,
					  WRITER_BUFFER_SIZE - 1,
					  1,
					  7,
					  WRITER_BUFFER_SIZE,
					  2 * WRITER_BUFFER_SIZE + 5,
					  WRITER_BUFFER_SIZE + 1,
					  3 };
	_cleanup_free_ char *data = malloc(4 * WRITER_BUFFER_SIZE);
	_cleanup_free_ char *text = NULL;
	struct memory m;
	size_t at = 0;

	(void)state;
	for (size_t i = 0; i < 4 * WRITER_BUFFER_SIZE; i++)
		data[i] = 'a' + i % 23;
	memory_init(&m);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++)
		writer_bytes(&m.w, data, lengths[i]);
	memory_close(&m);
	text = m.text;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		assert_true(at + lengths[i] <= m.size);
		assert_memory_equal(text + at, data, lengths[i]);
		at += lengths[i];
	}
	assert_int_equal(m.size, at);
}

static void test_stream(void **state)
{
	_cleanup_free_ char *text = NULL;
	struct memory m;

	(void)state;
	memory_init(&m);
	writer_str(&m.w, "one ");
	fprintf(writer_stream(&m.w), "%s ", "two");
	writer_str(&m.w, "three");
	writer_byte(&m.w, '\n');
	memory_close(&m);
	text = m.text;
	assert_string_equal(text, "one two three\n");
}

/* The first error is kept, and nothing is written after it. */
static void test_full(void **state)
{
	_cleanup_fclose_ FILE *out = fopen("/dev/full", "w");
	struct writer w;

	(void)state;
	if (!out)
		skip();
	setvbuf(out, NULL, _IONBF, 0);
	writer_init(&w, out);
	writer_str(&w, "text");
	assert_int_equal(writer_flush(&w), ENOSPC);
	for (int i = 0; i < 2 * WRITER_BUFFER_SIZE; i++)
		writer_byte(&w, 'x');
	errno = EBADF;
	assert_int_equal(writer_flush(&w), ENOSPC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_stream),
		cmocka_unit_test(test_full),
	};

	return cmocka_run_group_tests_name("writer", tests, NULL, NULL);
}
