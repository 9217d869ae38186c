// SPDX-License-Identifier: GPL-2.0-or-later
/* Judge claims: owners, given the states of their blocks. */
#include "symbolize/index/judge.h"

/*
 * After instrumentation gcc merges identical block tails (cross-jumping). It
 * keeps the rows of the fall-through predecessor only; no row tells whether the
 * blocks that jump to the tail have the same statements. So if the fall-through
 * predecessor was missed, the statements in the tail count as missed, though
 * the tail itself was hit.
 */
static bool is_tail_of_missed(const struct inferred_block *blocks, struct index_owner owner)
{
	return owner.kinds & INDEX_OWNER_TAIL && blocks[owner.block].state == BLOCK_HIT &&
	       blocks[owner.block - 1].state == BLOCK_MISSED;
}

static bool is_statement(struct index_owner owner, enum block_state state)
{
	return owner.kinds & INDEX_OWNER_STMT ||
	       (owner.kinds & INDEX_OWNER_STMT_UNLESS_MISSED && state != BLOCK_MISSED) ||
	       (owner.kinds & INDEX_OWNER_STMT_IF_HIT && state == BLOCK_HIT);
}

bool judge_owner(const struct inferred_block *blocks, struct index_owner owner, struct claim *ret)
{
	const struct inferred_block *b = &blocks[owner.block];

	if (!(owner.kinds & INDEX_OWNER_ALWAYS) && b->state != BLOCK_HIT)
		return false;
	*ret = (struct claim){ .block = owner.block, .state = b->state, .count = b->count };
	if (owner.kinds & INDEX_OWNER_ROW)
		ret->kinds |= CLAIM_ROW;
	if (is_statement(owner, b->state))
		ret->kinds |= CLAIM_STMT;
	if (is_tail_of_missed(blocks, owner))
		ret->kinds |= CLAIM_TAIL;
	return true;
}

bool claims_missed_statement(const struct claim *claims, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (claim_state(&claims[i]) == BLOCK_MISSED && claims[i].kinds & CLAIM_STMT)
			return true;
	return false;
}

/*
 * Code may be moved into another block; the mark of its statement is not. So if
 * the statement was missed, code of the line in a hit block does not prove that
 * the line was executed.
 */
bool claim_counts(const struct claim *claim, bool missed_statement)
{
	return claim->state != BLOCK_UNKNOWN && (claim->kinds & CLAIM_STMT || !missed_statement);
}

void judge_claims(struct verdict *v, const struct claim *claims, size_t nr)
{
	bool stmt_missed = claims_missed_statement(claims, nr);
	uint64_t largest = 0;

	for (size_t i = 0; i < nr; i++) {
		const struct claim *c = &claims[i];

		if (!claim_counts(c, stmt_missed))
			continue;
		v->found++;
		if (claim_state(c) != BLOCK_HIT) {
			v->missed_parts += (c->kinds & ~CLAIM_TAIL) != (CLAIM_ROW | CLAIM_STMT);
			continue;
		}
		v->hit++;
		if (c->count > largest)
			largest = c->count;
	}
	v->count = count_add(v->count, largest);
}

void verdict_finish(struct verdict *v)
{
	if (v->hit)
		v->found -= v->missed_parts;
}
