// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/layers.h"
#include "base/strbuf.h"

/* Layers are "START-END:ID", the top one first. */
static const struct {
	const char *name, *layers, *flat;
} cases[] = {
	{ "nothing", "", "" },
	{ "one", "4-8:1", "4-8:1" },
	{ "the first one is on top", "4-8:1 4-8:2", "4-8:1" },
	{ "below, it sticks out on both sides", "4-8:1 2-9:2", "2-4:2 4-8:1 8-9:2" },
	{ "overlapping at the end", "4-8:1 6-12:2", "4-8:1 8-12:2" },
	{ "three deep", "4-5:1 3-6:2 2-7:3", "2-3:3 3-4:2 4-5:1 5-6:2 6-7:3" },
	{ "a gap", "8-9:1 2-4:2", "2-4:2 8-9:1" },
	{ "neighbours of one id", "4-8:1 8-12:1", "4-12:1" },
	{ "neighbours of two ids", "4-8:1 8-12:2", "4-8:1 8-12:2" },
	{ "one id on both sides of another", "4-8:1 0-12:2", "0-4:2 4-8:1 8-12:2" },
	{ "empty ones", "4-4:1 9-3:2 5-6:3", "5-6:3" },
	{ "the largest addresses", "18446744073709551614-18446744073709551615:7",
	  "18446744073709551614-18446744073709551615:7" },
};

static void parse_layers(const char *text, struct layer_vector *ret)
{
	struct layer layer;
	int len;

	for (; sscanf(text, " %" SCNu64 "-%" SCNu64 ":%u%n", &layer.start, &layer.end, &layer.id,
		      &len) == 3;
	     text += len)
		assert_non_null(layer_vector_append(ret, &layer));
	assert_int_equal(*text, '\0');
}

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		_cleanup_strbuf_ struct strbuf text = STRBUF_INIT;
		struct layer_vector layers = VECTOR_INIT, flat = VECTOR_INIT;

		parse_layers(cases[i].layers, &layers);
		assert_null(layers_flatten(layers.data, layers.len, &flat));
		vector_for_each(&flat, l)
			strbuf_addf(&text, "%s%" PRIu64 "-%" PRIu64 ":%u", text.len ? " " : "",
				    l->start, l->end, l->id);
		if (strcmp(strbuf_str(&text), cases[i].flat))
			fail_msg("%s: \"%s\"", cases[i].name, strbuf_str(&text));
		layer_vector_deinit(&layers);
		layer_vector_deinit(&flat);
	}
}

#define WIDTH 48

/* Compare with a painter who begins at the bottom. */
static void test_random(void **state)
{
	(void)state;
	srand(1);
	for (int n = 0; n < 2000; n++) {
		struct layer layers[12];
		struct layer_vector flat = VECTOR_INIT;
		uint32_t painted[WIDTH] = { 0 }, seen[WIDTH] = { 0 };
		size_t nr = rand() % 12;

		for (size_t i = 0; i < nr; i++)
			layers[i] =
				(struct layer){ rand() % WIDTH, rand() % WIDTH, 1 + rand() % 4 };
		for (size_t i = nr; i-- > 0;)
			for (uint64_t a = layers[i].start; a < layers[i].end; a++)
				painted[a] = layers[i].id;
		assert_null(layers_flatten(layers, nr, &flat));
		vector_for_each(&flat, l) {
			assert_true(l->start < l->end);
			assert_true(l == flat.data || l[-1].end < l->start ||
				    (l[-1].end == l->start && l[-1].id != l->id));
			for (uint64_t a = l->start; a < l->end; a++)
				seen[a] = l->id;
		}
		assert_memory_equal(seen, painted, sizeof(painted));
		layer_vector_deinit(&flat);
	}
}

/* 200,000 layers that all reach from their own start to one end: a painter would need 2 * 10^10. */
static void test_many(void **state)
{
	struct layer_vector layers = VECTOR_INIT, flat = VECTOR_INIT;

	(void)state;
	for (uint32_t i = 0; i < 200000; i++)
		assert_non_null(layer_vector_append(&layers, &(struct layer){ i, 1000000, i }));
	assert_null(layers_flatten(layers.data, layers.len, &flat));
	assert_int_equal(flat.len, 1);
	layer_vector_deinit(&flat);
	layer_vector_deinit(&layers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests_name("layers", tests, NULL, NULL);
}
