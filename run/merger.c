// SPDX-License-Identifier: GPL-2.0-or-later
/* Merges run files into a file, source by source. */
#include "run/merger.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/outfile.h"
#include "run/fold.h"
#include "run/format.h"
#include "run/merge.h"
#include "run/pack.h"

/* Write to the stream when this many bytes are encoded. */
#define DRAIN_SIZE ((size_t)1 << 20)

struct run_merger {
	struct run *run; /* facts and modules so far; its sources and most notes are in the file */
	struct outfile *out;
	struct strbuf sb; /* records that are not in the file yet */
	struct run_packer *packer;
	uint64_t nr_records;
	uint64_t nr_runs, nr_sources;
	size_t nr_kept; /* notes that are kept, 0 or 1; they are in the file */
	bool is_folding;
	struct run_fold fold;
	/* Of the run that is added. */
	const struct run *other;
	struct run_move_vector moves;
	uint32_t first; /* new id of its first source */
};

struct error *run_merger_create(const char *path, bool fold, struct run_merger **ret)
{
	_cleanup_run_merger_ struct run_merger *m = calloc(1, sizeof(*m));

	if (!m)
		return &error_no_memory;
	m->is_folding = fold;
	struct error *err = run_create(&m->run);
	if (!err)
		err = run_packer_create(&m->packer);
	if (!err)
		err = outfile_create(path, &m->out);
	if (err)
		return err;
	run_encode_header(&m->sb);
	*ret = steal_ptr(&m);
	return NULL;
}

void run_merger_destroy(struct run_merger *m)
{
	if (!m)
		return;
	run_destroy(m->run);
	outfile_destroy(m->out);
	strbuf_deinit(&m->sb);
	run_packer_destroy(m->packer);
	run_fold_deinit(&m->fold);
	run_move_vector_deinit(&m->moves);
	free(m);
}

uint64_t run_merger_sources(const struct run_merger *m)
{
	return m->nr_sources;
}

/* Write what was encoded so far. */
static struct error *drain(struct run_merger *m, size_t least)
{
	struct error *err = strbuf_check(&m->sb);

	if (err || m->sb.len < least)
		return err;
	err = outfile_write(m->out, m->sb.data, m->sb.len);
	strbuf_reset(&m->sb);
	return err;
}

/* Write the new notes. Keep the one that run_merge_facts() looks for, as the first. */
static void write_notes(struct run_merger *m)
{
	struct run_note_vector *notes = &m->run->notes;
	size_t nr_kept = m->nr_kept;

	for (size_t i = m->nr_kept; i < notes->len; i++) {
		const struct run_note note = { .text = notes->data[i] };

		run_encode_fields(&m->sb, RUN_RECORD_NOTE, run_note_fields, &note);
		m->nr_records++;
		if (!nr_kept && run_merge_says_once(note.text))
			notes->data[nr_kept++] = note.text;
		else
			free(note.text);
	}
	notes->len = m->nr_kept = nr_kept;
}

static struct error *write_source(struct run_merger *m, const struct run_source *source,
				  const struct pc_count *pcs, size_t nr_pcs)
{
	run_encode_source(&m->sb, source);
	m->nr_records++;
	struct error *err =
		run_packer_add(m->packer, source->id, pcs, nr_pcs, &m->sb, &m->nr_records);
	return err ? err : drain(m, DRAIN_SIZE);
}

static struct error *add_source(struct run_merger *m, const struct run_source *source,
				const struct pc_count *pcs, size_t nr_pcs)
{
	struct run_source moved = *source;

	if (m->is_folding)
		return run_fold_add(&m->fold, source, pcs, nr_pcs);
	moved.id = m->first + (source - m->other->sources.data);
	moved.parent = run_merged_parent(m->other, source->parent, m->first);
	return write_source(m, &moved, pcs, nr_pcs);
}

/* Called for each source of the added run. */
static struct error *visit(void *arg, struct run_source *source)
{
	_cleanup_free_ struct pc_count *moved = NULL;
	struct run_merger *m = arg;
	size_t nr_moved;

	if (!run_moves_any(&m->moves))
		return add_source(m, source, source->pcs, source->nr_pcs);
	struct error *err = run_move_pcs(source, &m->moves, &moved, &nr_moved);
	return err ? err : add_source(m, source, moved, nr_moved);
}

struct error *run_merger_add(struct run_merger *m, struct run_stream *stream)
{
	m->other = run_stream_run(stream);
	m->moves.len = 0;
	m->first = m->nr_sources;
	m->nr_sources += m->other->sources.len;
	if (m->nr_sources > INT32_MAX)
		return error_create(ERROR_UNSUPPORTED, "more than 2^31 tasks");
	struct error *err = run_merge_facts(m->run, m->other, !m->nr_runs++, &m->moves);
	if (err)
		return err;
	write_notes(m);
	return run_stream_each(stream, visit, m);
}

static struct error *write_folded(struct run_merger *m)
{
	struct error *err = NULL;
	uint32_t id = 0;

	for (size_t i = 0; !err && i < RUN_SOURCE_KINDS; i++) {
		struct run_source source = { 0 };

		if (!m->fold.folded[i].nr_sources)
			continue;
		err = run_fold_take(&m->fold.folded[i], &source);
		source.id = id++;
		if (!err)
			err = write_source(m, &source, source.pcs, source.nr_pcs);
		run_source_deinit(&source);
	}
	return err;
}

/* Facts and modules are known only after the last run. */
struct error *run_merger_finish(struct run_merger *m)
{
	struct error *err = write_folded(m);

	if (!err)
		err = run_packer_flush(m->packer, &m->sb, &m->nr_records);
	if (err)
		return err;
	run_encode_fields(&m->sb, RUN_RECORD_META, run_meta_fields, &m->run->meta);
	vector_for_each(&m->run->modules, module)
		run_encode_fields(&m->sb, RUN_RECORD_MODULE, run_module_fields, module);
	const struct run_end end = { m->nr_records + 1 + m->run->modules.len };
	run_encode_fields(&m->sb, RUN_RECORD_END, run_end_fields, &end);
	err = drain(m, 0);
	return err ? err : outfile_commit(m->out);
}
