// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which member of which struct is which field of which record. Numbers are
 * never used again for something else; new members get new numbers.
 */
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

/* The kinds of sources that have a field: bits for .kinds. */
#define ONLY(...) .kinds = (__VA_ARGS__)
#define REMOTE	  (1 << RUN_SOURCE_REMOTE)
#define SET	  (1 << RUN_SOURCE_SET)
#define IMPORT	  (1 << RUN_SOURCE_IMPORT)

const struct run_field run_source_fields[] = {
	FIELD(1, RUN_FIELD_U32, struct run_source, id, .max = RUN_SOURCE_ID_MAX),
	FIELD(2, RUN_FIELD_U32, struct run_source, pid),
	FIELD(3, RUN_FIELD_U32, struct run_source, tgid),
	FIELD(4, RUN_FIELD_U32, struct run_source, parent, .absent = UINT32_MAX,
	      .max = RUN_SOURCE_ID_MAX),
	FIELD(5, RUN_FIELD_STRING, struct run_source, name),
	FIELD(6, RUN_FIELD_U32, struct run_source, state, .max = RUN_STATE_CUT),
	FIELD(7, RUN_FIELD_STRING, struct run_source, reason),
	FIELD(8, RUN_FIELD_U32, struct run_source, status, KNOWN(struct run_source, exited)),
	FIELD(9, RUN_FIELD_U64, struct run_source, losses.saturations),
	FIELD(10, RUN_FIELD_U64, struct run_source, handle, ONLY(REMOTE)),
	FIELD(11, RUN_FIELD_U64, struct run_source, nr_tasks, ONLY(SET | IMPORT)),
	FIELD(12, RUN_FIELD_U64, struct run_source, losses.dropped_pcs),
	FIELD(13, RUN_FIELD_U64, struct run_source, losses.dropped_tasks),
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
