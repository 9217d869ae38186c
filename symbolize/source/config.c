// SPDX-License-Identifier: GPL-2.0-or-later
#include "symbolize/source/config.h"

#include <string.h>

#include "base/search.h"
#include "base/vector.h"

struct option {
	const char *name;
	size_t length;
	const char *value; /* up to `end` */
	const char *end;
};

DEFINE_VECTOR(option_vector, struct option);

struct source_config_file {
	struct option_vector options; /* ascending */
};

static int compare_names(const char *a, size_t a_length, const char *b, size_t b_length)
{
	int order = memcmp(a, b, a_length < b_length ? a_length : b_length);

	return order ?: compare_values(a_length, b_length);
}

static int compare_options(const void *a, const void *b)
{
	const struct option *x = a, *y = b;

	return compare_names(x->name, x->length, y->name, y->length);
}

static bool add_line(struct source_config_file *file, const char *line, const char *end)
{
	const char *equals = memchr(line, '=', (size_t)(end - line));

	if (!equals || equals - line < 8 || memcmp(line, "CONFIG_", 7))
		return true;
	if (end > equals + 1 && end[-1] == '\r')
		end--;
	struct option option = { line, (size_t)(equals - line), equals + 1, end };
	return option_vector_append(&file->options, &option);
}

struct error *source_config_file_create(const char *text, size_t size,
					struct source_config_file **ret)
{
	_cleanup_(cleanup_source_config_file) struct source_config_file *file =
		calloc(1, sizeof(*file));
	const char *end = text + size;

	if (!file)
		return &error_no_memory;
	for (const char *line = text; line < end;) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		const char *line_end = newline ? newline : end;

		if (!add_line(file, line, line_end))
			return &error_no_memory;
		line = line_end + 1;
	}
	if (!file->options.len)
		return error_create(ERROR_FORMAT, "not a kernel configuration");
	qsort(file->options.data, file->options.len, sizeof(struct option), compare_options);
	*ret = steal_ptr(&file);
	return NULL;
}

void source_config_file_destroy(struct source_config_file *file)
{
	if (!file)
		return;
	option_vector_deinit(&file->options);
	free(file);
}

static bool parse_value(const char *text, size_t length, int64_t *ret)
{
	char copy[24], *end;

	if (!length || length >= sizeof(copy))
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	if (!strchr("-0123456789", copy[0]))
		return false;
	*ret = strtoll(copy, &end, 0);
	return !*end;
}

enum source_config source_config_file_get(const struct source_config_file *file, const char *name,
					  size_t length, int64_t *value)
{
	const struct option *o = file->options.data;
	size_t at = search_first(file->options.len, i,
				 compare_names(o[i].name, o[i].length, name, length) >= 0);

	if (at == file->options.len || compare_names(o[at].name, o[at].length, name, length))
		return SOURCE_CONFIG_NO;
	size_t size = (size_t)(o[at].end - o[at].value);
	if (size == 1 && *o[at].value == 'y')
		return SOURCE_CONFIG_YES;
	if (size == 1 && *o[at].value == 'm')
		return SOURCE_CONFIG_MODULE;
	if (size == 1 && *o[at].value == 'n')
		return SOURCE_CONFIG_NO;
	return parse_value(o[at].value, size, value) ? SOURCE_CONFIG_NUMBER : SOURCE_CONFIG_STRING;
}
