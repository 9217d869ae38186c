// SPDX-License-Identifier: GPL-2.0-or-later
/* Keeps parsed sources, with what the parser asked for. */
#include "symbolize/coverage/parses.h"

#include <string.h>

#include "base/vector.h"

/* A call of source_options.has_code. */
struct code_query {
	uint32_t first, last;
	bool answer;
};

DEFINE_VECTOR(code_query_vector, struct code_query);

struct parse {
	char *path;
	enum coverage_source_state state;
	struct source_file *source; /* NULL = not used */
	struct code_query_vector queries;
};

DEFINE_VECTOR(parse_vector, struct parse);

struct coverage_parses {
	struct parse_vector parses;
};

static void forget(struct parse *parse)
{
	source_file_destroy(parse->source);
	parse->source = NULL;
	parse->queries.len = 0;
}

struct error *coverage_parses_create(struct coverage_parses **ret)
{
	struct coverage_parses *parses = calloc(1, sizeof(*parses));

	if (!parses)
		return &error_no_memory;
	*ret = parses;
	return NULL;
}

void coverage_parses_destroy(struct coverage_parses *parses)
{
	if (!parses)
		return;
	vector_for_each(&parses->parses, parse) {
		forget(parse);
		code_query_vector_deinit(&parse->queries);
		free(parse->path);
	}
	parse_vector_deinit(&parses->parses);
	free(parses);
}

/* For source_options.data while a source is parsed. */
struct asking {
	const struct source_options *options;
	struct code_query_vector *queries;
	bool no_memory;
};

static bool ask_code(void *data, uint32_t first, uint32_t last)
{
	struct asking *a = data;
	const struct code_query query = { first, last,
					  a->options->has_code(a->options->data, first, last) };

	a->no_memory |= !code_query_vector_append(a->queries, &query);
	return query.answer;
}

static enum source_config ask_config(void *data, const char *name, size_t length, int64_t *value)
{
	const struct asking *a = data;

	return a->options->config(a->options->data, name, length, value);
}

static struct error *read_and_parse(const struct coverage_texts *texts,
				    const struct coverage_file *file,
				    const struct source_options *options, struct parse *parse)
{
	struct asking asking = { .options = options, .queries = &parse->queries };
	struct source_options recorded = *options;
	_cleanup_free_ char *text = NULL;
	size_t size;
	struct error *err = texts->read(texts->data, file, &parse->state, &text, &size);

	if (err || parse->state != COVERAGE_SOURCE_USED)
		return err;
	recorded.data = &asking;
	recorded.has_code = options->has_code ? ask_code : NULL;
	recorded.config = options->config ? ask_config : NULL;
	err = source_parse(text, size, &recorded, &parse->source);
	return err || !asking.no_memory ? err : &error_no_memory;
}

/* Whether the parser would be given the same answers. */
static bool is_current(const struct parse *parse, const struct source_options *options)
{
	if (parse->state != COVERAGE_SOURCE_USED)
		return true;
	vector_for_each(&parse->queries, q)
		if (options->has_code(options->data, q->first, q->last) != q->answer)
			return false;
	return parse->source;
}

static struct parse *find(struct coverage_parses *parses, const char *path)
{
	vector_for_each(&parses->parses, parse)
		if (!strcmp(parse->path, path))
			return parse;
	return NULL;
}

static struct error *add(struct coverage_parses *parses, const char *path, struct parse **ret)
{
	struct parse new = { .path = strdup(path), .state = COVERAGE_SOURCE_USED };

	*ret = new.path ? parse_vector_append(&parses->parses, &new) : NULL;
	if (*ret)
		return NULL;
	free(new.path);
	return &error_no_memory;
}

struct error *
coverage_parses_get(struct coverage_parses *parses, const struct coverage_texts *texts,
		    const struct coverage_file *file, const struct source_options *options,
		    enum coverage_source_state *ret_state, const struct source_file **ret)
{
	struct parse *parse = find(parses, file->path);
	struct error *err = parse ? NULL : add(parses, file->path, &parse);

	if (!err && !is_current(parse, options)) {
		forget(parse);
		err = read_and_parse(texts, file, options, parse);
	}
	if (err) {
		if (parse)
			forget(parse);
		return err;
	}
	*ret_state = parse->state;
	*ret = parse->source;
	return NULL;
}
