// SPDX-License-Identifier: GPL-2.0-or-later
/* What readers of the coverage need: destruction, totals of branches and of sources, names of
 * classes. */
#include "symbolize/coverage/coverage.h"

#include <string.h>

#include "base/arena.h"

void coverage_destroy(struct coverage *coverage)
{
	if (coverage)
		arena_destroy(coverage->arena); /* the coverage itself is in it */
}

bool coverage_question_has(const struct coverage_question *question, const char *path)
{
	const char *end = question->file;
	size_t len = strlen(path), end_len = strlen(end);

	if (!end_len)
		return true;
	return end_len <= len && !strcmp(path + len - end_len, end) &&
	       (end_len == len || *end == '/' || path[len - end_len - 1] == '/');
}

static bool is_known(const struct coverage_branch *branch)
{
	return !branch->is_reached || (branch->outcomes[0].state != COVERAGE_OUTCOME_UNKNOWN &&
				       branch->outcomes[1].state != COVERAGE_OUTCOME_UNKNOWN);
}

static uint64_t nr_taken(const struct coverage_branch *branch)
{
	return (branch->outcomes[0].state == COVERAGE_OUTCOME_TAKEN) +
	       (branch->outcomes[1].state == COVERAGE_OUTCOME_TAKEN);
}

struct coverage_ratio coverage_line_outcomes(const struct coverage_line *line)
{
	struct coverage_ratio ratio = { 0 };

	if (!line->count)
		return (struct coverage_ratio){ 0, 2 * line->nr_branches };
	for (size_t i = 0; i < line->nr_branches; i++) {
		if (!is_known(&line->branches[i]))
			continue;
		ratio.found += 2;
		ratio.hit += nr_taken(&line->branches[i]);
	}
	if (!ratio.hit)
		ratio.found = 0;
	return ratio;
}

bool coverage_branch_counts(const struct coverage_line *line, const struct coverage_branch *branch)
{
	return !line->count || is_known(branch);
}

uint64_t coverage_line_unknown(const struct coverage_line *line)
{
	return line->nr_branches - coverage_line_outcomes(line).found / 2;
}

void coverage_refined_add(struct coverage_refined *sum, const struct coverage_refined *one)
{
	for (int i = 0; i < COVERAGE_SOURCE_STATES; i++)
		sum->files[i] += one->files[i];
	sum->functions += one->functions;
	sum->functions_not_understood += one->functions_not_understood;
	sum->changed += one->changed;
	sum->added += one->added;
	sum->added_missed += one->added_missed;
	sum->conditions += one->conditions;
}

static const struct {
	const char *name;
	const char *text;
} unmatched[] = {
	[COVERAGE_TAIL_CALL] = { "tail-call",
				 "return address of a call of a function that jumps to the "
				 "coverage callback instead of calling it (gcc before 14)" },
	[COVERAGE_INDIRECT_CALL] = { "indirect-call",
				     "return address of an indirect call, or of one that can end "
				     "in an indirect jump: the callee may jump to the callback" },
	[COVERAGE_NOT_A_RETURN] = { "not-a-return",
				    "in code, but not after a call: corrupt, or of another kernel "
				    "than the image" },
	[COVERAGE_OTHER_CALL] = { "other-call",
				  "return address of a call of a function that does not jump to "
				  "the coverage callback" },
	[COVERAGE_NO_IMAGE] = { "no-image",
				"in a module whose file was not found or could not be used" },
	[COVERAGE_OUTSIDE_TEXT] = { "outside-text",
				    "outside the code of all images: an unknown module, code "
				    "generated at run time (BPF), or init code of a module" },
};

_Static_assert(sizeof(unmatched) / sizeof(*unmatched) == COVERAGE_UNMATCHED_CLASSES,
	       "every class has a name");

const char *coverage_unmatched_name(enum coverage_unmatched_class class)
{
	return unmatched[class].name;
}

const char *coverage_unmatched_text(enum coverage_unmatched_class class)
{
	return unmatched[class].text;
}

static const struct {
	const char *name;
	const char *text;
} handoffs[] = {
	[COVERAGE_HANDOFF_THREAD] = { "kernel-thread", "to new kernel threads" },
	[COVERAGE_HANDOFF_WORK] = { "work-item", "to workqueues" },
	[COVERAGE_HANDOFF_SOFTIRQ] = { "softirq", "to softirqs and tasklets" },
	[COVERAGE_HANDOFF_RCU] = { "rcu-callback", "to RCU callbacks" },
	[COVERAGE_HANDOFF_TIMER] = { "timer", "to timers" },
	[COVERAGE_HANDOFF_INTERRUPT] = { "interrupt",
					 "to interrupts, on other processors or this one" },
	[COVERAGE_HANDOFF_PROCESS] = { "process", "over sockets to processes that were not "
						  "recorded (daemons?)" },
};

_Static_assert(sizeof(handoffs) / sizeof(*handoffs) == COVERAGE_HANDOFF_KINDS,
	       "every kind has a name");

const char *coverage_handoff_name(enum coverage_handoff_kind kind)
{
	return handoffs[kind].name;
}

const char *coverage_handoff_text(enum coverage_handoff_kind kind)
{
	return handoffs[kind].text;
}

/* The source of a run that has what is handed on; RUN_SOURCE_SYSTEM if no other has. */
static enum run_source_kind recorded_by(const struct coverage_handoff *handoff)
{
	switch (handoff->kind) {
	case COVERAGE_HANDOFF_THREAD:
		return RUN_SOURCE_KTHREAD;
	case COVERAGE_HANDOFF_SOFTIRQ:
		return RUN_SOURCE_SOFTIRQ;
	case COVERAGE_HANDOFF_WORK:
	case COVERAGE_HANDOFF_RCU:
		return RUN_SOURCE_WORK;
	case COVERAGE_HANDOFF_TIMER:
		/* High-resolution timers are not attributed. */
		return strncmp(handoff->function, "hrtimer", 7) ? RUN_SOURCE_WORK
								: RUN_SOURCE_SYSTEM;
	case COVERAGE_HANDOFF_INTERRUPT:
	case COVERAGE_HANDOFF_PROCESS:
	case COVERAGE_HANDOFF_KINDS:
		break;
	}
	return RUN_SOURCE_SYSTEM;
}

bool coverage_handoff_is_recorded(const struct coverage *coverage,
				  const struct coverage_handoff *handoff)
{
	enum run_source_kind kind = recorded_by(handoff);

	for (size_t r = 0; r < coverage->nr_runs; r++) {
		const struct coverage_run *run = &coverage->runs[r];
		bool has_pcs = false, has_kind = false;

		for (size_t i = 0; i < run->nr_sources; i++) {
			const struct run_source *source = &run->sources[i];

			has_pcs |= source->nr_pcs;
			has_kind |= (source->kind == kind || source->kind == RUN_SOURCE_SYSTEM) &&
				    source->state != RUN_STATE_NOT_FOLLOWED;
		}
		if (has_pcs && !has_kind)
			return false;
	}
	return true;
}

static const struct {
	const char *name;
	const char *text;
} sources[] = {
	[COVERAGE_SOURCE_USED] = { "used", "used" },
	[COVERAGE_SOURCE_MISSING] = { "missing", "missing" },
	[COVERAGE_SOURCE_UNREADABLE] = { "unreadable", "not readable" },
	[COVERAGE_SOURCE_OUTSIDE] = { "outside",
				      "outside the source tree or not named like a source" },
	[COVERAGE_SOURCE_CHANGED] = { "changed", "changed since the build" },
	[COVERAGE_SOURCE_NEWER] = { "newer", "newer than the image" },
};

_Static_assert(sizeof(sources) / sizeof(*sources) == COVERAGE_SOURCE_STATES,
	       "every state has a name");

const char *coverage_source_name(enum coverage_source_state state)
{
	return sources[state].name;
}

const char *coverage_source_text(enum coverage_source_state state)
{
	return sources[state].text;
}
