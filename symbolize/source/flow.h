/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The flow of control of a function, as its statements have it, and what it makes of the lines that
 * the machine code says something of.
 *
 * C's statements are structured: control comes into a compound statement at its head, at a label or
 * at a case, and what comes in goes out. So if a later statement of a list was executed n times,
 * and no label is between, each earlier one was executed n times at least. The compiler merges
 * equal statements and removes conditions that it knows, and the line table then says too much of
 * one line and nothing of another; the flow of the statements says it again.
 *
 * What the machine code says of a line is an observation. Observations may contradict the flow,
 * then those give way that are trusted least (balance.h).
 */
#ifndef SYMBOLIZE_SOURCE_FLOW_H
#define SYMBOLIZE_SOURCE_FLOW_H

#include "base/error.h"
#include "symbolize/source/statements.h"

/* What the machine code says of a line. */
struct flow_observation {
	uint64_t count, most; /* as in balance.h */
	bool is_known;	      /* the machine code says something */
	bool is_statement;    /* and a statement begins there, not only code that may be moved */
};

/* Where a conditional jump of a line leads, and how often it went there. */
struct flow_outcome {
	uint32_t to; /* line; 0 = not known */
	bool is_known;
	uint64_t count;
};

struct flow_jump {
	uint32_t line;
	struct flow_outcome outcomes[2];
};

/* What the machine code says of a function. */
struct flow_machine {
	const struct flow_observation
		*observations;	       /* of each line, from function->first_line on */
	const struct flow_jump *jumps; /* ascending by line; those that were reached */
	size_t nr_jumps;
	const uint64_t *calls; /* how often the function was called; NULL = not known */
	/* Of a count only whether it is 0 is known, and results have no more: 0 or 1. */
	bool counts_are_least;
};

/* How often a condition was true, or false. */
struct flow_way {
	uint64_t count;
	bool is_known;
};

/*
 * The condition of an `if` or a loop, or the part of it that stands on one line. Of a loop made by
 * a macro: whether the body is executed.
 */
struct flow_test {
	bool is_found;	   /* the line has exactly one, and the rest is valid */
	bool has_operands; /* on this line: && || ?: */
	struct flow_way if_true, if_false;
};

/* What the flow of the statements says of a line. */
struct flow_result {
	uint64_t count;
	uint32_t statement; /* that has the line; SOURCE_NONE: it is the entry, the end, or none has
			     */
	bool is_found;	    /* the flow has the line, and the rest is valid */
	/*
	 * It is a line that a report has even if no machine code is left of it. What was not
	 * executed and was perhaps removed for good is not.
	 */
	bool has_code;
	bool may_be_less, may_be_more; /* another flow is as likely, and has another count */
	struct flow_test test;
};

/*
 * Balance a function. The results begin with the line function->first_line, and end with
 * function->close_line. *ret_done = false: the function is not understood, or takes too long, and
 * the results are not valid. What it takes is subtracted from *steps: begin with FLOW_STEPS_MAX for
 * a file.
 */
#define FLOW_STEPS_MAX 300000000
struct error *flow_balance(const struct source_file *file, const struct source_function *function,
			   const struct flow_machine *machine, uint64_t *steps,
			   struct flow_result *results, bool *ret_done);

#endif
