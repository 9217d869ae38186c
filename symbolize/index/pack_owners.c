// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Number the lines, pack the owners by group (owners.h), judge them where nothing was recorded (the
 * baseline), and pack the lines (lines.h).
 */
#include <string.h>

#include "base/cleanup.h"
#include "base/search.h"
#include "base/sort.h"
#include "symbolize/index/judge.h"
#include "symbolize/index/owners.h"
#include "symbolize/index/private.h"

DEFINE_VECTOR(claim_vector, struct claim);

/* An owner in the order of its group: by function of the machine code, by what it owns, by block.
 */
struct sorted_owner {
	uint32_t symbol, id;
	struct index_owner owner;
};

DEFINE_VECTOR(sorted_owner_vector, struct sorted_owner);

struct packer {
	struct index_draft *draft;
	struct line_key_vector lines;	  /* ascending, distinct: their numbers */
	struct inference baseline;	  /* nothing was recorded */
	struct verdict *line_verdicts;	  /* of each line */
	struct sorted_owner_vector group; /* scratch: the owners of one group */
	struct claim_vector claims;	  /* scratch: those of one run */
	struct file_groups file_groups;
};

static struct error *number_lines(struct packer *p, const struct draft_owners *owners)
{
	struct index_draft *d = p->draft;
	struct line_key_vector *v = &p->lines;
	size_t nr = 0;

	if (!line_key_vector_reserve(v, owners->lines.len + owners->entry_lines.len + 1))
		return &error_no_memory;
	vector_for_each(&owners->lines, o)
		v->data[v->len++] = line_key(o->file, o->line);
	vector_for_each(&owners->entry_lines, e)
		v->data[v->len++] = line_key(e->file, e->line);
	if (!sort_keys(v->data, v->len, 0))
		return &error_no_memory;
	for (size_t i = 0; i < v->len; i++)
		if (!i || v->data[i] != v->data[i - 1])
			v->data[nr++] = v->data[i];
	v->len = nr;
	/* One more file ends the last one. */
	if (!index_file_vector_append(&d->files, NULL))
		return &error_no_memory;
	for (size_t file = 0, line = 0; file < d->files.len; file++) {
		while (line < nr && v->data[line] >> 32 < file)
			line++;
		d->files.data[file].first_line = line;
	}
	return NULL;
}

/* The number of a line, or INDEX_NONE if no block owns it. */
static uint32_t line_number(const struct packer *p, uint32_t file, uint32_t line)
{
	const struct index_file *f = &p->draft->files.data[file];
	uint32_t nr = f[1].first_line - f[0].first_line;
	uint64_t key = line_key(file, line);

	if (!nr)
		return INDEX_NONE;
	const uint64_t *keys = p->lines.data + f[0].first_line;
	uint32_t i = search_first(nr, n, keys[n] >= key);

	return i < nr && keys[i] == key ? f->first_line + i : INDEX_NONE;
}

/* They ascend by block already, and the sort is stable. */
DEFINE_SORT(sort_owners, struct sorted_owner,
	    a->symbol != b->symbol ? a->symbol < b->symbol : a->id < b->id);

static bool is_same_owner(const struct sorted_owner *a, const struct sorted_owner *b)
{
	return a->id == b->id && a->owner.block == b->owner.block;
}

/* Merge the owners of a block that own the same. */
static void merge_owners(struct sorted_owner_vector *v)
{
	size_t nr = 0;

	vector_for_each(v, o) {
		if (nr && is_same_owner(&v->data[nr - 1], o))
			v->data[nr - 1].owner.kinds |= o->owner.kinds;
		else
			v->data[nr++] = *o;
	}
	v->len = nr;
}

/* Take the owners of the blocks of a group from the list, and sort and merge them. */
static struct error *take_group(struct packer *p, const struct draft_owner_vector *list,
				size_t *next, uint32_t group)
{
	uint32_t end = p->draft->groups.data[group + 1].first_block;

	p->group.len = 0;
	for (; *next < list->len && list->data[*next].owner.block < end; ++*next) {
		const struct draft_owner *o = &list->data[*next];
		const struct sorted_owner sorted = {
			.symbol = p->draft->blocks.data[o->owner.block].symbol,
			.id = o->file == INDEX_NONE ? o->line : line_number(p, o->file, o->line),
			.owner = o->owner,
		};

		if (!sorted_owner_vector_append(&p->group, &sorted) ||
		    !file_groups_add(&p->file_groups, o, group))
			return &error_no_memory;
	}
	if (!sort_owners(p->group.data, p->group.len))
		return &error_no_memory;
	merge_owners(&p->group);
	return NULL;
}

/* The owners of one line, or of one function, in one function of the machine code. */
static size_t run_length(const struct sorted_owner *owners, size_t nr)
{
	size_t n = 1;

	while (n < nr && owners[n].symbol == owners[0].symbol && owners[n].id == owners[0].id)
		n++;
	return n;
}

static bool pack_owner(struct packed *out, uint32_t difference, uint32_t kinds)
{
	uint32_t i = 0;

	while (i < OWNER_OTHER_KINDS && owner_kinds[i] != kinds)
		i++;
	return packed_put(out, (uint64_t)difference << OWNER_KINDS_SHIFT | i) &&
	       (i < OWNER_OTHER_KINDS || packed_put(out, kinds));
}

static bool pack_run(struct packed *out, const struct sorted_owner *owners, size_t nr,
		     uint32_t *last_id, uint32_t first_block)
{
	uint32_t block = first_block;
	bool ok = packed_put_signed(out, (int64_t)owners->id - *last_id) && packed_put(out, nr);

	*last_id = owners->id;
	for (size_t i = 0; ok && i < nr; i++) {
		ok = pack_owner(out, owners[i].owner.block - block, owners[i].owner.kinds);
		block = owners[i].owner.block;
	}
	return ok;
}

static bool judge_run(struct packer *p, const struct sorted_owner *owners, size_t nr,
		      struct verdict *verdict)
{
	p->claims.len = 0;
	for (size_t i = 0; i < nr; i++) {
		struct claim claim;

		if (judge_owner(p->baseline.blocks, owners[i].owner, &claim) &&
		    !claim_vector_append(&p->claims, &claim))
			return false;
	}
	judge_claims(verdict, p->claims.data, p->claims.len);
	return true;
}

/* Pack and judge the owners of one group. functions: they own functions, not lines. */
static struct error *pack_group(struct packer *p, bool functions, uint32_t first_block)
{
	struct index_draft *d = p->draft;
	uint32_t last_id = 0;

	if (d->owners.len >= UINT32_MAX / 2)
		return error_create(ERROR_UNSUPPORTED, "more than 2 GiB of owners of lines");
	for (size_t i = 0; i < p->group.len;) {
		const struct sorted_owner *run = &p->group.data[i];
		size_t nr = run_length(run, p->group.len - i);
		struct verdict of_function = { 0 };
		struct verdict *v = functions ? &of_function : &p->line_verdicts[run->id];

		if (!pack_run(&d->owners, run, nr, &last_id, first_block) ||
		    !judge_run(p, run, nr, v))
			return &error_no_memory;
		if (functions)
			d->functions.data[run->id].found += of_function.found;
		i += nr;
	}
	return NULL;
}

static struct error *pack_groups(struct packer *p, const struct draft_owners *owners)
{
	struct index_draft *d = p->draft;
	size_t next_line = 0, next_function = 0;
	struct error *err = NULL;

	for (size_t g = 0; !err && g + 1 < d->groups.len; g++) {
		uint32_t first = d->groups.data[g].first_block;

		err = infer_group(&p->baseline, g);
		d->groups.data[g].line_owners = d->owners.len;
		if (!err)
			err = take_group(p, &owners->lines, &next_line, g);
		if (!err)
			err = pack_group(p, false, first);
		d->groups.data[g].function_owners = d->owners.len;
		if (!err)
			err = take_group(p, &owners->functions, &next_function, g);
		if (!err)
			err = pack_group(p, true, first);
	}
	d->groups.data[d->groups.len - 1].line_owners = d->owners.len;
	d->groups.data[d->groups.len - 1].function_owners = d->owners.len;
	return err;
}

static bool pack_lines(struct packer *p)
{
	struct index_draft *d = p->draft;
	bool ok = true;

	for (size_t file = 0; file < d->files.len; file++) {
		struct index_file *f = &d->files.data[file];
		uint32_t last = 0;

		f->lines = d->line_table.len;
		if (file + 1 == d->files.len)
			break;
		for (uint32_t i = f[0].first_line; ok && i < f[1].first_line; i++) {
			uint32_t line = p->lines.data[i];

			ok = packed_put(&d->line_table, line - last) &&
			     packed_put(&d->line_table, p->line_verdicts[i].found) &&
			     packed_put(&d->line_table, p->line_verdicts[i].missed_parts);
			last = line;
		}
	}
	return ok;
}

static struct error *add_branches(struct packer *p, const struct draft_owner_vector *branches)
{
	struct index_draft *d = p->draft;
	struct line_key_vector order = VECTOR_INIT;
	bool ok = true;

	for (size_t i = 0; ok && i < branches->len; i++) {
		const struct draft_owner *b = &branches->data[i];
		uint32_t line = line_number(p, b->file, b->line);

		if (line != INDEX_NONE)
			ok = line_key_vector_append(&order, &(uint64_t){ line_key(line, i) });
	}
	struct error *err = ok && sort_keys(order.data, order.len, 0) ? NULL : &error_no_memory;

	for (size_t i = 0; !err && i < order.len; i++) {
		uint64_t key = order.data[i];
		const struct index_branch branch = { key >> 32,
						     branches->data[(uint32_t)key].owner.block };

		if (!index_branch_vector_append(&d->branches, &branch))
			err = &error_no_memory;
	}
	line_key_vector_deinit(&order);
	return err;
}

static struct error *add_entry_lines(struct packer *p, const struct draft_entry_line_vector *lines)
{
	struct line_key_vector order = VECTOR_INIT;
	bool ok = true;

	vector_for_each(lines, l) {
		uint32_t line = line_number(p, l->file, l->line);

		ok = ok &&
		     line_key_vector_append(&order, &(uint64_t){ line_key(l->function, line) });
	}
	struct error *err = ok && sort_keys(order.data, order.len, 0) ? NULL : &error_no_memory;

	for (size_t i = 0; !err && i < order.len; i++) {
		const struct index_entry_line line = { order.data[i] >> 32, order.data[i] };

		if ((!i || order.data[i] != order.data[i - 1]) &&
		    !index_entry_line_vector_append(&p->draft->entry_lines, &line))
			err = &error_no_memory;
	}
	line_key_vector_deinit(&order);
	return err;
}

/* Where the functions and branches of each file begin, and how many points it has. */
static void note_contents(struct index_draft *d)
{
	uint32_t function = 0, branch = 0;

	vector_for_each(&d->files, f) {
		uint32_t file = f - d->files.data;

		while (function < d->functions.len && d->functions.data[function].file < file)
			function++;
		while (branch < d->branches.len && d->branches.data[branch].line < f->first_line)
			branch++;
		f->first_function = function;
		f->first_branch = branch;
	}
	vector_for_each(&d->points, point) {
		const struct index_place *place = draft_find_place(d, point->offset);

		if (place && place->file != INDEX_NONE && point->kind != INDEX_EXIT)
			d->files.data[place->file].nr_points++;
	}
}

static void note_missed(struct packer *p)
{
	for (size_t b = 0; b < p->draft->blocks.len; b++)
		if (p->baseline.blocks[b].state == BLOCK_MISSED)
			p->draft->blocks.data[b].flags |= INDEX_BLOCK_MISSED;
}

static struct error *pack(struct packer *p, const struct draft_owners *owners,
			  const struct draft_owner_vector *branches)
{
	const struct index_draft *d = p->draft;
	const struct index_graph graph = {
		.blocks = d->blocks.data,
		.nr_blocks = d->blocks.len,
		.edges = d->edges.data,
		.nr_edges = d->edges.len,
		.points = d->points.data,
		.nr_points = d->points.len,
		.groups = d->groups.data,
		.nr_groups = d->groups.len - 1,
	};
	struct error *err = number_lines(p, owners);

	if (err)
		return err;
	p->line_verdicts = calloc(p->lines.len + 1, sizeof(*p->line_verdicts));
	err = p->line_verdicts ? inference_init(&p->baseline, graph, NULL, NULL) : &error_no_memory;
	if (!err && !file_groups_init(&p->file_groups, d, &owners->entry_lines))
		err = &error_no_memory;
	if (!err)
		err = pack_groups(p, owners);
	if (!err && (!file_groups_finish(&p->file_groups, p->draft) || !pack_lines(p)))
		err = &error_no_memory;
	if (!err)
		err = add_branches(p, branches);
	if (!err)
		err = add_entry_lines(p, &owners->entry_lines);
	return err;
}

struct error *index_pack_owners(struct index_draft *draft, const struct draft_owners *owners,
				const struct draft_owner_vector *branches)
{
	struct packer p = { .draft = draft };
	struct error *err = pack(&p, owners, branches);

	if (!err) {
		note_missed(&p);
		note_contents(draft);
	}
	line_key_vector_deinit(&p.lines);
	inference_deinit(&p.baseline);
	free(p.line_verdicts);
	sorted_owner_vector_deinit(&p.group);
	claim_vector_deinit(&p.claims);
	file_groups_deinit(&p.file_groups);
	return err;
}
