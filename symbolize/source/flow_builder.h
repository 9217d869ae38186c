/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The network of a function in the making. Private to symbolize/source/flow*.c. */
#ifndef SYMBOLIZE_SOURCE_FLOW_BUILDER_H
#define SYMBOLIZE_SOURCE_FLOW_BUILDER_H

#include "base/vector.h"
#include "symbolize/source/balance.h"
#include "symbolize/source/weights.h"

#define NO_NODE UINT32_MAX
#define NO_ARC	UINT32_MAX

DEFINE_VECTOR(balance_arc_vector, struct balance_arc);

/* An arc that leads back, to what may be executed again, and one that enters the loop. */
struct loop {
	uint32_t back, enter;
};

DEFINE_VECTOR(loop_vector, struct loop);

/* The arcs of a test, one of which may be NO_ARC. There is none if both are. */
struct test_arcs {
	uint32_t if_true, if_false;
	bool has_operands;
	bool is_ambiguous; /* the line has another one */
};

struct line_arc {
	uint32_t arc;
	uint32_t statement;
	struct test_arcs test;
};

/* Where break and continue lead, of the statements around the one at hand. */
struct targets {
	const struct targets *outer;
	uint32_t statement;
	uint32_t break_node, continue_node, switch_node;
};

struct builder {
	const struct source_file *file;
	const struct source_function *function;
	const struct flow_machine *machine;
	const struct flow_weights *weights;
	struct balance_arc_vector arcs;
	struct loop_vector loops;
	uint32_t nr_nodes;
	uint32_t entry, end;
	uint32_t falls_off; /* the arc from the last statement to the end */
	uint32_t *labels;   /* nodes, of the labels of the function */
	uint32_t *enters;   /* of each label: the arc from what is before it, or NO_ARC */
	struct line_arc *lines;
	const struct targets *targets;
	bool is_too_large;
	bool ok; /* memory suffices */
};

/* Where a test goes. */
struct ways {
	uint32_t if_true, if_false;
};

/* The lines that the ways of a test lead to. 0, 0: not known. */
struct destinations {
	struct source_lines if_true, if_false;
};

/* flow_arcs.c: nodes, arcs and lines. All do nothing for NO_NODE. */
uint32_t flow_node(struct builder *b);
uint32_t flow_arc(struct builder *b, uint32_t from, uint32_t to, uint32_t cost);
/* An arc that closes a loop. enter: as in struct loop; may be NO_ARC. */
void flow_back_arc(struct builder *b, uint32_t from, uint32_t to, uint32_t enter);
uint32_t flow_join(struct builder *b, uint32_t one, uint32_t other);
/* Whether the machine code says something of a line. */
bool flow_is_observed(const struct builder *b, uint32_t line);
/* The count of an arc was observed. The costs are not filled in. */
void flow_observe(const struct builder *b, struct balance_arc *arc, uint64_t count, uint64_t most);
/*
 * The arc of a line, from a node to the one that is returned. If another arc has the line already,
 * this one has no observation.
 */
uint32_t flow_line(struct builder *b, uint32_t from, uint32_t line, uint32_t statement,
		   enum flow_part part);
/* The other lines of a part of a statement, where each is executed as often as the first one. */
uint32_t flow_more_lines(struct builder *b, uint32_t from, struct source_lines lines,
			 uint32_t statement);
/* A call may not come back; and recording may begin in one. */
void flow_leaks(struct builder *b, uint32_t at, const struct source_statement *s);
/* A statement without bodies. */
uint32_t flow_plain(struct builder *b, uint32_t from, uint32_t id);

/*
 * flow_tests.c: a condition, or a part of one; and the condition of a statement, which has these
 * lines, with what the jumps of the machine code say of where it goes. to = NULL: they say nothing.
 */
struct ways flow_condition(struct builder *b, uint32_t from, uint32_t id, uint32_t statement,
			   const struct destinations *to);
struct ways flow_test(struct builder *b, uint32_t from, uint32_t id, struct source_lines lines,
		      const struct destinations *to);

/* flow_statements.c: a statement with all that is in it. Returns where control goes on, or NO_NODE.
 */
uint32_t flow_statement(struct builder *b, uint32_t from, uint32_t id);

/* flow_results.c: after balancing; results are those of flow_balance(). */
void flow_fill_results(const struct builder *b, struct flow_result *results);

static inline const struct source_statement *statement_of(const struct builder *b, uint32_t id)
{
	return &b->file->statements[id];
}

#endif
