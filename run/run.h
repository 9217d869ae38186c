/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A run: what one collection recorded, or several merged ones. Plain data in
 * memory; needs no debug info. docs/run-file.md describes the bytes on disk.
 *
 * run_load() accepts damaged and cut-off files: it skips, counts and describes the
 * damaged parts and keeps everything before and after them.
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

/*
 * What the recorded addresses are. The kernel records return addresses;
 * syzkaller's files hold addresses of calls.
 */
enum run_pc_kind {
	RUN_PC_RETURN = 0, /* the instruction after the call of the callback */
	RUN_PC_CALL = 1,   /* the call itself */
};

/* Facts about the collection. Strings are owned by the run; NULL = not known. */
struct run_meta {
	char *command;	 /* argv joined, quoted as a shell would need it */
	char *name;	 /* that the user gave the run */
	char *directory; /* where it was run */
	char *release;	 /* uname -r */
	char *version;	 /* uname -v */
	char *machine;	 /* uname -m */
	char *follow;	 /* how new tasks were followed: "kernel", "ptrace", "none", "import" */
	struct build_id build_id; /* of the kernel, from /sys/kernel/notes */
	/*
	 * What the kernel subtracted from every PC, also from those of modules
	 * (kaslr_offset()). PCs and module bases in a run are always after subtraction.
	 */
	uint64_t kaslr_offset;
	bool kaslr_known;
	enum run_pc_kind pc_kind;
	uint64_t buffer_words; /* KCOV_INIT_TRACE size */
	uint64_t start_ns;     /* CLOCK_REALTIME */
};

struct run_module {
	char *name;
	uint64_t base; /* run-time .text less kaslr_offset, like the recorded PCs */
	uint64_t size; /* bytes from base that belong to the module; 0 = not known */
	struct build_id build_id;
	/*
	 * The same for .init.text, which has an address range of its own. It is freed
	 * after the module's init; PCs recorded there later do not belong to the module.
	 * 0 = not known, or no init code of the module ran in this collection.
	 */
	uint64_t init_base;
};

/* Notes about the run that every report of it repeats (a task used ptrace, ...). */
DEFINE_VECTOR(run_note_vector, char *);
DEFINE_VECTOR(run_module_vector, struct run_module);

struct run {
	char *path; /* the file that it was loaded from */
	struct run_meta meta;
	struct run_module_vector modules; /* ascending base */
	struct run_source_vector sources; /* ascending id */
	struct run_note_vector notes;
	bool finished;		/* the file has an end record */
	uint64_t damaged_bytes; /* skipped by run_load() */
	char *damage;		/* what is missing, as text for people; NULL = nothing */
};

/* Create an empty run: no sources, all facts not known. */
struct error *run_create(struct run **ret);
/* Accepts NULL. */
void run_destroy(struct run *run);
/* Read a run file. Fails only if the file cannot be read or is not a run file. */
struct error *run_load(const char *path, struct run **ret);
/* Write the whole run to path, atomically; with an end record if run->finished. */
struct error *run_save(const struct run *run, const char *path);
/*
 * Add what `other` recorded to run. Sources get new ids; counts are kept per
 * source. If another boot loaded a module at a different address, the module and
 * its PCs are moved to the address in run. init_base is kept only if both runs
 * have the same init code at the same addresses; if it is dropped, a note says so.
 * Damage of `other` becomes a note. `other` is not changed.
 *
 * Fails with ERROR_MISMATCH if the kernels (build id) or the PC kinds differ; run
 * is then unchanged. Fails with ERROR_UNSUPPORTED if ids or addresses for modules
 * run out. After any error but ERROR_MISMATCH, run contains only a part of
 * `other`.
 */
struct error *run_merge(struct run *run, const struct run *other);
/* Returns NULL if no source has this id. */
struct run_source *run_find_source(struct run *run, uint32_t id);

/*
 * Can this be an address on the machine (run_meta.machine)? On x86_64 bits 56 to 63 of an address
 * are equal; of other machines, and of NULL, nothing is known.
 */
bool run_address_is_possible(const char *machine, uint64_t address);

void run_module_deinit(struct run_module *module);
void run_meta_deinit(struct run_meta *meta);

static inline void cleanup_run(struct run **run)
{
	run_destroy(*run);
}
#define _cleanup_run_ __attribute__((__cleanup__(cleanup_run)))

#endif
