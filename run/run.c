// SPDX-License-Identifier: GPL-2.0-or-later
/* Creates, searches, saves and destroys a run in memory. */
#include "run/run.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/outfile.h"
#include "base/search.h"
#include "run/format.h"
#include "run/pack.h"

struct error *run_create(struct run **ret)
{
	struct run *run = calloc(1, sizeof(*run));

	if (!run)
		return &error_no_memory;
	*ret = run;
	return NULL;
}

void run_meta_deinit(struct run_meta *meta)
{
	run_fields_free_strings(run_meta_fields, meta);
	*meta = (struct run_meta){ 0 };
}

void run_module_deinit(struct run_module *module)
{
	run_fields_free_strings(run_module_fields, module);
	*module = (struct run_module){ 0 };
}

bool run_address_is_possible(const char *machine, uint64_t address)
{
	uint8_t top = address >> 56;

	return !machine || strcmp(machine, "x86_64") || top == 0 || top == UINT8_MAX;
}

void run_destroy(struct run *run)
{
	if (!run)
		return;
	run_meta_deinit(&run->meta);
	vector_for_each(&run->modules, module)
		run_module_deinit(module);
	run_module_vector_deinit(&run->modules);
	vector_for_each(&run->sources, source)
		run_source_deinit(source);
	run_source_vector_deinit(&run->sources);
	vector_for_each(&run->notes, note)
		free(*note);
	run_note_vector_deinit(&run->notes);
	free(run->damage);
	free(run->path);
	free(run);
}

struct run_source *run_find_source(struct run *run, uint32_t id)
{
	const struct run_source_vector *v = &run->sources;
	size_t i = search_first(v->len, n, v->data[n].id >= id);

	return i < v->len && v->data[i].id == id ? &v->data[i] : NULL;
}

static struct error *encode_source(struct strbuf *sb, const struct run_source *source,
				   struct run_packer *packer, uint64_t *nr_records)
{
	run_encode_source(sb, source);
	++*nr_records;
	return run_packer_add(packer, source->id, source->pcs, source->nr_pcs, sb, nr_records);
}

/* Write what was encoded so far. */
static struct error *drain(struct strbuf *sb, struct outfile *out)
{
	struct error *err = strbuf_check(sb);

	if (!err)
		err = outfile_write(out, sb->data, sb->len);
	strbuf_reset(sb);
	return err;
}

static struct error *write_records(const struct run *run, struct outfile *out)
{
	_cleanup_strbuf_ struct strbuf sb = STRBUF_INIT;
	_cleanup_run_packer_ struct run_packer *packer = NULL;
	struct run_end end = { 0 };

	struct error *err = run_packer_create(&packer);
	if (err)
		return err;
	run_encode_header(&sb);
	run_encode_fields(&sb, RUN_RECORD_META, run_meta_fields, &run->meta);
	end.nr_records++;
	vector_for_each(&run->modules, module) {
		run_encode_fields(&sb, RUN_RECORD_MODULE, run_module_fields, module);
		end.nr_records++;
	}
	vector_for_each(&run->sources, source) {
		err = encode_source(&sb, source, packer, &end.nr_records);
		if (!err)
			err = drain(&sb, out);
		if (err)
			return err;
	}
	err = run_packer_flush(packer, &sb, &end.nr_records);
	if (err)
		return err;
	vector_for_each(&run->notes, text) {
		const struct run_note note = { .text = *text };

		run_encode_fields(&sb, RUN_RECORD_NOTE, run_note_fields, &note);
		end.nr_records++;
	}
	if (run->finished)
		run_encode_fields(&sb, RUN_RECORD_END, run_end_fields, &end);
	return drain(&sb, out);
}

struct error *run_save(const struct run *run, const char *path)
{
	_cleanup_outfile_ struct outfile *out = NULL;

	struct error *err = outfile_create(path, &out);
	if (err)
		return err;
	err = write_records(run, out);
	if (err)
		return err;
	return outfile_commit(out);
}
