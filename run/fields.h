/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The members of what a run file holds, one row each: how it lies in the file,
 * what it is called, and how people are told. Encode, decode, dump, merge, JSON
 * and both summaries follow the rows, so that a new counter of a source is a
 * member of struct run_losses and a row (docs/run-file.md, "A new counter").
 */
#ifndef RUN_FIELDS_H
#define RUN_FIELDS_H

#include <stdint.h>

#include "base/error.h"
#include "base/strbuf.h"
#include "run/source.h"

enum run_field_kind {
	RUN_FIELD_STRING,   /* char *, owned; NULL = absent */
	RUN_FIELD_BUILD_ID, /* struct build_id; size 0 = absent */
	RUN_FIELD_U32,	    /* any four-byte integer or enum */
	RUN_FIELD_U64,
};

/* What a number is, for those who print it. */
enum run_unit {
	RUN_UNIT_COUNT, /* so many */
	RUN_UNIT_ID,	/* of a source; no sum of it means anything */
	RUN_UNIT_PID,	/* signed */
	RUN_UNIT_STATE, /* enum run_state */
	RUN_UNIT_ADDRESS,
};

/* How a counter of lost things is said; N is the counter. */
struct run_loss {
	/* One sentence: "BEFORE N ONE" or "BEFORE N MANY". */
	const char *before, *one, *many;
	/*
	 * NULL: a sentence for all sources says it. Else the source is named before
	 * the sentence, and where there are several they stand in a list with this
	 * title ("3 tasks TITLE:"), each as "NAME: N ENTRY_ONE" or "... ENTRY_MANY".
	 */
	const char *title;
	const char *entry_one, *entry_many;
	const char *advice; /* after the entry of a remote handle, which has no title above */
};

/* One member of a struct and its place in a record. */
struct run_field {
	uint8_t number;
	enum run_field_kind kind;
	size_t offset;
	size_t known_offset; /* of a bool that says whether it is known; 0 = there is none */
	uint64_t absent;     /* integer that is not written */
	uint64_t max;	     /* largest valid integer, 0 = any */
	unsigned int kinds;  /* bits 1 << enum run_source_kind of sources that have it, 0 = all */
	/* As JSON has it, and dump with '-' for '_'; NULL = each says it in its own way. */
	const char *name;
	enum run_unit unit;	     /* of an integer with a name */
	const struct run_loss *loss; /* NULL = no counter of lost things */
};

/* A record of fields: rows end with number 0. */
extern const struct run_field run_meta_fields[];
extern const struct run_field run_module_fields[];
extern const struct run_field run_source_fields[]; /* of the TASK record */
extern const struct run_field run_note_fields[];
extern const struct run_field run_end_fields[];

/* Does a source of this kind have the field? */
static inline bool run_field_is_of(const struct run_field *field, enum run_source_kind kind)
{
	return !field->kinds || field->kinds & 1U << kind;
}

/* The integer or string of object that the row is about. */
uint64_t run_field_integer(const struct run_field *field, const void *object);
const char *run_field_string(const struct run_field *field, const void *object);

/* Of a plain copy of an object: give it strings of its own. After an error it has a part of them.
 */
struct error *run_fields_own_strings(const struct run_field *fields, void *object);
/* Free its strings. */
void run_fields_free_strings(const struct run_field *fields, void *object);

/* The sentence. Errors of memory stay in sb. */
void run_loss_write(const struct run_loss *loss, uint64_t n, struct strbuf *sb);
/* Whether any counter of lost things is not 0. */
bool run_source_has_losses(const struct run_source *source);

#define run_for_each_loss(field)                                                                   \
	for (const struct run_field *field = run_source_fields; field->number; field++)            \
		if (field->loss)

#endif
