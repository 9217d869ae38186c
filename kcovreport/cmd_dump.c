// SPDX-License-Identifier: GPL-2.0-or-later
/* kcovreport dump: prints what a run file contains. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/utf8.h"
#include "run/fields.h"
#include "kcovreport/kcovreport.h"
#include "kcovreport/pc_kind.h"
#include "kcovreport/runs.h"

static const char doc[] =
	"Print run files as text, one fact per line.\v"
	"Each line begins with its kind: run, meta, module, task, remote, pc (with --pcs), note, "
	"damage, total. Names are quoted as C strings.";

struct dump_options {
	bool pcs;
	char **files;
	size_t nr_files;
};

static const struct argp_option options[] = {
	{ "pcs", 'p', NULL, 0, "also list the PCs of each task" },
	{ 0 },
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct dump_options *o = state->input;

	(void)arg;
	switch (key) {
	case 'p':
		o->pcs = true;
		return 0;
	case ARGP_KEY_ARGS:
		o->files = state->argv + state->next;
		o->nr_files = state->argc - state->next;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Print s in double quotes; escape quotes, backslashes, and the bytes of what is not plain. */
static void print_quoted(const char *s)
{
	size_t len = strlen(s);
	bool is_plain;

	putchar('"');
	for (size_t i = 0, n; i < len; i += n) {
		n = text_next(s + i, len - i, &is_plain);
		if (s[i] == '"' || s[i] == '\\')
			putchar('\\');
		for (size_t k = i; k < i + n; k++)
			printf(is_plain ? "%c" : "\\x%02x", (unsigned char)s[k]);
	}
	putchar('"');
}

static void print_string(const char *name, const char *value)
{
	if (!value)
		return;
	printf("meta %s ", name);
	print_quoted(value);
	putchar('\n');
}

static void print_time(uint64_t ns)
{
	time_t seconds = ns / 1000000000;
	char text[64];
	struct tm tm;

	if (!gmtime_r(&seconds, &tm) || !strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm))
		return;
	printf("meta start %s.%09uZ\n", text, (unsigned int)(ns % 1000000000));
}

static void print_meta(const struct run_meta *meta)
{
	char hex[BUILD_ID_HEX_SIZE];

	print_string("name", meta->name);
	print_string("command", meta->command);
	print_string("directory", meta->directory);
	print_string("release", meta->release);
	print_string("version", meta->version);
	print_string("machine", meta->machine);
	print_string("follow", meta->follow);
	if (meta->build_id.size)
		printf("meta build-id %s\n", build_id_format(&meta->build_id, hex));
	if (meta->kaslr_known)
		printf("meta kaslr-offset 0x%" PRIx64 "\n", meta->kaslr_offset);
	printf("meta pc-kind %s\n", pc_kind_name(meta->pc_kind));
	if (meta->buffer_words)
		printf("meta buffer-words %" PRIu64 "\n", meta->buffer_words);
	if (meta->start_ns)
		print_time(meta->start_ns);
}

static void print_modules(const struct run *run)
{
	char hex[BUILD_ID_HEX_SIZE];

	vector_for_each(&run->modules, m) {
		printf("module base 0x%" PRIx64 " size %" PRIu64, m->base, m->size);
		if (m->init_base)
			printf(" init-base 0x%" PRIx64, m->init_base);
		if (m->build_id.size)
			printf(" build-id %s", build_id_format(&m->build_id, hex));
		printf(" name ");
		print_quoted(m->name);
		putchar('\n');
	}
}

static void print_status(const struct run_source *source)
{
	if (!source->exited)
		return;
	if (WIFSIGNALED(source->status))
		printf(" signal %d", WTERMSIG(source->status));
	else
		printf(" exit %d", WEXITSTATUS(source->status));
}

struct totals {
	uint64_t pcs, count, saturations, tasks;
	size_t remotes, contexts, not_followed, cut;
};

static void print_identity(const struct run_source *source)
{
	if (source->kind == RUN_SOURCE_REMOTE)
		printf("remote %" PRIu32 " handle 0x%016" PRIx64, source->id, source->handle);
	else if (run_kind_is_context(source->kind))
		printf("context %" PRIu32 " kind %s", source->id,
		       run_kind_words(source->kind)->name);
	else
		printf("task %" PRIu32 " pid %" PRId32 " tgid %" PRId32 " parent %" PRId32,
		       source->id, source->pid, source->tgid, source->parent);
	printf(" state %s", run_source_state_words(source)->name);
}

static uint64_t sum_counts(const struct run_source *source)
{
	uint64_t count = 0;

	for (size_t i = 0; i < source->nr_pcs; i++)
		if (__builtin_add_overflow(count, source->pcs[i].count, &count))
			count = UINT64_MAX;
	return count;
}

static void add_totals(struct totals *totals, const struct run_source *source, uint64_t count)
{
	bool remote = source->kind == RUN_SOURCE_REMOTE;
	bool context = run_kind_is_context(source->kind);

	totals->tasks += source->nr_tasks;
	totals->remotes += remote;
	totals->contexts += context;
	totals->pcs += source->nr_pcs;
	totals->saturations += source->losses.saturations;
	totals->not_followed += !remote && !context && source->state == RUN_STATE_NOT_FOLLOWED;
	totals->cut += source->state == RUN_STATE_CUT;
	if (__builtin_add_overflow(totals->count, count, &totals->count))
		totals->count = UINT64_MAX;
}

/* Print the counters that only this kind of source has, or those that every kind has. */
static void print_counters(const struct run_source *source, bool of_kind)
{
	for (const struct run_field *field = run_source_fields; field->number; field++) {
		if (!field->name || field->unit != RUN_UNIT_COUNT || !field->kinds == of_kind ||
		    field->kind == RUN_FIELD_STRING || !run_field_is_of(field, source->kind))
			continue;
		putchar(' ');
		for (const char *p = field->name; *p; p++)
			putchar(*p == '_' ? '-' : *p);
		printf(" %" PRIu64, run_field_integer(field, source));
	}
	if (of_kind && source->folded_tasks)
		printf(" folded-tasks %" PRIu64, source->folded_tasks);
}

static void print_source(const struct run_source *source, uint64_t count, struct totals *totals)
{
	print_identity(source);
	print_status(source);
	print_counters(source, true);
	print_counters(source, false);
	printf(" pcs %zu count %" PRIu64, source->nr_pcs, count);
	if (source->name && !run_kind_is_context(source->kind)) {
		printf(source->kind == RUN_SOURCE_REMOTE ? " name " : " comm ");
		print_quoted(source->name);
	}
	if (source->reason) {
		printf(" reason ");
		print_quoted(source->reason);
	}
	putchar('\n');
	add_totals(totals, source, count);
}

static void print_pc(const struct run_source *source, const struct pc_count *pc)
{
	const char *kind = source->kind == RUN_SOURCE_REMOTE   ? "remote"
			   : run_kind_is_context(source->kind) ? "context"
							       : "task";

	printf("pc 0x%" PRIx64 " count %" PRIu64 " %s %" PRIu32 "\n", pc->pc, pc->count, kind,
	       source->id);
}

/* What is kept of a source until those with lower ids are printed. */
struct waiting {
	bool is_visited;
	uint64_t count; /* sum of its counts */
	off_t offset;	/* of its PCs in the spool */
};

/* Prints sources in the order of ids, while they are visited in another one. */
struct dumper {
	const struct run *run;
	bool pcs; /* print them, too */
	struct waiting *waiting;
	size_t nr_printed;
	FILE *spool; /* PCs of sources that wait; NULL = none do */
	struct totals totals;
};

static void dumper_deinit(struct dumper *d)
{
	free(d->waiting);
	if (d->spool)
		fclose(d->spool);
}

static struct error *spool_error(void)
{
	return error_errno(errno ? errno : EIO, "cannot use a temporary file");
}

static struct error *spool_put(struct dumper *d, const struct run_source *source, off_t *ret)
{
	if (!d->spool)
		d->spool = tmpfile();
	if (!d->spool || fseeko(d->spool, 0, SEEK_END))
		return spool_error();
	*ret = ftello(d->spool);
	if (fwrite(source->pcs, sizeof(*source->pcs), source->nr_pcs, d->spool) != source->nr_pcs)
		return spool_error();
	return NULL;
}

static struct error *print_spooled(struct dumper *d, const struct run_source *source, off_t offset)
{
	struct pc_count pc;

	if (fseeko(d->spool, offset, SEEK_SET))
		return spool_error();
	for (size_t i = 0; i < source->nr_pcs; i++) {
		if (fread(&pc, sizeof(pc), 1, d->spool) != 1)
			return spool_error();
		print_pc(source, &pc);
	}
	return NULL;
}

/* Print the sources that are next by id, as far as they were visited. */
static struct error *print_visited(struct dumper *d)
{
	for (; d->nr_printed < d->run->sources.len; d->nr_printed++) {
		const struct run_source *source = &d->run->sources.data[d->nr_printed];
		const struct waiting *w = &d->waiting[d->nr_printed];

		if (!w->is_visited)
			return NULL;
		print_source(source, w->count, &d->totals);
		for (size_t i = 0; source->pcs && d->pcs && i < source->nr_pcs; i++)
			print_pc(source, &source->pcs[i]);
		struct error *err = source->pcs || !d->pcs || !source->nr_pcs
					    ? NULL
					    : print_spooled(d, source, w->offset);
		if (err)
			return err;
	}
	return NULL;
}

static struct error *visit(void *arg, struct run_source *source)
{
	struct dumper *d = arg;
	size_t i = source - d->run->sources.data;
	struct waiting *w = &d->waiting[i];

	w->is_visited = true;
	w->count = sum_counts(source);
	struct error *err = i > d->nr_printed && d->pcs ? spool_put(d, source, &w->offset) : NULL;
	return err ? err : print_visited(d);
}

static struct error *print_sources(struct run_stream *stream, bool pcs)
{
	_cleanup_(dumper_deinit) struct dumper d = { .run = run_stream_run(stream), .pcs = pcs };
	const struct totals *totals = &d.totals;

	d.waiting = calloc(d.run->sources.len + 1, sizeof(*d.waiting));
	if (!d.waiting)
		return &error_no_memory;
	struct error *err = run_stream_each(stream, visit, &d);
	if (err)
		return err;
	printf("total tasks %" PRIu64 " not-followed %zu cut %zu remotes %zu saturations %" PRIu64
	       " pcs %" PRIu64 " count %" PRIu64,
	       totals->tasks, totals->not_followed, totals->cut, totals->remotes,
	       totals->saturations, totals->pcs, totals->count);
	if (totals->contexts)
		printf(" contexts %zu", totals->contexts);
	putchar('\n');
	return NULL;
}

static struct error *dump(const char *path, bool pcs)
{
	_cleanup_run_stream_ struct run_stream *stream = NULL;

	struct error *err = run_file_open(path, &stream);
	if (err)
		return err;
	const struct run *run = run_stream_run(stream);
	printf("run ");
	print_quoted(path);
	printf(" %s\n", run->finished ? "finished" : "unfinished");
	print_meta(&run->meta);
	print_modules(run);
	err = print_sources(stream, pcs);
	if (err)
		return err;
	vector_for_each(&run->notes, note) {
		printf("note ");
		print_quoted(*note);
		putchar('\n');
	}
	if (run->damage) {
		printf("damage bytes %" PRIu64 " ", run->damaged_bytes);
		print_quoted(run->damage);
		putchar('\n');
	}
	return NULL;
}

int cmd_dump(int argc, char **argv)
{
	static const struct argp argp = { options, parse_option, "[RUNFILE...]", doc };
	struct dump_options o = { 0 };
	struct error *err = NULL;

	parse_options(&argp, argc, argv, 0, &o);
	if (!o.nr_files)
		err = dump(DEFAULT_RUN_FILE, o.pcs);
	for (size_t i = 0; !err && i < o.nr_files; i++)
		err = dump(o.files[i], o.pcs);
	int status = finish_stdout();
	if (!err)
		return status;
	say_error(err);
	return EXIT_FAILED;
}
