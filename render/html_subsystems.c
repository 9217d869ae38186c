// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes which files are in which entries of MAINTAINERS, for the view of subsystems. */
#include <string.h>

#include "base/cleanup.h"
#include "render/html_private.h"
#include "render/maintainers.h"
#include "render/path_map.h"

/* A file that is written, by its number in the index, and an entry that it is in. */
struct membership {
	uint32_t entry, file;
};

DEFINE_VECTOR(membership_vector, struct membership);

#define NO_ENTRY UINT32_MAX

static struct error *add_file(const struct maintainers *maintainers, const char *relative,
			      uint32_t number, struct entry_vector *found,
			      struct membership_vector *ret)
{
	struct membership none = { NO_ENTRY, number };
	struct error *err = NULL;

	found->len = 0;
	if (relative)
		err = maintainers_find_subsystems(maintainers, relative, found);
	if (!err && !found->len && !membership_vector_append(ret, &none))
		err = &error_no_memory;
	for (size_t i = 0; !err && i < found->len; i++)
		if (!membership_vector_append(ret, &(struct membership){ found->data[i], number }))
			err = &error_no_memory;
	return err;
}

static struct error *find_members(const struct view *view, const struct maintainers *maintainers,
				  struct membership_vector *ret)
{
	_cleanup_(entry_vector_deinit) struct entry_vector found = VECTOR_INIT;
	struct error *err = NULL;
	uint32_t number = 0;

	for (size_t i = 0; !err && i < view->coverage.nr_files; i++) {
		const struct coverage_file *file = &view->coverage.files[i];

		if (view_writes(view, file))
			err = add_file(maintainers, path_inside(file->path, view->root), number++,
				       &found, ret);
	}
	return err;
}

static int compare_memberships(const void *va, const void *vb)
{
	const struct membership *a = va, *b = vb;

	if (a->entry != b->entry)
		return a->entry < b->entry ? -1 : 1;
	return a->file < b->file ? -1 : a->file > b->file;
}

/* [title or null, file, ...] for each entry with a file. */
static void write_entries(const struct maintainers *maintainers,
			  const struct membership_vector *members, struct writer *out)
{
	size_t nr;
	const struct maintainers_entry *entries = maintainers_entries(maintainers, &nr);

	writer_str(out, ",\"subsystems\":[");
	for (size_t i = 0; i < members->len; i++) {
		const struct membership *m = &members->data[i];

		if (!i || m[-1].entry != m->entry) {
			writer_str(out, i ? "],\n[" : "\n[");
			html_write_str(m->entry == NO_ENTRY ? NULL : entries[m->entry].title, out);
		}
		html_write_number(",", m->file, out);
	}
	writer_str(out, members->len ? "]]" : "]");
}

/* A MAINTAINERS that cannot be used is said in the view. */
static struct error *write_problem(const struct error *problem, struct writer *out)
{
	_cleanup_free_ char *text = error_format(problem);

	if (!text)
		return &error_no_memory;
	writer_str(out, ",\"problem\":");
	html_write_str(text, out);
	return NULL;
}

struct error *html_subsystems_write(const struct view *view, struct sink *sink, bool *ret)
{
	_cleanup_maintainers_ struct maintainers *maintainers = NULL;
	_cleanup_(membership_vector_deinit) struct membership_vector members = VECTOR_INIT;
	_cleanup_error_ struct error *problem = NULL;
	struct writer *out;

	bool had_one;

	*ret = false;
	if (view->root)
		problem = maintainers_read(view->root, &maintainers);
	if (!view->root || (problem && problem->code == ERROR_NOT_FOUND))
		return html_chunk_remove(sink, "subsystems", &had_one);
	if (!problem)
		problem = find_members(view, maintainers, &members);
	if (problem && problem->code == ERROR_NO_MEMORY)
		return &error_no_memory;
	struct error *err = html_chunk_begin(sink, "subsystems", &out);
	if (err)
		return err;
	*ret = true;
	if (problem) {
		err = write_problem(problem, out);
	} else {
		if (members.len)
			qsort(members.data, members.len, sizeof(*members.data),
			      compare_memberships);
		write_entries(maintainers, &members, out);
	}
	return err ? err : html_chunk_end(sink, out);
}
