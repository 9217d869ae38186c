// SPDX-License-Identifier: GPL-2.0-or-later
/* Builds JSON trees with cJSON: repairs text and writes 64-bit integers exactly. */
#include "render/json_value.h"

#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/utf8.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

void json_builder_deinit(struct json_builder *b)
{
	strbuf_deinit(&b->scratch);
}

/*
 * Returns text itself if it is valid UTF-8, otherwise a repaired copy in scratch;
 * NULL if memory runs out.
 */
static const char *valid_text(struct json_builder *b, const char *text)
{
	size_t len = strlen(text), at = 0, n;
	uint32_t code = 0;

	for (; at < len && code != UTF8_INVALID; at += n)
		n = utf8_next(text + at, len - at, &code);
	if (code != UTF8_INVALID)
		return text;
	strbuf_reset(&b->scratch);
	for (at = 0; at < len; at += n) {
		n = utf8_next(text + at, len - at, &code);
		if (code == UTF8_INVALID)
			strbuf_addstr(&b->scratch, REPLACEMENT);
		else
			strbuf_add(&b->scratch, text + at, n);
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

	bool is_text = b->dialect == JSON_SCRIPT && value > JSON_SCRIPT_INTEGER_MAX;
	snprintf(digits, sizeof(digits), "%" PRIu64, value);
	add(b, object, key, is_text ? cJSON_CreateString(digits) : cJSON_CreateRaw(digits));
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

/*
 * Write what cJSON printed, which is valid UTF-8 without C0 controls. Other characters that are
 * not plain are within strings, as '<' is: escape them.
 */
static void write_escaped(const char *text, enum json_dialect dialect, FILE *out)
{
	size_t len = strlen(text);
	uint16_t units[2];
	uint32_t code;

	for (size_t i = 0, n; i < len; i += n) {
		n = text_plain_length(text + i, len - i);
		const char *less = dialect == JSON_SCRIPT ? memchr(text + i, '<', n) : NULL;
		if (less)
			n = less - (text + i);
		fwrite(text + i, 1, n, out);
		if (i + n == len)
			break;
		i += n;
		n = utf8_next(text + i, len - i, &code);
		size_t nr_units = utf8_to_utf16(code, units);
		for (size_t k = 0; k < nr_units; k++)
			fprintf(out, "\\u%04x", units[k]);
	}
}

/* Print root without its last characters. */
static struct error *print_part(struct json_builder *b, const cJSON *root, size_t nr_left_out,
				FILE *out)
{
	char *text = b->failed ? NULL : cJSON_PrintUnformatted(root);

	if (!text)
		return &error_no_memory;
	text[strlen(text) - nr_left_out] = '\0';
	write_escaped(text, b->dialect, out);
	cJSON_free(text);
	return NULL;
}

struct error *json_print(struct json_builder *b, const cJSON *root, FILE *out)
{
	return print_part(b, root, 0, out);
}

struct error *json_print_open(struct json_builder *b, const cJSON *object, FILE *out)
{
	return print_part(b, object, 1, out);
}

struct error *json_print_text(const char *text, FILE *out)
{
	_cleanup_(json_builder_deinit) struct json_builder b = JSON_BUILDER_INIT;
	_cleanup_(cleanup_json) cJSON *string = create_text(&b, text);

	if (!string)
		return &error_no_memory;
	return json_print(&b, string, out);
}
