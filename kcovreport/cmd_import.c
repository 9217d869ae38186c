// SPDX-License-Identifier: GPL-2.0-or-later
/* kcovreport import: makes a run file from text with PCs. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/parse.h"
#include "run/rawcover.h"
#include "run/syz_modules.h"
#include "kcovreport/kcovreport.h"
#include "kcovreport/pc_kind.h"
#include "kcovreport/runs.h"

/* Far more than all modules of a distribution take. */
#define MODULES_MAX (16 << 20)

static const char doc[] =
	"Make a run file from text with one hexadecimal PC per line, as syzkaller's tools write "
	"it.\v"
	"Each TEXT file becomes one task of the run; without a file, standard input is read. The "
	"kernel records return addresses, but syzkaller's files hold the addresses of the calls "
	"before them: use --pc-kind call for these. Text does not name the kernel: use --build-id "
	"and --machine. For PCs in modules, name where they were with --module or --modules.";

struct import_options {
	const char *output;
	const char *name;
	const char *machine;
	struct build_id build_id;
	enum run_pc_kind kind;
	const char *modules_file;
	struct run_module_vector modules;
	char **files;
	size_t nr_files;
};

enum { KEY_BUILD_ID = 0x100, KEY_MACHINE, KEY_MODULE, KEY_MODULES, KEY_NAME };

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0, "run file to write (kcov.data)" },
	{ "name", KEY_NAME, "TEXT", 0, "name of the run, where several are told apart" },
	{ "pc-kind", 'p', "KIND", 0, "what the PCs are: return (the default) or call" },
	{ "build-id", KEY_BUILD_ID, "HEX", 0, "build id of the kernel that was recorded" },
	{ "machine", KEY_MACHINE, "NAME", 0, "its machine type, as uname -m prints it" },
	{ "module", KEY_MODULE, "NAME=ADDRESS", 0,
	  "where the .text of a module was, in hex: /sys/module/NAME/sections/.text minus the "
	  "KASLR "
	  "offset (repeatable)" },
	{ "modules", KEY_MODULES, "FILE", 0,
	  "read where modules were from the JSON of syz-manager's /modules" },
	{ 0 },
};

static error_t add_module(struct import_options *o, char *arg, struct argp_state *state)
{
	char *value = strchr(arg, '=');
	uint64_t base;

	if (!value || value == arg || !parse_u64(value + 1, 16, UINT64_MAX, &base)) {
		argp_error(state, "--module takes NAME=ADDRESS, not '%s'", arg);
		return EINVAL;
	}
	*value = '\0';
	return syz_modules_add(&o->modules, arg, base) ? ENOMEM : 0;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct import_options *o = state->input;

	switch (key) {
	case 'o':
		o->output = arg;
		return 0;
	case KEY_NAME:
		o->name = arg;
		return 0;
	case 'p':
		o->kind = pc_kind_parse(arg, state);
		return 0;
	case KEY_BUILD_ID:
		if (!build_id_parse(arg, &o->build_id))
			argp_error(state, "'%s' is not a build id", arg);
		return 0;
	case KEY_MACHINE:
		o->machine = arg;
		return 0;
	case KEY_MODULE:
		return add_module(o, arg, state);
	case KEY_MODULES:
		o->modules_file = arg;
		return 0;
	case ARGP_KEY_ARGS:
		o->files = state->argv + state->next;
		o->nr_files = state->argc - state->next;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Takes f, which may be NULL. */
static struct error *add_source(struct run *run, FILE *f, const char *name)
{
	_cleanup_fclose_ FILE *in = f;
	_cleanup_(pc_map_deinit) struct pc_map pcs = PC_MAP_INIT;

	if (!in)
		return error_errno(errno, "cannot open '%s'", name);
	struct run_source *source = run_source_vector_append(&run->sources, NULL);
	if (!source)
		return &error_no_memory;
	source->kind = RUN_SOURCE_IMPORT;
	source->id = run->sources.len - 1;
	source->parent = -1;
	source->nr_tasks = 1;
	source->name = strdup(name);
	if (!source->name)
		return &error_no_memory;
	struct error *err = rawcover_read(in, name, &pcs);
	return err ? err : pc_map_sorted(&pcs, &source->pcs, &source->nr_pcs);
}

static struct error *fill_meta(struct run_meta *meta, const struct import_options *o)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	meta->start_ns = now.tv_sec * 1000000000ULL + now.tv_nsec;
	meta->pc_kind = o->kind;
	meta->build_id = o->build_id;
	meta->follow = strdup("import");
	meta->machine = o->machine ? strdup(o->machine) : NULL;
	meta->name = o->name ? strdup(o->name) : NULL;
	return meta->follow && (meta->machine || !o->machine) && (meta->name || !o->name)
		       ? NULL
		       : &error_no_memory;
}

/* Without --machine: no image of another machine can be read. */
static struct error *check_addresses(const struct run *run)
{
	const char *machine = run->meta.machine ? run->meta.machine : "x86_64";

	vector_for_each(&run->modules, m)
		if (!run_address_is_possible(machine, m->base))
			return error_hint(
				error_create(ERROR_INVALID,
					     "module '%s' cannot be at 0x%" PRIx64
					     ": that is no address of %s",
					     m->name, m->base, machine),
				"its address is that of /sys/module/NAME/sections/.text minus the "
				"KASLR offset; name another machine with --machine");
	return NULL;
}

/* Takes the modules of the options. */
static struct error *fill_modules(struct run *run, struct import_options *o)
{
	_cleanup_free_ char *text = NULL;

	run->modules = o->modules;
	o->modules = (struct run_module_vector)VECTOR_INIT;
	struct error *err =
		o->modules_file ? file_read(o->modules_file, MODULES_MAX, &text, NULL) : NULL;
	if (!err && text)
		err = syz_modules_read(text, o->modules_file, &run->modules);
	if (!err)
		err = check_addresses(run);
	return err ? err : syz_modules_sort(&run->modules);
}

static struct error *refuse_output(const struct import_options *o)
{
	const char *const *files = (const char *const *)o->files;
	struct error *err = o->nr_files ? runs_refuse_output(o->output, files, o->nr_files) : NULL;

	if (!err && o->modules_file)
		err = runs_refuse_output(o->output, &o->modules_file, 1);
	return err;
}

static struct error *import(struct import_options *o)
{
	_cleanup_run_ struct run *run = NULL;

	struct error *err = refuse_output(o);
	if (!err)
		err = run_create(&run);
	if (!err)
		err = fill_meta(&run->meta, o);
	if (!err)
		err = fill_modules(run, o);
	if (!err && !o->nr_files)
		err = add_source(run, fdopen(dup(STDIN_FILENO), "re"), "standard input");
	for (size_t i = 0; !err && i < o->nr_files; i++)
		err = add_source(run, fopen(o->files[i], "re"), o->files[i]);
	if (err)
		return err;
	run->finished = true;
	return run_save(run, o->output);
}

int cmd_import(int argc, char **argv)
{
	static const struct argp argp = { options, parse_option, "[TEXT...]", doc };
	struct import_options o = { .output = DEFAULT_RUN_FILE };

	parse_options(&argp, argc, argv, 0, &o);
	struct error *err = import(&o);
	if (err) {
		say_error(err);
		return EXIT_FAILED;
	}
	return EXIT_DONE;
}
