// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Merges the modules of one run into another.
 *
 * Two boots of one kernel load the same module at different addresses, and
 * different modules at the same address. So modules of the added run, and their
 * PCs, may have to move. If the merged run already has the same module (name and
 * build id), the added one moves to its address. If another module is in the way,
 * the added one moves to an address above all modules. vmlinux never moves and
 * never overlaps a module: within each boot the same offset was subtracted from
 * the addresses of both.
 *
 * Modules of one run overlap if one was loaded where another had been. Only a
 * report, which knows their code, can tell whose a PC there is. So such modules
 * move together or not at all, and a module does not move to where others are.
 */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/search.h"
#include "run/format.h"
#include "run/merge.h"

#define MODULE_ALIGNMENT 4096
#define MODULE_SIZE_MAX	 ((uint64_t)16 << 20)
/* With more modules than this, those that overlap move one by one, so that they are found again. */
#define GROUPS_UNTIL (RUN_MODULES_MAX / 2)
/* The most places where a group is looked for: more are made up. */
#define GROUP_TRIES 64

/* Modules that overlap, or one: those from first up to but not including end. */
struct group {
	const struct run_module_vector *all;
	size_t first, end;
	uint64_t start, stop; /* their addresses */
};

/* The merged run before the merge. */
struct before {
	struct run_module_vector modules;
	bool *is_alone; /* for each: no other one is at its place */
	bool is_full;	/* it has GROUPS_UNTIL modules */
};

/*
 * End address of a module; modules are sorted by base. A module of unknown size
 * ends where the next one begins, and is at most MODULE_SIZE_MAX bytes long.
 */
static uint64_t module_end(const struct run_module_vector *modules, size_t i)
{
	const struct run_module *m = &modules->data[i];
	uint64_t end;

	if (__builtin_add_overflow(m->base, m->size ? m->size : MODULE_SIZE_MAX, &end))
		end = UINT64_MAX;
	if (!m->size && i + 1 < modules->len && modules->data[i + 1].base < end)
		end = modules->data[i + 1].base;
	return end;
}

bool run_module_same(const struct run_module *a, const struct run_module *b)
{
	return !strcmp(a->name, b->name) && build_id_equal(&a->build_id, &b->build_id) &&
	       (a->build_id.size || a->base == b->base);
}

static bool has_module(const struct run_module_vector *modules, const struct run_module *m,
		       uint64_t base)
{
	size_t i = search_first(modules->len, n, modules->data[n].base >= base);

	for (; i < modules->len && modules->data[i].base == base; i++)
		if (run_module_same(&modules->data[i], m))
			return true;
	return false;
}

/* Has before all modules of the group, at this distance from their addresses? */
static bool has_group(const struct before *before, const struct group *group, uint64_t delta)
{
	for (size_t i = group->first; i < group->end; i++) {
		const struct run_module *m = &group->all->data[i];

		if (!has_module(&before->modules, m, m->base + delta))
			return false;
	}
	return true;
}

/* Can the group be where module i of before is, which is the same as its first one? */
static bool suits(const struct before *before, size_t i, const struct group *group)
{
	const struct run_module *first = &group->all->data[group->first];

	if (group->end - group->first == 1)
		return before->is_alone[i] || before->is_full;
	return has_group(before, group, before->modules.data[i].base - first->base);
}

/* Has before the group? If so, at the same addresses if possible. */
static bool find_group(const struct before *before, const struct group *group, uint64_t *delta)
{
	const struct run_module *first = &group->all->data[group->first];
	bool found = false;

	for (size_t i = 0, tries = 0; i < before->modules.len && tries < GROUP_TRIES; i++) {
		const struct run_module *m = &before->modules.data[i];

		if ((found && m->base != first->base) || !run_module_same(m, first))
			continue;
		tries++;
		if (!suits(before, i, group))
			continue;
		*delta = m->base - first->base;
		found = true;
	}
	return found;
}

static bool is_of_group(const struct group *group, const struct run_module *m)
{
	for (size_t i = group->first; i < group->end; i++)
		if (group->all->data[i].base == m->base && run_module_same(&group->all->data[i], m))
			return true;
	return false;
}

/* Are there others than those of the group at its place? */
static bool is_taken(const struct before *before, const struct group *group)
{
	const struct run_module_vector *modules = &before->modules;

	for (size_t i = 0; i < modules->len; i++)
		if (group->start < module_end(modules, i) && modules->data[i].base < group->stop &&
		    !is_of_group(group, &modules->data[i]))
			return true;
	return false;
}

/* Find an address after all modules of both runs. Returns false at the end of the address space. */
static bool find_room(const struct run *run, const struct run_module_vector *b, uint64_t size,
		      uint64_t *ret)
{
	const struct run_module_vector *a = &run->modules;
	uint64_t top = 0, end;

	for (size_t i = 0; i < a->len; i++)
		top = module_end(a, i) > top ? module_end(a, i) : top;
	for (size_t i = 0; i < b->len; i++)
		top = module_end(b, i) > top ? module_end(b, i) : top;
	if (__builtin_add_overflow(top, MODULE_ALIGNMENT - 1, &top))
		return false;
	*ret = top / MODULE_ALIGNMENT * MODULE_ALIGNMENT;
	return !__builtin_add_overflow(*ret, size, &end) &&
	       run_address_is_possible(run->meta.machine, end);
}

/* Keep modules sorted by base. */
static struct error *insert_module(struct run *run, const struct run_module *m, uint64_t base)
{
	struct run_module copy = *m;

	if (run->modules.len >= 2 * RUN_MODULES_MAX)
		return error_create(ERROR_UNSUPPORTED, "more than %d modules in the merged run",
				    2 * RUN_MODULES_MAX);
	copy.base = base;
	copy.name = strdup(m->name);
	if (!copy.name || !run_module_vector_append(&run->modules, &copy)) {
		free(copy.name);
		return &error_no_memory;
	}
	size_t i = run->modules.len - 1;
	for (; i > 0 && run->modules.data[i - 1].base > base; i--)
		run->modules.data[i] = run->modules.data[i - 1];
	run->modules.data[i] = copy;
	return NULL;
}

struct error *run_copy_modules(struct run *run, const struct run *other)
{
	struct error *err = NULL;

	for (size_t i = 0; !err && i < other->modules.len; i++)
		err = insert_module(run, &other->modules.data[i], other->modules.data[i].base);
	return err;
}

/* Add those of a group that are not there yet. */
static struct error *insert_group(struct run *run, const struct group *group, uint64_t delta)
{
	struct error *err = NULL;

	for (size_t i = group->first; !err && i < group->end; i++) {
		const struct run_module *m = &group->all->data[i];

		if (!has_module(&run->modules, m, m->base + delta))
			err = insert_module(run, m, m->base + delta);
	}
	return err;
}

static struct error *merge_group(struct run *run, const struct before *before,
				 const struct group *group, struct run_move *move)
{
	uint64_t base = group->start;

	*move = (struct run_move){ .start = group->start, .end = group->stop };
	if (find_group(before, group, &move->delta))
		return NULL;
	if (is_taken(before, group) &&
	    !find_room(run, group->all, group->stop - group->start, &base))
		return error_create(ERROR_UNSUPPORTED,
				    "no free address range for module '%s' in the merged run",
				    group->all->data[group->first].name);
	move->delta = base - group->start;
	return insert_group(run, group, move->delta);
}

static struct group next_group(const struct run_module_vector *modules, size_t first, bool one)
{
	struct group group = { modules, first, first + 1, modules->data[first].base,
			       module_end(modules, first) };

	for (; !one && group.end < modules->len && modules->data[group.end].base < group.stop;
	     group.end++)
		if (module_end(modules, group.end) > group.stop)
			group.stop = module_end(modules, group.end);
	return group;
}

/* Only the array is a copy, not the names. */
static bool before_init(struct before *before, const struct run_module_vector *modules)
{
	uint64_t reach = 0;

	before->is_alone = calloc(modules->len + 1, sizeof(*before->is_alone));
	before->is_full = modules->len >= GROUPS_UNTIL;
	if (!before->is_alone || !run_module_vector_extend(&before->modules, modules))
		return false;
	for (size_t i = 0; i < modules->len; i++) {
		uint64_t base = modules->data[i].base, end = module_end(modules, i);

		before->is_alone[i] = base >= reach &&
				      (i + 1 == modules->len || modules->data[i + 1].base >= end);
		reach = end > reach ? end : reach;
	}
	return true;
}

static void before_deinit(struct before *before)
{
	run_module_vector_deinit(&before->modules);
	free(before->is_alone);
}

struct error *run_merge_modules(struct run *run, const struct run *other,
				struct run_move_vector *moves)
{
	_cleanup_(before_deinit) struct before before = { 0 };
	struct error *err = NULL;

	if (!before_init(&before, &run->modules))
		return &error_no_memory;
	for (size_t i = 0; !err && i < other->modules.len;) {
		const struct group group = next_group(&other->modules, i, before.is_full);
		struct run_move *move = run_move_vector_append(moves, NULL);

		err = move ? merge_group(run, &before, &group, move) : &error_no_memory;
		i = group.end;
	}
	return err;
}
