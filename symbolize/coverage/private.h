/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The draft: coverage while it is made, and the steps that make it. Private to symbolize/. */
#ifndef SYMBOLIZE_COVERAGE_PRIVATE_H
#define SYMBOLIZE_COVERAGE_PRIVATE_H

#include "base/arena.h"
#include "base/intern.h"
#include "base/vector.h"
#include "symbolize/coverage/build.h"
#include "symbolize/index/judge.h"
#include "symbolize/index/owners.h"

/*
 * What was recorded makes of a line or a function, as a difference to what the index says of it
 * (the baseline): the sum over the groups of blocks that were inferred.
 */
struct draft_sum {
	uint64_t count;	   /* as in struct verdict */
	uint64_t most;	   /* as in struct coverage_line; lines only */
	bool is_statement; /* the same */
	uint32_t hit;
	int32_t found, missed_parts; /* differences: see judge.h, struct verdict */
};

/* A hit block of an inlined instance, and a line of the entry block of the function: claims it. */
struct draft_entry {
	uint32_t symbol, line;
	uint32_t block;
	bool is_owned; /* blocks of the function own the line anyhow */
};

DEFINE_VECTOR(draft_entry_vector, struct draft_entry);

/* What was recorded of one image, and what follows from that. */
struct draft_image {
	const struct coverage_input_image *input;
	uint64_t base;	   /* of its lowest mapping */
	bool ran_init;	   /* a mapping has the address of its init code */
	uint64_t *counts;  /* of each point; tail calls included */
	bool *is_least;	   /* of each count: it is a lower bound */
	bool *is_left_out; /* of each point, by operands; NULL = none */
	uint64_t nr_pcs;   /* distinct PCs that are points */
	struct inference inference;
	bool *is_asked; /* of each group: the files that are made need it; NULL = they need all */
	bool *is_inferred; /* of each group: inference has its blocks and edges; else the baseline
			    */
	struct inferred_block *baseline;     /* states of the blocks of these groups */
	struct draft_sum *lines, *functions; /* of each line and function of the index */
	bool *is_judged; /* of each line: lines has something; else its baseline is all there is */
	struct draft_entry_vector entries; /* by symbol, line, block */
	uint32_t *file_hits;   /* of each file: hit points whose innermost frame is in it */
	uint64_t nr_unmatched; /* distinct PCs in it that are not points */
};

struct draft_unmatched {
	uint64_t pc;
	uint64_t count;
	enum coverage_unmatched_class class;
	uint32_t image; /* number; INDEX_NONE = none */
	uint32_t point; /* must have been executed if pc was recorded; INDEX_NONE = none */
	bool is_least;	/* count is a lower bound */
};

DEFINE_VECTOR(draft_unmatched_vector, struct draft_unmatched);
DEFINE_VECTOR(claim_vector, struct claim);

struct coverage_draft {
	const struct coverage_input *input;
	struct draft_image *images; /* in the order of input->images */
	struct draft_unmatched_vector unmatched;
	struct intern *symbols; /* names of the symbols of all images; made when first needed */
	uint8_t *symbol_flags;	/* INDEX_TAIL_* of each symbol */
	struct error *externals_err; /* of making them */
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

/* symbolize/coverage/build.c: call coverage_draft_deinit() also after an error. */
struct error *coverage_draft_init(struct coverage_draft *draft, const struct coverage_input *input);
void coverage_draft_deinit(struct coverage_draft *draft);
/* symbolize/coverage/count.c: match all PCs; fill counts and unmatched; apply operands. */
struct error *coverage_count(struct coverage_draft *draft);
/* The order of draft->unmatched. */
int draft_unmatched_compare(const struct draft_unmatched *a, const struct draft_unmatched *b);
/* symbolize/coverage/algebra.c: note which points operands leave out; remove unmatched PCs. */
struct error *coverage_apply_operands(struct coverage_draft *draft);
/* Of a group that was inferred: blocks that were hit by points that are left out are missed. */
void coverage_leave_out(struct draft_image *image, uint32_t group);
/* After the inference: points that are left out count 0. */
void coverage_remove_points(struct draft_image *image);
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
/*
 * INDEX_TAIL_* of all functions with this name; 0 if there is none. draft is a coverage_draft. The
 * first call collects the symbols; externals_err says if that failed.
 */
uint32_t external_tail_flags(void *draft, const char *name);
/*
 * symbolize/coverage/infer.c: infer the groups of blocks that have a recorded point and that the
 * files need, and count the hit points of files.
 */
struct error *coverage_infer(struct coverage_draft *draft);
/* Infer one group, if that was not done. */
struct error *coverage_infer_group(struct draft_image *image, uint32_t group);
/* symbolize/coverage/judge.c: fill the sums of lines and functions from the inferred groups. */
struct error *coverage_judge(struct coverage_draft *draft);
/*
 * The claims of a run of owners of a line: those of the owners, and of the hit blocks that entered
 * an inlined function whose first line it is. Ascending by block.
 */
struct error *coverage_line_claims(struct draft_image *image, const struct owner_run *run,
				   struct claim_vector *ret);
/*
 * The claims of the next line of which no block in that function is an owner, from entry *next on.
 * None if there is no such line. Call it after coverage_line_claims() of all inferred groups.
 */
struct error *coverage_next_entry(struct draft_image *image, size_t *next, uint32_t *ret_line,
				  struct claim_vector *ret);
struct recorders;
/*
 * symbolize/coverage/recorders.c: match the PCs of all recordings. Sets are added to the coverage
 * by recorders_finish(). The caller destroys *ret.
 */
struct error *recorders_create(struct coverage_draft *draft, struct recorders **ret);
/* Accepts NULL. */
void recorders_destroy(struct recorders *recorders);
/* The number of the set of those that recorded one of the nr points from first on. */
struct error *recorders_of(struct recorders *recorders, uint32_t image, size_t first, size_t nr,
			   uint32_t *ret);
struct error *recorders_finish(struct recorders *recorders, struct coverage_draft *draft);
/* symbolize/coverage/explain.c: fill coverage->evidence. */
struct error *coverage_explain(struct coverage_draft *draft);
/* symbolize/coverage/handoffs.c: make the handoffs of the coverage. */
struct error *coverage_make_handoffs(struct coverage_draft *draft);
/* symbolize/coverage/files.c: whether a file is made, by coverage_input.files_named. */
bool coverage_takes_file(const struct coverage_input *input, const char *path);
/* Make the files of the coverage, with lines and functions. */
struct error *coverage_make_files(struct coverage_draft *draft);
/* symbolize/coverage/points.c: fill coverage->each_point, after the files. */
struct error *coverage_list_points(struct coverage_draft *draft);
/* symbolize/coverage/runs.c: copy the descriptions of the runs. */
struct error *coverage_copy_runs(struct coverage_draft *draft);

#endif
