// SPDX-License-Identifier: GPL-2.0-or-later
/* Escapes text of others for XML, CSV and Markdown. */
#include "render/escape.h"

#include <string.h>

#include "base/utf8.h"

/* Two characters that XML 1.0 does not have, though they are plain. */
static bool is_in_xml(uint32_t code)
{
	return utf8_is_plain(code) && code != 0xfffe && code != 0xffff;
}

static const char *xml_entity(uint32_t code)
{
	switch (code) {
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '&':
		return "&amp;";
	case '"':
		return "&quot;";
	default:
		return NULL;
	}
}

void escape_xml(const char *text, struct strbuf *out)
{
	size_t length = strlen(text);
	uint32_t code;

	for (size_t i = 0, n; i < length; i += n) {
		n = utf8_next(text + i, length - i, &code);
		const char *entity = xml_entity(code);

		if (entity)
			strbuf_addstr(out, entity);
		else if (is_in_xml(code))
			strbuf_add(out, text + i, n);
		else
			strbuf_addch(out, '?');
	}
}

void escape_csv(const char *text, struct strbuf *out)
{
	bool has_quotes = strpbrk(text, ",\"") != NULL;
	size_t length = strlen(text);
	bool is_plain;

	if (has_quotes)
		strbuf_addch(out, '"');
	if (*text && strchr("=+-@", *text))
		strbuf_addch(out, '\'');
	for (size_t i = 0, n; i < length; i += n) {
		n = text_next(text + i, length - i, &is_plain);
		if (text[i] == '"')
			strbuf_addch(out, '"');
		strbuf_add(out, is_plain ? text + i : "?", is_plain ? n : 1);
	}
	if (has_quotes)
		strbuf_addch(out, '"');
}

/* What would end a code span, or a cell of a table. */
static const char *markdown_entity(char c)
{
	switch (c) {
	case '`':
		return "&#96;";
	case '|':
		return "&#124;";
	default:
		return NULL;
	}
}

void escape_markdown(const char *text, struct strbuf *out)
{
	size_t length = strlen(text);
	bool is_plain, in_code = false;

	for (size_t i = 0, n; i < length; i += n) {
		n = text_next(text + i, length - i, &is_plain);
		const char *entity = markdown_entity(text[i]);

		if (in_code == !!entity) {
			strbuf_addch(out, '`');
			in_code = !in_code;
		}
		if (entity)
			strbuf_addstr(out, entity);
		else
			strbuf_add(out, is_plain ? text + i : "?", is_plain ? n : 1);
	}
	if (in_code)
		strbuf_addch(out, '`');
}
