// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads the records of a run file into a run in memory. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/search.h"
#include "run/format.h"
#include "run/pack.h"
#include "run/reader.h"

/* A source while it is read. */
struct reading {
	struct pc_parts parts; /* the PCs so far */
	bool is_lost;	       /* its TASK record was not found so far */
};
DEFINE_VECTOR(reading_vector, struct reading);

/* State that is needed only while a run is loaded. */
struct loader {
	struct run *run;
	struct pc_map source_index;	/* id + 1 -> index in run->sources, + 1 */
	struct reading_vector readings; /* one for each of run->sources */
	struct pc_count_vector pcs;
	struct run_unpacker unpacker;
	size_t nr_lost; /* sources with is_lost */
	bool has_meta;
	bool modules_full;   /* RUN_MODULES_MAX different modules were read */
	bool type_seen[256]; /* unknown types that already have a note */
};

static void cleanup_loader(struct loader *l)
{
	pc_map_deinit(&l->source_index);
	vector_for_each(&l->readings, reading)
		pc_parts_deinit(&reading->parts);
	reading_vector_deinit(&l->readings);
	pc_count_vector_deinit(&l->pcs);
	run_unpacker_deinit(&l->unpacker);
}

/* Takes what *new owns on success. *ret: its index. */
static struct error *add_source(struct loader *l, const struct run_source *new, bool is_lost,
				size_t *ret)
{
	struct run_source_vector *sources = &l->run->sources;
	struct reading *reading = reading_vector_append(&l->readings, NULL);

	if (!reading || !run_source_vector_reserve(sources, sources->len + 1) ||
	    !pc_map_add(&l->source_index, (uint64_t) new->id + 1, sources->len + 1))
		return &error_no_memory;
	reading->is_lost = is_lost;
	l->nr_lost += is_lost;
	*ret = sources->len;
	run_source_vector_append(sources, new);
	return NULL;
}

static bool find_source(const struct loader *l, uint32_t id, size_t *ret)
{
	uint64_t number = pc_map_get(&l->source_index, (uint64_t)id + 1);

	*ret = number - 1;
	return number;
}

/* A placeholder until the TASK record of the source is read, which may be lost. */
static struct error *add_placeholder(struct loader *l, uint32_t id, size_t *ret)
{
	struct run_source new = { .id = id, .parent = -1, .nr_tasks = 1, .state = RUN_STATE_CUT };

	new.reason = strdup("the run file has PCs of it, but no task record");
	struct error *err = new.reason ? add_source(l, &new, true, ret) : &error_no_memory;
	if (err)
		run_source_deinit(&new);
	return err;
}

static struct error *load_meta(struct loader *l, const struct run_record *record, bool *ok)
{
	struct run_meta meta = { 0 };

	struct error *err =
		run_decode_fields(record->payload, record->length, run_meta_fields, &meta, ok);
	if (err || !*ok) {
		run_meta_deinit(&meta);
		return err;
	}
	run_meta_deinit(&l->run->meta);
	l->run->meta = meta;
	l->has_meta = true;
	return NULL;
}

static int compare_module(const void *a, const void *b)
{
	const struct run_module *x = *(const struct run_module *const *)a;
	const struct run_module *y = *(const struct run_module *const *)b;

	if (x->base != y->base)
		return x->base < y->base ? -1 : 1;
	int order = strcmp(x->name, y->name);
	if (order)
		return order;
	/* For the same name and base the last record is valid, so it must sort last. */
	return x < y ? -1 : x > y;
}

/* Sort modules by base, and keep only the last of those with the same name and base. */
static struct error *settle_modules(struct run *run)
{
	size_t n = run->modules.len;
	_cleanup_free_ struct run_module **sorted = array_realloc(NULL, n, sizeof(*sorted));
	struct run_module_vector settled = VECTOR_INIT;

	if (!sorted || !run_module_vector_reserve(&settled, n))
		return &error_no_memory;
	for (size_t i = 0; i < n; i++)
		sorted[i] = &run->modules.data[i];
	qsort(sorted, n, sizeof(*sorted), compare_module);
	for (size_t i = 0; i < n; i++) {
		bool replaced = i + 1 < n && sorted[i]->base == sorted[i + 1]->base &&
				!strcmp(sorted[i]->name, sorted[i + 1]->name);

		if (replaced)
			run_module_deinit(sorted[i]);
		else
			run_module_vector_append(&settled, sorted[i]);
	}
	run_module_vector_deinit(&run->modules);
	run->modules = settled;
	return NULL;
}

/*
 * A collection writes all modules again whenever one is loaded or unloaded, so
 * drop the replaced ones now and then. *ok = false if too many are left even so.
 */
static struct error *make_module_room(struct loader *l, bool *ok)
{
	*ok = !l->modules_full;
	if (!*ok || l->run->modules.len < 2 * RUN_MODULES_MAX)
		return NULL;
	struct error *err = settle_modules(l->run);
	l->modules_full = l->run->modules.len > RUN_MODULES_MAX;
	return err;
}

static struct error *load_module(struct loader *l, const struct run_record *record, bool *ok)
{
	struct run_module module = { 0 };

	struct error *err =
		run_decode_fields(record->payload, record->length, run_module_fields, &module, ok);
	*ok = *ok && module.name;
	if (!err && *ok)
		err = make_module_room(l, ok);
	if (!err && *ok && !run_module_vector_append(&l->run->modules, &module))
		err = &error_no_memory;
	if (err || !*ok)
		run_module_deinit(&module);
	return err;
}

static struct error *replace_source(struct loader *l, size_t i, const struct run_source *new)
{
	struct reading *reading = &l->readings.data[i];

	l->nr_lost -= reading->is_lost;
	reading->is_lost = false;
	run_source_deinit(&l->run->sources.data[i]);
	l->run->sources.data[i] = *new;
	return NULL;
}

static struct error *load_source(struct loader *l, const struct run_record *record, bool *ok)
{
	struct run_source new = { 0 };
	size_t i;

	struct error *err = run_decode_source(record->payload, record->length, &new, ok);
	if (!err && *ok)
		err = find_source(l, new.id, &i) ? replace_source(l, i, &new)
						 : add_source(l, &new, false, &i);
	if (err || !*ok)
		run_source_deinit(&new);
	return err;
}

/* *ok = false if the file has PCs of too many sources without a record. */
static struct error *add_pcs(struct loader *l, uint32_t id, bool *ok)
{
	size_t i;

	if (!find_source(l, id, &i)) {
		*ok = l->nr_lost < RUN_LOST_SOURCES_MAX;
		struct error *err = *ok ? add_placeholder(l, id, &i) : NULL;
		if (err || !*ok)
			return err;
	}
	struct pc_parts *parts = &l->readings.data[i].parts;
	return pc_parts_add(parts, l->pcs.data, l->pcs.len) ? NULL : &error_no_memory;
}

static struct error *load_pcs(struct loader *l, const struct run_record *record, bool *ok)
{
	uint32_t id;

	struct error *err = run_decode_pcs(record->payload, record->length, &id, &l->pcs, ok);
	return err || !*ok ? err : add_pcs(l, id, ok);
}

static struct error *load_pack(struct loader *l, const struct run_record *record, bool *ok)
{
	bool more;
	uint32_t id;

	struct error *err = run_unpack(&l->unpacker, record->payload, record->length, ok);
	while (!err && *ok) {
		err = run_unpacker_next(&l->unpacker, &id, &l->pcs, &more, ok);
		if (err || !more)
			break;
		err = add_pcs(l, id, ok);
	}
	return err;
}

/* Takes text on success. */
static struct error *add_note(struct run *run, char *text)
{
	return run_note_vector_append(&run->notes, &text) ? NULL : &error_no_memory;
}

static struct error *load_note(struct loader *l, const struct run_record *record, bool *ok)
{
	struct run_note note = { 0 };

	struct error *err =
		run_decode_fields(record->payload, record->length, run_note_fields, &note, ok);
	*ok = *ok && note.text;
	if (!err && *ok)
		err = add_note(l->run, note.text);
	if (err || !*ok)
		free(note.text);
	return err;
}

/* A record type that only a newer minor version knows: add one note per type. */
static struct error *load_unknown(struct loader *l, const struct run_record *record)
{
	char *text;

	if (l->type_seen[record->type & 255])
		return NULL;
	l->type_seen[record->type & 255] = true;
	if (asprintf(&text,
		     "'%s' was written by a newer kcovreport: records of unknown type %u skipped",
		     l->run->path, record->type) < 0)
		return &error_no_memory;
	struct error *err = add_note(l->run, text);
	if (err)
		free(text);
	return err;
}

static struct error *load_record(struct loader *l, const struct run_record *record, bool *ok)
{
	*ok = true;
	switch (record->type) {
	case RUN_RECORD_META:
		return load_meta(l, record, ok);
	case RUN_RECORD_MODULE:
		return load_module(l, record, ok);
	case RUN_RECORD_TASK:
		return load_source(l, record, ok);
	case RUN_RECORD_PCS:
		return load_pcs(l, record, ok);
	case RUN_RECORD_PACK:
		return load_pack(l, record, ok);
	case RUN_RECORD_NOTE:
		return load_note(l, record, ok);
	default:
		return load_unknown(l, record);
	}
}

static int compare_source(const void *a, const void *b)
{
	const struct run_source *x = a, *y = b;

	return compare_values(x->id, y->id);
}

/* Give each source its PCs, then sort the sources by id. */
static struct error *settle_sources(struct loader *l)
{
	struct run_source_vector *sources = &l->run->sources;

	for (size_t i = 0; i < sources->len; i++) {
		struct run_source *source = &sources->data[i];
		struct error *err =
			pc_parts_take(&l->readings.data[i].parts, &source->pcs, &source->nr_pcs);

		if (err)
			return err;
	}
	if (sources->len)
		qsort(sources->data, sources->len, sizeof(*sources->data), compare_source);
	return NULL;
}

static struct error *settle_damage(const struct loader *l, const struct run_reader *reader)
{
	_cleanup_strbuf_ struct strbuf text = STRBUF_INIT;
	struct run *run = l->run;

	run->finished = run_reader_finished(reader);
	run->damaged_bytes = run_reader_damaged_bytes(reader);
	strbuf_addstr(&text, run_reader_damage(reader));
	if (!l->has_meta)
		strbuf_addf(&text, "%sno meta record: kernel and command not known",
			    text.len ? "; " : "");
	return text.len || text.failed ? strbuf_steal(&text, &run->damage) : NULL;
}

static struct error *load_records(struct loader *l, struct run_reader *reader)
{
	struct run_record record;
	bool ok;

	for (;;) {
		struct error *err = run_reader_next(reader, &record, &ok);

		if (err || !ok)
			return err;
		err = load_record(l, &record, &ok);
		if (err)
			return err;
		if (!ok)
			run_reader_reject(reader, &record);
	}
}

struct error *run_load(const char *path, struct run **ret)
{
	_cleanup_run_reader_ struct run_reader *reader = NULL;
	_cleanup_run_ struct run *run = NULL;
	_cleanup_(cleanup_loader) struct loader loader = { 0 };

	struct error *err = run_create(&run);
	if (err)
		return err;
	run->path = strdup(path);
	if (!run->path)
		return &error_no_memory;
	loader.run = run;
	err = run_reader_create(path, &reader);
	if (!err)
		err = load_records(&loader, reader);
	if (!err)
		err = settle_modules(run);
	if (!err)
		err = settle_sources(&loader);
	if (!err)
		err = settle_damage(&loader, reader);
	if (err)
		return err;
	*ret = steal_ptr(&run);
	return NULL;
}
