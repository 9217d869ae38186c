// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Conditions of #if: what is known without a preprocessor. Options of the kernel configuration are
 * known if the caller knows them; other macros are not.
 */
#include <string.h>

#include "symbolize/source/private.h"

#define DEPTH_MAX 32

struct value {
	bool is_known;
	int64_t number;
};

static const struct value unknown;

static struct value known(int64_t number)
{
	return (struct value){ true, number };
}

struct expression {
	const struct parser *p;
	const char *at, *end;
	uint32_t depth;
};

struct name {
	const char *text;
	size_t length;
};

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static bool skip_comment(struct expression *e)
{
	if (e->end - e->at < 2 || e->at[0] != '/' || (e->at[1] != '/' && e->at[1] != '*'))
		return false;
	const char *close =
		e->at[1] == '*' ? memmem(e->at + 2, (size_t)(e->end - e->at) - 2, "*/", 2) : NULL;
	e->at = close ? close + 2 : e->end;
	return true;
}

static void skip_blanks(struct expression *e)
{
	while (e->at < e->end) {
		if (strchr(" \t\r\n\\\f\v", *e->at) && *e->at)
			e->at++;
		else if (!skip_comment(e))
			return;
	}
}

static bool take(struct expression *e, const char *what)
{
	size_t length = strlen(what);

	skip_blanks(e);
	if ((size_t)(e->end - e->at) < length || memcmp(e->at, what, length))
		return false;
	e->at += length;
	return true;
}

static struct name take_name(struct expression *e)
{
	struct name name;

	skip_blanks(e);
	name.text = e->at;
	while (e->at < e->end && is_name_byte(*e->at))
		e->at++;
	name.length = (size_t)(e->at - name.text);
	return name;
}

static bool is(struct name name, const char *what)
{
	return name.length == strlen(what) && !memcmp(name.text, what, name.length);
}

static enum source_config configured(const struct parser *p, struct name name, int64_t *number)
{
	*number = 0;
	if (!p->options->config || name.length < 8 || memcmp(name.text, "CONFIG_", 7))
		return SOURCE_CONFIG_UNKNOWN;
	return p->options->config(p->options->data, name.text, name.length, number);
}

/* CONFIG_X_MODULE is defined if CONFIG_X is m. */
static bool is_module(const struct parser *p, struct name name)
{
	int64_t number;

	return configured(p, name, &number) == SOURCE_CONFIG_MODULE;
}

static struct value is_defined(const struct parser *p, struct name name)
{
	int64_t number;

	/* Only code that is compiled as C for the kernel, by gcc or clang, comes here. */
	if (is(name, "__KERNEL__") || is(name, "__GNUC__"))
		return known(1);
	if (is(name, "__ASSEMBLY__") || is(name, "__cplusplus") || is(name, "__CHECKER__"))
		return known(0);
	switch (configured(p, name, &number)) {
	case SOURCE_CONFIG_NO:
	case SOURCE_CONFIG_MODULE:
		if (name.length > 7 && !memcmp(name.text + name.length - 7, "_MODULE", 7))
			return known(is_module(p, (struct name){ name.text, name.length - 7 }));
		return known(0);
	case SOURCE_CONFIG_UNKNOWN:
		return unknown;
	default:
		return known(1);
	}
}

static struct value value_of(const struct parser *p, struct name name)
{
	int64_t number;

	if (is(name, "true") || is(name, "false"))
		return known(name.length == 4);
	struct value defined = is_defined(p, name);

	if (!defined.is_known || !defined.number)
		return defined;
	switch (configured(p, name, &number)) {
	case SOURCE_CONFIG_YES:
		return known(1);
	case SOURCE_CONFIG_NUMBER:
		return known(number);
	default:
		return unknown;
	}
}

/* IS_ENABLED(CONFIG_X) and its relatives; e is after the name. */
static struct value is_enabled(struct expression *e, bool yes, bool module)
{
	int64_t number;

	if (!take(e, "("))
		return unknown;
	enum source_config config = configured(e->p, take_name(e), &number);
	if (!take(e, ")") || config == SOURCE_CONFIG_UNKNOWN)
		return unknown;
	return known(config == SOURCE_CONFIG_MODULE ? module : config == SOURCE_CONFIG_YES && yes);
}

static struct value number_of(struct name name)
{
	int base = name.length > 1 && name.text[0] == '0' ? 8 : 10;
	int64_t number = 0;
	size_t i = 0;

	if (base == 8 && (name.text[1] == 'x' || name.text[1] == 'X'))
		base = 16, i = 2;
	for (; i < name.length; i++) {
		char c = name.text[i];
		int digit = c >= '0' && c <= '9'		 ? c - '0'
			    : base == 16 && c >= 'a' && c <= 'f' ? c - 'a' + 10
			    : base == 16 && c >= 'A' && c <= 'F' ? c - 'A' + 10
								 : base;

		if (digit >= base)
			break;
		if (number > INT64_MAX / 16 - 1)
			return unknown;
		number = number * base + digit;
	}
	for (; i < name.length; i++)
		if (!strchr("uUlL", name.text[i]))
			return unknown;
	return known(number);
}

static struct value evaluate_or(struct expression *e);

static struct value evaluate_name(struct expression *e, struct name name)
{
	if (name.text[0] >= '0' && name.text[0] <= '9')
		return number_of(name);
	if (is(name, "defined")) {
		bool is_open = take(e, "(");
		struct value value = is_defined(e->p, take_name(e));

		return is_open && !take(e, ")") ? unknown : value;
	}
	if (is(name, "IS_ENABLED"))
		return is_enabled(e, true, true);
	if (is(name, "IS_BUILTIN"))
		return is_enabled(e, true, false);
	if (is(name, "IS_MODULE"))
		return is_enabled(e, false, true);
	return value_of(e->p, name);
}

/* An operand. What is not understood sets e->at to its end, so the whole is unknown. */
static struct value evaluate_operand(struct expression *e)
{
	struct value value = unknown;
	uint32_t nr_not = 0;

	for (skip_blanks(e);
	     e->at < e->end && e->at[0] == '!' && !(e->end - e->at > 1 && e->at[1] == '=');
	     skip_blanks(e)) {
		e->at++;
		nr_not++;
	}
	if (take(e, "(")) {
		if (e->depth < DEPTH_MAX) {
			e->depth++;
			value = evaluate_or(e);
			e->depth--;
		}
		if (!take(e, ")"))
			value = unknown;
	} else {
		struct name name = take_name(e);

		if (name.length)
			value = evaluate_name(e, name);
	}
	if (value.is_known && nr_not)
		value.number = nr_not % 2 ? !value.number : !!value.number;
	return value;
}

static struct value evaluate_comparison(struct expression *e)
{
	static const char *const names[] = { "==", "!=", "<=", ">=", "<", ">" };
	struct value a = evaluate_operand(e);

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *before = e->at;

		if (!take(e, names[i]))
			continue;
		if (names[i][1] == '\0' && e->at < e->end && *e->at == names[i][0]) {
			e->at = before; /* a shift */
			break;
		}
		struct value b = evaluate_operand(e);
		bool results[] = { a.number == b.number, a.number != b.number, a.number <= b.number,
				   a.number >= b.number, a.number<b.number, a.number> b.number };
		return a.is_known && b.is_known ? known(results[i]) : unknown;
	}
	return a;
}

static struct value evaluate_and(struct expression *e)
{
	struct value all = evaluate_comparison(e);

	while (take(e, "&&")) {
		struct value b = evaluate_comparison(e);

		if ((all.is_known && !all.number) || (b.is_known && !b.number))
			all = known(0);
		else
			all = all.is_known && b.is_known ? known(1) : unknown;
	}
	return all;
}

static struct value evaluate_or(struct expression *e)
{
	struct value any = evaluate_and(e);

	while (take(e, "||")) {
		struct value b = evaluate_and(e);

		if ((any.is_known && any.number) || (b.is_known && b.number))
			any = known(1);
		else
			any = any.is_known && b.is_known ? known(0) : unknown;
	}
	return any;
}

/* An operator that is not known here leaves a rest: then nothing is known. */
static struct value evaluate_all(struct expression *e)
{
	struct value value = evaluate_or(e);

	skip_blanks(e);
	return e->at < e->end ? unknown : value;
}

int evaluate_text(const struct parser *p, uint32_t begin, uint32_t end)
{
	struct expression e = { .p = p, .at = p->text + begin, .end = p->text + end };
	struct value value = evaluate_all(&e);

	return value.is_known ? !!value.number : -1;
}

int evaluate_directive(const struct parser *p, const struct directive *directive)
{
	uint32_t begin = directive->offset, end = begin + directive->length;
	struct expression e = { .p = p, .at = p->text + begin, .end = p->text + end };
	struct value value;

	switch (directive->kind) {
	case DIRECTIVE_ELSE:
		return 1;
	case DIRECTIVE_IFDEF:
	case DIRECTIVE_ELIFDEF:
		value = is_defined(p, take_name(&e));
		return value.is_known ? !!value.number : -1;
	case DIRECTIVE_IFNDEF:
	case DIRECTIVE_ELIFNDEF:
		value = is_defined(p, take_name(&e));
		return value.is_known ? !value.number : -1;
	default:
		return evaluate_text(p, begin, end);
	}
}
