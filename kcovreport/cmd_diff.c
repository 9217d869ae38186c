// SPDX-License-Identifier: GPL-2.0-or-later
/* kcovreport diff: says what one of two recordings executed and the other did not. */
#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "kcovreport/kcovreport.h"
#include "kcovreport/reach.h"
#include "kcovreport/report_args.h"
#include "render/compare.h"

enum { OPT_JSON = 256 };

/* The format of --output. */
#define OUTPUT_FORMAT "html"

static const struct argp_option options[] = {
	{ "json", OPT_JSON, NULL, 0, "Print JSON", 0 },
	{ "output", 'o', "DIR", 0,
	  "Print nothing; write DIR/html/index.html, a report of all runs with a view of what "
	  "differs",
	  0 },
	{ 0 },
};

static const char doc[] =
	"Print the functions and lines that only one of two recordings executed, grouped by file. "
	"A and B are run files; several on one side are added up: then '--' is between the sides.\v"
	"Where both executed a function, and lines or conditions tell, the first line is named at "
	"which they part.\n\n"
	"Examples:\n"
	"  kcovreport diff good.kcov bad.kcov\n"
	"  kcovreport diff before-*.kcov -- after-*.kcov";

struct arguments {
	struct report_arguments common;
	struct string_vector sides[COMPARE_SIDES];
	bool json;
};

static void add_run(struct arguments *a, const char *file, bool is_b)
{
	report_arguments_add_file(&a->common, file);
	if (!string_vector_append(&a->sides[is_b], &file) && !a->common.err)
		a->common.err = &error_no_memory;
}

/* Without '--' there are two. */
static void settle_sides(struct arguments *a, const struct argp_state *state)
{
	struct string_vector *first = &a->sides[COMPARE_A], *second = &a->sides[COMPARE_B];

	if (!second->len && !state->quoted && first->len == 2) {
		if (!string_vector_append(second, &first->data[1]) && !a->common.err)
			a->common.err = &error_no_memory;
		first->len = 1;
	}
	if (!a->common.err && (!first->len || !second->len))
		argp_error(state, "two run files are compared: A B, or A... -- B...");
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->common;
		break;
	case OPT_JSON:
		a->json = true;
		break;
	case 'o':
		a->common.report.output = arg;
		break;
	case ARGP_KEY_ARG:
		add_run(a, arg, state->quoted && state->next > state->quoted);
		break;
	case ARGP_KEY_END:
		if (a->json && a->common.report.output)
			argp_error(state, "only one of --json and --output can be given");
		settle_sides(a, state);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_child children[] = { { &report_argp, 0, NULL, 0 }, { 0 } };
static const struct argp argp = { options, parse_option, "A B\nA... -- B...", doc, children,
				  NULL,	   NULL };

/* One side. */
struct recording {
	struct report_images images;
	struct coverage *coverage;
	struct view *view;
	struct string_vector names;
};

static void recording_deinit(struct recording *r)
{
	view_destroy(r->view);
	coverage_destroy(r->coverage);
	report_images_deinit(&r->images);
	string_vector_deinit(&r->names);
}

static struct error *read_side(const struct report_options *common,
			       const struct string_vector *files, struct recording *ret)
{
	struct report_options options = *common;

	options.files = files->data;
	options.nr_files = files->len;
	return report_read(&options, &ret->images, &ret->coverage, &ret->view);
}

static struct error *add_names(const struct report_runs *runs, size_t first, size_t nr,
			       struct recording *recording)
{
	for (size_t i = 0; i <= nr; i++) {
		const char *name = i < nr ? reach_run_name(runs->runs[first + i].run) : NULL;

		if (!string_vector_append(&recording->names, &name))
			return &error_no_memory;
	}
	return NULL;
}

static struct error *write_page(const struct arguments *a, const struct compare *compare,
				const struct compare_names *names)
{
	const struct renderer *renderer = renderer_find(OUTPUT_FORMAT);
	struct report_options options = a->common.report;

	options.formats = &renderer;
	options.nr_formats = 1;
	options.compare = compare;
	options.compare_names = names;
	return report_write(&options);
}

static struct error *print(const struct arguments *a, const struct recording *recordings)
{
	_cleanup_(compare_deinit) struct compare compare = { 0 };
	const struct compare_names names = { { recordings[COMPARE_A].names.data,
					       recordings[COMPARE_B].names.data } };
	struct error *err =
		compare_views(recordings[COMPARE_A].view, recordings[COMPARE_B].view, &compare);

	if (err)
		return err;
	if (a->common.report.output)
		return write_page(a, &compare, &names);
	return a->json ? compare_render_json(&compare, &names, stdout)
		       : compare_render_text(&compare, &names, stdout);
}

/* Of one side alone it makes differences that are none. */
static void warn_of_sources(const struct coverage *coverage, char side)
{
	uint64_t nr = coverage->refined.files[COVERAGE_SOURCE_UNREADABLE];

	if (nr)
		say_warning("%c: %" PRIu64 " source file%s not readable: lines by the machine code "
			    "alone",
			    side, nr, nr == 1 ? "" : "s");
}

static struct error *diff_command(const struct arguments *a)
{
	_cleanup_(report_runs_deinit) struct report_runs runs = { 0 };
	_cleanup_(recording_deinit) struct recording first = { 0 }, second = { 0 };
	const struct report_options *options = &a->common.report;
	size_t nr = a->sides[COMPARE_A].len;
	/* Runs of two kernels are found out before anything is read. */
	struct error *err = report_runs_scan(&runs, options->files, options->nr_files);

	if (!err)
		err = add_names(&runs, 0, nr, &first);
	if (!err)
		err = add_names(&runs, nr, a->sides[COMPARE_B].len, &second);
	if (!err)
		err = read_side(options, &a->sides[COMPARE_A], &first);
	if (!err)
		err = read_side(options, &a->sides[COMPARE_B], &second);
	if (err)
		return err;
	warn_of_sources(first.coverage, 'A');
	warn_of_sources(second.coverage, 'B');
	const struct recording recordings[] = { first, second };
	return print(a, recordings);
}

int cmd_diff(int argc, char **argv)
{
	struct arguments a = { 0 };

	/* In order: else '--' would be moved before the runs of A. */
	parse_options(&argp, argc, argv, ARGP_IN_ORDER, &a);
	struct error *err = report_arguments_finish(&a.common);
	if (!err)
		err = diff_command(&a);
	report_arguments_deinit(&a.common);
	string_vector_deinit(&a.sides[COMPARE_A]);
	string_vector_deinit(&a.sides[COMPARE_B]);
	if (err) {
		finish_stdout();
		say_error(err);
		return EXIT_FAILED;
	}
	return finish_stdout();
}
