// SPDX-License-Identifier: GPL-2.0-or-later
/* Text to tokens and conditional directives. Comments and other directives are left out. */
#include <string.h>

#include "symbolize/source/private.h"

enum class {
	CLASS_OTHER,
	CLASS_SPACE,
	CLASS_NEWLINE,
	CLASS_NAME, /* letters, '_', '$' and all bytes above 0x7f */
	CLASS_DIGIT,
	CLASS_QUOTE,
};

static const uint8_t classes[256] = {
	['\0'] = CLASS_SPACE,	     [' '] = CLASS_SPACE,	 ['\t'] = CLASS_SPACE,
	['\r'] = CLASS_SPACE,	     ['\f'] = CLASS_SPACE,	 ['\v'] = CLASS_SPACE,
	['\n'] = CLASS_NEWLINE,	     ['a' ... 'z'] = CLASS_NAME, ['A' ... 'Z'] = CLASS_NAME,
	['_'] = CLASS_NAME,	     ['$'] = CLASS_NAME,	 [0x80 ... 0xff] = CLASS_NAME,
	['0' ... '9'] = CLASS_DIGIT, ['"'] = CLASS_QUOTE,	 ['\''] = CLASS_QUOTE,
};

struct lexer {
	struct parser *p;
	const char *text;
	uint32_t at, size;
	uint32_t line;
	uint8_t indent; /* of this line; | INDENT_FIRST until its first token */
	uint32_t line_start;
	uint32_t braces; /* open ones; only counted if bodies are skipped */
	const struct words *words;
};

/*
 * Of the bodies of functions only braces are needed: it is half of the work, and most of the
 * memory. If the arms of an #if open a different number of them, functions may be missed after it,
 * up to the next brace in the first column.
 */
static bool is_skipped(const struct lexer *l)
{
	return l->p->options->no_statements && l->braces;
}

static uint8_t class_at(const struct lexer *l, uint32_t at)
{
	return at < l->size ? classes[(unsigned char)l->text[at]] : CLASS_SPACE;
}

static char char_at(const struct lexer *l, uint32_t at)
{
	return at < l->size ? l->text[at] : '\0';
}

static void begin_line(struct lexer *l, uint32_t start)
{
	l->line++;
	l->indent = INDENT_FIRST;
	l->line_start = start;
}

/* Bytes of a newline after a backslash, or 0. */
static uint32_t continuation(const struct lexer *l)
{
	if (char_at(l, l->at) != '\\')
		return 0;
	if (char_at(l, l->at + 1) == '\n')
		return 2;
	return char_at(l, l->at + 1) == '\r' && char_at(l, l->at + 2) == '\n' ? 3 : 0;
}

/* To the end of the comment that begins here, or of the text. */
static void skip_block_comment(struct lexer *l)
{
	for (l->at += 2; l->at < l->size; l->at++) {
		char c = l->text[l->at];

		if (c == '\n') {
			l->line++;
		} else if (c == '*' && char_at(l, l->at + 1) == '/') {
			l->at += 2;
			return;
		}
	}
}

static void skip_line_comment(struct lexer *l)
{
	while (l->at < l->size && l->text[l->at] != '\n') {
		uint32_t skip = continuation(l);

		l->line += skip > 0;
		l->at += skip ? skip : 1;
	}
}

static bool skip_comment(struct lexer *l)
{
	if (char_at(l, l->at) != '/')
		return false;
	if (char_at(l, l->at + 1) == '*')
		skip_block_comment(l);
	else if (char_at(l, l->at + 1) == '/')
		skip_line_comment(l);
	else
		return false;
	return true;
}

/* An unterminated string ends with its line. */
static uint32_t skip_string(struct lexer *l)
{
	uint32_t hash = hash_byte(HASH_INIT, (unsigned char)l->text[l->at]);
	char quote = l->text[l->at++];

	while (l->at < l->size && l->text[l->at] != '\n') {
		char c = l->text[l->at];
		uint32_t skip = continuation(l);

		hash = hash_byte(hash, (unsigned char)c);
		l->line += skip > 0;
		l->at += skip ? skip : 1;
		if (c == quote)
			break;
		if (c == '\\' && !skip && l->at < l->size && l->text[l->at] != '\n')
			hash = hash_byte(hash, (unsigned char)l->text[l->at++]);
	}
	return hash;
}

static void measure_indent(struct lexer *l)
{
	uint32_t column = 0;

	for (uint32_t at = l->line_start; at < l->at && column < INDENT_FIRST - 9; at++)
		column = l->text[at] == '\t' ? (column | 7) + 1 : column + 1;
	l->indent = (uint8_t)(column | INDENT_FIRST);
}

static bool add_token(struct lexer *l, enum token_kind kind, uint8_t word, uint32_t offset,
		      uint32_t line, uint32_t hash)
{
	struct token token = { .offset = offset,
			       .length = l->at - offset,
			       .line = line,
			       .hash = hash,
			       .partner = SOURCE_NONE,
			       .kind = kind,
			       .word = word,
			       .indent = l->indent };

	l->indent &= ~INDENT_FIRST;
	/* In the kernel's style a brace in the first column is that of a definition. */
	if (word == '{')
		l->braces = token.indent == INDENT_FIRST ? 1 : l->braces + 1;
	else if (word == '}')
		l->braces = token.indent == INDENT_FIRST ? 0 : l->braces - (l->braces > 0);
	else if (is_skipped(l))
		return true;
	return token_vector_append(&l->p->tokens, &token);
}

static bool lex_name(struct lexer *l)
{
	uint32_t start = l->at, hash = HASH_INIT;

	if (is_skipped(l)) {
		for (uint8_t class;
		     class = class_at(l, l->at), class == CLASS_NAME || class == CLASS_DIGIT;
		     l->at++)
			;
		l->indent &= ~INDENT_FIRST;
		return true;
	}
	for (uint8_t class; class = class_at(l, l->at), class == CLASS_NAME || class == CLASS_DIGIT;
	     l->at++)
		hash = hash_byte(hash, (unsigned char)l->text[l->at]);
	uint8_t word = words_find(l->words, l->text + start, l->at - start, hash);
	if (word == WORD_NONE)
		word = macro_find(l->p, l->text + start, l->at - start, hash);
	return add_token(l, TOKEN_NAME, word, start, l->line, hash);
}

static bool lex_number(struct lexer *l)
{
	uint32_t start = l->at, hash = HASH_INIT;

	for (;; l->at++) {
		uint8_t class = class_at(l, l->at);
		char c = char_at(l, l->at);
		/* In 1...2 the dots belong to the range. */
		bool is_dot = c == '.' && char_at(l, l->at + 1) != '.';
		/* 1e+5; but 0x1e+5 is a sum, and both parts are numbers. */
		if (class != CLASS_NAME && class != CLASS_DIGIT && !is_dot)
			break;
		hash = hash_byte(hash, (unsigned char)c);
	}
	return add_token(l, TOKEN_NUMBER, 0, start, l->line, hash);
}

static bool lex_string(struct lexer *l)
{
	uint32_t start = l->at, line = l->line, hash = skip_string(l);

	return add_token(l, TOKEN_STRING, 0, start, line, hash);
}

/* Length of the punctuator here; *ret is its enum punctuator, or its character. */
static uint32_t punctuator(const struct lexer *l, uint8_t *ret)
{
	char a = l->text[l->at], b = char_at(l, l->at + 1), c = char_at(l, l->at + 2);

	*ret = PUNCTUATOR_OTHER;
	if (strchr("(){}[];,?:~#@`", a))
		return *ret = (uint8_t)a, 1;
	if (a == '.' && b == '.' && c == '.')
		return 3;
	if ((a == '<' || a == '>') && a == b)
		return c == '=' ? (*ret = PUNCTUATOR_ASSIGN, 3) : 2;
	if (a == b && strchr("&|+-=", a)) {
		*ret = a == '&'	  ? PUNCTUATOR_AND
		       : a == '|' ? PUNCTUATOR_OR
		       : a == '=' ? PUNCTUATOR_OTHER
				  : PUNCTUATOR_STEP;
		return 2;
	}
	if (a == '-' && b == '>')
		return *ret = PUNCTUATOR_ARROW, 2;
	if (b == '=' && strchr("<>!", a))
		return 2;
	if (b == '=' && strchr("+-*/%&|^", a))
		return *ret = PUNCTUATOR_ASSIGN, 2;
	*ret = a == '=' ? PUNCTUATOR_ASSIGN : (uint8_t)a & 127;
	return 1;
}

static bool lex_punctuator(struct lexer *l)
{
	uint32_t start = l->at, hash = HASH_INIT;
	uint8_t word;
	uint32_t length = punctuator(l, &word);

	for (uint32_t i = 0; i < length; i++)
		hash = hash_byte(hash, (unsigned char)l->text[l->at++]);
	return add_token(l, TOKEN_PUNCTUATOR, word, start, l->line, hash);
}

/* To the end of a directive, past its continuation lines and comments. */
static void skip_directive(struct lexer *l)
{
	while (l->at < l->size && l->text[l->at] != '\n') {
		uint32_t skip = continuation(l);

		if (skip) {
			l->line++;
			l->at += skip;
		} else if (class_at(l, l->at) == CLASS_QUOTE) {
			/* The one in "don't", too, goes up to the end of the line: so it does in
			 * gcc. */
			skip_string(l);
		} else if (!skip_comment(l)) {
			l->at++;
		}
	}
}

static void skip_blanks(struct lexer *l)
{
	for (;;) {
		uint32_t skip = continuation(l);

		if (skip)
			l->line++;
		else if (l->at < l->size && class_at(l, l->at) == CLASS_SPACE)
			skip = 1;
		else if (!skip_comment(l))
			return;
		l->at += skip;
	}
}

static bool lex_next(struct lexer *l);

/* The tokens of a definition are only looked at. */
static bool lex_define(struct lexer *l, uint32_t begin)
{
	size_t nr = l->p->tokens.len;
	struct lexer body = *l;

	body.size = l->at;
	body.at = begin;
	body.indent = 0;
	/* A '#' on another line would begin a directive. */
	while (body.at < body.size && body.text[body.at] != '\n')
		if (!lex_next(&body))
			return false;
	bool ok = macro_add(l->p, l->p->tokens.data + nr, l->p->tokens.len - nr);
	l->p->tokens.len = nr;
	return ok;
}

static bool lex_directive(struct lexer *l)
{
	static const struct {
		const char *name;
		enum directive_kind kind;
	} names[] = {
		{ "if", DIRECTIVE_IF },		  { "ifdef", DIRECTIVE_IFDEF },
		{ "ifndef", DIRECTIVE_IFNDEF },	  { "elif", DIRECTIVE_ELIF },
		{ "elifdef", DIRECTIVE_ELIFDEF }, { "elifndef", DIRECTIVE_ELIFNDEF },
		{ "else", DIRECTIVE_ELSE },	  { "endif", DIRECTIVE_ENDIF },
	};
	struct directive directive = { .token = (uint32_t)l->p->tokens.len,
				       .line = l->line,
				       .next = SOURCE_NONE };

	l->at++;
	skip_blanks(l);
	uint32_t start = l->at;
	while (class_at(l, l->at) == CLASS_NAME)
		l->at++;
	uint32_t length = l->at - start;
	directive.offset = l->at;
	skip_directive(l);
	directive.length = l->at - directive.offset;
	directive.last_line = l->line;
	if (length == 6 && !memcmp(l->text + start, "define", 6))
		return l->p->options->no_statements || lex_define(l, directive.offset);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strlen(names[i].name) != length ||
		    memcmp(names[i].name, l->text + start, length))
			continue;
		directive.kind = names[i].kind;
		return directive_vector_append(&l->p->directives, &directive);
	}
	return true;
}

static bool lex_other(struct lexer *l)
{
	uint32_t skip = continuation(l);

	if (skip) {
		l->at += skip;
		l->line++;
		return true;
	}
	if (skip_comment(l))
		return true;
	if (l->indent & INDENT_FIRST && l->text[l->at] == '#')
		return lex_directive(l);
	if (l->indent & INDENT_FIRST)
		measure_indent(l);
	if (l->text[l->at] == '.' && class_at(l, l->at + 1) == CLASS_DIGIT)
		return lex_number(l);
	return lex_punctuator(l);
}

static bool lex_next(struct lexer *l)
{
	uint8_t class = classes[(unsigned char)l->text[l->at]];

	if (class == CLASS_SPACE)
		return l->at++, true;
	if (class == CLASS_NEWLINE)
		return begin_line(l, ++l->at), true;
	if (class == CLASS_OTHER)
		return lex_other(l);
	if (l->indent & INDENT_FIRST)
		measure_indent(l);
	if (class == CLASS_NAME)
		return lex_name(l);
	return class == CLASS_DIGIT ? lex_number(l) : lex_string(l);
}

bool lex(struct parser *p)
{
	struct words words;
	struct lexer l = { .p = p, .text = p->text, .size = p->size, .words = &words };

	words_init(&words);
	begin_line(&l, 0);
	/* Most C has a token in 4 to 6 bytes; comments count for nothing. */
	if (!token_vector_reserve(&p->tokens, p->size / (p->options->no_statements ? 24 : 6)))
		return false;
	while (l.at < l.size)
		if (!lex_next(&l))
			return false;
	return true;
}
