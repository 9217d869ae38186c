/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Building JSON trees with cJSON: what all of our JSON has in common.
 *
 * Running out of memory is remembered in `failed` and later additions do
 * nothing, so that a tree is built in one go and checked once. Keys are not
 * copied: string literals only.
 *
 * - Text is UTF-8. A byte that belongs to no valid sequence becomes U+FFFD: a
 *   report is for people and for tools that refuse other bytes, and neither
 *   kernel sources nor symbols hold any.
 * - Counts are written as exact decimal integers up to 2^64-1. cJSON alone
 *   would round them to a double, as readers may that keep doubles.
 * - Addresses are strings of 16 hex digits with 0x, which no reader rounds.
 */
#ifndef RENDER_JSON_VALUE_H
#define RENDER_JSON_VALUE_H

#include <cjson/cJSON.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/strbuf.h"
#include "symbolize/coverage/coverage.h"

struct json_builder {
	bool failed;
	struct strbuf scratch;
};

#define JSON_BUILDER_INIT                                                                          \
	{                                                                                          \
		0                                                                                  \
	}

void json_builder_deinit(struct json_builder *b);

DEFINE_CLEANUP(json, cJSON, cJSON_Delete);

/* A new root object, for the caller to cJSON_Delete(); NULL when out of memory. */
cJSON *json_root(struct json_builder *b);
/* Members of an object; the object and array returned belong to it. object may be NULL. */
cJSON *json_add_object(struct json_builder *b, cJSON *object, const char *key);
cJSON *json_add_array(struct json_builder *b, cJSON *object, const char *key);
void json_add_bool(struct json_builder *b, cJSON *object, const char *key, bool value);
/* text NULL: null */
void json_add_text(struct json_builder *b, cJSON *object, const char *key, const char *text);
void json_add_count(struct json_builder *b, cJSON *object, const char *key, uint64_t value);
void json_add_integer(struct json_builder *b, cJSON *object, const char *key, int64_t value);
void json_add_address(struct json_builder *b, cJSON *object, const char *key, uint64_t value);
/* { "hit": .., "found": .. } */
void json_add_ratio(struct json_builder *b, cJSON *object, const char *key,
		    struct coverage_ratio value);
/* Elements of an array. */
cJSON *json_append_object(struct json_builder *b, cJSON *array);
void json_append_text(struct json_builder *b, cJSON *array, const char *text);

/* Print root on one line without newline, or report that memory ran out building it. */
struct error *json_print(struct json_builder *b, const cJSON *root, FILE *out);

/* Text as a JSON string with its quotes. For what is written without a tree. */
struct error *json_print_text(const char *text, FILE *out);

#endif
