// SPDX-License-Identifier: GPL-2.0-or-later
/* source_parse(), its result, and how to find something in it. */
#include "base/search.h"
#include "symbolize/source/private.h"

static void parser_deinit(struct parser *p)
{
	token_vector_deinit(&p->tokens);
	directive_vector_deinit(&p->directives);
	macro_vector_deinit(&p->macros);
	index_vector_deinit(&p->macro_slots);
	undecided_vector_deinit(&p->undecided);
	source_statement_vector_deinit(&p->statements);
	source_condition_vector_deinit(&p->conditions);
	source_function_vector_deinit(&p->functions);
	source_label_vector_deinit(&p->labels);
	source_region_vector_deinit(&p->regions);
	source_left_out_vector_deinit(&p->left_out);
	index_vector_deinit(&p->targets);
	index_vector_deinit(&p->first_tokens);
}

/* Hand a vector over as an array, without what it has in reserve. */
#define take_array(vector, array, nr)                                                              \
	do {                                                                                       \
		void *_data =                                                                      \
			array_realloc((vector)->data, (vector)->len, sizeof(*(vector)->data));     \
		(array) = _data ? _data : (vector)->data;                                          \
		(nr) = (uint32_t)(vector)->len;                                                    \
		(vector)->data = NULL;                                                             \
	} while (0)

static struct source_file *take_file(struct parser *p)
{
	struct source_file *file = calloc(1, sizeof(*file));

	if (!file)
		return NULL;
	take_array(&p->functions, file->functions, file->nr_functions);
	take_array(&p->statements, file->statements, file->nr_statements);
	take_array(&p->conditions, file->conditions, file->nr_conditions);
	take_array(&p->labels, file->labels, file->nr_labels);
	take_array(&p->targets, file->targets, file->nr_targets);
	take_array(&p->regions, file->regions, file->nr_regions);
	take_array(&p->left_out, file->left_out, file->nr_left_out);
	return file;
}

struct error *source_parse(const char *text, size_t size, const struct source_options *options,
			   struct source_file **ret)
{
	static const struct source_options none;
	_cleanup_(parser_deinit) struct parser p = {
		.text = text,
		.size = (uint32_t)size,
		.options = options ? options : &none,
	};

	if (size > SOURCE_SIZE_MAX)
		return error_create(ERROR_UNSUPPORTED, "the source file is larger than %d MB",
				    SOURCE_SIZE_MAX >> 20);
	if (!lex(&p) || !directives_apply(&p) || !brackets_match(&p) || !functions_find(&p))
		return &error_no_memory;
	struct source_file *file = take_file(&p);
	if (!file)
		return &error_no_memory;
	*ret = file;
	return NULL;
}

void source_file_destroy(struct source_file *file)
{
	if (!file)
		return;
	free(file->functions);
	free(file->statements);
	free(file->conditions);
	free(file->labels);
	free(file->targets);
	free(file->regions);
	free(file->left_out);
	free(file);
}

uint32_t source_function_at(const struct source_file *file, uint32_t line)
{
	uint32_t at = (uint32_t)search_first(file->nr_functions, i,
					     file->functions[i].close_line >= line);

	if (at == file->nr_functions || file->functions[at].first_line > line)
		return SOURCE_NONE;
	return at;
}

uint32_t source_statement_at(const struct source_file *file, uint32_t line)
{
	uint32_t f = source_function_at(file, line);

	if (f == SOURCE_NONE)
		return SOURCE_NONE;
	const struct source_function *function = &file->functions[f];
	const struct source_statement *s = file->statements + function->first_statement;
	/* Parents before children, in the order of the text: the last one that begins there. */
	size_t after = search_first(function->nr_statements, i, s[i].lines.first > line);
	if (!after)
		return SOURCE_NONE;
	uint32_t at = function->first_statement + (uint32_t)after - 1;
	while (at != SOURCE_NONE && file->statements[at].lines.last < line)
		at = file->statements[at].parent;
	return at;
}

const char *source_kind_name(enum source_statement_kind kind)
{
	static const char *const names[] = {
		[SOURCE_SIMPLE] = "simple",	[SOURCE_DECLARATION] = "declaration",
		[SOURCE_COMPOUND] = "compound", [SOURCE_IF] = "if",
		[SOURCE_WHILE] = "while",	[SOURCE_DO] = "do",
		[SOURCE_FOR] = "for",		[SOURCE_LOOP_MACRO] = "macro",
		[SOURCE_SWITCH] = "switch",	[SOURCE_CASE] = "case",
		[SOURCE_LABEL] = "label",	[SOURCE_GOTO] = "goto",
		[SOURCE_RETURN] = "return",	[SOURCE_COMPUTED_GOTO] = "computed goto",
		[SOURCE_BREAK] = "break",	[SOURCE_CONTINUE] = "continue",
		[SOURCE_ASM] = "asm",
	};

	return names[kind];
}

const char *source_reason_name(enum source_reason reason)
{
	static const char *const names[] = {
		[SOURCE_UNDERSTOOD] = "understood",
		[SOURCE_UNBALANCED] = "unbalanced brackets",
		[SOURCE_TOO_LARGE] = "too large",
		[SOURCE_TOO_DEEP] = "nested too deep",
		[SOURCE_UNDECIDED_JUMPS] = "undecided #if with a jump or a part of a statement",
		[SOURCE_UNKNOWN_STATEMENT] = "unknown statement",
		[SOURCE_BAD_LABEL] = "label missing, or there twice",
		[SOURCE_HIDDEN_LABEL] = "label or case in a macro",
		[SOURCE_BAD_BREAK] = "break, continue or case outside of its statement",
	};

	return names[reason];
}
