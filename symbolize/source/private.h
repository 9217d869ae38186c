/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The steps of source_parse(): text to tokens (lex.c), tokens that were compiled (directives.c,
 * evaluate.c), pairs of brackets (brackets.c), functions (functions.c), and for each function its
 * statements (parse.c, simple.c), conditions (conditions.c) and labels (labels.c).
 */
#ifndef SYMBOLIZE_SOURCE_PRIVATE_H
#define SYMBOLIZE_SOURCE_PRIVATE_H

#include "base/vector.h"
#include "symbolize/source/statements.h"

enum token_kind {
	TOKEN_NAME,
	TOKEN_NUMBER,
	TOKEN_STRING, /* and character constants */
	TOKEN_PUNCTUATOR,
};

/* Of a TOKEN_PUNCTUATOR: its character, or one of these. */
enum punctuator {
	PUNCTUATOR_AND = 1,
	PUNCTUATOR_OR,
	PUNCTUATOR_ASSIGN, /* =, += and the like */
	PUNCTUATOR_STEP,   /* ++, -- */
	PUNCTUATOR_ARROW,
	PUNCTUATOR_OTHER, /* of several characters */
};

/* Of a TOKEN_NAME: what it means for statements. The values are not those of punctuators. */
enum word {
	WORD_NONE = 128,
	WORD_IF, /* the first of the words that begin a statement, or a part of one */
	WORD_ELSE,
	WORD_WHILE,
	WORD_DO,
	WORD_FOR,
	WORD_SWITCH,
	WORD_CASE,
	WORD_DEFAULT,
	WORD_GOTO,
	WORD_RETURN,
	WORD_BREAK,
	WORD_CONTINUE, /* the last one */
	WORD_ASM,
	WORD_ASM_GOTO, /* macros that are an asm goto */
	WORD_TYPE,     /* int, const: begins a declaration */
	WORD_STATIC,
	WORD_STRUCT,	/* struct, union, enum */
	WORD_TYPEOF,	/* its operand is not evaluated, and it may begin a declaration */
	WORD_SIZEOF,	/* its operand is not evaluated */
	WORD_ATTRIBUTE, /* also macros for attributes, with or without arguments */
	WORD_LABEL,	/* __label__ */
	WORD_LIKELY,	/* likely(), unlikely() */
	WORD_CONSTANT,	/* a constant, or a macro that makes one */
	WORD_NO_RETURN, /* a function or macro */
	WORD_ONCE,	/* macros with a body: SOURCE_ONCE */
	WORD_AT_MOST_ONCE,
	WORD_LOOP,
	WORD_OPEN_LOOP, /* its brace is closed by a ... */
	WORD_CLOSE_LOOP,
	WORD_RETURN_MACRO, /* always returns: return_ptr() */
	WORD_JUMP_MACRO,   /* may jump or return */
	WORD_LABEL_MACRO,  /* has a label, a case, or an unmatched brace */
};

/* What is inside a pair of brackets, in `group` of the opening one. */
enum group_flag {
	GROUP_SEMICOLON = 1 << 0,   /* not in a bracket that is inside */
	GROUP_CONDITIONAL = 1 << 1, /* these: at any depth */
	GROUP_JUMP = 1 << 2,
	GROUP_CALL = 1 << 3,
	GROUP_STORE = 1 << 4,
	GROUP_NESTED = 1 << 5,
	GROUP_BAD = 1 << 6, /* a bracket without its partner */
};

struct token {
	uint32_t offset, length;
	uint32_t line;
	uint32_t hash;	  /* of its text */
	uint32_t partner; /* of a bracket: the other one, or SOURCE_NONE */
	uint8_t kind;	  /* enum token_kind */
	uint8_t word;	  /* enum punctuator, or a character, or enum word; others: 0 */
	uint8_t group;	  /* of an opening bracket: enum group_flag */
	uint8_t indent;	  /* column where its line begins, at most 127; | INDENT_FIRST */
};
#define INDENT_FIRST 128

DEFINE_VECTOR(token_vector, struct token);

enum directive_kind {
	DIRECTIVE_IF,
	DIRECTIVE_IFDEF,
	DIRECTIVE_IFNDEF,
	DIRECTIVE_ELIF,
	DIRECTIVE_ELIFDEF,
	DIRECTIVE_ELIFNDEF,
	DIRECTIVE_ELSE,
	DIRECTIVE_ENDIF,
};

struct directive {
	uint32_t kind;
	uint32_t token;		  /* number of the token after it */
	uint32_t offset, length;  /* of what follows its name */
	uint32_t line, last_line; /* several with continuation lines */
	/* Set by directives_apply(). */
	uint32_t next;	/* the next one of its group, or SOURCE_NONE */
	uint32_t group; /* the #if of its group */
	uint8_t state;	/* this and the next: private to directives.c */
	bool is_excluded;
	bool is_taken;	   /* its arm is left in the tokens */
	bool is_uncertain; /* what is left of its group is not sure to be what was compiled */
};

DEFINE_VECTOR(directive_vector, struct directive);

/* A place in the tokens that are left, where it is not sure that they are those compiled. */
struct undecided {
	uint32_t token;		   /* number of the token after it */
	struct source_lines lines; /* of the #if group, or of one of its directives */
	bool is_harmless; /* all of the group is left out, the flow of control is the same */
};

DEFINE_VECTOR(undecided_vector, struct undecided);
DEFINE_VECTOR(source_statement_vector, struct source_statement);
DEFINE_VECTOR(source_condition_vector, struct source_condition);
DEFINE_VECTOR(source_function_vector, struct source_function);
DEFINE_VECTOR(source_label_vector, struct source_label);
DEFINE_VECTOR(source_region_vector, struct source_region);
DEFINE_VECTOR(source_left_out_vector, struct source_left_out);
DEFINE_VECTOR(index_vector, uint32_t);

/* A macro that the file defines, if its word is not WORD_NONE, or was not before. */
struct macro {
	uint32_t name, length; /* in the text */
	uint32_t hash;
	uint32_t line;
	uint8_t word; /* enum word */
};

DEFINE_VECTOR(macro_vector, struct macro);

/* Those that are about the value of one condition, not of what it is in. */
#define SOURCE_CONSTANTS (SOURCE_CONSTANT | SOURCE_TRUE | SOURCE_FALSE)

struct parser {
	const char *text;
	uint32_t size;
	const struct source_options *options;
	struct token_vector tokens;
	struct directive_vector directives;
	struct macro_vector macros;	 /* in the order of lines */
	struct index_vector macro_slots; /* hash table of the last one of each name */
	struct undecided_vector undecided;
	uint32_t next_undecided;

	struct source_statement_vector statements;
	struct source_condition_vector conditions;
	struct source_function_vector functions;
	struct source_label_vector labels;
	struct source_region_vector regions;
	struct source_left_out_vector left_out;
	struct index_vector targets;
	bool no_memory; /* set by any step; checked at the end of each function */

	/* The function that is parsed now. */
	uint32_t begin;	      /* the first token of its definition */
	uint32_t open, close; /* the tokens of its braces */
	uint32_t at;	      /* the next token */
	uint32_t depth;
	uint32_t breaks, continues, switches; /* statements that these belong to, or SOURCE_NONE */
	struct index_vector first_tokens;     /* of its statements */
	enum source_reason reason;
	uint32_t reason_line;
};

/* Rows of words.c: enum word of a name with this hash. */
struct words {
	uint8_t slots[1024];
};
void words_init(struct words *words);
uint8_t words_find(const struct words *words, const char *name, uint32_t length, uint32_t hash);
static inline uint32_t hash_byte(uint32_t hash, unsigned char byte)
{
	return (hash ^ byte) * 0x01000193u;
}
#define HASH_INIT 0x811c9dc5u
/* Names of macros that open a loop: for_each_cpu(), FOREACH_ACL_ENTRY(). */
bool word_is_loop(const char *name, uint32_t length);

/* A #define with these tokens after it. False: no memory. */
bool macro_add(struct parser *p, const struct token *t, size_t nr);
/* The word of a macro by this name that is defined now. */
uint8_t macro_find(const struct parser *p, const char *name, uint32_t length, uint32_t hash);
/*
 * Is a macro defined between these lines that has labels? X-macros are: #define X(a) case a:, and
 * then a LIST of them.
 */
bool macros_hide_labels(const struct parser *p, uint32_t first_line, uint32_t last_line);

/* False: no memory. */
bool lex(struct parser *p);
bool directives_apply(struct parser *p);
bool brackets_match(struct parser *p);
bool functions_find(struct parser *p);

/* The condition of an #if, #ifdef or so: 0, 1, or -1 if it is not known. */
int evaluate_directive(const struct parser *p, const struct directive *directive);
/* The same for this part of the text. */
int evaluate_text(const struct parser *p, uint32_t begin, uint32_t end);

/* Parse the body between p->open and p->close. On failure p->reason is set. */
void parse_body(struct parser *p);
void labels_resolve(struct parser *p, struct source_function *function);

uint32_t statement_add(struct parser *p, enum source_statement_kind kind, uint32_t parent);
/* Take tokens [p->at, end) as the statement's own: its head, or all of it. */
void take_head(struct parser *p, uint32_t statement, uint32_t end);
/* Expression, declaration or asm. */
uint32_t parse_simple(struct parser *p, uint32_t parent);
/* Is this NAME(...) with a body? *flags are then those of SOURCE_LOOP_MACRO. */
bool has_body(const struct parser *p, uint32_t at, uint32_t *flags);
/* NAME(...) with the name of a loop */
bool is_loop_name(const struct parser *p, uint32_t at);
/* Is this the macro that ends the loop which the other one opens? while_each_thread(...) does. */
bool is_loop_end(const struct parser *p, uint32_t at, uint32_t macro);
/*
 * The end of the expression or declaration that begins before `at`: its ';', or the token after it
 * if it has none because a macro ends it. Fails if it is neither.
 */
uint32_t find_semicolon(struct parser *p, uint32_t at);
/* Of tokens [begin, end): enum group_flag, enum source_flag, and a hash of their text. */
uint8_t range_groups(const struct parser *p, uint32_t begin, uint32_t end);
uint32_t range_flags(const struct parser *p, uint32_t begin, uint32_t end);
uint64_t range_hash(const struct parser *p, uint32_t begin, uint32_t end);
/* The tree of a condition that is tokens [begin, end). */
uint32_t condition_parse(struct parser *p, uint32_t begin, uint32_t end);
/* The trees in an expression or declaration, linked. */
uint32_t conditions_find(struct parser *p, uint32_t begin, uint32_t end);

static inline void fail(struct parser *p, enum source_reason reason, uint32_t token)
{
	if (p->reason)
		return;
	p->reason = reason;
	p->reason_line = p->tokens.data[token < p->close ? token : p->close].line;
}

static inline bool is_word(const struct parser *p, uint32_t token, uint8_t word)
{
	return token < p->tokens.len && p->tokens.data[token].word == word;
}

static inline bool is_name(const struct parser *p, uint32_t token)
{
	return token < p->tokens.len && p->tokens.data[token].kind == TOKEN_NAME;
}

/* A name without a meaning of its own in the grammar: of a function, macro or variable. */
static inline bool is_plain_name(const struct token *token)
{
	return token->kind == TOKEN_NAME &&
	       (token->word == WORD_NONE || token->word >= WORD_NO_RETURN);
}

static inline bool is_first_on_line(const struct token *token)
{
	return token->indent & INDENT_FIRST;
}

static inline uint32_t indent_of(const struct token *token)
{
	return token->indent & ~INDENT_FIRST;
}

static inline bool is_statement_word(const struct token *token)
{
	return token->kind == TOKEN_NAME && token->word >= WORD_IF && token->word <= WORD_CONTINUE;
}

#endif
