// SPDX-License-Identifier: GPL-2.0-or-later
/* Decodes the records about a collection: its facts, modules and notes. */
#include "run/facts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/search.h"
#include "run/format.h"

static struct error *load_meta(struct run_facts *f, const struct run_record *record, bool *ok)
{
	struct run_meta meta = { 0 };

	struct error *err =
		run_decode_fields(record->payload, record->length, run_meta_fields, &meta, ok);
	if (err || !*ok) {
		run_meta_deinit(&meta);
		return err;
	}
	run_meta_deinit(&f->run->meta);
	f->run->meta = meta;
	f->has_meta = true;
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
static struct error *make_module_room(struct run_facts *f, bool *ok)
{
	*ok = !f->modules_full;
	if (!*ok || f->run->modules.len < 2 * RUN_MODULES_MAX)
		return NULL;
	struct error *err = settle_modules(f->run);
	f->modules_full = f->run->modules.len > RUN_MODULES_MAX;
	return err;
}

static struct error *load_module(struct run_facts *f, const struct run_record *record, bool *ok)
{
	const char *machine = f->run->meta.machine;
	struct run_module module = { 0 };

	struct error *err =
		run_decode_fields(record->payload, record->length, run_module_fields, &module, ok);
	*ok = *ok && module.name && run_address_is_possible(machine, module.base) &&
	      run_address_is_possible(machine, module.init_base);
	if (!err && *ok)
		err = make_module_room(f, ok);
	if (!err && *ok && !run_module_vector_append(&f->run->modules, &module))
		err = &error_no_memory;
	if (err || !*ok)
		run_module_deinit(&module);
	return err;
}

/* Takes text on success. */
static struct error *add_note(struct run *run, char *text)
{
	return run_note_vector_append(&run->notes, &text) ? NULL : &error_no_memory;
}

static struct error *load_note(struct run_facts *f, const struct run_record *record, bool *ok)
{
	struct run_note note = { 0 };

	struct error *err =
		run_decode_fields(record->payload, record->length, run_note_fields, &note, ok);
	*ok = *ok && note.text;
	if (!err && *ok)
		err = add_note(f->run, note.text);
	if (err || !*ok)
		free(note.text);
	return err;
}

/* A record type that only a newer minor version knows: add one note per type. */
static struct error *load_unknown(struct run_facts *f, const struct run_record *record)
{
	char *text;

	if (f->type_seen[record->type & 255])
		return NULL;
	f->type_seen[record->type & 255] = true;
	if (asprintf(&text,
		     "'%s' was written by a newer kcovreport: records of unknown type %u skipped",
		     f->run->path, record->type) < 0)
		return &error_no_memory;
	struct error *err = add_note(f->run, text);
	if (err)
		free(text);
	return err;
}

struct error *run_facts_add(struct run_facts *f, const struct run_record *record, bool *ok)
{
	*ok = true;
	switch (record->type) {
	case RUN_RECORD_META:
		return load_meta(f, record, ok);
	case RUN_RECORD_MODULE:
		return load_module(f, record, ok);
	case RUN_RECORD_NOTE:
		return load_note(f, record, ok);
	default:
		return load_unknown(f, record);
	}
}

static struct error *settle_damage(const struct run_facts *f, const struct run_reader *reader)
{
	_cleanup_strbuf_ struct strbuf text = STRBUF_INIT;
	struct run *run = f->run;

	run->finished = run_reader_finished(reader);
	run->damaged_bytes = run_reader_damaged_bytes(reader);
	strbuf_addstr(&text, run_reader_damage(reader));
	if (f->nr_orphans)
		strbuf_addf(&text,
			    "%s%" PRIu64
			    " of the damaged records %s lost only because %s a damaged "
			    "one: %" PRIu64 " kB of PCs before compression",
			    text.len ? "; " : "", f->nr_orphans, f->nr_orphans == 1 ? "is" : "are",
			    f->nr_orphans == 1 ? "it follows" : "they follow",
			    (f->orphan_bytes + 999) / 1000);
	if (!f->has_meta)
		strbuf_addf(&text, "%sno meta record: kernel and command not known",
			    text.len ? "; " : "");
	return text.len || text.failed ? strbuf_steal(&text, &run->damage) : NULL;
}

struct error *run_facts_settle(struct run_facts *f, const struct run_reader *reader)
{
	struct error *err = settle_modules(f->run);

	return err ? err : settle_damage(f, reader);
}
