// SPDX-License-Identifier: GPL-2.0-or-later
/* Loads the run files of a report and numbers their modules. */
#include "kcovreport/report_runs.h"

#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/search.h"
#include "run/stream.h"
#include "kcovreport/kcovreport.h"

void report_runs_deinit(struct report_runs *runs)
{
	for (size_t i = 0; i < runs->nr; i++)
		run_destroy(runs->runs[i].run);
	free(runs->runs);
	for (size_t i = 0; runs->sources && i < 2 * runs->groups.len; i++)
		free((void *)runs->sources[i].pcs);
	free(runs->sources);
	vector_for_each(&runs->recordings, recording)
		free((void *)recording->pcs);
	report_recording_vector_deinit(&runs->recordings);
	vector_for_each(&runs->groups, group) {
		free(group->mappings);
		pc_parts_deinit(&group->parts[0]);
		pc_parts_deinit(&group->parts[1]);
	}
	report_group_vector_deinit(&runs->groups);
	run_module_vector_deinit(&runs->modules);
	*runs = (struct report_runs){ 0 };
}

const char *report_context_name(enum report_source source)
{
	return run_kind_words(RUN_SOURCE_SOFTIRQ + (source - REPORT_CONTEXT))->name;
}

bool report_source_counts(const struct run_source *from, enum report_source source)
{
	if (source >= REPORT_CONTEXT)
		return from->kind == RUN_SOURCE_SOFTIRQ + (source - REPORT_CONTEXT);
	switch (source) {
	case REPORT_LOCAL:
		return from->kind != RUN_SOURCE_REMOTE && !run_kind_is_context(from->kind);
	case REPORT_REMOTE:
		return from->kind == RUN_SOURCE_REMOTE;
	default:
		return true;
	}
}

/* For the visits of the sources of one run. */
struct collecting {
	struct report_group *group;
	size_t first_source; /* of the two of the group */
	enum report_source source;
	uint64_t nr_pcs;
	struct report_recording_vector *recordings; /* NULL = do not keep them */
	struct coverage_recording recording;	    /* of the source at hand */
};

/* Take the PCs of the source. */
static struct error *keep_recording(struct collecting *c, struct run_source *source)
{
	if (!c->recordings || !source->nr_pcs)
		return NULL;
	/* Its place in the run is found when all are read: the order of visits is another one. */
	c->recording.recorder.source = source->id;
	c->recording.pcs = source->pcs;
	c->recording.nr_pcs = source->nr_pcs;
	if (!report_recording_vector_append(c->recordings, &c->recording))
		return &error_no_memory;
	source->pcs = NULL;
	return NULL;
}

static struct error *collect_pcs(void *arg, struct run_source *source)
{
	struct collecting *c = arg;
	bool is_exact = run_source_counts(source) == RUN_COUNTS_EXACT;

	if (!report_source_counts(source, c->source))
		return NULL;
	c->nr_pcs += source->nr_pcs;
	struct error *err = pc_parts_add(&c->group->parts[!is_exact], source->pcs, source->nr_pcs);
	if (err)
		return err;
	c->recording.source = c->first_source + !is_exact;
	return keep_recording(c, source);
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

static struct error *map_images(struct report_runs *runs, const struct run *run,
				struct report_group *group)
{
	const struct run_module_vector *modules = &run->modules;

	group->mappings = calloc(modules->len + 1, sizeof(*group->mappings));
	if (!group->mappings)
		return &error_no_memory;
	group->nr_mappings = modules->len + 1;
	group->pcs_are_calls = run->meta.pc_kind == RUN_PC_CALL;
	group->is_import = run->meta.follow && !strcmp(run->meta.follow, "import");
	for (size_t i = 0; i < modules->len; i++) {
		size_t number;
		struct error *err = module_number(runs, &modules->data[i], &number);

		if (err)
			return err;
		group->mappings[i + 1] = (struct coverage_mapping){
			.image = number + 1,
			.base = modules->data[i].base,
			.size = modules->data[i].size,
			.init_base = modules->data[i].init_base,
		};
	}
	return NULL;
}

static bool groups_same(const struct report_group *a, const struct report_group *b)
{
	return a->operand == b->operand && a->pcs_are_calls == b->pcs_are_calls &&
	       a->is_import == b->is_import && a->nr_mappings == b->nr_mappings &&
	       !memcmp(a->mappings, b->mappings, a->nr_mappings * sizeof(*a->mappings));
}

/* The number of the group that the run belongs to; a new one if there is none. */
static struct error *find_group(struct report_runs *runs, const struct run *run, size_t operand,
				size_t *ret)
{
	struct report_group new = { .operand = operand };
	struct error *err = map_images(runs, run, &new);

	*ret = runs->groups.len;
	for (size_t i = runs->groups.len; !err && i-- > 0 && *ret == runs->groups.len;)
		if (groups_same(&runs->groups.data[i], &new))
			*ret = i;
	if (!err && *ret == runs->groups.len) {
		if (report_group_vector_append(&runs->groups, &new))
			return NULL;
		err = &error_no_memory;
	}
	free(new.mappings);
	return err;
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
		if (!runs->build_id.size) {
			runs->build_id = meta->build_id;
			runs->kernel_of = r->run->path;
		}
		return NULL;
	}
	if (build_id_equal(&meta->build_id, &runs->build_id))
		return NULL;
	return error_hint(error_create(ERROR_MISMATCH,
				       "'%s' is of another kernel: build id %s, not %s as '%s'",
				       r->run->path, r->build_id,
				       build_id_format(&runs->build_id, hex), runs->kernel_of),
			  "make one report for each kernel");
}

static int compare_recordings(const void *va, const void *vb)
{
	const struct coverage_recorder *a = &((const struct coverage_recording *)va)->recorder;
	const struct coverage_recorder *b = &((const struct coverage_recording *)vb)->recorder;

	return a->run != b->run ? compare_values(a->run, b->run)
				: compare_values(a->source, b->source);
}

/* Sources are ascending by id. Replace ids by numbers. */
static void number_recordings(struct report_runs *runs)
{
	struct report_recording_vector *v = &runs->recordings;

	if (v->len)
		qsort(v->data, v->len, sizeof(*v->data), compare_recordings);
	vector_for_each(v, r) {
		const struct run_source_vector *sources = &runs->runs[r->recorder.run].run->sources;

		r->recorder.source =
			search_first(sources->len, i, sources->data[i].id >= r->recorder.source);
	}
}

static bool has_contexts(const struct run *run)
{
	vector_for_each(&run->sources, source)
		if (run_kind_is_context(source->kind))
			return true;
	return false;
}

static struct error *load_one(struct report_runs *runs, const char *file, enum report_source source,
			      size_t operand, enum report_keep keep, uint64_t *nr_pcs)
{
	_cleanup_run_stream_ struct run_stream *stream = NULL;
	struct report_run *r = &runs->runs[runs->nr];
	struct collecting collecting = {
		.source = source,
		.recording.recorder.run = runs->nr,
	};

	struct error *err = run_stream_open(file, RUN_STREAM_HELD, &stream);
	if (!err)
		err = find_group(runs, run_stream_run(stream), operand, &r->group);
	if (err)
		return err;
	collecting.group = &runs->groups.data[r->group];
	collecting.first_source = 2 * r->group;
	if (keep == REPORT_KEEP_ALL ||
	    (keep == REPORT_KEEP_CONTEXTS && has_contexts(run_stream_run(stream))))
		collecting.recordings = &runs->recordings;
	err = run_stream_each(stream, collect_pcs, &collecting);
	if (err)
		return err;
	*nr_pcs += collecting.nr_pcs;
	r->run = run_stream_steal(stream);
	runs->nr++;
	describe(r);
	return check_kernel(runs, r);
}

static struct error *take_pcs(struct report_group *group, size_t i, struct coverage_source *ret)
{
	struct pc_count *pcs;
	size_t nr_pcs;

	struct error *err = pc_parts_take(&group->parts[i], &pcs, &nr_pcs);
	if (err)
		return err;
	*ret = (struct coverage_source){
		.pcs = pcs,
		.nr_pcs = nr_pcs,
		.counts_are_least = i == 1,
		.pcs_are_calls = group->pcs_are_calls,
		.mappings = group->mappings,
		.nr_mappings = group->nr_mappings,
	};
	return NULL;
}

static struct error *make_sources(struct report_runs *runs)
{
	struct error *err = NULL;

	runs->sources = calloc(runs->groups.len, 2 * sizeof(*runs->sources));
	if (!runs->sources)
		return &error_no_memory;
	for (size_t i = 0; !err && i < 2 * runs->groups.len; i++)
		err = take_pcs(&runs->groups.data[i / 2], i % 2, &runs->sources[i]);
	return err;
}

static void drop_modules(struct run *run)
{
	vector_for_each(&run->modules, module)
		run_module_deinit(module);
	run_module_vector_deinit(&run->modules);
}

static struct error *scan_one(struct report_runs *runs, const char *file)
{
	struct report_run *r = &runs->runs[runs->nr];
	size_t nr_modules = runs->modules.len;
	struct stat st;
	bool is_regular = stat(file, &st) || !S_ISFIFO(st.st_mode);

	struct error *err = is_regular ? run_load_facts(file, &r->run) : run_load(file, &r->run);
	if (err)
		return err;
	runs->nr++;
	err = find_group(runs, r->run, 0, &r->group);
	if (err)
		return err;
	/* Names of modules are borrowed from the first run that had them. */
	if (runs->modules.len == nr_modules)
		drop_modules(r->run);
	describe(r);
	return check_kernel(runs, r);
}

struct error *report_runs_scan(struct report_runs *runs, const char *const *files, size_t nr)
{
	struct error *err = NULL;

	runs->runs = calloc(nr + 1, sizeof(*runs->runs));
	if (!runs->runs)
		return &error_no_memory;
	for (size_t i = 0; !err && i < nr; i++)
		err = scan_one(runs, files[i]);
	return err;
}

/* Every report of the run says that it is not all that the run executed. */
static struct error *note_operand(struct report_run *r, const struct report_operand *operand)
{
	char *note;

	if (asprintf(&note,
		     operand->is_subtracted ? "what '%s' executed too is left out"
					    : "what '%s' did not execute is left out",
		     operand->file) < 0)
		return &error_no_memory;
	if (!run_note_vector_append(&r->run->notes, &note)) {
		free(note);
		return &error_no_memory;
	}
	describe(r);
	return NULL;
}

static struct error *load_operands(struct report_runs *runs, const struct report_operand *operands,
				   size_t nr, enum report_source source)
{
	uint64_t nr_pcs = 0;
	struct error *err = NULL;

	for (size_t i = 0; !err && i < nr; i++) {
		err = load_one(runs, operands[i].file, source, 1 + i, REPORT_KEEP_NONE, &nr_pcs);
		runs->nr_operands += !err;
		if (!err)
			err = note_operand(&runs->runs[0], &operands[i]);
	}
	return err;
}

const struct coverage_source *report_runs_sources(const struct report_runs *runs, size_t operand,
						  size_t *ret_nr)
{
	size_t first = 0, end;

	while (first < runs->groups.len && runs->groups.data[first].operand != operand)
		first++;
	for (end = first; end < runs->groups.len && runs->groups.data[end].operand == operand;)
		end++;
	*ret_nr = 2 * (end - first);
	return &runs->sources[2 * first];
}

/* None of the runs has a PC of this source. */
static struct error *nothing_recorded(const struct report_runs *runs, const char *const *files,
				      size_t nr, enum report_source source)
{
	static const char *const hints[] = {
		[REPORT_ALL] = "'kcovreport doctor' says why",
		[REPORT_LOCAL] = "all PCs are remote coverage: see 'kcovreport dump'",
		[REPORT_REMOTE] = ("no code that is annotated for remote coverage was executed: "
				   "see docs/remote.md"),
		[REPORT_CONTEXT] = ("see 'collect --contexts' and --system; 'kcovreport dump' says "
				    "what was recorded"),
	};
	bool is_context = source >= REPORT_CONTEXT;
	struct error *err = error_create(ERROR_NOT_FOUND, "no %s%sPC was recorded in '%s'%s",
					 is_context		   ? report_context_name(source)
					 : source == REPORT_LOCAL  ? "local "
					 : source == REPORT_REMOTE ? "remote "
								   : "",
					 is_context ? " " : "", nr ? files[0] : "",
					 nr > 1 ? " and the other run files" : "");

	for (size_t i = 0; i < nr; i++) {
		const struct run *run = runs->runs[i].run;

		if (run->damage)
			return error_hint(err, "'%s': %s", files[i], run->damage);
	}
	if (source == REPORT_ALL && nr && runs->groups.data[runs->runs[0].group].is_import)
		return error_hint(err, "the text that it was imported from has none");
	return error_hint(err, "%s", hints[is_context ? REPORT_CONTEXT : source]);
}

struct error *report_runs_load(struct report_runs *runs, const char *const *files, size_t nr,
			       const struct report_operand *operands, size_t nr_operands,
			       enum report_source source, enum report_keep keep)
{
	uint64_t nr_pcs = 0;

	runs->runs = calloc(nr + nr_operands + 1, sizeof(*runs->runs));
	if (!runs->runs)
		return &error_no_memory;
	for (size_t i = 0; i < nr; i++) {
		struct error *err = load_one(runs, files[i], source, 0, keep, &nr_pcs);

		if (err)
			return err;
		if (nr > 1)
			log_progress(&console_log, "reading run files", i + 1, nr);
	}
	number_recordings(runs);
	if (!nr_pcs)
		return nothing_recorded(runs, files, nr, source);
	struct error *err = load_operands(runs, operands, nr_operands, source);

	return err ? err : make_sources(runs);
}
