// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes chunks of the HTML report: their frame, text and numbers. */
#include "render/html_private.h"

#include <inttypes.h>

#include "base/cleanup.h"
#include "base/utf8.h"
#include "render/json_value.h"
#include "render/path_map.h"

#define CHUNK_START "kcovreport.add("
#define CHUNK_END   ");\n"
#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* How many bytes from text on are written as they are. */
static size_t plain_ascii_length(const char *text, size_t len)
{
	size_t n = 0;

	while (n < len && text[n] >= ' ' && text[n] <= '~' && text[n] != '"' && text[n] != '\\' &&
	       text[n] != '<')
		n++;
	return n;
}

static void write_code(uint32_t code, struct writer *out)
{
	static const char digits[] = "0123456789abcdef";
	uint16_t units[2];
	size_t nr = utf8_to_utf16(code, units);

	for (size_t i = 0; i < nr; i++) {
		writer_str(out, "\\u");
		for (int shift = 12; shift >= 0; shift -= 4)
			writer_byte(out, digits[units[i] >> shift & 15]);
	}
}

/* Returns the length of the character that it wrote. */
static size_t write_other(const char *text, size_t len, struct writer *out)
{
	uint32_t code;
	size_t n = utf8_next(text, len, &code);

	switch (code) {
	case '\n':
		writer_str(out, "\\n");
		return n;
	case '\t':
		writer_str(out, "\\t");
		return n;
	case '"':
	case '\\':
		writer_byte(out, '\\');
		writer_byte(out, code);
		return n;
	case UTF8_INVALID:
		writer_str(out, REPLACEMENT);
		return n;
	}
	if (code == '<' || !utf8_is_plain(code))
		write_code(code, out);
	else
		writer_bytes(out, text, n);
	return n;
}

void html_write_text(const char *text, size_t len, struct writer *out)
{
	if (!text) {
		writer_str(out, "null");
		return;
	}
	writer_byte(out, '"');
	for (size_t i = 0; i < len;) {
		size_t n = plain_ascii_length(text + i, len - i);

		writer_bytes(out, text + i, n);
		i += n;
		if (i < len)
			i += write_other(text + i, len - i, out);
	}
	writer_byte(out, '"');
}

void html_write_str(const char *text, struct writer *out)
{
	html_write_text(text, text ? strlen(text) : 0, out);
}

void html_write_number(const char *before, uint64_t number, struct writer *out)
{
	bool is_text = number > JSON_SCRIPT_INTEGER_MAX;

	writer_str(out, before);
	if (is_text)
		writer_byte(out, '"');
	writer_u64(out, number);
	if (is_text)
		writer_byte(out, '"');
}

void html_write_ratio(const char *before, struct coverage_ratio ratio, struct writer *out)
{
	html_write_number(before, ratio.hit, out);
	html_write_number(",", ratio.found, out);
}

void html_write_path(const struct view *view, const char *path, struct writer *out)
{
	const char *relative = view->root ? path_inside(path, view->root) : NULL;

	html_write_str(relative ? relative : path, out);
}

static struct error *chunk_path(const char *name, char **ret)
{
	if (asprintf(ret, "html/data/%s.js", name) >= 0)
		return NULL;
	*ret = NULL;
	return &error_no_memory;
}

struct error *html_chunk_remove(struct sink *sink, const char *name, bool *ret)
{
	_cleanup_free_ char *path = NULL;
	struct error *err = chunk_path(name, &path);

	return err ? err : sink_remove(sink, path, CHUNK_START, ret);
}

struct error *html_chunk_begin(struct sink *sink, const char *name, struct writer **ret)
{
	_cleanup_free_ char *path = NULL;
	struct error *err = chunk_path(name, &path);

	if (!err)
		err = sink_open(sink, path, ret);
	if (err)
		return err;
	writer_str(*ret, CHUNK_START "{\"chunk\":");
	html_write_str(name, *ret);
	return NULL;
}

struct error *html_chunk_end(struct sink *sink, struct writer *out)
{
	writer_str(out, "}" CHUNK_END);
	return sink_finish(sink, out);
}
