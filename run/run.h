/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A run: what one or several collections recorded, in memory. Plain data, no
 * debug info needed. The bytes on disk are described in docs/run-file.md.
 *
 * run_load() takes any file: what is damaged or cut off is left out, counted
 * and described; what is before and after it is kept.
 */
#ifndef RUN_RUN_H
#define RUN_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/build_id.h"
#include "base/error.h"
#include "base/vector.h"
#include "run/source.h"

/* What the recorded addresses are. The kernel records return addresses; syzkaller's files hold
 * calls. */
enum run_pc_kind {
	RUN_PC_RETURN = 0, /* the instruction after the call of the callback */
	RUN_PC_CALL = 1,   /* the call itself */
};

/* Facts about the collection. Strings are owned by the run; NULL = not known. */
struct run_meta {
	char *command;	 /* argv joined, quoted as a shell would need it */
	char *directory; /* where it was run */
	char *release;	 /* uname -r */
	char *version;	 /* uname -v */
	char *machine;	 /* uname -m */
	char *follow;	 /* how tasks were followed: "kernel", "ptrace", "none", "import" */
	struct build_id build_id; /* of the kernel, from /sys/kernel/notes */
	/*
	 * What the kernel subtracted from every PC (kaslr_offset()), modules
	 * too. PCs and module bases in a run are always after subtraction.
	 */
	uint64_t kaslr_offset;
	bool kaslr_known;
	enum run_pc_kind pc_kind;
	uint64_t buffer_words; /* KCOV_INIT_TRACE size */
	uint64_t start_ns;     /* CLOCK_REALTIME */
};

struct run_module {
	char *name;
	uint64_t base; /* run-time .text less kaslr_offset, as the recorded PCs are */
	uint64_t size; /* bytes from base that belong to the module, 0 = not known */
	struct build_id build_id;
	/*
	 * The same of .init.text, which lies elsewhere and is freed when the
	 * module's init has run: what comes there later is not the module's. 0
	 * = not known, or nothing of it was run in this collection.
	 */
	uint64_t init_base;
};

/* Things said about the run that belong into every report of it (a task used ptrace, ...). */
DEFINE_VECTOR(run_note_vector, char *);
DEFINE_VECTOR(run_module_vector, struct run_module);

struct run {
	char *path; /* it was loaded from */
	struct run_meta meta;
	struct run_module_vector modules; /* ascending base */
	struct run_source_vector sources; /* ascending id */
	struct run_note_vector notes;
	bool finished;		/* the end record is there */
	uint64_t damaged_bytes; /* left out by run_load() */
	char *damage;		/* what is missing, for people; NULL when nothing is */
};

/* An empty run: no sources, all unknown. */
struct error *run_create(struct run **ret);
/* Accepts NULL. */
void run_destroy(struct run *run);
/* Read a run file. Fails only when it cannot be read or is no run file at all. */
struct error *run_load(const char *path, struct run **ret);
/* Write it whole (atomically, with an end record when it is finished). */
struct error *run_save(const struct run *run, const char *path);
/*
 * Add what `other` recorded to run: sources get new ids, counts stay apart per
 * source. Modules that another boot put elsewhere move, and their PCs with them;
 * init_base is lost unless the runs have the same ones, and a note says so.
 * What other misses (damage) becomes a note. ERROR_MISMATCH when the kernels
 * (build id, PC kind) differ: run is then as before. `other` stays as it is.
 * An error for lack of memory leaves run with a part of it.
 */
struct error *run_merge(struct run *run, const struct run *other);
/* NULL when there is none with this id. */
struct run_source *run_find_source(struct run *run, uint32_t id);

void run_module_deinit(struct run_module *module);
void run_meta_deinit(struct run_meta *meta);

static inline void cleanup_run(struct run **run)
{
	run_destroy(*run);
}
#define _cleanup_run_ __attribute__((__cleanup__(cleanup_run)))

#endif
