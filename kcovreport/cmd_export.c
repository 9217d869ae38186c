// SPDX-License-Identifier: GPL-2.0-or-later
/* kcovreport export: writes the PCs of run files as text. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/outfile.h"
#include "base/pc_merge.h"
#include "base/strbuf.h"
#include "run/merge.h"
#include "run/rawcover.h"
#include "kcovreport/find_image.h"
#include "kcovreport/image_choice.h"
#include "kcovreport/kcovreport.h"
#include "kcovreport/pc_kind.h"
#include "kcovreport/runs.h"

static const char doc[] =
	"Write the distinct PCs of run files in ascending order, one hexadecimal PC per line, as "
	"syzkaller's tools read them.\v"
	"If --pc-kind asks for another kind of PC than the run file holds, the length of each call "
	"comes from the vmlinux, which is looked for as by 'kcovreport report'. For PCs that are "
	"not of its coverage points it is that of a direct call, and a warning says how many: "
	"those of modules, and those after a call of a function that jumps to the coverage "
	"callback (gcc before 14), which may be wrong. If the run does not name its machine, as "
	"imported ones without --machine, they are left out, and a warning names them.";

struct export_options {
	struct image_choice choice; /* path NULL = look for it */
	bool force;
	const char *output; /* NULL = stdout */
	bool has_kind;
	enum run_pc_kind kind;
	char **files;
	size_t nr_files;
};

enum { KEY_FORCE = 0x100 };

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0, "file to write (standard output)" },
	{ "pc-kind", 'p', "KIND", 0, "what to write: return or call (what the file holds)" },
	{ "vmlinux", 'k', "PATH", 0, "vmlinux with the calls, for --pc-kind (found by build id)" },
	{ "force", KEY_FORCE, NULL, 0, "use a vmlinux that does not match the run" },
	{ 0 },
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct export_options *o = state->input;

	switch (key) {
	case 'o':
		o->output = arg;
		return 0;
	case 'k':
		o->choice.path = arg;
		return 0;
	case KEY_FORCE:
		o->force = true;
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

/* What is known of all files, and their distinct PCs. Nothing else of a file is kept. */
struct gathered {
	struct run *run;	      /* without sources */
	struct run_move_vector moves; /* of the file that is read */
	struct pc_parts parts;
};

static void gathered_deinit(struct gathered *g)
{
	run_destroy(g->run);
	run_move_vector_deinit(&g->moves);
	pc_parts_deinit(&g->parts);
}

/* Called for each source of a file. Modules may be at other addresses than in the files before. */
static struct error *add_source(void *arg, struct run_source *source)
{
	_cleanup_free_ struct pc_count *moved = NULL;
	struct gathered *g = arg;
	size_t nr_moved;

	if (!run_moves_any(&g->moves))
		return pc_parts_add(&g->parts, source->pcs, source->nr_pcs);
	struct error *err = run_move_pcs(source, &g->moves, &moved, &nr_moved);
	return err ? err : pc_parts_add(&g->parts, moved, nr_moved);
}

static struct error *add_file(struct gathered *g, const char *path, bool is_first)
{
	_cleanup_run_stream_ struct run_stream *stream = NULL;

	struct error *err = run_file_open(path, &stream);
	if (err)
		return err;
	g->moves.len = 0;
	err = run_merge_facts(g->run, run_stream_run(stream), is_first, &g->moves);
	return err ? err : run_stream_each(stream, add_source, g);
}

static struct error *gather(const struct export_options *o, struct gathered *g)
{
	struct error *err = run_create(&g->run);

	if (!err && !o->nr_files)
		err = add_file(g, DEFAULT_RUN_FILE, true);
	for (size_t i = 0; !err && i < o->nr_files; i++)
		err = add_file(g, o->files[i], !i);
	return err;
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

/* Convert a PC by the length of its call in the image. False: it is not that of a call there. */
static bool convert_by_index(const struct index *index, struct pc_count *pc, enum run_pc_kind to)
{
	uint64_t offset = pc->pc - index_base(index), at = offset - (to == RUN_PC_CALL);
	size_t nr;

	uint32_t i = at < UINT32_MAX ? index_find_point(index, at) : INDEX_NONE;
	if (i == INDEX_NONE)
		return false;
	const struct index_point *p = &index_points(index, &nr)[i];
	if (p->kind == INDEX_JUMP || offset != p->offset + (to == RUN_PC_CALL ? p->size : 0))
		return false;
	pc->pc = index_base(index) + p->offset + (to == RUN_PC_CALL ? 0 : p->size);
	return true;
}

static struct error *open_vmlinux(struct export_options *o, const struct run_meta *meta,
				  struct index **ret)
{
	_cleanup_free_ char *path = NULL;
	const struct find_options find = {
		.vmlinux = o->choice.path,
		.release = meta->release,
		.build_id = meta->build_id,
		.force = o->force,
	};

	struct error *err = find_vmlinux(&find, &path);
	if (err)
		return err;
	o->choice.path = path;
	err = image_choice_index(&o->choice, ret);
	o->choice.path = NULL;
	return err;
}

#define PCS_LISTED 10

/* What became of the PCs that are not of a coverage point of the vmlinux. */
struct conversion {
	uint64_t nr_guessed, nr_left_out;
	struct strbuf left_out; /* the first of them */
	struct error *why;	/* of the first one that was left out */
};

static void conversion_deinit(struct conversion *c)
{
	strbuf_deinit(&c->left_out);
	error_destroy(c->why);
}

/* False: it cannot be converted. */
static bool guess_call(struct conversion *c, struct pc_count *pc, const struct run_meta *meta,
		       enum run_pc_kind to)
{
	struct error *err = rawcover_convert(pc, 1, meta->machine, meta->pc_kind, to);

	if (!err) {
		c->nr_guessed++;
		return true;
	}
	if (c->nr_left_out++ < PCS_LISTED)
		strbuf_addf(&c->left_out, "%s0x%" PRIx64, c->left_out.len ? ", " : "", pc->pc);
	if (c->why)
		error_destroy(err);
	else
		c->why = err;
	return false;
}

static void warn_of_conversion(const struct conversion *c, const char *image)
{
	_cleanup_free_ char *why = c->why ? error_format(c->why) : NULL;
	char more[64] = "";

	if (c->nr_guessed)
		say_warning("%" PRIu64 " PC%s not of a coverage point of '%s': the length of a "
			    "direct call was taken, which may be wrong",
			    c->nr_guessed, c->nr_guessed == 1 ? " is" : "s are", image);
	if (c->nr_left_out > PCS_LISTED)
		snprintf(more, sizeof(more), " and %" PRIu64 " more", c->nr_left_out - PCS_LISTED);
	if (c->nr_left_out)
		say_warning("%" PRIu64 " PC%s left out, not of a coverage point of '%s': %s%s: %s",
			    c->nr_left_out, c->nr_left_out == 1 ? " is" : "s are", image,
			    strbuf_str(&c->left_out), more, why ? why : "out of memory");
}

/* PCs that cannot be converted are left out; if that is each of them, it is an error. */
static struct error *convert_pcs(struct export_options *o, const struct run *run,
				 struct pc_count *pcs, size_t *nr_pcs)
{
	_cleanup_(conversion_deinit) struct conversion c = { .left_out = STRBUF_INIT };
	_cleanup_index_ struct index *index = NULL;
	size_t nr = 0;

	if (run->meta.pc_kind == o->kind)
		return NULL;
	struct error *err = open_vmlinux(o, &run->meta, &index);
	if (err)
		return err;
	for (size_t i = 0; i < *nr_pcs; i++)
		if (convert_by_index(index, &pcs[i], o->kind) ||
		    guess_call(&c, &pcs[i], &run->meta, o->kind))
			pcs[nr++] = pcs[i];
	if (!nr && c.why)
		return steal_ptr(&c.why);
	warn_of_conversion(&c, index_path(index));
	*nr_pcs = nr;
	return NULL;
}

static struct error *export(struct export_options *o)
{
	_cleanup_(gathered_deinit) struct gathered gathered = { 0 };
	_cleanup_free_ struct pc_count *pcs = NULL;
	size_t nr_pcs;

	const char *const *files = (const char *const *)o->files;
	struct error *err = o->output ? runs_refuse_output(o->output, files, o->nr_files) : NULL;
	if (!err)
		err = gather(o, &gathered);
	if (!err)
		err = pc_parts_take(&gathered.parts, &pcs, &nr_pcs);
	if (!err && o->has_kind)
		err = convert_pcs(o, gathered.run, pcs, &nr_pcs);
	return err ? err : write_pcs(o->output, pcs, nr_pcs);
}

int cmd_export(int argc, char **argv)
{
	static const struct argp argp = { options, parse_option, "[RUNFILE...]", doc };
	struct export_options o = { 0 };

	parse_options(&argp, argc, argv, 0, &o);
	struct error *err = export(&o);
	image_choice_deinit(&o.choice);
	if (err) {
		say_error(err);
		return EXIT_FAILED;
	}
	return finish_stdout();
}
