/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The statements of C source files: what the language knows of the flow of control and machine code
 * no longer holds. For each function of a file this is a tree of its statements, with their lines,
 * and trees of the conditions in them.
 *
 * The parser knows statements, not types. It reads the text as it is written: macros stay as they
 * are, and of `#if` groups it takes the arms that were compiled (struct source_options). A function
 * whose flow of control is not certain has no tree, but a reason (enum source_reason).
 *
 * It is ours because grammars of C fail on the kernel's macros (loops, attributes, definitions,
 * statements as arguments), and because no such library is packaged in Debian 12: tree-sitter is,
 * its grammar of C is not.
 *
 *	struct source_options options = { .has_code = ..., .data = ... };
 *	struct error *err = source_parse(text, size, &options, &file);
 *	uint32_t f = source_function_at(file, line);
 *	for (uint32_t s = file->functions[f].first_statement; ...
 *	source_file_destroy(file);
 *
 * Everything is in plain arrays, and refers to other elements by their index in these arrays;
 * SOURCE_NONE is none. Input may be any bytes: time and memory are linear in its size.
 */
#ifndef SYMBOLIZE_SOURCE_STATEMENTS_H
#define SYMBOLIZE_SOURCE_STATEMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"

#define SOURCE_NONE UINT32_MAX
/* A larger text is an error. The largest C file of Linux has 1 MB. */
#define SOURCE_SIZE_MAX (8 << 20)
/* A function with statements, or brackets, nested deeper than this is not understood. */
#define SOURCE_DEPTH_MAX 200

enum source_statement_kind {
	SOURCE_SIMPLE,	    /* expression, empty statement, macro with or without ';' */
	SOURCE_DECLARATION, /* of variables; it has code only if it is SOURCE_INITIALISED */
	SOURCE_COMPOUND,    /* { }: first_child is the first of its list */
	SOURCE_IF,	    /* first_child and perhaps else_child */
	SOURCE_WHILE,	    /* first_child: the body, also of the following */
	SOURCE_DO,
	SOURCE_FOR,
	SOURCE_LOOP_MACRO, /* NAME(...) and a statement, such as list_for_each_entry() */
	SOURCE_SWITCH,
	SOURCE_CASE,	      /* case, default: an item of a list; control goes on to the next */
	SOURCE_LABEL,	      /* an item of a list, too */
	SOURCE_GOTO,	      /* label: its target */
	SOURCE_COMPUTED_GOTO, /* to any label of the function that is_address_taken */
	SOURCE_RETURN,
	SOURCE_BREAK,	 /* target: the statement that it leaves */
	SOURCE_CONTINUE, /* target: the loop */
	SOURCE_ASM,
};

/*
 * Of statements and conditions. The first group is about the statement itself without its bodies:
 * of a statement with a head, what stands in the head; for FOR, all three parts.
 */
enum source_flag {
	SOURCE_CALLS = 1 << 0,	   /* a call, or a macro with arguments; not in sizeof, typeof */
	SOURCE_STORES = 1 << 1,	   /* =, +=, ++ and the like, also of a declaration */
	SOURCE_HAS_VALUE = 1 << 2, /* RETURN: of an expression */
	SOURCE_NESTED = 1 << 3,	   /* has statements inside: ({ }), or { } as an argument */
	/* One of them is a jump, or a macro may jump to a label that it gets: it may end elsewhere.
	 */
	SOURCE_NESTED_JUMP = 1 << 4,
	SOURCE_CONDITIONAL = 1 << 5, /* has && || ?: */
	SOURCE_NO_RETURN = 1 << 6,   /* SIMPLE: calls panic(), BUG() or the like, always */
	SOURCE_CONSTANT = 1 << 7,    /* condition: 0, 1, true, IS_ENABLED() or so */
	SOURCE_TRUE = 1 << 18, /* SOURCE_CONSTANT: its value, before it is negated, if known */
	SOURCE_FALSE = 1 << 19,
	SOURCE_INITIALISED = 1 << 8, /* DECLARATION: has '=', and is not static */
	SOURCE_ASM_GOTO = 1 << 9,    /* ASM: may jump to its targets */
	SOURCE_DEFAULT = 1 << 10,    /* CASE: default. SWITCH: has one */
	/* LOOP_MACRO. Neither: the body is entered any number of times. */
	SOURCE_ONCE = 1 << 11, /* exactly once, as by scoped_guard() */
	SOURCE_AT_MOST_ONCE = 1 << 12,
	SOURCE_UNKNOWN_MACRO =
		1 << 13, /* LOOP_MACRO: neither its name nor a table says what it is */
	/* Of all of the statement. */
	SOURCE_LABELS_INSIDE = 1 << 14, /* a LABEL, or a CASE of an outer SWITCH, is inside */
	SOURCE_UNDECIDED = 1 << 15,	/* the innermost statement around an undecided #if group */
	SOURCE_FIRST_ON_LINE = 1 << 16, /* it begins its line */
	SOURCE_IMPLICIT = 1 << 17, /* COMPOUND without braces, around a label and its statement */
};

/* Both inclusive. 0, 0: there is none. */
struct source_lines {
	uint32_t first, last;
};

/*
 * The statements of a function are a range of the array, each one after its parent and before its
 * next. Its lines are those of all of it, head and bodies.
 */
struct source_statement {
	uint64_t hash; /* of its tokens without bodies: equal text, equal hash */
	uint32_t kind; /* enum source_statement_kind */
	uint32_t flags;
	struct source_lines lines;
	struct source_lines head; /* keyword or macro to ')'; of others: as lines; DO: the `do` */
	struct source_lines tail; /* DO: `while (...)`. LOOP_MACRO: `while_each_...()` after it */
	struct source_lines init, test, step; /* FOR: between ( ; ; ), if there is something */
	uint32_t parent;		      /* of the root compound: none */
	uint32_t first_child, else_child;
	uint32_t next;	    /* in the list of a compound */
	uint32_t condition; /* the first of its condition trees, see struct source_condition */
	uint32_t label;	    /* LABEL: its own, GOTO: its target */
	uint32_t target;    /* BREAK, CONTINUE; CASE: its SWITCH */
	uint32_t first_target, nr_targets; /* ASM_GOTO: in targets[] */
};

enum source_condition_kind {
	SOURCE_LEAF,
	SOURCE_AND,	/* left && right */
	SOURCE_OR,	/* left || right */
	SOURCE_TERNARY, /* left ? right : third; right is none in left ?: third */
};

/*
 * A node of the tree of a condition: of IF, WHILE, DO, FOR and SWITCH, there the only one. Simple
 * statements, returns and declarations have such trees where they have && || ?:, in the order of
 * the text. A LEAF with such operators in its parentheses has these trees from left on. Trees side
 * by side are linked by next. ! and parentheses, likely() and unlikely() are not in the tree.
 */
struct source_condition {
	uint32_t kind; /* enum source_condition_kind */
	uint32_t flags;
	bool negated; /* an odd number of ! before it */
	uint32_t left, right, third;
	uint32_t next;
	struct source_lines lines;
};

/* Those of a function are a range, in the order of name hashes. */
struct source_label {
	uint32_t name, name_length; /* in the text */
	uint32_t hash;
	uint32_t statement; /* the LABEL */
	bool is_address_taken;
	bool is_variable; /* the function has something else of this name, too */
};

/* An #if group in a function of which no arm is known to be compiled. It is not in the tree. */
struct source_region {
	struct source_lines lines; /* from #if to #endif */
};

/*
 * An arm of an #if group that is not in the tokens, in a function or not: it was not compiled, or,
 * if it is undecided, nothing says that it was. Groups inside of it are part of it.
 */
struct source_left_out {
	struct source_lines lines;  /* between its directive and the next one; not empty */
	uint32_t directive;	    /* the line of its #if, #elif or #else */
	uint32_t group;		    /* the line of the #if */
	uint32_t condition, length; /* in the text: of an #else that of the #if */
	bool is_else;		    /* it is compiled if that condition is false */
	bool is_negated;	    /* the same: #ifndef */
	bool is_undecided;
};

enum source_reason {
	SOURCE_UNDERSTOOD,
	SOURCE_UNBALANCED,	  /* brackets */
	SOURCE_TOO_LARGE,	  /* more than 2^18 tokens */
	SOURCE_TOO_DEEP,	  /* SOURCE_DEPTH_MAX */
	SOURCE_UNDECIDED_JUMPS,	  /* an undecided #if group changes the flow of control */
	SOURCE_UNKNOWN_STATEMENT, /* most often: made of macros that hide parts of statements */
	SOURCE_BAD_LABEL,	  /* a goto without its label, or a label twice */
	SOURCE_HIDDEN_LABEL,	  /* a macro has a label or case, or an unmatched brace */
	SOURCE_BAD_BREAK,	  /* break, continue or case outside of what it belongs to */
	SOURCE_NR_REASONS,
};

struct source_function {
	uint32_t name,
		name_length; /* in the text: of SYSCALL_DEFINE3(openat, ...) the macro's name */
	uint32_t first_line; /* of the definition, with its type */
	uint32_t name_line, open_line, close_line; /* the name, and the braces of the body */
	uint32_t reason;			   /* enum source_reason */
	uint32_t reason_line;			   /* where it was found; 0 if understood */
	uint32_t first_statement, nr_statements;   /* the first one is the root compound */
	uint32_t first_label, nr_labels;
	uint32_t first_region, nr_regions;
};

struct source_file {
	struct source_function *functions; /* ascending, not overlapping */
	uint32_t nr_functions;
	struct source_statement *statements;
	uint32_t nr_statements;
	struct source_condition *conditions;
	uint32_t nr_conditions;
	struct source_label *labels;
	uint32_t nr_labels;
	uint32_t *targets; /* labels that an asm goto may jump to */
	uint32_t nr_targets;
	struct source_region *regions;
	uint32_t nr_regions;
	struct source_left_out *left_out; /* ascending, not overlapping */
	uint32_t nr_left_out;
};

enum source_config {
	SOURCE_CONFIG_UNKNOWN,
	SOURCE_CONFIG_NO,
	SOURCE_CONFIG_YES,    /* y */
	SOURCE_CONFIG_MODULE, /* m */
	SOURCE_CONFIG_NUMBER, /* *value is set */
	SOURCE_CONFIG_STRING,
};

/*
 * What decides about #if groups, in this order: what the text says (#if 0); config; has_code. NULL
 * is allowed for each.
 */
struct source_options {
	void *data; /* given to the functions below */
	/* Has the image code of one of these lines? */
	bool (*has_code)(void *data, uint32_t first_line, uint32_t last_line);
	/* How is this option of the kernel configuration set? The name begins with CONFIG_. */
	enum source_config (*config)(void *data, const char *name, size_t length, int64_t *value);
	bool take_first_arm; /* of groups that nothing decides */
	bool no_statements;  /* only where functions are: they have no statements and labels */
};

/* The text is borrowed for the call. options may be NULL. */
struct error *source_parse(const char *text, size_t size, const struct source_options *options,
			   struct source_file **ret);
/* Accepts NULL. */
void source_file_destroy(struct source_file *file);
DEFINE_CLEANUP(source_file, struct source_file, source_file_destroy);

/* The function whose definition has this line, from its type to its closing brace, or none. */
uint32_t source_function_at(const struct source_file *file, uint32_t line);
/*
 * The innermost statement that has this line: of several, the last one. None if the line is in no
 * function that is understood, or above its body.
 */
uint32_t source_statement_at(const struct source_file *file, uint32_t line);

/* For people: "if", "compound"; "unbalanced brackets". */
const char *source_kind_name(enum source_statement_kind kind);
const char *source_reason_name(enum source_reason reason);

#endif
