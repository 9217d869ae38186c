// SPDX-License-Identifier: GPL-2.0-or-later
/* Decodes the payloads of records. Input may be hostile: every length is checked. */
#include <stdlib.h>

#include "run/format.h"
#include "run/varint.h"

/* Returns false if the bytes left do not contain the value. */
static bool take_bytes(struct payload *in, const uint8_t **ret, size_t *ret_len)
{
	uint64_t len;

	if (!take_varint(in, &len) || len > (size_t)(in->end - in->p))
		return false;
	*ret = in->p;
	*ret_len = len;
	in->p += len;
	return true;
}

static void set_integer(const struct run_field *field, char *object, uint64_t v)
{
	uint32_t narrow = v;

	if (field->kind == RUN_FIELD_U64)
		memcpy(object + field->offset, &v, sizeof(v));
	else
		memcpy(object + field->offset, &narrow, sizeof(narrow));
}

static void set_absent(const struct run_field *fields, char *object)
{
	for (const struct run_field *field = fields; field->number; field++)
		if (field->kind == RUN_FIELD_U32 || field->kind == RUN_FIELD_U64)
			set_integer(field, object, field->absent);
}

static bool decode_integer(const struct run_field *field, uint64_t v, char *object)
{
	if (field->max && v > field->max)
		return false;
	if (field->kind == RUN_FIELD_U32 && v > UINT32_MAX)
		return false;
	set_integer(field, object, v);
	if (field->known_offset)
		*(bool *)(object + field->known_offset) = true;
	return true;
}

static struct error *decode_bytes(const struct run_field *field, const uint8_t *data, size_t len,
				  char *object, bool *ok)
{
	char *member = object + field->offset;

	if (field->kind == RUN_FIELD_STRING) {
		char *s = strndup((const char *)data, len);

		if (!s)
			return &error_no_memory;
		free(*(char **)member);
		*(char **)member = s;
		return NULL;
	}
	struct build_id *id = (struct build_id *)member;
	*ok = len > 0 && len <= BUILD_ID_MAX;
	if (*ok) {
		*id = (struct build_id){ .size = len };
		memcpy(id->bytes, data, len);
	}
	return NULL;
}

static const struct run_field *field_find(const struct run_field *fields, uint64_t number)
{
	for (; fields->number; fields++)
		if (fields->number == number)
			return fields;
	return NULL;
}

static struct error *decode_field(struct payload *in, const struct run_field *fields, char *object,
				  bool *ok)
{
	const uint8_t *data = NULL;
	uint64_t key, v = 0;
	size_t len = 0;

	*ok = take_varint(in, &key);
	if (!*ok)
		return NULL;
	bool is_bytes = key & 1;
	*ok = is_bytes ? take_bytes(in, &data, &len) : take_varint(in, &v);
	if (!*ok)
		return NULL;
	const struct run_field *field = field_find(fields, key / 2);
	if (!field)
		return NULL;
	bool wants_bytes = field->kind == RUN_FIELD_STRING || field->kind == RUN_FIELD_BUILD_ID;
	*ok = is_bytes == wants_bytes;
	if (!*ok)
		return NULL;
	if (is_bytes)
		return decode_bytes(field, data, len, object, ok);
	*ok = decode_integer(field, v, object);
	return NULL;
}

struct error *run_decode_fields(const uint8_t *payload, size_t length,
				const struct run_field *fields, void *object, bool *ok)
{
	struct payload in = { payload, payload + length };
	struct error *err = NULL;

	set_absent(fields, object);
	*ok = true;
	while (!err && *ok && in.p < in.end)
		err = decode_field(&in, fields, object, ok);
	return err;
}

/*
 * Field 11 (nr_tasks) exists in sets, imports and contexts. A set has the thread id of its
 * first task; an import has none. A context that only newer writers know is taken for an
 * import, as by readers that know no contexts at all: no more is said of its counts than is true.
 */
static enum run_source_kind source_kind(const struct run_source *source)
{
	if (source->handle)
		return RUN_SOURCE_REMOTE;
	if (source->context && source->context <= RUN_SOURCE_SYSTEM - RUN_SOURCE_SOFTIRQ + 1)
		return RUN_SOURCE_SOFTIRQ + source->context - 1;
	if (!source->nr_tasks)
		return RUN_SOURCE_TASK;
	return source->nr_tasks == 1 && !source->pid ? RUN_SOURCE_IMPORT : RUN_SOURCE_SET;
}

struct error *run_decode_source(const uint8_t *payload, size_t length, struct run_source *source,
				bool *ok)
{
	struct error *err = run_decode_fields(payload, length, run_source_fields, source, ok);

	if (err || !*ok)
		return err;
	source->kind = source_kind(source);
	if (source->kind == RUN_SOURCE_TASK)
		source->nr_tasks = source->folded_tasks ? source->folded_tasks : 1;
	else if (source->kind == RUN_SOURCE_REMOTE || run_kind_is_context(source->kind))
		source->nr_tasks = 0;
	if (!run_kind_is_context(source->kind))
		source->context = 0;
	return NULL;
}

struct error *run_decode_pcs(const uint8_t *payload, size_t length, uint32_t *source_id,
			     struct pc_count_vector *pcs, bool *ok)
{
	struct payload in = { payload, payload + length };
	struct pc_count entry = { 0 };
	uint64_t id;

	pcs->len = 0;
	*ok = take_varint(&in, &id) && id <= RUN_SOURCE_ID_MAX;
	if (!*ok)
		return NULL;
	*source_id = id;
	while (in.p < in.end) {
		uint64_t delta;

		*ok = take_varint(&in, &delta) && take_varint(&in, &entry.count) && delta &&
		      entry.count && !__builtin_add_overflow(entry.pc, delta, &entry.pc);
		if (!*ok)
			return NULL;
		if (!pc_count_vector_append(pcs, &entry))
			return &error_no_memory;
	}
	return NULL;
}
