// SPDX-License-Identifier: GPL-2.0-or-later
/* What all formats of `kcovreport patch` have in common. */
#include "render/patch.h"

#include <inttypes.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/vector.h"

/* More options than these are not named. */
#define OPTIONS_NAMED 8

static const struct {
	const char *name, *text;
} states[] = {
	[PATCH_HIT] = { "hit", "hit" },
	[PATCH_PARTIAL] = { "partial", "partial" },
	[PATCH_MISSED] = { "missed", "missed" },
	[PATCH_NO_CODE] = { "no-code", "no code" },
	[PATCH_NOT_INSTRUMENTED] = { "not-instrumented", "not instrumented" },
	[PATCH_NOT_BUILT] = { "not-built", "not built" },
};

void patch_deinit(struct patch *patch)
{
	for (size_t i = 0; i < patch->nr_files; i++)
		free(patch->files[i].lines);
	free(patch->files);
	intern_destroy(patch->strings);
	*patch = (struct patch){ 0 };
}

void patch_count(struct patch_counts *counts, const struct patch_line *line)
{
	counts->states[line->state]++;
	counts->unknown += line->is_unknown;
}

uint64_t patch_changed(const struct patch_counts *counts)
{
	uint64_t nr = 0;

	for (int i = 0; i < PATCH_STATES; i++)
		nr += counts->states[i];
	return nr;
}

struct coverage_ratio patch_ratio(const struct patch_counts *counts)
{
	uint64_t hit = counts->states[PATCH_HIT] + counts->states[PATCH_PARTIAL];

	return (struct coverage_ratio){ hit, hit + counts->states[PATCH_MISSED] };
}

const char *patch_state_name(enum patch_state state)
{
	return states[state].name;
}

const char *patch_state_text(enum patch_state state)
{
	return states[state].text;
}

const char *patch_one_way(const struct patch_line *line)
{
	const struct coverage_condition *c = line->coverage ? line->coverage->condition : NULL;

	if (!c || !c->if_true == !c->if_false)
		return NULL;
	return c->if_true ? "was never false" : "was never true";
}

/* The options of lines that were not built, in their order, each once. */
static void add_options(const struct patch *patch, struct strbuf *sb)
{
	const char *named[OPTIONS_NAMED];
	size_t nr = 0;

	for (size_t i = 0; i < patch->nr_files; i++) {
		const struct patch_file *file = &patch->files[i];

		for (size_t j = 0; j < file->diff->nr_lines; j++) {
			const char *option = file->lines[j].option;
			size_t k = 0;

			while (k < nr && named[k] != option)
				k++;
			if (!option || file->lines[j].state != PATCH_NOT_BUILT || k < nr)
				continue;
			if (nr == OPTIONS_NAMED) {
				strbuf_addstr(sb, " ...");
				return;
			}
			strbuf_addf(sb, "%s%s", nr ? ", " : ": ", option);
			named[nr++] = option;
		}
	}
}

struct error *patch_summary(const struct patch *patch, char **ret)
{
	_cleanup_strbuf_ struct strbuf sb = STRBUF_INIT;
	const uint64_t *n = patch->counts.states;
	uint64_t changed = patch_changed(&patch->counts);

	strbuf_addf(&sb, "%" PRIu64 " changed line%s: %" PRIu64 " with code", changed,
		    changed == 1 ? "" : "s", patch_ratio(&patch->counts).found);
	if (patch_ratio(&patch->counts).found)
		strbuf_addf(&sb, ", %" PRIu64 " hit, %" PRIu64 " partial, %" PRIu64 " missed",
			    n[PATCH_HIT], n[PATCH_PARTIAL], n[PATCH_MISSED]);
	if (patch->counts.unknown)
		strbuf_addf(&sb, "; %" PRIu64 " without code of %s own", patch->counts.unknown,
			    patch->counts.unknown == 1 ? "its" : "their");
	if (n[PATCH_NOT_INSTRUMENTED])
		strbuf_addf(&sb, "; %" PRIu64 " not instrumented", n[PATCH_NOT_INSTRUMENTED]);
	if (n[PATCH_NOT_BUILT]) {
		strbuf_addf(&sb, "; %" PRIu64 " not built", n[PATCH_NOT_BUILT]);
		add_options(patch, &sb);
	}
	return strbuf_steal(&sb, ret);
}
