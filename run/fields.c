// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The field tables: which member of which struct is which field of which record. A
 * number is never reused for something else; new members get new numbers.
 */
#include "run/fields.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "run/format.h"

#define FIELD(n, k, type, member, ...)                                                             \
	{                                                                                          \
		.number = n, .kind = k, .offset = offsetof(type, member), __VA_ARGS__              \
	}
#define KNOWN(type, member) .known_offset = offsetof(type, member)

const struct run_field run_meta_fields[] = {
	FIELD(1, RUN_FIELD_STRING, struct run_meta, command),
	FIELD(2, RUN_FIELD_STRING, struct run_meta, directory),
	FIELD(3, RUN_FIELD_STRING, struct run_meta, release),
	FIELD(4, RUN_FIELD_STRING, struct run_meta, version),
	FIELD(5, RUN_FIELD_STRING, struct run_meta, machine),
	FIELD(6, RUN_FIELD_STRING, struct run_meta, follow),
	FIELD(7, RUN_FIELD_BUILD_ID, struct run_meta, build_id),
	FIELD(8, RUN_FIELD_U64, struct run_meta, kaslr_offset, KNOWN(struct run_meta, kaslr_known)),
	FIELD(9, RUN_FIELD_U32, struct run_meta, pc_kind, .max = RUN_PC_CALL),
	FIELD(10, RUN_FIELD_U64, struct run_meta, buffer_words),
	FIELD(11, RUN_FIELD_U64, struct run_meta, start_ns),
	FIELD(12, RUN_FIELD_STRING, struct run_meta, name),
	{ 0 },
};

const struct run_field run_module_fields[] = {
	FIELD(1, RUN_FIELD_STRING, struct run_module, name),
	FIELD(2, RUN_FIELD_U64, struct run_module, base),
	FIELD(3, RUN_FIELD_U64, struct run_module, size),
	FIELD(4, RUN_FIELD_BUILD_ID, struct run_module, build_id),
	FIELD(5, RUN_FIELD_U64, struct run_module, init_base),
	{ 0 },
};

#define NAME(n, u) .name = n, .unit = u
/* A counter of lost things: a member of struct run_losses, for these kinds of sources. */
#define LOSS(n, member, of, ...)                                                                   \
	FIELD(n, RUN_FIELD_U64, struct run_source, losses.member, ONLY(of),                        \
	      NAME(#member, RUN_UNIT_COUNT), .loss = &(const struct run_loss){ __VA_ARGS__ })

/* The kinds of sources that have a field, as bits for .kinds. */
#define ONLY(...) .kinds = (__VA_ARGS__)
#define TASK	  (1 << RUN_SOURCE_TASK)
#define REMOTE	  (1 << RUN_SOURCE_REMOTE)
#define SET	  (1 << RUN_SOURCE_SET)
#define IMPORT	  (1 << RUN_SOURCE_IMPORT)
#define WORK	  (1 << RUN_SOURCE_WORK)
#define SYSTEM	  (1 << RUN_SOURCE_SYSTEM)
/* Contexts of tasks. */
#define CONTEXT                                                                                    \
	(1 << RUN_SOURCE_SOFTIRQ | 1 << RUN_SOURCE_INTERRUPT | 1 << RUN_SOURCE_KTHREAD | WORK)

/* The order of the named rows is their order in JSON. */
const struct run_field run_source_fields[] = {
	FIELD(1, RUN_FIELD_U32, struct run_source, id, .max = RUN_SOURCE_ID_MAX,
	      NAME("id", RUN_UNIT_ID)),
	FIELD(2, RUN_FIELD_U32, struct run_source, pid, NAME("pid", RUN_UNIT_PID)),
	FIELD(3, RUN_FIELD_U32, struct run_source, tgid, NAME("tgid", RUN_UNIT_PID)),
	FIELD(4, RUN_FIELD_U32, struct run_source, parent, .absent = UINT32_MAX,
	      .max = RUN_SOURCE_ID_MAX, NAME("parent", RUN_UNIT_PID)),
	FIELD(5, RUN_FIELD_STRING, struct run_source, name, .name = "comm"),
	FIELD(6, RUN_FIELD_U32, struct run_source, state, .max = RUN_STATE_CUT,
	      NAME("state", RUN_UNIT_STATE)),
	FIELD(7, RUN_FIELD_STRING, struct run_source, reason, .name = "reason"),
	FIELD(8, RUN_FIELD_U32, struct run_source, status, KNOWN(struct run_source, exited)),
	LOSS(9, saturations, 0, .before = "filled its buffer ",
	     .one = " time: PCs may be lost (a larger --buffer may help)",
	     .many = " times: PCs may be lost (a larger --buffer may help)",
	     .title = "filled the buffer and may have lost PCs (collect with a larger --buffer)",
	     .entry_one = " time full", .entry_many = " times full",
	     .advice = ": some may be lost (collect with a larger --buffer)"),
	FIELD(10, RUN_FIELD_U64, struct run_source, handle, ONLY(REMOTE),
	      NAME("handle", RUN_UNIT_ADDRESS)),
	FIELD(11, RUN_FIELD_U64, struct run_source, nr_tasks, ONLY(SET | IMPORT),
	      NAME("set_tasks", RUN_UNIT_COUNT)),
	LOSS(12, dropped_pcs, SET | IMPORT | CONTEXT | SYSTEM,
	     .before = "the kernel had no room for PCs of modules ",
	     .one = " time: some are missing (collect with a larger --buffer)",
	     .many = " times: some are missing (collect with a larger --buffer)"),
	LOSS(13, dropped_tasks, SET | IMPORT, .before = "",
	     .one = " task and its descendants were not recorded: the kernel was out of memory",
	     .many = " tasks and their descendants were not recorded: the kernel was out of "
		     "memory"),
	FIELD(14, RUN_FIELD_U64, struct run_source, folded_tasks, ONLY(TASK)),
	/* Encode and decode have code of their own for it. */
	FIELD(15, RUN_FIELD_U32, struct run_source, context, ONLY(CONTEXT | SYSTEM)),
	LOSS(16, dropped_sections, CONTEXT, .before = "work in other contexts was not recorded ",
	     .one = " time: the kernel could not attribute it to the tasks",
	     .many = " times: the kernel could not attribute it to the tasks"),
	FIELD(17, RUN_FIELD_U64, struct run_source, pending, ONLY(WORK),
	      NAME("pending", RUN_UNIT_COUNT)),
	{ 0 },
};

const struct run_field run_note_fields[] = {
	FIELD(1, RUN_FIELD_STRING, struct run_note, text),
	{ 0 },
};

const struct run_field run_end_fields[] = {
	FIELD(1, RUN_FIELD_U64, struct run_end, nr_records),
	{ 0 },
};

_Static_assert(sizeof(enum run_pc_kind) == 4 && sizeof(enum run_state) == 4,
	       "RUN_FIELD_U32 stores four bytes");

uint64_t run_field_integer(const struct run_field *field, const void *object)
{
	const char *member = (const char *)object + field->offset;
	uint64_t wide;
	uint32_t narrow;

	if (field->kind == RUN_FIELD_U64) {
		memcpy(&wide, member, sizeof(wide));
		return wide;
	}
	memcpy(&narrow, member, sizeof(narrow));
	return narrow;
}

const char *run_field_string(const struct run_field *field, const void *object)
{
	return *(char *const *)((const char *)object + field->offset);
}

static char **string_member(const struct run_field *field, void *object)
{
	return (char **)((char *)object + field->offset);
}

struct error *run_fields_own_strings(const struct run_field *fields, void *object)
{
	struct error *err = NULL;

	for (const struct run_field *field = fields; field->number; field++) {
		if (field->kind != RUN_FIELD_STRING)
			continue;
		char **s = string_member(field, object);
		bool there = *s;

		*s = there && !err ? strdup(*s) : NULL;
		if (there && !*s)
			err = &error_no_memory;
	}
	return err;
}

void run_fields_free_strings(const struct run_field *fields, void *object)
{
	for (const struct run_field *field = fields; field->number; field++)
		if (field->kind == RUN_FIELD_STRING)
			free(*string_member(field, object));
}

void run_loss_write(const struct run_loss *loss, uint64_t n, struct strbuf *sb)
{
	strbuf_addf(sb, "%s%" PRIu64 "%s", loss->before, n, n == 1 ? loss->one : loss->many);
}

bool run_source_has_losses(const struct run_source *source)
{
	run_for_each_loss(field) if (run_field_integer(field, source)) return true;
	return false;
}
