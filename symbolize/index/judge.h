/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verdict on a line or a function, from the blocks that own it. docs/lines.md has the rules.
 *
 * An owner (index.h) is what is true of a block and a line whatever was executed. With the state of
 * the block it becomes a claim; the claims of one function of the machine code are judged together.
 * Verdicts of several functions, and of several images, add up.
 */
#ifndef SYMBOLIZE_INDEX_JUDGE_H
#define SYMBOLIZE_INDEX_JUDGE_H

#include "symbolize/index/infer.h"

enum {
	CLAIM_STMT = 1, /* a statement of the line, or of the function, begins in the block */
	/*
	 * A row of the block names the line. Without this flag the claim on a line comes from
	 * inlining, or from a return.
	 */
	CLAIM_ROW = 2,
	CLAIM_TAIL = 4, /* the statement belongs to the preceding block, which was missed */
};

struct claim {
	uint64_t count;
	uint32_t block;
	uint8_t kinds; /* CLAIM_* */
	uint8_t state; /* enum block_state */
};

/* Of blocks: found, if their state is known, and hit. */
struct verdict {
	uint64_t hit, found;
	uint64_t missed_parts; /* found and missed, but not as a statement by a row */
	uint64_t count;	       /* the sum over functions of the largest count of a hit block */
};

/* The claim that an owner makes, given the states of all blocks. False: it makes none. */
bool judge_owner(const struct inferred_block *blocks, struct index_owner owner, struct claim *ret);

/* Add the claims of one function on one line, or on one function of the source. */
void judge_claims(struct verdict *verdict, const struct claim *claims, size_t nr);
/*
 * After the claims of all functions and images: missed parts do not make a hit line partial. The
 * lines of an inlined function tell which way it went, and the compiler may put code of a line
 * anywhere.
 */
void verdict_finish(struct verdict *verdict);
/* Whether one of these claims is a statement that was missed. */
bool claims_missed_statement(const struct claim *claims, size_t nr);
/* Whether a claim takes part in the verdict. */
bool claim_counts(const struct claim *claim, bool missed_statement);

/* The state that a claim gives to its statements: with CLAIM_TAIL not that of its block. */
static inline enum block_state claim_state(const struct claim *claim)
{
	return claim->kinds & CLAIM_TAIL ? BLOCK_MISSED : (enum block_state)claim->state;
}

#endif
