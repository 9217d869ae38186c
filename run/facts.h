/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a run file tells besides sources and their PCs: facts of the collection, modules, notes. */
#ifndef RUN_FACTS_H
#define RUN_FACTS_H

#include "run/reader.h"
#include "run/run.h"

/* State while a file is read. Initialise only run, an empty run; borrowed. */
struct run_facts {
	struct run *run;
	bool has_meta;
	bool modules_full;		   /* RUN_MODULES_MAX different modules were read */
	bool type_seen[256];		   /* unknown types that already have a note */
	uint64_t nr_orphans, orphan_bytes; /* of the unpacker (run/pack.h) */
};

/*
 * Add a record that is not about a source; unknown types add a note. *ok = false if
 * its payload is not well-formed.
 */
struct error *run_facts_add(struct run_facts *f, const struct run_record *record, bool *ok);
/* After the last record: sorts the modules, and describes the damage that the reader found. */
struct error *run_facts_settle(struct run_facts *f, const struct run_reader *reader);

#endif
