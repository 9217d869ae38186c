// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads the sources of a run file, once or twice. */
#include "run/stream.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/search.h"
#include "run/facts.h"
#include "run/format.h"
#include "run/pack.h"

/* What a source costs while it is read, in PCs, besides its PCs. */
#define SOURCE_COST 32
/* The most PCs that are held at the same time: these, and this many for each byte of the file. */
#define OPEN_MIN      ((uint64_t)1 << 24)
#define OPEN_PER_BYTE 4

/* A source while it is read. */
struct reading {
	struct pc_parts parts; /* the PCs so far */
	uint32_t id;
	bool is_lost;	    /* its TASK record was not found so far */
	uint64_t nr_pieces; /* in the first reading: so far; in the second one: to come */
};
DEFINE_VECTOR(reading_vector, struct reading);

struct run_stream {
	struct run *run;
	struct run_facts facts;
	struct run_reader *reader;
	struct run_unpacker unpacker;
	struct pc_count_vector pcs;	/* one piece */
	struct pc_map numbers;		/* id + 1 -> index in readings, + 1 */
	struct reading_vector readings; /* in the order of the file, also that of run->sources */
	size_t nr_lost;			/* readings with is_lost */
	size_t held, held_max;		/* PCs in readings */
	bool is_counting;		/* there are more than held_max: count pieces only */
	uint64_t open;			/* in the second reading: PCs in readings */
	run_visit visit;		/* NULL = leave the PCs in the sources */
	void *arg;
};

/* What to do with the piece in s->pcs, of this source. */
typedef struct error *(*take_piece)(struct run_stream *s, uint32_t id, bool *ok);

void run_stream_destroy(struct run_stream *s)
{
	if (!s)
		return;
	run_destroy(s->run);
	run_reader_destroy(s->reader);
	run_unpacker_deinit(&s->unpacker);
	pc_count_vector_deinit(&s->pcs);
	pc_map_deinit(&s->numbers);
	vector_for_each(&s->readings, reading)
		pc_parts_deinit(&reading->parts);
	reading_vector_deinit(&s->readings);
	free(s);
}

struct run *run_stream_run(struct run_stream *s)
{
	return s->run;
}

struct run *run_stream_steal(struct run_stream *s)
{
	return steal_ptr(&s->run);
}

static struct reading *find_reading(const struct run_stream *s, uint32_t id)
{
	uint64_t number = pc_map_get(&s->numbers, (uint64_t)id + 1);

	return number ? &s->readings.data[number - 1] : NULL;
}

/* Takes what *new owns on success. */
static struct error *add_source(struct run_stream *s, const struct run_source *new, bool is_lost)
{
	struct run_source_vector *sources = &s->run->sources;
	const struct reading reading = { .id = new->id, .is_lost = is_lost };

	if (!reading_vector_append(&s->readings, &reading) ||
	    !run_source_vector_reserve(sources, sources->len + 1) ||
	    !pc_map_add(&s->numbers, (uint64_t) new->id + 1, s->readings.len))
		return &error_no_memory;
	s->nr_lost += is_lost;
	run_source_vector_append(sources, new);
	return NULL;
}

/* A placeholder until the TASK record of the source is read, which may be lost. */
static struct error *add_placeholder(struct run_stream *s, uint32_t id)
{
	struct run_source new = { .id = id, .parent = -1, .nr_tasks = 1, .state = RUN_STATE_CUT };

	new.reason = strdup("the run file has PCs of it, but no task record");
	struct error *err = new.reason ? add_source(s, &new, true) : &error_no_memory;
	if (err)
		run_source_deinit(&new);
	return err;
}

static struct error *replace_source(struct run_stream *s, struct reading *reading,
				    const struct run_source *new)
{
	struct run_source *source = &s->run->sources.data[reading - s->readings.data];

	s->nr_lost -= reading->is_lost;
	reading->is_lost = false;
	run_source_deinit(source);
	*source = *new;
	return NULL;
}

static struct error *read_source(struct run_stream *s, const struct run_record *record, bool *ok)
{
	struct run_source new = { 0 };

	struct error *err = run_decode_source(record->payload, record->length, &new, ok);
	if (!err && *ok) {
		struct reading *reading = find_reading(s, new.id);

		err = reading ? replace_source(s, reading, &new) : add_source(s, &new, false);
	}
	if (err || !*ok)
		run_source_deinit(&new);
	return err;
}

/* There are too many PCs to hold: from now on only count the pieces. */
static void stop_holding(struct run_stream *s)
{
	vector_for_each(&s->readings, reading)
		pc_parts_deinit(&reading->parts);
	s->is_counting = true;
}

/* In the first reading. *ok = false if there are PCs of too many sources without a record. */
static struct error *note_piece(struct run_stream *s, uint32_t id, bool *ok)
{
	struct reading *reading = find_reading(s, id);

	if (!reading) {
		*ok = s->nr_lost < RUN_LOST_SOURCES_MAX;
		struct error *err = *ok ? add_placeholder(s, id) : NULL;
		if (err || !*ok)
			return err;
		reading = find_reading(s, id);
	}
	s->held += s->pcs.len + (reading->nr_pieces++ ? 0 : SOURCE_COST);
	if (s->is_counting)
		return NULL;
	if (s->held > s->held_max) {
		stop_holding(s);
		return NULL;
	}
	return pc_parts_add(&reading->parts, s->pcs.data, s->pcs.len);
}

static struct error *read_pcs(struct run_stream *s, const struct run_record *record,
			      take_piece take, bool *ok)
{
	uint32_t id;

	struct error *err = run_decode_pcs(record->payload, record->length, &id, &s->pcs, ok);
	return err || !*ok ? err : take(s, id, ok);
}

static struct error *read_pack(struct run_stream *s, const struct run_record *record,
			       take_piece take, bool *ok)
{
	bool more;
	uint32_t id;

	struct error *err = run_unpack(&s->unpacker, record->payload, record->length, ok);
	while (!err && *ok) {
		err = run_unpacker_next(&s->unpacker, &id, &s->pcs, &more, ok);
		if (err || !more)
			break;
		err = take(s, id, ok);
	}
	return err;
}

static struct error *read_record(struct run_stream *s, const struct run_record *record, bool *ok)
{
	switch (record->type) {
	case RUN_RECORD_TASK:
		return read_source(s, record, ok);
	case RUN_RECORD_PCS:
		return read_pcs(s, record, note_piece, ok);
	case RUN_RECORD_PACK:
		return read_pack(s, record, note_piece, ok);
	default:
		return run_facts_add(&s->facts, record, ok);
	}
}

static struct error *read_records(struct run_stream *s)
{
	struct run_record record;
	bool ok;

	for (;;) {
		struct error *err = run_reader_next(s->reader, &record, &ok);

		if (err || !ok)
			return err;
		err = read_record(s, &record, &ok);
		if (err)
			return err;
		if (!ok)
			run_reader_reject(s->reader, &record);
	}
}

static int compare_source(const void *a, const void *b)
{
	const struct run_source *x = a, *y = b;

	return compare_values(x->id, y->id);
}

struct error *run_stream_open(const char *path, size_t held, struct run_stream **ret)
{
	_cleanup_run_stream_ struct run_stream *s = calloc(1, sizeof(*s));

	if (!s)
		return &error_no_memory;
	struct error *err = run_create(&s->run);
	if (err)
		return err;
	s->run->path = strdup(path);
	if (!s->run->path)
		return &error_no_memory;
	s->facts.run = s->run;
	err = run_reader_create(path, &s->reader);
	if (err)
		return err;
	s->held_max = run_reader_can_rewind(s->reader) ? held : SIZE_MAX;
	err = read_records(s);
	s->facts.nr_orphans = s->unpacker.nr_orphans;
	s->facts.orphan_bytes = s->unpacker.orphan_bytes;
	if (!err)
		err = run_facts_settle(&s->facts, s->reader);
	if (err)
		return err;
	if (s->run->sources.len)
		qsort(s->run->sources.data, s->run->sources.len, sizeof(*s->run->sources.data),
		      compare_source);
	*ret = steal_ptr(&s);
	return NULL;
}

/* The PCs of a source are complete. */
static struct error *visit_source(struct run_stream *s, struct run_source *source,
				  struct reading *reading)
{
	s->open -= s->is_counting ? reading->parts.pcs.len : 0;
	struct error *err = pc_parts_take(&reading->parts, &source->pcs, &source->nr_pcs);
	if (err || !s->visit)
		return err;
	err = s->visit(s->arg, source);
	free(source->pcs);
	source->pcs = NULL;
	return err;
}

/*
 * Sources that ran at the same time are put together at the same time. A hostile file can hold
 * 64 times its size of them.
 */
static struct error *check_open(const struct run_stream *s)
{
	uint64_t limit = OPEN_MIN + OPEN_PER_BYTE * run_reader_size(s->reader);

	if (s->open <= limit)
		return NULL;
	return error_hint(error_create(ERROR_UNSUPPORTED,
				       "'%s' has more than %" PRIu64
				       " PCs of tasks that ran at the "
				       "same time",
				       s->run->path, limit),
			  "that is far more than a file of this size has: it is broken, or made to "
			  "exhaust memory");
}

static struct error *add_pcs(struct run_stream *s, struct reading *reading)
{
	size_t before = reading->parts.pcs.len;
	struct error *err = pc_parts_add(&reading->parts, s->pcs.data, s->pcs.len);

	if (err)
		return err;
	s->open += reading->parts.pcs.len;
	s->open -= before;
	return check_open(s);
}

/* In the second reading. The file may have changed since the first one. */
static struct error *add_piece(struct run_stream *s, uint32_t id, bool *ok)
{
	struct reading *reading = find_reading(s, id);

	(void)ok;
	if (!reading || !reading->nr_pieces)
		return NULL;
	struct error *err = add_pcs(s, reading);
	if (err)
		return err;
	return --reading->nr_pieces ? NULL : visit_source(s, run_find_source(s->run, id), reading);
}

static struct error *read_again(struct run_stream *s)
{
	struct error *err = run_reader_rewind(s->reader);
	struct run_record record;
	bool ok = true;

	run_unpacker_deinit(&s->unpacker);
	while (!err) {
		err = run_reader_next(s->reader, &record, &ok);
		if (err || !ok)
			break;
		if (record.type == RUN_RECORD_PCS)
			err = read_pcs(s, &record, add_piece, &ok);
		else if (record.type == RUN_RECORD_PACK)
			err = read_pack(s, &record, add_piece, &ok);
	}
	return err;
}

struct error *run_stream_each(struct run_stream *s, run_visit visit, void *arg)
{
	struct error *err = NULL;

	s->visit = visit;
	s->arg = arg;
	/* All of them if PCs are held, else those without PCs. */
	for (size_t i = 0; !err && i < s->run->sources.len; i++) {
		struct run_source *source = &s->run->sources.data[i];
		struct reading *reading = find_reading(s, source->id);

		if (s->is_counting && reading->nr_pieces)
			continue;
		reading->nr_pieces = 0;
		err = visit_source(s, source, reading);
	}
	if (err || !s->is_counting)
		return err;
	err = read_again(s);
	/* Those that are not complete, because the file changed. */
	for (size_t i = 0; !err && i < s->run->sources.len; i++) {
		struct run_source *source = &s->run->sources.data[i];
		struct reading *reading = find_reading(s, source->id);

		if (reading->nr_pieces)
			err = visit_source(s, source, reading);
	}
	return err;
}

/* Records of sources are not decoded, and so not checked. */
static struct error *read_facts(struct run_facts *facts, struct run_reader *reader)
{
	struct run_record record;
	bool ok;

	for (;;) {
		struct error *err = run_reader_next(reader, &record, &ok);

		if (err || !ok)
			return err ? err : run_facts_settle(facts, reader);
		if (record.type == RUN_RECORD_TASK || record.type == RUN_RECORD_PCS ||
		    record.type == RUN_RECORD_PACK)
			continue;
		err = run_facts_add(facts, &record, &ok);
		if (err)
			return err;
		if (!ok)
			run_reader_reject(reader, &record);
	}
}

struct error *run_load_facts(const char *path, struct run **ret)
{
	_cleanup_run_ struct run *run = NULL;
	_cleanup_run_reader_ struct run_reader *reader = NULL;
	struct run_facts facts = { 0 };
	struct error *err = run_create(&run);

	if (err)
		return err;
	facts.run = run;
	run->path = strdup(path);
	err = run->path ? run_reader_create(path, &reader) : &error_no_memory;
	if (!err)
		err = read_facts(&facts, reader);
	if (!err)
		*ret = steal_ptr(&run);
	return err;
}

struct error *run_load(const char *path, struct run **ret)
{
	_cleanup_run_stream_ struct run_stream *s = NULL;

	struct error *err = run_stream_open(path, SIZE_MAX, &s);
	if (!err)
		err = run_stream_each(s, NULL, NULL);
	if (err)
		return err;
	*ret = run_stream_steal(s);
	return NULL;
}
