/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text of others (names of functions and files) in the formats. Each of these appends text to a
 * buffer so that nothing in it is markup; a character that is not plain (base/utf8.h) becomes '?'.
 */
#ifndef RENDER_ESCAPE_H
#define RENDER_ESCAPE_H

#include "base/strbuf.h"

/* For the content and the attributes of elements of XML 1.0. */
void escape_xml(const char *text, struct strbuf *out);
/*
 * A field of RFC 4180, in quotes where it needs them. Spreadsheets take a field that begins with
 * one of = + - @ for a formula, so it gets a ' in front.
 */
void escape_csv(const char *text, struct strbuf *out);
/*
 * A code span of Markdown, also in cells of tables. Backslashes and entities would only hide
 * markup: GitHub and GitLab link mentions (@name), issues (#1), commits and URLs in the rendered
 * text, but not in code.
 */
void escape_markdown(const char *text, struct strbuf *out);

#endif
