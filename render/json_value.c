// SPDX-License-Identifier: GPL-2.0-or-later
/* Builds JSON trees with cJSON: repairs text and writes 64-bit integers exactly. */
#include "render/json_value.h"

#include <inttypes.h>

#include "base/cleanup.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

void json_builder_deinit(struct json_builder *b)
{
	strbuf_deinit(&b->scratch);
}

/* The rows of table 3-7 of Unicode 15: no overlong forms, no surrogates, nothing above U+10FFFF. */
static const struct {
	unsigned char first_min, first_max, second_min, second_max;
	int length;
} utf8_forms[] = {
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

/* Length of the valid character at s, 0 if it is not valid. Does not read past the NUL. */
static int utf8_length(const unsigned char *s)
{
	if (s[0] < 0x80)
		return s[0] ? 1 : 0;
	for (size_t i = 0; i < sizeof(utf8_forms) / sizeof(*utf8_forms); i++) {
		if (s[0] < utf8_forms[i].first_min || s[0] > utf8_forms[i].first_max)
			continue;
		if (s[1] < utf8_forms[i].second_min || s[1] > utf8_forms[i].second_max)
			return 0;
		for (int k = 2; k < utf8_forms[i].length; k++)
			if ((s[k] & 0xc0) != 0x80)
				return 0;
		return utf8_forms[i].length;
	}
	return 0;
}

/*
 * Returns text itself if it is valid UTF-8, otherwise a repaired copy in scratch;
 * NULL if memory runs out.
 */
static const char *valid_text(struct json_builder *b, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	int n;

	while ((n = utf8_length(s)))
		s += n;
	if (!*s)
		return text;
	strbuf_reset(&b->scratch);
	for (s = (const unsigned char *)text; *s; s += n ? n : 1) {
		n = utf8_length(s);
		if (n)
			strbuf_add(&b->scratch, s, n);
		else
			strbuf_addstr(&b->scratch, REPLACEMENT);
	}
	if (b->scratch.failed)
		b->failed = true;
	return b->failed ? NULL : strbuf_str(&b->scratch);
}

cJSON *json_root(struct json_builder *b)
{
	cJSON *root = cJSON_CreateObject();

	if (!root)
		b->failed = true;
	return root;
}

/* Takes item in every case. Returns it, or NULL if it could not be created or added. */
static cJSON *add(struct json_builder *b, cJSON *object, const char *key, cJSON *item)
{
	if (item && object && cJSON_AddItemToObjectCS(object, key, item))
		return item;
	cJSON_Delete(item);
	b->failed = true;
	return NULL;
}

static cJSON *append(struct json_builder *b, cJSON *array, cJSON *item)
{
	if (item && array && cJSON_AddItemToArray(array, item))
		return item;
	cJSON_Delete(item);
	b->failed = true;
	return NULL;
}

cJSON *json_add_object(struct json_builder *b, cJSON *object, const char *key)
{
	return add(b, object, key, cJSON_CreateObject());
}

cJSON *json_add_array(struct json_builder *b, cJSON *object, const char *key)
{
	return add(b, object, key, cJSON_CreateArray());
}

void json_add_bool(struct json_builder *b, cJSON *object, const char *key, bool value)
{
	add(b, object, key, cJSON_CreateBool(value));
}

static cJSON *create_text(struct json_builder *b, const char *text)
{
	if (!text)
		return cJSON_CreateNull();
	text = valid_text(b, text);
	return text ? cJSON_CreateString(text) : NULL;
}

void json_add_text(struct json_builder *b, cJSON *object, const char *key, const char *text)
{
	add(b, object, key, create_text(b, text));
}

void json_append_text(struct json_builder *b, cJSON *array, const char *text)
{
	append(b, array, create_text(b, text));
}

void json_add_count(struct json_builder *b, cJSON *object, const char *key, uint64_t value)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRIu64, value);
	add(b, object, key, cJSON_CreateRaw(digits));
}

void json_add_integer(struct json_builder *b, cJSON *object, const char *key, int64_t value)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRId64, value);
	add(b, object, key, cJSON_CreateRaw(digits));
}

void json_add_address(struct json_builder *b, cJSON *object, const char *key, uint64_t value)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "0x%016" PRIx64, value);
	add(b, object, key, cJSON_CreateString(digits));
}

void json_add_ratio(struct json_builder *b, cJSON *object, const char *key,
		    struct coverage_ratio value)
{
	cJSON *ratio = json_add_object(b, object, key);

	json_add_count(b, ratio, "hit", value.hit);
	json_add_count(b, ratio, "found", value.found);
}

cJSON *json_append_object(struct json_builder *b, cJSON *array)
{
	return append(b, array, cJSON_CreateObject());
}

struct error *json_print(struct json_builder *b, const cJSON *root, FILE *out)
{
	char *text = b->failed ? NULL : cJSON_PrintUnformatted(root);

	if (!text)
		return &error_no_memory;
	fputs(text, out);
	cJSON_free(text);
	return NULL;
}

struct error *json_print_text(const char *text, FILE *out)
{
	_cleanup_(json_builder_deinit) struct json_builder b = JSON_BUILDER_INIT;
	_cleanup_(cleanup_json) cJSON *string = create_text(&b, text);

	if (!string)
		return &error_no_memory;
	return json_print(&b, string, out);
}
