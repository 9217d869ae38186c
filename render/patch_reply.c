// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes what to tell the author of a patch: as text for a mail, and as Markdown. */
#include <inttypes.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/utf8.h"
#include "render/escape.h"
#include "render/patch.h"
#include "render/render.h"

#define COLUMNS 72

/* Add text with '?' for what is not plain, and blanks for tabs, up to a column. */
static void add_masked(struct strbuf *sb, const char *text, size_t length, size_t columns)
{
	size_t column = 0;

	for (size_t i = 0, n; i < length; i += n) {
		bool is_plain;

		n = text_next(text + i, length - i, &is_plain);
		if (text[i] == '\t') {
			do
				strbuf_addch(sb, ' ');
			while (++column % 8 && column < columns);
		} else {
			strbuf_add(sb, is_plain ? text + i : "?", is_plain ? n : 1);
			column++;
		}
		if (column >= columns && i + n < length) {
			strbuf_addstr(sb, ">");
			return;
		}
	}
}

/* The bytes of a word that fit into some columns. */
static size_t fitting(const char *word, size_t length, size_t columns)
{
	bool is_plain;
	size_t i = 0;

	while (i < length && columns--)
		i += text_next(word + i, length - i, &is_plain);
	return i;
}

/* Break a text at blanks, and words that are too long anywhere. */
static void write_wrapped(const char *text, const char *indent, FILE *out)
{
	size_t column = 0;

	while (*text) {
		size_t length = strcspn(text, " ");

		if (column && column + 1 + length > COLUMNS) {
			fprintf(out, "\n%s", indent);
			column = strlen(indent);
		} else if (column) {
			fputc(' ', out);
			column++;
		}
		length = fitting(text, length, COLUMNS - column);
		fprintf(out, "%.*s", (int)length, text);
		column += length;
		text += length;
		text += *text == ' ';
	}
	fputc('\n', out);
}

static bool is_told(const struct patch_file *file, size_t i)
{
	const struct patch_line *line = &file->lines[i];

	return file->diff->lines[i].kind == DIFF_ADDED &&
	       ((line->state != PATCH_HIT && line->state != PATCH_NO_CODE) || line->is_unknown ||
		patch_one_way(line));
}

static void add_state(struct strbuf *sb, const struct patch_line *line)
{
	const char *way = patch_one_way(line);

	strbuf_addstr(sb, patch_state_text(line->state));
	if (line->why) {
		strbuf_addstr(sb, ": ");
		add_masked(sb, line->why, strlen(line->why), SIZE_MAX);
	}
	if (way)
		strbuf_addf(sb, ", the condition %s", way);
}

/* Lines side by side of which the same is to be said. */
static size_t nr_same(const struct patch_file *file, size_t i)
{
	const struct patch_line *a = &file->lines[i];
	size_t n = 1;

	for (; i + n < file->diff->nr_lines; n++) {
		const struct patch_line *b = &file->lines[i + n];

		if (file->diff->lines[i + n].kind != DIFF_ADDED || b->state != a->state ||
		    b->why != a->why || patch_one_way(a) != patch_one_way(b))
			break;
	}
	return n;
}

static struct error *mail_file(const struct patch_file *file, FILE *out)
{
	const struct diff_line *lines = file->diff->lines;

	for (size_t i = 0, n; i < file->diff->nr_lines; i += n) {
		_cleanup_strbuf_ struct strbuf sb = STRBUF_INIT;

		n = nr_same(file, i);
		if (!is_told(file, i))
			continue;
		fputc('\n', out);
		add_masked(&sb, file->path, strlen(file->path), SIZE_MAX);
		strbuf_addf(&sb, ":%" PRIu32 ": ", lines[i].number);
		add_state(&sb, &file->lines[i]);
		write_wrapped(strbuf_str(&sb), "    ", out);
		for (size_t j = i; j < i + n; j++) {
			strbuf_reset(&sb);
			add_masked(&sb, lines[j].text, lines[j].length, COLUMNS - 4);
			fprintf(out, "> +%s\n", strbuf_str(&sb));
		}
		if (sb.failed)
			return &error_no_memory;
	}
	return NULL;
}

struct error *patch_render_mail(const struct patch *patch, FILE *out)
{
	_cleanup_free_ char *summary = NULL;
	struct error *err = patch_summary(patch, &summary);

	if (err)
		return err;
	string_mask_controls(summary);
	write_wrapped(summary, "", out);
	for (size_t i = 0; !err && i < patch->nr_files; i++)
		err = mail_file(&patch->files[i], out);
	return err;
}

static void write_code(const char *text, FILE *out)
{
	_cleanup_strbuf_ struct strbuf sb = STRBUF_INIT;

	escape_markdown(text, &sb);
	fputs(strbuf_str(&sb), out);
}

static void markdown_row(const struct patch_file *file, FILE *out)
{
	const uint64_t *n = file->counts.states;
	char percent[16];

	fputs("| ", out);
	write_code(file->path, out);
	if (file->diff->is_binary)
		fputs(" (binary)", out);
	fprintf(out, " | %" PRIu64 " | %s |", patch_changed(&file->counts),
		render_percent(patch_ratio(&file->counts), percent));
	for (int i = 0; i < PATCH_STATES; i++)
		fprintf(out, " %" PRIu64 " |", n[i]);
	fputc('\n', out);
}

/* Lines of an indented block of code: nothing in them is markup. */
static void markdown_lines(const struct patch_file *file, FILE *out)
{
	bool has_any = false;

	for (size_t i = 0; i < file->diff->nr_lines; i++) {
		_cleanup_strbuf_ struct strbuf sb = STRBUF_INIT;

		if (!is_told(file, i))
			continue;
		if (!has_any) {
			fputs("\n**", out);
			write_code(file->path, out);
			fputs("**\n\n", out);
		}
		has_any = true;
		add_masked(&sb, file->diff->lines[i].text, file->diff->lines[i].length, SIZE_MAX);
		fprintf(out, "    %6" PRIu32 " | %s\n", file->diff->lines[i].number,
			strbuf_str(&sb));
		strbuf_reset(&sb);
		add_state(&sb, &file->lines[i]);
		fprintf(out, "           ^ %s\n", strbuf_str(&sb));
	}
}

struct error *patch_render_markdown(const struct patch *patch, FILE *out)
{
	_cleanup_free_ char *summary = NULL;
	struct error *err = patch_summary(patch, &summary);

	if (err)
		return err;
	/* It has only words of ours and names of options. */
	write_masked(summary, strlen(summary), "", out);
	fputs("\n\n| file | changed | executed % |", out);
	for (int i = 0; i < PATCH_STATES; i++)
		fprintf(out, " %s |", patch_state_text(i));
	fputs("\n|---|", out);
	for (int i = 0; i < PATCH_STATES + 2; i++)
		fputs("---:|", out);
	fputc('\n', out);
	for (size_t i = 0; i < patch->nr_files; i++)
		markdown_row(&patch->files[i], out);
	for (size_t i = 0; i < patch->nr_files; i++)
		markdown_lines(&patch->files[i], out);
	return NULL;
}
