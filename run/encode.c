// SPDX-License-Identifier: GPL-2.0-or-later
/* Encodes the header and the records of a run file. */
#include <zlib.h>

#include "run/format.h"
#include "run/varint.h"

static void add_varint(struct strbuf *sb, uint64_t v)
{
	uint8_t bytes[VARINT_MAX];

	strbuf_add(sb, bytes, varint_put(bytes, v));
}

static void add_bytes_field(struct strbuf *sb, unsigned int number, const void *data, size_t len)
{
	add_varint(sb, number * 2 + 1);
	add_varint(sb, len);
	strbuf_add(sb, data, len);
}

static void add_string_field(struct strbuf *sb, unsigned int number, const char *s)
{
	static const char mark[] = "...";
	size_t len = strlen(s);

	if (len <= RUN_STRING_MAX) {
		add_bytes_field(sb, number, s, len);
		return;
	}
	add_varint(sb, number * 2 + 1);
	add_varint(sb, RUN_STRING_MAX);
	strbuf_add(sb, s, RUN_STRING_MAX - strlen(mark));
	strbuf_addstr(sb, mark);
}

static void add_field(struct strbuf *sb, const struct run_field *field, const void *object)
{
	const char *member = (const char *)object + field->offset;

	switch (field->kind) {
	case RUN_FIELD_STRING: {
		const char *s = *(char *const *)member;

		if (s)
			add_string_field(sb, field->number, s);
		return;
	}
	case RUN_FIELD_BUILD_ID: {
		const struct build_id *id = (const void *)member;

		if (id->size)
			add_bytes_field(sb, field->number, id->bytes, id->size);
		return;
	}
	case RUN_FIELD_U32:
	case RUN_FIELD_U64: {
		uint64_t v = run_field_integer(field, object);
		bool known = field->known_offset
				     ? *((const bool *)((const char *)object + field->known_offset))
				     : v != field->absent;
		if (known) {
			add_varint(sb, field->number * 2);
			add_varint(sb, v);
		}
		return;
	}
	}
}

uint32_t run_record_crc(const uint8_t *p, size_t length)
{
	uint32_t crc = crc32(0, p + RUN_SYNC_SIZE, 4);

	return crc32(crc, p + RUN_RECORD_HEADER, length);
}

size_t run_record_begin(struct strbuf *sb)
{
	static const uint8_t header[RUN_RECORD_HEADER];
	size_t start = sb->len;

	strbuf_add(sb, header, sizeof(header));
	return start;
}

void run_record_end(struct strbuf *sb, size_t start, enum run_record_type type)
{
	if (sb->failed)
		return;
	uint8_t *p = (uint8_t *)sb->data + start;
	size_t length = sb->len - start - RUN_RECORD_HEADER;
	memcpy(p, RUN_SYNC, RUN_SYNC_SIZE);
	p[4] = type;
	run_put_le(p + 5, 3, length);
	run_put_le(p + 8, 4, run_record_crc(p, length));
}

void run_encode_header(struct strbuf *sb)
{
	uint8_t header[RUN_HEADER_SIZE];

	memcpy(header, RUN_MAGIC, RUN_MAGIC_SIZE);
	run_put_le(header + 8, 2, RUN_VERSION_MAJOR);
	run_put_le(header + 10, 2, RUN_VERSION_MINOR);
	run_put_le(header + 12, 4, crc32(0, header, 12));
	strbuf_add(sb, header, sizeof(header));
}

void run_encode_fields(struct strbuf *sb, enum run_record_type type, const struct run_field *fields,
		       const void *object)
{
	size_t start = run_record_begin(sb);

	for (const struct run_field *field = fields; field->number; field++)
		add_field(sb, field, object);
	run_record_end(sb, start, type);
}

static const struct run_field *nr_tasks_field(void)
{
	const struct run_field *field = run_source_fields;

	while (field->offset != offsetof(struct run_source, nr_tasks))
		field++;
	return field;
}

void run_encode_source(struct strbuf *sb, const struct run_source *source)
{
	size_t start = run_record_begin(sb);
	struct run_source copy = *source;

	if (run_kind_is_context(source->kind)) {
		copy.context = source->kind - RUN_SOURCE_SOFTIRQ + 1;
		/* As for a text: a reader that knows no contexts must not take counts for exact. */
		copy.nr_tasks = 1;
		add_field(sb, nr_tasks_field(), &copy);
	}
	for (const struct run_field *field = run_source_fields; field->number; field++)
		if (run_field_is_of(field, source->kind))
			add_field(sb, field, &copy);
	run_record_end(sb, start, RUN_RECORD_TASK);
}

bool run_pcs_ascend(const struct pc_count *pcs, size_t nr_pcs)
{
	uint64_t last = 0;

	for (size_t i = 0; i < nr_pcs; i++) {
		if (pcs[i].pc <= last)
			return false;
		last = pcs[i].pc;
	}
	return true;
}

/* Append one PCS record with the first of pcs. Returns how many entries it consumed. */
static size_t encode_pcs_record(struct strbuf *sb, uint32_t source_id, const struct pc_count *pcs,
				size_t nr_pcs)
{
	size_t start = run_record_begin(sb);
	uint64_t last = 0;
	size_t i;

	add_varint(sb, source_id);
	for (i = 0; i < nr_pcs && !sb->failed; i++) {
		if (sb->len - start > RUN_RECORD_HEADER + RUN_PAYLOAD_MAX - 2 * VARINT_MAX)
			break;
		if (!pcs[i].count)
			continue;
		add_varint(sb, pcs[i].pc - last);
		add_varint(sb, pcs[i].count);
		last = pcs[i].pc;
	}
	run_record_end(sb, start, RUN_RECORD_PCS);
	return i;
}

struct error *run_encode_pcs(struct strbuf *sb, uint32_t source_id, const struct pc_count *pcs,
			     size_t nr_pcs, uint64_t *nr_records)
{
	if (!run_pcs_ascend(pcs, nr_pcs))
		return error_create(ERROR_INVALID, "PCs of source %u are not in ascending order",
				    source_id);
	for (size_t done = 0; done < nr_pcs && !sb->failed; (*nr_records)++)
		done += encode_pcs_record(sb, source_id, pcs + done, nr_pcs - done);
	return strbuf_check(sb);
}
