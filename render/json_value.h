/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Builds JSON trees with cJSON, in the way that all our JSON has in common.
 *
 * If memory runs out, `failed` is set and later additions do nothing. So a caller
 * can build a whole tree and check once. Keys are not copied and must be string
 * literals.
 *
 * - Text is UTF-8. A byte that does not belong to a valid sequence becomes U+FFFD:
 *   many tools refuse other bytes, and neither kernel sources nor symbols contain
 *   any.
 * - Counts are written as exact decimal integers up to 2^64-1. cJSON alone would
 *   round them to a double, and so may readers that use doubles.
 * - Addresses are strings of 16 hex digits after 0x, so that no reader rounds
 *   them.
 */
#ifndef RENDER_JSON_VALUE_H
#define RENDER_JSON_VALUE_H

#include <cjson/cJSON.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/strbuf.h"
#include "symbolize/coverage/coverage.h"

/* Who reads it. */
enum json_dialect {
	JSON_PLAIN,
	/*
	 * A script of a page, whose numbers are doubles: integers that these cannot hold are
	 * strings, and '<' is escaped, so that the text can end no element.
	 */
	JSON_SCRIPT,
};

#define JSON_SCRIPT_INTEGER_MAX ((UINT64_C(1) << 53) - 1)

struct json_builder {
	bool failed;
	enum json_dialect dialect;
	struct strbuf scratch;
};

#define JSON_BUILDER_INIT                                                                          \
	{                                                                                          \
		0                                                                                  \
	}

void json_builder_deinit(struct json_builder *b);

DEFINE_CLEANUP(json, cJSON, cJSON_Delete);

/* Create a root object. The caller frees it with cJSON_Delete(). NULL if memory runs out. */
cJSON *json_root(struct json_builder *b);
/* Add members to an object. The returned object or array belongs to it. object may be NULL. */
cJSON *json_add_object(struct json_builder *b, cJSON *object, const char *key);
cJSON *json_add_array(struct json_builder *b, cJSON *object, const char *key);
void json_add_bool(struct json_builder *b, cJSON *object, const char *key, bool value);
/* text NULL: adds null. */
void json_add_text(struct json_builder *b, cJSON *object, const char *key, const char *text);
void json_add_count(struct json_builder *b, cJSON *object, const char *key, uint64_t value);
void json_add_integer(struct json_builder *b, cJSON *object, const char *key, int64_t value);
void json_add_address(struct json_builder *b, cJSON *object, const char *key, uint64_t value);
/* Adds { "hit": .., "found": .. }. */
void json_add_ratio(struct json_builder *b, cJSON *object, const char *key,
		    struct coverage_ratio value);
/* Append elements to an array. */
cJSON *json_append_object(struct json_builder *b, cJSON *array);
void json_append_text(struct json_builder *b, cJSON *array, const char *text);

/* Print root on one line without a newline. Fails if memory ran out while it was built. */
struct error *json_print(struct json_builder *b, const cJSON *root, FILE *out);

/* Print an object without its last brace, so that members can follow. It must have a member. */
struct error *json_print_open(struct json_builder *b, const cJSON *object, FILE *out);

/* Print text as a JSON string with its quotes, for output that is written without a tree. */
struct error *json_print_text(const char *text, FILE *out);

#endif
