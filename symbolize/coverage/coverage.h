/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Coverage: what a report says, as plain data. symbolize/ makes it, render/
 * reads it. It is a pure function of run files and image indexes: the same
 * input gives the same arrays in the same order.
 *
 * The coverage owns all of its memory, strings included. coverage_destroy()
 * frees it.
 */
#ifndef SYMBOLIZE_COVERAGE_COVERAGE_H
#define SYMBOLIZE_COVERAGE_COVERAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/source_md5.h"
#include "run/source.h"

/* Found: instrumented and known. Hit: found and executed. */
struct coverage_ratio {
	uint64_t hit;
	uint64_t found;
};

static inline void coverage_ratio_add(struct coverage_ratio *sum, struct coverage_ratio ratio)
{
	sum->hit += ratio.hit;
	sum->found += ratio.found;
}

enum coverage_line_state {
	COVERAGE_LINE_MISSED,
	COVERAGE_LINE_PARTIAL, /* some of the blocks that own it were executed, some were not */
	COVERAGE_LINE_HIT,
};

enum coverage_outcome_state {
	COVERAGE_OUTCOME_UNKNOWN, /* the flow does not decide it */
	COVERAGE_OUTCOME_NOT_TAKEN,
	COVERAGE_OUTCOME_TAKEN,
};

struct coverage_outcome {
	enum coverage_outcome_state state;
	uint64_t count; /* > 0 exactly when taken */
	uint32_t line;	/* of the code that it leads to, in the same function; 0 = not known */
};

/*
 * A conditional jump of the machine code. It may be a condition of the source, or an addition of
 * the compiler. Each inlined copy of a line has its own branches.
 */
struct coverage_branch {
	bool is_reached;		     /* the block of the jump was hit */
	struct coverage_outcome outcomes[2]; /* 0: it jumped; 1: it did not */
	/* Of the jump, on its line. The same whatever was executed, so there may be gaps. */
	uint32_t number;
};

/*
 * What an `if` or a loop tests, or the part of it that stands on one line: how often it was true
 * and false, as the statements have it. Of a loop made by a macro: whether its body was executed.
 */
struct coverage_condition {
	uint64_t if_true, if_false; /* not both 0 */
	bool has_operands; /* && || ?: on this line: only the jumps tell the operands apart */
};

struct coverage_line {
	uint32_t line; /* 1.. */
	enum coverage_line_state state;
	/*
	 * 0 exactly when missed. The largest count of the blocks that own it in one function of the
	 * machine code; those of several functions, and of several images, add up.
	 */
	uint64_t count;
	/* At least count: how often control came to these blocks, if they are copies of each other.
	 */
	uint64_t most;
	bool is_statement; /* a statement of it begins in a block that decides its state */
	struct coverage_ratio blocks;	  /* that own the line, if their state is known */
	struct coverage_branch *branches; /* in the order of the machine code */
	size_t nr_branches;
	const struct coverage_condition *condition; /* NULL = none, or its counts are not known */
};

struct coverage_function {
	const char *name; /* as in the source; the linkage name where the language has one */
	uint32_t line;	  /* of its declaration; 1.. */
	/*
	 * How often it was called: the count of its entry block; of inlined instances the largest
	 * count of their blocks in each function of the machine code. These add up.
	 */
	uint64_t count;
	struct coverage_ratio blocks;
	bool has_body; /* it exists out of line (not only inlined) */
};

/* Whether the source of a file could be used to correct its lines, and if not, why. */
enum coverage_source_state {
	COVERAGE_SOURCE_USED,
	COVERAGE_SOURCE_MISSING,
	COVERAGE_SOURCE_UNREADABLE, /* too large, or no regular file, or not permitted */
	COVERAGE_SOURCE_OUTSIDE,    /* of the source tree: not read */
	COVERAGE_SOURCE_CHANGED,    /* it is not what was compiled */
	COVERAGE_SOURCE_NEWER,	    /* than all images, and debug info does not say more */
	COVERAGE_SOURCE_STATES,
};

/*
 * What the statements of the sources corrected (symbolize/coverage/refine.h). Files and functions
 * are those with an executed line. All 0 if the sources were not used.
 */
struct coverage_refined {
	uint64_t files[COVERAGE_SOURCE_STATES];
	uint64_t functions;		   /* in files that were used */
	uint64_t functions_not_understood; /* of them: the machine code alone judges their lines */
	uint64_t changed;		   /* lines with another count than the machine code has */
	uint64_t added;			   /* executed lines without machine code */
	uint64_t added_missed;		   /* the same, missed */
	uint64_t conditions; /* of which is known how often they were true and false */
};

void coverage_refined_add(struct coverage_refined *sum, const struct coverage_refined *one);

struct coverage_file {
	const char *path; /* absolute, normalised: as the compiler saw it, before any mapping */
	struct source_md5 md5;	     /* when it was compiled */
	struct coverage_line *lines; /* ascending, no duplicates */
	size_t nr_lines;
	struct coverage_function *functions; /* ascending by line, then name */
	size_t nr_functions;
	struct coverage_ratio line_ratio;
	struct coverage_ratio function_ratio;
	struct coverage_ratio branch_ratio; /* of outcomes: coverage_line_outcomes() */
	struct coverage_ratio point_ratio;  /* points whose innermost frame is in this file */
	struct coverage_refined refined;
};

/* vmlinux or a module. */
struct coverage_image {
	const char *name;     /* "vmlinux" or the module's name */
	const char *path;     /* file that it was read from; NULL if none was found */
	const char *build_id; /* hex; "" when none is known */
	uint64_t base;	      /* added to addresses of a .ko (lowest of the runs); 0 for vmlinux */
	const char *problem;  /* why the image could not be used; NULL if it was used */
	struct coverage_ratio points;
	/* Of each point of its index, if a scope asks for them (scope.h); else NULL. */
	const uint64_t *point_counts;
	uint64_t pcs;  /* distinct recorded PCs in the image */
	bool ran_init; /* a run has the address of its init code, whose extent only the file tells
			*/
};

/* Why a recorded PC is not a point. */
enum coverage_unmatched_class {
	COVERAGE_TAIL_CALL,	/* the function called there tail-calls the callback (gcc < 14) */
	COVERAGE_INDIRECT_CALL, /* after an indirect call, which may end in such a tail call */
	COVERAGE_NOT_A_RETURN,	/* in executable code, but not after a call */
	COVERAGE_OTHER_CALL,	/* after a call of a function without such a tail call */
	COVERAGE_NO_IMAGE,	/* in a module whose file was not found or could not be used */
	COVERAGE_OUTSIDE_TEXT,	/* in no executable section of any image */
	COVERAGE_UNMATCHED_CLASSES,
};

struct coverage_unmatched {
	uint64_t pc;
	uint64_t count;
	enum coverage_unmatched_class class;
	const char *image; /* name, or NULL */
};

/*
 * Contexts that work is handed on to. They are not recorded, except in remote sections and by runs
 * that have a source for the context (coverage_handoff_is_recorded()).
 */
enum coverage_handoff_kind {
	COVERAGE_HANDOFF_THREAD,
	COVERAGE_HANDOFF_WORK,
	COVERAGE_HANDOFF_SOFTIRQ,
	COVERAGE_HANDOFF_RCU,
	COVERAGE_HANDOFF_TIMER,
	COVERAGE_HANDOFF_INTERRUPT,
	COVERAGE_HANDOFF_PROCESS,
	COVERAGE_HANDOFF_KINDS,
};

/*
 * Calls of a function that hands work on (symbolize/index/handoff.h), from code that is
 * instrumented; of COVERAGE_HANDOFF_PROCESS, how often it was entered. What the work executes shows
 * as missed, unless it is recorded.
 */
struct coverage_handoff {
	enum coverage_handoff_kind kind;
	const char *function;
	uint64_t count; /* times that blocks with such a call were executed */
	bool is_least;	/* count is a lower bound */
};

struct coverage_run {
	const char *path;
	const char *command; /* NULL = not known, like the other strings */
	const char *release;
	const char *build_id; /* hex; "" when none is known */
	bool finished;
	uint64_t damaged_bytes;
	const char *damage;
	/* Ascending by id. They have the number of their PCs, but not the PCs. */
	const struct run_source *sources;
	size_t nr_sources;
	const char **notes;
	size_t nr_notes;
};

enum coverage_block_state {
	COVERAGE_BLOCK_UNKNOWN,
	COVERAGE_BLOCK_MISSED,
	COVERAGE_BLOCK_HIT,
};

/* Why does a line have its state? The answer is coverage.evidence and corrections. */
struct coverage_question {
	const char *file; /* the last components of a path; "" = every file */
	uint32_t line;	  /* 0 = every line */
	/*
	 * Only blocks that were executed or that the flow connects with such a block: one for each
	 * line of the rest of the kernel would be a hundred times as much.
	 */
	bool is_reached;
};

/* A block that owns a line that was asked for (struct coverage_question). */
struct coverage_evidence {
	const char *file;
	uint32_t line;
	const char *image;
	const char *symbol; /* function that the block is in; NULL = not known */
	uint64_t start;	    /* address in the image, without coverage_image.base */
	uint32_t size;
	enum coverage_block_state state;
	uint64_t count;
	uint32_t points;    /* number of points in the block */
	uint64_t source;    /* start of the block that decided its state; its own: its points did */
	bool is_statement;  /* a statement of the line begins in it */
	bool is_of_missed;  /* that statement is of the preceding block, which was missed */
	bool counts;	    /* it took part in the verdict on the line */
	uint32_t recorders; /* number in coverage.recorders; 0 if it was not hit, or nothing is
			       known */
};

/* A run source: which run of the coverage, and which source of that run. */
struct coverage_recorder {
	uint32_t run, source;
};

/* More run sources than this are not named. */
#define COVERAGE_RECORDERS_MAX 32

/* The run sources that recorded a point of a block. */
struct coverage_recorder_set {
	const struct coverage_recorder *named; /* ascending; the first ones */
	uint32_t nr_named;
	uint32_t nr; /* of all */
};

/* Why the statements say something else of a line than the machine code. */
enum coverage_basis {
	COVERAGE_BASIS_FLOW,	  /* of the function; no single line shows it */
	COVERAGE_BASIS_CALLS,	  /* how often the function was called */
	COVERAGE_BASIS_STATEMENT, /* another line of the same statement */
	COVERAGE_BASIS_LATER,	  /* a later statement of the same list */
	COVERAGE_BASIS_EARLIER,	  /* an earlier one */
	COVERAGE_BASIS_CONDITION, /* the condition around it went that way that often */
	COVERAGE_BASIS_HEAD,	  /* the line of this condition was executed that often */
	COVERAGE_BASIS_BODY,	  /* a statement in its body */
	COVERAGE_BASIS_LEFT,	  /* the condition around it, less what went on after it */
	COVERAGE_BASIS_REST,	  /* a condition before it, less what left in its body */
};

/* A line that was asked for, and that the statements changed or added. */
struct coverage_correction {
	const char *file;
	uint32_t line;
	bool has_code;	      /* what the machine code alone says is known: */
	uint64_t count_alone; /* 0 = missed */
	uint64_t count;	      /* in the report */
	/* What has the line: "if", "return", "end of the function". Static. */
	const char *statement;
	uint32_t nr_equal; /* statements of the function with this text, itself included */
	enum coverage_basis basis;
	uint32_t basis_line; /* 0 = none */
	uint64_t basis_count;
	uint32_t after_line; /* COVERAGE_BASIS_LEFT and _REST: of what is subtracted; else 0 */
	uint64_t after_count;
};

#define COVERAGE_NO_FILE UINT32_MAX

/* Where the code of a point comes from: a function, or the place where one was inlined. */
struct coverage_frame {
	const char *function; /* NULL = not known */
	uint32_t file;	      /* number in coverage.files; COVERAGE_NO_FILE = none of these */
	uint32_t line;	      /* 0 = not known */
};

struct coverage_point {
	uint64_t pc; /* of the call of the callback, with coverage_image.base */
	uint64_t count;
	const struct coverage_frame *frames; /* innermost first */
	size_t nr_frames;
};

struct coverage {
	struct coverage_file *files; /* ascending by path */
	size_t nr_files;
	struct coverage_image *images; /* vmlinux first, then by name */
	size_t nr_images;
	struct coverage_run *runs; /* in the order given */
	size_t nr_runs;
	struct coverage_unmatched *unmatched; /* ascending by pc */
	size_t nr_unmatched;
	uint64_t unmatched_classes[COVERAGE_UNMATCHED_CLASSES]; /* distinct PCs of each class */
	struct coverage_handoff
		*handoffs; /* that were executed; ascending by kind, then function */
	size_t nr_handoffs;
	struct coverage_ratio lines; /* totals over files */
	struct coverage_ratio functions;
	struct coverage_ratio branches;
	struct coverage_ratio points; /* totals over images */
	uint64_t pcs;		      /* distinct recorded PCs */
	bool counts_are_least; /* of a source: counts are lower bounds, hit and missed are exact */
	struct coverage_evidence *evidence; /* for the question, by line, image and address */
	size_t nr_evidence;
	/* For the evidence, if coverage_input.recordings are given. The first one is empty. */
	struct coverage_recorder_set *recorders;
	size_t nr_recorders;
	bool is_refined;		 /* the sources were used, as far as they are there */
	struct coverage_refined refined; /* totals over files */
	struct coverage_correction *corrections; /* for the question, by file and line */
	size_t nr_corrections;
	struct coverage_point *each_point; /* by pc; none unless coverage_input.list_points */
	size_t nr_each_point;
	void *arena; /* owns the memory; private to symbolize/ */
};

/* Whether a question asks for lines of the file at path. */
bool coverage_question_has(const struct coverage_question *question, const char *path);

/* Accepts NULL. */
void coverage_destroy(struct coverage *coverage);

/*
 * Whether a branch counts: it was not reached, or both of its outcomes are known. Readers of
 * tracefiles have no sign for an outcome that is not known, and a total must not depend on the
 * format that shows it: so neither outcome of such a branch is found.
 *
 * Of a missed line all branches count, as not reached: a jump can run though its line was missed,
 * if the compiler moved it to another block. Of an executed line none does if no outcome of those
 * above was taken: lcov 2.x stops at such a line ("no branches on line have been evaluated").
 */
bool coverage_branch_counts(const struct coverage_line *line, const struct coverage_branch *branch);
/* Count the outcomes of the branches that count. Hit: taken, on a line that was executed. */
struct coverage_ratio coverage_line_outcomes(const struct coverage_line *line);
/* How many branches of a line do not count. */
uint64_t coverage_line_unknown(const struct coverage_line *line);

/* A short stable name ("tail-call") for programs, and a sentence for people. Both are static. */
const char *coverage_unmatched_name(enum coverage_unmatched_class class);
const char *coverage_unmatched_text(enum coverage_unmatched_class class);
/* The same for sources: "newer", "newer than the image". */
const char *coverage_source_name(enum coverage_source_state state);
const char *coverage_source_text(enum coverage_source_state state);
/* The same for handoffs: "work-item", "work items". */
const char *coverage_handoff_name(enum coverage_handoff_kind kind);
const char *coverage_handoff_text(enum coverage_handoff_kind kind);
/* Does each run with PCs record what its tasks hand on in this way? */
bool coverage_handoff_is_recorded(const struct coverage *coverage,
				  const struct coverage_handoff *handoff);

#endif
