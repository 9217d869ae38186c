// SPDX-License-Identifier: GPL-2.0-or-later
/* Loads the run files of a report and numbers their modules. */
#include "kcovreport/report_runs.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/pc_merge.h"
#include "kcovreport/kcovreport.h"

void report_runs_deinit(struct report_runs *runs)
{
	for (size_t i = 0; i < runs->nr; i++) {
		struct report_run *r = &runs->runs[i];

		run_destroy(r->run);
		free(r->pcs);
		free(r->set_pcs);
		free(r->mappings);
	}
	free(runs->runs);
	run_module_vector_deinit(&runs->modules);
	*runs = (struct report_runs){ 0 };
}

static bool source_counts(const struct run_source *from, enum report_source source)
{
	bool remote = from->kind == RUN_SOURCE_REMOTE;

	return source == REPORT_ALL || remote == (source == REPORT_REMOTE);
}

/* Merge the PCs of the sources whose counts are exact, or of the other sources. */
static struct error *collect_pcs(const struct report_run *r, enum report_source source, bool exact,
				 struct pc_count **ret, size_t *ret_len)
{
	_cleanup_(pc_span_vector_deinit) struct pc_span_vector spans = VECTOR_INIT;

	vector_for_each(&r->run->sources, from) {
		bool is_exact = run_source_counts(from) == RUN_COUNTS_EXACT;
		const struct pc_span span = { from->pcs, from->nr_pcs };

		if (source_counts(from, source) && is_exact == exact &&
		    !pc_span_vector_append(&spans, &span))
			return &error_no_memory;
	}
	return pc_merge(spans.data, spans.len, ret, ret_len);
}

static void describe(struct report_run *r)
{
	const struct run *run = r->run;

	r->description = (struct coverage_run){
		.path = run->path,
		.command = run->meta.command,
		.release = run->meta.release,
		.build_id = build_id_format(&run->meta.build_id, r->build_id),
		.finished = run->finished,
		.damaged_bytes = run->damaged_bytes,
		.damage = run->damage,
		.sources = run->sources.data,
		.nr_sources = run->sources.len,
		.notes = (const char **)run->notes.data,
		.nr_notes = run->notes.len,
	};
}

/* Set *ret to the index of module in runs->modules; add the module if it is new. */
static struct error *module_number(struct report_runs *runs, const struct run_module *module,
				   size_t *ret)
{
	size_t i = 0;

	for (; i < runs->modules.len; i++)
		if (!strcmp(runs->modules.data[i].name, module->name) &&
		    build_id_equal(&runs->modules.data[i].build_id, &module->build_id))
			break;
	if (i == runs->modules.len && !run_module_vector_append(&runs->modules, module))
		return &error_no_memory;
	*ret = i;
	return NULL;
}

static struct error *map_images(struct report_runs *runs, struct report_run *r)
{
	const struct run_module_vector *modules = &r->run->modules;

	r->mappings = calloc(modules->len + 1, sizeof(*r->mappings));
	if (!r->mappings)
		return &error_no_memory;
	r->nr_mappings = modules->len + 1;
	for (size_t i = 0; i < modules->len; i++) {
		size_t number;
		struct error *err = module_number(runs, &modules->data[i], &number);

		if (err)
			return err;
		r->mappings[i + 1] = (struct coverage_mapping){
			.image = number + 1,
			.base = modules->data[i].base,
			.size = modules->data[i].size,
			.init_base = modules->data[i].init_base,
		};
	}
	return NULL;
}

/*
 * All runs must be of the same kernel. If a run does not say which one, it is
 * taken for the same, with a warning.
 */
static struct error *check_kernel(struct report_runs *runs, const struct report_run *r)
{
	const struct run_meta *meta = &r->run->meta;
	char hex[BUILD_ID_HEX_SIZE];

	if (!runs->release)
		runs->release = meta->release;
	if (!meta->build_id.size || !runs->build_id.size) {
		if (runs->nr > 1 && meta->build_id.size != runs->build_id.size)
			say_warning(
				"some run files have no build id of their kernel: all are assumed "
				"to be of one kernel");
		if (!runs->build_id.size)
			runs->build_id = meta->build_id;
		return NULL;
	}
	if (build_id_equal(&meta->build_id, &runs->build_id))
		return NULL;
	return error_hint(
		error_create(ERROR_MISMATCH, "'%s' is of another kernel: build id %s, not %s",
			     r->run->path, r->build_id, build_id_format(&runs->build_id, hex)),
		"make one report for each kernel");
}

static struct error *load_one(struct report_runs *runs, const char *file, enum report_source source)
{
	struct report_run *r = &runs->runs[runs->nr];
	struct error *err = run_load(file, &r->run);

	if (err)
		return err;
	runs->nr++;
	err = collect_pcs(r, source, true, &r->pcs, &r->nr_pcs);
	if (!err)
		err = collect_pcs(r, source, false, &r->set_pcs, &r->nr_set_pcs);
	if (err)
		return err;
	describe(r);
	err = check_kernel(runs, r);
	return err ? err : map_images(runs, r);
}

struct error *report_runs_load(struct report_runs *runs, const char *const *files, size_t nr,
			       enum report_source source)
{
	static const char *const none[] = {
		[REPORT_ALL] = "'kcovreport doctor' says why",
		[REPORT_LOCAL] = "all PCs are remote coverage: see 'kcovreport dump'",
		[REPORT_REMOTE] = "no code that is annotated for remote coverage was executed: see "
				  "docs/remote.md",
	};

	size_t nr_pcs = 0;

	runs->runs = calloc(nr ? nr : 1, sizeof(*runs->runs));
	if (!runs->runs)
		return &error_no_memory;
	for (size_t i = 0; i < nr; i++) {
		struct error *err = load_one(runs, files[i], source);

		if (err)
			return err;
		nr_pcs += runs->runs[i].nr_pcs + runs->runs[i].nr_set_pcs;
	}
	if (nr_pcs)
		return NULL;
	return error_hint(error_create(ERROR_NOT_FOUND, "no %sPC was recorded in '%s'%s",
				       source == REPORT_LOCAL	 ? "local "
				       : source == REPORT_REMOTE ? "remote "
								 : "",
				       nr ? files[0] : "",
				       nr > 1 ? " and the other run files" : ""),
			  "%s", none[source]);
}
