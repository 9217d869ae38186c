// SPDX-License-Identifier: GPL-2.0-or-later
/* What a collection prints at its end about the run file and its losses. */
#include "kcovreport/collect_summary.h"

#include <inttypes.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/pc_merge.h"
#include "base/strbuf.h"
#include "run/fields.h"
#include "run/stream.h"
#include "kcovreport/kcovreport.h"

/*
 * At most this many tasks with the same problem are listed; more are only counted.
 * dump lists all.
 */
#define MAX_LISTED 10

struct totals {
	uint64_t covered, remote;
	struct pc_parts elsewhere; /* PCs of contexts, but not of the system */
	bool has_contexts, has_system;
	uint64_t recorded;
	bool sets; /* the exact number of executions is not known for some sources */
	struct pc_parts pcs;
};

static void totals_deinit(struct totals *t)
{
	pc_parts_deinit(&t->pcs);
	pc_parts_deinit(&t->elsewhere);
}

static struct error *add_source(void *arg, struct run_source *source)
{
	struct totals *t = arg;

	if (source->state != RUN_STATE_NOT_FOLLOWED)
		t->covered += source->nr_tasks;
	t->sets |= run_source_counts(source) != RUN_COUNTS_EXACT;
	for (size_t i = 0; i < source->nr_pcs; i++) {
		t->recorded += source->pcs[i].count;
		if (source->kind == RUN_SOURCE_REMOTE)
			t->remote += source->pcs[i].count;
	}
	t->has_system |= source->kind == RUN_SOURCE_SYSTEM;
	if (run_kind_is_context(source->kind) && source->kind != RUN_SOURCE_SYSTEM) {
		t->has_contexts = true;
		struct error *err = pc_parts_add(&t->elsewhere, source->pcs, source->nr_pcs);
		if (err)
			return err;
	}
	return pc_parts_add(&t->pcs, source->pcs, source->nr_pcs);
}

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* Set *ret to "task 5 (sh)", or to the name of a handle. */
static struct error *name_source(const struct run_source *source, char **ret)
{
	_cleanup_strbuf_ struct strbuf sb = STRBUF_INIT;
	/* A task that was killed before its first instruction may have none. */
	const char *name = source->name && *source->name ? source->name : "?";

	if (run_kind_is_context(source->kind))
		strbuf_addf(&sb, "context %s", run_kind_words(source->kind)->name);
	else if (source->kind == RUN_SOURCE_REMOTE)
		strbuf_addstr(&sb, name);
	else if (source->pid)
		strbuf_addf(&sb, "task %d (%s)", source->pid, name);
	else
		strbuf_addstr(&sb, "a task");
	return strbuf_steal(&sb, ret);
}

static void warn_of_loss(const struct run_source *source, const struct run_loss *loss, uint64_t n,
			 const char *name)
{
	_cleanup_strbuf_ struct strbuf text = STRBUF_INIT;

	if (loss->title && source->kind == RUN_SOURCE_REMOTE)
		strbuf_addstr(&text, "remote coverage of ");
	if (loss->title)
		strbuf_addf(&text, "%s ", name);
	run_loss_write(loss, n, &text);
	say_warning("%s", strbuf_str(&text));
}

static void warn_of_source(const struct run_source *source)
{
	const struct run_state_words *words = run_source_state_words(source);
	_cleanup_free_ char *name = NULL;

	if (name_source(source, &name))
		return;
	if (words->said)
		say_warning("%s %s: %s", name, words->said,
			    source->reason ? source->reason : "unknown reason");
	run_for_each_loss(field)
	{
		uint64_t n = run_field_integer(field, source);

		if (n)
			warn_of_loss(source, field->loss, n, name);
	}
}

static bool is_whole(const struct run_source *source)
{
	return source->state == RUN_STATE_COVERED && !run_source_has_losses(source);
}

static void warn_of_sources(const struct run *run)
{
	size_t listed = 0, more = 0;

	vector_for_each(&run->sources, source) {
		if (is_whole(source))
			continue;
		if (listed++ < MAX_LISTED)
			warn_of_source(source);
		else
			more++;
	}
	if (more)
		say_warning("%zu more such task%s: 'kcovreport dump' lists them", more,
			    plural(more));
}

static struct error *say_totals(struct run_stream *stream, const char *path)
{
	_cleanup_(totals_deinit) struct totals t = { 0 };
	_cleanup_free_ struct pc_count *distinct = NULL, *elsewhere = NULL;
	size_t nr_distinct, nr_elsewhere;

	struct error *err = run_stream_each(stream, add_source, &t);
	if (!err)
		err = pc_parts_take(&t.pcs, &distinct, &nr_distinct);
	if (!err)
		err = pc_parts_take(&t.elsewhere, &elsewhere, &nr_elsewhere);
	if (err)
		return err;
	char recorded[128] = "", remote[64] = "", contexts[64] = "";

	if (t.has_system)
		snprintf(recorded, sizeof(recorded), " of the whole system");
	else if (t.sets)
		snprintf(recorded, sizeof(recorded), t.has_contexts ? " in sets" : " in one set");
	else
		snprintf(recorded, sizeof(recorded), " of %" PRIu64 " recorded", t.recorded);
	if (t.remote)
		snprintf(remote, sizeof(remote), ", %" PRIu64 "%s in the background", t.remote,
			 t.sets ? "" : " of them");
	if (t.has_contexts)
		snprintf(contexts, sizeof(contexts), ", %zu of them in other contexts",
			 nr_elsewhere);
	say("%" PRIu64 " task%s covered, %zu distinct PCs%s%s%s, in '%s'", t.covered,
	    plural(t.covered), nr_distinct, recorded, contexts, remote, path);
	return NULL;
}

void say_collect_summary(const char *path)
{
	_cleanup_run_stream_ struct run_stream *stream = NULL;
	struct stat st;

	if (stat(path, &st) || !S_ISREG(st.st_mode))
		return;
	struct error *err = run_stream_open(path, RUN_STREAM_HELD, &stream);
	if (!err)
		err = say_totals(stream, path);
	if (err) {
		say_error(err);
		return;
	}
	const struct run *run = run_stream_run(stream);
	warn_of_sources(run);
	vector_for_each(&run->notes, note)
		say_warning("%s", *note);
	if (run->damage)
		say_warning("'%s': %s", path, run->damage);
}
