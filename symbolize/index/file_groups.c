// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Note which groups say something of each file, so that a question about a file costs what is in
 * it: those that own a line or a function of the file. Also those that enter a function whose entry
 * block has a line of the file, which may be a function of another file.
 */
#include <stdlib.h>

#include "base/search.h"
#include "base/sort.h"
#include "symbolize/index/private.h"

bool file_groups_init(struct file_groups *groups, const struct index_draft *draft,
		      const struct draft_entry_line_vector *entry_lines)
{
	*groups = (struct file_groups){ .draft = draft, .entry_lines = entry_lines };
	groups->last = calloc(draft->files.len + 1, sizeof(*groups->last));
	return groups->last;
}

void file_groups_deinit(struct file_groups *groups)
{
	free(groups->last);
	line_key_vector_deinit(&groups->pairs);
}

/* A pair of a file and a group, once: groups come in their order. */
static bool add(struct file_groups *groups, uint32_t file, uint32_t group)
{
	if (groups->last[file] == group + 1)
		return true;
	groups->last[file] = group + 1;
	return line_key_vector_append(&groups->pairs, &(uint64_t){ line_key(file, group) });
}

static bool add_function(struct file_groups *groups, uint32_t function, uint32_t group)
{
	const struct draft_entry_line_vector *lines = groups->entry_lines;
	size_t i = search_first(lines->len, n, lines->data[n].function >= function);
	bool ok = add(groups, groups->draft->functions.data[function].file, group);

	for (; ok && i < lines->len && lines->data[i].function == function; i++)
		ok = add(groups, lines->data[i].file, group);
	return ok;
}

bool file_groups_add(struct file_groups *groups, const struct draft_owner *owner, uint32_t group)
{
	return owner->file == INDEX_NONE ? add_function(groups, owner->line, group)
					 : add(groups, owner->file, group);
}

bool file_groups_finish(struct file_groups *groups, struct index_draft *draft)
{
	struct line_key_vector *pairs = &groups->pairs;
	size_t next = 0;

	if (!sort_keys(pairs->data, pairs->len, 32) ||
	    !index_group_number_vector_reserve(&draft->file_groups, pairs->len))
		return false;
	vector_for_each(&draft->files, f) {
		f->first_group = next;
		for (; next < pairs->len && pairs->data[next] >> 32 == f - draft->files.data;
		     next++)
			index_group_number_vector_append(&draft->file_groups,
							 &(uint32_t){ pairs->data[next] });
	}
	return true;
}
