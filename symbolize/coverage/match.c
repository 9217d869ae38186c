// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Find the point that a recorded PC belongs to, or why there is none.
 *
 * A return address is normally the end of a call. It can also lie inside of an
 * indirect call, because the kernel patches such calls at run time. It replaces
 * "call __x86_indirect_thunk_rax" (5 bytes) by "call *%rax" (2 bytes) and nops,
 * and a paravirtualised "call *pv_ops" (6 bytes) by a direct call (5 bytes).
 * See Linux arch/x86/kernel/alternative.c, patch_retpoline() and
 * apply_alternatives().
 */
#include "symbolize/coverage/build.h"

static bool point_matches(const struct index_point *p, uint32_t offset, bool pc_is_call)
{
	/* A tail jump leaves no return address of its own. */
	return p->kind != INDEX_JUMP && p->offset + (pc_is_call ? 0 : p->size) == offset;
}

static uint32_t find_point(const struct index *index, uint32_t offset, bool pc_is_call)
{
	size_t nr;
	const struct index_point *points = index_points(index, &nr);

	if (!pc_is_call && offset == 0)
		return INDEX_NONE;
	uint32_t i = index_find_point(index, pc_is_call ? offset : offset - 1);
	return i != INDEX_NONE && point_matches(&points[i], offset, pc_is_call) ? i : INDEX_NONE;
}

static bool call_matches(const struct index_call *c, uint32_t offset, bool pc_is_call)
{
	uint32_t into = offset - c->offset;

	if (pc_is_call)
		return into == 0;
	return into == c->size || (c->kind == INDEX_CALL_INDIRECT && into > 0 && into < c->size);
}

static uint32_t find_call(const struct index *index, uint32_t offset, bool pc_is_call)
{
	size_t nr;
	const struct index_call *calls = index_calls(index, &nr);

	if (!pc_is_call && offset == 0)
		return INDEX_NONE;
	uint32_t i = index_find_call(index, pc_is_call ? offset : offset - 1);
	return i != INDEX_NONE && call_matches(&calls[i], offset, pc_is_call) ? i : INDEX_NONE;
}

static enum coverage_unmatched_class classify_flags(uint32_t flags)
{
	if (flags & INDEX_TAIL_POINT)
		return COVERAGE_TAIL_CALL;
	return flags & INDEX_TAIL_INDIRECT ? COVERAGE_INDIRECT_CALL : COVERAGE_OTHER_CALL;
}

static enum coverage_unmatched_class classify_call(const struct index *index,
						   const struct index_call *call,
						   const struct coverage_externals *externals)
{
	size_t nr;

	if (call->kind == INDEX_CALL_INDIRECT)
		return COVERAGE_INDIRECT_CALL;
	if (call->target == INDEX_NONE)
		return COVERAGE_OTHER_CALL;
	const struct index_symbol *target = &index_symbols(index, &nr)[call->target];
	uint32_t flags = target->flags;
	if (flags & INDEX_EXTERNAL && externals)
		flags |= externals->tail_flags(externals->arg, index_string(index, target->name));
	/* It jumps to a function of another image. That code is not read: anything may follow. */
	if (flags & INDEX_TAIL_EXTERNAL)
		flags |= INDEX_TAIL_INDIRECT;
	return classify_flags(flags);
}

struct coverage_match coverage_match(const struct index *index, uint32_t offset, bool pc_is_call,
				     const struct coverage_externals *externals)
{
	struct coverage_match match = { .call = INDEX_NONE };
	size_t nr;

	match.point = find_point(index, offset, pc_is_call);
	if (match.point != INDEX_NONE)
		return match;
	match.call = find_call(index, offset, pc_is_call);
	if (match.call != INDEX_NONE)
		match.class = classify_call(index, &index_calls(index, &nr)[match.call], externals);
	else if (index_find_section(index, offset) != INDEX_NONE)
		match.class = COVERAGE_NOT_A_RETURN;
	else
		match.class = COVERAGE_OUTSIDE_TEXT;
	return match;
}
