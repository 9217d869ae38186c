// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads MAINTAINERS, and finds the entries that a file is in. */
#include "render/maintainers.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/search.h"
#include "base/sort.h"
#include "base/strbuf.h"
#include "render/maintainers_private.h"

DEFINE_VECTOR(maintainers_entry_vector, struct maintainers_entry);

struct maintainers {
	char *path; /* of the file; NULL = of maintainers_parse() */
	char *text; /* lines end with NUL */
	struct maintainers_entry_vector entries;
	struct string_vector contacts;		    /* of all entries */
	struct string_vector with_slash;	    /* patterns that needed one; owned */
	struct maintainers_pattern_vector files;    /* F:, ascending by head */
	struct maintainers_pattern_vector names;    /* N: */
	struct maintainers_pattern_vector excluded; /* X:, ascending by entry */
	size_t nr_regex;
};

/* A text that is read. */
struct parser {
	struct maintainers *to;
	int root; /* of the tree; -1 = none */
	const char *title;
	uint32_t line;
	bool in_entry;
};

static void patterns_deinit(struct maintainers_pattern_vector *patterns)
{
	vector_for_each(patterns, p)
		maintainers_pattern_deinit(p);
	maintainers_pattern_vector_deinit(patterns);
}

void maintainers_destroy(struct maintainers *m)
{
	if (!m)
		return;
	patterns_deinit(&m->files);
	patterns_deinit(&m->names);
	patterns_deinit(&m->excluded);
	vector_for_each(&m->with_slash, s)
		free((char *)*s);
	string_vector_deinit(&m->with_slash);
	string_vector_deinit(&m->contacts);
	maintainers_entry_vector_deinit(&m->entries);
	free(m->text);
	free(m->path);
	free(m);
}

static bool is_directory(int root, const char *path)
{
	struct stat st;

	return root >= 0 && *path && *path != '/' && !strpbrk(path, ".*?") &&
	       !fstatat(root, path, &st, 0) && S_ISDIR(st.st_mode);
}

/* Add the '/' that a directory lacks. */
static struct error *complete(struct parser *parser, struct maintainers_pattern *p)
{
	_cleanup_free_ char *whole = NULL;

	if (string_ends_with(p->text, "/") || !is_directory(parser->root, p->text))
		return NULL;
	if (asprintf(&whole, "%s/", p->text) < 0) {
		whole = NULL;
		return &error_no_memory;
	}
	p->text = whole;
	p->length++;
	if (!string_vector_append(&parser->to->with_slash, &p->text))
		return &error_no_memory;
	(void)steal_ptr(&whole);
	return NULL;
}

static struct error *add_pattern(struct parser *parser, char type, const char *value)
{
	struct maintainers *m = parser->to;
	struct maintainers_pattern p = {
		.text = value,
		.length = strlen(value),
		.entry = m->entries.len - 1,
		.line = parser->line,
	};
	struct maintainers_pattern_vector *to = type == 'N'   ? &m->names
						: type == 'X' ? &m->excluded
							      : &m->files;
	struct error *err = type == 'N' ? NULL : complete(parser, &p);

	if (!err)
		err = type == 'N' ? maintainers_name_init(&p, &m->nr_regex)
				  : maintainers_path_init(&p, &m->nr_regex);
	if (err)
		return err;
	if (maintainers_pattern_vector_append(to, &p))
		return NULL;
	maintainers_pattern_deinit(&p);
	return &error_no_memory;
}

static struct error *begin_entry(struct parser *parser)
{
	const char *title = parser->title ? parser->title : "(no title)";
	const struct maintainers_entry entry = {
		.title = title,
		.line = parser->line,
		.is_rest = !strcmp(title, "THE REST"),
	};

	parser->in_entry = true;
	return maintainers_entry_vector_append(&parser->to->entries, &entry) ? NULL
									     : &error_no_memory;
}

static struct error *read_field(struct parser *parser, char type, const char *value)
{
	struct maintainers *m = parser->to;
	struct error *err = parser->in_entry ? NULL : begin_entry(parser);

	if (err)
		return err;
	switch (type) {
	case 'F':
	case 'X':
	case 'N':
		return add_pattern(parser, type, value);
	case 'M':
	case 'R':
	case 'L':
		m->entries.data[m->entries.len - 1].nr_contacts++;
		return string_vector_append(&m->contacts, &value) ? NULL : &error_no_memory;
	default:
		return NULL;
	}
}

/* line: without its end. */
static struct error *read_line(struct parser *parser, char *line)
{
	char *text = line;

	if (*line >= 'A' && *line <= 'Z' && line[1] == ':') {
		for (text = line + 2; isspace((unsigned char)*text);)
			text++;
		return read_field(parser, *line, text);
	}
	while (isspace((unsigned char)*text))
		text++;
	if (!*text || *text == '#')
		return NULL;
	for (size_t length = strlen(line); isspace((unsigned char)line[length - 1]);)
		line[--length] = '\0';
	parser->title = line;
	parser->in_entry = false;
	return NULL;
}

static struct error *read_lines(struct parser *parser, size_t size)
{
	char *line = parser->to->text, *end = line + size, *next;
	struct error *err = NULL;

	for (; !err && line < end; line = next) {
		char *newline = memchr(line, '\n', end - line);

		next = newline ? newline + 1 : end;
		if (!newline)
			newline = end;
		*newline = '\0';
		if (newline > line && newline[-1] == '\r')
			newline[-1] = '\0';
		parser->line++;
		err = read_line(parser, line);
	}
	return err;
}

static bool head_is_before(const struct maintainers_pattern *a, const struct maintainers_pattern *b)
{
	size_t shorter = a->head < b->head ? a->head : b->head;
	int order = memcmp(a->text, b->text, shorter);

	return order ? order < 0 : a->head < b->head;
}

DEFINE_SORT(sort_by_head, struct maintainers_pattern, head_is_before(a, b));
DEFINE_SORT(sort_entries, uint32_t, *a < *b);

static struct error *finish(struct maintainers *m)
{
	size_t at = 0;

	vector_for_each(&m->entries, entry) {
		if (!entry->nr_contacts)
			continue;
		entry->contacts = &m->contacts.data[at];
		at += entry->nr_contacts;
	}
	return sort_by_head(m->files.data, m->files.len) ? NULL : &error_no_memory;
}

struct error *maintainers_parse(const char *text, size_t size, const char *root,
				struct maintainers **ret)
{
	_cleanup_maintainers_ struct maintainers *m = calloc(1, sizeof(*m));
	_cleanup_close_ int fd = root ? open(root, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
	struct parser parser = { .to = m, .root = fd };

	if (size > MAINTAINERS_SIZE_MAX)
		return error_create(ERROR_FORMAT, "more than %u bytes", MAINTAINERS_SIZE_MAX);
	if (size && memchr(text, '\0', size))
		return error_create(ERROR_FORMAT, "not a text");
	if (!m)
		return &error_no_memory;
	m->text = malloc(size + 1);
	if (!m->text)
		return &error_no_memory;
	if (size)
		memcpy(m->text, text, size);
	struct error *err = read_lines(&parser, size);
	if (!err && !m->entries.len)
		err = error_create(ERROR_FORMAT, "no entry");
	if (!err)
		err = finish(m);
	if (!err)
		*ret = steal_ptr(&m);
	return err;
}

struct error *maintainers_read(const char *root, struct maintainers **ret)
{
	_cleanup_free_ char *path = NULL;
	_cleanup_free_ char *text = NULL;
	size_t size;

	if (asprintf(&path, "%s/MAINTAINERS", root) < 0) {
		path = NULL;
		return &error_no_memory;
	}
	struct error *err = file_read_regular(path, MAINTAINERS_SIZE_MAX, &text, &size);
	if (err)
		return err;
	err = error_context(maintainers_parse(text, size, root, ret), "'%s'", path);
	if (!err)
		(*ret)->path = steal_ptr(&path);
	return err;
}

const struct maintainers_entry *maintainers_entries(const struct maintainers *m, size_t *ret_nr)
{
	*ret_nr = m->entries.len;
	return m->entries.data;
}

/* Try the patterns of F: with this head, the first bytes of the path. */
static struct error *match_head(const struct maintainers *m, struct maintainers_question *q,
				size_t head, struct entry_vector *ret)
{
	const struct maintainers_pattern *files = m->files.data;
	const struct maintainers_pattern wanted = { .text = q->path, .head = head };
	size_t first = search_first(m->files.len, i, !head_is_before(&files[i], &wanted));

	for (size_t i = first; i < m->files.len && !head_is_before(&wanted, &files[i]); i++) {
		bool matches;
		struct error *err = maintainers_path_matches(&files[i], q, &matches);

		if (err)
			return err;
		if (matches && !entry_vector_append(ret, &files[i].entry))
			return &error_no_memory;
	}
	return NULL;
}

static struct error *match_files(const struct maintainers *m, struct maintainers_question *q,
				 struct entry_vector *ret)
{
	struct error *err = match_head(m, q, 0, ret);

	for (size_t i = 0; !err && i < q->length; i++)
		if (q->path[i] == '/')
			err = match_head(m, q, i + 1, ret);
	return err;
}

static struct error *match_names(const struct maintainers *m, struct maintainers_question *q,
				 struct entry_vector *ret)
{
	vector_for_each(&m->names, p) {
		bool matches;
		struct error *err = maintainers_name_matches(p, q, &matches);

		if (err)
			return err;
		if (matches && !entry_vector_append(ret, &p->entry))
			return &error_no_memory;
	}
	return NULL;
}

static struct error *is_excluded(const struct maintainers *m, struct maintainers_question *q,
				 uint32_t entry, bool *ret)
{
	const struct maintainers_pattern_vector *excluded = &m->excluded;
	size_t first = search_first(excluded->len, i, excluded->data[i].entry >= entry);
	struct error *err = NULL;

	*ret = false;
	for (size_t i = first;
	     !err && !*ret && i < excluded->len && excluded->data[i].entry == entry; i++)
		err = maintainers_path_matches(&excluded->data[i], q, ret);
	return err;
}

static struct error *find(const struct maintainers *m, const char *path, struct entry_vector *ret)
{
	struct maintainers_question q = { .path = path, .length = strlen(path) };
	size_t kept = 0;

	for (size_t i = 0; i < q.length; i++)
		q.slashes += path[i] == '/';
	ret->len = 0;
	struct error *err = match_files(m, &q, ret);
	if (!err)
		err = match_names(m, &q, ret);
	if (err)
		return err;
	if (!sort_entries(ret->data, ret->len))
		return &error_no_memory;
	for (size_t i = 0; i < ret->len; i++) {
		uint32_t entry = ret->data[i];
		bool excluded;

		if (kept && ret->data[kept - 1] == entry)
			continue;
		err = is_excluded(m, &q, entry, &excluded);
		if (err)
			return err;
		if (!excluded)
			ret->data[kept++] = entry;
	}
	ret->len = kept;
	return NULL;
}

struct error *maintainers_find(const struct maintainers *m, const char *path,
			       struct entry_vector *ret)
{
	struct error *err = find(m, path, ret);

	return m->path ? error_context(err, "'%s'", m->path) : err;
}

struct error *maintainers_find_subsystems(const struct maintainers *m, const char *path,
					  struct entry_vector *ret)
{
	struct error *err = maintainers_find(m, path, ret);
	size_t kept = 0;

	if (err)
		return err;
	for (size_t i = 0; i < ret->len; i++)
		if (!m->entries.data[ret->data[i]].is_rest)
			ret->data[kept++] = ret->data[i];
	if (kept)
		ret->len = kept;
	return NULL;
}

bool maintainers_entry_has(const struct maintainers_entry *entry, const char *text)
{
	for (size_t i = 0; i < entry->nr_contacts; i++)
		if (strcasestr(entry->contacts[i], text))
			return true;
	return strcasestr(entry->title, text);
}
