// SPDX-License-Identifier: GPL-2.0-or-later
/* kcovreport symbolize: prints function, file and line of PCs. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "kcovreport/image_choice.h"
#include "kcovreport/jobs.h"
#include "kcovreport/kcovreport.h"
#include "kcovreport/pc_kind.h"
#include "kcovreport/recognise_calls.h"
#include "render/json_value.h"
#include "symbolize/coverage/build.h"

static const char doc[] =
	"Explain recorded PCs: whether each is a coverage point, or why not, and all functions "
	"inlined there, innermost first.\v"
	"PCs are hexadecimal and come from the command line, or one per line from standard input. "
	"For a module, name its .ko with --vmlinux, and with --base the address of its .text when "
	"it ran: /sys/module/NAME/sections/.text minus the KASLR offset.";

DEFINE_VECTOR(pc_vector, uint64_t);

struct symbolize_options {
	struct image_choice choice;
	struct pc_vector pcs;
	uint64_t base;
	enum run_pc_kind kind;
	bool has_base;
	bool has_kind;
	bool json;
};

enum { KEY_DEBUG_DIR = 0x100, KEY_BASE, KEY_NO_CACHE, KEY_JOBS };

static const struct argp_option options[] = {
	{ "vmlinux", 'k', "PATH", 0, "image to read (./vmlinux)" },
	{ "base", KEY_BASE, "ADDRESS", 0, "address of a module's .text when it ran (0)" },
	{ "debug-dir", KEY_DEBUG_DIR, "DIR", 0,
	  "also look for separate debug files below DIR (repeatable)" },
	{ "pc-kind", 'p', "KIND", 0,
	  "what the PCs are: return or call (the default is call if more of them are the addresses "
	  "of "
	  "coverage points than their return addresses)" },
	{ "no-cache", KEY_NO_CACHE, NULL, 0, "read the image again, even if its index is cached" },
	{ "json", 'j', NULL, 0, "write JSON" },
	{ "jobs", KEY_JOBS, "N", 0, JOBS_HELP },
	{ 0 },
};

static error_t parse_pc(struct symbolize_options *o, const char *arg, struct argp_state *state)
{
	uint64_t pc;

	if (!parse_u64(arg, 16, UINT64_MAX, &pc))
		argp_error(state, "'%s' is not a PC in hex", arg);
	return pc_vector_append(&o->pcs, &pc) ? 0 : ENOMEM;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct symbolize_options *o = state->input;

	switch (key) {
	case 'k':
		o->choice.path = arg;
		return 0;
	case KEY_BASE:
		if (!parse_u64(arg, 16, UINT64_MAX, &o->base))
			argp_error(state, "'%s' is not an address in hex", arg);
		o->has_base = true;
		return 0;
	case KEY_DEBUG_DIR:
		return debug_dir_vector_append(&o->choice.debug_dirs, &(const char *){ arg })
			       ? 0
			       : ENOMEM;
	case 'p':
		o->kind = pc_kind_parse(arg, state);
		o->has_kind = true;
		return 0;
	case KEY_NO_CACHE:
		o->choice.no_cache = true;
		return 0;
	case 'j':
		o->json = true;
		return 0;
	case KEY_JOBS:
		o->choice.jobs = jobs_parse(arg, state);
		return 0;
	case ARGP_KEY_ARG:
		return parse_pc(o, arg, state);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Surrounding white space is removed; empty lines are skipped. */
static struct error *read_pc(char *line, size_t number, struct pc_vector *pcs)
{
	uint64_t pc;

	line += strspn(line, " \t\r\n");
	line[strcspn(line, " \t\r\n")] = '\0';
	if (!*line)
		return NULL;
	if (!parse_u64(line, 16, UINT64_MAX, &pc))
		return error_hint(error_create(ERROR_INVALID,
					       "line %zu of standard input: '%.40s' is not a PC",
					       number, line),
				  "expected one hexadecimal PC per line");
	return pc_vector_append(pcs, &pc) ? NULL : &error_no_memory;
}

static struct error *read_pcs(struct pc_vector *pcs)
{
	_cleanup_free_ char *line = NULL;
	struct error *err = NULL;
	size_t capacity = 0;

	for (size_t number = 1; !err && getline(&line, &capacity, stdin) >= 0; number++)
		err = read_pc(line, number, pcs);
	if (!err && ferror(stdin))
		err = error_errno(errno, "cannot read standard input");
	return err;
}

/* The address whose frames to print: the return address minus one lies within the call. */
static uint64_t wanted_address(const struct symbolize_options *o, uint64_t pc)
{
	return pc - o->base - (o->kind == RUN_PC_CALL ? 0 : 1);
}

/* What follows another call may begin with a point: then a return address is that of a call, too.
 */
static bool is_after_other_call(const struct index *index, uint64_t offset)
{
	if (offset > UINT32_MAX)
		return false;
	const struct coverage_match m = coverage_match(index, offset, false, NULL);
	return m.point == INDEX_NONE && m.class != COVERAGE_NOT_A_RETURN &&
	       m.class != COVERAGE_OUTSIDE_TEXT;
}

/* PCs that are not said to be return addresses may be those of calls: the image tells. */
static void recognise_kind(const struct index *index, struct symbolize_options *o)
{
	struct pc_votes votes = { 0 };

	if (o->has_kind)
		return;
	vector_for_each(&o->pcs, pc) {
		uint64_t offset = *pc - o->base - index_base(index);

		if (!is_after_other_call(index, offset))
			pc_votes_add(&votes, index, offset);
	}
	if (votes.calls <= votes.returns)
		return;
	o->kind = RUN_PC_CALL;
	say_warning("the PCs are taken for addresses of calls: %" PRIu64
		    " of them are of calls at coverage points, %" PRIu64
		    " are return addresses (--pc-kind says what they are)",
		    votes.calls, votes.returns);
}

/* What is known about one PC. */
struct answer {
	uint64_t pc;
	struct coverage_match match;
	char *symbol; /* NULL = not in the image */
	size_t nr_frames;
	struct index_frame frames[INDEX_FRAMES_MAX];
};

static const char *answer_class(const struct answer *a)
{
	return a->match.point != INDEX_NONE ? "point" : coverage_unmatched_name(a->match.class);
}

static struct error *make_answer(const struct index *index, const struct symbolize_options *o,
				 uint64_t pc, struct answer *ret)
{
	bool is_call = o->kind == RUN_PC_CALL;
	uint64_t at = wanted_address(o, pc) - index_base(index);

	ret->pc = pc;
	ret->match = (struct coverage_match){ INDEX_NONE, COVERAGE_OUTSIDE_TEXT, INDEX_NONE };
	ret->symbol = NULL;
	ret->nr_frames = 0;
	if (at >= UINT32_MAX || index_find_section(index, at) == INDEX_NONE)
		return NULL;
	uint32_t offset = is_call ? at : at + 1;
	ret->match = coverage_match(index, offset, is_call, NULL);
	ret->nr_frames = index_frames_at(index, at, ret->frames, INDEX_FRAMES_MAX);
	ret->symbol = symbol_text(index, at, offset);
	return ret->symbol ? NULL : &error_no_memory;
}

static void print_frames(const struct index *index, const struct answer *a)
{
	for (size_t i = 0; i < a->nr_frames; i++) {
		const struct index_frame *f = &a->frames[i];

		fputs(i ? "\tinlined into " : "\t", stdout);
		put_text(f->function);
		fputs(" at ", stdout);
		put_text(index_file_path(index, f->file));
		printf(":%" PRIu32, f->line);
		if (f->column)
			printf(":%" PRIu32, f->column);
		putchar('\n');
	}
}

static struct error *print_text(const struct index *index, const struct answer *a)
{
	printf("0x%016" PRIx64 " %s", a->pc, answer_class(a));
	if (a->symbol) {
		putchar(' ');
		put_text(a->symbol);
	}
	putchar('\n');
	if (a->match.point == INDEX_NONE)
		printf("\t(%s)\n", coverage_unmatched_text(a->match.class));
	print_frames(index, a);
	return NULL;
}

static void add_frames(struct json_builder *b, cJSON *array, const struct index *index,
		       const struct answer *a)
{
	for (size_t i = 0; i < a->nr_frames; i++) {
		cJSON *f = json_append_object(b, array);

		json_add_text(b, f, "function", a->frames[i].function);
		json_add_text(b, f, "file", index_file_path(index, a->frames[i].file));
		json_add_count(b, f, "line", a->frames[i].line);
		json_add_count(b, f, "column", a->frames[i].column);
	}
}

static struct error *print_json(const struct index *index, const struct answer *a, bool first)
{
	_cleanup_(json_builder_deinit) struct json_builder b = JSON_BUILDER_INIT;
	cJSON *root = json_root(&b);

	json_add_address(&b, root, "pc", a->pc);
	json_add_text(&b, root, "class", answer_class(a));
	json_add_text(&b, root, "symbol", a->symbol);
	add_frames(&b, json_add_array(&b, root, "frames"), index, a);
	fputs(first ? "\n" : ",\n", stdout);
	struct error *err = json_print(&b, root, stdout);
	cJSON_Delete(root);
	return err;
}

static struct error *print_answers(const struct index *index, const struct symbolize_options *o)
{
	struct error *err = o->json ? json_open_list(index, "pcs", stdout) : NULL;

	for (size_t i = 0; !err && i < o->pcs.len; i++) {
		struct answer a;

		err = make_answer(index, o, o->pcs.data[i], &a);
		if (err)
			break;
		err = o->json ? print_json(index, &a, i == 0) : print_text(index, &a);
		free(a.symbol);
	}
	if (!err && o->json)
		json_close_list(stdout);
	return err;
}

int cmd_symbolize(int argc, char **argv)
{
	static const struct argp argp = { options, parse_option, "[PC...]", doc };
	struct symbolize_options o = { .kind = RUN_PC_RETURN };
	_cleanup_index_ struct index *index = NULL;
	struct error *err = NULL;

	parse_options(&argp, argc, argv, 0, &o);
	if (!o.pcs.len)
		err = read_pcs(&o.pcs);
	if (!err)
		err = image_choice_index(&o.choice, &index);
	if (!err && o.has_base && !index_is_module(index))
		err = error_create(ERROR_INVALID, "--base is for a module, and '%s' is none",
				   index_path(index));
	if (!err)
		recognise_kind(index, &o);
	if (!err)
		err = print_answers(index, &o);
	pc_vector_deinit(&o.pcs);
	image_choice_deinit(&o.choice);
	if (err) {
		say_error(err);
		return EXIT_FAILED;
	}
	return finish_stdout();
}
