/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Coverage while it is made. Private to symbolize/. */
#ifndef SYMBOLIZE_COVERAGE_PRIVATE_H
#define SYMBOLIZE_COVERAGE_PRIVATE_H

#include "base/intern.h"
#include "base/vector.h"
#include "base/arena.h"
#include "symbolize/coverage/build.h"
#include "base/record_set.h"

/* Real code takes fewer than ten; code made to take more keeps its unknowns. */
#define INFERENCE_PASSES_MAX 100

enum block_state { BLOCK_UNKNOWN, BLOCK_MISSED, BLOCK_HIT };

struct draft_block {
	uint64_t count;
	uint32_t source; /* the block it follows from, itself: from its points */
	enum block_state state;
	bool is_least; /* it was executed so often or more */
};

enum edge_state { EDGE_UNKNOWN, EDGE_NOT_TAKEN, EDGE_TAKEN };

struct draft_edge {
	uint64_t count;
	enum edge_state state;
	bool is_exact; /* count is that of the edge, not an upper bound */
};

/* What one image got. */
struct draft_image {
	const struct coverage_input_image *input;
	uint64_t base;	  /* of its first mapping */
	uint64_t *counts; /* of each point, tail calls included */
	bool *is_least;	  /* of each count: it was executed so often or more */
	uint64_t nr_pcs;  /* distinct PCs that are points */
	struct draft_block *blocks;
	struct draft_edge *edges; /* as index_edges() */
	uint32_t *file_map;	  /* index file: id in paths */
	uint32_t *function_map;	  /* index function: number in functions, INDEX_NONE = not listed */
	uint64_t nr_unmatched;	  /* distinct PCs in it that are no point */
};

struct draft_unmatched {
	uint64_t pc;
	uint64_t count;
	enum coverage_unmatched_class class;
	uint32_t image; /* number, INDEX_NONE = none */
	uint32_t point; /* what was executed for certain when it was recorded, INDEX_NONE = none */
	bool is_least;	/* the count is that of a source whose counts are */
};

enum {
	CLAIM_STMT = 1, /* a statement of the line, or of the function, begins in the block */
	CLAIM_ROW = 2,	/* a row names the line; else the block is part of what was inlined there */
	CLAIM_TAIL = 4, /* the statement is that of the block in front, and that one was missed */
};

/* A block that owns a line, or is part of a function. */
struct draft_claim {
	uint32_t file; /* id in paths; of lines only */
	uint32_t id;   /* the line, or the number of the function */
	uint32_t image;
	uint32_t function; /* symbol that the block is in */
	uint32_t block;
	uint8_t kinds; /* CLAIM_* */
	uint8_t state; /* enum block_state */
	uint64_t count;
};

/* Key first: see record_set.h. */
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
	struct draft_image *images; /* as input->images */
	struct draft_unmatched_vector unmatched;
	struct intern *paths, *names;
	struct draft_function_vector functions;
	struct record_set function_set;
	struct draft_claim_vector lines, calls; /* of lines; of functions */
	struct draft_branch_vector branches;	/* by file, line, image, block */
	struct coverage_ratio *file_points;	/* by id in paths */
	struct intern *symbols;			/* names of the symbols of all images */
	uint8_t *symbol_flags;			/* INDEX_TAIL_* of each of them */
	struct arena *arena;
	struct coverage *coverage;
};

/* A part of the address space of a source that is an image's. */
struct coverage_region {
	uint64_t start, end;
	uint64_t bias; /* offset in the index = PC - bias */
	uint32_t image;
	bool is_init;	/* .init.text of a module */
	uint64_t reach; /* the largest end of this text and of those before */
};

struct coverage_regions {
	struct coverage_region *texts; /* ascending; may overlap */
	size_t nr_texts;
	struct coverage_region
		*bounds; /* how far images may reach; ascending: each up to the next */
	size_t nr_bounds;
	bool pcs_are_calls;
};

/* Where a PC is. */
struct coverage_place {
	uint32_t image;	 /* INDEX_NONE = none, or not certain which */
	uint64_t offset; /* in the index */
	bool in_text;	 /* offset and match hold */
	struct coverage_match match;
};

/* a + b, or the largest number. */
static inline uint64_t count_add(uint64_t a, uint64_t b)
{
	uint64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

/* symbolize/coverage/count.c: match all PCs: fill counts and unmatched. */
struct error *coverage_count(struct coverage_draft *draft);
/* symbolize/coverage/regions.c: deinit also after an error. */
struct error *coverage_regions_init(struct coverage_regions *regions,
				    const struct coverage_input *input,
				    const struct coverage_source *source);
void coverage_regions_deinit(struct coverage_regions *regions);
struct coverage_place coverage_regions_find(const struct coverage_regions *regions,
					    struct coverage_draft *draft, uint64_t pc);
/* symbolize/coverage/externals.c: know the functions of all images by name. */
struct error *externals_init(struct coverage_draft *draft);
/* INDEX_TAIL_* of a function by its name, 0 when there is none; draft is a coverage_draft. */
uint32_t external_tail_flags(void *draft, const char *name);
/* symbolize/coverage/flow.c: fill image->blocks from image->counts. */
struct error *coverage_infer_blocks(struct draft_image *image);
/* symbolize/coverage/edges.c: fill image->edges, and counts of blocks that have no point. */
struct error *coverage_solve_edges(struct draft_image *image);
/*
 * symbolize/coverage/returns.c: of each block that ends in a tail call, and of each
 * function, a row with the line on which the function returns; INDEX_NONE =
 * none, or not known. The caller frees both, on failure too.
 */
struct error *coverage_find_returns(const struct index *index, uint32_t **ret_of_block,
				    uint32_t **ret_of_function);
/*
 * symbolize/coverage/entries.c: of each function, the block that its code out of line begins with;
 * INDEX_NONE = it has none, or several. The caller frees it, on failure too.
 */
struct error *coverage_find_entries(const struct index *index, uint32_t **ret);
/* symbolize/coverage/tails.c: whether the block in front of this one runs into it, and nothing lies
 * between.
 */
bool coverage_runs_into(const struct draft_image *image, size_t block);
/* Whether a row at the first address of a block is that of the block in front. */
bool coverage_is_left_over(const struct draft_image *image, size_t block, size_t row);
/* Whether the statements of a hit block of gcc's are those of the block in front, which was missed.
 */
bool coverage_is_tail_of_missed(const struct draft_image *image, size_t block);
/* symbolize/coverage/claims.c: what the blocks say of lines and functions, each once, sorted. */
struct error *coverage_claim(struct coverage_draft *draft);
/* What the block of a claim says of its statements. */
static inline enum block_state claim_state(const struct draft_claim *claim)
{
	return claim->kinds & CLAIM_TAIL ? BLOCK_MISSED : (enum block_state)claim->state;
}
/* Of the claims that one function has on a line: whether a statement of it was missed. */
bool claims_missed_statement(const struct draft_claim *claims, size_t nr);
/* Whether a claim says something of its line. */
bool claim_counts(const struct draft_claim *claim, bool missed_statement);
/* Claims of the same function as the first: how many. */
size_t claims_same_function(const struct draft_claim *claims, size_t nr);
/* symbolize/coverage/branches.c: find the conditional jumps. */
struct error *coverage_find_branches(struct coverage_draft *draft);
/* Give the lines of a file theirs; *next: the first of draft->branches that may be the file's. */
struct error *coverage_add_branches(struct coverage_draft *draft, uint32_t file_id,
				    struct coverage_file *file, size_t *next);
/* symbolize/coverage/explain.c: how many points are in a block. */
uint32_t coverage_block_points(const struct index *index, const struct index_block *block);
/* Fill coverage->evidence from the claims. */
struct error *coverage_explain(struct coverage_draft *draft);
/* symbolize/coverage/files.c: files, lines and functions of the coverage. */
struct error *coverage_make_files(struct coverage_draft *draft);
/* symbolize/coverage/runs.c: copy the descriptions of the runs. */
struct error *coverage_copy_runs(struct coverage_draft *draft);

#endif
