// SPDX-License-Identifier: GPL-2.0-or-later
/* Says which modules lie in the code of others. */
#include "kcovreport/overlaps.h"

#include <inttypes.h>

#include "kcovreport/kcovreport.h"

/* The code of an image in a run; start == end: it has none that is known. */
struct code {
	const struct coverage_mapping *mapping;
	uint64_t start, end;
};

/* The first overlap, and how many there are. */
struct overlaps {
	struct code one, other;
	size_t nr;
};

static struct code code_of(const struct coverage_mapping *mapping, const struct index *index)
{
	struct code code = { mapping, UINT64_MAX, 0 };
	size_t nr;
	const struct index_section *s = index ? index_sections(index, &nr) : NULL;

	/* Of a module without a file only its first byte is certain. */
	if (!s)
		return (struct code){ mapping, mapping->base, mapping->base + 1 };
	for (size_t i = 0; i < nr; i++) {
		uint64_t start = mapping->base + index_base(index) + s[i].offset;

		if (!s[i].is_known)
			continue;
		code.start = start < code.start ? start : code.start;
		code.end = start + s[i].size > code.end ? start + s[i].size : code.end;
	}
	return code.start < code.end ? code : (struct code){ mapping };
}

static bool check(struct overlaps *found, const struct code *one, const struct code *other)
{
	if (one->start >= other->end || other->start >= one->end)
		return false;
	if (!found->nr++) {
		found->one = *one;
		found->other = *other;
	}
	return true;
}

/* Imported modules ascend by base: each is compared with the one that reaches furthest before it.
 */
static void check_group(const struct report_group *group, struct index *const *indexes,
			struct overlaps *in_kernel, struct overlaps *in_module)
{
	const struct code kernel = code_of(&group->mappings[0], indexes[0]);
	struct code before = { 0 };

	for (size_t i = 1; i < group->nr_mappings; i++) {
		const struct coverage_mapping *m = &group->mappings[i];
		const struct code code = code_of(m, indexes[m->image]);

		if (check(in_kernel, &code, &kernel) || !group->is_import)
			continue;
		check(in_module, &code, &before);
		if (code.end > before.end)
			before = code;
	}
}

void warn_of_overlaps(const struct report_runs *runs, struct index *const *indexes)
{
	const struct run_module *modules = runs->modules.data;
	struct overlaps kernel = { 0 }, pair = { 0 };

	vector_for_each(&runs->groups, group)
		check_group(group, indexes, &kernel, &pair);
	if (kernel.nr)
		say_warning("module '%s' at %#" PRIx64 " is in the code of vmlinux (%#" PRIx64
			    " to %#" PRIx64 "), where no module can be%s: its address is wrong, "
			    "and PCs that fit both count for vmlinux",
			    modules[kernel.one.mapping->image - 1].name, kernel.one.mapping->base,
			    kernel.other.start, kernel.other.end,
			    kernel.nr > 1 ? ", and is not the only one" : "");
	if (pair.nr)
		say_warning("modules '%s' at %#" PRIx64 " and '%s' at %#" PRIx64
			    " overlap%s: an address is wrong, and PCs that fit both count for none",
			    modules[pair.other.mapping->image - 1].name, pair.other.mapping->base,
			    modules[pair.one.mapping->image - 1].name, pair.one.mapping->base,
			    pair.nr > 1 ? ", and are not the only ones" : "");
}
