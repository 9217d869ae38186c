// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads the text of a diff: what is part of it, hunks and their lines. */
#include "render/diff.h"

#include <string.h>
#include <strings.h>

#include "render/diff_private.h"

struct text_line {
	const char *text;
	size_t length; /* without newline and carriage return */
};

struct reader {
	const char *next, *end;
	uint32_t at; /* number of the line before next */
	uint32_t nr_lines;
	bool in_header;		   /* of a mail, or of a part of one */
	bool has_patch;		   /* patch has begun */
	bool in_extended;	   /* it has nothing but lines of git after "diff --git" yet */
	bool is_apart;		   /* other text followed: the next file is of another patch */
	struct file_patch patch;   /* of the file that the text is about now */
	uint32_t old_end, new_end; /* of its last hunk: the first lines after it */
	struct series series;
};

static struct error *bad(uint32_t at, const char *what)
{
	return error_create(ERROR_FORMAT, "line %u of the diff: %s", at, what);
}

static struct error *unsupported(uint32_t at, const char *what, const char *hint)
{
	return error_hint(error_create(ERROR_UNSUPPORTED, "line %u of the diff: %s", at, what),
			  "%s", hint);
}

static bool peek_line(const struct reader *r, struct text_line *ret, const char **ret_next)
{
	if (r->next == r->end)
		return false;
	const char *newline = memchr(r->next, '\n', (size_t)(r->end - r->next));
	const char *end = newline ? newline : r->end;

	*ret_next = newline ? newline + 1 : r->end;
	while (end > r->next && end[-1] == '\r')
		end--;
	*ret = (struct text_line){ r->next, (size_t)(end - r->next) };
	return true;
}

static bool read_line(struct reader *r, struct text_line *ret)
{
	const char *next;

	if (!peek_line(r, ret, &next))
		return false;
	r->next = next;
	r->at++;
	return true;
}

static bool begins(const struct text_line *line, const char *with)
{
	size_t length = strlen(with);

	return line->length >= length && !memcmp(line->text, with, length);
}

static bool take_char(struct text_line *line, char c)
{
	if (!line->length || *line->text != c)
		return false;
	line->text++;
	line->length--;
	return true;
}

static bool take_number(struct text_line *line, uint32_t *ret)
{
	uint64_t number = 0;
	size_t i = 0;

	for (; i < line->length && line->text[i] >= '0' && line->text[i] <= '9'; i++) {
		number = number * 10 + (uint64_t)(line->text[i] - '0');
		if (number > DIFF_NUMBER_MAX)
			return false;
	}
	line->text += i;
	line->length -= i;
	*ret = (uint32_t)number;
	return i > 0;
}

/* "12,3" or "12". What has no lines stands after the line that is named. */
static bool take_range(struct text_line *line, uint32_t *first, uint32_t *nr)
{
	*nr = 1;
	if (!take_number(line, first) || (take_char(line, ',') && !take_number(line, nr)))
		return false;
	if (!*nr)
		++*first;
	return *first && (uint64_t)*first + *nr <= DIFF_NUMBER_MAX;
}

struct hunk {
	uint32_t old, nr_old, new, nr_new; /* the next lines, and how many are left */
};

static bool parse_hunk(struct text_line line, struct hunk *ret)
{
	return take_char(&line, '@') && take_char(&line, '@') && take_char(&line, ' ') &&
	       take_char(&line, '-') && take_range(&line, &ret->old, &ret->nr_old) &&
	       take_char(&line, ' ') && take_char(&line, '+') &&
	       take_range(&line, &ret->new, &ret->nr_new) && begins(&line, " @@");
}

static struct error *add_line(struct reader *r, enum diff_kind kind, const struct hunk *hunk,
			      const struct text_line *line)
{
	/* A mailer may have cut the blank of an empty line. */
	bool is_cut = !line->length;
	const struct hunk_line added = {
		.line = { .kind = kind,
			  .number = hunk->new,
			  .at = r->at,
			  .length = (uint32_t)(line->length - !is_cut),
			  .text = line->text + !is_cut },
		.old = hunk->old,
	};

	if (++r->nr_lines > DIFF_LINES_MAX)
		return error_create(ERROR_UNSUPPORTED,
				    "line %u of the diff: it has more than %d million lines", r->at,
				    DIFF_LINES_MAX >> 20);
	return hunk_line_vector_append(&r->patch.lines, &added) ? NULL : &error_no_memory;
}

static struct error *read_hunk_line(struct reader *r, struct hunk *hunk,
				    const struct text_line *line)
{
	char first = line->length ? *line->text : ' ';
	enum diff_kind kind = first == '+'   ? DIFF_ADDED
			      : first == '-' ? DIFF_REMOVED
					     : DIFF_CONTEXT;
	bool is_old = kind != DIFF_ADDED, is_new = kind != DIFF_REMOVED;

	if (first != '+' && first != '-' && first != ' ')
		return bad(r->at, "the hunk is cut, or its counts are wrong");
	if ((is_old && !hunk->nr_old) || (is_new && !hunk->nr_new))
		return bad(r->at, "the hunk has more lines than its header says");
	struct error *err = add_line(r, kind, hunk, line);
	hunk->old += is_old;
	hunk->nr_old -= is_old;
	hunk->new += is_new;
	hunk->nr_new -= is_new;
	return err;
}

/* What follows a hunk must not look like more of it. */
static struct error *check_rest(struct reader *r)
{
	struct text_line line;
	const char *next;

	while (peek_line(r, &line, &next) && begins(&line, "\\"))
		read_line(r, &line);
	if (!peek_line(r, &line, &next) || !line.length)
		return NULL;
	bool is_more = *line.text == '+' || *line.text == ' ' ||
		       (*line.text == '-' && !begins(&line, "--"));
	/* "-- " begins a signature, "--- " another file, "---" a comment, "--x" a part of a mail.
	 */
	return is_more ? bad(r->at + 1, "the hunk has more lines than its header says") : NULL;
}

static struct error *read_hunk(struct reader *r, struct hunk hunk)
{
	struct error *err = NULL;
	struct text_line line;

	if (hunk.old < r->old_end || hunk.new < r->new_end)
		return bad(r->at, "the hunk begins before the end of the one before it");
	while (!err && (hunk.nr_old || hunk.nr_new)) {
		if (!read_line(r, &line))
			return bad(r->at, "the hunk is cut: the diff ends in it");
		if (!begins(&line, "\\"))
			err = read_hunk_line(r, &hunk, &line);
	}
	r->old_end = hunk.old;
	r->new_end = hunk.new;
	return err ? err : check_rest(r);
}

/* Hand the patch that has begun over. */
static struct error *finish_patch(struct reader *r)
{
	struct error *err = NULL;

	if (r->has_patch)
		err = diff_paths_finish(&r->patch);
	if (!err && r->has_patch)
		err = series_add(&r->series, &r->patch);
	if (r->is_apart)
		series_end_patch(&r->series);
	file_patch_deinit(&r->patch);
	r->has_patch = r->in_extended = r->is_apart = false;
	r->old_end = r->new_end = 0;
	return err;
}

static struct error *begin_patch(struct reader *r, bool is_git)
{
	struct error *err = finish_patch(r);

	r->has_patch = true;
	r->in_extended = is_git;
	r->patch.is_git = is_git;
	r->patch.at = r->at;
	return err;
}

static struct error *read_path(struct reader *r, struct text_line line, size_t skip, char **ret)
{
	free(*ret);
	*ret = NULL;
	return diff_path_read(line.text + skip, line.length - skip, r->at, ret);
}

/* "--- A" and "+++ B": of the patch that a "diff --git" began, or of another one. */
static struct error *read_names(struct reader *r, struct text_line old)
{
	struct text_line new;
	const char *next;
	struct error *err = NULL;

	if (!peek_line(r, &new, &next) || !begins(&new, "+++ "))
		return NULL;
	if (!r->in_extended || r->patch.is_binary)
		err = begin_patch(r, false);
	r->in_extended = false;
	if (!err)
		err = read_path(r, old, 4, &r->patch.old_given);
	read_line(r, &new);
	if (!err)
		err = read_path(r, new, 4, &r->patch.new_given);
	r->patch.has_names = true;
	return err;
}

/* "Binary files A and B differ", without a "diff --git" that names the file. */
static struct error *read_binary(struct reader *r, const struct text_line *line)
{
	size_t skip = strlen("Binary files "), end = strlen(" differ");
	struct error *err = NULL;

	if (!r->in_extended)
		err = begin_patch(r, false);
	r->patch.is_binary = true;
	if (err || r->patch.is_git || line->length < skip + end)
		return err;
	const char *names = line->text + skip;
	size_t length = line->length - skip - end;
	const char *and = memmem(names, length, " and ", 5);
	if (!and)
		return NULL;
	r->patch.has_names = true;
	err = diff_path_read(names, (size_t)(and-names), r->at, &r->patch.old_given);
	return err ? err
		   : diff_path_read(and+5, length - (size_t)(and-names) - 5, r->at,
				    &r->patch.new_given);
}

/* Lines between "diff --git" and the first hunk. *is_any: whether this is one. */
static struct error *read_extended(struct reader *r, const struct text_line *line, bool *is_any)
{
	static const struct {
		const char *begin;
		size_t path; /* offset of the member that the path after it goes to; 0 = none */
		size_t flag; /* of the one that it sets */
	} rows[] = {
		{ "rename from ", offsetof(struct file_patch, bare_old), 0 },
		{ "rename to ", offsetof(struct file_patch, bare_new), 0 },
		{ "copy from ", offsetof(struct file_patch, bare_old),
		  offsetof(struct file_patch, is_copied) },
		{ "copy to ", offsetof(struct file_patch, bare_new),
		  offsetof(struct file_patch, is_copied) },
		{ "new file mode ", 0, offsetof(struct file_patch, is_new) },
		{ "deleted file mode ", 0, offsetof(struct file_patch, is_deleted) },
		{ "old mode ", 0, offsetof(struct file_patch, is_mode_changed) },
		{ "new mode ", 0, offsetof(struct file_patch, is_mode_changed) },
		{ "similarity index ", 0, 0 },
		{ "dissimilarity index ", 0, 0 },
		{ "index ", 0, 0 },
		{ "GIT binary patch", 0, offsetof(struct file_patch, is_binary) },
	};

	*is_any = false;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (!begins(line, rows[i].begin))
			continue;
		*is_any = true;
		if (begins(line, "index "))
			diff_blobs_read(line->text + 6, line->length - 6, &r->patch);
		if (rows[i].flag)
			*(bool *)((char *)&r->patch + rows[i].flag) = true;
		return rows[i].path ? read_path(r, *line, strlen(rows[i].begin),
						(char **)((char *)&r->patch + rows[i].path))
				    : NULL;
	}
	return NULL;
}

static bool is_header(const struct text_line *line, const char *name)
{
	size_t length = strlen(name);

	return line->length >= length && !strncasecmp(line->text, name, length);
}

/* Of a mail: "From 0123...", then "Name: value" up to an empty line. "--x" begins a part of it. */
static struct error *read_mail(struct reader *r, const struct text_line *line)
{
	static const char encoding[] = "Content-Transfer-Encoding:";

	if (!line->length)
		r->in_header = false;
	else if (begins(line, "From ") || (begins(line, "--") && line->length > 10 &&
					   line->text[2] != '-' && line->text[2] != ' '))
		r->in_header = true;
	if (!r->in_header || !is_header(line, encoding))
		return NULL;
	const char *value = line->text + strlen(encoding);
	size_t left = line->length - strlen(encoding);
	while (left && (*value == ' ' || *value == '\t'))
		value++, left--;
	struct text_line rest = { value, left };
	if (!is_header(&rest, "base64") && !is_header(&rest, "quoted-printable"))
		return NULL;
	return unsupported(r->at, "the mail is encoded, so that its diff cannot be read",
			   "'git mailinfo MESSAGE PATCH <MAIL' decodes it");
}

static struct error *read_git(struct reader *r, const struct text_line *line)
{
	size_t skip = strlen("diff --git ");
	struct error *err = begin_patch(r, true);

	return err ? err
		   : diff_paths_of_git(line->text + skip, line->length - skip, r->at, &r->patch);
}

static struct error *read_at(struct reader *r, const struct text_line *line)
{
	struct hunk hunk;

	if (parse_hunk(*line, &hunk))
		return r->has_patch && r->patch.has_names
			       ? read_hunk(r, hunk)
			       : bad(r->at, "a hunk, but no line says of which file");
	if (begins(line, "@@@") && r->has_patch)
		return unsupported(r->at, "this is a combined diff, of a merge",
				   "use 'git diff A B' of two commits");
	return r->has_patch && r->patch.has_names ? bad(r->at, "this does not begin a hunk") : NULL;
}

/* Of a "GIT binary patch": "literal 12", "delta 12", and lines of base 85, which has no blanks. */
static bool is_binary_data(const struct reader *r, const struct text_line *line)
{
	return r->has_patch && r->patch.is_binary &&
	       (!memchr(line->text, ' ', line->length) || begins(line, "literal ") ||
		begins(line, "delta "));
}

/* "12,14c12", "5d4" or "5a6": what diff(1) without options writes before the lines that differ. */
static bool is_command(struct text_line line)
{
	uint32_t first, nr;

	return take_range(&line, &first, &nr) &&
	       (take_char(&line, 'a') || take_char(&line, 'c') || take_char(&line, 'd')) &&
	       take_range(&line, &first, &nr) && !line.length;
}

static struct error *read_other(struct reader *r, const struct text_line *line)
{
	struct text_line after;
	const char *next;

	if (begins(line, "diff --cc ") || begins(line, "diff --combined "))
		return unsupported(r->at, "this is a combined diff, of a merge",
				   "use 'git diff A B' of two commits");
	if (begins(line, "***************") && peek_line(r, &after, &next) &&
	    begins(&after, "*** "))
		return unsupported(r->at, "this is a context diff", "use 'diff -u'");
	if (!r->has_patch && is_command(*line) && peek_line(r, &after, &next) &&
	    (begins(&after, "< ") || begins(&after, "> ")))
		return unsupported(r->at, "this is a normal diff, not a unified one",
				   "use 'diff -u'");
	if (begins(line, "Binary files ") && line->length > 20 &&
	    !memcmp(line->text + line->length - 7, " differ", 7))
		return read_binary(r, line);
	/* After other text, the same words are text, too: "copy from user space may fail". */
	if (r->in_extended) {
		struct error *err = read_extended(r, line, &r->in_extended);

		if (err || r->in_extended)
			return err;
	}
	r->is_apart |= line->length && !is_binary_data(r, line);
	return read_mail(r, line);
}

static struct error *read_all(struct reader *r)
{
	struct error *err = NULL;
	struct text_line line;

	r->in_header = true;
	while (!err && read_line(r, &line)) {
		if (begins(&line, "diff --git "))
			err = read_git(r, &line);
		else if (begins(&line, "--- "))
			err = read_names(r, line);
		else if (begins(&line, "@@"))
			err = read_at(r, &line);
		else
			err = read_other(r, &line);
	}
	if (!err)
		err = finish_patch(r);
	series_end_patch(&r->series);
	return err;
}

static void reader_deinit(struct reader *r)
{
	file_patch_deinit(&r->patch);
	series_deinit(&r->series);
}

static struct error *read_text(struct reader *r, const struct diff_text *text)
{
	if (text->size > DIFF_SIZE_MAX)
		return error_create(ERROR_UNSUPPORTED, "the diff is larger than %d MB",
				    DIFF_SIZE_MAX >> 20);
	r->next = text->text;
	r->end = text->text + text->size;
	r->at = 0;
	return read_all(r);
}

struct error *diff_parse_texts(const struct diff_text *texts, size_t nr, struct diff **ret)
{
	_cleanup_(reader_deinit) struct reader r = { 0 };
	struct error *err = series_init(&r.series);
	struct diff *diff;

	for (size_t i = 0; !err && i < nr; i++) {
		err = read_text(&r, &texts[i]);
		if (texts[i].name)
			err = error_context(err, "'%s'", texts[i].name);
	}
	if (err)
		return err;
	diff = calloc(1, sizeof(*diff));
	if (!diff)
		return &error_no_memory;
	series_take(&r.series, diff);
	*ret = diff;
	return NULL;
}

struct error *diff_parse(const char *text, size_t size, struct diff **ret)
{
	return diff_parse_texts(&(struct diff_text){ text, size, NULL }, 1, ret);
}
