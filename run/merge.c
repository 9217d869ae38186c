// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Merges one run into another.
 *
 * The size of .init.text is not known here, so PCs in it cannot be moved. If the
 * other run had different init code, or none, at this address, its PCs there would
 * be attributed to this module. So init_base is kept only if both runs had init
 * code of the same modules at the same addresses.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/pc_merge.h"
#include "base/search.h"
#include "base/strbuf.h"
#include "run/fields.h"
#include "run/format.h"
#include "run/merge.h"

__attribute__((format(printf, 2, 3))) static struct error *add_note(struct run *run,
								    const char *format, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list ap;

	va_start(ap, format);
	int n = vasprintf(&text, format, ap);
	va_end(ap);
	if (n < 0) {
		text = NULL;
		return &error_no_memory;
	}
	if (!run_note_vector_append(&run->notes, &text))
		return &error_no_memory;
	steal_ptr(&text);
	return NULL;
}

/* Index of the first module from i on that has an init_base; modules->len if there is none. */
static size_t next_init(const struct run_module_vector *modules, size_t i)
{
	while (i < modules->len && !modules->data[i].init_base)
		i++;
	return i;
}

static bool inits_same(const struct run_module_vector *a, const struct run_module_vector *b)
{
	size_t i = next_init(a, 0), j = next_init(b, 0);

	for (; i < a->len && j < b->len; i = next_init(a, i + 1), j = next_init(b, j + 1)) {
		const struct run_module *x = &a->data[i], *y = &b->data[j];

		if (!run_module_same(x, y) || x->base != y->base || x->init_base != y->init_base)
			return false;
	}
	return i == a->len && j == b->len;
}

bool run_moves_any(const struct run_move_vector *moves)
{
	for (size_t i = 0; i < moves->len; i++)
		if (moves->data[i].delta)
			return true;
	return false;
}

static const char inits_note[] = "modules had their init code at different addresses in the "
				 "merged runs: its coverage is missing";

bool run_merge_says_once(const char *note)
{
	return !strcmp(note, inits_note);
}

static struct error *forget_inits(struct run *run, const struct run *other)
{
	bool forgotten = next_init(&run->modules, 0) < run->modules.len ||
			 next_init(&other->modules, 0) < other->modules.len;

	vector_for_each(&run->modules, m)
		m->init_base = 0;
	for (size_t i = 0; forgotten && i < run->notes.len; i++)
		forgotten = strcmp(run->notes.data[i], inits_note) != 0;
	return forgotten ? add_note(run, "%s", inits_note) : NULL;
}

static uint64_t move_pc(const struct run_move_vector *moves, uint64_t pc)
{
	size_t after = search_first(moves->len, i, moves->data[i].start > pc);

	if (after == 0 || pc >= moves->data[after - 1].end)
		return pc;
	return pc + moves->data[after - 1].delta;
}

/* Index after the ascending part of pcs that begins at i. */
static size_t part_end(const struct pc_count *pcs, size_t nr_pcs, size_t i)
{
	while (++i < nr_pcs && pcs[i - 1].pc < pcs[i].pc)
		;
	return i;
}

/* If a module moves, the PCs no longer ascend as a whole, so ascending parts are merged. */
struct error *run_move_pcs(const struct run_source *from, const struct run_move_vector *moves,
			   struct pc_count **ret, size_t *ret_len)
{
	_cleanup_free_ struct pc_count *moved = array_realloc(NULL, from->nr_pcs, sizeof(*moved));
	_cleanup_(pc_span_vector_deinit) struct pc_span_vector spans = VECTOR_INIT;

	if (!moved)
		return &error_no_memory;
	for (size_t i = 0; i < from->nr_pcs; i++)
		moved[i] = (struct pc_count){ move_pc(moves, from->pcs[i].pc), from->pcs[i].count };
	for (size_t i = 0, end; i < from->nr_pcs; i = end) {
		end = part_end(moved, from->nr_pcs, i);
		if (!pc_span_vector_append(&spans, &(struct pc_span){ moved + i, end - i }))
			return &error_no_memory;
	}
	return pc_merge(spans.data, spans.len, ret, ret_len);
}

int32_t run_merged_parent(const struct run *other, int32_t parent, uint32_t first)
{
	struct run_source *source =
		parent < 0 ? NULL : run_find_source((struct run *)other, parent);

	return source ? (int32_t)(first + (source - other->sources.data)) : -1;
}

static struct error *merge_source(struct run *run, const struct run *other, size_t i,
				  uint32_t first, const struct run_move_vector *moves)
{
	const struct run_source *from = &other->sources.data[i];
	struct run_source *source = run_source_vector_append(&run->sources, from);

	if (!source)
		return &error_no_memory;
	source->id = first + i;
	source->parent = run_merged_parent(other, from->parent, first);
	source->pcs = NULL;
	source->nr_pcs = 0;
	struct error *err = run_fields_own_strings(run_source_fields, source);
	return err ? err : run_move_pcs(from, moves, &source->pcs, &source->nr_pcs);
}

static struct error *merge_sources(struct run *run, const struct run *other,
				   const struct run_move_vector *moves)
{
	const struct run_source_vector *v = &run->sources;
	uint64_t first = v->len ? (uint64_t)v->data[v->len - 1].id + 1 : 0;

	if (first + other->sources.len > INT32_MAX)
		return error_create(ERROR_UNSUPPORTED, "more than 2^31 tasks");
	for (size_t i = 0; i < other->sources.len; i++) {
		struct error *err = merge_source(run, other, i, first, moves);

		if (err)
			return err;
	}
	return NULL;
}

static struct error *merge_notes(struct run *run, const struct run *other)
{
	struct error *err = NULL;

	for (size_t i = 0; !err && i < other->notes.len; i++)
		err = add_note(run, "%s", other->notes.data[i]);
	/* A saved run has no damage of its own, so keep this as a note. */
	if (!err && other->damage)
		err = add_note(run, "'%s': %s", other->path ? other->path : "a run", other->damage);
	run->damaged_bytes += other->damaged_bytes;
	return err;
}

/*
 * Keep a if both values are the same; otherwise the value is not known for the
 * merged run (NULL).
 */
static void keep_if_same(char **a, const char *b)
{
	if (*a && b && !strcmp(*a, b))
		return;
	free(*a);
	*a = NULL;
}

static struct error *append_command(struct run_meta *meta, const char *command)
{
	char *joined;

	if (!command || (meta->command && !strcmp(meta->command, command)))
		return NULL;
	/* It is truncated in the file. */
	if (meta->command && strlen(meta->command) > RUN_STRING_MAX)
		return NULL;
	if (asprintf(&joined, "%s%s%s", meta->command ? meta->command : "",
		     meta->command ? "; " : "", command) < 0)
		return &error_no_memory;
	free(meta->command);
	meta->command = joined;
	return NULL;
}

static struct error *copy_meta(struct run_meta *to, const struct run_meta *from)
{
	run_meta_deinit(to);
	*to = *from;
	return run_fields_own_strings(run_meta_fields, to);
}

static struct error *merge_meta(struct run_meta *meta, const struct run_meta *other)
{
	if (!meta->build_id.size)
		meta->build_id = other->build_id;
	if (!meta->kaslr_known || !other->kaslr_known ||
	    meta->kaslr_offset != other->kaslr_offset) {
		meta->kaslr_known = false;
		meta->kaslr_offset = 0;
	}
	if (other->buffer_words > meta->buffer_words)
		meta->buffer_words = other->buffer_words;
	if (!meta->start_ns || (other->start_ns && other->start_ns < meta->start_ns))
		meta->start_ns = other->start_ns;
	keep_if_same(&meta->name, other->name);
	keep_if_same(&meta->directory, other->directory);
	keep_if_same(&meta->release, other->release);
	keep_if_same(&meta->version, other->version);
	keep_if_same(&meta->machine, other->machine);
	keep_if_same(&meta->follow, other->follow);
	return append_command(meta, other->command);
}

static struct error *check_match(const struct run *run, const struct run *other)
{
	const struct run_meta *a = &run->meta, *b = &other->meta;
	const char *path = other->path ? other->path : "the added run";
	static const char calls[] = "addresses of calls", returns[] = "return addresses";
	char a_hex[BUILD_ID_HEX_SIZE], b_hex[BUILD_ID_HEX_SIZE];

	if (a->build_id.size && b->build_id.size && !build_id_equal(&a->build_id, &b->build_id))
		return error_hint(error_create(ERROR_MISMATCH,
					       "'%s' is of another kernel: build id %s, not %s",
					       path, build_id_format(&b->build_id, b_hex),
					       build_id_format(&a->build_id, a_hex)),
				  "make one report for each kernel");
	if (a->pc_kind != b->pc_kind)
		return error_hint(error_create(ERROR_MISMATCH,
					       "'%s' holds %s, the run files before it %s", path,
					       b->pc_kind == RUN_PC_CALL ? calls : returns,
					       a->pc_kind == RUN_PC_CALL ? calls : returns),
				  "convert it with 'kcovreport export --pc-kind' and 'kcovreport "
				  "import'");
	return NULL;
}

static bool is_untouched(const struct run *run)
{
	return !run->path && !run->sources.len && !run->modules.len && !run->meta.command &&
	       !run->meta.build_id.size;
}

struct error *run_merge_facts(struct run *run, const struct run *other, bool first,
			      struct run_move_vector *moves)
{
	bool keep_inits = first || inits_same(&run->modules, &other->modules);
	struct error *err = first ? NULL : check_match(run, other);

	if (!err && !first && !run->meta.build_id.size != !other->meta.build_id.size)
		err = add_note(run,
			       "'%s' or a run merged with it has no build id of its kernel: all "
			       "are assumed to be of one kernel",
			       other->path ? other->path : "a run");
	if (!err)
		err = first ? run_copy_modules(run, other) : run_merge_modules(run, other, moves);
	if (!err && (!keep_inits || run_moves_any(moves)))
		err = forget_inits(run, other);
	if (!err)
		err = first ? copy_meta(&run->meta, &other->meta)
			    : merge_meta(&run->meta, &other->meta);
	if (!err)
		err = merge_notes(run, other);
	if (!err)
		run->finished = other->finished && (first || run->finished);
	return err;
}

struct error *run_merge(struct run *run, const struct run *other)
{
	_cleanup_(run_move_vector_deinit) struct run_move_vector moves = VECTOR_INIT;
	struct error *err = run_merge_facts(run, other, is_untouched(run), &moves);

	return err ? err : merge_sources(run, other, &moves);
}
