/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The draft: coverage while it is made, and the steps that make it. Private to symbolize/. */
#ifndef SYMBOLIZE_COVERAGE_PRIVATE_H
#define SYMBOLIZE_COVERAGE_PRIVATE_H

#include "base/intern.h"
#include "base/vector.h"
#include "base/arena.h"
#include "symbolize/coverage/build.h"
#include "base/record_set.h"

/* Real code needs fewer than ten passes. In code crafted to need more, blocks stay unknown. */
#define INFERENCE_PASSES_MAX 100

enum block_state { BLOCK_UNKNOWN, BLOCK_MISSED, BLOCK_HIT };

struct draft_block {
	uint64_t count;
	uint32_t source; /* the block that its state follows from; itself: from its points */
	enum block_state state;
	bool is_least; /* count is a lower bound */
};

enum edge_state { EDGE_UNKNOWN, EDGE_NOT_TAKEN, EDGE_TAKEN };

struct draft_edge {
	uint64_t count;
	enum edge_state state;
	bool is_exact; /* count is the count of the edge, not an upper bound */
};

/* What was recorded of one image, and what follows from that. */
struct draft_image {
	const struct coverage_input_image *input;
	uint64_t base;	  /* of its lowest mapping */
	uint64_t *counts; /* of each point; tail calls included */
	bool *is_least;	  /* of each count: it is a lower bound */
	uint64_t nr_pcs;  /* distinct PCs that are points */
	struct draft_block *blocks;
	struct draft_edge *edges; /* in the order of index_edges() */
	uint32_t *file_map;	  /* index file: id in paths */
	uint32_t *function_map;	  /* index function: number in functions; INDEX_NONE = not listed */
	uint64_t nr_unmatched;	  /* distinct PCs in it that are not points */
};

struct draft_unmatched {
	uint64_t pc;
	uint64_t count;
	enum coverage_unmatched_class class;
	uint32_t image; /* number; INDEX_NONE = none */
	uint32_t point; /* must have been executed if pc was recorded; INDEX_NONE = none */
	bool is_least;	/* count is a lower bound */
};

enum {
	CLAIM_STMT = 1, /* a statement of the line, or of the function, begins in the block */
	/*
	 * A row of the block names the line. Without this flag the claim on a line comes from
	 * inlining, or from a return.
	 */
	CLAIM_ROW = 2,
	CLAIM_TAIL = 4, /* the statement belongs to the preceding block, which was missed */
};

/* A block that owns a line, or is part of a function. */
struct draft_claim {
	uint32_t file; /* id in paths; for lines only */
	uint32_t id;   /* the line, or the number of the function */
	uint32_t image;
	uint32_t function; /* symbol that the block is in */
	uint32_t block;
	uint8_t kinds; /* CLAIM_* */
	uint8_t state; /* enum block_state */
	uint64_t count;
};

/* The key comes first: see record_set.h. */
struct draft_function {
	uint32_t name; /* id in names */
	uint32_t file; /* id in paths */
	uint32_t line;
	uint32_t has_body;
	uint64_t count;
	struct coverage_ratio blocks;
};

DEFINE_VECTOR(draft_unmatched_vector, struct draft_unmatched);
DEFINE_VECTOR(draft_claim_vector, struct draft_claim);
DEFINE_VECTOR(draft_function_vector, struct draft_function);

/* A conditional jump of a line. */
struct draft_branch {
	uint32_t file; /* id in paths */
	uint32_t line;
	uint32_t image, block;
	bool is_reached;	       /* its block was hit */
	struct draft_edge outcomes[2]; /* taken, not taken */
};

DEFINE_VECTOR(draft_branch_vector, struct draft_branch);

struct coverage_draft {
	const struct coverage_input *input;
	struct draft_image *images; /* in the order of input->images */
	struct draft_unmatched_vector unmatched;
	struct intern *paths, *names;
	struct draft_function_vector functions;
	struct record_set function_set;
	struct draft_claim_vector lines, calls; /* claims on lines; on functions */
	struct draft_branch_vector branches;	/* by file, line, image, block */
	struct coverage_ratio *file_points;	/* by id in paths */
	struct intern *symbols;			/* names of the symbols of all images */
	uint8_t *symbol_flags;			/* INDEX_TAIL_* of each symbol */
	struct arena *arena;
	struct coverage *coverage;
};

/* A range of addresses, in terms of the PCs of one source, that belongs to one image. */
struct coverage_region {
	uint64_t start, end;
	uint64_t bias; /* offset in the index = PC - bias */
	uint32_t image;
	bool is_init;	/* .init.text of a module */
	uint64_t reach; /* the largest end of this text and all before it */
};

struct coverage_regions {
	struct coverage_region *texts; /* ascending; may overlap */
	size_t nr_texts;
	/* How far images may reach. Ascending; each ends where the next begins, or before. */
	struct coverage_region *bounds;
	size_t nr_bounds;
	bool pcs_are_calls;
};

/* Where a PC is. */
struct coverage_place {
	uint32_t image;	 /* INDEX_NONE = none, or ambiguous */
	uint64_t offset; /* in the index */
	bool in_text;	 /* offset and match are valid */
	struct coverage_match match;
};

/* a + b, or UINT64_MAX if that overflows. */
static inline uint64_t count_add(uint64_t a, uint64_t b)
{
	uint64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

/* symbolize/coverage/count.c: match all PCs; fill counts and unmatched. */
struct error *coverage_count(struct coverage_draft *draft);
/*
 * symbolize/coverage/regions.c: where a source had its images. Call coverage_regions_deinit() also
 * after an error.
 */
struct error *coverage_regions_init(struct coverage_regions *regions,
				    const struct coverage_input *input,
				    const struct coverage_source *source);
void coverage_regions_deinit(struct coverage_regions *regions);
/* The image that pc is in, and the point or class of pc there. */
struct coverage_place coverage_regions_find(const struct coverage_regions *regions,
					    struct coverage_draft *draft, uint64_t pc);
/* symbolize/coverage/externals.c: collect the symbols of all images by name. */
struct error *externals_init(struct coverage_draft *draft);
/* INDEX_TAIL_* of all functions with this name; 0 if there is none. draft is a coverage_draft. */
uint32_t external_tail_flags(void *draft, const char *name);
/* symbolize/coverage/flow.c: fill image->blocks from image->counts. */
struct error *coverage_infer_blocks(struct draft_image *image);
/* symbolize/coverage/edges.c: fill image->edges, and counts of blocks that have no point. */
struct error *coverage_solve_edges(struct draft_image *image);
/*
 * symbolize/coverage/returns.c: find a row with the line on which a function
 * returns, for each block that ends in a tail call and for each function.
 * INDEX_NONE = none, or not known. The caller frees both arrays, also after an
 * error.
 */
struct error *coverage_find_returns(const struct index *index, uint32_t **ret_of_block,
				    uint32_t **ret_of_function);
/*
 * symbolize/coverage/entries.c: find the entry block of the out-of-line copy of each function.
 * INDEX_NONE = it has no such copy, or several. The caller frees the array, also after an error.
 */
struct error *coverage_find_entries(const struct index *index, uint32_t **ret);
/*
 * symbolize/coverage/tails.c: whether the preceding block ends where this one begins, and has an
 * edge to it.
 */
bool coverage_runs_into(const struct draft_image *image, size_t block);
/* Whether a row at the first address of a block belongs to the preceding block. */
bool coverage_is_left_over(const struct draft_image *image, size_t block, size_t row);
/*
 * Whether the statements of a hit block belong to the preceding block, which was missed. For gcc's
 * code only.
 */
bool coverage_is_tail_of_missed(const struct draft_image *image, size_t block);
/*
 * symbolize/coverage/claims.c: find the states of all blocks, then their claims on lines and
 * functions: sorted, one per block and line or function.
 */
struct error *coverage_claim(struct coverage_draft *draft);
/* The state that a claim gives to its statements: with CLAIM_TAIL not that of its block. */
static inline enum block_state claim_state(const struct draft_claim *claim)
{
	return claim->kinds & CLAIM_TAIL ? BLOCK_MISSED : (enum block_state)claim->state;
}
/* Whether one of these claims, of one function on one line, is a statement that was missed. */
bool claims_missed_statement(const struct draft_claim *claims, size_t nr);
/* Whether a claim takes part in the verdict on its line. */
bool claim_counts(const struct draft_claim *claim, bool missed_statement);
/* How many claims, from the first one on, are of the same function on the same line. */
size_t claims_same_function(const struct draft_claim *claims, size_t nr);
/* symbolize/coverage/branches.c: find the conditional jumps. */
struct error *coverage_find_branches(struct coverage_draft *draft);
/*
 * Give the lines of a file their branches. *next is the first of draft->branches that may be in the
 * file; it moves on to the first of a later file.
 */
struct error *coverage_add_branches(struct coverage_draft *draft, uint32_t file_id,
				    struct coverage_file *file, size_t *next);
/* symbolize/coverage/explain.c: how many points begin in a block. */
uint32_t coverage_block_points(const struct index *index, const struct index_block *block);
/* Fill coverage->evidence from the claims. */
struct error *coverage_explain(struct coverage_draft *draft);
/* symbolize/coverage/files.c: make the files of the coverage, with lines and functions. */
struct error *coverage_make_files(struct coverage_draft *draft);
/* symbolize/coverage/runs.c: copy the descriptions of the runs. */
struct error *coverage_copy_runs(struct coverage_draft *draft);

#endif
