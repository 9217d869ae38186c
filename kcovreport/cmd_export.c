// SPDX-License-Identifier: GPL-2.0-or-later
/* kcovreport export: writes the PCs of run files as text. */
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/outfile.h"
#include "base/pc_merge.h"
#include "run/rawcover.h"
#include "kcovreport/kcovreport.h"
#include "kcovreport/pc_kind.h"
#include "kcovreport/runs.h"

static const char doc[] =
	"Write the distinct PCs of run files in ascending order, one hexadecimal PC per line, as "
	"syzkaller's tools read them.\v"
	"If --pc-kind asks for another kind of PC than the run file holds, the length of a direct "
	"call is subtracted or added. This is wrong for a few PCs: some functions jump to the "
	"coverage callback (gcc before 14). The kernel then records the return address of their "
	"caller, and an indirect call there has another length.";

struct export_options {
	const char *output; /* NULL = stdout */
	bool has_kind;
	enum run_pc_kind kind;
	char **files;
	size_t nr_files;
};

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0, "file to write (standard output)" },
	{ "pc-kind", 'p', "KIND", 0, "what to write: return or call (what the file holds)" },
	{ 0 },
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct export_options *o = state->input;

	switch (key) {
	case 'o':
		o->output = arg;
		return 0;
	case 'p':
		o->kind = pc_kind_parse(arg, state);
		o->has_kind = true;
		return 0;
	case ARGP_KEY_ARGS:
		o->files = state->argv + state->next;
		o->nr_files = state->argc - state->next;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static struct error *collect_pcs(const struct run *run, struct pc_count **ret, size_t *ret_len)
{
	_cleanup_(pc_span_vector_deinit) struct pc_span_vector spans = VECTOR_INIT;

	vector_for_each(&run->sources, source)
		if (!pc_span_vector_append(&spans,
					   &(struct pc_span){ source->pcs, source->nr_pcs }))
			return &error_no_memory;
	return pc_merge(spans.data, spans.len, ret, ret_len);
}

static struct error *write_pcs(const char *path, const struct pc_count *pcs, size_t nr_pcs)
{
	_cleanup_outfile_ struct outfile *out = NULL;

	if (!path) {
		rawcover_write(stdout, pcs, nr_pcs);
		return NULL;
	}
	struct error *err = outfile_create(path, &out);
	if (err)
		return err;
	rawcover_write(outfile_stream(out), pcs, nr_pcs);
	return outfile_commit(out);
}

static struct error *export(const struct export_options *o)
{
	_cleanup_run_ struct run *run = NULL;
	_cleanup_free_ struct pc_count *pcs = NULL;
	size_t nr_pcs;

	struct error *err = runs_load((const char *const *)o->files, o->nr_files, &run);
	if (!err)
		err = collect_pcs(run, &pcs, &nr_pcs);
	if (!err && o->has_kind)
		err = rawcover_convert(pcs, nr_pcs, run->meta.machine, run->meta.pc_kind, o->kind);
	return err ? err : write_pcs(o->output, pcs, nr_pcs);
}

int cmd_export(int argc, char **argv)
{
	static const struct argp argp = { options, parse_option, "[RUNFILE...]", doc };
	struct export_options o = { 0 };

	parse_options(&argp, argc, argv, 0, &o);
	struct error *err = export(&o);
	if (err) {
		say_error(err);
		return EXIT_FAILED;
	}
	return finish_stdout();
}
