// SPDX-License-Identifier: GPL-2.0-or-later
/* coverage.json: text, numbers, lack of memory. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "render/formats.h"
#include "render/json_value.h"
#include "render/tests/fixture.h"

static void test_text(void **state)
{
	static const struct {
		const char *text, *json;
	} rows[] = {
		{ NULL, "null" },
		{ "", "\"\"" },
		{ "plain", "\"plain\"" },
		{ "a\"b\\c/d", "\"a\\\"b\\\\c/d\"" },
		{ "\n\t\x01\x1f\x7f", "\"\\n\\t\\u0001\\u001f\\u007f\"" },
		{ "\xe2\x80\x8b\xf3\xa0\x81\x81", "\"\\u200b\\udb40\\udc41\"" },
		/* A terminal acts on C1 and bidi controls too. */
		{ "\xc2\x9b\xe2\x80\xae\xc2\xa0", "\"\\u009b\\u202e\xc2\xa0\"" },
		{ "\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xa7",
		  "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xa7\"" },
		/* A byte that starts nothing, an overlong '/', a surrogate, beyond U+10FFFF, cut
		   off. */
		{ "a\xff"
		  "b",
		  "\"a\xef\xbf\xbd"
		  "b\"" },
		{ "\xc0\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ "\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ "\xf4\x90\x80\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ "\xe2\x82", "\"\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ "\xe2\x82\xc3\xa9", "\"\xef\xbf\xbd\xef\xbf\xbd\xc3\xa9\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		_cleanup_free_ char *text = NULL;
		size_t size;
		FILE *out = open_memstream(&text, &size);

		assert_null(json_print_text(rows[i].text, out));
		fclose(out);
		assert_string_equal(text, rows[i].json);
	}
}

static void test_numbers(void **state)
{
	_cleanup_(json_builder_deinit) struct json_builder b = JSON_BUILDER_INIT;
	_cleanup_free_ char *text = NULL;
	size_t size;
	cJSON *o = json_root(&b);
	FILE *out = open_memstream(&text, &size);

	(void)state;
	json_add_count(&b, o, "large", UINT64_MAX);
	json_add_count(&b, o, "odd", 9007199254740993);
	json_add_integer(&b, o, "small", INT64_MIN);
	json_add_address(&b, o, "pc", 0xffffffff81000005);
	json_add_ratio(&b, o, "ratio", (struct coverage_ratio){ 1, 2 });
	assert_null(json_print(&b, o, out));
	fclose(out);
	cJSON_Delete(o);
	assert_string_equal(text, "{\"large\":18446744073709551615,\"odd\":9007199254740993,"
				  "\"small\":-9223372036854775808,\"pc\":\"0xffffffff81000005\","
				  "\"ratio\":{\"hit\":1,\"found\":2}}");
}

/* Number of allocations that succeed before one fails; negative: all succeed. */
static int allocations_left;

static void *failing_malloc(size_t size)
{
	return allocations_left-- ? malloc(size) : NULL;
}

/* Wherever memory runs out, the renderer returns an error and frees what it allocated. */
static void test_no_memory(void **state)
{
	cJSON_Hooks hooks = { .malloc_fn = failing_malloc, .free_fn = free };
	struct fixture fixture;
	struct error *err = &error_no_memory;

	(void)state;
	fixture_init(&fixture, "/nonexistent/linux");
	struct view view = { .coverage = fixture.coverage };
	cJSON_InitHooks(&hooks);
	for (int i = 0; err && i < 100000; i++) {
		FILE *out = fopen("/dev/null", "w");
		struct sink *sink;

		assert_null(sink_create_stream(out, &sink));
		allocations_left = i;
		err = renderer_json.render(&view, &(struct render_options){ .generator = "test" },
					   sink);
		if (err)
			assert_ptr_equal(err, &error_no_memory);
		sink_destroy(sink);
		fclose(out);
	}
	assert_null(err);
	cJSON_InitHooks(NULL);
	fixture_deinit(&fixture);
}

/* A run without any coverage gives a valid document too. */
static void test_empty(void **state)
{
	_cleanup_free_ char *text =
		fixture_render(&renderer_json, &(struct view){ .unmapped = false },
			       &(struct render_options){ .generator = "test" });

	(void)state;
	cJSON *root = cJSON_Parse(text);
	assert_non_null(root);
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(root, "files")), 0);
	assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(root, "format")),
			    "kcovreport-coverage");
	cJSON_Delete(root);
}

static void test_statements(void **state)
{
	const struct view view = { .coverage = {
					   .is_refined = true,
					   .refined = { { 9, 1, 2, 3, 4, 5 },
							.functions = 70,
							.functions_not_understood = 6,
							.changed = 80,
							.added = 90,
							.added_missed = 95,
							.conditions = 100 },
				   } };
	_cleanup_free_ char *text =
		fixture_render(&renderer_json, &view, &(struct render_options){ .generator = "" });

	(void)state;
	assert_non_null(strstr(
		text, "\"statements\":{\"used\":true,\"functions\":70,\"functions_not_understood\":"
		      "6,\"lines_changed\":80,\"lines_added\":90,\"lines_added_missed\":95,"
		      "\"conditions\":100,\"files\":{"
		      "\"used\":9,"
		      "\"missing\":1,\"unreadable\":2,\"outside\":3,\"changed\":4,\"newer\":5}}"));
}

static size_t nr_live, most_live;

static void *counting_malloc(size_t size)
{
	if (++nr_live > most_live)
		most_live = nr_live;
	return malloc(size);
}

static void counting_free(void *p)
{
	nr_live -= p != NULL;
	free(p);
}

/* The most allocations at one time while a run of that many tasks is printed. */
static size_t print_tasks(size_t nr)
{
	struct run_source *sources = calloc(nr, sizeof(*sources));
	struct coverage_run run = { .path = "r", .sources = sources, .nr_sources = nr };
	const struct view view = { .coverage = { .runs = &run, .nr_runs = 1 } };

	most_live = 0;
	_cleanup_free_ char *text =
		fixture_render(&renderer_json, &view, &(struct render_options){ .generator = "" });
	size_t most = most_live;
	cJSON *root = cJSON_Parse(text);
	const cJSON *printed = cJSON_GetArrayItem(cJSON_GetObjectItem(root, "runs"), 0);

	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(printed, "tasks")), nr);
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(printed, "contexts")), 0);
	cJSON_Delete(root);
	free(sources);
	return most;
}

static void test_many_tasks(void **state)
{
	cJSON_Hooks hooks = { counting_malloc, counting_free };

	(void)state;
	cJSON_InitHooks(&hooks);
	size_t few = print_tasks(2), many = print_tasks(1000);
	cJSON_InitHooks(NULL);
	assert_int_equal(few, many);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),	   cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_no_memory),  cmocka_unit_test(test_empty),
		cmocka_unit_test(test_statements), cmocka_unit_test(test_many_tasks),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
