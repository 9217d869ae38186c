// SPDX-License-Identifier: GPL-2.0-or-later
/* kcovreport points: lists the coverage points of an image. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "kcovreport/image_choice.h"
#include "kcovreport/jobs.h"
#include "kcovreport/kcovreport.h"
#include "render/json_value.h"

static const char doc[] =
	"List the coverage points of a vmlinux or a module: every call of the coverage callback "
	"and every tail jump to it.\v"
	"Each point is a line, in ascending order: the address after the instruction; call, "
	"jump, or exit for a callback before a return; symbol and offset; file and line of the "
	"innermost inlined function. For a call, the "
	"kernel records this address. For a jump, it records the return address of the function's "
	"caller. Addresses in a module are relative to its .text.";

struct points_options {
	struct image_choice choice;
	bool json;
};

enum { KEY_DEBUG_DIR = 0x100, KEY_NO_CACHE, KEY_JOBS };

static const struct argp_option options[] = {
	{ "vmlinux", 'k', "PATH", 0, "image to read (./vmlinux)" },
	{ "debug-dir", KEY_DEBUG_DIR, "DIR", 0,
	  "also look for separate debug files below DIR (repeatable)" },
	{ "no-cache", KEY_NO_CACHE, NULL, 0, "read the image again, even if its index is cached" },
	{ "json", 'j', NULL, 0, "write JSON" },
	{ "jobs", KEY_JOBS, "N", 0, JOBS_HELP },
	{ 0 },
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct points_options *o = state->input;

	switch (key) {
	case 'k':
	case ARGP_KEY_ARG:
		if (o->choice.path)
			argp_error(state, "more than one image: '%s'", arg);
		o->choice.path = arg;
		return 0;
	case KEY_DEBUG_DIR:
		return debug_dir_vector_append(&o->choice.debug_dirs, &(const char *){ arg })
			       ? 0
			       : ENOMEM;
	case KEY_NO_CACHE:
		o->choice.no_cache = true;
		return 0;
	case 'j':
		o->json = true;
		return 0;
	case KEY_JOBS:
		o->choice.jobs = jobs_parse(arg, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const char *kind_word(const struct index_point *p)
{
	switch (p->kind) {
	case INDEX_JUMP:
		return "jump";
	case INDEX_EXIT:
		return "exit";
	default:
		return "call";
	}
}

static struct error *print_text(const struct index *index, const struct index_point *p)
{
	uint32_t pc = p->offset + p->size;
	_cleanup_free_ char *symbol = symbol_text(index, p->offset, pc);
	struct index_frame frame;

	if (!symbol)
		return &error_no_memory;
	index_frames_at(index, p->offset, &frame, 1);
	printf("0x%016" PRIx64 " %s ", index_base(index) + pc, kind_word(p));
	put_text(symbol);
	putchar(' ');
	put_text(index_file_path(index, frame.file));
	printf(":%" PRIu32 "\n", frame.line);
	return NULL;
}

static struct error *print_json(const struct index *index, const struct index_point *p, bool first)
{
	_cleanup_(json_builder_deinit) struct json_builder b = JSON_BUILDER_INIT;
	uint32_t pc = p->offset + p->size;
	_cleanup_free_ char *symbol = symbol_text(index, p->offset, pc);
	struct index_frame frame;

	if (!symbol)
		return &error_no_memory;
	index_frames_at(index, p->offset, &frame, 1);
	cJSON *root = json_root(&b);
	json_add_address(&b, root, "address", index_base(index) + p->offset);
	json_add_address(&b, root, "return", index_base(index) + pc);
	json_add_text(&b, root, "kind", kind_word(p));
	json_add_text(&b, root, "symbol", symbol);
	json_add_text(&b, root, "function", frame.function);
	json_add_text(&b, root, "file", index_file_path(index, frame.file));
	json_add_count(&b, root, "line", frame.line);
	fputs(first ? "\n" : ",\n", stdout);
	struct error *err = json_print(&b, root, stdout);
	cJSON_Delete(root);
	return err;
}

static struct error *print_points(const struct index *index, bool json)
{
	size_t nr;
	const struct index_point *points = index_points(index, &nr);

	if (!nr)
		return error_hint(error_create(ERROR_NOT_FOUND, "'%s' has no coverage points",
					       index_path(index)),
				  "was its code built without -fsanitize-coverage=trace-pc? Set "
				  "CONFIG_KCOV=y, and no KCOV_INSTRUMENT := n in its Makefile");
	struct error *err = json ? json_open_list(index, "points", stdout) : NULL;
	for (size_t i = 0; !err && i < nr; i++)
		err = json ? print_json(index, &points[i], i == 0) : print_text(index, &points[i]);
	if (!err && json)
		json_close_list(stdout);
	return err;
}

int cmd_points(int argc, char **argv)
{
	static const struct argp argp = { options, parse_option, "[IMAGE]", doc };
	struct points_options o = { 0 };
	_cleanup_index_ struct index *index = NULL;

	parse_options(&argp, argc, argv, 0, &o);
	struct error *err = image_choice_index(&o.choice, &index);
	image_choice_deinit(&o.choice);
	if (!err)
		err = print_points(index, o.json);
	if (err) {
		say_error(err);
		return EXIT_FAILED;
	}
	return finish_stdout();
}
