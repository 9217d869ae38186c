/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The members of what a run file holds, one row each: how it is encoded, what it
 * is called, and how it is shown to people. Encode, decode, dump, merge, JSON and
 * both summaries work from these rows. So a new counter of a source is a member of
 * struct run_losses and a row (docs/run-file.md, "A new counter").
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

/* What a number means, for code that prints it. */
enum run_unit {
	RUN_UNIT_COUNT, /* a number of things */
	RUN_UNIT_ID,	/* of a source; a sum of ids has no meaning */
	RUN_UNIT_PID,	/* signed */
	RUN_UNIT_STATE, /* enum run_state */
	RUN_UNIT_ADDRESS,
};

/* How a counter of lost things is described; N is its value. */
struct run_loss {
	/* A sentence: "BEFORE N ONE" or "BEFORE N MANY". */
	const char *before, *one, *many;
	/*
	 * NULL: one sentence describes the sum over all sources. Otherwise each source is
	 * named before its sentence, and several sources are listed under this title ("3
	 * tasks TITLE:"), each as "NAME: N ENTRY_ONE" or "NAME: N ENTRY_MANY".
	 */
	const char *title;
	const char *entry_one, *entry_many;
	const char *advice; /* printed after the entry of a remote handle */
};

/* One member of a struct and how a record stores it. */
struct run_field {
	uint8_t number;
	enum run_field_kind kind;
	size_t offset;
	size_t known_offset; /* of a bool member that says whether it is known; 0 = there is none */
	uint64_t absent;     /* the integer value that is not written */
	uint64_t max;	     /* largest valid integer; 0 = any */
	unsigned int kinds;  /* sources that have it: bits 1 << enum run_source_kind; 0 = all */
	/*
	 * The name in JSON; dump has '-' for '_'. NULL = JSON and dump have code of their
	 * own for it.
	 */
	const char *name;
	enum run_unit unit;	     /* of an integer that has a name */
	const struct run_loss *loss; /* NULL = not a counter of lost things */
};

/* The fields of each record; a row with number 0 ends the table. */
extern const struct run_field run_meta_fields[];
extern const struct run_field run_module_fields[];
extern const struct run_field run_source_fields[]; /* of the TASK record */
extern const struct run_field run_note_fields[];
extern const struct run_field run_end_fields[];

/* Do sources of this kind have the field? */
static inline bool run_field_is_of(const struct run_field *field, enum run_source_kind kind)
{
	return !field->kinds || field->kinds & 1U << kind;
}

/* The integer or string in object that the row describes. */
uint64_t run_field_integer(const struct run_field *field, const void *object);
const char *run_field_string(const struct run_field *field, const void *object);

/*
 * Replace the strings of a plain copy of an object by copies that it owns. After
 * an error only some of them are copied.
 */
struct error *run_fields_own_strings(const struct run_field *fields, void *object);
/* Free the strings of object. */
void run_fields_free_strings(const struct run_field *fields, void *object);

/* Append the sentence to sb. Out-of-memory errors stay in sb. */
void run_loss_write(const struct run_loss *loss, uint64_t n, struct strbuf *sb);
/* Is any counter of lost things above 0? */
bool run_source_has_losses(const struct run_source *source);

#define run_for_each_loss(field)                                                                   \
	for (const struct run_field *field = run_source_fields; field->number; field++)            \
		if (field->loss)

#endif
